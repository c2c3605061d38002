"""The terms BM25 counts: folded words, and bigrams where a script has no spaces.

Folding makes spellings meet that people take for the same: full width = half width, upper =
lower case, é = e, traditional = simplified Chinese, 3,053 = 3053, 31.0 = 31.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Protocol

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc"
HANGUL = "\uac00-\ud7a3"
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
INDIC = "\u0900-\u0dff"  # vowel signs there are no \w, yet belong to the word

_TOKEN = re.compile(
    rf"(?P<cjk>[{HAN}{KANA}]+)"
    rf"|(?P<hangul>[{HANGUL}]+)"
    rf"|(?P<unspaced>[{UNSPACED}]+)"
    r"|(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"|(?P<word>(?:[^\W_{HAN}{KANA}{HANGUL}{UNSPACED}]|[{INDIC}])+)"
)
# Accents of Latin, Greek and Cyrillic; Hebrew points; Arabic vowel signs, hamza and tatweel. Kana
# voicing and Indic vowel signs are letters of their own and stay.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]")
_MARKED = re.compile("[\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u1e00-\u1fff]")
_HAN = re.compile(f"[{HAN}]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ى": "ي", "ة": "ه", "’": "'"}
)


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _simplifier() -> _Converter:
    import opencc

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


def fold(text: str) -> str:
    """Return the text as it is compared: NFKC, lower case, no accents, simplified Chinese.

    The length may change; offsets into the result mean nothing in ``text``.
    """
    if not _NOT_ASCII.search(text):
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    if _MARKED.search(text):
        text = _MARKS.sub("", unicodedata.normalize("NFD", text).translate(_LETTERS))
        text = unicodedata.normalize("NFC", text)
    if _HAN.search(text):
        text = _simplifier().convert(text)
    return text


def terms(text: str, *, query: bool = False) -> list[str]:
    """Return the terms of a text in order, repeated as often as they occur.

    ``query`` asks for the terms to look up rather than those to store; both are the same today
    except that a query of one CJK character is kept as it is.
    """
    return list(_terms(fold(text)))


def _terms(folded: str) -> Iterator[str]:
    for match in _TOKEN.finditer(folded):
        token = match.group()
        match match.lastgroup:
            case "cjk" | "unspaced":
                yield from _bigrams(token)
            case "hangul":
                yield from _korean(token)
            case "number":
                yield number(token)
            case _:
                yield stem(token)


def _bigrams(run: str) -> list[str]:
    """Return overlapping pairs; a run of one character stands alone."""
    if len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _korean(word: str) -> list[str]:
    return _bigrams(word)


def number(digits: str) -> str:
    """Return one spelling for equal numbers: no thousands commas, no idle zeros."""
    whole, _, fraction = digits.replace(",", "").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def stem(word: str) -> str:
    """Return a folded word without its English plural ending (Harman's S stemmer, 1991)."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("us", "ss")):
        if word.endswith("ies") and not word.endswith(("eies", "aies")):
            return word[:-3] + "y"
        if word.endswith("es") and word.endswith(("aes", "ees", "oes")):
            return word[:-1]
        return word[:-1]
    return word
