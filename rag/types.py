"""The values an answer is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from index import Hit, Span

Step = Literal["condense", "retrieve", "rank", "answer", "cite", "verify", "write"]
Reason = Literal["", "not_in_text", "other_subject", "other_time", "no_figure", "too_weak"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of the conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of a document; ``quote`` is sliced from it, never generated."""

    number: int
    document: str
    document_id: str
    start: int
    end: int
    quote: str

    @property
    def span(self) -> Span:
        return Span(self.document_id, self.start, self.end)

    def __str__(self) -> str:
        return f"[{self.number}] {self.document}: “{self.quote}”"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an answer and the numbers of the citations it rests on.

    ``text`` is a slice of ``Answer.text``, markers included. ``short`` is the figure, date, name
    or clause that answers, as it stands in the source ("" where the sentence itself is the
    answer); ``gloss`` is the same in the asker's language where that differs. ``objections`` say
    why no sentence of the text bears the statement; only what a language model wrote has any.
    """

    text: str
    citations: tuple[int, ...]
    short: str = ""
    gloss: str = ""
    objections: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        return not self.objections


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer or an explained refusal.

    ``reason`` names why a refusal was made and is "" for an answer; ``closest`` is the nearest
    passage of a refusal; ``note`` is what a reader should know of the answer, in their language:
    that either of two sentences may be it; ``suggestions`` are questions the text can answer;
    ``confidence`` is in [0, 1]; ``seconds`` maps each step to the time it took, plus ``total``;
    ``model`` names the language model that wrote the text, "" where the text is quoted.
    """

    question: str
    text: str
    language: str
    sentences: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    refused: bool
    reason: Reason
    hits: tuple[Hit, ...]
    seconds: Mapping[str, float]
    profile: str
    confidence: float = 0.0
    closest: Citation | None = None
    note: str = ""
    suggestions: tuple[str, ...] = ()
    condensed: str = ""
    model: str = ""

    def __str__(self) -> str:
        lines = [self.note, self.text] if self.note else [self.text]
        lines += [str(c) for c in self.citations if c.quote not in self.text]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON-ready values, the format of ``yinju ask --json``."""
        values = asdict(self)
        values["seconds"] = dict(self.seconds)
        return values


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of the pipeline ended; ``detail`` holds counts worth showing, such as hits found."""

    step: Step
    seconds: float
    detail: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quick:
    """The answer quoted without a language model, told before ``model`` begins to write its own."""

    answer: Answer
    model: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The model is busy; ``ahead`` questions come first."""

    ahead: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer's text; the deltas of one answer concatenate to ``Answer.text``."""

    text: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The text told so far is not the answer after all; the deltas begin anew."""


@dataclass(frozen=True, slots=True)
class Done:
    """The finished answer, always the last event."""

    answer: Answer


Event = StepDone | Quick | Waiting | TextDelta | Withdrawn | Done
