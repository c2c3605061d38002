"""Bring a language learned alone into the space shared by English and Chinese.

Word vectors learned from one language's texts have the right distances, up to a rotation; a
few hundred translated sentences and shared words are enough to find it (Procrustes;
Xing et al. 2015, Artetxe et al. 2016). Starting Korean this way instead of from the company
of its few translated sentences raised KorQuAD's first hits from .39 to .60.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from train import corpora
from train.starting import text_sums, unit
from train.teaching import Floats


def rotation(
    own: Floats,
    shared: Floats,
    sentences: Sequence[tuple[corpora.Runs, corpora.Runs, float]],
    words: np.ndarray,
) -> Floats:
    """Return the orthogonal map from ``own`` to ``shared`` folded rows, (d, d).

    ``sentences`` are (text in the shared space, text of the language, weight); ``words`` are
    tokens right in both spaces. Both sides are centred on the first pair of text lists.
    """
    left, right, weight = [], [], []
    for of_shared, of_own, worth in sentences:
        x, y = unit(text_sums(of_own, own)), unit(text_sums(of_shared, shared))
        both = x.any(axis=1) & y.any(axis=1)
        left.append(x[both])
        right.append(y[both])
        weight.append(np.full(int(both.sum()), worth, dtype=np.float32))
    left.append(unit(own[words]))
    right.append(unit(shared[words]))
    weight.append(np.full(len(words), 0.15, dtype=np.float32))
    centre_x, centre_y = left[0].mean(axis=0), right[0].mean(axis=0)
    x = unit(np.concatenate(left) - centre_x) * np.concatenate(weight)[:, None]
    y = unit(np.concatenate(right) - centre_y)
    u, _, v = np.linalg.svd(x.T @ y)
    rotated: Floats = (u @ v).astype(np.float32)
    return rotated
