"""Search alone, on development sets: question → paragraph, and question → sentence.

Each paragraph set is one corpus of all its paragraphs, a hit counting for its paragraph; the
reports' questions are asked of the documents they name, cut into single sentences.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from rich import box
from rich.table import Table

from eval.errors import QuestionsError
from eval.evidence import locate
from eval.questions import Question, load
from eval.running import Mode
from eval.tables import console
from index import Document, Hit

if TYPE_CHECKING:
    from index import Corpus, Encoder

PARAGRAPHS = ("zh_cmrc2018", "ja_jaquad", "ko_korquad", "en_qamr")
REPORTS = "rag_dev"
DEPTH = 50  # hits looked at: several chunks may come from one paragraph
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True, slots=True)
class Case:
    """A query and the ids of the units, paragraphs or sentences, that answer it."""

    query: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scores:
    """Mean scores of one set in one mode."""

    questions: int
    hit_at_1: float
    hit_at_5: float
    mrr_at_10: float


def main(data: Path, *, limit: int, names: str) -> None:
    """Measure every set in every mode; print a table and, as the last line, JSON."""
    from index import load_encoder

    encoder = load_encoder()
    found: dict[str, dict[str, Scores]] = {}
    for name, pairs in sets(data, encoder, limit=limit, names=names):
        found[name] = {mode: score(ranks(pairs, mode)) for mode in MODES}
    if not found:
        raise QuestionsError(f"{data}: none of the sets is there. Name the folder after --data.")
    console().print(_table(found))
    print(json.dumps({name: _json(modes) for name, modes in found.items()}, ensure_ascii=False))


Pairs = Sequence[tuple["Corpus", Case]]


def sets(data: Path, encoder: Encoder, *, limit: int, names: str) -> Iterator[tuple[str, Pairs]]:
    """Yield each set that is in the folder and wanted: its name, its corpora and cases."""
    wanted = [part for part in names.split(",") if part]
    for name in PARAGRAPHS:
        path = data / "qa" / "dev" / f"{name}.jsonl.xz"
        if path.is_file() and _is_wanted(name, wanted):
            yield name, paragraph_pairs(load(path), encoder, limit)
    path = data / REPORTS / "questions.jsonl.xz"
    if path.is_file() and _is_wanted(REPORTS, wanted):
        asked = [q for q in load(path) if q.evidence]
        pairs = report_pairs(_sampled(asked, limit), path.parent / "docs", encoder)
        for lang in sorted({q.lang for q, _, _ in pairs}):
            own = [(corpus, case) for q, corpus, case in pairs if q.lang == lang]
            yield f"{REPORTS} {lang}", own


def _is_wanted(name: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(part in name for part in wanted)


def _sampled(asked: list[Question], limit: int) -> list[Question]:
    return random.Random(0).sample(asked, limit) if 0 < limit < len(asked) else asked


def paragraph_pairs(asked: list[Question], encoder: Encoder, limit: int) -> Pairs:
    """Return one corpus of all paragraphs and a case a sampled question."""
    from index import Corpus

    ids = {q.context: f"p{n}" for n, q in enumerate(asked)}
    made = [Document(i, "", text, i, "und") for text, i in ids.items()]
    corpus = Corpus.build(made, encoder)
    return [(corpus, Case(q.question, frozenset({ids[q.context]}))) for q in _sampled(asked, limit)]


def report_pairs(
    asked: Sequence[Question], folder: Path, encoder: Encoder
) -> list[tuple[Question, Corpus, Case]]:
    """Return a case a question over the sentences of the documents it names."""
    from index import Corpus, read_file

    corpora: dict[tuple[str, ...], Corpus] = {}
    pairs = []
    for question in asked:
        if question.documents not in corpora:
            read = [read_file(folder / name) for name in question.documents]
            corpora[question.documents] = Corpus.build(_sentences(read), encoder)
        corpus = corpora[question.documents]
        evidence = locate(question.evidence, corpus.documents)
        names = {span.document_id for span in evidence.spans} | _within(question, corpus.documents)
        pairs.append((question, corpus, Case(question.question, frozenset(names))))
    return pairs


def _within(question: Question, documents: Mapping[str, Document]) -> set[str]:
    """Return the sentences that lie inside of an evidence string of several."""
    return {
        name
        for name, document in documents.items()
        if any(document.text in string for string in question.evidence)
    }


def _sentences(documents: Iterable[Document]) -> list[Document]:
    """Return every sentence as a document of its own, titled as its document is."""
    from index import split

    return [
        Document(f"{d.id}:{start}", d.title, d.text[start:end], d.source, d.language)
        for d in documents
        for start, end in split(d.text)
    ]


def ranks(pairs: Pairs, mode: Mode) -> list[int | None]:
    """Return, per case, the rank of the first right unit; None past ``DEPTH`` hits."""
    return [
        first_rank(corpus.search(case.query, DEPTH, mode), case.right) for corpus, case in pairs
    ]


def first_rank(hits: Sequence[Hit], right: Collection[str]) -> int | None:
    """Rank documents, each by its best hit, and return where the first right one stands."""
    order = dict.fromkeys(hit.document_id for hit in hits)
    return next((rank for rank, name in enumerate(order, start=1) if name in right), None)


def score(found: Sequence[int | None]) -> Scores:
    """Return hit@1, hit@5 and MRR@10 (1 / rank, 0 past ten) over first ranks."""
    count = max(1, len(found))
    within = [rank for rank in found if rank is not None]
    return Scores(
        len(found),
        sum(rank == 1 for rank in within) / count,
        sum(rank <= 5 for rank in within) / count,
        sum(1 / rank for rank in within if rank <= 10) / count,
    )


def _table(found: Mapping[str, Mapping[str, Scores]]) -> Table:
    table = Table(title="Retrieval, %", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for label in ("set", "n", "mode", "hit@1", "hit@5", "MRR@10"):
        table.add_column(label, justify="left" if label in ("set", "mode") else "right")
    for name, modes in found.items():
        for mode, s in modes.items():
            values = (f"{100 * value:.1f}" for value in (s.hit_at_1, s.hit_at_5, s.mrr_at_10))
            table.add_row(name, str(s.questions), mode, *values)
    return table


def _json(modes: Mapping[str, Scores]) -> dict[str, Any]:
    return {
        mode: {
            "hit@1": round(s.hit_at_1, 4),
            "hit@5": round(s.hit_at_5, 4),
            "mrr@10": round(s.mrr_at_10, 4),
            "questions": s.questions,
        }
        for mode, s in modes.items()
    }
