"""What may follow or precede a number: scales, currencies, units and counted things.

Keys are matched case-insensitively on folded text (``rag.numerals.fold``): traditional 億 is
written 亿 here, 時間 is written 时间.
"""

from __future__ import annotations

from decimal import Decimal

K, M, B, T = Decimal(10**3), Decimal(10**6), Decimal(10**9), Decimal(10**12)

# Scales that attach without a space and may be chained: 3亿9500万, 3억 9500만, 395백만.
CJK_SCALES: dict[str, Decimal] = {
    "万亿": T, "千亿": Decimal(10**11), "百亿": Decimal(10**10), "十亿": B, "亿": Decimal(10**8),
    "千万": Decimal(10**7), "百万": M, "十万": Decimal(10**5), "万": Decimal(10**4), "兆": T,
    "千": K, "百": Decimal(100),
    "조": T, "천억": Decimal(10**11), "백억": Decimal(10**10), "십억": B, "억": Decimal(10**8),
    "천만": Decimal(10**7), "백만": M, "십만": Decimal(10**5), "만": Decimal(10**4), "천": K,
}  # fmt: skip

WORD_SCALES: dict[str, Decimal] = {
    word: scale
    for scale, words in {
        K: "thousand mille tausend mil mila тысяч тысячи тысяча тыс тыс. ألف آلاف",
        M: "million millions mln mio mio. mn millionen millón millones milhão milhões milione "
        "milioni миллион миллиона миллионов млн млн. مليون ملايين mill.",
        B: "billion billions bn bln mrd mrd. milliarde milliarden milliard milliards miliardo "
        "miliardi bilhão bilhões bilião mld mld. md миллиард миллиарда миллиардов млрд млрд. "
        "مليار مليارات bi",
        T: "trillion trillions tn trn billionen trilhão trilhões bln_de триллион триллиона "
        "триллионов трлн трлн. تريليون تريليونات",
    }.items()
    for word in words.split()
} | {"billón": T, "billones": T, "bilione": T, "bilioni": T, "trilioni": Decimal(10**18)}
WORD_SCALES |= {"mil millones": B, "mil milhões": B, "thousand million": B, "crore": Decimal(10**7)}
WORD_SCALES |= {"mille milliards": T, "mil millions": B, "lakh": Decimal(10**5)}
# One letter: only attached to the digits, and for "m" only where money is named.
LETTER_SCALES: dict[str, Decimal] = {"K": K, "k": K, "M": M, "B": B, "T": T}
MONEY_LETTERS: dict[str, Decimal] = LETTER_SCALES | {"m": M, "b": B, "t": T}

CURRENCIES: dict[str, str] = {
    "CNY": "人民币 元人民币 元 块钱 RMB CNY yuan yuans renminbi юань юаня юаней 위안 위안화 "
    "yuanes 人民元 "
    "يوان RMB¥ CN¥ CNH",
    "USD": "美元 美金 US$ USD $ dollar dollars dólar dólares dollari dollaro доллар доллара "
    "долларов "
    "долл. 달러 미국달러 ドル 米ドル دولار دولارات US-Dollar US-Dollars U.S.$ 元美元",
    "HKD": "港元 港币 HK$ HKD 홍콩달러 香港ドル 元港币",
    "TWD": "新台币 台币 NT$ TWD 元新台币 대만달러 台湾ドル",
    "SGD": "新加坡元 新元 S$ SGD",
    "AUD": "澳元 A$ AUD 호주달러 豪ドル",
    "CAD": "加元 C$ CAD",
    "EUR": "欧元 € EUR euro euros евро 유로 ユーロ يورو",
    "GBP": "英镑 £ GBP pound pounds Pfund libras sterline фунтов 파운드 ポンド livres استرليني",
    "JPY": "日元 JPY 円 yen 엔 иен иены йен JP¥ Yen yenes yens ienes ين",
    "KRW": "韩元 ₩ KRW 원 ウォン won вон",
    "RUB": "卢布 ₽ RUB рубль рубля рублей руб. rubles roubles ruble Rubel rublos 루블 ルーブル "
    "روبل",
    "INR": "印度卢比 卢比 ₹ INR rupees rupee Rupien rupias roupies рупий 루피 ルピー",
    "CHF": "瑞士法郎 CHF Franken",
    "BRL": "雷亚尔 R$ BRL reais real",
    "SAR": "riyals ريال SAR",
    "AED": "dirhams درهم AED",
    "¥": "¥",
}
PREFIXES: dict[str, str] = {
    sign: code
    for code, words in CURRENCIES.items()
    for sign in words.split()
    if sign[-1] in "$€£¥₩₽₹" or (sign.isascii() and sign.isupper())
} | {"人民币": "CNY", "美元": "USD", "港币": "HKD", "新台币": "TWD", "港元": "HKD", "欧元": "EUR"}
PREFIXES |= {"A$": "AUD", "C$": "CAD", "S$": "SGD", "Rs": "INR", "Rs.": "INR", "AU$": "AUD"}

