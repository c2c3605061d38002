"""What every way of answering hands on: sentences that answer, or why nothing does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index import Corpus, Hit, Span
from rag.asking import Question
from rag.numbers import Figure
from rag.types import Reason


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that answers one part of a question; ``short`` lies inside ``sentence``."""

    sentence: Span
    short: Span | None
    figure: Figure | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Draft:
    """Sentences that answer, best first, or a reason why the text doesn't.

    ``missing`` is the word or time of the question that the text lacks, where one stands out.
    ``either`` tells that of two sentences only one need answer, the first more likely;
    ``partly`` that of several things asked the text tells some.
    """

    found: tuple[Found, ...]
    confidence: float
    reason: Reason = ""
    missing: str = ""
    closest: Span | None = None
    read: int = 0
    either: bool = False
    partly: bool = False


class Answerer(Protocol):
    """A way of answering."""

    def draft(self, question: Question, corpus: Corpus, hits: Sequence[Hit]) -> Draft: ...
