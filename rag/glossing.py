"""Say a figure in another language with its scale words, signs and every digit kept.

310亿元 becomes "RMB 31.0 billion", "31,0 Milliarden RMB", "310億元". What a language has no word
for here (a classifier, a rare currency) is left out or kept as its code, never guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from rag import gloss_words as words
from rag.figures import Figure
from rag.numerals import EXACT, HANZI_DIGITS, fold
from rag.phrasing_times import phrase

_EXPLICIT = re.compile(r"\d[.,٫]\d{1,2}(?!\d)|\d[.,]\d{4}|点")
_WEEK = re.compile(
    r"[周週]|星期|礼拜|week|주|Woche|semaine|semana|settiman|недел|أس", re.IGNORECASE
)
_CJK = ("zh", "zh-Hant", "ja", "ko")


def gloss(figure: Figure, language: str) -> str:
    """Return ``figure`` as ``language`` writes it; an unknown language gets English."""
    tongue = _supported(language)
    if figure.time is not None:
        return phrase(figure.time, tongue)
    if figure.kind == "money":
        return _money(figure, tongue)
    if figure.kind == "duration":
        return _duration(figure, tongue)
    if figure.unit == "fraction":
        share = Fraction(figure.value).limit_denominator(1000)
        return f"{share.numerator}/{share.denominator}"
    if figure.unit == "ordinal":
        return _ordinal(int(figure.value), tongue)
    if figure.kind == "number" and not _scaled(figure):
        return _plain(figure, tongue)
    if figure.kind == "percent":
        sign = words.SIGNS.get(tongue, ("", "", ""))[2] + "%"
        return _span(figure, Decimal(1), tongue) + (
            sign if figure.unit == "%" else _point(figure, tongue)
        )
    if figure.kind == "multiple":
        return _span(figure, Decimal(1), tongue) + words.TIMES[tongue]
    return _amount(figure, tongue)[0] + _counted(figure, tongue)


def _supported(language: str) -> str:
    """Return the known language closest to a BCP 47 code."""
    if language in words.LANGUAGES:
        return language
    parts = language.split("-")
    if parts[0] == "zh":
        return "zh-Hant" if {"Hant", "TW", "HK", "MO"} & set(parts) else "zh"
    return parts[0] if parts[0] in words.LANGUAGES else "en"


def _scaled(figure: Figure) -> bool:
    """Tell whether a bare number is an amount and not a label such as 13812345678 or 618."""
    return re.fullmatch(r"[+-]?\d+", fold(figure.text)) is None


def _plain(figure: Figure, tongue: str) -> str:
    """Return a number that carries no scale; labels keep their digits as written."""
    return fold(figure.text)


def _money(figure: Figure, tongue: str) -> str:
    """Return an amount of money with its currency."""
    amount, scale = _amount(figure, tongue)
    if figure.unit == "¥":
        return f"¥{amount}"
    if tongue == "en" and figure.unit in words.PREFIX_SIGNS:
        minus = "-" if amount.startswith("-") else ""
        return f"{minus}{words.PREFIX_SIGNS[figure.unit]}{amount.lstrip('-')}"
    name = words.MONEY[tongue].get(figure.unit, figure.unit)
    if tongue in ("zh", "zh-Hant", "ja"):
        return amount + (name if not name.isascii() else f" {name}")
    of = words.OF.get(tongue, "") if scale else ""
    return f"{amount} d'{name}" if of == "de " and tongue == "fr" and name[0] == "e" else (
        f"{amount} {of}{name}"
    )  # fmt: skip


def _amount(figure: Figure, tongue: str) -> tuple[str, str]:
    """Return the written amount and the scale word in it, "" for plain digits."""
    largest = max(abs(figure.value), abs(figure.upper or figure.value))
    for scale, word in words.SCALES[tongue]:
        if largest >= scale and _fits(figure, scale, tongue):
            written = _span(figure, scale, tongue)
            one = figure.value == scale and figure.upper is None and written in ("1", "1,0")
            single = words.ONE.get(tongue, {}).get(word.strip(), word.strip())
            return written + (f" {single}" if one and tongue not in _CJK else word), word
    return _span(figure, Decimal(1), tongue), ""


def _fits(figure: Figure, scale: Decimal, tongue: str) -> bool:
    """Tell whether a scale word shortens: 12,345 is not written 1.2345万."""
    return _places(figure, scale) <= 3 or (scale >= 10**6 and tongue not in _CJK)


def _places(figure: Figure, scale: Decimal) -> int:
    """Return how many decimals the amount keeps in units of ``scale``."""
    ratio = EXACT.divide(figure.step or Decimal(1), scale)
    places = max(0, -ratio.adjusted())
    values = [EXACT.divide(v, scale) for v in (figure.value, figure.upper) if v is not None]
    needed = max(max(0, -int(v.normalize(EXACT).as_tuple().exponent)) for v in values)
    zeros = places - needed
    if zeros > 0 and _EXPLICIT.search(figure.text) is None:
        count = EXACT.divide(values[-1], ratio).normalize(EXACT).as_tuple().exponent
        return places if int(count) == 1 and zeros == 1 else needed
    return max(places, needed)


def _span(figure: Figure, scale: Decimal, tongue: str) -> str:
    """Write the value, or both ends of a range, in units of ``scale``."""
    places = _places(figure, scale)
    ends = [v for v in (figure.value, figure.upper) if v is not None]
    return "–".join(_written(EXACT.divide(v, scale), places, tongue) for v in ends)


def _written(value: Decimal, places: int, tongue: str) -> str:
    """Write a decimal with a language's signs."""
    decimal, thousands, _ = words.SIGNS.get(tongue, (".", ",", ""))
    exact = f"{value.quantize(Decimal(1).scaleb(-places), context=EXACT):f}"
    whole, _, fraction = exact.lstrip("-").partition(".")
    grouped = whole
    if len(whole) > (4 if tongue in _CJK else 3):
        grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", thousands, whole)
    minus = "-" if value < 0 else ""
    return minus + grouped + (decimal + fraction if fraction else "")


