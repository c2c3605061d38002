"""Chinese names in Hangul: 「청이샤오」 is 程一笑, 「완펑페이」 is 万鹏飞.

Korean spells Chinese by sound, one spelling for each syllable (외래어 표기법, 1986); a particle may
follow. Hangul has no capitals, so a name is found from what the text can be read as.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from index.pinyin import SYLLABLES, initial_and_final
from rag.names import readings

LEAST_HAN, LEAST_HANGUL = 2, 3  # characters of a name; shorter ones are words too
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_INITIALS = {
    "zh": "ㅈ", "ch": "ㅊ", "sh": "ㅅ", "b": "ㅂ", "p": "ㅍ", "m": "ㅁ", "f": "ㅍ", "d": "ㄷ",
    "t": "ㅌ", "n": "ㄴ", "l": "ㄹ", "g": "ㄱ", "k": "ㅋ", "h": "ㅎ", "j": "ㅈ", "q": "ㅊ",
    "x": "ㅅ", "z": "ㅉ", "c": "ㅊ", "s": "ㅆ", "r": "ㄹ", "": "ㅇ",
}  # fmt: skip
_FINALS = {
    "a": "아", "o": "오", "e": "어", "ai": "아이", "ei": "에이", "ao": "아오", "ou": "어우",
    "an": "안", "en": "언", "ang": "앙", "eng": "엉", "ong": "웅", "er": "얼", "i": "이",
    "ia": "야", "ie": "예", "iao": "야오", "iu": "유", "ian": "옌", "in": "인", "iang": "양",
    "ing": "잉", "iong": "융", "u": "우", "ua": "와", "uo": "워", "uai": "와이", "ui": "우이",
    "uan": "완", "un": "운", "uang": "왕", "v": "위", "ve": "웨", "van": "위안", "vn": "윈",
}  # fmt: skip
_ALONE = {
    "ya": "야", "yan": "옌", "yang": "양", "yao": "야오", "ye": "예", "yi": "이", "yin": "인",
    "ying": "잉", "yong": "융", "you": "유", "yu": "위", "yuan": "위안", "yue": "웨", "yun": "윈",
    "wa": "와", "wai": "와이", "wan": "완", "wang": "왕", "wei": "웨이", "wen": "원", "weng": "웡",
    "wo": "워", "wu": "우", "zhi": "즈", "chi": "츠", "shi": "스", "ri": "르", "zi": "쯔",
    "ci": "츠", "si": "쓰",
}  # fmt: skip
_COMMON = {"shou": "쇼우"}  # 콰이쇼우, beside 서우
_AFTER_J = str.maketrans("ㅑㅕㅖㅛㅠ", "ㅏㅓㅔㅗㅜ")  # which ㅈ, ㅉ and ㅊ are not told apart from
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_RUN = re.compile(r"[가-힣]+")
_FIRST, _TAILS = 0xAC00, 28


def chinese_names(asked: str, text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield where words of a Korean question begin with what a text has in Han characters: the
    place in the question and that in the text, the longest for each word."""
    heads = _heads(text)
    for run in _RUN.finditer(asked):
        word = run[0]
        found = [
            (size, start, end)
            for start in heads.get(word[0], ())
            for size, end in _read(word, text, start)
            if size >= LEAST_HANGUL and end - start >= LEAST_HAN
        ]
        if found:
            size, start, end = max(found)
            yield (run.start(), run.start() + size), (start, end)


def _read(word: str, text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield how much of a word the characters from ``start`` on spell, and where they end."""
    reached = {0}
    for at in range(start, len(text)):
        reached = {
            size + len(one)
            for size in reached
            for one in spellings(text[at])
            if word.startswith(one, size)
        }
        if not reached:
            return
        yield max(reached), at + 1


@lru_cache(maxsize=4096)
def _heads(text: str) -> dict[str, list[int]]:
    """Return where characters stand that begin with a syllable, by that."""
    found: dict[str, list[int]] = {}
    for at, char in enumerate(text):
        for head in {one[0] for one in spellings(char)}:
            found.setdefault(head, []).append(at)
    return found


@lru_cache(maxsize=16_384)
def spellings(char: str) -> tuple[str, ...]:
    """Return how a Han character is spelt, in every way it is read."""
    if not "\u4e00" <= char <= "\u9fff":
        return ()
    ways = (way.replace("ü", "v") for way in readings(char)[0])
    return tuple(dict.fromkeys(one for way in ways for one in _table().get(way, ())))


@cache
def _table() -> dict[str, tuple[str, ...]]:
    found = {}
    for syllable in SYLLABLES:
        ways = (_spelt(syllable), _COMMON.get(syllable, ""))
        found[syllable] = tuple(way for way in ways if way)
    return found


def _spelt(syllable: str) -> str:
    if syllable in _ALONE:
        return _ALONE[syllable]
    initial, final = initial_and_final(syllable)
    return _led(_INITIALS[initial], _FINALS[final]) if final in _FINALS else ""


def _led(lead: str, final: str) -> str:
    """Put a consonant at the head of a syllable that has none."""
    vowel, tail = divmod((ord(final[0]) - _FIRST) % (len(_VOWELS) * _TAILS), _TAILS)
    sound = _VOWELS[vowel].translate(_AFTER_J) if lead in "ㅈㅉㅊ" else _VOWELS[vowel]
    place = _LEADS.index(lead) * len(_VOWELS) + _VOWELS.index(sound)
    return chr(_FIRST + place * _TAILS + tail) + final[1:]
