"""Several kinds of evidence become one score.

``blend`` is what a search uses: how much of the question a chunk accounts for by its words, a
little of how close it is in meaning, and a little of how much of the question the whole document
holds (the company and the year often stand on its first page only). All are absolute, so that a
question in another language than the text, whose words say nothing, is decided by meaning alone
without anyone telling.

``fuse`` is reciprocal rank fusion, the usual way, kept to hold the blend against. First hit on
development sets, 700 questions each of CMRC, JaQuAD, KorQuAD, QAMR, SQuAD-es, ARCD and all of
the invented reports (mean "same"), and NTREX held out, en-zh zh-en es-zh ja-zh de-en ru-zh
("cross"), with the static encoder of 25 MB:

                                          same    cross
    BM25 alone                            .776    .345
    encoder alone                         .529    .663
    RRF k = 60, equal weights             .649    .681
    RRF k = 5, encoder weighs 0.25        .765    .648
    BM25's share + 0.10 cosine            .779    .710
    BM25's share + 0.15 cosine            .781    .715
    BM25's share + 0.30 cosine            .775    .708
    share + 0.15 cosine + 0.2 document    .785    .712    <- MEANING, DOCUMENT

and for the chunks of the 20 invented reports in one index, first hit / first five / first ten:

    BM25 alone                            en .720 .914 .971    zh .555 .810 .866
    share + 0.15 cosine                   en .720 .918 .963    zh .566 .810 .876
    share + 0.15 cosine + 0.2 document    en .720 .934 .963    zh .569 .828 .910

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
