"""One character table for all scripts: width, case, accents and 繁 → 简, applied in one pass.

The table becomes sentencepiece's compiled character map, which ``tokenizers`` runs as the
``Precompiled`` normalizer, so offsets keep pointing into the original text.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import Any

_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": "", "ک": "ك", "ی": "ي"}
_ARABIC_MARKS = {*range(0x64B, 0x653), 0x670}
_COMBINING = range(0x300, 0x370)
# Their canonical parts are a plain letter and a mark, but they are letters of their own.
_KEPT = {"й", "ї", "ў"}


def table() -> dict[str, str]:
    """Return every character or sequence whose folded form differs, with that form."""
    found: dict[str, str] = {}
    for code in range(1, sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in {"Cn", "Cs", "Co"} or 0xAC00 <= code <= 0xD7A3:
            continue
        folded = fold(char)
        if folded != char:
            found[char] = folded
    for char in _KEPT:
        found[unicodedata.normalize("NFD", char)] = char
    return found


def fold(char: str) -> str:
    """Fold one character."""
    if unicodedata.category(char) == "Cf" or ord(char) in _COMBINING or ord(char) in _ARABIC_MARKS:
        return ""
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    return "".join(_fold_plain(part) for part in plain)


def _fold_plain(char: str) -> str:
    if char in _KEPT:
        return char
    if char in _ARABIC:
        return _ARABIC[char]
    if ord(char) in _COMBINING or ord(char) in _ARABIC_MARKS:
        return ""
    if 0x3400 <= ord(char) <= 0x2FFFF:
        return _simplified(char)
    base = unicodedata.normalize("NFD", char)[0]
    if base != char and unicodedata.name(base, "").startswith(("LATIN", "GREEK", "CYRILLIC")):
        return base
    return char


def _simplified(char: str) -> str:
    """Map traditional and Japanese forms to simplified ones.

    A Japanese form that is also an ordinary simplified character (予, 芸) is left alone.
    """
    simplified = _convert("t2s", char)
    if simplified != char:
        return _simplified(simplified)
    if _in_gb2312(char):
        return char
    through_japanese = _convert("t2s", _convert("jp2t", char))
    return through_japanese if _in_gb2312(through_japanese) else char


def _convert(config: str, char: str) -> str:
    converted: str = _converter(config).convert(char)
    return converted if len(converted) == 1 else char


@cache
def _converter(config: str) -> Any:
    from opencc import OpenCC

    return OpenCC(config)


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
