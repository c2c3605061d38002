"""Stand-ins that mean something: simple, deterministic, and true to the protocols."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from index import Purpose, Vectors


class HashEncoder:
    """Hashes words and character bigrams into a unit vector, so that overlap = similarity."""

    name = "hash"

    def __init__(self, dimensions: int = 256, fingerprint: str = "hash-256") -> None:
        self.dimensions = dimensions
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        """Return unit rows, zeros for a text without words, and remember what was asked."""
        self.encoded += texts
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for unit in _units(text):
                row[zlib.crc32(unit.encode()) % self.dimensions] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def _units(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+|[^\W\da-z_]+", text.lower())
    return [u for word in words for u in ([word] if word.isascii() else _pairs(word))]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
