"""The regular expressions of dates, quarters, relative and clock times.

Named groups say what a match holds: ``y y2 …`` a year, ``q`` a quarter, ``h`` a half, ``m`` and
``mon`` a month, ``d`` a day, ``rel`` a relative time, ``start middle end same`` a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.calendar_words import MONTHS, ORDINALS, RELATIVES, SAME_PERIOD


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_ORD = _any(ORDINALS)
_MON = rf"(?P<mon>{_any(MONTHS)})\b\.?"
_YEAR4 = r"(?:1[5-9]|20|21)\d\d"
_Y = rf"(?P<y>(?<!\d){_YEAR4}(?!\d))"
_Y2 = rf"(?:(?:FY|[’'])?\s?(?P<y>{_YEAR4}|\d\d)(?!\d|[.,]\d|\s?%))"
_OF = r"(?:,?\s(?:of|de|del|des|du|d[aeo]s?|im Jahr|von|من|من عام|für|fiscal(?: year)?)){0,3},?\s?"
_TAIL = rf"(?:{_OF}(?:the )?(?:FY|fiscal )?{_Y}(?:\s(?:года|году|г\.))?)?"
_HZ = r"[一二三四五六七八九十]"
_SUB = (
    rf"(?:(?P<cum>前)(?P<cq>[一二三四两1-4])个?季度?(?!节)"
    rf"|第?(?P<q>[一二三四1-4])(?:财|会计)?季(?!节)度?|Q(?P<q2>[1-4])(?!\d)"
    rf"|(?<!\d)(?P<q3>[1-4])\s?분기"
    rf"|第?(?P<q4>[一二三四1-4])四半期"
    rf"|(?<![\d.])(?:(?P<jq1>1[~〜-]3)|(?P<jq2>4[~〜-]6)|(?P<jq3>7[~〜-]9)|(?P<jq4>10[~〜-]12))月期"
    rf"|(?P<h1>(?<!补)上半年|上半期|上半期|상반기|前半年)|(?P<h2>下半年"
    rf"|下半期|하반기)"
    rf"|(?<![\d.])(?P<m>1[0-2]|0?[1-9]|十[一二]?|{_HZ})\s?[月월](?!球|亮|饼|薪|租|供|底薪|子)份?"
    rf"(?:\s?(?P<d>[0-3]?\d|[一二三]?十?{_HZ}|[二三]十)\s?[日号일](?!间|元|均))?)"
)
_PHASE = (
    r"(?:\s?的?(?:(?P<start>年?初|초|年头|上旬)|(?P<middle>年中|中旬|중순)"
    r"|(?P<end>年?[底末]|말|下旬)|(?P<same>同期|동기)))"
)
_CJK_REL = _any(w for w in RELATIVES if not w[0].isascii() and ord(w[0]) > 0x2000)
_HZ_YEAR = r"[一二][〇零○一二三四五六七八九]{3}"

Pattern = re.Pattern[str]
PATTERNS: tuple[tuple[str, Pattern], ...] = (
    ("", re.compile(rf"(?<!\d)(?P<y>{_YEAR4})(?P<sep>[-/.])(?P<mon>1[0-2]"
    rf"|0?[1-9])(?P=sep)(?P<d>[0-3]?\d)(?!\d)")),
    ("", re.compile(rf"(?<![\d.])(?P<d>[0-3]?\d)(?P<sep>[./-])(?P<mon>1[0-2]"
    rf"|0?[1-9])(?P=sep)(?P<y>{_YEAR4})(?!\d)")),
    ("年년기间世代", re.compile(r"(?:(?P<century>[12]\d"
    r"|上)(?:个)?世纪)?(?P<decade>(?<!\d)(?:[12]\d)?\d0|[二三四五六七八九]十)(?:年代|년대)")),
    ("年년", re.compile(
        rf"(?:(?P<y>(?<!\d){_YEAR4}|{_HZ_YEAR})\s?(?:年|년)(?!间|历史|的历史|来|年(?![初中底末头])"
        rf"|以来之久)(?:度|도)?"
        rf"|(?P<yy>(?<!\d)\d\d)(?:年|년)(?=\s?(?:第?[一二三四1-4]季|Q[1-4]|[0-9]{{1,2}}[月월]"
        rf"|[上下]半年)))"
        rf"(?:\s?的?{_SUB})?{_PHASE}?")),
    ("年년季分분四해月期周天日晚어上下本前先주달", re.compile(
        rf"(?P<rel>{_CJK_REL})(?:\s?的?{_SUB})?{_PHASE}?")),
    ("年月季분기월半四반", re.compile(rf"(?:(?<![A-Za-z\d])|(?=[上下前第])){_SUB}{_PHASE}?")),
    ("同동", re.compile(r"(?<![不])(?P<same>同期|동기)(?=[相수增，,的為为]|$|为|是|比|水平|约"
    r"|仅|[^声])")),
    ("日일号", re.compile(r"(?<![\d.,年月A-Za-z第])(?P<d>[1-9]|[12]\d"
    r"|3[01])\s?(?:日(?![间元均常期内圆])|일(?![간차당반로본]))")),
)  # fmt: skip
# Each pattern is tried only where one of its words stands in the text ("" = always).
_MONTH_GATE = frozenset(w for name in MONTHS for w in name.split())
_PERIOD_GATE = frozenset(
    "quarter quartal quartals trimestre квартал квартала квартале кварталом".split()
)
_HALF_GATE = frozenset(
    "half halbjahr halbjahres semestre metade mitad полугодие полугодия полугодии".split()
)
_SAME_GATE = frozenset(
    "same comparable corresponding vorjahreszeitraum gleichen même mismo stesso mesmo аналогичный "
    "аналогичного аналогичном аналогичным نفس الفترة".split()
)
_LATIN_RELATIVES = [w for w in RELATIVES if ord(w[0]) < 0x2000]
_RELATIVE_GATE = frozenset(re.findall(r"\w+", " ".join(_LATIN_RELATIVES)))
LATIN: tuple[tuple[frozenset[str], Pattern], ...] = tuple(
    (gate, re.compile(p, re.IGNORECASE))
    for gate, p in (
        (_MONTH_GATE, rf"\b(?P<d>[0-3]?\d)(?:st|nd|rd|th|er|º|°|\.)?\s(?:de\s|of\s"
        rf"|di\s)?{_MON}{_TAIL}"),
        (_MONTH_GATE, rf"\b{_MON}\s(?:the\s)?(?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|[.,:]\d"
        rf"|\s?%)(?:,?\s{_Y})?"),
        (_MONTH_GATE, rf"\b{_MON},?{_OF}{_Y}(?:\s(?:года|г\.))?"),
        (frozenset(), rf"\b(?P<cum>Q1)\s?[-–—]\s?Q(?P<cq>[2-4])\b(?:{_OF}{_Y2})?"),
        (frozenset(), rf"(?<![^\W\d_])(?P<y4>{_YEAR4})\s?-?[QT](?P<q>[1-4])\b"
        rf"|\bQ(?P<q2>[1-4])(?!\d)(?:{_OF}{_Y2})?"),
        (frozenset(), rf"\b(?P<q>[1-4])[QT](?!\d\d\d\d\d)(?:\s?{_Y2})?(?!\w)"),
        (frozenset(), rf"\bH(?P<h>[12])(?!\d)(?:{_OF}{_Y2})?(?!\w)"
        rf"|(?<![^\W\d_])(?P<y4>{_YEAR4})\s?-?H(?P<hb>[12])\b"),
        (frozenset(), rf"\b(?P<h>[12])H(?:\s?{_Y2})?(?!\w)"),
        (_PERIOD_GATE,
         rf"(?:{_Y}\s)?(?<!\w)(?P<oq>{_ORD})[\s-](?:fiscal )?(?:quarter|quartals?|trimestre"
         rf"|квартал\w{{0,2}})\b"
         rf"(?:{_OF}(?:the )?(?:FY|fiscal )?(?P<yb>{_YEAR4})(?!\d)(?:\s(?:года|году|г\.))?)?"),
        (frozenset({"quarters"}), rf"\b(?P<cum>first)\s(?P<cw>two|three|four)\squarters{_TAIL}"),
        (frozenset({"الربع"}), rf"الربع\s(?P<oq>{_ORD}){_TAIL}"),
        (_HALF_GATE,
         rf"(?<!\w)(?P<oh>{_ORD})[\s-](?:half|halbjahr(?:es)?|semestre|metade|полугоди\w{{1,2}}"
         rf"|mitad)\b{_TAIL}"),
        (frozenset({"النصف"}), rf"النصف\s(?P<oh>{_ORD}){_TAIL}"),
        (_RELATIVE_GATE,
         rf"(?:\b(?P<same>{SAME_PERIOD})(?:\s(?:of|in|des|de|del|do|dell['’]|من|an?|the"
         rf"|l['’])?\s?)?)?"
         rf"(?<!\w)(?P<rel>{_any(_LATIN_RELATIVES)})\b"),
        (_SAME_GATE, rf"\b(?P<same>{SAME_PERIOD})\b"),
        (frozenset(), rf"\b(?:FY|fiscal(?: year)?|Geschäftsjahr|exercice"
        rf"|ejercicio)\s?(?P<fy>{_YEAR4}|\d\d)(?!\d)"),
        (frozenset(), r"\b(?P<decade>(?:1[5-9]|20)\d0)(?:s|er)\b|\b(?:the"
        r"|die)\s['’]?(?P<dec2>[2-9]0)(?:s|er)\b"),
        (frozenset("год году года г".split()), rf"{_Y}\s(?:год[ау]?|г\.)(?!\w)"),
        (_MONTH_GATE, rf"\b{_MON}"),
    )
)  # fmt: skip
CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])"
    r"|(?:[上下]午|早上|晚上?|凌晨|中午|오전|오후|午前|午后|午後|夜)\s?(?P<hour2>[0-2]?\d"
    r"|十[一二]?|[一二两三四五六七八九])"
    r"\s?[点时시](?:(?P<minute2>[0-5]?\d)[分분]|(?P<thirty>半|반))?"
    r"|(?<![\d.])(?P<hour3>[01]?\d|2[0-4])[点时시]\s?(?P<minute3>[0-5]?\d)[分분](?!之|钟)"
)
LINK = re.compile(
    r",?\s(?:of\s|in\s|de\s(?:l['’]\s?)?|del\s|do\s|des\s|dell['’]|from\s|من\s|عام\s"
    r"|года\s)?(?:the\s)?",
    re.IGNORECASE,
)
PART_BEFORE = re.compile(
    r"(?<!\w)(?:(?P<start>early|beginning of|start of|Anfang|début|principios del?|inizio"
    r"|início d[eo]"
    r"|начал[оеа]|بداية)|(?P<middle>mid|middle of|Mitte|milieu|mediados del?|metà|meados d[eo]"
    r"|середин[аеуы]|منتصف)|(?P<end>late|end of|Ende|fin|finales del?|fine|fim d[eo]|кон(?:ец"
    r"|це|ца)|نهاية))"
    r"(?:\s(?:the|de|du|di|del|l['’])|-)?\s?$",
    re.IGNORECASE,
)
AFTERNOON = ("下午", "晚", "오후", "午后", "午後", "夜")
NO_MONTH_WORD = re.compile(
    r"(?:\b(?:in|since|until|by|last|this|of|im|seit|en|de|à|a|di|em|в|с|до)\s)$", re.IGNORECASE
)
TOKEN = re.compile(r"[^\W\d_]+")
HAS_LATIN = re.compile(r"[A-Za-zÀ-ÿЀ-ӿ؀-ۿ]")
