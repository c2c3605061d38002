"""Fit the two linear models that order sentences and tell whether the best one answers.

Questions come from the reading-comprehension sets: the sentence that holds the answer should come
first among the sentences of its context. To learn when to refuse, the same questions are put to
their context with the answering sentences taken out (near misses), to another context that
retrieval would take for the right one, and to contexts their authors marked as not answering; and
questions are turned to another year, or to a subject of another context, which near misses
between companies and quarters look like.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Lexical, StaticEncoder, load_encoder, split
from rag.answering import evidence
from rag.answering.evidence import FEATURES, Judged, Place, judge
from rag.answering.spans import Sentence, prepare
from rag.asking import parse
from rag.errors import EmptyQuestion
from rag.matching import query, words
from train import data

SETS = {
    "zh_cmrc2018": 1500, "zh-Hant_drcd": 500, "ja_jaquad": 700, "es_squad": 900, "it_squad": 500,
    "en_tatqa": 338, "ar_arcd": 250,
}  # fmt: skip
SEED = 20240820
FALSE_REFUSALS = 0.05  # of answerable questions, at most; the threshold is set by it
MIN_SUBJECT = 3  # characters; a shorter common run is hardly a name
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_RUN = re.compile(r"[^\W\d_](?:[\w ]*\w)?")
_OPENING = re.compile(r"[\u4e00-\u9fff]{2,5}|[^\W\d_]+ [^\W\d_]+")
_ORDER_STEPS = 400
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Case:
    """One question judged against one set of sentences; ``right`` marks those that answer."""

    judged: list[Judged]
    right: NDArray[np.bool_]


def fit(folder: Path, out: Path) -> dict[str, float]:
    """Fit both models on ``folder``/qa/train and write them to ``out``; return figures."""
    encoder = load_encoder("shipped")
    assert isinstance(encoder, StaticEncoder)
    answerable, refusable = _cases(folder, encoder)
    order = _fit_order(answerable)
    sure, bias = _fit_sure(order, answerable, refusable)
    scores = np.array([_logit(case, order, sure, bias) for case in answerable])
    misses = np.array([_logit(case, order, sure, bias) for case in refusable])
    cut = float(np.quantile(scores, FALSE_REFUSALS))
    values = {
        "order": dict(zip(FEATURES, map(_rounded, order), strict=True)),
        "sure": dict(zip(FEATURES, map(_rounded, sure), strict=True)),
        "bias": _rounded(bias),
        "threshold": _rounded(1 / (1 + np.exp(-cut))),
        "encoder": encoder.fingerprint,
    }
    out.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    evidence.load_weights.cache_clear()
    return {
        "answerable": len(answerable),
        "unanswerable": len(refusable),
        "first sentence right": float(np.mean([_first_right(c, order) for c in answerable])),
        "refused at the threshold": float(np.mean(misses < cut)),
    }


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _cases(folder: Path, encoder: StaticEncoder) -> tuple[list[Case], list[Case]]:
    chance = random.Random(SEED)
    answerable: list[Case] = []
    refusable: list[Case] = []
    for name, count in SETS.items():
        rows = data.questions(folder, "train", name)
        contexts = sorted({row.context for row in rows})
        lexical = Lexical.build(contexts)
        for row in chance.sample(rows, min(count, len(rows))):
            for case in _of(row, contexts, lexical, encoder, chance):
                (answerable if case.right.any() else refusable).append(case)
    return answerable, refusable


def _of(
    row: data.Question,
    contexts: Sequence[str],
    lexical: Lexical,
    encoder: StaticEncoder,
    chance: random.Random,
) -> Iterator[Case]:
    """Yield the question with its context, without the answer, and with a similar context."""
    spans = split(row.context)
    texts = [row.context[start:end] for start, end in spans]
    if not row.answers:
        yield from _judged(row.question, texts, [], encoder)
        return
    if row.start < 0 or len(texts) < 3:
        return
    right = [i for i, text in enumerate(texts) if row.answers[0] in text]
    at = [i for i, (start, end) in enumerate(spans) if start <= row.start < end]
    if not at:
        return
    yield from _judged(row.question, texts, at, encoder)
    yield from _judged(
        row.question, [t for i, t in enumerate(texts) if i not in {*right, *at}], [], encoder
    )
    for turned in _turned(row, contexts, chance):
        yield from _judged(turned, texts, [], encoder)
    ids, _ = lexical.search(row.question, 4)
    for other in ids.tolist():
        if row.answers[0] not in contexts[other]:
            around = [contexts[other][a:b] for a, b in split(contexts[other])]
            yield from _judged(row.question, around, [], encoder)
            return


def _turned(row: data.Question, contexts: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Yield the question turned to another year, and to a subject of another context."""
    for year in _YEAR.findall(row.question)[:1]:
        other = str(int(year) + chance.choice((-3, -2, -1, 1, 2)))
        if other not in row.context:
            yield row.question.replace(year, other)
    subject = _shared(row.question, row.context)
    stranger = _subject(chance.choice(contexts))
    if len(subject) >= MIN_SUBJECT and stranger and stranger not in row.context:
        yield row.question.replace(subject, stranger)


