"""Ask every question, score every answer, keep one row each."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from eval import metrics
from eval.evidence import Evidence, locate
from eval.questions import Question
from index import Chunk, Document, Hit, Span
from rag import Answer, Citation, Statement, Turn

Mode = Literal["fused", "lexical", "dense"]
Row = dict[str, Any]
CONTEXT_CHARS = 80  # shown on both sides of a quote in the report


class Searchable(Protocol):
    """What is used of ``index.Corpus``."""

    @property
    def documents(self) -> Mapping[str, Document]: ...

    @property
    def chunks(self) -> Sequence[Chunk]: ...

    def sentences(self, document_id: str) -> tuple[Span, ...]: ...

    def search(self, query: str, k: int = 10, mode: Mode = "fused") -> list[Hit]: ...

    def save(self, home: Path) -> None: ...


class Asker(Protocol):
    """What is used of ``rag.Assistant``."""

    @property
    def corpus(self) -> Searchable: ...

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer: ...

    def without_reader(self) -> Asker: ...


class Library(Protocol):
    """Gives each question the assistant over the documents it is asked of."""

    def key(self, question: Question) -> Hashable:
        """Return the same value for questions that share an assistant."""

    def open(self, question: Question) -> Asker: ...


@dataclass(frozen=True, slots=True)
class System:
    """Something that answers, retrieves or both; what it doesn't do isn't scored."""

    name: str
    ask: Callable[[Asker, Question], Answer]
    answers: bool = True
    retrieves: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows per system, in the order of the questions, and what the reader must be told."""

    rows: Mapping[str, list[Row]]
    warnings: tuple[str, ...]
    missing_evidence: int
    seconds: Mapping[str, float]
    peak_memory_mib: float
    documents: int = 0
    chunks: int = 0
    index_mib: float = 0.0  # on disk


@dataclass(slots=True)
class _Tally:
    rows: dict[str, dict[str, Row]]
    warnings: list[str] = field(default_factory=list)
    missing_evidence: int = 0
    opening_seconds: float = 0.0
    documents: int = 0
    chunks: int = 0
    index_mib: float = 0.0


def ours(asker: Asker, question: Question) -> Answer:
    """Ask the assistant itself, as the page and the command line do."""
    return asker.ask(question.question, question.history)


YINJU = System("yinju", ours)


