"""What any of our figures has to beat, asked the same questions over the same index."""

from __future__ import annotations

import time

from eval.questions import Question
from eval.running import Asker, Mode, Searchable, System, ours
from index import Hit, Span
from rag import Answer, Citation, Statement

HITS = 10


def _retrieving(mode: Mode, name: str) -> System:
    def ask(asker: Asker, question: Question) -> Answer:
        began = time.perf_counter()
        hits = asker.corpus.search(question.question, HITS, mode)
        return _answer(question, hits, time.perf_counter() - began)

    return System(name, ask, answers=False)


def _first_sentence(asker: Asker, question: Question) -> Answer:
    """Answer with the first sentence of the best hit, whatever it says."""
    began = time.perf_counter()
    hits = asker.corpus.search(question.question, HITS, "fused")
    seconds = time.perf_counter() - began
    if not hits:
        return _answer(question, hits, seconds, refused=True)
    span = _opening(hits[0], asker.corpus)
    document = asker.corpus.documents[span.document_id]
    quote = document.text[span.start : span.end]
    citation = Citation(1, document.title, document.id, span.start, span.end, quote)
    statement = Statement(f"{quote} [1]", (1,))
    return Answer(
        question.question,
        statement.text,
        document.language,
        (statement,),
        (citation,),
        False,
        "",
        tuple(hits),
        {"total": seconds},
        "",
    )


def _opening(hit: Hit, corpus: Searchable) -> Span:
    overlapping = (s for s in corpus.sentences(hit.document_id) if s.overlaps(hit.span))
    return next(overlapping, hit.span)


class _NoReader:
    """Ask without the reader; the assistant without one is kept while its documents are."""

    def __init__(self) -> None:
        self._of: Asker | None = None
        self._plain: Asker | None = None

    def __call__(self, asker: Asker, question: Question) -> Answer:
        if self._plain is None or self._of is not asker:
            self._of, self._plain = asker, asker.without_reader()
        return ours(self._plain, question)


def _always_refuse(asker: Asker, question: Question) -> Answer:
    return _answer(question, [], 0.0, refused=True)


def _answer(
    question: Question, hits: list[Hit], seconds: float, *, refused: bool = False
) -> Answer:
    return Answer(
        question.question,
        "",
        question.lang,
        (),
        (),
        refused,
        "not_in_text" if refused else "",
        tuple(hits),
        {"total": seconds},
        "",
    )


BASELINES = (
    _retrieving("lexical", "BM25 only"),
    _retrieving("dense", "encoder only"),
    _retrieving("fused", "fused, unranked"),
    System("no reader", _NoReader(), retrieves=False),
    System("first sentence", _first_sentence, retrieves=False),
    System("always refuse", _always_refuse, retrieves=False),
)
