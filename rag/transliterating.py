"""Foreign names written in Han characters by sound: 马斯克 for Musk, 特朗普 for Trump.

Chinese breaks consonant clusters with vowels of its own and has few finals, so the vowels say
little; the consonants in order, with those Chinese doesn't tell apart made equal, say enough.
Only characters that are commonly used to spell foreign names are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.names import romanise

# Fewer consonants than this are shared by too many names.
MIN_CONSONANTS = 2
LIKELY = 3  # characters from which a run is hardly made of words
LONGEST = 6  # characters of one transliterated name
_SPELLING = (
    "阿埃艾爱安奥巴白拜班保鲍贝本比彼别宾波伯博布蔡查达戴丹道德登邓迪蒂丁东杜多朵恩尔耳法范方菲费芬丰弗夫福"
    "盖甘高哥格戈葛古瓜哈海汉豪赫黑亨洪胡华怀惠霍基吉季加贾简杰金卡凯坎康考柯科克肯孔库夸拉莱赖兰朗劳勒雷黎"
    "里利莉连廉列林琳留龙卢鲁路伦罗洛马玛麦曼芒毛茂梅门蒙孟米密明摩莫默姆木穆拿娜纳奈南内尼宁纽努诺欧帕潘庞佩彭皮"
    "平普奇齐恰钱乔切琼丘热仁荣茹瑞若撒萨塞赛桑瑟森沙莎山尚舍申盛施什史士斯司思松苏索所塔泰坦汤唐陶特藤提廷"
    "图托瓦万汪王旺威维魏韦温文翁沃乌吾伍西希席夏香肖歇谢辛欣兴雄休修许雅亚延扬耶叶伊英永尤于雨约泽曾扎詹张珍芝"
    "中朱卓兹祖佐"
)
_RUN = re.compile(f"[{_SPELLING}·]{{2,}}")
_FROM_CYRILLIC = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфхцыэ", "abvgdeezijklmnoprstufhcye", strict=True))
    | {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "yu", "я": "ya", "ъ": "", "ь": ""}
)
_EQUAL = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"ng", "n"), (r"[rl](?![aeiouylr])", ""), (r"([a-z])\1", r"\1"),
        (r"sch|sh|ch|zh|ts|tz|x", "s"),
        (r"ph|v|w", "f"), (r"ck|c|q|g", "k"), (r"j|z", "s"), (r"r", "l"), (r"m", "n"),
        (r"b", "p"), (r"th|d", "t"), (r"[^bcdfgjklmnpqrstvwxz]", ""),
    )
)  # fmt: skip


def spelt_runs(text: str) -> list[tuple[int, int]]:
    """Return runs of three and more characters that spell foreign names: likely names."""
    return [run.span() for run in _RUN.finditer(text) if run.end() - run.start() >= LIKELY]


def transliterated(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of Han characters that spell the last word of a Latin or Cyrillic name by
    sound: one word too, so without a dot between two, and no initials."""
    last = name.rsplit(maxsplit=1)[-1] if name.strip() else ""
    if last.isupper():
        return
    latin = last.lower().translate(_FROM_CYRILLIC)
    wanted = _consonants(latin) if latin.isascii() else ""
    if len(wanted) < MIN_CONSONANTS:
        return
    for run in _RUN.finditer(text):
        for start in range(run.start(), run.end() - 1):
            for end in range(start + 2, min(start + LONGEST, run.end()) + 1):
                if "·" not in text[start:end] and _spelt(text[start:end]) == wanted:
                    yield start, end


@lru_cache(maxsize=65_536)
def _spelt(han: str) -> str:
    return _consonants(romanise(han, person=False))


@lru_cache(maxsize=65_536)
def _consonants(name: str) -> str:
    sounds = name.lower()
    for pattern, to in _EQUAL:
        sounds = pattern.sub(to, sounds)
    return sounds
