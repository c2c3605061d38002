"""From a draft to text with markers: quotes are sliced from the source, so they cannot be wrong.

Each cited sentence gets a number by first use; the text of a statement is its short answer, in the
asker's language where that differs, then the sentence itself in quotation marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index import Corpus, Span
from rag.answering import Found
from rag.names import romanise
from rag.numbers import gloss
from rag.phrases import quoted
from rag.types import Citation, Statement

# Languages that read Han names as they stand.
_READS_HAN = {"zh", "ja"}


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of an answer, its statements (slices of the text) and its citations."""

    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]


def cite(corpus: Corpus, span: Span, number: int) -> Citation:
    """Return the citation of a span."""
    document = corpus.documents[span.document_id]
    return Citation(
        number, document.title, document.id, span.start, span.end, corpus.text(span)
    )  # fmt: skip


def compose(found: Sequence[Found], corpus: Corpus, language: str) -> Composed:
    """Write the statements of a draft, one a line, and cite each."""
    numbers: dict[Span, int] = {}
    groups: dict[Span, list[Found]] = {}
    for one in found:
        groups.setdefault(one.sentence, []).append(one)
    statements = []
    for sentence, members in groups.items():
        number = numbers.setdefault(sentence, len(numbers) + 1)
        statements.append(_statement(corpus, sentence, members, number, language))
    citations = tuple(cite(corpus, span, number) for span, number in numbers.items())
    return Composed("\n".join(s.text for s in statements), tuple(statements), citations)


def _statement(
    corpus: Corpus, sentence: Span, members: Sequence[Found], number: int, language: str
) -> Statement:
    quote = quoted(" ".join(corpus.text(sentence).split()), language)
    shorts = [(_short(corpus, one), _gloss(corpus, one, language)) for one in members if one.short]
    shorts = list(dict.fromkeys(shorts))
    joiner = "、" if language.startswith(("zh", "ja")) else "; "
    short = joiner.join(original for original, _ in shorts)
    other = joiner.join(in_asked or original for original, in_asked in shorts)
    glossed = other if any(in_asked for _, in_asked in shorts) else ""
    lead = joiner.join(
        f"{in_asked} ({original})" if in_asked else original for original, in_asked in shorts
    )
    text = f"{lead} — {quote} [{number}]" if lead else f"{quote} [{number}]"
    return Statement(text, (number,), short, glossed)


def _short(corpus: Corpus, one: Found) -> str:
    return corpus.text(one.short) if one.short else ""


def _gloss(corpus: Corpus, one: Found, language: str) -> str:
    """Return the short answer in the asker's language, or "" where it reads the same."""
    assert one.short is not None
    source = corpus.documents[one.sentence.document_id].language.split("-")[0]
    asked = language.split("-", maxsplit=1)[0]
    if asked in {source, "und"}:
        return ""
    original = corpus.text(one.short)
    if one.figure is not None:
        said = gloss(one.figure, language)
    elif asked in _READS_HAN:
        said = ""
    else:
        said = romanise(original)
    return "" if "".join(said.split()) == "".join(original.split()) else said
