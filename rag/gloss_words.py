"""The words a figure is said with in each language Yinju answers in."""

from __future__ import annotations

from decimal import Decimal

LANGUAGES = ("zh", "zh-Hant", "en", "ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar")
NBSP = "\u00a0"

# decimal sign, thousands sign, what stands before a percent sign
SIGNS: dict[str, tuple[str, str, str]] = {
    "de": (",", ".", NBSP), "es": (",", ".", NBSP), "fr": (",", NBSP, NBSP), "it": (",", ".", ""),
    "pt": (",", ".", ""), "ru": (",", NBSP, NBSP),
}  # fmt: skip

_N = Decimal
SCALES: dict[str, tuple[tuple[Decimal, str], ...]] = {
    "en": ((_N(10**12), " trillion"), (_N(10**9), " billion"), (_N(10**6), " million")),
    "de": ((_N(10**9), " Milliarden"), (_N(10**6), " Millionen")),
    "fr": ((_N(10**9), " milliards"), (_N(10**6), " millions")),
    "es": ((_N(10**12), " billones"), (_N(10**6), " millones")),
    "it": ((_N(10**9), " miliardi"), (_N(10**6), " milioni")),
    "pt": ((_N(10**12), " trilhões"), (_N(10**9), " bilhões"), (_N(10**6), " milhões")),
    "ru": ((_N(10**12), " трлн"), (_N(10**9), " млрд"), (_N(10**6), " млн")),
    "ar": ((_N(10**12), " تريليون"), (_N(10**9), " مليار"), (_N(10**6), " مليون")),
    "zh": ((_N(10**12), "万亿"), (_N(10**8), "亿"), (_N(10**4), "万")),
    "zh-Hant": ((_N(10**12), "兆"), (_N(10**8), "億"), (_N(10**4), "萬")),
    "ja": ((_N(10**12), "兆"), (_N(10**8), "億"), (_N(10**4), "万")),
    "ko": ((_N(10**12), "조"), (_N(10**8), "억"), (_N(10**4), "만")),
}
# Where exactly one of a scale is meant, the word is singular.
ONE: dict[str, dict[str, str]] = {
    "de": {"Milliarden": "Milliarde", "Millionen": "Million"},
    "fr": {"milliards": "milliard", "millions": "million"},
    "es": {"billones": "billón", "millones": "millón"},
    "it": {"miliardi": "miliardo", "milioni": "milione"},
    "pt": {"trilhões": "trilhão", "bilhões": "bilhão", "milhões": "milhão"},
}

PREFIX_SIGNS = {"CNY": "RMB ", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$",
                "SGD": "S$", "AUD": "A$", "CAD": "C$", "INR": "₹", "BRL": "R$"}  # fmt: skip
MONEY: dict[str, dict[str, str]] = {
    "en": {"JPY": "yen", "KRW": "won", "RUB": "roubles", "CHF": "CHF"},
    "de": {"CNY": "RMB", "USD": "US-Dollar", "EUR": "Euro", "JPY": "Yen", "KRW": "Won",
           "RUB": "Rubel", "GBP": "Pfund"},
    "fr": {"CNY": "RMB", "USD": "dollars", "EUR": "euros", "JPY": "yens", "RUB": "roubles"},
    "es": {"CNY": "RMB", "USD": "dólares", "EUR": "euros", "JPY": "yenes", "RUB": "rublos"},
    "it": {"CNY": "RMB", "USD": "dollari", "EUR": "euro", "JPY": "yen"},
    "pt": {"CNY": "RMB", "USD": "dólares", "EUR": "euros", "JPY": "ienes"},
    "ru": {"CNY": "юаней", "USD": "долларов", "EUR": "евро", "JPY": "иен", "KRW": "вон",
           "RUB": "рублей", "GBP": "фунтов"},
    "ar": {"CNY": "يوان", "USD": "دولار", "EUR": "يورو", "JPY": "ين", "RUB": "روبل"},
    "ja": {"CNY": "元", "USD": "ドル", "EUR": "ユーロ", "JPY": "円", "KRW": "ウォン", "HKD": "香"
    "港ドル",
           "GBP": "ポンド", "RUB": "ルーブル", "TWD": "台湾ドル", "INR": "ルピー"},
    "ko": {"CNY": "위안", "USD": "달러", "EUR": "유로", "JPY": "엔", "KRW": "원", "HKD": "홍콩달러",
           "GBP": "파운드", "RUB": "루블", "TWD": "대만달러", "INR": "루피"},
    "zh": {"CNY": "元", "USD": "美元", "EUR": "欧元", "JPY": "日元", "KRW": "韩元", "HKD": "港元",
           "GBP": "英镑", "RUB": "卢布", "TWD": "新台币", "SGD": "新元", "AUD": "澳元", "CAD":
           "加元",
           "INR": "卢比", "CHF": "瑞士法郎", "BRL": "雷亚尔"},
    "zh-Hant": {"CNY": "元人民幣", "USD": "美元", "EUR": "歐元", "JPY": "日圓", "KRW": "韓元",
                "HKD": "港元", "TWD": "新台幣", "SGD": "新元", "AUD": "澳元", "CAD": "加元"},
}  # fmt: skip
OF = {"fr": "de ", "es": "de ", "it": "di ", "pt": "de "}

