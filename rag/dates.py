"""Dates, quarters and relative times as structure, so that two of them can be compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from rag.calendar_words import MONTHS, ORDINALS, RELATIVES, SAME_PERIOD, UNSURE_MONTHS
from rag.numerals import fold, hanzi


@dataclass(frozen=True, slots=True)
class Time:
    """A time as a text names it, at ``[start:end)``; what isn't named is ``None`` or "".

    ``relative`` is one of ``last_year this_year next_year year_before_last last_quarter
    this_quarter next_quarter last_month this_month next_month last_week this_week next_week
    yesterday``; ``part`` one of ``start middle end same_period decade``; ``cumulative`` marks
    "the first three quarters". ``hour`` and ``minute`` belong to a clock time.
    """

    start: int
    end: int
    text: str
    year: int | None = None
    half: int | None = None
    quarter: int | None = None
    month: int | None = None
    day: int | None = None
    relative: str = ""
    part: str = ""
    cumulative: bool = False
    fiscal: bool = False
    hour: int | None = None
    minute: int | None = None

    def key(self) -> tuple[object, ...]:
        """Return what is said, without where and how it is written."""
        return (self.year, self.half, self.quarter, self.month, self.day, self.relative,
                self.part, self.cumulative, self.hour, self.minute)  # fmt: skip

    def fields(self) -> dict[str, object]:
        """Return the named parts alone, such as ``{"year": 2024, "quarter": 2}``."""
        names = ("year", "half", "quarter", "month", "day", "relative", "part", "hour", "minute")
        found = {name: getattr(self, name) for name in names}
        return {name: value for name, value in found.items() if value not in (None, "")}


def compatible(question: Time, passage: Time) -> bool | None:
    """Tell whether a passage's time is the one asked for; ``None`` when neither is certain.

    A field that both name and that differs is a conflict; a quarter and a half conflict too, and
    so do a quarter and a month outside it. A year alone says nothing about a quarter's figure.
    """
    asked, told = question.fields(), passage.fields()
    shared = asked.keys() & told.keys()
    if any(asked[name] != told[name] for name in shared) or _apart(question, passage):
        return False
    if question.cumulative != passage.cumulative and {"quarter", "month"} & shared:
        return False
    finer = {"quarter", "half"} & told.keys() - asked.keys()
    return True if shared and asked.keys() <= told.keys() and not finer else None


def _apart(a: Time, b: Time) -> bool:
    """Tell whether periods of different kinds exclude each other."""
    if a.relative == "last_year" and a.part == "same_period" and b.relative == "this_year":
        return True
    for x, y in ((a, b), (b, a)):
        if x.half and y.quarter and not (x.quarter or y.half):
            return True
        if x.quarter and y.month and not (x.month or y.quarter):
            first = 1 if x.cumulative else 3 * x.quarter - 2
            return not first <= y.month <= 3 * x.quarter
        if x.half and y.month and not (x.month or y.half):
            return (y.month + 5) // 6 != x.half
    return False


def anchored(time: Time, year: int) -> Time:
    """Return ``time`` with a relative year made absolute, ``year`` being "this year"."""
    offset = {"last_year": -1, "this_year": 0, "next_year": 1, "year_before_last": -2}
    if time.year is not None or time.relative not in offset:
        return time
    return replace(time, year=year + offset[time.relative], relative="")


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
    rf"|第?(?P<q>[一二三四1-4])(?:财|会计)?季(?!节)度?|Q(?P<q2>[1-4])(?!\d)|(?<!\d)(?P<q3>[1-4])\s?분기"
    rf"|第?(?P<q4>[一二三四1-4])四半期|(?P<h1>上半年|上半期|上半期|상반기|前半年)|(?P<h2>下半年|下半期|하반기)"
    rf"|(?<![\d.])(?P<m>1[0-2]|0?[1-9]|十[一二]?|{_HZ})\s?[月월](?!球|亮|饼|薪|租|供|底薪|子)份?"
    rf"(?:\s?(?P<d>[0-3]?\d|[一二三]?十?{_HZ}|[二三]十)\s?[日号일](?!间|元|均))?)"
)
_PHASE = r"(?:\s?的?(?:(?P<start>年?初|초|年头|上旬)|(?P<middle>年中|中旬|중순)|(?P<end>年?[底末]|말|下旬)|(?P<same>同期|동기)))"
_CJK_REL = _any(w for w in RELATIVES if not w[0].isascii() and ord(w[0]) > 0x2000)
_HZ_YEAR = r"[一二][〇零○一二三四五六七八九]{3}"

Pattern = re.Pattern[str]
_PATTERNS: tuple[tuple[str, Pattern], ...] = (
    ("", re.compile(rf"(?<!\d)(?P<y>{_YEAR4})(?P<sep>[-/.])(?P<mon>1[0-2]|0?[1-9])(?P=sep)(?P<d>[0-3]?\d)(?!\d)")),
    ("", re.compile(rf"(?<![\d.])(?P<d>[0-3]?\d)(?P<sep>[./-])(?P<mon>1[0-2]|0?[1-9])(?P=sep)(?P<y>{_YEAR4})(?!\d)")),
    ("年년기间世代", re.compile(r"(?:(?P<century>[12]\d|上)(?:个)?世纪)?(?P<decade>(?<!\d)(?:[12]\d)?\d0|[二三四五六七八九]十)(?:年代|년대)")),
    ("年년", re.compile(
        rf"(?:(?P<y>(?<!\d){_YEAR4}|{_HZ_YEAR})\s?(?:年|년)(?!间|历史|的历史|来|年|以来之久)(?:度|도)?"
        rf"|(?P<yy>(?<!\d)\d\d)(?:年|년)(?=\s?(?:第?[一二三四1-4]季|Q[1-4]|[0-9]{{1,2}}[月월]|[上下]半年)))"
        rf"(?:\s?的?{_SUB})?{_PHASE}?")),
    ("年년季分분四해月期周天日晚어上下本前先주달", re.compile(
        rf"(?P<rel>{_CJK_REL})(?:\s?的?{_SUB})?{_PHASE}?")),
    ("年月季분기월半四반", re.compile(rf"(?:(?<![A-Za-z\d])|(?=[上下前第])){_SUB}{_PHASE}?")),
    ("同동", re.compile(r"(?<![不])(?P<same>同期|동기)(?=[相수增，,的為为]|$|为|是|比|水平|约|仅|[^声])")),
    ("日일号", re.compile(r"(?<![\d.,年月A-Za-z第])(?P<d>[1-9]|[12]\d|3[01])\s?(?:日(?![间元均常期内圆])|일(?![간차당반로본]))")),
    ("월月", re.compile(r"(?!)")),
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
_LATIN: tuple[tuple[frozenset[str], Pattern], ...] = tuple(
    (gate, re.compile(p, re.IGNORECASE))
    for gate, p in (
        (_MONTH_GATE, rf"\b(?P<d>[0-3]?\d)(?:st|nd|rd|th|er|º|°|\.)?\s(?:de\s|of\s|di\s)?{_MON}{_TAIL}"),
        (_MONTH_GATE, rf"\b{_MON}\s(?:the\s)?(?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|[.,:]\d|\s?%)(?:,?\s{_Y})?"),
        (_MONTH_GATE, rf"\b{_MON},?{_OF}{_Y}(?:\s(?:года|г\.))?"),
        (frozenset(), rf"\b(?P<cum>Q1)\s?[-–—]\s?Q(?P<cq>[2-4])\b(?:{_OF}{_Y2})?"),
        (frozenset(), rf"(?<![^\W\d_])(?P<y4>{_YEAR4})\s?-?[QT](?P<q>[1-4])\b|\bQ(?P<q2>[1-4])(?!\d)(?:{_OF}{_Y2})?"),
        (frozenset(), rf"\b(?P<q>[1-4])[QT](?!\d\d\d\d\d)(?:\s?{_Y2})?(?!\w)"),
        (frozenset(), rf"\bH(?P<h>[12])(?!\d)(?:{_OF}{_Y2})?(?!\w)|(?<![^\W\d_])(?P<y4>{_YEAR4})\s?-?H(?P<hb>[12])\b"),
        (frozenset(), rf"\b(?P<h>[12])H(?:\s?{_Y2})?(?!\w)"),
        (_PERIOD_GATE,
         rf"(?:{_Y}\s)?(?<!\w)(?P<oq>{_ORD})[\s-](?:fiscal )?(?:quarter|quartals?|trimestre|квартал\w{{0,2}})\b"
         rf"(?:{_OF}(?:the )?(?:FY|fiscal )?(?P<yb>{_YEAR4})(?!\d)(?:\s(?:года|году|г\.))?)?"),
        (frozenset({"quarters"}), rf"\b(?P<cum>first)\s(?P<cw>two|three|four)\squarters{_TAIL}"),
        (frozenset({"الربع"}), rf"الربع\s(?P<oq>{_ORD}){_TAIL}"),
        (_HALF_GATE,
         rf"(?<!\w)(?P<oh>{_ORD})[\s-](?:half|halbjahr(?:es)?|semestre|metade|полугоди\w{{1,2}}|mitad)\b{_TAIL}"),
        (frozenset({"النصف"}), rf"النصف\s(?P<oh>{_ORD}){_TAIL}"),
        (_RELATIVE_GATE,
         rf"(?:\b(?P<same>{SAME_PERIOD})(?:\s(?:of|in|des|de|del|do|dell['’]|من|an?|the|l['’])?\s?)?)?"
         rf"(?<!\w)(?P<rel>{_any(_LATIN_RELATIVES)})\b"),
        (_SAME_GATE, rf"\b(?P<same>{SAME_PERIOD})\b"),
        (frozenset(), rf"\b(?:FY|fiscal(?: year)?|Geschäftsjahr|exercice|ejercicio)\s?(?P<fy>{_YEAR4}|\d\d)(?!\d)"),
        (frozenset(), r"\b(?P<decade>(?:1[5-9]|20)\d0)(?:s|er)\b|\b(?:the|die)\s['’]?(?P<dec2>[2-9]0)(?:s|er)\b"),
        (frozenset("год году года г".split()), rf"{_Y}\s(?:год[ау]?|г\.)(?!\w)"),
        (_MONTH_GATE, rf"\b{_MON}"),
    )
)  # fmt: skip
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])"
    r"|(?:[上下]午|早上|晚上?|凌晨|中午|오전|오후|午前|午后|午後|夜)\s?(?P<hour2>[0-2]?\d|十[一二]?|[一二两三四五六七八九])"
    r"\s?[点时시](?:(?P<minute2>[0-5]?\d)[分분]|(?P<thirty>半|반))?"
    r"|(?<![\d.])(?P<hour3>[01]?\d|2[0-4])[点时시]\s?(?P<minute3>[0-5]?\d)[分분](?!之|钟)"
)
_LINK = re.compile(
    r",?\s(?:of\s|in\s|de\s(?:l['’]\s?)?|del\s|do\s|des\s|dell['’]|from\s|من\s|عام\s|года\s)?(?:the\s)?",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(
    r"(?<!\w)(?:(?P<start>early|beginning of|start of|Anfang|début|principios del?|inizio|início d[eo]"
    r"|начал[оеа]|بداية)|(?P<middle>mid|middle of|Mitte|milieu|mediados del?|metà|meados d[eo]"
    r"|середин[аеуы]|منتصف)|(?P<end>late|end of|Ende|fin|finales del?|fine|fim d[eo]|кон(?:ец|це|ца)|نهاية))"
    r"(?:\s(?:the|de|du|di|del|l['’])|-)?\s?$",
    re.IGNORECASE,
)
_AFTERNOON = ("下午", "晚", "오후", "午后", "午後", "夜")
_NO_MONTH_WORD = re.compile(
    r"(?:\b(?:in|since|until|by|last|this|of|im|seit|en|de|à|a|di|em|в|с|до)\s)$", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\W\d_]+")
_HAS_LATIN = re.compile(r"[A-Za-zÀ-ÿЀ-ӿ؀-ۿ]")


def times_in(plain: str, text: str) -> list[Time]:
    """Return the times of ``text`` whose folded form is ``plain``, ascending, no overlap."""
    claimed: list[Time] = []
    taken = bytearray(len(plain))
    for gate, pattern in _PATTERNS:
        if not gate or any(c in plain for c in gate):
            _claim(pattern, plain, text, taken, claimed)
    if _HAS_LATIN.search(plain):
        words = set(_TOKEN.findall(plain.casefold()))
        for needed, pattern in _LATIN:
            if needed and needed.isdisjoint(words):
                continue
            _claim(pattern, plain, text, taken, claimed)
    if ":" in plain or any(c in plain for c in "点时시"):
        _claim(_CLOCK, plain, text, taken, claimed)
    return _merged(sorted(claimed, key=lambda t: t.start), plain, text)


def _merged(times: list[Time], plain: str, text: str) -> list[Time]:
    """Join a period with the year named after it, and take in the "beginning of" before it."""
    joined: list[Time] = []
    for time in times:
        last = joined[-1] if joined else None
        if last is not None and _belongs(last, time, plain):
            fields = {k: v for k, v in time.fields().items()}
            part = "same_period" if last.part == "same_period" else time.part or last.part
            joined[-1] = replace(
                last, end=time.end, text=text[last.start : time.end], **{**fields, "part": part}
            )
        else:
            joined.append(time)
    return [_with_part(time, plain, text) for time in joined]


def _belongs(last: Time, time: Time, plain: str) -> bool:
    """Tell whether ``time`` is the year of the period ``last``."""
    year_only = time.fields().keys() in ({"year"}, {"relative"}) and not last.year
    period = last.quarter or last.half or last.month or last.part == "same_period"
    if not (year_only and period and not last.relative):
        return False
    return _LINK.fullmatch(plain, last.end, time.start) is not None


def _with_part(time: Time, plain: str, text: str) -> Time:
    """Read "early", "end of" and their like before a time."""
    match = _PART_BEFORE.search(plain, max(0, time.start - 24), time.start)
    if match is None or time.part:
        return time
    part = next(name for name, value in match.groupdict().items() if value)
    return replace(time, start=match.start(), text=text[match.start() : time.end], part=part)


def _claim(pattern: Pattern, plain: str, text: str, taken: bytearray, claimed: list[Time]) -> None:
    """Add the pattern's times where nothing stronger has been found."""
    for match in pattern.finditer(plain):
        start, end = match.span()
        while end > start and plain[end - 1] in " ,":
            end -= 1
        if any(taken[start:end]):
            continue
        time = _time(match, plain, text, start, end)
        if time is not None:
            taken[start:end] = b"\1" * (end - start)
            claimed.append(time)


