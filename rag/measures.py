"""Read the scale or the unit that follows a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from rag.figures import Kind
from rag.units import CJK_SCALES, LETTER_SCALES, MONEY_LETTERS, NOT_BEFORE, UNITS, WORD_SCALES

# 一家 and 一位 mostly mean "a"; with these units "one" is a figure.
COUNT_OF_ONE = frozenset(
    "% pp x second month CNY USD HKD EUR JPY KRW GBP km m cm kg t ha mu year-old".split()
)


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale word ending at ``end``; only CJK scales may be chained."""

    end: int
    factor: Decimal
    chains: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit ending at ``end``; ``half`` for 一年半, three hours and a half of it."""

    end: int
    kind: Kind
    unit: str
    factor: Decimal
    half: bool = False


def _alternation(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


def _joined(word: str) -> bool:
    """Tell whether a word is written without spaces around it, as in Chinese and Japanese."""
    return ord(word[0]) > 0x2E00 or not word[0].isalpha()


_CJK_SCALE = re.compile(rf"\s?({_alternation(list(CJK_SCALES))})(?!鹏)")
_LETTERS = re.compile(r"[KkMmBbTt](?![^\W\d_])")
_WORD_SCALE = re.compile(
    rf"[\s\u00a0-]?({_alternation(list(WORD_SCALES))})(?![^\W\d_])", re.IGNORECASE
)
_CONNECTOR = r"[\s\u00a0-]?(?:(?:de|of|di)\s|d['’]\s?)?"
_CJK_UNIT = re.compile(rf"\s?({_alternation([w for w in UNITS if _joined(w)])})", re.IGNORECASE)
_WORD_UNIT = re.compile(
    rf"{_CONNECTOR}({_alternation([w for w in UNITS if not _joined(w)])})(?![^\W\d_²³])",
    re.IGNORECASE,
)
_HALF = re.compile(r"半")
_SHORT = {"m", "g", "h", "s", "t", "x", "d", "an", "pound", "real", "seats", "won", "fast"}


def scale_at(plain: str, start: int, ceiling: int, money: bool) -> Scale | None:
    """Return the scale word that starts at ``start``, a space before it allowed."""
    match = _CJK_SCALE.match(plain, start, ceiling)
    if match:
        if match[1] in "千百" and plain[match.end() : match.end() + 1] in ("克", "米", "瓦"):
            return None
        return Scale(match.end(), CJK_SCALES[match[1]], True)
    match = _WORD_SCALE.match(plain, start, ceiling)
    if match:
        return Scale(match.end(), WORD_SCALES[match[1].casefold()], False)
    match = _LETTERS.match(plain, start, ceiling)
    letters = MONEY_LETTERS if money else LETTER_SCALES
    if match and match[0] in letters:
        return Scale(match.end(), letters[match[0]], False)
    return None


def measure(
    plain: str, start: int, ceiling: int, currency: str, *, scaled: bool, written: str
) -> Measure | None:
    """Return the unit that starts at ``start``; a currency named before the number wins."""
    match = _CJK_UNIT.match(plain, start, ceiling) or _WORD_UNIT.match(plain, start, ceiling)
    if match is None or _misread(plain, match, scaled, written):
        return None
    kind, unit, factor = UNITS[match[1].casefold()]
    if currency:
        return Measure(match.end(), "money", currency, factor) if kind == "money" else None
    half = bool(kind == "duration" and _HALF.match(plain, match.end(), ceiling))
    return Measure(match.end() + half, cast(Kind, kind), unit, factor, half)


def _misread(plain: str, match: re.Match[str], scaled: bool, written: str) -> bool:
    """Tell whether the unit's characters belong to another word."""
    word, after = match[1].casefold(), plain[match.end() : match.end() + 1]
    if word[-1] in "$€£¥₩₽₹" and after.isdigit():
        return True
    if after and after in NOT_BEFORE.get(word, ""):
        return True
    if written == "word" and word in _SHORT:
        return True
    if word in _SHORT and match[0][0].isspace() and word not in ("m", "h", "g", "t", "an"):
        return True
    return (
        written == "hanzi"
        and not scaled
        and word in ("度", "分", "点", "步", "道", "口", "头", "把")
    )
