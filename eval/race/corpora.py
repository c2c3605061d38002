"""What all entrants are given: passages, one file each, and questions with the right ones.

Passages are cut beforehand, so that nobody is right more easily for cutting longer pieces: the
sentences of an article, the lines of reports, the paragraphs of published development sets.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.questions import BUNDLED, Question, load
from index import split

SETS = {"zh_cmrc2018": 250, "ja_jaquad": 150, "ko_korquad": 150, "en_qamr": 400}  # passages
QUESTIONS_A_SET = 100
SEED = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the group its score counts for, and the numbers of the passages that answer."""

    group: str
    question: str
    right: frozenset[int]


@dataclass(frozen=True, slots=True)
class Given:
    """A corpus of passages with its questions."""

    name: str
    passages: Sequence[str]
    asked: Sequence[Asked]

    def write(self, folder: Path) -> None:
        """Write each passage to a file of its own, ``p<number>.txt``."""
        folder.mkdir(parents=True)
        for number, text in enumerate(self.passages):
            (folder / f"p{number:05}.txt").write_text(text, encoding="utf-8")


def corpora(data: Path, article: Path) -> Iterator[Given]:
    """Yield what is there: the article always, reports and published sets from ``data``."""
    yield _article(article)
    if (data / "rag_dev").is_dir():
        yield _reports(data / "rag_dev")
    if (data / "qa" / "dev").is_dir():
        yield _paragraphs(data / "qa" / "dev")


def _article(path: Path) -> Given:
    """Use fresh questions for the original article, the development ones for the bundled one."""
    from rag import bundled

    if path.is_file():
        text = path.read_text(encoding="utf-8")
        fresh = BUNDLED.parent / "fresh"
        asked = [q for name in ("second", "third") for q in load(fresh / f"{name}.jsonl")]
    else:
        text, asked = bundled.document().text, load(BUNDLED)
    passages = [text[start:end] for start, end in split(text)]
    return Given("article", passages, list(_located(asked, passages, "article", ("zh", "en"))))


def _reports(folder: Path) -> Given:
    paths = sorted((folder / "docs").glob("*.txt"))
    lines = [
        line.strip()
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    asked = _sampled([q for q in load(folder / "questions.jsonl.xz") if q.evidence], 300)
    return Given("reports", lines, list(_located(asked, lines, "reports", ("zh", "en"))))


def _located(
    asked: Sequence[Question], passages: Sequence[str], label: str, langs: Sequence[str]
) -> Iterator[Asked]:
    """Yield the questions of these languages whose evidence stands in some passage."""
    for question in asked:
        right = frozenset(
            number
            for number, passage in enumerate(passages)
            if any(_meet(string, passage) for string in question.evidence_strings)
        )
        if right and question.lang in langs:
            yield Asked(f"{label} {question.lang}", question.question, right)


def _meet(evidence: str, passage: str) -> bool:
    whole = passage.strip()
    return bool(whole) and (evidence in whole or whole in evidence)


def _paragraphs(folder: Path) -> Given:
    passages: list[str] = []
    asked: list[Asked] = []
    for name, count in SETS.items():
        path = folder / f"{name}.jsonl.xz"
        if not path.is_file():
            continue
        by_context: dict[str, list[Question]] = {}
        for question in load(path):
            by_context.setdefault(question.context, []).append(question)
        chosen = random.Random(SEED).sample(sorted(by_context), min(count, len(by_context)))
        own = [
            Asked(name, question.question, frozenset({len(passages) + place}))
            for place, context in enumerate(chosen)
            for question in by_context[context]
        ]
        passages += chosen
        asked += random.Random(SEED).sample(own, min(QUESTIONS_A_SET, len(own)))
    return Given("paragraphs", passages, asked)


def _sampled(asked: list[Question], count: int) -> list[Question]:
    return random.Random(SEED).sample(asked, count) if len(asked) > count else asked
