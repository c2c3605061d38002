"""What one visitor has asked, and of which documents. Nothing here is shared between visitors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Literal, Protocol

from index import Corpus, Document
from rag import Answer, Citation, Event, Turn
from ui.article import Tint, colour

Source = Literal["given", "uploads"]


class Asker(Protocol):
    """What the page needs of ``rag.Assistant``."""

    @property
    def corpus(self) -> Corpus: ...

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]: ...

    def examples(self, language: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it: an answer, a failure, or a text that was stopped.

    ``quick`` is the quoted answer that came before that of ``model``; ``ahead`` is how many
    questions the model answers first.
    """

    turn: int
    source: Source
    question: str
    answer: Answer | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    rating: str = ""
    partial: str = ""
    failure: tuple[str, str] | None = None
    quick: Answer | None = None
    model: str = ""
    ahead: int = 0

    def citation(self, number: int) -> Citation | None:
        """Return a citation by number; 0 is the closest passage of a refusal."""
        if self.answer is None:
            return None
        if number == 0:
            return self.answer.closest
        return next((c for c in self.answer.citations if c.number == number), None)


@dataclass(slots=True, eq=False)
class Session:
    """One visitor's page. Changed in place: a language switch must not lose a running answer."""

    language: str = "en"
    source: Source = "given"
    documents: tuple[Document, ...] = ()
    uploads: Asker | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    turns: int = 0
    shown: dict[Source, str] = field(default_factory=dict)
    grown: list[tuple[str, int, int]] = field(default_factory=list)
    focus: str = ""
    unread: tuple[tuple[str, str], ...] = ()
    loaded: int = 0
    stop: Flag = field(default_factory=Flag)

    def next_turn(self) -> int:
        self.turns += 1
        return self.turns

    def history(self) -> tuple[Turn, ...]:
        """Return what was answered from the documents in use, for follow-up questions."""
        return tuple(
            Turn(e.question, e.answer.text)
            for e in self.exchanges
            if e.answer is not None and e.source == self.source
        )

    def find(self, turn: int) -> Exchange | None:
        return next((e for e in self.exchanges if e.turn == turn), None)

    def drop(self, turn: int) -> None:
        """Forget a turn; it is about to be answered again."""
        self.exchanges = [e for e in self.exchanges if e.turn != turn]

    def replace(self, exchange: Exchange) -> None:
        self.exchanges = [exchange if e.turn == exchange.turn else e for e in self.exchanges]

    def forget_uploads(self) -> None:
        """Drop what was asked of earlier uploads: one was replaced, its offsets no longer hold."""
        self.exchanges = [e for e in self.exchanges if e.source != "uploads"]

    def tints(self, document_id: str) -> list[Tint]:
        """Return the cited spans of a document, those of the last answer in colour, last."""
        answered = [e for e in self.exchanges if e.answer is not None and e.source == self.source]
        found = []
        for exchange in answered:
            latest = exchange is answered[-1]
            for citation in _shown(exchange, latest or self.focus == f"{exchange.turn}-0"):
                if citation.document_id == document_id:
                    shade = colour(citation.number) if latest and citation.number else 0
                    anchor = f"{exchange.turn}-{citation.number}"
                    found.append(
                        Tint(citation.start, citation.end, anchor, shade, exchange.question)
                    )
        return found


def _shown(exchange: Exchange, closest: bool) -> list[Citation]:
    answer = exchange.answer
    assert answer is not None
    return [*answer.citations, *([answer.closest] if closest and answer.closest else [])]
