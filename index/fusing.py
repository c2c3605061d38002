"""Several kinds of evidence become one score.

``blend`` is what a search uses: how much of the question a chunk accounts for by its words, a
little of how close it is in meaning, and a little of how much of the question the whole document
holds (the company and the year often stand on its first page only). All are absolute, so that a
question in another language than the text, whose words say nothing, is decided by meaning alone
without anyone telling.

The weights were chosen by ``python -m eval retrieval --data DATA --limit 200 --sweep`` (2026-11-24,
eval/LOG.md): mean first hit in %, over paragraphs and report sentences in the question's language
("same", six sets) and over NTREX sentences held out of training, eight language pairs ("cross"):

    cosine  document     same   cross   mean
    0       0            78.9   26.2    52.6    BM25's share alone
    0.1     0.2          78.9   78.6    78.8
    0.15    0.2          79.1   79.8    79.4
    0.2     0.2          78.6   80.3    79.5
    0.3     0.0          78.9   81.1    80.0
    0.3     0.2          79.4   81.3    80.4    <- MEANING, DOCUMENT
    0.3     0.3          79.4   80.9    80.2
    0.45    0.2          79.0   81.1    80.0

``fuse`` is reciprocal rank fusion, the usual way, kept to hold the blend against: with an earlier
encoder the best of some 50 settings had .778 and .669 where the blend had .785 and .712, and equal
weights .649 and .681, less than BM25 alone in the question's language (.776).

Linear blends beat RRF elsewhere too: Bruch, Gai & Ingber, 2023, "An Analysis of Fusion Functions
for Hybrid Retrieval".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.types import Vectors

MEANING = 0.3  # weight of the cosine beside BM25's share; see above
DOCUMENT = 0.2  # weight of what the whole document holds
K = 60  # the constant of Cormack, Clarke & Büttcher


def blend(shares: Vectors, cosines: Vectors, coverage: Vectors) -> Vectors:
    """Return a score in [0, 1] for each chunk, the weighted mean of three, each cut to [0, 1].

    ``shares`` are the parts of the question that the chunks' words account for, ``cosines`` how
    close they are in meaning, ``coverage`` the parts of the question's words that their documents
    hold. All have the shape ``(n,)``.
    """
    parts = (shares, 1.0), (cosines, MEANING), (coverage, DOCUMENT)
    total = sum(np.float32(weight) * np.clip(part, 0.0, 1.0) for part, weight in parts)
    blended: Vectors = np.asarray(total / sum(weight for _, weight in parts), dtype=np.float32)
    return blended


def fuse(
    rankings: Sequence[Sequence[int]],
    weights: Sequence[float] | None = None,
    k: int = K,
) -> list[tuple[int, float]]:
    """Fuse rankings into ``(id, score)``, best first; equal scores in ascending order of id.

    Reciprocal rank fusion, score(d) = Σ_r weight_r / (k + rank_r(d)) with rank 1 the best
    (Cormack, Clarke & Büttcher, 2009, "Reciprocal Rank Fusion outperforms Condorcet and
    Individual Rank Learning Methods").

    Each ranking lists ids, best first; an id listed twice counts at its better rank. ``weights``
    (default 1 each) must be as many as the rankings, else ``ValueError``.
    """
    if weights is None:
        weights = [1.0] * len(rankings)
    if len(weights) != len(rankings):
        raise ValueError(f"{len(rankings)} rankings need as many weights, got {len(weights)}")
    scores: dict[int, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for rank, item in enumerate(dict.fromkeys(ranking), start=1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
