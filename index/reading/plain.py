"""Plain text: ``.txt`` and its kin."""

from __future__ import annotations

from index.reading.decoding import decode
from index.reading.extract import Extract


def read(data: bytes) -> Extract:
    """Return the text as it stands."""
    return Extract(decode(data))
