"""Answering in a language model's words, each statement held to the sentences it cites.

The model sees numbered sentences and answers with their numbers; whatever it writes, a citation
is one of those sentences, its quote is sliced from the source, and a statement whose figures,
names or words they don't bear is cited anew or told to be unsupported.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Protocol

from index import Corpus, Hit, Span
from rag.answering.drafts import Draft
from rag.answering.markers import Ended, StatementReader, Text
from rag.answering.prompts import WAY_OUT, Prompt, passages, prompt
from rag.asking import Question
from rag.citing import Composed, cite
from rag.figures import same
from rag.grounding import Grounds
from rag.matching import TokenEncoder
from rag.numbers import find, gloss
from rag.queueing import Line
from rag.refusing import says_not
from rag.types import Statement, TextDelta, Waiting, Withdrawn

WHOLE_TOKENS = 2_600  # a text up to this length is shown whole, and read by the model only once
SOME_TOKENS = 700  # else only the sentences that matter
WAIT_SECONDS = 0.5  # how often someone in line is told how many are ahead
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef]")


class ChatModel(Protocol):
    """Something that continues a prompt; closing the iterator stops it before its next token."""

    @property
    def name(self) -> str: ...

    @property
    def line(self) -> Line | None:
        """Who waits for it, or None where it serves many at once."""

    def count(self, text: str) -> int:
        """Return the length of a text in tokens."""

    def warm(self, asked: Prompt) -> None:
        """Read what the next prompts will begin with."""

    def write(self, asked: Prompt) -> Generator[str]: ...


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote, checked; ``refused`` where it took the way out or said nothing."""

    composed: Composed
    refused: bool


@dataclass(slots=True)
class _Page:
    """The text as it has been told so far, and the numbers given to the sentences cited."""

    text: str = ""
    begun: int = 0  # where the running statement starts
    statements: list[Statement] = field(default_factory=list)
    numbers: dict[Span, int] = field(default_factory=dict)

    def tell(self, text: str) -> Iterator[TextDelta]:
        self.text += text
        if text:
            yield TextDelta(text)


class Generative:
    """Writes answers with a language model."""

    def __init__(self, model: ChatModel, encoder: TokenEncoder) -> None:
        self.model = model
        self._encoder = encoder

    def warm(self, corpus: Corpus) -> None:
        """Load the model and, where the corpus is one short text, let it read that text."""
        spans = self._whole(corpus)
        listed = [corpus.text(span) for span in spans or ()]
        self.model.warm(prompt(listed, "?", "en", reusable=bool(spans)))

    def stream(
        self, asked: Question, corpus: Corpus, draft: Draft, hits: Sequence[Hit]
    ) -> Generator[TextDelta | Waiting | Withdrawn | Written]:
        """Tell the answer as it is written; the last item is ``Written``."""
        whole = self._whole(corpus)
        spans = whole or self._some(corpus, draft, hits)
        sentences = [corpus.text(span) for span in spans]
        request = prompt(sentences, asked.text, asked.language, reusable=bool(whole))
        if self.model.line is None:
            yield from self._answered(request, asked, corpus, spans, sentences)
            return
        with self.model.line.ticket() as ticket:
            while ahead := self.model.line.ahead(ticket, WAIT_SECONDS):
                yield Waiting(ahead)
            yield from self._answered(request, asked, corpus, spans, sentences)

    def _answered(
        self,
        request: Prompt,
        asked: Question,
        corpus: Corpus,
        spans: Sequence[Span],
        sentences: Sequence[str],
    ) -> Iterator[TextDelta | Withdrawn | Written]:
        page, reader = _Page(), StatementReader(range(1, len(spans) + 1))
        grounds = Grounds(sentences, self._encoder)
        with closing(_opened(_plain(self.model.write(request)))) as pieces:
            for event in _events(pieces, reader):
                if isinstance(event, Text):
                    yield from page.tell(event.text)
                    continue
                if not page.statements and not event.numbers and says_not(event.body):
                    yield from _withdrawn(page)
                    return
                yield from self._settled(page, event, grounds, asked, corpus, spans)
                if _repeats(page.statements):
                    break
        if not page.statements:
            yield from _withdrawn(page)
            return
        citations = tuple(cite(corpus, span, n) for span, n in page.numbers.items())
        yield Written(Composed(page.text, tuple(page.statements), citations), refused=False)

    def _settled(
        self,
        page: _Page,
        ended: Ended,
        grounds: Grounds,
        asked: Question,
        corpus: Corpus,
        spans: Sequence[Span],
    ) -> Iterator[TextDelta]:
        """Check a statement and tell its markers."""
        begun, page.begun = page.begun, 0
        if not any(c.isalnum() for c in ended.body):
            yield from page.tell(ended.lead + ended.tail)
            page.begun = len(page.text)
            return
        grounded = grounds.ground(ended.body.strip(), ended.numbers)
        cited = [spans[n - 1] for n in grounded.numbers]
        numbers = [page.numbers.setdefault(span, len(page.numbers) + 1) for span in cited]
        marks = "".join(f"[{n}]" for n in numbers)
        if marks and not _CJK.search(ended.body):
            marks = f" {marks}"
        after = (ended.tail if ended.markers else ended.lead) or ""
        bare = after.rstrip()
        yield from page.tell(marks + bare)
        quotes = [corpus.text(span) for span in cited]
        short, glossed = _glosses(ended.body, quotes, asked.language, corpus, cited)
        text = page.text[begun:].strip()
        page.statements.append(
            Statement(text, tuple(dict.fromkeys(numbers)), short, glossed, grounded.objections)
        )
        yield from page.tell(after[len(bare) :])
        page.begun = len(page.text)

    def _whole(self, corpus: Corpus) -> tuple[Span, ...]:
        """Return every sentence of a corpus of one short text, nothing for another."""
        if len(corpus.documents) != 1:
            return ()
        document = next(iter(corpus.documents.values()))
        if len(document.text) > 4 * WHOLE_TOKENS:
            return ()
        spans = _spoken(corpus, corpus.sentences(document.id))
        listed = passages([corpus.text(span) for span in spans])
        return spans if self.model.count(listed) <= WHOLE_TOKENS else ()

    def _some(self, corpus: Corpus, draft: Draft, hits: Sequence[Hit]) -> tuple[Span, ...]:
        """Return the sentences that matter, in the order of the text, within a budget."""
        found = [one.sentence for one in draft.found]
        around = [sentence for hit in hits for sentence in corpus.sentences_in(hit.span)]
        chosen: list[Span] = []
        left = SOME_TOKENS
        for span in dict.fromkeys(_spoken(corpus, [*found, *around])):
            left -= self.model.count(corpus.text(span)) + 5
            if left < 0 and chosen:
                break
            chosen.append(span)
        rank = {hit.document_id: i for i, hit in reversed(list(enumerate(hits)))}
        return tuple(sorted(chosen, key=lambda s: (rank.get(s.document_id, -1), s.start)))


