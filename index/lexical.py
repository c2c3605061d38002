"""BM25 over chunks, as sparse postings in numpy.

Score of a chunk d for a query q (Robertson & Zaragoza, 2009, "The Probabilistic Relevance
Framework: BM25 and Beyond"), with f the count of term t in d and |d| the chunk's terms:

    score(d, q) = Σ_{t in q} idf(t) · f · (K1 + 1) / (f + K1 · (1 − B + B · |d| / mean |d|))
    idf(t)      = ln(1 + (N − n(t) + 0.5) / (n(t) + 0.5))

A repeated query term counts as often as it is repeated. Each posting's share of that sum is
worked out when its term is asked for: keeping all of them (as BM25S does: Lù, 2024) took 330 MB
of a million chunks and a second to make, and a search was hardly faster.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.names import Names
from index.words import terms

# Of 15 pairs, best or within .005 of the best on CMRC, JaQuAD, KorQuAD, QAMR and the invented
# reports; the usual 1.5 and 0.75 lose .001 to .014 on the first three.
K1 = 0.9
B = 0.6
_MOST = 65535  # of a term in one chunk; more counts as this many
_FOLDS = 100

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Lexical:
    """Postings by term: ``rows[starts[t]:starts[t+1]]`` are the chunks that hold term ``t``.

    ``vocabulary`` maps a term to its number, in order; ``counts`` (parallel to ``rows``) says how
    often the chunk holds it; ``lengths`` holds the number of terms of each chunk.
    """

    vocabulary: dict[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]

    @classmethod
    def build(cls, texts: Iterable[str]) -> Lexical:
        """Count the terms of the texts, one chunk each."""
        counting = Counting()
        for text in texts:
            counting.add(text)
        return counting.finish()

    def updated(self, kept: Sequence[int], added: Lexical) -> Lexical:
        """Return these chunks (in this order) followed by the added ones.

        Equal to counting all of them afresh, without reading the kept texts again; terms that no
        chunk holds any more are forgotten.
        """
        place = np.full(len(self), -1, np.int32)
        place[np.asarray(kept, np.int64)] = np.arange(len(kept), dtype=np.int32)
        moved = place[self.rows]
        stays = moved >= 0
        vocabulary = dict(self.vocabulary)
        names = [vocabulary.setdefault(term, len(vocabulary)) for term in added.vocabulary]
        renamed = np.asarray(names, np.int32)
        return _grouped(
            list(vocabulary),
            np.concatenate([self._numbers()[stays], renamed[added._numbers()]]),
            np.concatenate([moved[stays], added.rows + len(kept)]),
            np.concatenate([self.counts[stays], added.counts]),
            np.concatenate([self.lengths[np.asarray(kept, np.int64)], added.lengths]),
        )

    def _numbers(self) -> NDArray[np.int32]:
        """Return the term of each posting, parallel to ``rows``."""
        return np.repeat(np.arange(len(self.vocabulary), dtype=np.int32), np.diff(self.starts))

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def _damping(self) -> Scores:
        """K1 · (1 − B + B · |d| / mean |d|) of each chunk, shape ``(len(self),)``."""
        mean = max(float(self.lengths.mean()), 1.0) if len(self) else 1.0
        return (K1 * (1 - B + B * self.lengths / mean)).astype(np.float32)

    def search(self, query: str, k: int) -> tuple[Ids, Scores]:
        """Return the best ``k`` chunks that share a term with the query, best first.

        Chunks with equal scores come in their own order. Fewer than ``k`` come back when fewer
        share a term.
        """
        return best(self.query_scores(query), k)

    def query_scores(self, query: str) -> Scores:
        """Return every chunk's score for a query, shape ``(len(self),)``."""
        return self.scores(self.wanted(query))

    def wanted(self, query: str) -> list[str]:
        """Return the terms to look up: the query's own and its names in the other script."""
        return [*terms(query, query=True), *self._names.found(query)]

    def ceiling(self, query: str) -> float:
        """Return the score that no chunk reaches: all the query's terms, each without end.

        A term that no chunk holds counts as much as one could that is found for the first time.
        """
        held = (self._held(term) for term in terms(query, query=True))
        counts = np.array([where.stop - (where.start or 0) for where in held], dtype=np.float64)
        return float(self._idf(counts).sum() * (K1 + 1))

    def coverage(self, query: str, runs: NDArray[Any]) -> Scores:
        """Return the part of a query's weight whose terms each run of chunks holds.

        ``runs`` are the first chunk of each run and the one after its last, shape ``(n, 2)``;
        terms weigh their idf. The result has the shape ``(n,)`` and lies in [0, 1].
        """
        ends = runs.astype(np.int32)  # as the rows are, which else would all be converted
        found = np.zeros(len(runs), dtype=np.float64)
        for term, times in Counter(self.wanted(query)).items():
            rows = self.rows[self._held(term)]
            before = np.searchsorted(rows, ends)
            found += (before[:, 1] > before[:, 0]) * times * self._idf(np.float64(len(rows)))
        whole = max(self.ceiling(query) / (K1 + 1), 1e-9)
        return np.clip(found / whole, 0.0, 1.0).astype(np.float32)

    def _idf(self, held: Any) -> Any:
        """Return idf of terms from the number of chunks that hold each, one number or many."""
        return np.log1p((len(self) - held + 0.5) / (held + 0.5))

    @cached_property
    def _names(self) -> Names:
        return Names(self.vocabulary, lambda term: self.rows[self._held(term)])

    def _held(self, term: str) -> slice:
        """Return where the postings of a term lie, nowhere for an unknown one."""
        number = self.vocabulary.get(term)
        return slice(0) if number is None else slice(*self.starts[number : number + 2].tolist())

    def scores(self, wanted: Iterable[str]) -> Scores:
        """Return every chunk's score for these terms, shape ``(len(self),)``."""
        total = np.zeros(len(self), dtype=np.float32)
        for term, weight in Counter(wanted).items():
            held = self._held(term)
            rows = self.rows[held].astype(np.intp)  # once, else every step below converts them
            counts = self.counts[held].astype(np.float32)
            damped = self._damping.take(rows) + counts
            counts *= np.float32(weight * (K1 + 1) * self._idf(np.float64(len(rows))))
            np.add.at(total, rows, counts / damped)  # half the time of total[rows] +=
        return total


