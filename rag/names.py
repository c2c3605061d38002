"""Names of people: where a text has them, and how Chinese ones are written in Latin letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

from rag.surnames import (
    AFTER,
    BEFORE,
    COMPOUND,
    KOREAN,
    NOT_NAMES,
    READINGS,
    SHORT_FOREIGN,
    SINGLE,
    TRADITIONAL,
    TRANSLITERATION,
)
from rag.western_names import western_people

_H = r"[\u4e00-\u9fff]"
_DOT = "·•‧・"
_FIRST = "".join(SINGLE | TRADITIONAL.keys())
_SURNAME = f"(?:{'|'.join(COMPOUND)}|[{_FIRST}])"
_TITLE = "|".join(sorted(map(re.escape, BEFORE), key=len, reverse=True))
_VERB = "|".join(sorted(map(re.escape, AFTER), key=len, reverse=True))
_FOREIGN = f"[{''.join(TRANSLITERATION)}]"
# Characters that hardly ever stand in a given name but often follow one.
_NOT_GIVEN = (
    "的了在是也就都还和与及或并而但从对把被将向说称指认表告透介坦强宣补回谈提写解直承分"
    "建预呼曾又则并等某于到上中内以可能会没不去来多，。"
)
_AFTER_NAME = (
    rf"(?=$|[^\u4e00-\u9fff]|(?:{_VERB})|[的和与及或在也对将向从曾是就还等并说称為於與則則]|"
    r"先生|女士|教授|博士|老师|此前|当天|今天|昨天|日前|近日|一行|夫妇|本人|本科|团队)"
)
_NAME_END = re.compile(_AFTER_NAME)
# Offices end in 长 (厂长, 馆长) or 师 (设计师) more often than any list has them.
_OFFICE = rf"(?:{_TITLE}|{_H}长|{_H}师)"
_TITLED = re.compile(rf"{_OFFICE}[\s:：兼]*(?:是|为|由|叫)?(?P<name>{_SURNAME}{_H}{{1,2}})")
_HOLDING = re.compile(
    rf"(?:^|(?<=[^\u4e00-\u9fffA-Za-z]))(?P<name>{_SURNAME}{_H}{{1,2}}?)"
    rf"(?=(?:是|担任|出任|曾任|任)[^。！？；\n]{{0,25}}?(?:{_OFFICE}|人(?:$|[^\u4e00-\u9fff])))"
)
_SPEAKING = re.compile(
    rf"(?:^|(?<=[^\u4e00-\u9fffA-Za-z])|(?<=[据对和与及由]))(?P<name>{_SURNAME}{_H}{{1,2}}?)"
    rf"(?=(?:{_VERB}))"
)
_DOTTED_RUN = re.compile(rf"{_FOREIGN}{{1,8}}(?:[{_DOT}](?:{_FOREIGN}{{1,8}}|[A-Z]\.?))+")
_FOREIGN_TITLED = re.compile(rf"(?:{_TITLE})\s*(?P<name>{_FOREIGN}{{2,6}}){_AFTER_NAME}")
_FOREIGN_SPEAKING = re.compile(
    rf"(?:^|(?<=[^\u4e00-\u9fffA-Za-z])"
    rf"|(?<=[据对和与及]))(?P<name>{_FOREIGN}{{2,6}})(?=(?:{_VERB}))"
)
_KOREAN_PERSON = re.compile(
    rf"(?<![가-힣])(?P<name>[{KOREAN}][가-힣]{{2}})\s?(?=(?:대표|회장|부회장|사장|부사장|교수"
    rf"|기자|박사"
    r"|의원|장관|씨|대통령|총리|감독|선수|위원장|이사|본부장|팀장|CEO|연구원|애널리스트))"
)
_JAPANESE_TITLE = "氏|さん|社長|会長|教授|首相|大統領|監督|選手|CEO|博士|議員|知事|市長|代表|記者"
_JAPANESE_PERSON = re.compile(
    rf"(?<![\u4e00-\u9fff々])(?P<name>[\u4e00-\u9fff々]{{2,5}})(?=(?:氏|さん)(?!族|名))"
    rf"|(?P<kana>[ァ-ヴー]{{2,}}(?:[・＝][ァ-ヴー]+)*)(?=(?:{_JAPANESE_TITLE}))"
)


def people(text: str) -> list[tuple[int, int]]:
    """Return the spans of personal names in ``text``, ascending, without overlap.

    Only names that a title or a verb of speech marks, and repetitions of those, are returned: of
    two mistakes, calling a word a person is the worse one here.
    """
    found: dict[int, int] = {}
    for start, end in _marked(text):
        if end > found.get(start, 0):
            found[start] = end
    for name in {text[s:e] for s, e in found.items() if e - s >= 3 and _han(text[s])}:
        for match in re.finditer(re.escape(name), text):
            found.setdefault(match.start(), match.end())
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found.items(), key=lambda s: (s[0], -s[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _marked(text: str) -> list[tuple[int, int]]:
    """Return the spans that context marks as people, in any script."""
    spans: list[tuple[int, int]] = []
    if re.search(_H, text):
        spans += [m.span() for m in _DOTTED_RUN.finditer(text) if _whole_foreign(text, m)]
        spans += [_given(text, m) for m in _TITLED.finditer(text)]
        spans += [m.span("name") for m in _SPEAKING.finditer(text)]
        spans += [m.span("name") for m in _HOLDING.finditer(text)]
        for pattern in (_FOREIGN_TITLED, _FOREIGN_SPEAKING):
            spans += [m.span("name") for m in pattern.finditer(text) if _long(m["name"])]
        for m in _JAPANESE_PERSON.finditer(text):
            spans.append(m.span("name") if m["name"] else m.span("kana"))
    spans += [m.span("name") for m in _KOREAN_PERSON.finditer(text)]
    spans += western_people(text)
    spans = [(a, b - 1 if text[b - 1 : b] == "于" else b) for a, b in spans]
    return [s for s in spans if s[1] > s[0] and _plausible(text[s[0] : s[1]])]


def _long(name: str) -> bool:
    """Tell whether a foreign name without a dot is sure enough by its length."""
    return len(name) > 2 or name in SHORT_FOREIGN


def _whole_foreign(text: str, match: re.Match[str]) -> bool:
    """Tell whether a dotted name isn't preceded by the tail of another dotted name."""
    return text[match.start() - 1 : match.start()] not in tuple(_DOT)


