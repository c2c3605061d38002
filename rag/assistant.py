"""Ask a corpus: one straight path from a question to a cited answer or an explained refusal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from index import (
    Corpus,
    Document,
    Encoder,
    Failure,
    Hit,
    Span,
    StaticEncoder,
    StorageError,
    load_encoder,
    read,
)
from rag import bundled
from rag.answering import Answerer, Draft, Extractive
from rag.answering.generative import Generative, Written
from rag.answering.reader import load_reader
from rag.answering.reranking import CANDIDATES, Reranker, load_reranker
from rag.answering.weights import require
from rag.asking import Question
from rag.citing import Composed, cite, compose
from rag.condensing import condense
from rag.errors import NoDocuments
from rag.grounding import Grounds
from rag.phrases import phrases
from rag.refusing import refusal_text
from rag.settings import Settings
from rag.suggesting import suggest
from rag.types import Answer, Done, Event, Quick, Step, StepDone, TextDelta, Turn
from rag.verifying import verify

Progress = Callable[[int, int], None]
SUGGESTIONS = 2  # offered with a refusal
MOST_EXAMPLES = 3  # generated ones; each is answered once before it is shown
DELTA_CHARS = 24  # what one event of the stream carries


class Assistant:
    """Answers questions about one corpus; safe to share between threads."""

    def __init__(
        self,
        corpus: Corpus,
        settings: Settings | None = None,
        *,
        answerer: Answerer | None = None,
        writer: Generative | None = None,
        failures: Sequence[Failure] = (),
        examples: dict[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.corpus = corpus
        self.settings = settings or Settings()
        self.failures = tuple(failures)
        self._words = words = _token_encoder(corpus.encoder)
        reader = None if answerer or self.settings.reader == "none" else load_reader
        self._answerer = answerer or Extractive(words, reader)
        self._writer = writer or _writer(self.settings, words)
        self._reranker = _reranker(self.settings)
        self._examples = dict(examples or {})
        self._checked: dict[str, bool] = {}  # of questions to offer: whether each is answered
        self._made: dict[str, tuple[str, ...]] = {}  # examples where none are written, by language

    @classmethod
    def bundled(cls, profile: str | Settings = "embedded") -> Assistant:
        """Answer from the article that comes with Yinju."""
        return cls.from_documents(
            [bundled.document()], profile=profile, examples=bundled.examples()
        )

    @classmethod
    def from_paths(
        cls,
        paths: Iterable[str | Path],
        home: str | Path | None = None,
        profile: str | Settings = "embedded",
        on_progress: Progress | None = None,
    ) -> Assistant:
        """Read files and folders, index them and answer from them.

        With ``home`` the index is kept there, and the next call encodes only what changed. Files
        that can't be read are listed in ``failures``.

        Raises:
            NoDocuments: nothing could be read; the message names each file and why.
            ModelUnavailable: the profile's weights are not on this machine.
            index.StorageError: ``home`` holds a damaged or foreign index.
        """
        settings = _ready(profile)
        reading = read(list(paths))
        if not reading.documents:
            raise NoDocuments(_nothing_read(reading.failures))
        encoder = load_encoder(settings.encoder)
        corpus = _corpus(reading.documents, encoder, home, on_progress)
        return cls(corpus, settings, failures=reading.failures)

    @classmethod
    def from_home(cls, home: str | Path, profile: str | Settings = "embedded") -> Assistant:
        """Open an index made before.

        Raises:
            ModelUnavailable: the profile's weights are not on this machine.
            index.StorageError: the folder holds no index, or a damaged or foreign one.
        """
        settings = _ready(profile)
        return cls(Corpus.load(_folder(home), load_encoder(settings.encoder)), settings)

    @classmethod
    def from_documents(
        cls,
        documents: Iterable[Document],
        profile: str | Settings = "embedded",
        on_progress: Progress | None = None,
        failures: Sequence[Failure] = (),
        examples: dict[str, tuple[str, ...]] | None = None,
    ) -> Assistant:
        """Index documents in memory and answer from them."""
        settings = _ready(profile)
        held = list(documents)
        if not held:
            raise NoDocuments(_nothing_read(failures))
        corpus = Corpus.build(held, load_encoder(settings.encoder), on_progress=on_progress)
        return cls(corpus, settings, failures=failures, examples=examples)

    def without_reader(self) -> Assistant:
        """Return one over the same corpus that decides by words and vectors alone."""
        return Assistant(self.corpus, replace(self.settings, reader="none"))

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Return the ``k`` best chunks for a query."""
        return self.corpus.search(query, k)

    def grounds(self, spans: Sequence[Span]) -> Grounds:
        """Return sentences of the corpus as what statements can be checked against."""
        return Grounds([self.corpus.text(span) for span in spans], self._words)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question.

        Raises:
            EmptyQuestion: it holds no letter and no digit.
            ModelUnavailable: the profile's language model can't be loaded or reached.
        """
        for event in self.stream(question, history):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def warm(self) -> None:
        """Load the profile's language model, if any, before the first question comes."""
        if self._writer is not None:
            self._writer.warm(self.corpus)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """Answer a question, telling each step as it ends; the last event is ``Done``.

        Where a language model writes the answer, the one quoted without it comes first, as
        ``Quick``. Closing the stream stops the model before its next token.
        """
        clock = _Clock()

        # 1. What is asked, with the conversation put back in.
        asked = condense(question, history)
        yield clock.lap("condense")

        # 2. Chunks that may hold it, by words and by meaning.
        k = self.settings.k
        hits = self.corpus.search(asked.text, max(CANDIDATES, k) if self._reranker else k)
        yield clock.lap("retrieve", found=len(hits))
        if self._reranker:
            hits = self._reranker.ranked(asked.text, hits, k)
            yield clock.lap("rank", kept=len(hits))

        # 3. The sentences that answer, or why none does.
        draft = self._answerer.draft(asked, self.corpus, hits)
        yield clock.lap("answer", read=draft.read)

        # 4. Text with markers; every quote is sliced from its document.
        composed = self._compose(asked, draft)
        yield clock.lap("cite", cited=len(composed.citations))

        # 5. The number guard: a converted figure that fails it is not shown.
        composed = self._guard(draft, composed)
        yield clock.lap("verify")

        suggestions = self._suggestions(asked, hits) if draft.reason else ()
        closest = draft.closest if draft.reason else None
        quick = Answer(
            question=question,
            text=composed.text,
            language=asked.language,
            sentences=composed.statements,
            citations=composed.citations,
            refused=bool(draft.reason),
            reason=draft.reason,
            hits=tuple(hits),
            seconds=clock.total(),
            profile=self.settings.profile,
            confidence=draft.confidence,
            closest=cite(self.corpus, closest, 0) if closest else None,
            note=_note(draft, composed, asked.language),
            suggestions=suggestions,
            condensed=asked.text if asked.text != question.strip() else "",
        )
        # 6. A language model's own words, where there is one and the text has an answer at all.
        if self._writer is None or quick.refused:
            yield from _deltas(quick.text)
            yield Done(quick)
            return
        yield Quick(quick, self._writer.model.name)
        yield from self._written(self._writer, asked, draft, quick, clock)

    def _written(
        self, writer: Generative, asked: Question, draft: Draft, quick: Answer, clock: _Clock
    ) -> Iterator[Event]:
        with closing(writer.stream(asked, self.corpus, draft, quick.hits)) as told:
            for event in told:
                if not isinstance(event, Written):
                    yield event
                    continue
                yield clock.lap("write", written=len(event.composed.statements))
                if event.refused:
                    answer = self._declined(asked, draft, quick)
                    yield from _deltas(answer.text)
                else:
                    answer = replace(
                        quick,
                        text=event.composed.text,
                        sentences=event.composed.statements,
                        citations=event.composed.citations,
                        note="",
                    )
                model = writer.model.name
                yield Done(replace(answer, seconds=clock.total(), model=model))

    def _declined(self, asked: Question, draft: Draft, quick: Answer) -> Answer:
        """Return the refusal of a model that read the sentences and found no answer in them."""
        refusal = replace(draft, reason="not_in_text")
        best = draft.found[0].sentence if draft.found else draft.closest
        return replace(
            quick,
            text=refusal_text(refusal, asked.language),
            sentences=(),
            citations=(),
            refused=True,
            reason="not_in_text",
            closest=cite(self.corpus, best, 0) if best else None,
            note="",
            suggestions=self._suggestions(asked, quick.hits),
        )

    def examples(self, language: str, count: int = 3) -> tuple[str, ...]:
        """Return questions the corpus can answer, in a language where we can write them.

        Every one was put to the answerer first; there may be fewer than ``count``.
        """
        known = self._examples.get(language) or self._examples.get(
            language.split("-", maxsplit=1)[0], ()
        )
        # Only as many as wanted are put: each takes as long as an answer, and somebody waits.
        answered = tuple(islice(filter(self._answers_known, known), count))
        if answered:
            return answered
        if language not in self._made:
            near = self.corpus.sentences(next(iter(self.corpus.documents)))
            self._made[language] = suggest(
                self.corpus, near, language, self._answers, MOST_EXAMPLES
            )
        return self._made[language][:count]

    def _answers_known(self, question: str) -> bool:
        if question not in self._checked:
            self._checked[question] = self._answers(question)
        return self._checked[question]

    def _compose(self, asked: Question, draft: Draft) -> Composed:
        if draft.reason:
            return Composed(refusal_text(draft, asked.language), (), ())
        return compose(draft.found, self.corpus, asked.language)

    def _guard(self, draft: Draft, composed: Composed) -> Composed:
        quotes = {c.number: c.quote for c in composed.citations}
        for statement in composed.statements:
            own = [quotes[number] for number in statement.citations]
            if statement.gloss and not verify(statement.gloss, own).supported:
                plain = self.corpus.documents[draft.found[0].sentence.document_id].language
                return compose(draft.found, self.corpus, plain)
        return composed

    def _suggestions(self, asked: Question, hits: Sequence[Hit]) -> tuple[str, ...]:
        """Return questions that are answered: written ones where there are, else made ones."""
        known = [q for q in self.examples(asked.language, SUGGESTIONS) if q != asked.text]
        if len(known) >= SUGGESTIONS:
            return tuple(known)
        near = [sentence for hit in hits for sentence in self.corpus.sentences_in(hit.span)]
        close = suggest(self.corpus, near, asked.language, self._answers_known, SUGGESTIONS)
        return (*close, *(q for q in known if q not in close))[:SUGGESTIONS]

    def _answers(self, question: str) -> bool:
        asked = condense(question, ())
        hits = self.corpus.search(asked.text, self.settings.k)
        return not self._answerer.draft(asked, self.corpus, hits).reason


def _note(draft: Draft, composed: Composed, language: str) -> str:
    """Return what is said of a question that is answered in part, or of two sentences of which
    either may answer, unless both say the same."""
    own = phrases(language)
    if draft.partly:
        return own.other_time.format(draft.missing) if draft.missing else own.partly
    shorts = [statement.short for statement in composed.statements]
    same = len(shorts) != 2 or (shorts[0] == shorts[1] != "")
    return "" if same or not draft.either else own.either


def _deltas(text: str) -> Iterator[TextDelta]:
    for start in range(0, len(text), DELTA_CHARS):
        yield TextDelta(text[start : start + DELTA_CHARS])


def _ready(profile: str | Settings) -> Settings:
    """Return the settings of a profile once its weights are known to be here."""
    settings = Settings.of(profile)
    if settings.profile != "embedded":
        require(settings)
    return settings


def _writer(settings: Settings, encoder: StaticEncoder) -> Generative | None:
    """Return who writes the answers, None where they are quoted."""
    if settings.profile == "embedded":
        return None
    if settings.profile == "server":
        from rag.answering.server import connect

        return Generative(connect(settings.server, settings.model), encoder)
    from rag.answering.local import load

    return Generative(load(settings.model), encoder)


def _reranker(settings: Settings) -> Reranker | None:
    return load_reranker(settings.reranker) if settings.reranker else None


class _Clock:
    """Seconds per step."""

    def __init__(self) -> None:
        self._begin = self._last = time.perf_counter()
        self._seconds: dict[str, float] = {}

    def lap(self, step: Step, **detail: int) -> StepDone:
        now = time.perf_counter()
        self._seconds[step] = now - self._last
        self._last = now
        return StepDone(step, self._seconds[step], detail)

    def total(self) -> dict[str, float]:
        return {**self._seconds, "total": time.perf_counter() - self._begin}


def _corpus(
    documents: Sequence[Document],
    encoder: Encoder,
    home: str | Path | None,
    on_progress: Progress | None,
) -> Corpus:
    if home is None:
        return Corpus.build(documents, encoder, on_progress=on_progress)
    folder = _folder(home)
    old = _opened(folder, encoder)
    if old is None:
        corpus = Corpus.build(documents, encoder, on_progress=on_progress)
    else:
        kept = {document.id for document in documents}
        gone = [key for key in old.documents if key not in kept]
        corpus = old.with_documents(documents, gone, on_progress=on_progress)
        if corpus.fingerprint == old.fingerprint:
            return old
    corpus.save(folder)
    return corpus


def _opened(folder: Path, encoder: Encoder) -> Corpus | None:
    """Open what a folder holds, or None where it has to be made anew.

    A damaged index and one of another encoder are cured by indexing again, which is what is
    being done; a folder of other files is left alone, because saving refuses it.
    """
    try:
        return Corpus.load(folder, encoder)
    except StorageError:
        return None


def _folder(home: str | Path) -> Path:
    return Path(home).expanduser()


def _nothing_read(failures: Sequence[Failure]) -> str:
    if not failures:
        return "There is nothing to read: give at least one .txt, .md or .html file or a folder."
    listed = "\n".join(f"  {failure.path}: {failure.message}" for failure in failures)
    return f"None of the files could be read:\n{listed}"


def _token_encoder(encoder: Encoder) -> StaticEncoder:
    return encoder if isinstance(encoder, StaticEncoder) else _shipped()


@lru_cache(maxsize=1)
def _shipped() -> StaticEncoder:
    encoder = load_encoder("shipped")
    assert isinstance(encoder, StaticEncoder)
    return encoder


def answer(
    question: str,
    docs: Sequence[str | Path] | None = None,
    *,
    history: Sequence[Turn] = (),
    profile: str | Settings = "embedded",
) -> Answer:
    """Ask the bundled article, or files and folders of your own.

    The bundled article is indexed once a process; ``docs`` are read anew each time, so keep an
    ``Assistant`` to ask several questions about them.

    Raises:
        YinjuError: an empty question, nothing to read, an unknown profile.
        index.IndexingError: a file or the encoder can't be read.
    """
    settings = Settings.of(profile)
    asked = Assistant.from_paths(docs, profile=settings) if docs else _bundled(settings)
    return asked.ask(question, history)


@lru_cache(maxsize=2)
def _bundled(settings: Settings) -> Assistant:
    return Assistant.bundled(settings)