POINTS = {
    "en": " percentage points", "de": " Prozentpunkte", "fr": " points de pourcentage",
    "es": " puntos porcentuales", "it": " punti percentuali", "pt": " pontos percentuais",
    "ru": " п.п.", "ar": " نقطة مئوية", "ja": "ポイント", "ko": "%포인트", "zh": "个百分点",
    "zh-Hant": "個百分點",
}  # fmt: skip
TIMES = {"en": " times", "de": "-fach", "fr": " fois", "es": " veces", "it": " volte",
         "pt": " vezes", "ru": " раза", "ar": " أضعاف", "ja": "倍", "ko": "배", "zh": "倍",
         "zh-Hant": "倍"}  # fmt: skip
PEOPLE = {"en": " people", "de": " Menschen", "fr": " personnes", "es": " personas",
          "it": " persone", "pt": " pessoas", "ru": " человек", "ar": " شخص", "ja": "人", "ko":
          "명",
          "zh": "人", "zh-Hant": "人"}  # fmt: skip
AGED = {"en": " years old", "de": " Jahre alt", "fr": " ans", "es": " años", "it": " anni",
        "pt": " anos", "ru": " лет", "ar": " سنة", "ja": "歳", "ko": "세", "zh": "岁",
        "zh-Hant": "歲"}  # fmt: skip
ORDINAL_AFTER = {"fr": "e", "es": ".º", "it": "º", "pt": "º", "ru": "-й", "de": "."}

# singular|plural of year month week day hour minute second
PERIODS: dict[str, str] = {
    "en": "year|years month|months week|weeks day|days hour|hours minute|minutes second|seconds",
    "de": "Jahr|Jahre Monat|Monate Woche|Wochen Tag|Tage Stunde|Stunden Minute|Minuten "
    "Sekunde|Sekunden",
    "fr": "an|ans mois|mois semaine|semaines jour|jours heure|heures minute|minutes "
    "seconde|secondes",
    "es": "año|años mes|meses semana|semanas día|días hora|horas minuto|minutos segundo|segundos",
    "it": "anno|anni mese|mesi settimana|settimane giorno|giorni ora|ore minuto|minuti "
    "secondo|secondi",
    "pt": "ano|anos mês|meses semana|semanas dia|dias hora|horas minuto|minutos segundo|segundos",
    "ru": "год|лет месяц|месяцев неделя|недель день|дней час|часов минута|минут секунда|секунд",
    "ar": "سنة|سنوات شهر|أشهر أسبوع|أسابيع يوم|أيام ساعة|ساعات دقيقة|دقائق ثانية|ثوان",
    "ja": "年間|年間 か月|か月 週間|週間 日間|日間 時間|時間 分間|分間 秒|秒",
    "ko": "년|년 개월|개월 주|주 일간|일간 시간|시간 분|분 초|초",
    "zh": "年|年 个月|个月 周|周 天|天 小时|小时 分钟|分钟 秒|秒",
    "zh-Hant": "年|年 個月|個月 週|週 天|天 小時|小時 分鐘|分鐘 秒|秒",
}
MEASURES = {"km": "km", "m": "m", "cm": "cm", "mm": "mm", "nm": "nm", "m2": "m²", "km2": "km²",
            "kg": "kg", "g": "g", "t": "t", "ha": "ha", "kWh": "kWh", "MW": "MW", "GW": "GW",
            "kW": "kW", "GB": "GB", "MB": "MB", "TB": "TB", "℃": "°C"}  # fmt: skip

