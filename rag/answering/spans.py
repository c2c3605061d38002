"""Short answers: the figure, date or name in a sentence that a question asks for.

Candidates are typed (a figure is money, a share, a count …); among those of the right type the
one that stands nearest the question's words wins. Nearness falls with the words between and with
every clause boundary, and a figure is looked for after its words rather than before them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from index import terms
from rag import names
from rag.asking import Question, compared
from rag.kinds import Kind
from rag.matching import Floats, Query, Words, meaning
from rag.numbers import UNKNOWN, Figure, Period, Time, anchored, compatible, find, times
from rag.transliterating import spelt_runs

REACH = 6.0  # words at which nearness has fallen to 1/e
CLAUSE = 4.0  # words that one clause boundary counts as
FARTHEST = 8.0  # words before the candidate count as no farther: a subject governs all that follows
BEFORE = 1.7  # a question word behind the candidate counts as this many times as far
OTHER_TIME = 0.3  # what a figure of another time than the asked one counts
LIKELY_NAME = 0.6  # what characters that spell foreign names count where no name is marked
READ = 1.0  # how many times more a candidate counts that the reader is sure of
OTHER_KIND = 0.5  # what the second-best kind of a question counts

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
_UNIT_ASKED = {
    "day": re.compile(
        r"哪一?天|几号|几日|哪一?日|日期|\bdate\b|\bfecha\b|\bdatum\b|\bдата\b"
        r"|\b(which|what) day\b|何日|며칠|\bque dia\b|\bquel jour\b"
        r"|\bwelchem tag\b|какого числа|какои день"
    ),
    "month": re.compile(
        r"哪一?个?月|几月|\b(which|what) month\b|何月|몇 ?월|\bque mes\b|\bquel mois\b"
    ),
    "year": re.compile(
        r"哪一?年|几几年|\b(which|what) year\b|何年|몇 ?년|\bque ano\b|\bquelle annee\b"
        r"|\bwelchem jahr\b|\bкаком году\b"
    ),
}
_FINENESS = {"day": 1.0, "month": 0.95, "year": 0.9, "half": 0.5, "quarter": 0.5}
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
    """A sentence with everything that is computed once and used for every question.

    ``meaning`` (d,) is the unit vector of its words but those of its times.
    """

    text: str
    words: Words
    figures: tuple[Figure, ...]
    persons: tuple[tuple[int, int], ...]
    clauses: tuple[int, ...]
    times: tuple[Time, ...]
    terms: frozenset[str]
    meaning: Floats
    concepts: frozenset[int]


def prepare(text: str, words: Words) -> Sentence:
    """Find a sentence's figures, people, clause boundaries, times, meaning and concepts."""
    told = tuple(times(text))
    return Sentence(
        text, words, tuple(find(text)), tuple(names.people(text)),
        tuple(match.start() for match in _CLAUSE_END.finditer(text)), told,
        frozenset(terms(text)), meaning(words, ((t.start, t.end) for t in told)),
        frozenset().union(*(place.concepts for place in words.told)),
    )  # fmt: skip


def best_short(
    asked: Query, sentence: Sentence, matched: Floats, weights: Floats,
    people: Collection[str] = (), read: tuple[int, int, float] | None = None,
    period: Period = UNKNOWN,
) -> Short | None:  # fmt: skip
    """Return the best short answer of a sentence, or None where the sentence has to speak.

    ``matched`` is the similarity of question and sentence words, ``weights`` (question words,)
    says how much each counts; ``people`` are names that other sentences make known; ``read`` is
    the span that the reader would answer with, and its probability; ``period`` is what the text
    is of.
    """
    candidates = shorts(asked, sentence, matched, weights, people, period)

    def believed(short: Short) -> float:
        meant = read is not None and short.start < read[1] and read[0] < short.end
        return short.score * (1.0 + READ * read[2]) if read and meant else short.score

    return max(candidates, key=believed, default=None)


def shorts(
    asked: Query, sentence: Sentence, matched: Floats, weights: Floats,
    people: Collection[str] = (), period: Period = UNKNOWN,
) -> list[Short]:  # fmt: skip
    """Return every typed candidate that isn't already in the question."""
    found = []
    for rank, kind in enumerate(asked.question.kinds[:3]):
        if kind == "person":
            typed: list[tuple[int, int, float, Figure | None]]
            named = {*sentence.persons, *_occurrences(people, sentence.text)}
            typed = [(start, end, 1.0, None) for start, end in sorted(named)]
            if not typed:
                typed = [(*span, LIKELY_NAME, None) for span in spelt_runs(sentence.text)]
        else:
            typed = [
                (figure.start, figure.end, suit, figure)
                for figure in sentence.figures
                if (suit := _suits(asked.question, kind, figure))
            ]
        for start, end, suit, figure in typed:
            if not _known(asked.question, sentence.text[start:end]):
                near = _nearness(sentence, matched, weights, start, end)
                timely = _timely(asked.question, sentence, figure, period)
                weighed = suit * OTHER_KIND**rank * timely
                found.append(Short(start, end, weighed, near, figure))
    return found


def _occurrences(names: Collection[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for name in names for match in re.finditer(re.escape(name), text)]


def _suits(question: Question, kind: Kind, figure: Figure) -> float:
    suit = _SUITS.get(kind, {}).get(figure.kind, 0.0)
    if kind == "date" and figure.time is not None:
        return suit * _fineness(question, figure.time)
    return suit


def _fineness(question: Question, time: Time) -> float:
    """Return how well a date's precision suits: "which year" wants a year, "when" a day."""
    for unit, pattern in _UNIT_ASKED.items():
        if pattern.search(question.folded):
            return 1.0 if getattr(time, unit) is not None else 0.3
    finest = next((unit for unit in _FINENESS if getattr(time, unit) is not None), "")
    return _FINENESS.get(finest, 0.2)


def _known(question: Question, text: str) -> bool:
    return text.casefold() in question.text.casefold()


def _timely(question: Question, sentence: Sentence, figure: Figure | None, period: Period) -> float:
    """Weigh a figure by the time that stands last before it: "93 after 86 in the first quarter"."""
    if figure is None or figure.kind == "date" or not question.times:
        return 1.0
    before = [time for time in sentence.times if time.end <= figure.start]
    if figure.kind == "percent":  # a change isn't of the time that it starts from
        before = [time for time in before if not compared(sentence.text, time)]
    asked = [anchored(time, period) for time in question.times]
    verdicts = [compatible(time, anchored(before[-1], period)) for time in asked if before]
    if any(verdict is True for verdict in verdicts):
        return 1.0
    return OTHER_TIME if any(verdict is False for verdict in verdicts) else 0.9


def _nearness(sentence: Sentence, matched: Floats, weights: Floats, start: int, end: int) -> float:
    """Return how close the question's words stand to a candidate, in [0, 1]."""
    total = float(weights.sum())
    if not total or not matched.size:
        return 0.0
    place = _respective_place(sentence, start) or (start, end)
    closeness = _closeness(sentence, *place)
    # Cubed, because a weak match says little about which of two figures is meant.
    return float((weights * (matched**3 * closeness[None, :]).max(axis=1)).sum() / total)


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
    distance = np.minimum(before + CLAUSE * crossed, FARTHEST) + BEFORE * after
    distance += CLAUSE * crossed * (after > 0)
    inside = (middles >= start) & (middles < end)
    kernel: Floats = np.exp(-distance / REACH).astype(np.float32)
    kernel[inside] = 0.0  # the candidate itself answers; it is not evidence for itself
    return kernel


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
