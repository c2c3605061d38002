"""Exact match and F1 on the published development sets, by the published scripts' definitions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from eval.overlap import exact_and_f1
from rag.answering.reader import LENGTH, LONGEST, Reader
from train import data
from train.reader.model import ReaderModel, short_floats
from train.reader.vocabulary import CLS, PAD, SEP

SETS = data.QA_DEV
PUBLISHED = {
    "zh_cmrc2018": "ELECTRA-small (12M) 63.4/80.8, BERT-base 65.5/84.5, human 91.1/97.3",
    "ja_jaquad": "BERT-Japanese 61.0/77.4",
    "ko_korquad": "multilingual BERT 80.7/90.4, trained on it; ours never",
    "en_qamr": "none known",
}
STRIDE = 64


def score(name: str, answer: str, right: Sequence[str]) -> tuple[float, float]:
    """Return exact match and F1, 0 to 1, by the definition of a set named after its language."""
    return exact_and_f1(name.split("_", maxsplit=1)[0], answer, right)


def answers(
    model: ReaderModel, tokenizer: Any, rows: Sequence[data.Question], window: int = 192
) -> list[str]:
    """Return the best span for each question, over windows that slide along its context."""
    asked = tokenizer.encode_batch([r.question for r in rows], add_special_tokens=False)
    contexts = tokenizer.encode_batch([r.context for r in rows], add_special_tokens=False)
    jobs: list[tuple[int, int, list[int], list[int]]] = []
    for i, (question, context) in enumerate(zip(asked, contexts, strict=True)):
        ids = question.ids[:64]
        room = window - len(ids) - 3
        at = 0
        while True:
            jobs.append((i, at, ids, context.ids[at : at + room]))
            if at + room >= len(context.ids):
                break
            at += room - STRIDE
    jobs.sort(key=lambda job: len(job[2]) + len(job[3]))
    best: list[tuple[float, str]] = [(-1e9, "")] * len(rows)
    model.eval()
    with torch.inference_mode():
        for first in range(0, len(jobs), 32):
            part = jobs[first : first + 32]
            width = max(len(j[2]) + len(j[3]) + 3 for j in part)
            ids = torch.full((len(part), width), PAD)
            types = torch.zeros(len(part), width, dtype=torch.long)
            for k, (_, _, q, p) in enumerate(part):
                row = [CLS, *q, SEP, *p, SEP]
                ids[k, : len(row)] = torch.tensor(row)
                types[k, len(q) + 2 : len(row)] = 1
            with short_floats():
                hidden = model.bert(
                    input_ids=ids, token_type_ids=types, attention_mask=(ids != PAD).long()
                ).last_hidden_state
            starts, ends, sure = (t.float().numpy() for t in model.heads(hidden.float()))
            for k, (i, at, q, p) in enumerate(part):
                begin = len(q) + 2
                left = _log_softmax(starts[k, begin : begin + len(p)])
                right = _log_softmax(ends[k, begin : begin + len(p)])
                pairs = np.triu(left[:, None] + right[None, :] - LENGTH * lengths(len(p)))
                pairs[np.tril_indices(len(p), -1)] = -1e9
                pairs[np.triu_indices(len(p), LONGEST)] = -1e9
                a, b = divmod(int(pairs.argmax()), len(p))
                value = float(pairs[a, b]) - float(np.logaddexp(0.0, -sure[k]))
                if value > best[i][0]:
                    offsets = contexts[i].offsets
                    text = rows[i].context[offsets[at + a][0] : offsets[at + b][1]]
                    best[i] = (value, text)
    return [text for _, text in best]


def lengths(tokens: int) -> Any:
    """Return ln of the tokens from each first to each last one, (tokens, tokens)."""
    at = np.arange(tokens)
    return np.log1p(np.maximum(at[None, :] - at[:, None], 0))


def read_by(reader: Reader, rows: Sequence[data.Question]) -> list[str]:
    """Return the best span for each question as the product finds it."""
    found = []
    for row in rows:
        (reading,) = reader.read(row.question, [row.context])
        span = reading.best(0, len(row.context))
        found.append(row.context[span[0] : span[1]] if span else "")
    return found


def table(reader: Reader, folder: Path, count: int | None = None) -> str:
    """Return exact match and F1 of a reader's folder on every set, beside published scores."""
    lines = [f"{'set':14} {'EM':>6} {'F1':>6}  published EM/F1"]
    for name, (exact, f1) in scores(reader, folder, count).items():
        lines.append(f"{name:14} {exact:6.1f} {f1:6.1f}  {PUBLISHED[name]}")
    return "\n".join(lines)


def scores(
    reader: Reader, folder: Path, count: int | None = None
) -> dict[str, tuple[float, float]]:
    """Return exact match and F1 in percent of a written reader for each set."""
    found = {}
    for name in SETS:
        rows = _chosen(folder, name, count)
        found[name] = _mean(name, read_by(reader, rows), rows)
    return found


def _log_softmax(values: Any) -> Any:
    shifted = values - values.max()
    return shifted - np.log(np.exp(shifted).sum())


def evaluate(
    model: ReaderModel, tokenizer: Any, folder: Path, count: int | None = None,
    sets: Sequence[str] = SETS,
) -> dict[str, tuple[float, float]]:  # fmt: skip
    """Return exact match and F1 in percent for each set, on the first questions of a fixed draw."""
    found = {}
    for name in sets:
        rows = _chosen(folder, name, count)
        found[name] = _mean(name, answers(model, tokenizer, rows), rows)
    return found


def _chosen(folder: Path, name: str, count: int | None) -> list[data.Question]:
    rows = data.questions(folder, "dev", name)
    if not count:
        return rows
    return [rows[i] for i in np.random.default_rng(7).permutation(len(rows))[:count]]


def _mean(name: str, given: Sequence[str], rows: Sequence[data.Question]) -> tuple[float, float]:
    scores = [score(name, a, r.answers) for a, r in zip(given, rows, strict=True)]
    exact, f1 = 100 * np.mean(scores, axis=0)
    return float(exact), float(f1)