Meaning = tuple[str, str, Decimal]  # kind, canonical unit, factor to that unit
UNITS: dict[str, Meaning] = {}


def _add(kind: str, unit: str, words: str, factor: str = "1") -> None:
    """Enter words of one unit; ``_`` stands for a space inside a word."""
    for word in words.split():
        UNITS[word.replace("_", " ").casefold()] = (kind, unit, Decimal(factor))


for _code, _words in CURRENCIES.items():
    _add("money", _code, _words)
_add("money", "USD", "US_dollars U.S._dollars US-Dollar dólares_estadounidenses долларов_США "
     "dollars_américains dollari_americani dólares_americanos دولار_أمريكي")  # fmt: skip
_add("money", "HKD", "Hong_Kong_dollars")
_add("money", "CNY", "Chinese_yuan يوان_صيني")
_add("money", "USD", "cents 美分 센트 центов", "0.01")

_add("percent", "pp", "个百分点 百分点 percentage_points percentage_point pct_points pp %p %포인트 "
     "퍼센트포인트 퍼센트_포인트 %ポイント パーセントポイント ポイント Prozentpunkte "
     "Prozentpunkten "
     "Prozentpunkt points_de_pourcentage point_de_pourcentage puntos_porcentuales "
     "punto_porcentual pontos_percentuais ponto_percentual punti_percentuali punto_percentuale "
     "процентных_пункта процентных_пунктов процентный_пункт п.п. п._п. نقطة_مئوية نقاط_مئوية "
     "percentage-point")  # fmt: skip
_add(
    "percent",
    "pp",
    "个基点 基点 basis_points basis_point bps bp Basispunkte 베이시스포인트",
    "0.01",
)
_add("percent", "%", "% percent per_cent pct pct. procent Prozent por_ciento pour_cent per_cento "
     "por_cento процент процента процентов 퍼센트 프로 パーセント بالمئة في_المئة بالمائة "
     "في_المائة "
     "٪ percento por_cien")  # fmt: skip
_add("percent", "%", "‰ per_mille Promille", "0.1")
_add("percent", "%", "成 割 할", "10")
_add("multiple", "x", "倍 倍多 倍以上 배 x × times fold -fold mal fois veces volte vezes раз раза "
     "مرات أضعاف مرة -fach fach")  # fmt: skip

_add(
    "duration",
    "second",
    "秒 秒钟 seconds second secs sec s 초 초간 秒间 Sekunden Sekunde "
    "secondes seconde segundos segundo secondi secondo секунд секунды секунда ثانية ثوان",
)
_add("duration", "second", "毫秒 ms milliseconds millisecond 밀리초 ミリ秒 Millisekunden", "0.001")
_add("duration", "second", "分钟 分间 minutes minute mins min min. 분 분간 Minuten minutos "
    "minuto minuti "
     "minuto минут минуты минута دقيقة دقائق", "60")  # fmt: skip
_add("duration", "second", "小时 个小时 钟头 个钟头 hours hour hrs hr h 시간 时间 Stunden "
    "Stunde heures heure "
     "horas hora ore ora час часа часов ساعة ساعات", "3600")  # fmt: skip
