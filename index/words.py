"""The terms BM25 counts: folded words, and bigrams where a script has no spaces.

Which terms count was chosen on development questions (question → its paragraph, first hit;
invented reports: question → its sentence):

    CMRC zh: pairs .958, + question words left out .974, + single characters and 8月 .978
    JaQuAD ja: pairs .828, with all of the above .852
    KorQuAD ko (2,500): words .807, pairs .927, + particles taken off .940
    SQuAD es: words .719, + first five letters .741; it: .711, .750
    ARCD ar: words .629, + article taken off .661
    QAMR en: words .621, + first five letters .727, + question words left out .740
    Reports zh .566 (factual .741), all of the above .569 (.763); en .716 (.809), .712 (.868)
    Harman's S stemmer lost to no stemming at all (en .576, .580).

Folding makes spellings meet that people take for the same: full width = half width, upper =
lower case, é = e, traditional = simplified Chinese, 3,053 = 3053, 31.0 = 31.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Protocol

from index.asking import without_asking

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
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ى": "ي", "ة": "ه"}
)
# Digits and separators that NFKC leaves alone: Arabic, Persian, Devanagari, Bengali, Thai.
_DIGITS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙٫٬", "0123456789" * 5 + ".,"
)
_OTHER_DIGITS = re.compile("[\u0660-\u066c\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]")

# Korean particles and endings, longest first, taken off words of three or more syllables.
_PARTICLES = re.compile(
    "(?:으로|에서|에게|까지|부터|이다|에는|하는|하여|했다|의|은|는|이|가|을|를|에|와|과|도|로|만)$"
)
# Arabic article with "and", "with", "as", "so", "for" before it (light stemming: Larkey, 2002).
_ARTICLE = re.compile("^(?:و?ال|وال|بال|كال|فال|لل|و)(?=..)")
STEM = 5  # letters


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
    if _OTHER_DIGITS.search(text):
        text = text.translate(_DIGITS)
    if _HAN.search(text):
        text = _simplifier().convert(text)
    return text


def terms(text: str, *, query: bool = False) -> list[str]:
    """Return the terms of a text in order, repeated as often as they occur.

    ``query`` leaves out the words that make a text a question ("多少", "how many"), unless there
    is nothing else.
    """
    folded = fold(text)
    if query:
        return list(_terms(without_asking(folded))) or list(_terms(folded))
    return list(_terms(folded))


def _terms(folded: str) -> Iterator[str]:
    number_end, last_number = -1, ""
    for match in _TOKEN.finditer(folded):
        token = match.group()
        if match.start() == number_end and token[0].isalpha():
            yield last_number + token[0]  # 8月, 310亿, 5g
        match match.lastgroup:
            case "cjk":
                yield from _characters(token)
            case "unspaced":
                yield from _pairs(token)
            case "hangul":
                yield from _pairs(_PARTICLES.sub("", token) if len(token) > 2 else token)
            case "number":
                last_number, number_end = number(token), match.end()
                yield last_number
            case _:
                yield from _word(token)


def _characters(run: str) -> list[str]:
    """Return each Chinese character, and overlapping pairs of everything."""
    return [*_HAN.findall(run), *_pairs(run)] if len(run) > 1 else [run]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def _word(word: str) -> list[str]:
    """Return a word and, for a longer one, its beginning, which its other forms share."""
    word = _ARTICLE.sub("", word)
    return [word, word[:STEM]] if len(word) > STEM else [word]


def number(digits: str) -> str:
    """Return one spelling for equal numbers: no thousands commas, no idle zeros."""
    whole, _, fraction = digits.replace(",", "").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole
