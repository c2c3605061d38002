"""What happens on the page, free of Gradio: a session and an event in, new HTML out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from index import Document, IndexingError, read_bytes
from rag import (
    Done,
    EmptyQuestion,
    Line,
    ModelUnavailable,
    Quick,
    StepDone,
    TextDelta,
    Waiting,
    Withdrawn,
    YinjuError,
)
from ui import feedback
from ui.article import NEAR_CHARS, article_html
from ui.evidence import (
    answer_html,
    done_html,
    draft_html,
    failed_html,
    notice_html,
    question_html,
    quick_html,
    stopped_html,
)
from ui.session import Asker, Exchange, Session, Source
from ui.shell import composer_html, header_html, intro_html, pane_html
from ui.texts import Words, nearest, preferred, words

WAIT_SECONDS = 0.5  # how often someone in line is told how many are ahead
TEXT_SECONDS = 0.05  # text is drawn at most this often while it streams

_log = logging.getLogger("yinju")


@dataclass(frozen=True, slots=True)
class View:
    """New HTML for parts of the page; ``None`` leaves a part as it is."""

    top: str | None = None
    intro: str | None = None
    past: str | None = None
    live: str | None = None
    composer: str | None = None
    article: str | None = None


@dataclass(slots=True)
class Handlers:
    """The page's events. ``index_documents`` makes an asker of what a visitor uploads.

    ``title`` names the given documents in the selector; "" stands for the bundled article.
    """

    given: Asker
    index_documents: Callable[[Sequence[Document]], Asker]
    home: Path
    title: str = ""
    line: Line = field(default_factory=Line)

    def open(self, accept_language: str) -> tuple[Session, View]:
        """Start a visitor's page in the language their browser prefers."""
        session = Session(language=preferred(accept_language))
        return session, self.whole(session)

    def whole(self, session: Session) -> View:
        """Draw every part."""
        said = words(session.language)
        return replace(
            self._conversation(session),
            top=self._top(session, said),
            composer=composer_html(said),
            article=self._article(session, said),
        )

    def ask(self, session: Session, question: str, again: int = 0) -> Iterator[View]:
        """Answer a question, as it happens; ``again`` is a turn to be answered anew."""
        said = words(session.language)
        session.stop.clear()
        session.loaded, session.unread = 0, ()
        if session.exchanges and session.exchanges[-1].turn == again:
            session.drop(again)
        turn = session.next_turn()
        asked = question_html(turn, question)
        past = "".join(_drawn(e, said) for e in session.exchanges)
        yield View(intro="", past=past, live=asked + draft_html("", said))
        exchange = Exchange(turn, session.source, question.strip())
        with ExitStack() as turn_in_line:
            ticket = turn_in_line.enter_context(self.line.ticket())
            while (ahead := self.line.ahead(ticket, WAIT_SECONDS)) and not session.stop.is_set():
                yield View(live=asked + draft_html("", said, ahead))
            for grown in self._answered(session, exchange):
                exchange = grown
                if exchange.quick is not None:  # from here on one waits for the model alone
                    turn_in_line.close()
                if not _settled(exchange):
                    quick = quick_html(exchange.quick, said) if exchange.quick else ""
                    draft = draft_html(exchange.partial, said, exchange.ahead, exchange.model)
                    yield View(live=asked + quick + draft)
        session.exchanges.append(exchange)
        self._follow(session, exchange)
        drawn = _drawn(exchange, words(session.language))
        yield View(live=drawn, article=self._article(session, words(session.language)))

    def stop(self, session: Session) -> None:
        """Stop the running answer at its next event."""
        session.stop.set()

    def clear(self, session: Session) -> View:
        """Forget the conversation, keep the documents."""
        session.exchanges.clear()
        session.focus, session.grown = "", []
        return replace(
            self._conversation(session), article=self._article(session, words(session.language))
        )

    def switch_language(self, session: Session, language: str) -> View:
        """Redraw everything in another language."""
        session.language = nearest(language) or "en"
        return self.whole(session)

    def choose_source(self, session: Session, source: str) -> View:
        """Ask the given documents or the visitor's own."""
        if source == "uploads" and session.uploads is not None:
            session.source = "uploads"
        else:
            session.source = "given"
        session.focus = ""
        return self.whole(session)

    def show_document(self, session: Session, document_id: str) -> View:
        """Show another document of those in use."""
        if document_id in self._asker(session).corpus.documents:
            session.shown[session.source] = document_id
            session.focus = ""
        return View(article=self._article(session, words(session.language)))

    def show_more(self, session: Session, document_id: str, at: int) -> View:
        """Show more of a long document around a character."""
        session.grown.append((document_id, max(0, at - NEAR_CHARS), at + NEAR_CHARS))
        session.focus = ""
        return View(article=self._article(session, words(session.language)))

    def show_citation(self, session: Session, turn: int, number: int) -> View:
        """Show the place a citation points to, whichever document it is in."""
        exchange = session.find(turn)
        citation = exchange.citation(number) if exchange else None
        if exchange is None or citation is None:
            return View()
        moved = session.source != exchange.source
        session.source = exchange.source
        session.shown[session.source] = citation.document_id
        session.focus = f"{turn}-{number}"
        said = words(session.language)
        return View(
            top=self._top(session, said) if moved else None, article=self._article(session, said)
        )

    def rate(self, session: Session, turn: int, rating: str) -> View:
        """Keep a thumb up or down."""
        exchange = session.find(turn)
        if exchange is None or exchange.answer is None or rating not in {"good", "bad"}:
            return View()
        said = words(session.language)
        fingerprint = self._asker(session, exchange.source).corpus.fingerprint
        kind = cast(feedback.Rating, rating)
        try:
            feedback.keep(self.home, feedback.record(exchange.answer, kind, fingerprint))
        except OSError as error:
            view = self._conversation(session)
            return replace(view, live=(view.live or "") + notice_html(said.unsaved, str(error)))
        session.replace(replace(exchange, rating=rating))
        return self._conversation(session)

    def add_files(self, session: Session, files: Sequence[tuple[str, bytes]]) -> View:
        """Read files, index those that can be read and ask them from now on."""
        said = words(session.language)
        held = {document.id: document for document in session.documents}
        failures: list[tuple[str, str]] = []
        added: list[Document] = []
        for name, data in files:
            try:
                document = read_bytes(data, name=name)
            except IndexingError as error:
                failures.append((name, str(error)))
            else:
                if document.id in held and held[document.id].text != document.text:
                    session.forget_uploads()
                held[document.id] = document
                added.append(document)
        if added:
            try:
                session.uploads = self.index_documents(tuple(held.values()))
            except (YinjuError, IndexingError, OSError) as error:
                failures.append(("", str(error)))
                added = []
        if added:
            session.documents = tuple(held.values())
            session.source, session.focus, session.grown = "uploads", "", []
            session.shown["uploads"] = added[0].id
        session.loaded, session.unread = len(added), tuple(failures)
        return self.whole(session) if added else View(article=self._article(session, said))

    def _answered(self, session: Session, exchange: Exchange) -> Iterator[Exchange]:
        """Yield the exchange as it grows; the last one is settled."""
        if session.stop.is_set():
            yield exchange
            return
        said = words(session.language)
        try:
            stream = self._asker(session).stream(exchange.question, session.history())
            for grown in _grown(exchange, cast("Iterator[object]", stream), session):
                exchange = grown  # what was told before a failure stays
                yield exchange
        except EmptyQuestion:
            yield replace(exchange, failure=(said.empty, ""))
        except ModelUnavailable as error:
            yield replace(exchange, failure=(said.missing, str(error)))
        except (YinjuError, IndexingError, OSError) as error:
            yield replace(exchange, failure=(said.failed, str(error)))
        except Exception:  # a bug must not leave the page waiting for ever
            _log.exception("answering failed")
            yield replace(exchange, failure=(said.failed, said.broken))

    def _follow(self, session: Session, exchange: Exchange) -> None:
        """Turn the article pane to the first citation of an answer."""
        first = exchange.citation(1)
        if first is not None and session.source == exchange.source:
            session.shown[session.source] = first.document_id
            session.focus = f"{exchange.turn}-{first.number}"

    def _asker(self, session: Session, source: Source | None = None) -> Asker:
        own = (source or session.source) == "uploads" and session.uploads is not None
        return cast(Asker, session.uploads) if own else self.given

    def _conversation(self, session: Session) -> View:
        said = words(session.language)
        if not session.exchanges:
            title, examples = self._document(session).title, self._examples(session)
            return View(intro=intro_html(said, title, examples), past="", live="")
        drawn = [_drawn(exchange, said) for exchange in session.exchanges]
        return View(intro="", past="".join(drawn[:-1]), live=drawn[-1])

    def _examples(self, session: Session) -> tuple[str, ...]:
        return self._asker(session).examples(session.language)[:3]

    def _document(self, session: Session) -> Document:
        documents = self._asker(session).corpus.documents
        shown = session.shown.get(session.source, "")
        return documents[shown] if shown in documents else next(iter(documents.values()))

    def _top(self, session: Session, said: Words) -> str:
        sources = [("given", self.title or said.bundled)]
        if session.uploads is not None:
            sources.append(("uploads", said.uploads.format(n=len(session.documents))))
        return header_html(said, sources, session.source)

    def _article(self, session: Session, said: Words) -> str:
        document = self._document(session)
        tints = session.tints(document.id)
        grown = [(a, b) for key, a, b in session.grown if key == document.id]
        body = article_html(document, tints, said, grown, session.focus)
        documents = list(self._asker(session).corpus.documents.values())
        return pane_html(said, body, documents, document.id, notices=_told(session, said))


