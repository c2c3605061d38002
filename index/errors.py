"""Everything that can go wrong between a file and a ranked chunk.

IndexingError
├── ReadingError          a file can't be read as an article
├── StorageError          a saved index can't be opened
│   ├── DamagedIndex      missing or changed files
│   ├── ForeignIndex      not ours, or written by another version
│   └── EncoderMismatch   its vectors were made by another encoder
└── EncoderUnavailable    the encoder's weights or package are missing

Every message says what was wrong, where, and what to do.
"""

from __future__ import annotations


class IndexingError(Exception):
    """Base of all errors of this package; its message is meant for people."""


class ReadingError(IndexingError):
    """A file can't be read as an article."""


class StorageError(IndexingError):
    """A saved index can't be opened or written."""


class DamagedIndex(StorageError):
    """Files of the index are missing or differ from their checksums."""


class ForeignIndex(StorageError):
    """The folder is not an index of ours, or its format is another version's."""


class EncoderMismatch(StorageError):
    """The index was made with another encoder than the one in use."""


class EncoderUnavailable(IndexingError):
    """The encoder's weights or its Python package are missing."""
