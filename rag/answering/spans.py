"""Short answers: the figure, date or name in a sentence that a question asks for.

Candidates are typed (a figure is money, a share, a count …); among those of the right type the
one that stands nearest the question's words wins. Nearness falls with the words between and with
every clause boundary, and a figure is looked for after its words rather than before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.asking import Question
from rag.kinds import Kind
from rag.matching import Floats, Query, Words
from rag.names import people
from rag.numbers import Figure, find

REACH = 6.0  # words at which nearness has fallen to 1/e
CLAUSE = 4.0  # words that one clause boundary counts as
BEFORE = 1.7  # a question word behind the candidate counts as this many times as far

_SUITS: dict[Kind, dict[str, float]] = {
    "percent": {"percent": 1.0, "multiple": 0.8, "number": 0.2},
    "money": {"money": 1.0, "number": 0.4, "count": 0.3, "percent": 0.1},
    "count": {"count": 1.0, "number": 0.8, "multiple": 0.2},
    "figure": {
        "money": 1.0, "count": 1.0, "percent": 0.9, "multiple": 0.9, "number": 0.8, "duration": 0.4,
    },
    "date": {"date": 1.0},
    "duration": {"duration": 1.0, "date": 0.2},
}  # fmt: skip
_CLAUSE_END = re.compile(r"[,，;；:：。、](?!\d)|[–—]| - ")
_RESPECTIVELY = re.compile(
    r"分别|分別|\brespectively\b|それぞれ|각각|\bjeweils\b|\brespectivement\b|\brespectivamente\b"
    r"|\brispettivamente\b|соответственно|على التوالي"
)
_ITEM = re.compile(r"[、,，]|和|与|及|以及|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bи\b|と|및|와|과")


@dataclass(frozen=True, slots=True)
class Short:
    """A candidate inside a sentence: offsets into the sentence, how well it suits, how near."""

    start: int
    end: int
    suits: float
    nearness: float
    figure: Figure | None = None

    @property
    def score(self) -> float:
        return self.suits * (0.25 + self.nearness)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with everything that is computed once and used for every question."""

    text: str
    words: Words
    figures: tuple[Figure, ...]
    persons: tuple[tuple[int, int], ...]
    clauses: tuple[int, ...]


def prepare(text: str, words: Words) -> Sentence:
    """Find a sentence's figures, people and clause boundaries."""
    return Sentence(
        text, words, tuple(find(text)), tuple(people(text)),
        tuple(match.start() for match in _CLAUSE_END.finditer(text)),
    )  # fmt: skip


def best_short(asked: Query, sentence: Sentence, matched: Floats) -> Short | None:
    """Return the best short answer of a sentence, or None where the sentence has to speak."""
    candidates = shorts(asked, sentence, matched)
    return max(candidates, key=lambda short: short.score, default=None)


def shorts(asked: Query, sentence: Sentence, matched: Floats) -> list[Short]:
    """Return every typed candidate that isn't already in the question."""
    found = []
    for rank, kind in enumerate(asked.question.kinds[:3]):
        if kind == "person":
            typed = [(start, end, 1.0, None) for start, end in sentence.persons]
        else:
            suits = _SUITS.get(kind, {})
            typed = [
                (figure.start, figure.end, suits[figure.kind], figure)
                for figure in sentence.figures
                if figure.kind in suits
            ]
        for start, end, suit, figure in typed:
            if not _known(asked.question, sentence.text[start:end]):
                near = _nearness(asked, sentence, matched, start, end)
                found.append(Short(start, end, suit * 0.75**rank, near, figure))
    return found


def _known(question: Question, text: str) -> bool:
    return text.casefold() in question.text.casefold()


def _nearness(asked: Query, sentence: Sentence, matched: Floats, start: int, end: int) -> float:
    """Return how close the question's words stand to a candidate, in [0, 1]."""
    total = float(asked.weights.sum())
    if not total or not matched.size:
        return 0.0
    place = _respective_place(sentence, start) or (start, end)
    closeness = _closeness(sentence, *place)
    return float((asked.weights * (matched * closeness[None, :]).max(axis=1)).sum() / total)


def _closeness(sentence: Sentence, start: int, end: int) -> Floats:
    """Return the kernel over a sentence's words around one place, shape (words,)."""
    begins, ends = sentence.words.offsets[:, 0], sentence.words.offsets[:, 1]
    middles = (begins + ends) / 2
    at = np.arange(len(middles), dtype=np.float32)
    first = float(np.searchsorted(middles, start))
    last = float(np.searchsorted(middles, end)) - 1
    before = np.maximum(first - at, 0)
    after = np.maximum(at - last, 0)
    crossed = np.zeros(len(middles), np.float32)
    for clause in sentence.clauses:
        if clause < start:
            crossed += middles < clause
        elif clause >= end:
            crossed += middles > clause
    distance = before + BEFORE * after + CLAUSE * crossed
    inside = (middles >= start) & (middles < end)
    kernel = np.exp(-distance / REACH)
    kernel[inside] = 0.0  # the candidate itself answers; it is not evidence for itself
    return kernel.astype(np.float32)


def _respective_place(sentence: Sentence, start: int) -> tuple[int, int] | None:
    """Return where the n-th figure after "respectively" belongs: at the n-th listed item."""
    marker = _RESPECTIVELY.search(sentence.text)
    if marker is None:
        return None
    text = sentence.text
    if marker.start() < start:
        row = [f for f in sentence.figures if f.start >= marker.end()]
        items_end = marker.start()
    else:  # "A and B were 3 and 5, respectively"
        row = [f for f in sentence.figures if f.end <= marker.start()]
        items_end = row[0].start if row else 0
    row = _same_row(row)
    position = next((i for i, figure in enumerate(row) if figure.start == start), None)
    if position is None or len(row) < 2:
        return None
    items = _items_before(text, items_end, len(row))
    return (items[position][1], items[position][1]) if items else None


def _same_row(figures: Sequence[Figure]) -> list[Figure]:
    """Keep the leading run of figures of one kind."""
    return [figure for figure in figures if figure.kind == figures[0].kind]


def _items_before(text: str, end: int, count: int) -> list[tuple[int, int]]:
    """Return the last ``count`` enumerated items that end before ``end``."""
    cuts = [m.span() for m in _ITEM.finditer(text[:end])]
    for last in range(len(cuts), count - 2, -1):
        joints = cuts[last - (count - 1) : last]
        begin = cuts[last - count][1] if last >= count else 0
        borders = [begin, *(j[1] for j in joints)]
        stops = [*(j[0] for j in joints), cuts[last][0] if last < len(cuts) else end]
        items = list(zip(borders, stops, strict=True))
        if all(b - a >= 2 for a, b in items) and max(b - a for a, b in items[1:]) <= 24:
            return items
    return []
