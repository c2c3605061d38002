"""Everything that can go wrong while measuring.

EvalError
├── QuestionsError       a question file is missing, malformed or asks of unknown documents
├── RunError             a folder of results can't be read or compared
└── PackageError         an optional package of the ``eval`` extra isn't installed

Every message names the file, the line where there is one, and what to do.
"""

from __future__ import annotations


class EvalError(Exception):
    """Base of all errors of this package; its message is meant for people."""


class QuestionsError(EvalError):
    """A question file is missing, malformed or asks of documents that weren't given."""


class RunError(EvalError):
    """A folder of results can't be read or compared."""


class PackageError(EvalError):
    """An optional package isn't installed."""
