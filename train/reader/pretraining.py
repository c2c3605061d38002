"""Masked-language modelling in eleven languages, and across pairs of them.

A text, or a sentence beside its translation (TLM, Conneau & Lample 2019), loses a share of its
tokens, and the body with its new words learns to put them back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from train import data, sources
from train.reader.model import (
    ReaderModel,
    Words,
    body_parameters,
    encode,
    generator,
    restore,
    save,
    short_floats,
)
from train.reader.vocabulary import CLS, MASK, PAD, SEP, SPECIAL

LENGTH = 128
MASKED = 0.18
CANDIDATES = 5_000  # words a masked token is told from, beside the batch's own masked words
# What a batch is made of, in percent of its rows; documents read from each corpus.
SHARES = {
    "zh": 28.0, "en": 11.0, "ko": 14.0, "de": 5.0, "ja": 2.0,
    "zh_cmrc2018": 7.0, "zh-Hant_drcd": 3.0, "ja_jaquad": 10.0, "es_squad": 3.0, "it_squad": 3.0,
    "ar_arcd": 1.0, "pairs": 13.0,
}  # fmt: skip
DOCUMENTS = {"zh": 9_000, "en": 5_000, "ko": 5_000, "de": 2_500, "ja": 2_000}

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn."""

    steps: int = 1_300
    rows: int = 24
    rate: float = 2e-4
    words_rate: float = 1e-3
    warmup: int = 100


@dataclass(frozen=True, slots=True)
class Pool:
    """Rows of at most ``LENGTH`` tokens: ids, and where the second half of a pair starts."""

    rows: list[Ids]
    seconds: list[int]


def pools(tokenizer: Any, folder: Path) -> dict[str, Pool]:
    """Tokenize the corpora."""
    found = {
        language: _pool(tokenizer, data.documents(folder, language, limit))
        for language, limit in DOCUMENTS.items()
    }
    for name in SHARES:
        if name in data.QA_TRAIN:
            rows = data.questions(folder, "train", name)
            found[name] = _pool(tokenizer, dict.fromkeys(row.context for row in rows))
    found["pairs"] = _pairs(tokenizer, _translations(folder))
    return found


def _pool(tokenizer: Any, texts: Iterable[str]) -> Pool:
    rows: list[Ids] = []
    stream = iter(texts)
    body = LENGTH - 2
    while batch := list(islice(stream, 1_000)):
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            ids = np.array(encoding.ids, np.int64)
            for at in range(0, len(ids), body):
                part = ids[at : at + body]
                if len(part) >= LENGTH // 3:
                    rows.append(np.concatenate([[CLS], part, [SEP]]))
    return Pool(rows, [LENGTH] * len(rows))


def _translations(folder: Path) -> list[tuple[str, str]]:
    texts = data.pairs(folder, "en-zh_tatoeba")[::2]
    for language in data.TICO_LANGUAGES:
        texts += sources.alike(data.pairs(folder, f"en-{language}_tico19"))
    for row in data.ntrex(folder, held_out=False):
        for other in ("zh", "ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar"):
            texts.append((row["en"], row[other]))
            if other != "zh":
                texts.append((row["zh"], row[other]))
    return texts


def _pairs(tokenizer: Any, texts: Sequence[tuple[str, str]]) -> Pool:
    """Join a sentence and its translation, in either order; short pairs share a row."""
    half = LENGTH // 2 - 2
    sides = []
    for side in zip(*texts, strict=True):
        encodings = tokenizer.encode_batch_fast(list(side), add_special_tokens=False)
        sides.append([encoding.ids[:half] for encoding in encodings])
    rows: list[Ids] = []
    seconds: list[int] = []
    for number, (a, b) in enumerate(zip(*sides, strict=True)):
        first, second = (a, b) if number % 2 else (b, a)
        rows.append(np.array([CLS, *first, SEP, *second, SEP], np.int64))
        seconds.append(len(first) + 2)
    return Pool(rows, seconds)