MONTH_NAMES = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
RUSSIAN_MONTHS = (
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()
)
QUARTERS = {
    "en": "first|second|third|fourth| quarter", "de": "erstes|zweites|drittes|viertes| Quartal",
    "fr": "premier|deuxième|troisième|quatrième| trimestre",
    "es": "primer|segundo|tercer|cuarto| trimestre",
    "it": "primo|secondo|terzo|quarto| trimestre",
    "pt": "primeiro|segundo|terceiro|quarto| trimestre",
    "ru": "первый|второй|третий|четвёртый| квартал", "ar": "الربع الأول|الربع الثاني"
    "|الربع الثالث|الربع الرابع|",
}  # fmt: skip
HALVES = {
    "en": "first half|second half", "de": "erstes Halbjahr|zweites Halbjahr",
    "fr": "premier semestre|deuxième semestre", "es": "primer semestre|segundo semestre",
    "it": "primo semestre|secondo semestre", "pt": "primeiro semestre|segundo semestre",
    "ru": "первое полугодие|второе полугодие", "ar": "النصف الأول|النصف الثاني",
    "zh": "上半年|下半年", "zh-Hant": "上半年|下半年", "ja": "上半期|下半期", "ko": "상반기|하반기",
}  # fmt: skip
# What joins a period with its year, and the year itself.
YEAR_AFTER = {"en": " of {}", "de": " {}", "fr": " {}", "es": " de {}", "it": " {}", "pt": " de {}",
              "ru": " {} года", "ar": " من عام {}"}  # fmt: skip

RELATIVE_ORDER = (
    "last_year this_year next_year year_before_last last_quarter this_quarter next_quarter "
    "last_month this_month next_month last_week this_week next_week yesterday"
).split()
RELATIVE_WORDS = {
    "en": "last year|this year|next year|the year before last|last quarter|this quarter"
    "|next quarter"
    "|last month|this month|next month|last week|this week|next week|yesterday",
    "de": "letztes Jahr|dieses Jahr|nächstes Jahr|vorletzten Jahr|Vorquartal|diesem Quartal"
    "|nächsten Quartal|letzten Monat|diesen Monat|nächsten Monat|letzte Woche|diese Woche"
    "|nächste Woche|gestern",
    "fr": "l'année dernière|cette année|année prochaine||trimestre précédent|ce trimestre|"
    "|mois dernier|ce mois|mois prochain|semaine dernière|cette semaine||",
    "es": "año pasado|este año|próximo año||trimestre anterior|este trimestre||mes pasado|este mes"
    "|próximo mes|semana pasada|esta semana||",
    "it": "anno scorso|quest'anno|prossimo anno||trimestre precedente|questo trimestre||mese scorso"
    "|questo mese||settimana scorsa|||",
    "pt": "ano passado|este ano|próximo ano||trimestre anterior|este trimestre||mês passado"
    "|este mês||semana passada|esta semana||",
    "ru": "прошлый год|этого года|следующего года||предыдущего квартала|этом квартале"
    "|следующем квартале|прошлого месяца|этого месяца|следующем месяце|прошлой неделе|||вчера",
    "ar": "العام الماضي|هذا العام|العام المقبل||الربع السابق|هذا الربع||الشهر الماضي|هذا الشهر"
    "||الأسبوع الماضي|||أمس",
    "ja": "昨年|今年|来年|一昨年|前四半期|今四半期|来四半期|先月|今月|来月|先週|今週|来週|昨日",
    "ko": "지난해|올해|내년|재작년|전분기|이번 분기|다음 분기|지난달|이번 달|다음 달|지난주"
    "|이번 주|다음 주|어제",
    "zh": "去年|今年|明年|前年|上季度|本季度|下季度|上月|本月|下月|上周|本周|下周|昨天",
    "zh-Hant": "去年|今年|明年|前年|上季度|本季度|下季度|上月|本月|下月|上週|本週|下週|昨天",
}
# beginning, middle and end of a period, and the same period of it
PARTS = {
    "en": "beginning of {}|middle of {}|end of {}|same period of {}",
    "de": "Anfang {}|Mitte {}|Ende {}|gleichen Zeitraum {}",
    "fr": "début {}|milieu {}|fin {}|même période {}",
    "es": "principios de {}|mediados de {}|finales de {}|mismo período de {}",
    "it": "inizio {}|metà {}|fine {}|stesso periodo {}",
    "pt": "início de {}|meados de {}|fim de {}|mesmo período de {}",
    "ru": "начало {}|середина {}|конец {}|аналогичный период {}",
    "ar": "بداية {}|منتصف {}|نهاية {}|نفس الفترة من {}",
    "zh": "{}初|{}中旬|{}底|{}同期", "zh-Hant": "{}初|{}中旬|{}底|{}同期",
    "ja": "{}初|{}中旬|{}末|{}同期", "ko": "{} 초|{} 중순|{} 말|{} 동기",
}  # fmt: skip
