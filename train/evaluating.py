"""How good an encoder is alone: question → paragraph, sentence → translation, speed, size."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train import data

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
QA_DEV = {"zh": "zh_cmrc2018", "en": "en_qamr", "ja": "ja_jaquad", "ko": "ko_korquad"}
# The pairs of the development table; the first two matter most.
TRANSLATIONS = (
    ("en", "zh"), ("zh", "en"), *((a, "zh") for a in ("es", "fr", "de", "ja", "ko", "ru")),
    *(("zh", b) for b in ("es", "fr", "de", "ja", "ko", "ru")),
    ("pt", "zh"), ("it", "zh"), ("ar", "zh"),
    *((a, "en") for a in ("es", "fr", "de", "ja", "ko", "ru", "pt", "it", "ar")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """Share of first hits, with a 95 % bootstrap interval over questions."""

    name: str
    first: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.name:<28}{self.first:.3f}  [{self.low:.3f}, {self.high:.3f}]  n={self.count}"


def evaluate(encode: Encode, folder: Path, *, sample: int | None = None) -> list[Score]:
    """Score retrieval and translation; ``sample`` limits the questions of a set."""
    scores = [question_to_paragraph(encode, folder, lang, sample) for lang in QA_DEV]
    held_out = data.ntrex(folder, held_out=True)
    vectors = {
        lang: encode([row[lang] for row in held_out])
        for lang in {lang for pair in TRANSLATIONS for lang in pair}
    }
    for a, b in TRANSLATIONS:
        ranks = _ranks(vectors[a], vectors[b], np.arange(len(held_out)))
        scores.append(scored(f"ntrex {a} → {b}", ranks == 0))
    return scores


def question_to_paragraph(
    encode: Encode, folder: Path, language: str, sample: int | None = None
) -> Score:
    """Rank all paragraphs of a development set for each of its questions."""
    asked = data.questions(folder, "dev", QA_DEV[language])
    contexts = {row.context: i for i, row in enumerate({r.context: r for r in asked}.values())}
    passages = encode(list(contexts))
    if sample is not None and sample < len(asked):
        chosen = np.random.default_rng(7).choice(len(asked), sample, replace=False)
        asked = [asked[i] for i in chosen]
    right = np.array([contexts[row.context] for row in asked])
    ranks = _ranks(encode([row.question for row in asked]), passages, right)
    return scored(f"{QA_DEV[language]} 1/{len(contexts)}", ranks == 0)


def speed(encode: Encode, folder: Path, passages: int = 5_000) -> float:
    """Return passages of 250 Chinese characters encoded a second, tokenization included."""
    cut: list[str] = []
    for text in data.documents(folder, "zh"):
        cut += [text[i : i + 250] for i in range(0, len(text) - 250, 250)]
        if len(cut) >= passages:
            break
    encode(cut[:64])
    started = time.perf_counter()
    encode(cut[:passages])
    return passages / (time.perf_counter() - started)


def scored(name: str, hits: NDArray[np.bool_], draws: int = 1000) -> Score:
    """Average hits and bootstrap the average (Efron 1979)."""
    rng = np.random.default_rng(0)
    means = rng.binomial(len(hits), hits.mean(), draws) / len(hits)
    low, high = np.quantile(means, [0.025, 0.975])
    return Score(name, float(hits.mean()), float(low), float(high), len(hits))


def _ranks(
    queries: NDArray[np.float32], passages: NDArray[np.float32], right: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count the passages that score above the right one; ties count against us."""
    similar = queries @ passages.T
    own = similar[np.arange(len(right)), right]
    ranks: NDArray[np.int64] = (similar >= own[:, None]).sum(axis=1) - 1
    return ranks
