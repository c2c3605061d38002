"""First vectors: the teacher's for English words, their glosses' for Chinese, the rest by company.

A word no dictionary knows starts as the mean of the known sides of the translated sentences
it occurs in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from train import corpora, data, folding, teaching
from train.teaching import Floats

# Weight of a token is A / (A + p), its probability p taken from the balanced counts
# (Arora et al. 2017).
SIF = 1e-4


def frequencies(vocabulary: dict[str, int], counts: dict[str, int]) -> Floats:
    """Return each token's share of the balanced counts; rare and made-up pieces get a floor."""
    share = np.full(len(vocabulary), 1.0, dtype=np.float32)
    for piece, i in vocabulary.items():
        share[i] = max(counts.get(piece, 1), 1)
    share /= share.sum()
    return share


def known_vectors(
    vocabulary: dict[str, int], entries: Sequence[data.Entry], work: Path, dimensions: int
) -> tuple[Floats, np.ndarray]:
    """Return rows for English and dictionary words, and which rows these are."""
    import regex

    latin = sorted(p for p in vocabulary if regex.fullmatch(r"\p{Latin}+", p) and len(p) > 1)
    glosses = glosses_of(vocabulary, entries)
    words = sorted(glosses)
    english = teaching.encode(latin, work)
    chinese = teaching.encode(["; ".join(glosses[w])[:120] for w in words], work)
    axes = teaching.principal_axes(english, dimensions)
    rows = np.zeros((len(vocabulary), dimensions), dtype=np.float32)
    known = np.zeros(len(vocabulary), dtype=bool)
    for pieces, vectors in ((latin, english), (words, chinese)):
        ids = [vocabulary[p] for p in pieces]
        rows[ids] = unit((vectors - english.mean(axis=0)) @ axes)
        known[ids] = True
    return rows, known


def glosses_of(
    vocabulary: dict[str, int], entries: Sequence[data.Entry]
) -> dict[str, tuple[str, ...]]:
    """Return the glosses of the dictionary words that are pieces."""
    fold = {ord(a): b for a, b in folding.table().items() if len(a) == 1}
    found: dict[str, dict[str, None]] = {}
    for entry in entries:
        word = entry.word.translate(fold)
        if word in vocabulary and not word.isascii():
            found.setdefault(word, {}).update(dict.fromkeys(entry.glosses))
    return {word: tuple(glosses) for word, glosses in found.items()}


def by_company(
    rows: Floats,
    known: np.ndarray,
    weights: Floats,
    texts: Sequence[tuple[corpora.Runs, corpora.Runs]],
) -> tuple[Floats, np.ndarray]:
    """Give unknown tokens of the second texts the mean of the known tokens' of the first."""
    total = np.zeros_like(rows)
    seen = np.zeros(len(rows), dtype=np.float32)
    scaled = rows * (weights * known)[:, None]
    for source, target in texts:
        means = unit(text_sums(source, scaled))
        owner = np.repeat(np.arange(len(target)), np.diff(target.starts))
        token = target.ids
        new = ~known[token]
        np.add.at(total, token[new], means[owner[new]])
        np.add.at(seen, token[new], 1.0)
    reached = seen > 0
    centre = total.sum(axis=0) / max(seen.sum(), 1.0)
    out = rows.copy()
    out[reached] = unit(total[reached] / seen[reached, None] - centre)
    return out, known | reached


def text_sums(texts: corpora.Runs, scaled: Floats) -> Floats:
    """Return the sum of each text's folded rows."""
    import torch

    bag = torch.nn.functional.embedding_bag(
        torch.from_numpy(texts.ids.astype(np.int64)),
        torch.from_numpy(scaled),
        torch.from_numpy(texts.starts[:-1]),
        mode="sum",
    )
    sums: Floats = bag.numpy()
    return sums


def unit(vectors: Floats) -> Floats:
    """Scale rows to length one; zero rows stay zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(norms, 1e-9)).astype(np.float32)
    return scaled


def read_counts(work: Path) -> dict[str, int]:
    """Read the balanced word counts that the tokenizer was learned from."""
    counts: dict[str, int] = json.loads((work / "counts.json").read_text(encoding="utf-8"))
    return counts