def run(
    questions: Sequence[Question],
    library: Library,
    systems: Sequence[System] = (YINJU,),
    on_progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Ask all questions of all systems; one assistant is opened per set of documents.

    Questions that share documents are asked together and only one assistant is held at a time,
    so memory doesn't grow with the number of sets. A question that raises is kept as a row with
    ``error`` and the scores of no answer.
    """
    began = time.perf_counter()
    tally = _Tally({system.name: {} for system in systems})
    done = 0
    for group in _grouped(questions, library):
        opening = time.perf_counter()
        asker = library.open(group[0])
        tally.opening_seconds += time.perf_counter() - opening
        tally.documents += len(asker.corpus.documents)
        tally.chunks += len(asker.corpus.chunks)
        tally.index_mib += _index_mib(asker.corpus)
        for question in group:
            _ask_all(question, asker, systems, tally, warm=done == 0)
            done += 1
            if on_progress:
                on_progress(done, len(questions))
    return Outcome(
        {name: [rows[q.id] for q in questions] for name, rows in tally.rows.items()},
        tuple(tally.warnings),
        tally.missing_evidence,
        {"all": time.perf_counter() - began, "opening": tally.opening_seconds},
        peak_memory_mib(),
        tally.documents,
        tally.chunks,
        tally.index_mib,
    )


def _index_mib(corpus: Searchable) -> float:
    """Return what a corpus takes on disk when it is kept, in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "index"
        corpus.save(home)
        return sum(f.stat().st_size for f in home.rglob("*") if f.is_file()) / 2**20


def _grouped(questions: Sequence[Question], library: Library) -> list[list[Question]]:
    groups: dict[Hashable, list[Question]] = {}
    for question in questions:
        groups.setdefault(library.key(question), []).append(question)
    return list(groups.values())


def _ask_all(
    question: Question, asker: Asker, systems: Sequence[System], tally: _Tally, *, warm: bool
) -> None:
    evidence = locate(question.evidence, asker.corpus.documents)
    for string in evidence.missing:
        tally.missing_evidence += 1
        tally.warnings.append(f"{question.id}: evidence isn't in the documents: “{string}”")
    for system in systems:
        if warm:  # the first answer loads models; what it costs is bench's to measure
            _timed(system, asker, question)
        answer, wall, error = _timed(system, asker, question)
        if error:
            tally.warnings.append(f"{question.id}: {system.name} failed: {error}")
        tally.rows[system.name][question.id] = row(
            question, answer, asker.corpus, evidence, system=system, wall=wall, error=error
        )


def _timed(system: System, asker: Asker, question: Question) -> tuple[Answer, float, str]:
    began = time.perf_counter()
    try:
        answer, error = system.ask(asker, question), ""
    except Exception as exc:  # one broken question must not cost the rows of all the others
        answer, error = no_answer(question), f"{type(exc).__name__}: {exc}"
    return answer, time.perf_counter() - began, error


def no_answer(question: Question) -> Answer:
    """Return the empty answer: not refused, nothing said, nothing found."""
    return Answer(question.question, "", "und", (), (), False, "", (), {}, "")


def row(
    question: Question,
    answer: Answer,
    corpus: Searchable,
    evidence: Evidence,
    *,
    system: System = YINJU,
    wall: float = 0.0,
    error: str = "",
) -> Row:
    """Return one line of ``rows.jsonl``: the design's fields, then what we add to them.

    ``document`` is the document's title in citations and hits; ``detail`` repeats each as
    ``document_id`` and holds the quote's surroundings and why it was judged so.
    """
    scores, reasons = _scores(question, answer, corpus, evidence, system)
    return {
        "id": question.id,
        "lang": question.lang,
        "question": question.question,
        "answer": answer.text,
        "refused": answer.refused,
        "reason": answer.reason,
        "citations": [
            {"document": c.document, "start": c.start, "end": c.end, "quote": c.quote}
            for c in answer.citations
        ],
        "hits": [_hit(hit, corpus) for hit in answer.hits],
        "seconds": {**answer.seconds, "wall": wall},
        "scores": scores,
        "expected": {"answers": list(question.answers), "evidence": list(question.evidence)},
        "detail": {
            "kind": question.kind,
            "error": error,
            "shorts": [[s.short, s.gloss] for s in answer.sentences if s.short or s.gloss],
            "citations": [_citation(c, corpus, evidence) for c in answer.citations],
            "closest": answer.closest.quote if answer.closest else "",
            "first_rank": metrics.first_rank([h.span for h in answer.hits], evidence),
            "missing_evidence": list(evidence.missing),
            "unsupported": list(reasons),
            "confidence": answer.confidence,
            "holds": _holds(answer, evidence),
            "language": answer.language,
            "condensed": answer.condensed,
        },
    }


def _holds(answer: Answer, evidence: Evidence) -> bool:
    """Tell whether the sentence that ``confidence`` is about, cited or not, is evidence."""
    best = answer.closest if answer.refused else next(iter(answer.citations), None)
    return best is not None and evidence.supports(best.span)


def _scores(
    question: Question, answer: Answer, corpus: Searchable, evidence: Evidence, system: System
) -> tuple[dict[str, float | None], tuple[str, ...]]:
    scores: dict[str, float | None] = {}
    reasons: tuple[str, ...] = ()
    if system.answers:
        scores |= _answer_scores(question, answer)
        scores |= _citation_scores(question, answer, evidence)
        quoted = (*answer.citations, *((answer.closest,) if answer.closest else ()))
        scores["verbatim"] = metrics.verbatim(quoted, corpus.documents)
        stated = () if answer.refused else answer.sentences
        scores["guard"], reasons = metrics.guard(stated, answer.citations, _verify())
    if system.retrieves and evidence.places:
        hits = [hit.span for hit in answer.hits]
        scores |= metrics.retrieval(hits, relevant_units(hits, evidence, corpus))
    return scores, reasons


def _answer_scores(question: Question, answer: Answer) -> dict[str, float | None]:
    same_language = metrics.language_matches(answer.language, question.lang)
    if not question.answerable:
        return {"right": float(answer.refused), "language_match": float(same_language)}
    # A refusal shows the closest passage, which may hold the answer: it is wrong all the same.
    right = not answer.refused and metrics.answer_right(answer.text, question.answers)
    stated = () if answer.refused else answer.sentences
    return {
        "right": float(right),
        "answer_right": float(right),
        "short_right": metrics.short_right(stated, question.answers),
        **_overlap_scores(question, stated),
        "language_match": float(same_language),
    }


def _overlap_scores(question: Question, stated: Sequence[Statement]) -> dict[str, float | None]:
    exact, f1 = metrics.overlap(stated, question.answers, question.lang)
    return {"em": exact, "f1": f1}


def _citation_scores(
    question: Question, answer: Answer, evidence: Evidence
) -> dict[str, float | None]:
    if not question.answerable or not evidence.places:
        return {}
    spans = [] if answer.refused else [c.span for c in answer.citations]
    precision = metrics.citation_precision(spans, evidence)
    return {
        "cited_right": float(precision > 0),
        "citation_precision": None if answer.refused else precision,
        "citation_recall": metrics.citation_recall(spans, evidence),
    }


def relevant_units(
    hits: Sequence[Span], evidence: Evidence, corpus: Searchable
) -> tuple[Span, ...]:
    """Return the units of text, of the size the hits have, that overlap evidence.

    Chunks when every hit is a chunk; else sentences, and the hits themselves.
    """
    chunks = [chunk.span for chunk in corpus.chunks]
    units: Sequence[Span] = chunks
    if not set(hits) <= set(chunks):
        touched = dict.fromkeys(span.document_id for span in evidence.spans)
        sentences = [span for name in touched for span in corpus.sentences(name)]
        # A hit that is no sentence stands for the sentences in it.
        whole = [s for s in sentences if not any(s.overlaps(h) for h in set(hits) - {s})]
        units = [*dict.fromkeys(hits), *(s for s in whole if s not in set(hits))]
    return tuple(unit for unit in units if evidence.supports(unit))


def _verify() -> Callable[[str, Sequence[str]], Any]:
    from rag import verify

    return verify


def _hit(hit: Hit, corpus: Searchable) -> dict[str, Any]:
    document = corpus.documents.get(hit.document_id)
    return {
        "document": document.title if document else hit.document_id,
        "start": hit.start,
        "end": hit.end,
        "text": hit.text,
        "score": float(hit.score),
    }


def _citation(citation: Citation, corpus: Searchable, evidence: Evidence) -> dict[str, Any]:
    document = corpus.documents.get(citation.document_id)
    text = document.text if document else ""
    return {
        "document_id": citation.document_id,
        "right": evidence.supports(citation.span),
        "before": text[max(0, citation.start - CONTEXT_CHARS) : citation.start],
        "after": text[citation.end : citation.end + CONTEXT_CHARS],
    }


def peak_memory_mib() -> float:
    """Return the most memory this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak) / (1024 * 1024 if sys.platform == "darwin" else 1024)
