"""What each part of the training is worth: the same short training with and without it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import Corpus, load_encoder
from rag.answering.reader import WEIGHTS_FILE, Reader
from rag.bundled import document
from train.evidence import holding
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


def ablate(folder: Path, work: Path, tuning_steps: int, pretraining_steps: int) -> None:
    """Train with everything and without each part, as long each; print a table row by row.

    What is left out is named by ``making.make``.
    """
    tuning = finetuning.Plan(steps=tuning_steps, report_every=tuning_steps)
    before = pretraining.Plan(steps=pretraining_steps)
    names = [*evaluating.SETS, *(f"right {group}" for group in GROUPS), "AUC"]
    print(f"{'without':14}" + "".join(f"{name:>13}" for name in names), flush=True)
    for without in LEFT_OUT:
        label = "-".join(sorted(without)) or "nothing"
        out = work / f"without-{label}"
        if not (out / WEIGHTS_FILE).is_file():
            making.make(
                folder, out, work, pretraining_plan=before, tuning_plan=tuning, without=without
            )
        reader = Reader.from_folder(out)
        figures = [f"{f1:.1f}" for _, f1 in evaluating.scores(reader, folder, COUNT).values()]
        own = alone(reader)
        figures += [f"{100 * own.right[group]:.1f}" for group in GROUPS] + [f"{own.auc:.3f}"]
        print(f"{label:14}" + "".join(f"{figure:>13}" for figure in figures), flush=True)


def alone(reader: Reader, questions: Path = QUESTIONS) -> Alone:
    """Let a reader answer the questions about the bundled article from its chunks alone."""
    corpus = Corpus.build([document()], load_encoder())
    right: dict[str, list[float]] = {group: [] for group in GROUPS}
    sure: dict[bool, list[float]] = {True: [], False: []}
    for line in questions.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        readings = reader.read(row["question"], [chunk.text for chunk in corpus.chunks])
        sure[bool(row["evidence"])].append(max(reading.answerable for reading in readings))
        if not row["evidence"]:
            continue
        spans = [
            (reading.answerable + best[2], chunk.start + best[0], chunk.document_id)
            for chunk, reading in zip(corpus.chunks, readings, strict=True)
            if (best := reading.best(0, len(chunk.text)))
        ]
        _, at, name = max(spans)
        told = next(span for span in corpus.sentences(name) if at < span.end)
        group = row["lang"] if row["lang"] in GROUPS else "others"
        right[group].append(float(any(map(told.overlaps, holding(corpus, row["evidence"])))))
    means = {group: float(np.mean(values)) for group, values in right.items()}
    return Alone(means, _auc(sure[True], sure[False]))


def _auc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Return P(a > b) + P(a = b) / 2 of a drawn from ``higher`` and b from ``lower``."""
    a, b = np.array(higher)[:, None], np.array(lower)[None, :]
    return float(np.mean(a > b) + np.mean(a == b) / 2)
