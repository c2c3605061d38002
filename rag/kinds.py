"""What a question asks for, told by its question words.

A kind is what would satisfy the asker: a figure of some sort, a date, a person, a list, a reason.
The patterns run on the folded question (lower case, no accents, simplified Chinese), the most
telling first, and several kinds can hold at once: "how much did it grow" wants a percentage
before an amount. Languages without a table fall back to ``thing``: the sentence itself answers.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from rag.folding import fold_in_place

Kind = Literal[
    "percent",
    "money",
    "count",
    "figure",
    "date",
    "duration",
    "person",
    "place",
    "reason",
    "manner",
    "list",
    "yesno",
    "thing",
]

FIGURE_KINDS: frozenset[Kind] = frozenset(
    {"percent", "money", "count", "figure", "date", "duration"}
)

# Longer and more telling patterns stand first inside a kind; kinds are tried in this order.
_CHINESE: dict[Kind, str] = {
    "percent": r"百分之(几|多少)|(几|多少)倍|百分比|百分点|占比|比例|比重|份额|几成|(增|涨|降|跌)幅|增速|增长率"
    r"|率[^,，。?？]{0,6}(多少|几)|占[^,，。?？]{0,10}(多少|几|多大|多重)"
    r"|(增长|上升|下降|提升|提高|减少|下滑|上涨|下跌|增加|涨|跌|降|升)(了|幅度)?(是)?(多少|几)(?!(亿|万)?(元|人|家|个|名))|几个?(百分)?点",
    "money": r"几个?亿(?!人|次|台|份|部|件|个|用户)|多少(钱|亿?元|万元|美元|日元|欧元|资金|经费|港元)|金额|(?<!哪)几(亿|万|块)元?"
    r"|(营收|收入|利润|净利|营业额|销售额|交易额|gmv|成本|费用|价格|价值|市值|投资|融资|亏损|盈利|奖金|票价"
    r"|售价|罚款|预算|造价|支出|销售|成交额|赚|花|卖|捐|工资|薪|房租|补贴|资产|债)[^,，。?？]{0,10}(多少|几)"
    r"(?!(百|千|万|亿)?(个|人|名|家|位|件|部|次|辆|台|只|条|张|篇|座|所|户|款|项|种|套|本|场|间|艘|架|倍|岁|年|天|月|吨|公里|米))",
    "count": r"(多少|(?<!哪)几)(个|人|名|家|位|件|部|次|辆|台|只|条|篇|座|所|户|款|项|种|套|本|场|间|艘|架|亩|吨|公里|米|岁|层|级|万|亿|用户|商家|员工|学生|居民)"
    r"|人数|数量|有多少|(用户|日活|月活|商家|员工|买家|观众|游客|人口)[^,，。?？]{0,10}(多少|几)|几(国|单|纳米|头|套|集|章|枚|票|公斤|克|毫升|度|双|匹|株|颗|瓶|吨)",
    "date": r"什么时候|什么时间|何时|哪(一|个|一个)?(年|天|月|日|月份|季度|半年)|几(月|号|日|点|时)|几几年|日期"
    r"|时间(是|为)|多会儿|啥时候",
    "duration": r"多久|多长时间|几(年|天|小时|分钟|秒|周|个月|个小时|个星期)|多少(年|天|小时|分钟|秒|周|个月|个小时|个星期)|历时",
    "figure": r"多少|几何|多大|多高|多远|多重|多快|多长|多宽|多深|第几|排名",
    "person": r"谁|哪(一)?位|何人|什么人|哪(个|些)人|叫什么名字",
    "place": r"哪里|哪儿|何处|什么地方|在哪|哪(一)?个?(国|市|省|城|县|镇|城市|国家|地区|地方)|地点|位于",
    "reason": r"为什么|为何|为啥|原因|缘何|怎么会|因为什么|由于什么|得益于|受益于|因何|凭什么|理由|目的|归功",
    "manner": r"怎么|怎样|如何|什么(方式|办法|手段|措施|方法)|啥样|何种方式",
    "list": r"哪些|哪几|哪两|哪三|哪四|分别|包括什么|有什么|有啥|都有|什么(内容|领域|业务|方面|变化)|三驾",
    "yesno": r"吗[?？\s]*$|是否|是不是|有没有|能不能|会不会|有无|对不对|(?<![什怎])么[?？\s]*$",
    "thing": r"(是)?什么意思|指的?是?什么|什么叫|含义|什么|哪(个|家|款|部|种|项|一)|何|啥|哪",
}
_ENGLISH: dict[Kind, str] = {
    "percent": r"\b(what|which) (percentage|percent|share|proportion|fraction|rate|portion|margin)\b|growth rate"
    r"|\bby how much\b|\bhow many times (more|higher|larger|bigger|greater|over|as)\b|\bhow (much|fast|strongly|quickly)\b.*\b(gr[eo]w|grown|rise|rose|risen|increase|fall|fell|drop|decline|climb|jump|improve|change|up|down|higher|lower)"
    r"|\bper ?cent|\bshare of\b|\bmargins?\b|\b(rate|growth)\b|\b(slice|chunk) of\b|\bstake\b|\bratio\b|\butili[sz]ation\b|\bhow did .{0,50}\b(change|move)\b|\b(rise|increase|decline|drop|change)\s*$",
    "money": r"\bhow much (money|revenue|profit|cash|did .{0,40}(cost|pay|spend|earn|raise|invest|make|sell|donate))"
    r"|\b(cost|costs|price|revenues?|sales|turnover|profits?|income|earnings|budget|salary|investment|gmv|worth|fee|fine|expenses?|spending|loss|assets?|debts?)\b|\b(cash|dividends?|asp|savings|capex|arpu|proceeds)\b|\bwhat (did|does|do) .{0,60}\b(spend|pay|cost|charge|owe|earn)\b",
    "count": r"\bhow many\b|\bnumber of\b|\bhow large\b|\b(headcount|population|users|dau|mau)\b",
    "date": r"\bwhen\b|\b(what|which) (year|month|day|date|quarter|time)\b|\bsince when\b|\bdate\b|\bhow soon\b|\bsince what\b|\buntil when\b",
    "duration": r"\bhow long\b|\bhow many (years|days|months|weeks|hours|minutes|seconds)\b|\bduration\b",
    "figure": r"\bhow (much|big|high|tall|far|heavy|deep|wide|old|fast|strong)\b|\bwhat (figure|amount|number|level)\b|\brank",
    "person": r"\bwho(m|se)?\b|\bwhich (person|executive|man|woman|people|scientist|author|player)\b",
    "place": r"\bwhere\b|\b(what|which) (city|country|place|town|region|state|location|province)\b",
    "reason": r"\bwhy\b|\breasons?\b|\bwhat (caused|led to|made|drove|explains|helped)\b|\bbecause of what\b|\bdue to what\b|\bthanks to what\b|\bpurpose\b",
    "manner": r"\bhow\b|\bin what way\b|\bby what means\b|\bwhat does .* (say|think|plan)\b",
    "list": r"\bwhich (two|three|four|areas|businesses|segments|products|companies|industries|sectors|fields|factors|measures|models|types)\b|\bwhat (are|were)( the)?\b|\blist\b|\bname the\b|\bwhat (two|three|four)\b",
    "yesno": r"^[^\w]*(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b",
    "thing": r"\bwhat\b|\bwhich\b|\bmean(ing)?( of)?\b|\bstand for\b",
}
_JAPANESE: dict[Kind, str] = {
    "percent": r"何(%|倍|パーセント|割|ポイント)|割合|比率|シェア|占め|伸び率|成長率|増加率|率は|どれ(くらい|ほど|だけ)(増|伸び|成長|減|上昇|下落)|前年(同期)?比|率(\s|$|は|が|を)|何割",
    "money": r"いくら|何(億|万|兆)?円|何億|(売上|収入|利益|収益|金額|価格|費用|予算|投資額|gmv|取引額)|赤字|損失|残高|配当|単価|総資産|現金|[費額](は|\s|$)|株価",
    "count": r"何(人|社|名|件|個|台|本|回|店|万|つ|冊|種|校|曲|頭|隻|匹|軒|棟|枚|杯|通|点|話|羽|戸|両|席|か国|カ国|世帯|トン|キロ)|いくつ|人数|ユーザー数|数は|数\s*$|量は|どれ(くらい|ほど)の(人|数)",
    "date": r"いつ|何(年|月|日|時|曜日)(?!間|かか|前|くらい|ぐらい|分)|どの(年|月|日)|時期",
    "duration": r"どれ(くらい|ほど)の(期間|時間)|何(年間|日間|週間|か月|カ月|時間|分|秒)|どのくらい(続|かか)|期間|何(年|日)(間|かか|前|くらい|ぐらい|分)",
    "figure": r"いくら|どのくらい|どれくらい|どれほど|どれだけ|何番|何位|何(メートル|キロ|トン|度|歳)",
    "person": r"誰|だれ|どなた|何者|何という人",
    "place": r"どこ|どちら|何(県|市|国)|場所",
    "reason": r"なぜ|何故|どうして|理由|原因|要因|目的|何のため|おかげ",
    "manner": r"どのように|どうやって|どう|いかに|どんな方法",
    "list": r"どんな(分野|業種|もの|事業)|何と何|それぞれ|挙げ|どのような(分野|もの|業種|事業)|どの(業種|分野|業界)",
    "yesno": r"(ます|です|した|ました|ある|いる|たの)か[?？。\s]*$",
    "thing": r"何|なに|なん|どの|どれ|どんな|とは",
}
_KOREAN: dict[Kind, str] = {
    "percent": r"몇 ?(%|배|퍼센트|프로|포인트)|비율|비중|점유율|증가율|성장률|(이익|마진)률|률은|율은|얼마나 (증가|성장|늘|상승|감소|줄|하락|올)",
    "money": r"얼마(인가|입니까|예요|야|였|이었)?|몇 ?(억|만|조)? ?(원|위안|달러)|매출|수익|이익|금액|가격|비용|예산|거래액|gmv|수입|적자|손실|제작비|잔액|예약액|목표주가|배당|현금",
    "count": r"몇 ?(명|개|곳|사|대|번|회|편|건|억|만|가지|마리|권)|수는|인원|사용자 수|이용자 수",
    "date": r"언제|몇 ?(년|월|일|시)|며칠(?! ?(만|안|동안|이 ?걸|걸|이나|늘|됐|전|간))|어느 (해|날|달|분기)|날짜|시기",
    "duration": r"얼마나 (오래|걸)|몇 ?(년|개월|시간|주) ?(동안|간)|몇 ?(분|초)|기간|며칠|수명|회전일수",
    "figure": r"얼마나|얼마|몇",
    "person": r"누구|누가|어떤 사람|어느 분",
    "place": r"어디|어느 (나라|도시|지역|곳)|장소",
    "reason": r"왜|이유|원인|덕분|까닭|목적|때문",
    "manner": r"어떻게|어떤 (방법|방식)",
    "list": r"어떤 (분야|업종|것들|사업)|무엇무엇|각각|어떤 .*들|무엇들",
    "yesno": r"(했|있|인|한|하|됐|되)(나요|습니까|는가|니까)[?\s]*$|여부",
    "thing": r"무엇|뭐|무슨|어떤|어느|뭔",
}
_SPANISH: dict[Kind, str] = {
    "percent": r"\bcuantas veces (mas|mayor)|\bque (porcentaje|proporcion|cuota|parte|tasa|margen)|por ?ciento|\bcuanto (\w+ ){0,8}?(crec|aument|sub|baj|disminu|cay)|\bmargen\b|\btasa\b|crecimiento|\bpeso\b|\bparticipacion\b|\bporcion\b|\btrozo\b",
    "money": r"\bcuanto (dinero|cuesta|costo|ingres|gan|pag|factur|gast)|\b(ingresos?|beneficios?|ventas|facturacion|precio|costo|coste|presupuesto|ganancias?|gmv|inversion)\b|\b(perdidas?|dividendo|importe|gastos?|deuda)\b",
    "count": r"\bcuant[oa]s\b|\bnumero de\b|\bcantidad\b",
    "date": r"\bcuando\b|\b(que|cual) (ano|dia|mes|fecha|trimestre)|\bfecha\b",
    "duration": r"\bcuanto tiempo\b|\bcuant[oa]s (anos|dias|semanas|meses|horas|minutos|segundos)\b|\bduracion\b",
    "figure": r"\bcuant[oa]\b|\ba cuanto\b",
    "person": r"\bquien(es)?\b",
    "place": r"\bdonde\b|\ben que (ciudad|pais|lugar|region)\b",
    "reason": r"\bpor que\b|\b(razon|causa|motivo)(es|s)?\b|\bgracias a que\b|\ba que se deb|\bproposito\b",
    "manner": r"\bcomo\b|\bde que (manera|forma|modo)\b",
    "list": r"\bcuales\b|\bque (sectores|areas|negocios|productos|tres|dos)\b",
    "yesno": r"^[^\w]*(es|son|fue|ha|han|hay|esta|tiene|puede)\b",
    "thing": r"\bque\b|\bcual\b",
}
_FRENCH: dict[Kind, str] = {
    "percent": r"\bquel(le)? (est |etait |fut )?(le |la )?(pourcentage|proportion|part|taux|marge)|pour ?cent|\bcombien de fois plus|\bde combien\b|\bcombien .*(augment|progress|cru|baiss|recul|hauss)|\btaux\b|\bcroissance\b|\bmarge\b|\bpart d(e|u|es)\b|\bhausse\b|\bbaisse\b|\bbond\b",
    "money": r"\bcombien (coute|d'argent|a (coute|gagne|rapporte|depense))|\b(revenus?|chiffre d'affaires|benefices?|resultat net|ventes|prix|cout|budget|gmv|investissement)\b|\b(dividende|actifs|panier moyen|tarif|plafond|perte|depenses?|frais|montant|dette|tresorerie)\b",
    "count": r"\bcombien d|\bnombre d",
    "date": r"\bquand\b|\b(quel(le)?|en quelle) (annee|jour|mois|date|trimestre)|\bdate\b",
    "duration": r"\bcombien de temps\b|\bcombien d(e |')(annees|ans|jours|semaines|mois|heures|minutes|secondes)\b|\bduree\b",
    "figure": r"\bcombien\b|\ba combien\b",
    "person": r"\bqui\b",
    "place": r"\bou\b|\bdans quel(le)? (ville|pays|lieu|region)\b",
    "reason": r"\bpourquoi\b|\b(raison|cause|motif)s?\b|\bgrace a quoi\b|\bdans quel but\b|\bqu'est-ce qui explique",
    "manner": r"\bcomment\b|\bde quelle (maniere|facon)\b",
    "list": r"\bquel(le)?s\b",
    "yesno": r"^[^\w]*est-ce qu|^[^\w]*(est|sont|a|ont)-",
    "thing": r"\bque(l|lle)?\b|\bqu'|\bquoi\b",
}
_GERMAN: dict[Kind, str] = {
    "percent": r"\b(wie ?viel )?prozent|\bum das wievielfache|\bwie ?viel ?mal\b|\bwelche[nrs]? (anteil|marge|quote|rate)|\banteil\b|\bum wie ?viel|\bwie (stark|viel|sehr|schnell) .*(gewachsen|wuchs|gestiegen|stieg|zugenommen|gesunken|sank|zugelegt|wachs|steig)|marge\b|quote\b|wachstum|rate\b|\bwelche[rn]? teil\b|auslastung\b|[a-z]plus\b|\bwie (stark|sehr)\b",
    "money": r"\bwie ?viel (geld|kostet|hat .* (gekostet|bezahlt|verdient|eingenommen|ausgegeben))|umsatz|gewinn|einnahmen|erlos|kosten|preis|budget|gmv|investition|ertrag|verlust|schulden|dividende|\bwas (kostet|kosten|nahm|nahmen|verdient|verdiente)\b|\bkurs\b",
    "count": r"\bwie ?viele\b|\banzahl\b|\bzahl der\b",
    "date": r"\bwann\b|\b(welchem|welches) (jahr|tag|monat|datum|quartal)|\bseit wann\b|\bdatum\b",
    "duration": r"\bwie lange\b|\bwie ?viele (jahre|tage|wochen|monate|stunden|minuten|sekunden)\b|\bdauer\b",
    "figure": r"\bwie ?viel\b|\bwie (hoch|gross|weit|schwer|tief|alt|lang)\b",
    "person": r"\bwe(r|n|m|ssen)\b",
    "place": r"\bwo(her|hin)?\b|\bin welche[mr] (stadt|land|ort|region)\b",
    "reason": r"\bwarum\b|\bweshalb\b|\bwieso\b|\b(grund|grunde|ursache|ursachen)\b|\bwodurch\b|\bwozu\b|\bzweck\b",
    "manner": r"\bwie\b|\bauf welche weise\b|\bwomit\b",
    "list": r"\bwelche (branchen|bereiche|drei|zwei|produkte|geschafts\w*|faktoren|unternehmen|sparten)\b|\bwas (sind|waren)\b",
    "yesno": r"^[^\w]*(ist|sind|war|waren|hat|haben|gibt|kann|wird|wurde)\b",
    "thing": r"\bwas\b|\bwelche[rsnm]?\b",
}
_ITALIAN: dict[Kind, str] = {
    "percent": r"percentuale|per ?cento|\bquante volte (piu|maggiore)|\bquale (quota|tasso|margine)|\bdi quanto\b|\bmargine\b|\btasso\b|\bcrescita\b|\bquota\b|\bpeso\b|\bfetta\b|\b(che|quale) parte\b|\butilizzo\b",
    "money": r"\bquanto (costa|ha (speso|guadagnato|incassato|pagato))|\b(ricavi|fatturato|util[ei]|vendite|prezzo|costo|budget|gmv)\b|\b(spes[ae]|perdit[ae]|soldi|scontrino|dividendo|debit[oi])\b",
    "count": r"\bquant[ie]\b|\bnumero d",
    "date": r"\bquando\b|\b(quale|che|in che|in quale) (anno|giorno|mese|data|trimestre)|\bdata\b",
    "duration": r"\bquanto tempo\b|\bquant[ie] (anni|giorni|settimane|mesi|ore|minuti|secondi)\b|\bdurata\b",
    "figure": r"\bquant[oa]\b|\bquant'",
    "person": r"\bchi\b",
    "place": r"\bdove\b|\bdov'|\bin (quale|che) (citta|paese|luogo)\b",
    "reason": r"\bperche\b|\b(motiv[oi]|ragion[ei]|caus[ae])\b|\bgrazie a cosa\b|\bscopo\b",
    "manner": r"\bcome\b|\bin (che|quale) modo\b",
    "list": r"\bquali\b",
    "yesno": r"^[^\w]*(e|sono|ha|hanno|c'e|era)\b",
    "thing": r"\bche\b|\bcosa\b|\bquale?\b",
}
_PORTUGUESE: dict[Kind, str] = {
    "percent": r"percentagem|porcentagem|\bquantas vezes (mais|maior)|por ?cento|\bqual (a )?(quota|taxa|margem|parcela)|\bquanto .*(cresc|aument|subi|caiu|diminu)|\bmargem\b|\btaxa\b|crescimento|\bpeso\b|\bfatia\b|\bparcela\b|\bproporcao\b|\bpercentual\b|\bcomissao\b|\bque (parte|quota)\b",
    "money": r"\bquanto (dinheiro|custa|custou|ganhou|pagou|gastou|faturou)|\b(receitas?|lucros?|vendas|faturamento|preco|custo|orcamento|gmv)\b|\b(dividendos?|valor|gastos?|grana|prejuizo|despesas?|divida)\b",
    "count": r"\bquant[oa]s\b|\bnumero de\b",
    "date": r"\bquando\b|\b(que|qual|em que) (ano|dia|mes|data|trimestre)|\bdata\b",
    "duration": r"\bquanto tempo\b|\bquant[oa]s (anos|dias|semanas|meses|horas|minutos|segundos)\b|\bduracao\b",
    "figure": r"\bquant[oa]\b",
    "person": r"\bquem\b",
    "place": r"\bonde\b|\bem que (cidade|pais|lugar)\b",
    "reason": r"\bpor que\b|\bporque\b|\bporqu|\b(razao|razoes|causas?|motivos?)\b|\bgracas a que\b",
    "manner": r"\bcomo\b|\bde que (maneira|forma)\b",
    "list": r"\bquais\b",
    "yesno": r"^[^\w]*(e|sao|foi|ha|tem|esta)\b",
    "thing": r"\bque\b|\bqual\b",
}
_RUSSIAN: dict[Kind, str] = {
    "percent": r"процент|\bво сколько раз|\bдол[яюи]\b|\bна сколько\b|\bнасколько\b|рентабельност|\bмарж|темп|прирост|\bдоля\b|\bкак(ая|ую|ои) част|\bрост\b|\bдол(е|ю|еи)\b",
    "money": r"\bсколько (денег|стоит|стоил|заработал|потратил)|выручк|прибыл|доход|продаж|цен[ауы]\b|стоимост|бюджет|gmv|расход|\bсумм|дивиденд|убыт|затрат",
    "count": r"\bсколько\b|\bчисло\b|\bколичество\b|численност",
    "date": r"\bкогда\b|\bв как(ом|ой) (году|месяце|день|квартале)|\bкакого числа\b|\bдата\b|\bс каких пор\b|\bс как(ого|ои) (года|месяца|дня|времени|квартала)|\bдо какого (срока|года)",
    "duration": r"\bкак долго\b|\bсколько (времени|лет|дней|недель|месяцев|часов|минут|секунд)\b|\bсрок\b",
    "figure": r"\bсколько\b|\bкаков[аоы]?\b",
    "person": r"\bкто\b|\bкого\b|\bкому\b|\bкем\b",
    "place": r"\bгде\b|\bкуда\b|\bоткуда\b|\bв как(ом|ой) (городе|стране|месте|регионе)\b",
    "reason": r"\bпочему\b|\bзачем\b|\bотчего\b|причин|\bблагодаря чему\b|\bс какой целью\b",
    "manner": r"\bкак\b|\bкаким (образом|способом)\b",
    "list": r"\bкакие\b",
    "yesno": r"\bли\b",
    "thing": r"\bчто\b|\bкак(ой|ая|ое|ую|им|их)\b|\bчем\b",
}
_ARABIC: dict[Kind, str] = {
    "percent": r"نسبة|كم ضعف|بالمئة|بالمائة|في المئة|معدل|هامش|حصة|كم (نما|ارتفع|زاد|انخفض)|نمو",
    "money": r"كم (تكلف|كلف|بلغت? (ايرادات|أرباح|مبيعات))|ايراد|إيراد|أرباح|ارباح|مبيعات|سعر|تكلفة|ميزانية|ربح|gmv|دخل",
    "count": r"كم عدد|عدد|كم",
    "date": r"متى|[أا]ي (عام|سنة|يوم|شهر|تاريخ|ربع)|تاريخ",
    "duration": r"كم (من الوقت|سنة|يوما|اسبوعا|شهرا|ساعة|دقيقة|ثانية|استغرق)|مدة",
    "figure": r"كم|ما (هو )?(حجم|مقدار|قيمة)",
    "person": r"^[^\w]*(و)?من\s|\sمن (هو|هي|هم|الذي|التي|هذا)\s|(^|\s)[لب]من\s",  # elsewhere "from"
    "place": r"أين|اين|في أي (مدينة|بلد|مكان)",
    "reason": r"لماذا|لم |سبب|أسباب|اسباب|بفضل ماذا|الغرض",
    "manner": r"كيف",
    "list": r"ما هي|اذكر|أي (القطاعات|المجالات)|ما (القطاعات|المجالات)",
    "yesno": r"(^|\s)هل\s",
    "thing": r"ما(ذا)?\s|أي\s|اي\s",
}
_TABLES: dict[str, dict[Kind, str]] = {
    "zh": _CHINESE, "en": _ENGLISH, "ja": _JAPANESE, "ko": _KOREAN, "es": _SPANISH,
    "fr": _FRENCH, "de": _GERMAN, "it": _ITALIAN, "pt": _PORTUGUESE, "ru": _RUSSIAN,
    "ar": _ARABIC,
}  # fmt: skip

# What search words without a question word ask for, told by the noun they end with or hold.
_NOUNS: dict[str, dict[Kind, str]] = {
    "zh": {
        "percent": r"率(\s|$)|(同比|环比|增幅|跌幅|涨幅)(变化|增长|增减)?(\s|$)",
        "money": r"([利费额价款债]|收入|营收|利润|费用|成本|投入|支出|开支|亏损|现金|流水|gmv|市值|资产"
        r"|分红|预算)(\s|$)",
        "count": r"([量数]|人次|用户|日活|月活|员工|门店|会员|客户)(\s|$)",
        "date": r"(时间|日期|日|月份)(\s|$)",
        "duration": r"(天数|时长|期限|机龄)(\s|$)",
    },
    "en": {
        "count": r"\b(subscribers|visitors|orders|deliveries|shipments|units|downloads|employees"
        r"|staff|stores|outlets|capacity|views|plays|tickets|members|copies|passengers)\b",
        "date": r"\b(launch|release|opening|expiry|deadline)( month| date| time)?\s*$",
        "duration": r"\b(time|hours|wait|duration)\b",
    },
    "ja": {"count": r"利用者|会員|台数"},
    "ko": {"count": r"(판매량|길이|개수|이용자|사용자|회원)|\S수\s*$"},
    "es": {"count": r"\b(usuarios|clientes|pedidos|unidades|empleados|tiendas|abonados)\b"},
    "fr": {"count": r"\b(utilisateurs|abonnes|effectifs?|commandes|magasins|salaries|capacite)\b"},
    "de": {"count": r"absatz\b|\b(nutzer|kunden|mitarbeiter|filialen|auslieferungen|kapazitat)\b"},
    "it": {"count": r"\b(utenti|ordini|dipendenti|negozi|abbonati|clienti)\b"},
    "pt": {"count": r"\b(usuarios|clientes|pedidos|funcionarios|lojas|assinantes)\b"},
    "ru": {"count": r"пользовател|заказ|сотрудник|магазин|подписчик"},
}  # fmt: skip


@cache
def _compiled(language: str, *, nouns: bool = False) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    table = (_NOUNS if nouns else _TABLES).get(language, {})
    # Questions arrive folded, so the patterns are folded alike: й is и there, أ is ا.
    return tuple((kind, re.compile(fold_in_place(pattern))) for kind, pattern in table.items())


def kinds(folded: str, language: str) -> tuple[Kind, ...]:
    """Return what the folded question asks for, the most telling kind first."""
    language = language.split("-", maxsplit=1)[0]
    for nouns in (False, True):
        patterns = _compiled(language, nouns=nouns)
        if found := tuple(kind for kind, pattern in patterns if pattern.search(folded)):
            return found
    return ("thing",)


_ASKING: frozenset[Kind] = frozenset(
    {"figure", "thing", "person", "date", "reason", "manner", "yesno", "place"}
)


def question_words(
    folded: str, language: str, only: frozenset[Kind] = _ASKING
) -> list[tuple[int, int]]:
    """Return the spans of the folded question that only ask, such as "how many" or 是多少.

    ``only`` names other kinds whose words are wanted instead, such as "percent" for 占比.
    """
    spans = [
        match.span()
        for kind, pattern in _compiled(language.split("-", maxsplit=1)[0])
        if kind in only
        for match in pattern.finditer(folded)
    ]
    return sorted(spans)
