"""Say a date, a quarter or a relative time in another language."""

from __future__ import annotations

from rag import gloss_words as words
from rag.dates import Time

_HANZI = "零一二三四五六七八九"


def phrase(time: Time, tongue: str) -> str:
    """Return ``time`` as ``tongue`` (one of ``LANGUAGES``) writes it."""
    if time.hour is not None:
        return f"{time.hour}:{time.minute or 0:02d}"
    if time.part == "decade" and time.year is not None:
        return _decade(time.year, tongue)
    if time.cumulative and time.quarter:
        return _cumulative(time, tongue)
    eastern = tongue in ("zh", "zh-Hant", "ja", "ko")
    said = _eastern(time, tongue) if eastern else _western(time, tongue)
    parts = dict(zip(("start", "middle", "end", "same_period"), words.PARTS[tongue].split("|"),
                     strict=True))  # fmt: skip
    if time.part in parts:
        said = " ".join(parts[time.part].format(said).split()).removesuffix(" of")
        if eastern and time.month is None:
            said = said.replace("年中旬", "年中")
    said = said.replace(" de año", " del año").replace(" de ano", " do ano")
    return said.removesuffix(" de") or time.text


def _decade(year: int, tongue: str) -> str:
    """Name ten years."""
    if tongue in ("zh", "zh-Hant", "ja"):
        return f"{year}年代"
    return {"ko": f"{year}년대", "de": f"{year}er", "en": f"{year}s"}.get(tongue, f"{year}s")


def _cumulative(time: Time, tongue: str) -> str:
    """Name the first quarters of a year together."""
    quarter, year = time.quarter or 3, time.year
    if tongue in ("zh", "zh-Hant"):
        return (f"{year}年" if year else "") + f"前{_HANZI[quarter]}季度"
    if tongue == "en":
        number = ("", "one", "two", "three", "four")[quarter]
        tail = f" of {year}" if year else ""
        return f"first {number} quarters" + (tail or _relative(time, tongue, " of {}"))
    return f"Q1–Q{quarter}" + (f" {year}" if year else "")


def _relative(time: Time, tongue: str, around: str = "{}") -> str:
    """Return the words of a relative time, set into ``around``."""
    if not time.relative:
        return ""
    names = words.RELATIVE_WORDS[tongue].split("|")
    name = names[words.RELATIVE_ORDER.index(time.relative)]
    return around.format(name or time.text)


def _eastern(time: Time, tongue: str) -> str:
    """Write year, period and day from the largest to the smallest."""
    gap = " " if tongue == "ko" else ""
    year, month, day = ("년", "월", "일") if tongue == "ko" else ("年", "月", "日")
    pieces = [f"{time.year}{year}"] if time.year else []
    pieces += [_relative(time, tongue)] if time.relative else []
    if time.quarter:
        zh = f"第{_HANZI[time.quarter]}季度"
        named = {"ko": f"{time.quarter}분기", "ja": f"第{time.quarter}四半期"}
        pieces.append(named.get(tongue, zh))
    if time.half:
        pieces.append(words.HALVES[tongue].split("|")[time.half - 1])
    if time.month:
        pieces.append(f"{time.month}{month}")
    if time.day:
        pieces.append(f"{time.day}{day}")
    return gap.join(pieces)


def _western(time: Time, tongue: str) -> str:
    """Write the period first, its year after it."""
    after = words.YEAR_AFTER[tongue]
    if time.quarter:
        *names, noun = words.QUARTERS[tongue].split("|")
        head = names[time.quarter - 1] + noun
    elif time.half:
        head = words.HALVES[tongue].split("|")[time.half - 1]
    elif time.month:
        return _month(time, tongue)
    else:
        year = f"{time.year} год" if tongue == "ru" and time.year else str(time.year or "")
        return year or _relative(time, tongue) or _day(time, tongue)
    if time.year:
        return head + after.format(time.year)
    joint = {"en": " of {}", "es": " de {}", "pt": " de {}"}.get(tongue, " {}")
    return head + _relative(time, tongue, joint)


def _month(time: Time, tongue: str) -> str:
    """Write day, month and year."""
    assert time.month is not None
    name = words.MONTH_NAMES[tongue].split()[time.month - 1]
    if tongue == "ru" and not time.day:
        name = words.RUSSIAN_MONTHS[time.month - 1]
    of = "de " if tongue in ("es", "pt") else ""
    day = f"{time.day}{'.' if tongue == 'de' else ''} {of}" if time.day else ""
    year = f" {of}{time.year}" if time.year else ""
    year += " года" if time.year and tongue == "ru" else ""
    return day + name + (year or _relative(time, tongue, " of {}" if tongue == "en" else " {}"))


def _day(time: Time, tongue: str) -> str:
    """Write a day without a month."""
    if not time.day:
        return ""
    return {"en": f"day {time.day}", "de": f"{time.day}."}.get(tongue, str(time.day))
