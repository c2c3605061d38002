"""From corpora to the shipped folder: tokenizer, first vectors, training, int8 rows.

Each step leaves its result in the work folder and is skipped when that is there already.
"""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from train import corpora, data, lexicons, mining, starting, teaching, tokenizing
from train.teaching import Floats

T = TypeVar("T")
PIECES = 92_000
DIMENSIONS = 256
SHIPPED_FILES = ("tokenizer.json", "model.safetensors", "modules.json")


@dataclass(frozen=True, slots=True)
class Sources:
    """All training texts as tokens."""

    translations: dict[str, tuple[corpora.Runs, corpora.Runs]]
    readings: dict[str, corpora.Reading]
    documents: dict[str, corpora.Documents]


def cached(work: Path, name: str, make: Callable[[], T]) -> T:
    """Return a step's stored result, or make and store it, saying how long it took."""
    file = work / f"{name}.pickle"
    if file.is_file():
        stored: T = pickle.loads(file.read_bytes())
        return stored
    started = time.monotonic()
    made = make()
    file.write_bytes(pickle.dumps(made, protocol=5))
    print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    return made


def gather(folder: Path, work: Path, tokenizer: Any) -> Sources:
    """Tokenize every corpus."""
    return Sources(
        cached(work, "translations", lambda: _translations(folder, tokenizer)),
        cached(
            work,
            "readings",
            lambda: {
                name: corpora.reading(tokenizer, data.questions(folder, "train", name))
                for name in data.QA_TRAIN
            },
        ),
        cached(work, "documents", lambda: _documents(folder, tokenizer)),
    )


def _documents(folder: Path, tokenizer: Any) -> dict[str, corpora.Documents]:
    limits = {"zh": None, "en": None, "ko": None, "de": None, "ja": 8_000}
    made = {
        lang: corpora.documents(tokenizer, data.documents(folder, lang, limit))
        for lang, limit in limits.items()
    }
    for name, lang in data.QA_TRAIN.items():
        if lang not in {"en", "zh"}:
            contexts = dict.fromkeys(q.context for q in data.questions(folder, "train", name))
            made[name] = corpora.documents(tokenizer, contexts)
    return made


def _translations(folder: Path, tokenizer: Any) -> dict[str, tuple[corpora.Runs, corpora.Runs]]:
    texts: dict[str, list[tuple[str, str]]] = {
        "en-zh tatoeba": data.pairs(folder, "en-zh_tatoeba"),
        "en-zh cedict": [
            ("; ".join(e.glosses[:3]), e.word) for e in data.dictionary(folder) if e.glosses
        ],
    }
    for lang in data.TICO_LANGUAGES:
        texts[f"en-{lang} tico"] = alike(data.pairs(folder, f"en-{lang}_tico19"))
    rows = data.ntrex(folder, held_out=False)
    for lang in data.NTREX_LANGUAGES[1:]:
        texts[f"en-{lang} ntrex"] = [(row["en"], row[lang]) for row in rows]
        if lang != "zh":
            texts[f"zh-{lang} ntrex"] = [(row["zh"], row[lang]) for row in rows]
    bridge = {en: zh for en, zh in data.pairs(folder, "en-zh_tico19")}
    for lang in data.TICO_LANGUAGES[1:]:
        english = alike(data.pairs(folder, f"en-{lang}_tico19"))
        texts[f"zh-{lang} tico"] = [(bridge[en], other) for en, other in english if en in bridge]
    texts |= _glossed(folder)
    return {
        name: (
            corpora.tokenized(tokenizer, [a for a, _ in pairs]),
            corpora.tokenized(tokenizer, [b for _, b in pairs]),
        )
        for name, pairs in texts.items()
    }