def _time(match: re.Match[str], plain: str, text: str, start: int, end: int) -> Time | None:
    """Turn the named groups of a match into a time, or nothing where they make none."""
    g = {name: value for name, value in match.groupdict().items() if value}
    first: Callable[..., str] = lambda *names: next((g[n] for n in names if n in g), "")  # noqa: E731
    relative = RELATIVES.get(g.get("rel", "").casefold(), "")
    part = next((p for p in ("start", "middle", "end") if p in g), "")
    part = "same_period" if "same" in g else part
    if relative == "year_before_last" and (part == "same_period" or plain[end : end + 1] == "比"):
        relative = "last_year"  # the Japanese 前年同期
    if "Vorjahreszeitraum".casefold() in g.get("same", "").casefold():
        relative = "last_year"
    month = g.get("mon", "")
    if month and not month.isdigit():
        alone = end - start <= len(month) + 1
        if alone and not _sure_month(month, plain, start):
            return None
    written_year = first("y", "y4", "yb", "yy", "fy")
    year = _number(written_year)
    if year is not None and len(written_year) == 2:
        year += 2000
    decade = first("decade", "dec2")
    if decade:
        tens, century = _number(decade) or 0, g.get("century", "")
        hundred = 1900 if century == "上" or not century else (int(century) - 1) * 100
        year, part = (tens if tens > 100 else hundred + tens), "decade"
    quarter = _number(first("q", "q2", "q3", "q4", "cq")) or ORDINALS.get(first("oq").casefold())
    quarter = quarter or {"two": 2, "three": 3, "four": 4}.get(g.get("cw", "").casefold())
    half = _number(first("h", "hb")) or ORDINALS.get(first("oh").casefold())
    half = 1 if "h1" in g else 2 if "h2" in g else half
    day = _number(g.get("d", ""))
    month_number = MONTHS.get(month.casefold()) or _number(first("mon", "m"))
    if day is not None and not 1 <= day <= 31:
        return None
    hour = _number(first("hour", "hour2", "hour3"))
    if hour is not None and hour < 12 and plain.startswith(_AFTERNOON, start):
        hour += 12
    return Time(
        start, end, text[start:end], year, half, quarter, month_number, day, relative, part,
        "cum" in g, "fy" in g, hour,
        30 if "thirty" in g else _number(first("minute", "minute2", "minute3")),
    )  # fmt: skip


def _sure_month(name: str, plain: str, start: int) -> bool:
    """Tell whether a month's name standing alone is meant as a month."""
    if name.casefold() not in UNSURE_MONTHS:
        return name.casefold() not in ("august", "april", "june") or name[0].isupper()
    after_preposition = _NO_MONTH_WORD.search(plain[max(0, start - 8) : start]) is not None
    return after_preposition and (
        name[0].isupper() or name.casefold() in ("mars", "mai", "marzo", "мае", "мая")
    )


def _number(written: str) -> int | None:
    """Read a small number in digits or Hanzi."""
    if not written:
        return None
    if written.isdigit():
        return int(written)
    value = hanzi(written)
    return int(value[0]) if value else None


def dates(text: str) -> list[Time]:
    """Return the times of ``text`` but for years that stand alone."""
    return times_in(fold(text), text)