def _spoken(corpus: Corpus, spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(span for span in spans if any(c.isalnum() for c in corpus.text(span)))


def _events(pieces: Iterator[str], reader: StatementReader) -> Iterator[Text | Ended]:
    for piece in pieces:
        yield from reader.read(piece)
    yield from reader.close()


def _withdrawn(page: _Page) -> Iterator[Withdrawn | Written]:
    if page.text:
        yield Withdrawn()
    yield Written(Composed("", (), ()), refused=True)


def _repeats(statements: Sequence[Statement]) -> bool:
    """Tell whether the last statement was made before: a small model going round in circles."""
    said = [re.sub(r"\[\d+\]|\W", "", statement.text) for statement in statements]
    return bool(said) and said[-1] in said[:-1]


def _plain(pieces: Generator[str]) -> Generator[str]:
    """Leave out a block of thinking at the start, and the stars of bold type anywhere."""
    with closing(pieces):
        begun, thinking = "", True
        for piece in pieces:
            if thinking:
                begun += piece
                bare = begun.lstrip()
                if "<think>".startswith(bare[:7]) and "</think>" not in bare:
                    continue
                thinking = False
                rest = bare.partition("</think>")[2] if bare.startswith("<think>") else begun
                yield rest.lstrip().replace("*", "")
                continue
            yield piece.replace("*", "")
        if thinking and not begun.lstrip().startswith("<think>"):
            yield begun.replace("*", "")


def _opened(pieces: Generator[str]) -> Generator[str]:
    """Hold the beginning back while it may yet be the way out, so that it is never shown."""
    with closing(pieces):
        held: str | None = ""
        for piece in pieces:
            if held is None:
                yield piece
                continue
            held += piece
            bare = held.lstrip()
            if not WAY_OUT.startswith(bare[: len(WAY_OUT)]):
                yield bare
                held = None
        if held and not held.strip().startswith(WAY_OUT):
            yield held.lstrip()


def _glosses(
    statement: str, quotes: Sequence[str], language: str, corpus: Corpus, cited: Sequence[Span]
) -> tuple[str, str]:
    """Return the quoted figures a statement tells, as they stand and in the asker's language."""
    asked = language.split("-", maxsplit=1)[0]
    said = find(statement)
    pairs: dict[str, str] = {}
    for quote, span in zip(quotes, cited, strict=True):
        source = corpus.documents[span.document_id].language.split("-")[0]
        for figure in find(quote):
            if any(same(figure, own) for own in said):
                other = gloss(figure, language) if asked not in {source, "und"} else ""
                pairs[figure.text] = other or figure.text
    joiner = "、" if asked in {"zh", "ja"} else "; "
    short = joiner.join(pairs)
    other = joiner.join(pairs.values())
    return short, other if other != short else ""
