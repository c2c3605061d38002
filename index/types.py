"""The values that travel through indexing and retrieval.

A location is always character offsets into one document's text, end exclusive, and every text
carried beside a location equals the slice: ``document.text[start:end] == text``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Purpose = Literal["query", "passage"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of one document."""

    document_id: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.document_id}[{self.start}:{self.end}]"

    def overlaps(self, other: Span) -> bool:
        """Tell whether both share at least one character."""
        return (
            self.document_id == other.document_id
            and self.start < other.end
            and other.start < self.end
        )


@dataclass(frozen=True, slots=True)
class Document:
    """One article: ``text`` is what every offset points into and is never changed after reading.

    ``id`` is stable for the same source; ``source`` is the path as given; ``language`` is a
    BCP 47 code such as ``zh``, ``zh-Hant``, ``en`` or ``und``.
    """

    id: str
    title: str
    text: str
    source: str
    language: str

    def __str__(self) -> str:
        return f"{self.title} ({self.language}, {len(self.text):,} characters)"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences; ``context`` (title, heading) helps retrieval and has no offsets."""

    document_id: str
    start: int
    end: int
    text: str
    context: str = ""

    @property
    def span(self) -> Span:
        return Span(self.document_id, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk; a higher ``score`` is better, scores of one search are comparable."""

    document_id: str
    start: int
    end: int
    text: str
    score: float
    context: str = ""

    @property
    def span(self) -> Span:
        return Span(self.document_id, self.start, self.end)

    def __str__(self) -> str:
        return f"{self.score:.3f} {self.document_id}[{self.start}:{self.end}] {self.text[:60]}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was left out, and why, in words for people."""

    path: str
    message: str


class Encoder(Protocol):
    """Texts in, unit vectors out."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text would get another vector; stored with an index."""

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        """Return unit rows, shape ``(len(texts), dimensions)``; an empty text gets zeros."""
