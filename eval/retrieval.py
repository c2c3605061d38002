"""Search alone, on development sets: question → paragraph, question → sentence, and sentence →
translation.

Each paragraph set is one corpus of all its paragraphs, a hit counting for its paragraph; the
reports' questions are asked of the documents they name, cut into single sentences, and so are the
bundled article's or those of one's own documents, language by language. Translations are looked
for among the last 250 sentences of NTREX, which nothing was trained on.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
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
TRANSLATIONS = "multi_ntrex"
HELD_OUT = 250  # last lines of it, kept from training
DIRECTIONS = ("en-zh", "zh-en", "es-zh", "fr-zh", "de-zh", "ja-zh", "ko-zh", "ru-zh")
RESAMPLES = 1_000  # of the questions, for the interval
MEANINGS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45)  # tried by ``sweep``
DOCUMENTS = (0.0, 0.1, 0.2, 0.3)
DEPTH = 50  # hits looked at: several chunks may come from one paragraph
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True, slots=True)
class Case:
    """A query and the ids of the units, paragraphs or sentences, that answer it."""

    query: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scores:
    """Mean scores of one set in one mode; ``low`` to ``high`` holds hit@1 in 95 of 100 cases."""

    questions: int
    hit_at_1: float
    hit_at_5: float
    mrr_at_10: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of what: published sets in ``data`` whose name holds one of ``names``, at most
    ``limit`` questions each, and ``questions`` about ``docs`` (none: the bundled article)."""

    data: Path
    limit: int
    names: str
    docs: Sequence[Path]
    questions: Sequence[Path]


def main(wanted: Wanted, other: str = "") -> None:
    """Measure every set in every mode, and ``other``, an encoder, alone; print a table and, as the
    last line, JSON."""
    from index import load_encoder

    found: dict[str, dict[str, Scores]] = {}
    for name, pairs in sets(wanted, load_encoder()):
        found[name] = {mode: score(ranks(pairs, mode)) for mode in MODES}
    if other and found:
        for name, pairs in sets(wanted, load_encoder(other)):
            found[name][Path(other).name] = score(ranks(pairs, "dense"))
    _told(wanted, found)
    console().print(_table(found))
    print(json.dumps({name: _json(modes) for name, modes in found.items()}, ensure_ascii=False))


