"""Check statements against documents: which sentences come nearest, and do the facts agree?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index import Span, split
from rag import Assistant, Verdict
from rag.grounding import FAR, Grounded
from rag.verifying import checkable

CHUNKS = 6  # searched for each statement
QUOTES = 3  # sentences a statement is checked against together
NOTHING_TO_COMPARE = (
    "the text is in another language, and this has no figure, date or name to look for in it"
)


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
    """Check each sentence of a text in turn against the sentences found for it."""
    for statement in statements(text):
        spans = _found(assistant, statement)
        quotes = [assistant.corpus.text(span) for span in spans]
        grounds = assistant.grounds(spans)
        near = grounds.comparable(statement, quotes)
        # Words of two languages are hardly nearer in a true pair than in others; there the order
        # the search found the sentences in stands.
        order = grounds.nearest(statement) if near else range(1, len(spans) + 1)
        best = tuple(order)[:QUOTES]
        if not spans:
            found = Grounded((), (FAR,))
        elif near or checkable(statement):
            alone = grounds.ground(statement, ())
            found = alone if alone.numbers else grounds.ground(statement, best)
        else:
            found = Grounded((), (NOTHING_TO_COMPARE,))
        shown = found.numbers or best
        yield Checked(
            statement, Verdict(bool(found.numbers), found.objections),
            tuple(spans[n - 1] for n in shown), tuple(quotes[n - 1] for n in shown),
        )  # fmt: skip


def _found(assistant: Assistant, statement: str) -> list[Span]:
    """Return the sentences of the chunks found for a statement, best chunk first."""
    hits = assistant.search(statement, CHUNKS)
    found = (span for hit in hits for span in assistant.corpus.sentences_in(hit.span))
    return list(dict.fromkeys(found))


def all_supported(checked: Sequence[Checked]) -> bool:
    """Tell whether every statement is borne out."""
    return all(one.verdict.supported for one in checked)