class Counting:
    """Counts the terms of one chunk after another, so that no text need be kept."""

    def __init__(self) -> None:
        self._vocabulary: defaultdict[str, int] = defaultdict()
        self._vocabulary.default_factory = self._vocabulary.__len__
        self._numbers, self._rows, self._counts = array("i"), array("i"), array("i")
        self._lengths = array("i")

    def add(self, text: str) -> None:
        """Count the terms of the next chunk."""
        found = Counter(terms(text))
        self._numbers.extend(map(self._vocabulary.__getitem__, found))
        self._rows.extend([len(self._lengths)] * len(found))
        self._counts.extend(found.values())
        self._lengths.append(found.total())

    def finish(self) -> Lexical:
        """Return the searchable postings of all chunks."""
        parts = (self._numbers, self._rows, self._counts, self._lengths)
        return _grouped(list(self._vocabulary), *map(_view, parts))


def _view(values: array[int]) -> NDArray[Any]:
    return np.frombuffer(values, values.typecode) if values else np.empty(0, values.typecode)


def _grouped(
    names: Sequence[str],
    numbers: NDArray[Any],
    rows: NDArray[Any],
    counts: NDArray[Any],
    lengths: NDArray[Any],
) -> Lexical:
    """Sort postings by term and chunk, and leave out the terms that have none."""
    held = np.bincount(numbers, minlength=len(names))
    order = np.lexsort((rows, numbers))
    kept = np.flatnonzero(held)
    starts = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum(held[kept], out=starts[1:])
    return Lexical(
        {names[number]: place for place, number in enumerate(kept.tolist())},
        starts,
        rows[order].astype(np.int32),
        np.minimum(counts[order], _MOST).astype(np.uint16),
        lengths.astype(np.int32),
    )


def best(scores: Scores, k: int) -> tuple[Ids, Scores]:
    """Return the ``k`` highest positive scores, best first, equal ones in ascending order."""
    least = _reached(scores, k)
    found = np.flatnonzero(scores >= least if least > 0 else scores > 0)
    if len(found) > k:
        least = np.partition(scores[found], len(found) - k)[len(found) - k]
        found = found[scores[found] >= least]
    order = np.lexsort((found, -scores[found]))[:k]
    return found[order], scores[found[order]]


def _reached(scores: Scores, k: int) -> float:
    """Return a score that at least ``k`` reach, near the highest such, or 0.

    The scores are cut in ``_FOLDS`` pieces laid on one another; the highest at each place belong
    to different chunks. Of a million scores a pass over them and a look at 10,000 remain, a
    third of the time that sorting out the positive ones takes.
    """
    width = len(scores) // _FOLDS
    if width <= k:
        return 0.0
    highest = scores[: width * _FOLDS].reshape(_FOLDS, width).max(axis=0)
    return float(np.partition(highest, width - k)[width - k])