def _glossed(folder: Path) -> dict[str, list[tuple[str, str]]]:
    chinese = [q.context for q in data.questions(folder, "train", "zh_cmrc2018")]
    japanese = {q.context for q in data.questions(folder, "train", "ja_jaquad")}
    return {
        "names zh": mining.glossed([*data.documents(folder, "zh"), *dict.fromkeys(chinese)], "zh"),
        "names ja": mining.glossed(sorted(japanese), "ja"),
        "names ko-latin": mining.glossed(data.documents(folder, "ko"), "ko-latin"),
        "names ko-han": mining.glossed(data.documents(folder, "ko"), "ko-han"),
        "names en": mining.glossed(data.documents(folder, "en"), "en"),
    }


def alike(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Drop pairs that can't be translations: figures disagree, or lengths are far apart.

    Parts of en-fr_tico19 are shifted by some lines; there only figures and lengths show it.
    """
    ratios = [len(b) / len(a) for a, b in pairs]
    usual = float(np.median(ratios))
    return [
        (a, b)
        for (a, b), ratio in zip(pairs, ratios, strict=True)
        if 0.5 < ratio / usual < 2.0 and _digits(a) == _digits(b)
    ]


def _digits(text: str) -> list[str]:
    import re

    return sorted(re.findall(r"\d+", text.replace(",", "").replace(".", "")))


def first_rows(folder: Path, work: Path, tokenizer: Any, sources: Sources) -> tuple[Floats, Floats]:
    """Return starting rows (unit length) and weights for every token."""
    vocabulary = tokenizer.get_vocab()
    share = starting.frequencies(vocabulary, starting.read_counts(work))
    weights = (starting.SIF / (starting.SIF + share)).astype(np.float32)
    rows, known = starting.known_vectors(vocabulary, data.dictionary(folder), work, DIMENSIONS)
    print(f"{known.sum():,} tokens from the teacher", flush=True)
    pairs = [p for name, p in sources.translations.items() if "tatoeba" not in name]
    rows, known = starting.by_company(rows, known, weights, pairs)
    print(f"{known.sum():,} with parallel texts", flush=True)
    own = [(d.runs, d.runs) for d in sources.documents.values()]
    rows, known = starting.by_company(rows, known, weights, own)
    print(f"{known.sum():,} with their own language's texts", flush=True)
    rng = np.random.default_rng(7)
    rows[~known] = starting.unit(rng.standard_normal((int((~known).sum()), DIMENSIONS))) * 0.3
    return rows, weights


def bridges(folder: Path, work: Path, tokenizer: Any) -> tuple[corpora.Lexicon, corpora.Lexicon]:
    """Return the dictionary's Chinese → English and English → Chinese alternatives."""
    counts = starting.read_counts(work)
    return cached(
        work,
        "lexicons",
        lambda: lexicons.from_dictionary(tokenizer, data.dictionary(folder), counts),
    )


def write(folded: Floats, tokenizer_file: Path, out: Path) -> None:
    """Write a sentence-transformers folder: int8 rows, one scale a row, then a Normalize step."""
    from safetensors.numpy import save_file

    out.mkdir(parents=True, exist_ok=True)
    scales = np.abs(folded).max(axis=1) / 127.0
    rows = np.round(folded / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    save_file({"embeddings": rows, "weights": scales.astype(np.float32)}, out / "model.safetensors")
    (out / "tokenizer.json").write_bytes(tokenizer_file.read_bytes())
    package = "sentence_transformers.sentence_transformer.modules"
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": f"{package}.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{package}.Normalize"},
    ]
    _write_json(out / "modules.json", modules)
    _write_json(out / "config_sentence_transformers.json", {"similarity_fn_name": "cosine"})
    (out / "1_Normalize").mkdir(exist_ok=True)
    _write_json(out / "1_Normalize" / "config.json", {})


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def make_tokenizer(folder: Path, work: Path) -> Any:
    """Learn the tokenizer if it is not there, and open it."""
    work.mkdir(parents=True, exist_ok=True)
    return corpora.read_tokenizer(tokenizing.make(folder, work, PIECES))


__all__ = ["Sources", "bridges", "first_rows", "gather", "make_tokenizer", "teaching", "write"]