def _given(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Cut the name after a title where a verb, a particle or the clause's end begins."""
    start, name = match.start("name"), match["name"]
    base = 2 if name[:2] in COMPOUND else 1
    for length in (base + 2, base + 1):
        stop = start + length
        given = text[start + base : stop]
        clean = len(given) == length - base and not set(given) & set(_NOT_GIVEN)
        if clean and re.fullmatch(_H + "+", given) and _NAME_END.match(text, stop):
            return start, stop
    return start, start


def _plausible(name: str) -> bool:
    """Tell whether a candidate is no everyday word."""
    if not _han(name[0]):
        return True
    if name in NOT_NAMES or name[:2] in NOT_NAMES:
        return name in ("马斯克", "马克龙", "乔丹") or any(d in name for d in _DOT)
    return name[-1] not in "家者面" and not set(name[1:]) & set("的了是在们个")


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def romanise(name: str, person: bool | None = None) -> str:
    """Return a Chinese name in pinyin: 程一笑 as "Cheng Yixiao", 快手 as "Kuaishou".

    ``person`` says whether it is a person's; without it, three characters with a surname first
    are one, two only with a common surname.
    """
    parts = [p for p in re.split(f"[{_DOT}\\s]+", name) if p]
    if not parts or not any(_han(c) for c in name):
        return name
    if len(parts) > 1:
        return " ".join(_spelled(p).capitalize() for p in parts)
    surname = _surname(name)
    if surname and (_is_person(name, surname) if person is None else person):
        family = READINGS.get(surname) or _spelled(surname).capitalize()
        return f"{family} {_spelled(name[len(surname) :]).capitalize()}"
    return _spelled(name).capitalize()


_COMMON = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾魏"
    "薛叶潘杜"
    "姜谭廖邹崔邱顾侯邵孟雷钱尹黎乔贺龚張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉丁姚汪任田范"
)


