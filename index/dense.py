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

# Up to here every row is compared, which is exact and needs no training: 5 ms of 100,000 rows of
# 256 dimensions on one core, 41 of a million. Above it rows are first sifted by short codes:
#
#     a million rows, one core                of 10   of 100   p50 / p95 ms   MiB
#     flat, float32                           1.000   1.000    41.4 / 47.4    977
#     flat, float16                           1.000   1.000    20.7 / 23.1    488
#     flat, 8 bits                             .988    .989    21.9 / 23.8    244
#     IVF, 8 bits, 384 of 1,024 lists          .950    .954     8.1 /  8.7    253
#     codes, 4 bits for 4 dimensions, 1,000    .971    .835     2.2 /  2.4     31
#     codes, 4 bits for 2 dimensions, 500      .998    .968     3.0 /  4.3     61
#     codes, 4 bits for 2 dimensions, 1,000    .998    .992     3.3 /  3.9     61   <- above
#
# "of 10" is the share of the exact first ten that are found; of so many rows the exact score is
# worked out afterwards, from the corpus' own vectors. HNSW (16 links) finds .844 of the first ten
# and .754 of the hundred at its widest, and takes 164 s to build. Questions lie between the
# clusters of the texts, so lists and graphs lose what a scan of all codes in registers doesn't.
# Learnt in 4 s.
# ``python -m eval bench --sizes 10000,100000,1000000 --data DATA``, 2026-11-24, eval/LOG.md.
FLAT_UP_TO = 100_000
SIFTED = 1_000  # rows whose exact score is worked out; of 2,000 FAISS takes four times as long
TRAINED_ON = 100_000  # rows the codes are learnt from, a fixed draw

Ids = NDArray[np.int64]
Codes = NDArray[np.uint8]


def choose_index(n: int, d: int) -> Any:
    """Return an empty FAISS index fit for ``n`` rows of ``d`` dimensions.

    This is the one place where the type is chosen: an exact one up to ``FLAT_UP_TO`` rows, above
    it product-quantised codes that are scanned in registers (André, Kermarrec & Le Scouarnec,
    2017, "Accelerated Nearest Neighbor Search with Quick ADC"), two dimensions in four bits.
    """
    import faiss

    if not is_sifted(n, d):
        return faiss.IndexFlatIP(d)
    return faiss.IndexPQFastScan(d, d // 2, 4, faiss.METRIC_INNER_PRODUCT)


def is_sifted(n: int, d: int) -> bool:
    """Tell whether so many rows are sifted by codes; an odd dimension can't be cut in pairs."""
    return n > FLAT_UP_TO and d % 2 == 0


class Dense:
    """Searchable unit rows, shape ``(n, d)``."""

    def __init__(self, index: Any, vectors: Vectors) -> None:
        """``vectors`` are the rows the index was made of; their copy is the caller's."""
        self._index = index
        self._vectors = vectors

    @classmethod
    def build(cls, vectors: Vectors) -> Dense:
        """Index the rows; their numbers are the ids that ``search`` returns."""
        if vectors.ndim != 2:
            raise ValueError(f"vectors must have the shape (n, d), got {vectors.shape}")
        index = choose_index(*vectors.shape)
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        if not index.is_trained:
            drawn = np.random.default_rng(0).permutation(len(rows))[:TRAINED_ON]
            index.train(rows[np.sort(drawn)])
        if len(rows):
            index.add(rows)
        return cls(index, rows)

    @classmethod
    def restored(cls, codes: Codes, vectors: Vectors) -> Dense:
        """Return what ``codes`` were taken from; raises ``ValueError`` where they aren't any."""
        import faiss

        try:
            index = faiss.deserialize_index(codes)
        except RuntimeError as exc:
            raise ValueError("not an index of FAISS") from exc
        if (index.ntotal, index.d) != vectors.shape:
            raise ValueError("codes and vectors differ in shape")
        return cls(index, vectors)

    @property
    def codes(self) -> Codes | None:
        """What took training and is worth keeping on disk, None for a flat index."""
        import faiss

        return None if self._is_exact else faiss.serialize_index(self._index)

    @property
    def _is_exact(self) -> bool:
        import faiss

        return isinstance(self._index, faiss.IndexFlat)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Return ids and cosines of the ``k`` nearest rows, best first.

        ``vector`` has the shape ``(d,)``. Fewer come back when there are fewer rows. A zero
        vector (an empty text) is near to nothing and finds none. Rows with equal scores come in
        ascending order. Above ``FLAT_UP_TO`` rows the cosines are exact, and of the exact first
        hundred one may be missing.
        """
        k = min(k, len(self))
        if k < 1 or not np.any(vector):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        read = k if self._is_exact else min(len(self), max(k, SIFTED))
        with _one_thread():
            scores, ids = (found[0] for found in self._index.search(query, read))
        if not self._is_exact:
            ids = ids[ids >= 0]
            scores = self._vectors[ids] @ query[0]
        order = np.lexsort((ids, -scores))[:k]
        return ids[order].astype(np.int64), scores[order].astype(np.float32)


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