def batches(
    found: dict[str, Pool], rng: np.random.Generator, count: int
) -> Callable[[], tuple[Tensor, Tensor]]:
    """Return a function that draws ids and token types, each (count, at most LENGTH)."""
    names = list(SHARES)
    shares = np.array([SHARES[name] for name in names])
    left = {name: list(rng.permutation(len(found[name].rows))) for name in names}

    def draw() -> tuple[Tensor, Tensor]:
        rows, seconds = [], []
        for pick in rng.choice(len(names), count, p=shares / shares.sum()):
            name = names[pick]
            if not left[name]:
                left[name] = list(rng.permutation(len(found[name].rows)))
            at = left[name].pop()
            rows.append(found[name].rows[at])
            seconds.append(found[name].seconds[at])
        width = max(map(len, rows))
        ids = torch.full((count, width), PAD)
        types = torch.zeros(count, width, dtype=torch.long)
        for i, (row, second) in enumerate(zip(rows, seconds, strict=True)):
            ids[i, : len(row)] = torch.from_numpy(row)
            types[i, second : len(row)] = 1
        return ids, types

    return draw


class Guesser(nn.Module):
    """From a masked token's hidden state to the space of the word embeddings."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.dense = nn.Linear(size, size)
        self.norm = nn.LayerNorm(size)

    def forward(self, hidden: Tensor) -> Tensor:
        out: Tensor = self.norm(nn.functional.gelu(self.dense(hidden)))
        return out


def mask(ids: Tensor, chances: Tensor) -> tuple[Tensor, Tensor]:
    """Hide a share of the tokens: 8 of 10 behind [MASK], 1 behind another word, 1 left."""
    hidden = (torch.rand(ids.shape) < MASKED) & (ids >= len(SPECIAL))
    kind = torch.rand(ids.shape)
    others = torch.multinomial(chances, ids.numel(), replacement=True).reshape(ids.shape)
    shown = torch.where(hidden & (kind < 0.8), MASK, ids)
    return torch.where(hidden & (kind >= 0.9), others, shown), hidden


def pretrain(
    model: ReaderModel, found: dict[str, Pool], work: Path, plan: Plan, seed: int = 1
) -> None:
    """Learn in place; every 200 steps a checkpoint, from which a stopped run goes on."""
    rng = generator(seed)
    draw = batches(found, rng, plan.rows)
    counts = np.bincount(
        np.concatenate([np.concatenate(pool.rows) for pool in found.values()]),
        minlength=model.config.vocab_size,
    )
    counts[: len(SPECIAL)] = 0
    chances = torch.from_numpy((counts + 0.01).astype(np.float32) ** 0.6)
    chances[: len(SPECIAL)] = 0
    guesser = Guesser(model.config.hidden_size)
    words = Words(model.bert.embeddings.word_embeddings.weight.data, plan.words_rate)
    groups = [*body_parameters(model), {"params": list(guesser.parameters())}]
    optimizer = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), fused=True)
    file, first = work / "pretraining.pt", 0
    if file.is_file():
        stored = restore(model, file)
        guesser.load_state_dict(stored["guesser"])
        optimizer.load_state_dict(stored["optimizer"])
        first = stored["step"]
        for _ in range(first):
            draw()
    model.train()
    started, losses = time.monotonic(), []
    for step in range(first, plan.steps):
        scale = min(1.0, (step + 1) / plan.warmup) * max(0.05, 1 - step / plan.steps)
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * scale
        ids, types = draw()
        shown, hidden = mask(ids, chances)
        targets, place = torch.unique(ids[hidden], return_inverse=True)
        drawn = torch.multinomial(chances, CANDIDATES, replacement=False)
        drawn = drawn[~torch.isin(drawn, targets)]
        rows, places, candidates = words.gather(shown, torch.cat([targets, drawn]))
        with short_floats():
            states = encode(model, rows, places, types, (ids != PAD).long())
            guess = guesser(states[hidden])
            loss = nn.functional.cross_entropy((guess @ rows[candidates].T).float(), place)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)
        optimizer.step()
        words.step(scale)
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
        if (step + 1) % 50 == 0:
            speed = (time.monotonic() - started) / (step + 1 - first)
            print(f"pretrain {step + 1}: {np.mean(losses[-50:]):.3f}, {speed:.2f} s", flush=True)
        if (step + 1) % 200 == 0 or step + 1 == plan.steps:
            save(
                model,
                file,
                step=step + 1,
                guesser=guesser.state_dict(),
                optimizer=optimizer.state_dict(),
            )
