"""Fit the models that tell whether the best sentence of a text answers a question.

Two things are fitted. Which words of a question a text that answers it can be expected to hold,
by their vectors: from the reading-comprehension sets, and for questions in another language from
the same questions put into English words by dictionary. And how the features of the best sentence
add up to a probability: from our own development questions (``eval/data``), many of them near
misses, each asked of its article, and one in three answerable ones asked again of the article
without the sentences that answer it; and from questions about other things entirely. Encyclopedic
questions were tried for the second and failed: they repeat the words of their passages, so whoever
paraphrases was refused.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import Corpus, Span, StaticEncoder, load_encoder, read_file
from rag.answering import Extractive
from rag.answering.evidence import FEATURES, Judged, Place
from rag.answering.reader import Reader, load_reader
from rag.asking import Question, parse
from rag.bundled import document
from rag.fitted import fitted
from rag.matching import query, similarity, words
from rag.names import romanise
from train import data

SETS = {
    "zh_cmrc2018": 3000, "zh-Hant_drcd": 1000, "ja_jaquad": 1400, "es_squad": 1500,
    "it_squad": 1000, "en_tatqa": 338, "ar_arcd": 400, "en_qamr": 1500,
}  # fmt: skip
CALIBRATED = 400  # questions of each development set
SECOND = (
    "brackwater-stores-2031",
    "haoyu-motors-2031h1",
    "heyuan-bank-2030",
    "lanchuan-museum",
    "lingxi-model-2032",
    "nebula-games-2031q1",
    "qinglan-phone-2031",
    "saltmere-trial-2030",
    "tarnlinie-2031",
    "tingzhou-metro-2032",
)
# Beside the reports that the reader learns from, written with them and kept apart.
THIRD = (
    "air-devices", "airline", "appliances", "batteries", "camera-phones", "care-robots", "chips",
    "clinics", "cloud", "community", "concerts", "console-games", "education", "electric-cars",
    "excavation", "folding-phones", "games", "groceries", "headphones", "holding", "image-maker",
    "kitchenware", "medicines", "metro-lines", "mowers", "online-shop", "pickups", "regional-jets",
    "robots", "savings-bank", "school-software", "search", "second-hand", "short-videos",
    "streaming", "takeaway", "theme-parks", "tram", "travel", "trucks",
)  # fmt: skip
QUESTIONS = {
    "questions.jsonl": "", "users/kuaishou-2024q2.jsonl": "",
    "users/lanchuan-museum.jsonl": "second/lanchuan-museum.md",
    **{f"second/{name}.jsonl": f"second/{name}.md" for name in SECOND},
    **{f"third/{name}.jsonl": f"third/{name}.md" for name in THIRD},
}  # fmt: skip
CHUNKS = 12  # retrieved for a question, as the assistant does
SEED = 20240820
MET = 0.5  # similarity from which a word counts as found
RIDGE = 0.01
WITHOUT = 3  # one in so many answerable questions is also put to a text that lacks the answer
STRANGERS = 20  # questions of each reading-comprehension set put to our articles
FALSE_REFUSALS = 0.1  # of answerable questions, at which right refusals are reported


@dataclass(frozen=True, slots=True)
class Case:
    """The best sentence found for a question; ``holds`` tells that it answers."""

    best: Judged
    holds: bool


def fit(folder: Path, questions: Path, out: Path) -> dict[str, float]:
    """Fit on ``folder``/qa/train and on our own ``questions``, write to ``out``, return figures."""
    encoder = load_encoder("shipped")
    assert isinstance(encoder, StaticEncoder)
    values: dict[str, Any] = {
        "encoder": encoder.fingerprint,
        "reader": load_reader().fingerprint,
        "temperatures": _temperatures(folder, encoder, load_reader()),
    }
    for key, cross in (("same", False), ("cross", True)):
        expected = [_rounded(w) for w in _fit_expected(folder, encoder, cross=cross)]
        values[f"unread_{key}"] = {**dict.fromkeys(FEATURES, 0.0), "bias": 0.0}
        values[key] = {**values[f"unread_{key}"], "expected": expected}
    _write(out, values)  # what is expected shapes the features below
    report = {f"temperature {name or 'else'}": t for name, t in values["temperatures"].items()}
    for read, reader in (("", load_reader), ("unread_", None)):
        cases = _cases(folder, questions, encoder, reader)
        for key, cross in (("same", False), ("cross", True)):
            own = [case for case in cases if case.best.place.cross == cross]
            weights = _fit_sure(own)
            named = dict(zip(FEATURES, map(_rounded, weights[:-1]), strict=True))
            values[read + key] |= {**named, "bias": _rounded(weights[-1])}
            logits = np.array([float(case.best.features @ weights[:-1]) for case in own])
            holds = np.array([case.holds for case in own])
            cut = float(np.quantile(logits[holds], FALSE_REFUSALS))
            report[f"{read}{key}: answerable"] = int(holds.sum())
            report[f"{read}{key}: unanswerable"] = int((~holds).sum())
            report[f"{read}{key}: rightly refused"] = float(np.mean(logits[~holds] < cut))
    _write(out, values)
    return report


def _temperatures(folder: Path, encoder: StaticEncoder, reader: Reader) -> dict[str, float]:
    """Return for each language with a development set what makes the reader's log-odds likeliest,
    for questions beside their passage and beside the passage most like it; "" is their mean."""
    found: dict[str, float] = {}
    for name in data.QA_DEV:
        rows = data.questions(folder, "dev", name)
        contexts = list(dict.fromkeys(row.context for row in rows))
        vectors = encoder.encode(contexts)
        chosen = random.Random(SEED).sample(rows, CALIBRATED)
        near = encoder.encode([row.question for row in chosen], "query") @ vectors.T
        odds: list[float] = []
        for row, cosines in zip(chosen, near, strict=True):
            cosines[contexts.index(row.context)] = -1.0
            pair = [row.context, contexts[int(cosines.argmax())]]
            odds += [reading.answerable for reading in reader.read(row.question, pair)]
        found[name.partition("_")[0]] = _rounded(temperature(np.array(odds)))
    found[""] = _rounded(float(np.exp(np.mean(np.log(list(found.values()))))))
    return found


def temperature(odds: NDArray[np.float64]) -> float:
    """Return the T for which log-odds / T are likeliest, the even ones true, the odd ones not."""
    signs = np.where(np.arange(len(odds)) % 2, 1.0, -1.0)
    tried = np.geomspace(0.2, 5.0, 400)
    losses = [float(np.logaddexp(0.0, signs * odds / t).mean()) for t in tried]
    return float(tried[int(np.argmin(losses))])


def _write(out: Path, values: dict[str, Any]) -> None:
    out.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    fitted.cache_clear()


def _cases(
    data_folder: Path,
    folder: Path,
    encoder: StaticEncoder,
    reader: Callable[[], Reader] | None,
) -> list[Case]:
    """Put every question to its article, some once more without the sentences that answer, and
    questions about other things to the articles."""
    chance = random.Random(SEED)
    answerer = Extractive(encoder, reader)
    articles = {
        article: Corpus.build([read_file(folder / article) if article else document()], encoder)
        for article in QUESTIONS.values()
    }
    cases: list[Case] = []
    answerable = 0
    for name, article in QUESTIONS.items():
        corpus = articles[article]
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            right = holding(corpus, row["evidence"])
            question = parse(row["question"])
            found = _found(answerer, corpus, question)
            cases += _case(answerer, question, found, right)
            answerable += bool(right)
            if right and answerable % WITHOUT == 0:
                rest = [one for one in found if not any(one[0].overlaps(r) for r in right)]
                cases += _case(answerer, question, rest, right)
    for stranger in _strangers(data_folder, chance):
        corpus = articles[chance.choice(list(articles))]
        cases += _case(answerer, stranger, _found(answerer, corpus, stranger), [])
    return cases


def _found(answerer: Extractive, corpus: Corpus, question: Question) -> list[tuple[Span, Place]]:
    return answerer.places(question, corpus, corpus.search(question.text, CHUNKS))


def _strangers(folder: Path, chance: random.Random) -> list[Question]:
    """Return questions that none of our articles has anything to do with."""
    texts = [
        row.question
        for name in SETS
        for row in chance.sample(data.questions(folder, "train", name), STRANGERS)
    ]
    return [parse(text) for text in texts if any(c.isalnum() for c in text)]


def holding(corpus: Corpus, evidence: Sequence[str]) -> list[Span]:
    """Return where the only document of a corpus says what is quoted."""
    (document_id, text), *_ = ((d.id, d.text) for d in corpus.documents.values())
    return [
        Span(document_id, start, start + len(quote))
        for quote in evidence
        if (start := text.find(quote)) >= 0
    ]


def _case(
    answerer: Extractive,
    question: Question,
    found: Sequence[tuple[Span, Place]],
    right: Sequence[Span],
) -> list[Case]:
    _, judged, order = answerer.weighed(question, [place for _, place in found])
    if not judged:
        return []
    span, _ = found[order[0]]
    return [Case(judged[order[0]], any(span.overlaps(one) for one in right))]


def _fit_sure(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Fit logistic regression; return weights on the raw features, bias last."""
    rows = np.stack([case.best.features for case in cases]).astype(float)
    labels = np.array([float(case.holds) for case in cases])
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = np.column_stack([(rows - centre) / spread, np.ones(len(rows))])
    weights = _logistic(scaled, labels, RIDGE)
    raw = np.where(rows.std(axis=0) > 1e-4, weights[:-1] / spread, 0.0)
    return np.append(raw, weights[-1] - raw @ centre)


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
        for row in chance.sample(answered, min(count, len(answered))):
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


def _rounded(value: float) -> float:
    return round(float(value), 4)


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
