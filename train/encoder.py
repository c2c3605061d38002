"""From corpora to the shipped folder, in rounds that each leave their result in a work folder.

1. tokenizer      one unigram model for all languages
2. sources        all texts as tokens
3. anchor         English and Chinese, from the teacher's vectors and a dictionary
4. own            Korean, German, Japanese, each alone, then rotated into the anchor's space
5. joint          all languages together
6. terms          the same, and a glossary and invented questions beside it; where a written
                  encoder is named (``--again``), from that one, without 1 and 3 to 5
7. writing        int8 rows in sentence-transformers format
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding import TOKENIZER_FILE, WEIGHTS_FILE
from train import (
    corpora,
    data,
    evaluating,
    lexicons,
    mapping,
    sources,
    starting,
    tasks,
    tokenizing,
)
from train.learning import Plan, Student, Task, learn
from train.starting import unit
from train.steps import cached
from train.teaching import Floats

DIMENSIONS = 256
OWN = ("ko", "de", "ja")
ANCHOR_PLAN = Plan(steps=600)
OWN_PLAN = Plan(steps=1_200)
JOINT_PLAN = Plan(steps=2_400, rate=8e-3)
TERMS_PLAN = Plan(steps=3_000, rate=3e-3)
# Beside a word's rotated vector, how much the sentences count that it was translated in.
COMPANY = 1.0
# A Latin piece is another language's when English uses it far less: the teacher's vector of a
# German or Spanish word is worse than the company the word keeps.
_FOREIGN = 0.3


def make(folder: Path, out: Path, work: Path, again: Path | None = None) -> None:
    """Run every round that has no result yet, and write the encoder to ``out``.

    ``again`` names a written encoder to go on from; its vocabulary is kept.
    """
    import torch

    torch.set_num_threads(2)
    work.mkdir(parents=True, exist_ok=True)
    tokenizer_file = again / TOKENIZER_FILE if again else tokenizing.make(folder, work)
    tokenizer = corpora.read_tokenizer(tokenizer_file)
    texts = sources.gather(folder, work, tokenizer)
    counts = sources.words(texts, tokenizer) if again else starting.read_counts(work)
    entries = data.dictionary(folder)
    to_en, to_zh = cached(
        work, "lexicons", lambda: lexicons.from_dictionary(tokenizer, entries, counts)
    )
    everything = tasks.everything(texts, to_en, to_zh)

    def joint() -> tuple[Floats, Floats]:
        bilingual = tasks.english_and_chinese(texts, to_en, to_zh)
        apart = _apart(folder, work, tokenizer, texts, bilingual)
        return _trained(apart, everything, JOINT_PLAN, work)

    start = written(again) if again else cached(work, "joint", joint)
    close = _trained(start, [*everything, *tasks.terms(tokenizer, texts)], TERMS_PLAN, work)
    write(close[0] * close[1][:, None], tokenizer_file, out)
    print(f"written to {out}")


def _apart(
    folder: Path, work: Path, tokenizer: Any, texts: sources.Sources, bilingual: list[Task]
) -> tuple[Floats, Floats]:
    """Return what the rounds before the joint one lead to: rows and weights."""
    first = cached(work, "first", lambda: _first_rows(folder, work, tokenizer, texts))
    anchor = cached(work, "anchor", lambda: _trained(first[:2], bilingual, ANCHOR_PLAN, work))
    alone = {
        language: cached(work, f"own-{language}", partial(_alone, language, texts, first))
        for language in OWN
    }
    return _placed(anchor, alone, first[2], texts)


def _first_rows(
    folder: Path, work: Path, tokenizer: Any, texts: sources.Sources
) -> tuple[Floats, Floats, np.ndarray]:
    """Return unit rows, weights, and which rows the teacher or the dictionary gave."""
    import regex

    vocabulary = tokenizer.get_vocab()
    share = starting.frequencies(vocabulary, starting.read_counts(work))
    weights = (starting.SIF / (starting.SIF + share)).astype(np.float32)
    rows, known = starting.known_vectors(vocabulary, data.dictionary(folder), work, DIMENSIONS)
    by_language = sources.shares(texts, len(vocabulary))
    most = np.max(list(by_language.values()), axis=0)
    latin = np.zeros(len(vocabulary), dtype=bool)
    latin[[i for p, i in vocabulary.items() if regex.fullmatch(r"\p{Latin}+", p)]] = True
    known &= ~(latin & (most > 0) & (by_language["en"] < _FOREIGN * most))
    return rows, weights, known


def _trained(
    start: tuple[Floats, Floats], mixture: list[Task], plan: Plan, work: Path
) -> tuple[Floats, Floats]:
    student = Student(*start)

    def report(step: int, losses: dict[str, float]) -> None:
        shown = ", ".join(f"{k} {v:.2f}" for k, v in sorted(losses.items()) if "_" not in k)
        print(f"step {step}: {shown}", flush=True)
        np.save(work / "latest.npy", student.folded())

    learn(student, mixture, plan, report, every=max(plan.steps // 5, 1))
    return student.rows.numpy(), student.log_weights.exp().numpy()


def _alone(
    language: str, texts: sources.Sources, first: tuple[Floats, Floats, np.ndarray]
) -> tuple[Floats, Floats]:
    """Learn one language from random vectors and its own texts."""
    rng = np.random.default_rng(1)
    rows = unit(rng.standard_normal(first[0].shape).astype(np.float32))
    student = Student(rows, first[1])

    def report(step: int, losses: dict[str, float]) -> None:
        print(f"{language} step {step}: {losses}", flush=True)

    mixture = tasks.one_language(texts, language)
    learn(student, mixture, OWN_PLAN, report, every=OWN_PLAN.steps // 2)
    return student.rows.numpy(), student.log_weights.exp().numpy()


def _placed(
    anchor: tuple[Floats, Floats],
    alone: dict[str, tuple[Floats, Floats]],
    known: np.ndarray,
    texts: sources.Sources,
) -> tuple[Floats, Floats]:
    """Give every token outside English and Chinese its place in the anchor's space."""
    rows, weights = anchor[0].copy(), anchor[1].copy()
    shared = rows * weights[:, None]
    usual = float(np.linalg.norm(rows[known], axis=1).mean())
    by_language = sources.shares(texts, len(rows))
    most = np.max(list(by_language.values()), axis=0)
    met = (by_language["zh"] > 0) & (by_language["zh"] == most)
    pairs = [p for name, p in texts.translations.items() if "tatoeba" not in name]
    # Chinese words without an entry were learned in the anchor round; keep them.
    company, _ = starting.by_company(unit(rows), known | met, weights, pairs)
    rows[~(known | met)] = company[~(known | met)] * usual
    for language, (own, own_weights) in alone.items():
        folded = own * own_weights[:, None]
        turn = mapping.rotation(
            folded, shared, _evidence(texts, language), _common(by_language, language, known)
        )
        mine = (by_language[language] == most) & (most > 0) & ~known
        turned = unit(own[mine]) @ turn
        rows[mine] = unit(turned + COMPANY * unit(company[mine])) * usual
        weights[mine] = own_weights[mine]
    return rows, weights