def _shared(question: str, context: str) -> str:
    """Return the longest run of letters of the question that the context holds."""
    runs = (run for run in _RUN.findall(question))
    best = ""
    for run in runs:
        for start in range(len(run)):
            while run[start : start + len(best) + 1] in context and start + len(best) < len(run):
                best = run[start : start + len(best) + 1]
    return best.strip()


def _subject(context: str) -> str:
    """Return what a context is about, roughly: how its first sentence begins."""
    match = _OPENING.match(context)
    return match[0] if match else ""


def _judged(
    question: str, texts: Sequence[str], right: Sequence[int], encoder: StaticEncoder
) -> Iterator[Case]:
    try:
        asked = query(encoder, parse(question))
    except EmptyQuestion:
        return
    sentences = [_prepared(encoder, text) for text in texts]
    places = [
        Place(sentence, tuple(sentences[i - 1 : i]), min(i // 4, 11))
        for i, sentence in enumerate(sentences)
    ]
    if places:
        marks = np.zeros(len(places), bool)
        marks[list(right)] = True
        yield Case(judge(asked, places), marks)


@lru_cache(maxsize=4096)
def _prepared(encoder: StaticEncoder, text: str) -> Sentence:
    return prepare(text, words(encoder, text))


def _fit_order(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Fit listwise softmax regression: the right sentence against all others of its context."""
    weights = np.zeros(len(FEATURES))
    stacks = [np.stack([j.features for j in case.judged]).astype(float) for case in cases]
    momentum = np.zeros_like(weights)
    for _ in range(_ORDER_STEPS):
        gradient = _RIDGE * weights
        for rows, case in zip(stacks, cases, strict=True):
            scores = np.exp((logits := rows @ weights) - logits.max())
            share = scores / scores.sum()
            target = case.right / case.right.sum()
            gradient = gradient + rows.T @ (share - target) / len(cases)
        momentum = 0.9 * momentum - 1.0 * gradient
        weights = weights + momentum
    # The rank of a chunk means nothing inside one context; keep a small preference for retrieval.
    weights[FEATURES.index("rank")] = 0.5
    return weights


def _best(case: Case, order: NDArray[np.float64]) -> int:
    return int(np.argmax([float(j.features @ order) for j in case.judged]))


def _first_right(case: Case, order: NDArray[np.float64]) -> bool:
    return bool(case.right[_best(case, order)])


def _fit_sure(
    order: NDArray[np.float64], answerable: Sequence[Case], refusable: Sequence[Case]
) -> tuple[NDArray[np.float64], float]:
    """Fit logistic regression (Newton steps) on the best sentence of each case."""
    best = [case.judged[_best(case, order)].features for case in (*answerable, *refusable)]
    rows = np.column_stack([np.stack(best).astype(float), np.ones(len(best))])
    rows[:, FEATURES.index("rank")] = 0.0
    labels = np.array([1.0] * len(answerable) + [0.0] * len(refusable))
    each = np.where(labels == 1, 0.5 / len(answerable), 0.5 / len(refusable))
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (each * (chance - labels)) + 1e-4 * weights
        curve = (rows * (each * chance * (1 - chance))[:, None]).T @ rows
        weights -= np.linalg.solve(curve + 1e-4 * np.eye(len(weights)), gradient)
    return weights[:-1], float(weights[-1])


def _logit(case: Case, order: NDArray[np.float64], sure: NDArray[np.float64], bias: float) -> float:
    features = case.judged[_best(case, order)].features.astype(float)
    features[FEATURES.index("rank")] = 0.0
    return float(features @ sure + bias)
