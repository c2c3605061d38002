"""Reciprocal rank fusion: several rankings become one without comparing their scores.

    score(d) = Σ_r weight_r / (k + rank_r(d)),  rank 1 is best

Cormack, Clarke & Büttcher, 2009, "Reciprocal Rank Fusion outperforms Condorcet and Individual
Rank Learning Methods".
"""

from __future__ import annotations

from collections.abc import Sequence

K = 60  # the paper's constant


def fuse(
    rankings: Sequence[Sequence[int]],
    weights: Sequence[float] | None = None,
    k: int = K,
) -> list[tuple[int, float]]:
    """Return ``(id, score)`` best first; equal scores come in ascending order of id.

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


def ceiling(weights: Sequence[float], k: int = K) -> float:
    """Return the score of an id that is first everywhere, the highest there can be."""
    return sum(weights) / (k + 1)
