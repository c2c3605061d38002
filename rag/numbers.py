"""Find the figures of a text: amounts, shares, counts, durations, dates, with exact values.

The span of a figure covers its scale, unit, classifier and currency (310亿元, $3.5 million),
never the words of estimate around it (近, about), which set flags instead. Bare Hanzi numerals
count only with a unit or a scale, as 一 in 一些 or 万 in a name is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.dates import UNKNOWN, Period, Time, anchored, compatible, its_own, times_in, wholly_its_own
from rag.estimates import flagged
from rag.figures import Figure, Kind, ends, exact, same
from rag.glossing import gloss
from rag.measures import COUNT_OF_ONE, Measure, measure, scale_at
from rag.number_words import WORDS
from rag.numerals import EXACT, NUMBER, SPACED, decimal_comma, digits, fold, hanzi
from rag.units import PREFIXES

__all__ = [
    "UNKNOWN", "Figure", "Kind", "Period", "Time", "anchored", "compatible", "ends", "exact",
    "find", "gloss", "its_own", "same", "times", "wholly_its_own",
]  # fmt: skip


_CURRENCY = "|".join(re.escape(p) for p in sorted(PREFIXES, key=len, reverse=True))
_HEAD = (
    rf"(?:(?<![A-Za-z])(?P<currency>{_CURRENCY})\s?)?(?P<sign>(?:(?<![\w%%)])"
    rf"|(?<=[长降为率跌滑减升幅]))[-+])?"
    rf"(?P<currency2>[$€£¥₩₽₹])?(?P<number>(?<![\d])(?:%s))"
)
_DOTTED, _SPACED = re.compile(_HEAD % NUMBER), re.compile(_HEAD % SPACED)
_HANZI = re.compile(
    r"(?<![数几好若])(?P<number>[一二三四五六七八九十百千两][一二三四五六七八九十百千万亿兆两〇"
    r"零点]*"
    r"|(?<![百千十])万亿|半(?=个?[年月天小时])|(?<![十百千])亿(?=[元美]))"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_BARE_SCALES = ("百", "千", "百万", "千万", "十万", "十亿")
_ONE_ONLY = re.compile(r"[一1]")
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_RANGE = re.compile(r"\s?(?:-|–|—|~|至|から|에서|to|bis|à|до|или)\s?")
_LARGEST = Decimal(10**42)  # beyond it a run of scale words is noise
_NEXT = re.compile(rf"\s?(?P<number>{NUMBER})")
_ODD = re.compile(r"[多余](?=[\u4e00-\u9fff])|来(?=[个万亿家人名位年天岁])")
_FRACTION = re.compile(r"分之(?P<number>[一二三四五六七八九十百两点零〇]+|\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class _Raw:
    """A number before its unit is known: mantissa at ``[start:end)``."""

    start: int
    end: int
    value: Decimal
    step: Decimal
    currency: str = ""
    written: str = "digits"


def find(text: str, language: str | None = None) -> list[Figure]:
    """Return the figures of ``text``, ascending, without overlap.

    ``language`` decides how 1.234 is read; without it the text's own small words do.
    """
    plain = fold(text)
    comma = decimal_comma(plain, language)
    figures: list[Figure] = []
    position = 0
    for time in times_in(plain, text):
        figures += _between(text, plain, position, time.start, comma)
        figures.append(_dated(time))
        position = time.end
    figures += _between(text, plain, position, len(plain), comma)
    return _ranges(figures, text, plain, comma)


def times(text: str, language: str | None = None) -> list[Time]:
    """Return the times ``text`` names, ascending."""
    return [f.time for f in find(text, language) if f.time is not None]


def _between(text: str, plain: str, start: int, end: int, comma: bool) -> Iterator[Figure]:
    """Yield the figures of a stretch without dates."""
    position = start
    for raw in _numbers(plain, start, end, comma):
        if raw.start < position:
            continue
        figure = _figure(text, plain, raw, end, comma)
        if figure is not None:
            position = figure.end
            yield figure


def _numbers(plain: str, start: int, end: int, comma: bool) -> list[_Raw]:
    """Return every mantissa in digits, Hanzi and words, ascending; digits first where they tie."""
    found: list[_Raw] = []
    for match in (_SPACED if comma else _DOTTED).finditer(plain, start, end):
        read = digits(match["number"], comma)
        if read is None:
            continue
        sign = -1 if match["sign"] and match["sign"][0] == "-" else 1
        code = PREFIXES.get(match["currency"] or match["currency2"] or "", "")
        found.append(_Raw(match.start(), match.end(), sign * read[0], read[1], code))
    for match in _HANZI.finditer(plain, start, end):
        raw = _hanzi(match)
        if raw is not None:
            found.append(raw)
    for match in _WORD.finditer(plain, start, end):
        value = WORDS.get(match[0].casefold())
        if value is not None:
            one = Decimal("0.1") if value % 1 else Decimal(1)
            found.append(_Raw(match.start(), match.end(), value, one, "", "word"))
    return sorted(found, key=lambda raw: raw.start)


def _hanzi(match: re.Match[str]) -> _Raw | None:
    """Read a Hanzi numeral, leaving a trailing 点 or 零 to the words after it."""
    written = match["number"].rstrip("点零")
    start, end = match.start(), match.start() + len(written)
    if written == "半":
        return _Raw(start, end, Decimal("0.5"), Decimal("0.1"), "", "half")
    read = hanzi(written)
    return None if read is None else _Raw(start, end, *read, "", "hanzi")


def _figure(text: str, plain: str, raw: _Raw, ceiling: int, comma: bool) -> Figure | None:
    """Read scale and unit after a mantissa and build the figure, or nothing for a mere word."""
    start, end, value, step, scaled = raw.start, raw.end, raw.value, raw.step, False
    while value < _LARGEST and (scale := scale_at(plain, end, ceiling, bool(raw.currency))):
        value, step = EXACT.multiply(value, scale.factor), EXACT.multiply(step, scale.factor)
        end, scaled = scale.end, True
        more = _chained(plain, end, ceiling, step, comma) if scale.chains else None
        if more is None:
            if scale.chains and (again := scale_at(plain, end, ceiling, False)) and again.chains:
                continue
            break
        end, extra, step = more
        value = EXACT.add(value, extra if value >= 0 else -extra)
    fraction = _FRACTION.match(plain, end, ceiling)
    if fraction:
        return _fraction(text, plain, start, value, fraction)
    low = False
    if found := _ODD.match(plain, end, ceiling):
        end, low = found.end(), True
        if (again := scale_at(plain, end, ceiling, False)) is not None:
            value, step = EXACT.multiply(value, again.factor), EXACT.multiply(step, again.factor)
            end, scaled = again.end, True
    unit = measure(plain, end, ceiling, raw.currency, scaled=scaled, written=raw.written)
    if not _meant(plain, raw, scaled, unit):
        return None
    if unit is None:
        unit = Measure(end, "money" if raw.currency else "number", raw.currency, Decimal(1))
    value, step = EXACT.multiply(value, unit.factor), EXACT.multiply(step, unit.factor)
    if unit.half:
        value = EXACT.add(value, EXACT.multiply(unit.factor, Decimal("0.5")))
    if plain[start - 1 : start] == "第" or (unit.unit == "rank"):
        start, unit = (start - 1 if plain[start - 1 : start] == "第" else start), Measure(
            unit.end if unit.unit == "rank" else raw.end, "number", "ordinal", Decimal(1)
        )  # fmt: skip
    figure = Figure(start, unit.end, text[start : unit.end], unit.kind, value, unit.unit, step=step)
    return flagged(_as_year(figure, plain, raw, scaled), plain, low)


def _chained(
    plain: str, end: int, ceiling: int, step: Decimal, comma: bool
) -> tuple[int, Decimal, Decimal] | None:
    """Read the next smaller part of 3억 9500만 or 1万2345, which must fit below ``step``."""
    match = _NEXT.match(plain, end, ceiling)
    read = digits(match["number"], comma) if match else None
    if match is None or read is None or "." in match["number"]:
        return None
    value, end, own = read[0], match.end(), read[1]
    while value < _LARGEST and (scale := scale_at(plain, end, ceiling, False)) and scale.chains:
        value, own = EXACT.multiply(value, scale.factor), EXACT.multiply(own, scale.factor)
        end = scale.end
    spaced_apart = match[0][0].isspace() and own == 1
    return None if value >= step or spaced_apart else (end, value, own)


def _fraction(
    text: str, plain: str, start: int, below: Decimal, match: re.Match[str]
) -> Figure | None:
    """Read 百分之五 as five percent, 四分之三 as a fraction."""
    written = match["number"]
    above = digits(written, False) if written[0].isdigit() else hanzi(written)
    if above is None or not below:
        return None
    share = below in (100, 1000, 10000)
    factor = EXACT.divide(Decimal(100 if share else 1), below)
    value = EXACT.multiply(above[0], factor) if share else EXACT.divide(above[0], below)
    kind: Kind = "percent" if share else "number"
    end, step = match.end(), EXACT.multiply(above[1], factor) if share else Decimal(0)
    unit = "%" if share else "fraction"
    figure = Figure(start, end, text[start:end], kind, value, unit, step=step)
    return flagged(figure, plain, False)


def _meant(plain: str, raw: _Raw, scaled: bool, unit: Measure | None) -> bool:
    """Tell whether a mantissa is a figure and not a syllable of a word or a name."""
    written = plain[raw.start : raw.end]
    if raw.written == "digits" or plain[raw.start - 1 : raw.start] == "第":
        return True
    if raw.written == "word":
        return scaled or (unit is not None and (raw.value != 1 or unit.unit in COUNT_OF_ONE))
    if len(written) == 1 and written in "百千":
        return unit is not None and unit.kind in ("money", "multiple")
    if written in _BARE_SCALES or written == "亿":
        return unit is not None and unit.kind != "duration"
    if written[-1] in "万亿" and len(written) > 1:
        return True
    if unit is None:
        return scaled or (len(written) > 2 and raw.value > 20 and "点" not in written)
    if written == "一":
        return unit.unit in COUNT_OF_ONE and not plain.startswith("时间", raw.end)
    if len(written) == 1 and unit.kind == "money":
        return unit.unit != "CNY" or plain[unit.end - 1] != "元"
    return written != "二" or unit.kind != "count" or unit.unit in ("person", "つ")


def _as_year(figure: Figure, plain: str, raw: _Raw, scaled: bool) -> Figure:
    """Turn a bare 2024 into a date."""
    written = plain[raw.start : raw.end]
    bare = figure.kind == "number" and not figure.unit and not scaled and raw.written == "digits"
    if not bare or not _YEAR.fullmatch(written) or int(written) > 2100:
        return figure
    if plain[raw.start - 1 : raw.start].isalpha() and plain[raw.start - 1 : raw.start].isascii():
        return figure
    return _dated(Time(figure.start, figure.end, figure.text, year=int(written)))


def _dated(time: Time) -> Figure:
    """Wrap a time as a figure whose value sorts like the date."""
    number = (time.year or 0) * 10000 + (time.month or 0) * 100 + (time.day or 0)
    unit = f"Q{time.quarter}" if time.quarter else f"H{time.half}" if time.half else ""
    return Figure(time.start, time.end, time.text, "date", Decimal(number), unit, time=time)


def _ranges(figures: list[Figure], text: str, plain: str, comma: bool) -> list[Figure]:
    """Join 3%-5% and 3-5% into one figure with an upper end."""
    joined: list[Figure] = []
    for figure in figures:
        last = joined[-1] if joined else None
        merged = _range(last, figure, text, plain, comma) if last is not None else None
        if merged is None:
            joined.append(figure)
        else:
            joined[-1] = merged
    return joined


def _range(low: Figure, high: Figure, text: str, plain: str, comma: bool) -> Figure | None:
    """Return both as one range, or nothing where they are two figures."""
    link = _RANGE.fullmatch(plain, low.end, high.start)
    if link is None or "date" in (low.kind, high.kind) or low.upper or high.upper:
        return None
    bare = low.kind == "number" and not low.unit and low.value == low.step * (low.value // low.step)
    bare = bare and not (high.kind == "number" and not high.unit)
    alike = (low.kind, low.unit) == (high.kind, high.unit) and low.kind != "number"
    money = low.kind == "money" and low.unit and high.kind == "number"
    if not (
        bare or ((alike or money) and not link[0].strip().isalpha()) or (alike and "至" in link[0])
    ):
        return None
    value, step = low.value, low.step
    own = digits(high.text.strip(), False)
    factor = _factor(high, plain, comma)
    if own is None and (bare or money) and value < factor:
        value, step = EXACT.multiply(value, factor), EXACT.multiply(step, factor)
    if value >= high.value:
        return None
    span = text[low.start : high.end]
    unit, kind = (low.unit, low.kind) if money else (high.unit, high.kind)
    return replace(
        high, start=low.start, text=span, value=value, upper=high.value, step=max(step, high.step),
        unit=unit, kind=kind, low=False, high=False, approximate=low.approximate,
    )  # fmt: skip


def _factor(figure: Figure, plain: str, comma: bool) -> Decimal:
    """Return what the written mantissa of ``figure`` was multiplied by."""
    match = _NEXT.search(plain, figure.start, figure.end)
    read = digits(match["number"], comma) if match else None
    if read is None or not read[0]:
        return Decimal(1)
    return EXACT.divide(figure.value, read[0])
