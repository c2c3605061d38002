"""Fit the models that tell whether the best sentence of a text answers a question.

Questions come from the reading-comprehension sets. To learn when to refuse, they are also put to
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
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import Lexical, StaticEncoder, load_encoder, split
from rag.answering.evidence import FEATURES, Judged, Place, judge
from rag.answering.spans import Sentence, prepare
from rag.asking import Question, parse
from rag.errors import EmptyQuestion
from rag.fitted import fitted
from rag.matching import query, similarity, words
from rag.names import romanise
from train import data

SETS = {
    "zh_cmrc2018": 1500, "zh-Hant_drcd": 500, "ja_jaquad": 700, "es_squad": 900, "it_squad": 500,
    "en_tatqa": 338, "ar_arcd": 250,
}  # fmt: skip
SEED = 20240820
FALSE_REFUSALS = 0.05  # of answerable questions, at which right refusals are reported
MET = 0.5  # similarity from which a word counts as found
MIN_SUBJECT = 3  # characters; a shorter common run is hardly a name
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_RUN = re.compile(r"[^\W\d_](?:[\w ]*\w)?")
_OPENING = re.compile(r"[\u4e00-\u9fff]{2,5}|[^\W\d_]+ [^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Case:
    """One question judged against one set of sentences; ``right`` marks those that answer."""

    judged: list[Judged]
    right: NDArray[np.bool_]
    cross: bool


def fit(folder: Path, out: Path) -> dict[str, float]:
    """Fit on ``folder``/qa/train and CC-CEDICT, write to ``out``, return figures."""
    encoder = load_encoder("shipped")
    assert isinstance(encoder, StaticEncoder)
    values: dict[str, Any] = {"encoder": encoder.fingerprint}
    for key, cross in (("same", False), ("cross", True)):
        expected = [_rounded(w) for w in _fit_expected(folder, encoder, cross=cross)]
        blank = {**dict.fromkeys(FEATURES, 0.0), "bias": 0}
        values[key] = {**blank, "expected": expected}
    _write(out, values)  # what is expected shapes the features below
    cases = _cases(folder, encoder)
    report: dict[str, float] = {}
    for key, cross in (("same", False), ("cross", True)):
        own = [case for case in cases if case.cross == cross]
        answerable = [case for case in own if case.right.any()]
        refusable = [case for case in own if not case.right.any()]
        sure, bias = _fit_sure(answerable, refusable)
        scores = np.array([_logit(case, sure, bias) for case in answerable])
        misses = np.array([_logit(case, sure, bias) for case in refusable])
        cut = float(np.quantile(scores, FALSE_REFUSALS))
        values[key] = {
            **dict(zip(FEATURES, map(_rounded, sure), strict=True)),
            "bias": _rounded(bias),
            "expected": values[key]["expected"],
        }
        report[f"{key}: answerable"] = len(answerable)
        report[f"{key}: unanswerable"] = len(refusable)
        report[f"{key}: first right"] = float(np.mean([_first_right(c) for c in answerable]))
        report[f"{key}: rightly refused"] = float(np.mean(misses < cut))
    _write(out, values)
    return report


def _write(out: Path, values: dict[str, Any]) -> None:
    out.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    fitted.cache_clear()


def _fit_expected(folder: Path, encoder: StaticEncoder, *, cross: bool) -> NDArray[np.float64]:
    """Fit, by its vector, whether a word of a question is met in the context that answers it."""
    chance = random.Random(SEED)
    glosses = {e.word: e for e in data.dictionary(folder)} if cross else {}
    rows: list[NDArray[np.float32]] = []
    met: list[float] = []
    for name, count in SETS.items():
        if cross and not name.startswith("zh"):
            continue
        answered = [row for row in data.questions(folder, "train", name) if row.answers]
        for row in chance.sample(answered, min(2 * count, len(answered))):
            if not any(c.isalnum() for c in row.question):
                continue
            question = parse(row.question)
            asked = query(encoder, _pidgin(question, glosses) if cross else question)
            if not len(asked.words):
                continue
            best = similarity(asked, words(encoder, row.context)).max(axis=1)
            silent = asked.weights <= 0
            rows += list(asked.words.rows[~silent])
            met += (best[~silent] >= MET).astype(float).tolist()
    vectors = np.column_stack([np.stack(rows).astype(float), np.ones(len(rows))])
    return _logistic(vectors, np.array(met), 1e-4, balanced=False)


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _cases(folder: Path, encoder: StaticEncoder) -> list[Case]:
    chance = random.Random(SEED)
    glosses = {e.word: e for e in data.dictionary(folder)}
    cases: list[Case] = []
    for name, count in SETS.items():
        rows = data.questions(folder, "train", name)
        contexts = sorted({row.context for row in rows})
        lexical = Lexical.build(contexts)
        for row in chance.sample(rows, min(count, len(rows))):
            for question, texts, right in _put(row, contexts, lexical, chance):
                cases += _judged(question, texts, right, encoder)
                if name.startswith("zh"):
                    pidgin = _pidgin(question, glosses)
                    cases += _judged(pidgin, texts, right, encoder, cross=True)
    return cases


def _put(
    row: data.Question, contexts: Sequence[str], lexical: Lexical, chance: random.Random
) -> Iterator[tuple[Question, list[str], list[int]]]:
    """Yield questions with the sentences they are put to, and which of these answer."""
    try:
        asked = parse(row.question)
    except EmptyQuestion:
        return
    spans = split(row.context)
    texts = [row.context[start:end] for start, end in spans]
    if not row.answers:
        yield asked, texts, []
        return
    at = [i for i, (start, end) in enumerate(spans) if start <= row.start < end]
    if not at or len(texts) < 3:
        return
    yield asked, texts, at
    right = {*at, *(i for i, text in enumerate(texts) if row.answers[0] in text)}
    yield asked, [text for i, text in enumerate(texts) if i not in right], []
    for turned in _turned(row, contexts, chance):
        yield parse(turned), texts, []
    for other in lexical.search(row.question, 4)[0].tolist():
        if row.answers[0] not in contexts[other]:
            yield asked, [contexts[other][a:b] for a, b in split(contexts[other])], []
            return


def _pidgin(question: Question, glosses: dict[str, data.Entry]) -> Question:
    """Put a Chinese question into English words by dictionary; what it asks for stays known.

    Names become pinyin in capitals, as an asker who knows no English name would write them.
    """
    silent = {i for start, end in question.asking for i in range(start, end)}
    text = "".join(" " if i in silent else c for i, c in enumerate(question.folded))
    said: list[str] = []
    at = 0
    while at < len(text):
        size = next((n for n in range(6, 0, -1) if text[at : at + n] in glosses), 1)
        word = text[at : at + size]
        said.append(_english(glosses[word]) if word in glosses else romanise(word))
        at += size
    joined = " ".join(part for part in said if part.strip()) or question.text
    return replace(parse(joined, "en"), kinds=question.kinds)


def _english(entry: data.Entry) -> str:
    if entry.pinyin[:1].isupper():
        return romanise(entry.word)
    short = min(entry.glosses[:2], key=len)
    return short if len(short) <= 40 else entry.glosses[0].split(";")[0].split(",")[0]


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
    question: Question,
    texts: Sequence[str],
    right: Sequence[int],
    encoder: StaticEncoder,
    *,
    cross: bool = False,
) -> list[Case]:
    sentences = [_prepared(encoder, text) for text in texts]
    places = [
        Place(sentence, tuple(sentences[max(0, i - 1) : i]), min(i // 4, 11), cross)
        for i, sentence in enumerate(sentences)
    ]
    if not places:
        return []
    marks = np.zeros(len(places), bool)
    marks[list(right)] = True
    return [Case(judge(query(encoder, question), places), marks, cross)]


@lru_cache(maxsize=4096)
def _prepared(encoder: StaticEncoder, text: str) -> Sentence:
    return prepare(text, words(encoder, text))


def _best(case: Case) -> int:
    return int(np.argmax([judged.score for judged in case.judged]))


def _first_right(case: Case) -> bool:
    return bool(case.right[_best(case)])


def _fit_sure(
    answerable: Sequence[Case], refusable: Sequence[Case]
) -> tuple[NDArray[np.float64], float]:
    """Fit logistic regression on the best sentence of each case."""
    best = [case.judged[_best(case)].features for case in (*answerable, *refusable)]
    rows = np.column_stack([np.stack(best).astype(float), np.ones(len(best))])
    rows[:, FEATURES.index("rank")] = 0.0
    labels = np.array([1.0] * len(answerable) + [0.0] * len(refusable))
    weights = _logistic(rows, labels, 1e-4)
    return weights[:-1], float(weights[-1])


def _logistic(
    rows: NDArray[np.float64], labels: NDArray[np.float64], ridge: float, *, balanced: bool = True
) -> NDArray[np.float64]:
    """Fit logistic regression by Newton steps; ``balanced`` lets both classes weigh the same."""
    each = np.full(len(labels), 1.0 / len(labels))
    if balanced:
        each = np.where(labels == 1, 0.5 / labels.sum(), 0.5 / (1 - labels).sum())
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (each * (chance - labels)) + ridge * weights
        curve = (rows * (each * chance * (1 - chance))[:, None]).T @ rows
        weights -= np.linalg.solve(curve + ridge * np.eye(len(weights)), gradient)
    return weights


def _logit(case: Case, sure: NDArray[np.float64], bias: float) -> float:
    features = case.judged[_best(case)].features.astype(float)
    features[FEATURES.index("rank")] = 0.0
    return float(features @ sure + bias)