_add("duration", "second", "天 天天 days day 일간 日间 Tage Tagen Tag jours jour días día dias "
    "dia giorni "
     "giorno день дня дней يوم أيام يوما 昼夜 工作日 个工作日 交易日 个交易日 日内",
     "86400")  # fmt: skip
_add("duration", "second", "周 星期 个星期 礼拜 个礼拜 周间 weeks week wks 주 주간 週間 Wochen "
    "Woche semaines "
     "semaine semanas semana settimane settimana недель недели неделя неделю أسابيع أسبوع 周内",
     "604800")  # fmt: skip
_add("duration", "month", "个月 个多月 months month mos 개월 달 か月 ヶ月 カ月 ヵ月 ケ月 か月间 "
    "ヶ月间 カ月间 "
     "Monate Monaten Monat mois meses mes mesi mese mês месяц месяца месяцев أشهر شهرا شهر شهور "
     "箇月")  # fmt: skip
_add(
    "duration", "month", "个季度 quarters 분기 四半期 Quartale trimestres trimestri кварталов", "3"
)
_add("duration", "month", "年 年间 年多 周年 个年头 载 years year yrs yr 년 년간 Jahre Jahren "
    "Jahr ans an "
     "années année años año anni anno anos ano лет год года سنوات سنة عاما أعوام عام",
     "12")  # fmt: skip
_add("duration", "month", "decades decade Jahrzehnte décadas décennies", "120")

_add("count", "person", "人 名 位 口人 人份 people persons person employees staff workers "
    "customers "
     "users user 명 사람 인 Menschen Personen Mitarbeiter Mitarbeitende Beschäftigte Nutzer Kunden "
     "personnes personas persone pessoas человек employés employees_worldwide salariés "
     "utilisateurs usuarios utenti usuários clients clientes clienti empleados dipendenti "
     "funcionários сотрудников пользователей клиентов شخص مستخدم موظف students patients "
     "subscribers members residents passengers students elèves élèves habitants habitantes "
     "abitanti жителей Einwohner")  # fmt: skip
_add("count", "time", "次 人次 回 趟 遍 회 차례 번 人回")
_add("count", "company", "家 companies company firms firm Unternehmen Firmen entreprises empresas "
     "aziende imprese sociétés компаний компании شركة شركات 개사 社")  # fmt: skip
_add("count", "km", "公里 千米 km kilometers kilometres kilometer 킬로미터 キロメートル キロ "
    "километров "
     "километра Kilometer kilomètres kilómetros chilometri quilômetros كيلومتر")  # fmt: skip
