"""Files in, ranked chunks out.

Names that need more than numpy are imported when they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from index.abbreviations import ABBREVIATIONS
    from index.chunking import ChunkSettings, chunk
    from index.corpus import Corpus
    from index.embedding import SentenceTransformerEncoder, StaticEncoder, load_encoder
    from index.fusing import fuse
    from index.language import detect
    from index.lexical import Lexical
    from index.pinyin import han_matches
    from index.reading import Reading, read, read_bytes, read_file, read_text
    from index.sentences import split
    from index.words import fold, terms

_HOME = {
    "ABBREVIATIONS": "abbreviations",
    "ChunkSettings": "chunking",
    "Corpus": "corpus",
    "Lexical": "lexical",
    "Reading": "reading",
    "SentenceTransformerEncoder": "embedding",
    "StaticEncoder": "embedding",
    "chunk": "chunking",
    "detect": "language",
    "fold": "words",
    "fuse": "fusing",
    "han_matches": "pinyin",
    "load_encoder": "embedding",
    "read": "reading",
    "read_bytes": "reading",
    "read_file": "reading",
    "read_text": "reading",
    "split": "sentences",
    "terms": "words",
}

__all__ = [
    "ABBREVIATIONS",
    "Chunk",
    "ChunkSettings",
    "Corpus",
    "DamagedIndex",
    "Document",
    "Encoder",
    "EncoderMismatch",
    "EncoderUnavailable",
    "Failure",
    "ForeignIndex",
    "Hit",
    "IndexingError",
    "Lexical",
    "Purpose",
    "Reading",
    "ReadingError",
    "SentenceTransformerEncoder",
    "Span",
    "StaticEncoder",
    "StorageError",
    "Vectors",
    "chunk",
    "detect",
    "fold",
    "fuse",
    "han_matches",
    "load_encoder",
    "read",
    "read_bytes",
    "read_file",
    "read_text",
    "split",
    "terms",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    value = getattr(import_module(f"index.{_HOME[name]}"), name)
    globals()[name] = value
    return value
