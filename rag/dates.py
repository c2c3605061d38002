"""Dates, quarters and relative times as structure, so that two of them can be compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from rag.calendar_words import MONTHS, ORDINALS, RELATIVES, UNSURE_MONTHS
from rag.date_patterns import (
    AFTERNOON,
    CLOCK,
    HAS_LATIN,
    LATIN,
    LINK,
    NO_MONTH_WORD,
    PART_BEFORE,
    PATTERNS,
    TOKEN,
    Pattern,
)
from rag.numerals import hanzi


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


class Period(NamedTuple):
    """The year and the quarter that a text is of, None where it doesn't tell."""

    year: int | None = None
    quarter: int | None = None


UNKNOWN = Period()


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


def anchored(time: Time, now: Period) -> Time:
    """Return ``time`` with a relative year or quarter made absolute, ``now`` being this one."""
    years = {"last_year": -1, "this_year": 0, "next_year": 1, "year_before_last": -2}
    quarters = {"last_quarter": -1, "this_quarter": 0, "next_quarter": 1}
    if time.year is not None or now.year is None:
        return time
    if time.relative in years:
        return replace(time, year=now.year + years[time.relative], relative="")
    if time.relative in quarters and now.quarter and not time.quarter:
        count = 4 * now.year + now.quarter - 1 + quarters[time.relative]
        return replace(time, year=count // 4, quarter=count % 4 + 1, relative="")
    return time


def its_own(time: Time, now: Period) -> bool:
    """Tell whether a time asked for is the quarter, or the half of a year, that a text is of."""
    if time.year not in (None, now.year) or time.month or not (time.quarter or time.half):
        return False
    if time.quarter:
        return time.quarter == now.quarter
    return now.quarter == 2 * (time.half or 0) or (now.quarter is None and time.year is not None)


def wholly_its_own(time: Time, now: Period) -> bool:
    """Tell whether all that a text says is of a time asked for: its own, but not the half of a year
    that a text of a quarter is of."""
    return its_own(time, now) and not (time.half and now.quarter)


def times_in(plain: str, text: str) -> list[Time]:
    """Return the times of ``text`` whose folded form is ``plain``, ascending, no overlap."""
    claimed: list[Time] = []
    taken = bytearray(len(plain))
    for gate, pattern in PATTERNS:
        if not gate or any(c in plain for c in gate):
            _claim(pattern, plain, text, taken, claimed)
    if HAS_LATIN.search(plain):
        words = set(TOKEN.findall(plain.casefold()))
        for needed, pattern in LATIN:
            if needed and needed.isdisjoint(words):
                continue
            _claim(pattern, plain, text, taken, claimed)
    if ":" in plain or any(c in plain for c in "点时시"):
        _claim(CLOCK, plain, text, taken, claimed)
    return _merged(sorted(claimed, key=lambda t: t.start), plain, text)


def _merged(times: list[Time], plain: str, text: str) -> list[Time]:
    """Join a period with the year named after it, and take in the "beginning of" before it."""
    joined: list[Time] = []
    for time in times:
        last = joined[-1] if joined else None
        if last is not None and _belongs(last, time, plain):
            joined[-1] = replace(
                last,
                end=time.end,
                text=text[last.start : time.end],
                year=time.year,
                relative=time.relative,
                part=last.part or time.part,
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
    return LINK.fullmatch(plain, last.end, time.start) is not None


def _with_part(time: Time, plain: str, text: str) -> Time:
    """Read "early", "end of" and their like before a time."""
    match = PART_BEFORE.search(plain, max(0, time.start - 24), time.start)
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
    quarter = quarter or next((n for n in range(1, 5) if f"jq{n}" in g), None)  # 7〜9月期
    half = _number(first("h", "hb")) or ORDINALS.get(first("oh").casefold())
    half = 1 if "h1" in g else 2 if "h2" in g else half
    day = _number(g.get("d", ""))
    month_number = MONTHS.get(month.casefold()) or _number(first("mon", "m"))
    if day is not None and not 1 <= day <= 31:
        return None
    hour = _number(first("hour", "hour2", "hour3"))
    if hour is not None and hour < 12 and plain.startswith(AFTERNOON, start):
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
    after_preposition = NO_MONTH_WORD.search(plain[max(0, start - 8) : start]) is not None
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