_add("count", "m", "米 m metres meters meter 미터 メートル метров Meter mètres metros metri متر")
_add("count", "cm", "厘米 cm centimeters centimetres Zentimeter")
_add("count", "mm", "毫米 mm millimeters millimetres Millimeter 纳米级_")
_add("count", "nm", "纳米 nm nanometers nanometres")
_add("count", "mile", "英里 miles mile Meilen milles millas miglia milhas миль")
_add(
    "count",
    "m2",
    "平方米 平米 m² sq_m square_meters square_metres ㎡ Quadratmeter 평방미터 제곱미터",
)
_add("count", "km2", "平方公里 平方千米 km² square_kilometers square_kilometres Quadratkilometer")
_add("count", "m3", "立方米 m³ cubic_meters cubic_metres 立方")
_add("count", "ha", "公顷 hectares hectare ha Hektar hectáreas ettari гектаров")
_add("count", "mu", "亩")
_add("count", "t", "吨 tonnes tonne tons ton 톤 トン Tonnen toneladas tonnellate тонн طن")
_add(
    "count",
    "kg",
    "公斤 千克 kg kilograms kilogram kilos kilo 킬로그램 キログラム Kilogramm килограммов",
)
_add("count", "g", "克 g grams gram 그램 グラム Gramm grammes gramos grammi граммов")
_add("count", "jin", "斤")
_add("count", "℃", "摄氏度 ℃ °C degrees_Celsius 度C")
_add("count", "degree", "度 degrees degree градусов Grad degrés grados gradi 도")
_add("count", "kWh", "千瓦时 kWh 度电 kilowatt-hours")
_add("count", "MW", "兆瓦 MW megawatts megawatt Megawatt")
_add("count", "GW", "吉瓦 GW gigawatts gigawatt Gigawatt")
_add("count", "kW", "千瓦 kW kilowatts kilowatt Kilowatt")
_add("count", "GB", "GB gigabytes")
_add("count", "MB", "MB megabytes")
_add("count", "TB", "TB terabytes")
_add("count", "year-old", "岁 周岁 years_old year-old years-old 세 살 歳 Jahre_alt ans_ lat")
_add("count", "rank", "위 位次")
_add("number", "ordinal", "st nd rd th e er ème ° º .º -й -го -е")
for _word in (
    "个 部 件 台 辆 架 艘 座 栋 套 款 项 份 张 条 只 匹 本 篇 场 届 期 批 支 枚 颗 粒 瓶 杯 盒 "
    "箱 包 袋 户 票 层 楼 股 列 间 所 轮 级 集 幅 首 句 字 页 章 节 字节 像素 步 笔 单 门 种 类 "
    "处 盏 "
    "县 镇 省 市 国 城 组 队 对 双 副 把 棵 株 朵 头 尾 口 顶 道 堂 课 学时 学分 分 票 "
    "개 대 건 편 곳 가지 종 마리 권 장 채 척 차 호 회차 자루 벌 켤레 つ 件 冊 匹 本 枚 点 カ所 "
    "か所 ヶ所 "
    "カ国 か国 ヶ国 人日 名次 开 席 店 门店 "
    "units stores shops vehicles cars homes households shares items orders schools countries "
    "cities projects products patents apps downloads episodes videos films books pages words "
    "votes points seats jobs deaths cases beds rooms flights barrels branches outlets factories "
    "plants Filialen Fahrzeuge Geschäfte Einheiten Läden magasins véhicules unités voitures "
    "tiendas "
    "vehículos unidades negozi veicoli unità lojas veículos магазинов автомобилей единиц штук "
    "متجر متاجر سيارة وحدة حالة"
).split():  # fmt: skip
    UNITS.setdefault(_word.casefold(), ("count", _word.casefold(), Decimal(1)))

# Words in which a unit's character means something else: 3家庭, 两成功, 5人才.
NOT_BEFORE: dict[str, str] = {
    "成": "立功为員员本长長绩果都年交品熟分就人了群对套千", "家": "庭长族属国居电具园乡", "人":
    "民工才气均格生事大文物类体为",
    "度": "过假假量", "个": "性人别体", "部": "分门队署长曲", "本": "身来地次周月年报文科土轮期金"
    "质", "期": "间望待货末",
    "场": "景所地面", "国": "家际内道语务", "市": "场值民", "分": "析别之布为红享手期", "位":
    "于置居",
    "名": "为称义单字",
    "条": "件", "头": "部条号", "次": "日元于", "元": "素旦宵宇", "周": "边年围", "月": "", "天":
    "津气下然空猫", "道": "路理德", "单": "位元一季独价",
    "把": "握", "级": "别", "类": "似别型", "对": "于应手比", "副": "总主", "门": "店户", "组":
    "织合成", "字": "节会架路母典形", "节": "目点气假日",
    "项": "目", "股": "东份票价市", "份": "额", "点": "击评赞燃", "口": "", "层": "面级次", "所":
    "有以",
    "只": "有是能要", "张": "",
    "首": "次席都家发批款", "步": "骤", "开": "始发展通", "席": "", "处": "于理", "种": "植",
    "间": "", "双": "方", "台": "湾",
    "省": "份级", "城": "市", "队": "", "支": "持付队", "批": "评准发", "包": "括", "章": "", "篇":
    "", "集": "团合中体成", "件": "",
    "回": "", "轮": "车胎船", "票": "房价务据选", "克": "服隆罗里拉", "年":
    "级轻终", "할": "인", "割": "引", "세": "계금", "대": "한부",
    "장": "", "원": "", "엔": "", "달": "러", "명": "", "프로": "", "주": "", "分钟": "", "人次":
    "", "차": "", "인": "",
}  # fmt: skip
