"""Names of months, quarters, halves and relative times in the languages Yinju reads."""

from __future__ import annotations

_MONTHS = """
January Jan Januar Jänner janvier janv enero gennaio janeiro января январь январе يناير كانون_الثاني
February Feb Februar février févr febrero febbraio fevereiro февраля февраль феврале فبراير شباط
March Mar März mars marzo março марта март марте مارس آذار
April Apr avril avr abril aprile апреля апрель апреле أبريل إبريل نيسان
May Mai mayo maggio maio мая май мае مايو أيار
June Jun Juni juin junio giugno junho июня июнь июне يونيو حزيران
July Jul Juli juillet juil julio luglio julho июля июль июле يوليو تموز
August Aug août agosto августа август августе أغسطس آب
September Sept Sep septembre septiembre settembre setembro сентября сентябрь сентябре سبتمبر أيلول
October Oct Oktober Okt octobre octubre ottobre outubro октября октябрь октябре أكتوبر تشرين_الأول
November Nov novembre noviembre novembro ноября ноябрь ноябре نوفمبر تشرين_الثاني
December Dec Dezember Dez décembre déc diciembre dicembre dezembro декабря декабрь декабре ديسمبر
"""
MONTHS: dict[str, int] = {
    name.replace("_", " ").casefold(): number
    for number, line in enumerate(_MONTHS.strip().splitlines(), 1)
    for name in line.split()
}
# Words that also mean something else, or mere abbreviations: a number must stand beside them.
UNSURE_MONTHS = frozenset("may march mars mar mai jan jun jul sep dec nov oct avr déc dez آب "
    "мая май "
    "мае marzo".split())  # fmt: skip

# Ordinals that precede "quarter" and "half", by their beginning, for all Western languages.
ORDINALS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "first 1st erste ersten erstes 1. premier 1er première primer primera primero primo "
            "prima "
            "primeiro primeira первый первого первом первое первая الأول الأولى 1º 1° I",
            "second 2nd zweite zweiten zweites 2. deuxième 2e 2ème seconde segundo segunda secondo "
            "seconda второй второго втором второе вторая الثاني الثانية 2º 2° II",
            "third 3rd dritte dritten drittes 3. troisième 3e 3ème tercer tercero terzo terceiro "
            "третий третьего третьем الثالث 3º 3° III",
            "fourth 4th vierte vierten viertes 4. quatrième 4e 4ème cuarto quarto четвертый "
            "четвертого четвертом четвёртый четвёртого четвёртом الرابع 4º 4° IV",
        ),
        1,
    )
    for word in words.casefold().split()
}

RELATIVES: dict[str, str] = {
    word.replace("_", " ").casefold(): name
    for name, words in {
        "last_year": "去年 上年 上一年 昨年 작년 지난해 전년 last_year previous_year prior_year "
        "the_year_before "
        "a_year_earlier a_year_ago year_earlier year-ago year_ago the_previous_year letztes_Jahr "
        "letzten_Jahres letzten_Jahr vergangenen_Jahr vergangenen_Jahres Vorjahr Vorjahres "
        "im_Vorjahr l'année_dernière l’année_dernière "
        "l'an_dernier l’an_dernier année_précédente an_passé año_pasado año_anterior anno_scorso "
        "anno_precedente ano_passado ano_anterior прошлого_года прошлый_год прошлом_году "
        "прошлый_год "
        "прошлым_годом предыдущего_года годом_ранее العام_الماضي السنة_الماضية العام_السابق",
        "this_year": "今年 本年 本年度 올해 금년 this_year dieses_Jahr diesem_Jahr "
        "dieses_Jahres cette_année "
        "este_año quest'anno quest’anno este_ano этого_года этом_году текущего_года هذا_العام "
        "العام_الحالي",
        "next_year": "明年 来年 下一年 내년 next_year nächstes_Jahr nächsten_Jahr kommenden_Jahr "
        "année_prochaine an_prochain próximo_año prossimo_anno próximo_ano следующего_года "
        "следующем_году العام_المقبل العام_القادم",
        "year_before_last": "前年 재작년 一昨年 the_year_before_last vorletzten_Jahr",
        "last_quarter": "上季度 上一季度 上个季度 上季 上一季 前四半期 전분기 지난_분기 "
        "last_quarter previous_quarter "
        "prior_quarter preceding_quarter Vorquartal Vorquartals letzten_Quartal "
        "trimestre_précédent trimestre_dernier "
        "trimestre_anterior trimestre_pasado trimestre_precedente trimestre_scorso "
        "предыдущего_квартала прошлого_квартала предыдущем_квартале прошлом_квартале "
        "الربع_السابق الربع_الماضي",
        "this_quarter": "本季度 本季 这一季度 这一季 这季 这个季度 当季 该季度 当季度 "
        "이번_분기 今四半期 当四半期 this_quarter "
        "diesem_Quartal diesem_Quartals ce_trimestre este_trimestre questo_trimestre "
        "этом_квартале هذا_الربع",
        "next_quarter": "下季度 下一季度 下个季度 下一季 다음_분기 来四半期 "
        "next_quarter nächsten_Quartal следующем_квартале",
        "last_month": "上月 上个月 先月 지난달 last_month letzten_Monat mois_dernier mes_pasado "
        "mese_scorso mês_passado прошлого_месяца прошлом_месяце الشهر_الماضي",
        "this_month": "本月 这个月 今月 이번_달 이달 this_month diesen_Monat ce_mois este_mes "
        "questo_mese este_mês этого_месяца этом_месяце هذا_الشهر",
        "next_month": "下月 下个月 来月 다음_달 next_month nächsten_Monat mois_prochain "
        "próximo_mes "
        "следующем_месяце",
        "last_week": "上周 先周 지난주 last_week letzte_Woche semaine_dernière semana_pasada "
        "settimana_scorsa semana_passada прошлой_неделе الأسبوع_الماضي",
        "this_week": "本周 今周 이번_주 this_week diese_Woche cette_semaine esta_semana",
        "next_week": "下周 来周 다음_주 next_week nächste_Woche",
        "yesterday": "昨天 昨日 昨晚 어제 yesterday gestern вчера أمس",
    }.items()
    for word in words.split()
}
SAME_PERIOD = (
    "(?:the )?same (?:period|quarter|month)|comparable period|corresponding period"
    "|Vorjahreszeitraum|gleichen Zeitraum|même période|mismo per[ií]odo|stesso periodo"
    "|mesmo período|аналогичн\\w+ период\\w*|نفس الفترة|الفترة نفسها"
)
