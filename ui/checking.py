"""Check statements against documents: which sentences come nearest, and do the facts agree?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index import Span, detect, split, terms
from rag import Assistant, Verdict, verify

CHUNKS = 6  # searched for each statement
QUOTES = 3  # sentences a statement is checked against
# The share of a statement's words its nearest sentence must hold, where both are in one language:
# the guard checks figures, dates and names, so a statement of other words would pass unread.
NEAR = 1 / 3
FAR = "no sentence of the documents says anything near this"


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement, the sentences nearest to it, best first, and whether they bear it out."""

    statement: str
    verdict: Verdict
    spans: tuple[Span, ...]
    quotes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "statement": self.statement,
            "supported": self.verdict.supported,
            "reasons": list(self.verdict.reasons),
            "quotes": [
                {"document_id": s.document_id, "start": s.start, "end": s.end, "quote": quote}
                for s, quote in zip(self.spans, self.quotes, strict=True)
            ],
        }


def statements(text: str) -> list[str]:
    """Return the sentences of a text that hold a letter or a digit."""
    parts = (text[start:end] for start, end in split(text))
    return [part for part in parts if any(c.isalnum() for c in part)]


def check(assistant: Assistant, text: str) -> Iterator[Checked]:
    """Check each sentence of a text in turn."""
    for statement in statements(text):
        spans = nearest(assistant, statement)
        quotes = tuple(assistant.corpus.text(span) for span in spans)
        verdict = verify(statement, quotes)
        if not _near(assistant, statement, spans):
            verdict = Verdict(False, (*verdict.reasons, FAR))
        yield Checked(statement, verdict, spans, quotes)


def _near(assistant: Assistant, statement: str, spans: Sequence[Span]) -> bool:
    if not spans:
        return False
    source = assistant.corpus.documents[spans[0].document_id].language
    if detect(statement).partition("-")[0] != source.partition("-")[0]:
        return True  # words of two languages can't be compared here
    wanted = set(terms(statement, query=True))
    return _shared(wanted, assistant.corpus.text(spans[0])) >= NEAR * len(wanted)


def nearest(assistant: Assistant, statement: str) -> tuple[Span, ...]:
    """Return the sentences that share most of a statement's words, the search's order on a tie."""
    wanted = set(terms(statement, query=True))
    found: list[Span] = []
    for hit in assistant.search(statement, CHUNKS):
        inside = assistant.corpus.sentences(hit.document_id)
        found += [s for s in inside if hit.start <= s.start and s.end <= hit.end]
    unique = list(dict.fromkeys(found))
    texts = [assistant.corpus.text(span) for span in unique]
    order = sorted(range(len(unique)), key=lambda i: -_shared(wanted, texts[i]))
    return tuple(unique[i] for i in order[:QUOTES])


def _shared(wanted: set[str], text: str) -> int:
    return len(wanted & set(terms(text)))


def all_supported(checked: Sequence[Checked]) -> bool:
    """Tell whether every statement is borne out."""
    return all(one.verdict.supported for one in checked)
