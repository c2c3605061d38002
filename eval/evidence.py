"""Where the evidence of a question stands in the documents it is asked of."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index import Document, Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """One entry a piece of evidence: all its occurrences; ``missing`` strings occur nowhere.

    A string that occurs several times is satisfied by any of its places: the question file
    holds no offsets, so nothing tells which of them was meant. So is one of several strings by a
    place of any: what a text says twice may be cited from either sentence.
    """

    places: tuple[tuple[Span, ...], ...]
    missing: tuple[str, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """All occurrences of all strings."""
        return tuple(span for places in self.places for span in places)

    def supports(self, span: Span) -> bool:
        """Tell whether ``span`` overlaps an occurrence of any evidence string."""
        return any(span.overlaps(other) for other in self.spans)


def locate(strings: Sequence[str | Sequence[str]], documents: Mapping[str, Document]) -> Evidence:
    """Find every occurrence of every string, or of several that say the same; the offsets point
    into the documents' own text."""
    places: list[tuple[Span, ...]] = []
    missing: list[str] = []
    for alternatives in strings:
        found: list[Span] = []
        for string in [alternatives] if isinstance(alternatives, str) else alternatives:
            spans = list(_occurrences(string, documents.values()))
            found += spans
            if not spans:
                missing.append(string)
        if found:
            places.append(tuple(found))
    return Evidence(tuple(places), tuple(missing))


def _occurrences(string: str, documents: Iterable[Document]) -> Iterator[Span]:
    for document in documents:
        for form in _forms(string):
            starts = list(_starts(document.text, form))
            if starts:
                yield from (Span(document.id, at, at + len(form)) for at in starts)
                break


def _forms(string: str) -> Iterator[str]:
    """Yield the composed form first: texts are nearly always NFC; macOS file dumps may be NFD."""
    composed = unicodedata.normalize("NFC", string)
    yield from dict.fromkeys((composed, string, unicodedata.normalize("NFD", string)))


def _starts(text: str, needle: str) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)