def _grown(exchange: Exchange, stream: Iterator[object], session: Session) -> Iterator[Exchange]:
    """Follow an answer's events; a stop closes the stream, and with it the model."""
    counts: dict[str, int] = {}
    drawn = time.monotonic()
    with closing(cast("_Closable", stream)):
        for event in stream:
            if session.stop.is_set():
                break
            match event:
                case StepDone(detail=detail):
                    counts.update(detail)
                case Quick(answer=answer, model=model):
                    exchange = replace(exchange, quick=answer, model=model)
                    yield exchange
                case Waiting(ahead=ahead):
                    exchange = replace(exchange, ahead=ahead)
                    yield exchange
                case Withdrawn():
                    exchange = replace(exchange, partial="")
                case TextDelta(text=text):
                    exchange = replace(exchange, partial=exchange.partial + text, ahead=0)
                    if time.monotonic() - drawn >= TEXT_SECONDS:
                        drawn = time.monotonic()
                        yield exchange
                case Done(answer=answer):
                    exchange = replace(exchange, answer=answer, counts=counts)
    yield exchange


class _Closable:
    def close(self) -> None: ...


def _settled(exchange: Exchange) -> bool:
    return exchange.answer is not None or exchange.failure is not None


def _drawn(exchange: Exchange, said: Words) -> str:
    """Return an exchange that is over."""
    asked = question_html(exchange.turn, exchange.question)
    if exchange.quick is not None:
        asked += quick_html(exchange.quick, said)
    if exchange.failure is not None:
        return asked + failed_html(exchange.failure, exchange.turn, exchange.question, said)
    if exchange.answer is None:
        return asked + stopped_html(exchange.partial, exchange.turn, exchange.question, said)
    counts: Mapping[str, int] = exchange.counts
    return asked + answer_html(exchange.answer, exchange.turn, said, counts, exchange.rating)


def _told(session: Session, said: Words) -> str:
    """Return what became of the files just added."""
    good = done_html(said.loaded.format(n=session.loaded)) if session.loaded else ""
    if not session.unread:
        return good
    listed = "\n".join(why if name in why else f"{name}: {why}" for name, why in session.unread)
    return good + notice_html(said.unread, listed)
