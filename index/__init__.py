"""Files in, ranked chunks out."""

from index.errors import (
    DamagedIndex,
    EncoderMismatch,
    EncoderUnavailable,
    ForeignIndex,
    IndexingError,
    ReadingError,
    StorageError,
)
from index.types import Chunk, Document, Encoder, Failure, Hit, Purpose, Span, Vectors

__all__ = [
    "Chunk", "DamagedIndex", "Document", "Encoder", "EncoderMismatch", "EncoderUnavailable",
    "Failure", "ForeignIndex", "Hit", "IndexingError", "Purpose", "ReadingError", "Span",
    "StorageError", "Vectors",
]