def sweep(wanted: Wanted) -> None:
    """Print the first hits of every set under other weights of the blend, and their mean."""
    from index import fusing, load_encoder

    found: dict[tuple[float, float], dict[str, float]] = {}
    present = fusing.MEANING, fusing.DOCUMENT
    made = list(sets(wanted, load_encoder()))
    _told(wanted, dict(made))
    try:
        for weights in ((m, d) for m in MEANINGS for d in DOCUMENTS):
            fusing.MEANING, fusing.DOCUMENT = weights
            found[weights] = {name: score(ranks(pairs, "fused")).hit_at_1 for name, pairs in made}
    finally:
        fusing.MEANING, fusing.DOCUMENT = present
    groups = _groups(name for name, _ in made)
    table = Table(title="First hit, %", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for label in ("cosine", "document", *groups, "mean"):
        table.add_column(label, justify="right")

    def means(hits: Mapping[str, float]) -> list[float]:
        own = [float(np.mean([hits[name] for name in names])) for names in groups.values()]
        return [*own, float(np.mean(own))]

    for weights, hits in sorted(found.items(), key=lambda row: -means(row[1])[-1]):
        style = "bold" if weights == present else None
        figures = (f"{100 * value:.1f}" for value in means(hits))
        table.add_row(*map(str, weights), *figures, style=style)
    console().print(table)
    rows = [{"cosine": m, "document": d, **hits} for (m, d), hits in found.items()]
    print(json.dumps(rows, ensure_ascii=False))


def _groups(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the sets whose questions are in the texts' language, and those that cross."""
    groups: dict[str, list[str]] = {}
    for name in names:
        group = "translations" if name.startswith("ntrex") else "questions"
        groups.setdefault(group, []).append(name)
    return groups


def _told(wanted: Wanted, found: Collection[str]) -> None:
    if not found:
        raise QuestionsError(f"{wanted.data}: no set there. Name the folder after --data.")


Pairs = Sequence[tuple["Corpus", Case]]


def sets(wanted: Wanted, encoder: Encoder) -> Iterator[tuple[str, Pairs]]:
    """Yield each set that is there and wanted: its name, its corpora and cases."""
    names = [part for part in wanted.names.split(",") if part]
    for name in PARAGRAPHS:
        path = wanted.data / "qa" / "dev" / f"{name}.jsonl.xz"
        if path.is_file() and _is_wanted(name, names):
            yield name, paragraph_pairs(load(path), encoder, wanted.limit)
    path = wanted.data / REPORTS / "questions.jsonl.xz"
    if path.is_file() and _is_wanted(REPORTS, names):
        asked = _sampled([q for q in load(path) if q.evidence], wanted.limit)
        folder = path.parent / "docs"
        yield from _by_language(REPORTS, report_pairs(asked, folder, encoder))
    path = wanted.data / "parallel" / f"{TRANSLATIONS}.jsonl.xz"
    if path.is_file() and _is_wanted(TRANSLATIONS, names):
        yield from translation_pairs(path, encoder, wanted.limit)
    for path in wanted.questions:
        if _is_wanted(path.stem, names):
            asked = _sampled([q for q in load(path) if q.evidence], wanted.limit)
            yield from _by_language(path.stem, article_pairs(asked, wanted.docs, encoder))


def _by_language(
    label: str, pairs: Sequence[tuple[Question, Corpus, Case]]
) -> Iterator[tuple[str, Pairs]]:
    for lang in sorted({question.lang for question, _, _ in pairs}):
        yield f"{label} {lang}", [(c, case) for q, c, case in pairs if q.lang == lang]


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


def translation_pairs(path: Path, encoder: Encoder, limit: int) -> Iterator[tuple[str, Pairs]]:
    """Yield for each direction a case a sentence, whose translation is to be found."""
    from index import Corpus

    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][-HELD_OUT:]
    corpora: dict[str, Corpus] = {}
    for direction in DIRECTIONS:
        source, _, target = direction.partition("-")
        if target not in corpora:
            made = [Document(f"s{n}", "", r[target], "", "und") for n, r in enumerate(rows)]
            corpora[target] = Corpus.build(made, encoder)
        cases = [Case(row[source], frozenset({f"s{n}"})) for n, row in enumerate(rows)]
        asked = cases[: limit or None]
        yield f"ntrex {direction}", [(corpora[target], case) for case in asked]


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


def article_pairs(
    asked: Sequence[Question], docs: Sequence[Path], encoder: Encoder
) -> list[tuple[Question, Corpus, Case]]:
    """Return a case a question over the sentences of all documents, of the bundled one if none."""
    from index import Corpus, read_file
    from rag import bundled

    read = [read_file(path) for path in docs] or [bundled.document()]
    whole = {document.id: document for document in read}
    corpus = Corpus.build(_sentences(read), encoder)
    starts = {
        name: (name.rsplit(":", 1)[0], int(name.rsplit(":", 1)[1])) for name in corpus.documents
    }
    pairs = []
    for question in asked:
        spans = locate(question.evidence, whole).spans
        right = frozenset(
            name
            for name, (owner, start) in starts.items()
            if any(
                span.document_id == owner
                and span.start < start + len(corpus.documents[name].text)
                and start < span.end
                for span in spans
            )
        )
        pairs.append((question, corpus, Case(question.question, right)))
    return pairs


def _within(question: Question, documents: Mapping[str, Document]) -> set[str]:
    """Return the sentences that lie inside of an evidence string of several."""
    return {
        name
        for name, document in documents.items()
        if any(document.text in string for string in question.evidence_strings)
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
    first = np.array([rank == 1 for rank in found] or [False], float)
    drawn = np.random.default_rng(0).choice(first, (RESAMPLES, len(first))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    within = [rank for rank in found if rank is not None]
    return Scores(
        len(found),
        sum(rank == 1 for rank in within) / count,
        sum(rank <= 5 for rank in within) / count,
        sum(1 / rank for rank in within if rank <= 10) / count,
        float(low),
        float(high),
    )


def _table(found: Mapping[str, Mapping[str, Scores]]) -> Table:
    table = Table(title="Retrieval, %", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for label in ("set", "n", "mode", "hit@1", "95%", "hit@5", "MRR@10"):
        table.add_column(label, justify="left" if label in ("set", "mode") else "right")
    for name, modes in found.items():
        for mode, s in modes.items():
            first, five, mrr = (f"{100 * v:.1f}" for v in (s.hit_at_1, s.hit_at_5, s.mrr_at_10))
            interval = f"{100 * s.low:.0f}–{100 * s.high:.0f}"
            table.add_row(name, str(s.questions), mode, first, interval, five, mrr)
    return table


def _json(modes: Mapping[str, Scores]) -> dict[str, Any]:
    return {
        mode: {
            "hit@1": round(s.hit_at_1, 4),
            "hit@1 interval": [round(s.low, 4), round(s.high, 4)],
            "hit@5": round(s.hit_at_5, 4),
            "mrr@10": round(s.mrr_at_10, 4),
            "questions": s.questions,
        }
        for mode, s in modes.items()
    }
