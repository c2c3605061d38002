"""Every training text as tokens, and which language each token mostly belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from train import corpora, data, mining
from train.steps import cached
from train.teaching import Floats

_DOCUMENT_LIMITS = {"zh": None, "en": None, "ko": None, "de": None, "ja": 8_000}


@dataclass(frozen=True, slots=True)
class Sources:
    """All training texts as tokens."""

    translations: dict[str, tuple[corpora.Runs, corpora.Runs]]
    readings: dict[str, corpora.Reading]
    documents: dict[str, corpora.Documents]


def gather(folder: Path, work: Path, tokenizer: Any) -> Sources:
    """Tokenize every corpus."""
    return Sources(
        cached(work, "translations", lambda: _translations(folder, tokenizer)),
        cached(work, "readings", lambda: _readings(folder, tokenizer)),
        cached(work, "documents", lambda: _documents(folder, tokenizer)),
    )


def shares(sources: Sources, size: int) -> dict[str, Floats]:
    """Return each language's token probabilities, over all its texts."""
    counts: dict[str, Floats] = {}

    def add(language: str, runs: corpora.Runs) -> None:
        counts.setdefault(language, np.zeros(size, dtype=np.float32))
        counts[language] += np.bincount(runs.ids, minlength=size).astype(np.float32)

    for name, docs in sources.documents.items():
        add(name.partition("_")[0], docs.runs)
    for name, reading in sources.readings.items():
        add(data.QA_TRAIN[name], reading.contexts.runs)
    for name, (left, right) in sources.translations.items():
        if name.startswith("en-"):
            add("en", left)
            add(name.split()[0].partition("-")[2], right)
    return {language: count / max(count.sum(), 1) for language, count in counts.items()}


def words(sources: Sources, tokenizer: Any) -> dict[str, int]:
    """Return how often Chinese documents hold each token."""
    vocabulary = tokenizer.get_vocab()
    counts = np.bincount(sources.documents["zh"].runs.ids, minlength=len(vocabulary)).tolist()
    return {piece: counts[i] for piece, i in vocabulary.items() if counts[i]}


def _readings(folder: Path, tokenizer: Any) -> dict[str, corpora.Reading]:
    return {
        name: corpora.reading(tokenizer, data.questions(folder, "train", name))
        for name in data.QA_TRAIN
    }


def _documents(folder: Path, tokenizer: Any) -> dict[str, corpora.Documents]:
    made = {
        lang: corpora.documents(tokenizer, data.documents(folder, lang, limit))
        for lang, limit in _DOCUMENT_LIMITS.items()
    }
    for name, lang in data.QA_TRAIN.items():
        if lang != "en":
            contexts = dict.fromkeys(q.context for q in data.questions(folder, "train", name))
            made[f"{lang}_{name.partition('_')[2]}"] = corpora.documents(tokenizer, contexts)
    return made


def _translations(folder: Path, tokenizer: Any) -> dict[str, tuple[corpora.Runs, corpora.Runs]]:
    texts = {
        "en-zh tatoeba": data.pairs(folder, "en-zh_tatoeba"),
        "en-zh cedict": [("; ".join(e.glosses[:3]), e.word) for e in data.dictionary(folder)],
        **_health(folder),
        **_news(folder),
        **_glossed(folder),
    }
    return {
        name: (
            corpora.tokenized(tokenizer, [a for a, _ in pairs]),
            corpora.tokenized(tokenizer, [b for _, b in pairs]),
        )
        for name, pairs in texts.items()
    }


def _health(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Pair TICO-19's languages with English, and through English with Chinese."""
    chinese = dict(data.pairs(folder, "en-zh_tico19"))
    texts = {}
    for lang in data.TICO_LANGUAGES:
        english = alike(data.pairs(folder, f"en-{lang}_tico19"))
        texts[f"en-{lang} tico"] = english
        if lang != "zh":
            texts[f"zh-{lang} tico"] = [(chinese[a], b) for a, b in english if a in chinese]
    return texts


def _news(folder: Path) -> dict[str, list[tuple[str, str]]]:
    rows = data.ntrex(folder, held_out=False)
    texts = {}
    for lang in data.NTREX_LANGUAGES[1:]:
        texts[f"en-{lang} ntrex"] = [(row["en"], row[lang]) for row in rows]
        if lang != "zh":
            texts[f"zh-{lang} ntrex"] = [(row["zh"], row[lang]) for row in rows]
    return texts


def _glossed(folder: Path) -> dict[str, list[tuple[str, str]]]:
    chinese = dict.fromkeys(q.context for q in data.questions(folder, "train", "zh_cmrc2018"))
    japanese = dict.fromkeys(q.context for q in data.questions(folder, "train", "ja_jaquad"))
    return {
        "names zh": mining.glossed([*data.documents(folder, "zh"), *chinese], "zh"),
        "names ja": mining.glossed(japanese, "ja"),
        "names ko-latin": mining.glossed(data.documents(folder, "ko"), "ko-latin"),
        "names ko-han": mining.glossed(data.documents(folder, "ko"), "ko-han"),
        "names en": mining.glossed(data.documents(folder, "en"), "en"),
    }


def alike(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Drop pairs that can't be translations: figures disagree, or lengths are far apart.

    Parts of en-fr_tico19 are shifted by some lines, which shows in figures and lengths only.
    """
    ratios = [len(b) / len(a) for a, b in pairs]
    usual = float(np.median(ratios))
    return [
        (a, b)
        for (a, b), ratio in zip(pairs, ratios, strict=True)
        if 0.5 < ratio / usual < 2.0 and _digits(a) == _digits(b)
    ]


def _digits(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", re.sub(r"[.,]", "", text)))