def _surname(name: str) -> str:
    """Return the surname that ``name`` begins with, or ""."""
    if len(name) > 2 and name[:2] in COMPOUND:
        return name[:2]
    first = TRADITIONAL.get(name[0], name[0])
    known = first in SINGLE or name[0] in READINGS
    return name[0] if known and 2 <= len(name) <= 4 else ""


def _is_person(name: str, surname: str) -> bool:
    """Guess from its characters alone whether a name is a person's."""
    if name in NOT_NAMES or name[:2] in NOT_NAMES:
        return False
    if len(surname) == 2:
        return True
    return len(name) == 3 or (len(name) == 2 and name[0] in _COMMON)


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return every reading of each character, tones left out, the usual one first."""
    from pypinyin import Style, lazy_pinyin, pinyin

    usual = lazy_pinyin(text, style=Style.NORMAL)
    every = pinyin(text, style=Style.NORMAL, heteronym=True)
    return tuple(tuple(dict.fromkeys([u, *more])) for u, more in zip(usual, every, strict=False))


def _spelled(text: str) -> str:
    """Join the usual readings; a syllable that begins with a vowel gets an apostrophe."""
    joined = ""
    for reading in readings(text):
        syllable = reading[0].replace("v", "ü")
        joined += ("'" if joined and syllable[0] in "aeo" else "") + syllable
    return joined


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    from pypinyin import pinyin_dict
    from pypinyin.contrib.tone_convert import to_normal

    common = (chr(c) for c in range(0x4E00, 0x9FA6))
    entries = (pinyin_dict.pinyin_dict.get(ord(c), "").split(",")[0] for c in common)
    return frozenset(_letters(to_normal(e)) for e in entries if e)


@lru_cache(maxsize=4096)
def is_pinyin(latin: str) -> bool:
    """Tell whether each word of ``latin`` divides into pinyin syllables."""
    words = [_letters(w) for w in re.split(r"[\s-]+", latin) if w]
    return bool(words) and all(_divides(w) for w in words)


def _divides(word: str) -> bool:
    """Tell whether a word is made of pinyin syllables alone."""
    reachable = {0}
    for start in range(len(word)):
        if start in reachable:
            reachable |= {start + n for n in range(1, 7) if word[start : start + n] in _syllables()}
    return bool(word) and len(word) in reachable


def _letters(latin: str) -> str:
    """Keep the plain letters of a Latin name, ü as v."""
    lower = unicodedata.normalize("NFC", latin.casefold()).replace("ü", "v")
    plain = unicodedata.normalize("NFD", lower)
    return re.sub(r"[^a-z]", "", plain)


def same_name(latin: str, han: str) -> bool:
    """Tell whether a Latin spelling stands for a Chinese name, vowels being forgiven ("Kling").

    A person's name in two words must match letter by letter, in either order, as Chen Xi and
    Chen Xie are two people.
    """
    latin = re.sub(r"['’]s$", "", latin.strip(), flags=re.IGNORECASE)
    wanted = _letters(latin)
    han = re.sub(f"[{_DOT}\\s]", "", han)
    if len(wanted) < 2 or not han or len(han) > 8 or not all(_han(c) for c in han):
        return False
    words = [_letters(w) for w in re.split(r"[\s,-]+", latin) if _letters(w)]
    orders = {"".join(words), "".join([*words[1:], words[0]]), "".join([words[-1], *words[:-1]])}
    per_character = [list(r) for r in readings(han)]
    surname = _surname(han)
    if surname in READINGS:
        reading = _letters(READINGS[surname])
        per_character[0] = [
            reading if len(surname) == 1 else per_character[0][0],
            *per_character[0],
        ]
    spelled = {_letters("".join(s)) for s in islice(product(*per_character), 64)}
    if orders & spelled:
        return True
    loose = len(words) == 1 and len(wanted) >= 4
    return loose and any(_near(wanted, s) for s in spelled)


def _near(a: str, b: str) -> bool:
    """Tell whether two spellings differ by one vowel left out or put in."""
    if abs(len(a) - len(b)) != 1 or min(len(a), len(b)) < 4 or a[0] != b[0]:
        return False
    short, long = sorted((a, b), key=len)
    return any(
        long[i] in "aeiouv" and long[:i] + long[i + 1 :] == short for i in range(1, len(long))
    )
