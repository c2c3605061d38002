"""Terms in eleven languages, and invented questions with what answers them, as aligned texts.

Translated sentences and dictionaries leave gaps where this product is asked most: "receita" and
营收 had nothing to do with each other. ``rag/glossary/`` lists what reports and news are about, all
written for this: a row is a concept, a cell its words and their forms in one language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.concepts import Concept
from train import corpora
from train.corpora import Batch, Places, Runs, Sampler

LANGUAGES = ("zh", "en", "ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar")
# How often one side of a pair is Chinese or English; the other languages share the rest.
CHINESE, ENGLISH = 0.3, 0.2
PAIRS = 60_000  # invented questions with their statements


@dataclass(frozen=True, slots=True)
class Glossary:
    """Forms as tokens: those of concept ``c`` in language ``l`` are the runs from
    ``first[c, l]``, ``count[c, l]`` of them. Concepts of one ``key`` share a Chinese word."""

    runs: Runs
    first: Places
    count: Places
    keys: Places


def glossary(tokenizer: Any, rows: Sequence[Concept]) -> Glossary:
    """Tokenize concepts."""
    forms: list[str] = []
    first = np.zeros((len(rows), len(LANGUAGES)), np.int64)
    count = np.zeros_like(first)
    keys = np.arange(len(rows))
    holders: dict[str, int] = {}
    for c, row in enumerate(rows):
        for place, language in enumerate(LANGUAGES):
            first[c, place], count[c, place] = len(forms), len(row[language])
            forms += row[language]
        for word in row["zh"]:
            other = holders.setdefault(word, c)
            keys[keys == keys[c]] = keys[other]
    return Glossary(corpora.tokenized(tokenizer, forms), first, count, keys)


def translated(of: Glossary) -> Sampler:
    """Sample concepts, each side one of its forms, in two languages or twice in one."""
    others = (1 - CHINESE - ENGLISH) / (len(LANGUAGES) - 2)
    chances = np.array([CHINESE, ENGLISH, *[others] * (len(LANGUAGES) - 2)])

    def sample(rng: np.random.Generator, size: int) -> Batch:
        chosen = rng.permutation(len(of.keys))[:size]
        sides = []
        for _ in range(2):
            language = rng.choice(len(LANGUAGES), len(chosen), p=chances)
            which = (rng.random(len(chosen)) * of.count[chosen, language]).astype(np.int64)
            sides.append(of.first[chosen, language] + which)
        left, right = (corpora.rows(of.runs, side) for side in sides)
        good = np.flatnonzero(
            (np.diff(left.starts) > 0) & (np.diff(right.starts) > 0) & (sides[0] != sides[1])
        )
        return Batch(corpora.rows(left, good), corpora.rows(right, good), of.keys[chosen[good]])

    return sample


def answered(tokenizer: Any, rng: np.random.Generator) -> Sampler:
    """Sample invented questions and the statements that answer them; those of one relation
    don't repel each other."""
    from train.reader import inventing

    made = inventing.pairs(PAIRS, rng)
    questions, statements = (
        corpora.tokenized(tokenizer, [getattr(one, side) for one in made])
        for side in ("question", "statement")
    )
    return corpora.translation(questions, statements, np.array([one.relation for one in made]))