def _evidence(
    texts: sources.Sources, language: str
) -> list[tuple[corpora.Runs, corpora.Runs, float]]:
    pairs = texts.translations
    found = [(*pairs[f"{anchor}-{language} ntrex"], 1.0) for anchor in ("en", "zh")]
    if language == "ko":
        for name, worth in (("names ko-han", 0.15), ("names ko-latin", 0.1)):
            korean, other = pairs[name]
            found.append((other, korean, worth))
    return found


def _common(by_language: dict[str, Floats], language: str, known: np.ndarray) -> np.ndarray:
    """Return the known tokens that a language writes as English or Chinese does, and uses."""
    anchor = by_language["en" if language == "de" else "zh"]
    own = by_language[language]
    return np.flatnonzero(known & (own > 2e-6) & (anchor > 2e-6) & (own > 0.02 * anchor))


def written(folder: Path) -> tuple[Floats, Floats]:
    """Return a written encoder's unit rows and weights."""
    from safetensors.numpy import load_file

    stored = load_file(folder / WEIGHTS_FILE)
    folded = stored["embeddings"].astype(np.float32) * stored["weights"][:, None]
    weights = np.maximum(np.linalg.norm(folded, axis=1), 1e-6).astype(np.float32)
    return folded / weights[:, None], weights


def write(folded: Floats, tokenizer_file: Path, out: Path) -> None:
    """Write a sentence-transformers folder: int8 rows, one scale a row, then a Normalize step."""
    from safetensors.numpy import save_file

    out.mkdir(parents=True, exist_ok=True)
    folded[0] = 0.0  # the unknown token
    scales = np.abs(folded).max(axis=1) / 127.0
    rows = np.round(folded / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    weights_file = out / WEIGHTS_FILE
    save_file({"embeddings": rows, "weights": scales.astype(np.float32)}, weights_file)
    weights_file.chmod(0o644)
    (out / TOKENIZER_FILE).write_bytes(tokenizer_file.read_bytes())
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


def evaluate(encoder: Path | str, folder: Path) -> None:
    """Print the encoder's scores alone, its speed, and its size."""
    import time

    from index.embedding import load_encoder

    started = time.perf_counter()
    opened = load_encoder(encoder)
    print(f"loaded in {time.perf_counter() - started:.2f} s, {opened.dimensions} dimensions")
    for score in evaluating.evaluate(opened.encode, folder):
        print(score)
    speed = evaluating.speed(opened.encode, folder)
    print(f"{speed:,.0f} passages of 250 Chinese characters a second")
