"""Everything that can go wrong between a question and a cited answer.

YinjuError
├── EmptyQuestion         nothing was asked
├── NoDocuments           nothing could be read, or nothing was indexed
├── ModelUnavailable      weights, a package or a server that the profile needs is missing
└── SettingsError         a profile or an option that doesn't exist

What the index raises (``index.IndexingError``) passes through: its messages are for people too.
"""

from __future__ import annotations


class YinjuError(Exception):
    """Base of all errors of this package; its message is meant for people."""


class EmptyQuestion(YinjuError):
    """The question holds no letter and no digit."""


class NoDocuments(YinjuError):
    """There is no text to answer from."""


class ModelUnavailable(YinjuError):
    """Weights, a package or a server that the profile needs is missing."""


class SettingsError(YinjuError):
    """A profile or an option that doesn't exist."""
