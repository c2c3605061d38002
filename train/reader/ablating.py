"""What each part of the training is worth: the same short training with and without it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import Corpus, Span, load_encoder, split
from rag.answering.reader import WEIGHTS_FILE, Reader
from rag.bundled import document
from train.reader import evaluating, finetuning, making, pretraining

LEFT_OUT: tuple[frozenset[str], ...] = (
    frozenset(), frozenset({"pretraining"}), frozenset({"switching"}), frozenset({"unanswerable"}),
)  # fmt: skip
COUNT = 400  # questions of each published set
QUESTIONS = Path("eval/data/questions.jsonl")
GROUPS = ("zh", "en", "others")


@dataclass(frozen=True, slots=True)
class Alone:
    """A reader's own answers to questions about one article, without words and vectors.

    ``right`` is the share whose best span lies in a sentence that answers, by group of languages;
    ``auc`` the chance that an answerable question's highest log-odds are above an unanswerable
    one's.
    """

    right: dict[str, float]
    auc: float


def ablate(folder: Path, work: Path, tuning_steps: int, pretraining_steps: int) -> str:
    """Train with everything and without each part, as long each; return a table.

    What is left out is named by ``making.make``.
    """
    tuning = finetuning.Plan(steps=tuning_steps, report_every=tuning_steps)
    before = pretraining.Plan(steps=pretraining_steps)
    names = [*evaluating.SETS, *(f"right {group}" for group in GROUPS), "AUC"]
    lines = [f"{'without':14}" + "".join(f"{name:>13}" for name in names)]
    for without in LEFT_OUT:
        label = "-".join(sorted(without)) or "nothing"
        out = work / f"without-{label}"
        if not (out / WEIGHTS_FILE).is_file():
            making.make(
                folder, out, work, pretraining_plan=before, tuning_plan=tuning, without=without
            )
        reader = Reader.from_folder(out)
        figures = [f"{f1:.1f}" for _, (_, f1) in evaluating.scores(reader, folder, COUNT).items()]
        own = alone(reader)
        figures += [f"{100 * own.right[group]:.1f}" for group in GROUPS] + [f"{own.auc:.3f}"]
        lines.append(f"{label:14}" + "".join(f"{figure:>13}" for figure in figures))
        print(lines[-1], flush=True)
    return "\n".join(lines)


def alone(reader: Reader, questions: Path = QUESTIONS) -> Alone:
    """Let a reader answer the questions about the bundled article from its chunks alone."""
    article = document()
    chunks = Corpus.build([article], load_encoder()).chunks
    sentences = split(article.text)
    right: dict[str, list[float]] = {group: [] for group in GROUPS}
    sure: dict[bool, list[float]] = {True: [], False: []}
    for line in questions.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        readings = reader.read(row["question"], [chunk.text for chunk in chunks])
        sure[bool(row["evidence"])].append(max(reading.answerable for reading in readings))
        if not row["evidence"]:
            continue
        spans = [
            (reading.answerable + best[2], chunk.start + best[0])
            for chunk, reading in zip(chunks, readings, strict=True)
            if (best := reading.best(0, len(chunk.text)))
        ]
        at = max(spans)[1]
        told = next(Span(article.id, a, b) for a, b in sentences if at < b)
        group = row["lang"] if row["lang"] in GROUPS else "others"
        right[group].append(float(_holds(article.text, told, row["evidence"])))
    means = {group: float(np.mean(values)) for group, values in right.items()}
    return Alone(means, _auc(sure[True], sure[False]))


def _holds(text: str, told: Span, evidence: Sequence[str]) -> bool:
    places = [(text.find(quote), len(quote)) for quote in evidence]
    return any(at >= 0 and at < told.end and told.start < at + size for at, size in places)


def _auc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Return P(a > b) + P(a = b) / 2 of a drawn from ``higher`` and b from ``lower``."""
    a, b = np.array(higher)[:, None], np.array(lower)[None, :]
    return float(np.mean(a > b) + np.mean(a == b) / 2)
