"""Nearest vectors by inner product, through FAISS.

Rows are unit vectors, so the inner product is the cosine: 1 is the same direction, higher is
better.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.types import Vectors

# A flat index is exact and needs no training; at a million rows of 256 dimensions it takes 1 GiB
# and some 100 ms a search on one core, beyond which a partitioned index starts to pay.
FLAT_UP_TO = 1_000_000

Ids = NDArray[np.int64]


def choose_index(n: int, d: int) -> Any:
    """Return an empty FAISS index fit for ``n`` rows of ``d`` dimensions.

    This is the one place where the type is chosen. Up to ``FLAT_UP_TO`` rows it is exact; above,
    it is exact still, and a partitioned one belongs here once such a corpus has been measured.
    """
    import faiss

    return faiss.IndexFlatIP(d)


class Dense:
    """A searchable copy of unit rows, shape ``(n, d)``."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> Dense:
        """Index the rows; their numbers are the ids that ``search`` returns."""
        if vectors.ndim != 2:
            raise ValueError(f"vectors must have the shape (n, d), got {vectors.shape}")
        index = choose_index(*vectors.shape)
        if len(vectors):
            index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Return ids and cosines of the ``k`` nearest rows, best first.

        ``vector`` has the shape ``(d,)``. Fewer come back when there are fewer rows. A zero
        vector (an empty text) is near to nothing and finds none. Rows with equal scores come in
        ascending order.
        """
        k = min(k, len(self))
        if k < 1 or not np.any(vector):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        with _one_thread():
            scores, ids = self._index.search(query, k)
        order = np.lexsort((ids[0], -scores[0]))
        return ids[0][order].astype(np.int64), scores[0][order].astype(np.float32)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let FAISS use the calling thread alone.

    One question gains nothing from more: 60,000 rows of 256 took 20 ms with two, 6 ms with one,
    on two cores that others use too. The setting is the calling thread's and torch may share it,
    so it is put back.
    """
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
