"""Questions in, cited answers out.

>>> from rag import answer
>>> print(answer("二季度总营收是多少？"))  # doctest: +SKIP
"""

from rag.answering.reader import load_reader
from rag.answering.weights import missing_weights
from rag.assistant import Assistant, answer
from rag.errors import EmptyQuestion, ModelUnavailable, NoDocuments, SettingsError, YinjuError
from rag.queueing import Line
from rag.settings import PROFILES, Settings
from rag.types import (
    Answer,
    Citation,
    Done,
    Event,
    Quick,
    Statement,
    StepDone,
    TextDelta,
    Turn,
    Waiting,
    Withdrawn,
)
from rag.verifying import Verdict, verify

__all__ = [
    "PROFILES",
    "Answer",
    "Assistant",
    "Citation",
    "Done",
    "EmptyQuestion",
    "Event",
    "Line",
    "ModelUnavailable",
    "NoDocuments",
    "Quick",
    "Settings",
    "SettingsError",
    "Statement",
    "StepDone",
    "TextDelta",
    "Turn",
    "Verdict",
    "Waiting",
    "Withdrawn",
    "YinjuError",
    "answer",
    "load_reader",
    "missing_weights",
    "verify",
]
