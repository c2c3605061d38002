"""BM25 over chunks, as sparse postings in numpy.

Score of a chunk d for a query q (Robertson & Zaragoza, 2009, "The Probabilistic Relevance
Framework: BM25 and Beyond"), with f the count of term t in d and |d| the chunk's terms:

    score(d, q) = Σ_{t in q} idf(t) · f · (K1 + 1) / (f + K1 · (1 − B + B · |d| / mean |d|))
    idf(t)      = ln(1 + (N − n(t) + 0.5) / (n(t) + 0.5))

A repeated query term counts as often as it is repeated. Each posting's share of that sum is
worked out beforehand, so that a search is one weighted count (after BM25S: Lù, 2024).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.pinyin import Names
from index.words import terms

# Of 15 pairs, best or within .005 of the best on CMRC, JaQuAD, KorQuAD, QAMR and the invented
# reports; the usual 1.5 and 0.75 lose .001 to .014 on the first three.
K1 = 0.9
B = 0.6
_MOST = 65535  # of a term in one chunk; more counts as this many

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
        vocabulary: dict[str, int] = {}
        numbers, rows, counts, lengths = array("i"), array("i"), array("H"), array("i")
        for row, text in enumerate(texts):
            found = Counter(terms(text))
            lengths.append(found.total())
            numbers.extend([vocabulary.setdefault(term, len(vocabulary)) for term in found])
            rows.extend([row] * len(found))
            counts.extend([min(count, _MOST) for count in found.values()])
        return _grouped(
            list(vocabulary), _view(numbers), _view(rows), _view(counts), _view(lengths)
        )

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
    def impacts(self) -> Scores:
        """What each posting adds to its chunk's score, parallel to ``rows``."""
        held = np.diff(self.starts)
        idf = np.log1p((len(self) - held + 0.5) / (held + 0.5))
        mean = max(float(self.lengths.mean()), 1.0) if len(self) else 1.0
        damping = (K1 * (1 - B + B * self.lengths / mean)).astype(np.float32)
        counts = self.counts.astype(np.float32)
        counts *= np.float32(K1 + 1) / (counts + damping[self.rows])
        counts *= np.repeat(idf.astype(np.float32), held)
        return counts

    def search(self, query: str, k: int) -> tuple[Ids, Scores]:
        """Return the best ``k`` chunks that share a term with the query, best first.

        Chunks with equal scores come in their own order. Fewer than ``k`` come back when fewer
        share a term.
        """
        return _best(self.scores([*terms(query, query=True), *self._names.found(query)]), k)

    @cached_property
    def _names(self) -> Names:
        held = np.diff(self.starts).tolist()
        return Names(dict(zip(self.vocabulary, held, strict=True)))

    def scores(self, wanted: Iterable[str]) -> Scores:
        """Return every chunk's score for these terms, shape ``(len(self),)``."""
        total = np.zeros(len(self), dtype=np.float32)
        for term, weight in Counter(wanted).items():
            number = self.vocabulary.get(term)
            if number is not None:
                held = slice(self.starts[number], self.starts[number + 1])
                total[self.rows[held]] += np.float32(weight) * self.impacts[held]
        return total


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
        counts[order].astype(np.uint16),
        lengths.astype(np.int32),
    )


def _best(scores: Scores, k: int) -> tuple[Ids, Scores]:
    """Return the ``k`` highest positive scores, best first, equal ones in ascending order."""
    found = np.flatnonzero(scores)
    if len(found) > k:
        least = np.partition(scores[found], len(found) - k)[len(found) - k]
        found = found[scores[found] >= least]
    order = np.lexsort((found, -scores[found]))[:k]
    return found[order], scores[found[order]]
