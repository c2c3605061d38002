"""Names that a question writes in one script and the texts in the other.

Of 1,007 English news sentences searched among their Chinese translations, names are found for 18,
rightly for 12 (Spanish 16 and 12, German 17 and 12, French 15 and 11). Names that aren't spelt in
pinyin, such as Tencent or those of Hong Kong, are not found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.pinyin import HAN_RUN, Spelling, candidates, near_spellings, readings, spellings
from index.words import fold

# The hundred most frequent family names, some 85% of all people.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向"
)
# Characters of grammar: runs that hold them are no names, and they are everywhere.
_GRAMMAR = frozenset("的了是不没们么吗呢吧着得这那就也都把被让给很我你他她它")
_MOST_TRIED = 200  # runs of characters whose use is counted, those of the usual readings first
_MOST_NAMES = 2  # that one Latin name is searched as
_LEAST_SHARE = 0.5  # of the likeliest's use; in 10,000 news texts 快手 is used ten times 块首
_RARE_READING = 10  # a run that needs one counts as used this many times less


class Names:
    """The names among the terms of an index, which holds Chinese as characters and pairs.

    ``holders`` returns the ascending rows that hold a term of the ``vocabulary``.
    """

    def __init__(
        self, vocabulary: Mapping[str, int], holders: Callable[[str], NDArray[Any]]
    ) -> None:
        self._vocabulary = vocabulary
        self._holders = holders

    def found(self, question: str) -> list[str]:
        """Return the terms that names in the question have in the other script."""
        return [*self._in_chinese(question), *self._in_latin(question)]

    def _in_chinese(self, question: str) -> list[str]:
        done: set[str] = set()
        terms: dict[str, None] = {}
        for words, exact, near in candidates(question, self._vocabulary):
            if done.issuperset(words):
                continue
            names = self._likeliest(exact)
            if near and not names:
                names = self._likeliest(near_spellings(words[0]))
            if names or self._is_person(words):
                done.update(words)
            terms |= dict.fromkeys(pair for name in names for pair in _pairs(name))
        return list(terms)

    def _is_person(self, words: Sequence[str]) -> bool:
        """Tell whether words are a whole personal name, whose parts alone mean someone else."""
        return len(words) == 2 and fold(words[0]) in self._surnames

    @cached_property
    def _surnames(self) -> frozenset[str]:
        return frozenset(sound for name in SURNAMES for sound in readings(name))

    def _likeliest(self, wanted: Iterable[Spelling]) -> list[str]:
        """Return the runs of characters most used among those that sound so.

        Where three or more characters are wanted, those that begin with a family name go first.
        """
        used: dict[str, float] = {}
        for spelling in wanted:
            for name, rank in self._spelt(spelling):
                used[name] = self._use(name) / _RARE_READING**rank
        people = {name: use for name, use in used.items() if len(name) > 2 and name[0] in SURNAMES}
        if any(people.values()):
            used = people
        best = sorted((-use, name) for name, use in used.items() if use)[:_MOST_NAMES]
        return [name for use, name in best if use <= best[0][0] * _LEAST_SHARE]

    def _spelt(self, spelling: Spelling) -> list[tuple[str, int]]:
        """Return runs that sound so and whose every pair is in the texts.

        With each goes how far its readings are from the usual ones.
        """
        runs = self._sounding.get(spelling[0], [])
        for syllable in spelling[1:]:
            following = self._sounding.get(syllable, [])
            runs = [
                (run + character, far + further)
                for run, far in runs
                for character, further in following
                if run[-1] + character in self._vocabulary
            ]
        return sorted(runs, key=lambda run: run[1])[:_MOST_TRIED]

    @cached_property
    def _sounding(self) -> dict[str, list[tuple[str, int]]]:
        """The single characters of the texts by how they sound."""
        found: dict[str, list[tuple[str, int]]] = {}
        for term in self._vocabulary:
            if len(term) == 1 and term not in _GRAMMAR:
                for sound, rank in readings(term).items():
                    found.setdefault(sound, []).append((term, rank))
        return found

    def _use(self, name: str) -> int:
        """Return how many rows hold every pair of a run."""
        rows = (self._holders(pair) for pair in _pairs(name))
        return len(reduce(lambda a, b: np.intersect1d(a, b, assume_unique=True), rows))

    def _in_latin(self, question: str) -> list[str]:
        """Return the Latin words that two or three neighbouring characters are spelt as."""
        if not self._latin:
            return []
        return [word for word in dict.fromkeys(_romanised(fold(question))) if word in self._latin]

    @cached_property
    def _latin(self) -> frozenset[str]:
        """The Latin words of the texts that may be Chinese names."""
        long = (term for term in self._vocabulary if len(term) > 3 and term.isascii())
        return frozenset(term for term in long if term.isalpha() and spellings(term))


def _pairs(name: str) -> list[str]:
    return [name[i : i + 2] for i in range(len(name) - 1)]


def _romanised(text: str) -> Iterator[str]:
    """Yield every two or three neighbouring Chinese characters in Latin letters."""
    for run in HAN_RUN.findall(text):
        for start, length in product(range(len(run) - 1), (2, 3)):
            if start + length <= len(run):
                yield from map("".join, product(*map(readings, run[start : start + length])))