def _point(figure: Figure, tongue: str) -> str:
    """Return the words for percentage points, singular in English for one."""
    if tongue == "en" and figure.value == 1 and figure.upper is None:
        return " percentage point"
    return words.POINTS[tongue]


def _duration(figure: Figure, tongue: str) -> str:
    """Write a span of time in its largest fitting unit."""
    sizes = [("month", 12, 0), ("month", 1, 1), ("second", 604800, 2), ("second", 86400, 3),
             ("second", 3600, 4), ("second", 60, 5), ("second", 1, 6)]  # fmt: skip
    ends = [v for v in (figure.value, figure.upper) if v is not None]
    for unit, size, index in sizes:
        weeks = index != 2 or _WEEK.search(figure.text)
        if unit == figure.unit and weeks and all(v % size == 0 for v in ends):
            break
    values = [EXACT.divide(v, Decimal(size)) for v in ends]
    places = max(max(0, -int(v.normalize(EXACT).as_tuple().exponent)) for v in values)
    written = "–".join(_written(v, places, tongue) for v in values)
    one, many = words.PERIODS[tongue].split(" ")[index].split("|")
    gap = "" if tongue in _CJK else " "
    return f"{written}{gap}{one if values == [Decimal(1)] else many}"


def _counted(figure: Figure, tongue: str) -> str:
    """Return the counted thing where the language has one sure word for it."""
    if figure.unit == "person":
        return words.PEOPLE[tongue]
    if figure.unit == "year-old":
        return words.AGED[tongue]
    if figure.unit in words.MEASURES:
        return " " + words.MEASURES[figure.unit]
    return ""


def _ordinal(number: int, tongue: str) -> str:
    """Write a place in a row."""
    if tongue in ("zh", "zh-Hant", "ja"):
        digit = {n: c for c, n in HANZI_DIGITS.items() if c in "一二三四五六七八九"}
        return "第" + (digit.get(number, str(number)) if tongue != "ja" else str(number))
    if tongue == "ko":
        return f"제{number}"
    if tongue == "en":
        teen = number % 100 in (11, 12, 13)
        return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
    return f"{number}{words.ORDINAL_AFTER.get(tongue, '')}"
