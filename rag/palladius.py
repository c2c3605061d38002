"""Chinese names in Cyrillic letters: «Чэн Исяо» is Cheng Yixiao, «Куайшоу» is Kuaishou.

Russian spells Chinese by the system of Palladius (1888): one spelling for each syllable, -n written
-нь and -ng -н. Read back into pinyin, such a name is found like any other.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import product

from index.pinyin import SYLLABLES, initial_and_final
from index.words import fold

_INITIALS = {
    "zh": "чж", "ch": "ч", "sh": "ш", "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т",
    "n": "н", "l": "л", "g": "г", "k": "к", "h": "х", "j": "цз", "q": "ц", "x": "с", "z": "цз",
    "c": "ц", "s": "с", "r": "ж", "": "",
}  # fmt: skip
_FINALS = {
    "a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань",
    "en": "энь", "ang": "ан", "eng": "эн", "ong": "ун", "er": "эр", "i": "и", "ia": "я", "ie": "е",
    "iao": "яо", "iu": "ю", "ian": "янь", "in": "инь", "iang": "ян", "ing": "ин", "iong": "юн",
    "u": "у", "ua": "уа", "uo": "о", "uai": "уай", "ui": "уй", "uan": "уань", "un": "унь",
    "uang": "уан", "v": "юй", "ve": "юэ", "van": "юань", "vn": "юнь",
}  # fmt: skip
_ALONE = {
    "ya": "я", "yan": "янь", "yang": "ян", "yao": "яо", "ye": "е", "yi": "и", "yin": "инь",
    "ying": "ин", "yong": "юн", "you": "ю", "yu": "юй", "yuan": "юань", "yue": "юэ", "yun": "юнь",
    "wa": "ва", "wai": "вай", "wan": "вань", "wang": "ван", "wei": "вэй", "wen": "вэнь",
    "weng": "вэн", "wo": "во", "wu": "у", "zi": "цзы", "ci": "цы", "si": "сы", "hui": "хуэй",
}  # fmt: skip
_CASE = re.compile("(?:ом|ем|[аеуяю])$")  # what a declined name ends with
_VOWELS = {*"аоэеуяю"}
_CYRILLIC = re.compile(r"[а-яё]+(?:-[а-яё]+)*", re.IGNORECASE)


def pinyin(name: str) -> list[str]:
    """Return the ways a name can be read in Latin letters, its syllables apart by hyphens.

    It may be declined: «у Чэна» is Che-na or Cheng's.
    """
    words = name.split()
    if not all(_CYRILLIC.fullmatch(word) for word in words):
        return []
    read = []
    for word in map(fold, words):
        ways = dict.fromkeys((_read(word), _read(_CASE.sub("", word))))
        read.append([way for way in ways if way])
    return [" ".join(ways) for ways in product(*read)] if read else []


@lru_cache(maxsize=4096)
def _read(word: str) -> str:
    """Return the syllables of a folded word, the longest first ones, or ""."""
    if not word:
        return ""
    table = _table()
    for end in range(min(len(word), max(map(len, table))), 0, -1):
        syllable = table.get(word[:end])
        rest = word[end:].lstrip("ъ-")
        # After н a syllable that begins with a vowel is set off: Чанъань.
        if word[end - 1] == "н" and word[end : end + 1] in _VOWELS:
            continue
        if syllable and (not rest or (after := _read(rest))):
            return f"{syllable}-{after}" if rest else syllable
    return ""


@cache
def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    for syllable in sorted(SYLLABLES):
        spelt = _spelt(syllable)
        if spelt:
            found.setdefault(fold(spelt), syllable)
    return found


def _spelt(syllable: str) -> str:
    if syllable in _ALONE:
        return _ALONE[syllable]
    initial, final = initial_and_final(syllable)
    return _INITIALS[initial] + _FINALS[final] if final in _FINALS else ""
