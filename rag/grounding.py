"""Does a text bear a statement: its figures, dates and names, and its words?

Two checks, both without a model to download: the number guard (``rag.verifying``), and whether
the sentences speak of the same things, each word of the statement laid on the nearest of theirs
by the shipped encoder's vectors, where both are in one language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index import detect
from rag.asking import parse
from rag.errors import EmptyQuestion
from rag.matching import Query, TokenEncoder, Words, inside, query, similarity, words
from rag.numbers import find
from rag.verifying import Verdict, verify

# The share of a statement's words that its sentences must hold or mean. `python -m eval guard`
# tells how many true statements pass it, and how many about something else entirely.
NEAR = 0.3
REPAIRS = 8  # sentences tried in place of the ones cited, those nearest first
FAR = "no cited sentence says anything near this"
UNCITED = "no sentence of the text bears this"
_MARKER = re.compile(r"\[\d{1,3}\]")


@dataclass(frozen=True, slots=True)
class Grounded:
    """The sentences (places in the list) a statement rests on, and what speaks against it."""

    numbers: tuple[int, ...]
    objections: tuple[str, ...] = ()


class Grounds:
    """Sentences that statements are checked against."""

    def __init__(self, sentences: Sequence[str], encoder: TokenEncoder) -> None:
        self._sentences = tuple(sentences)
        self._encoder = encoder
        self._kept: dict[int, Words] = {}
        self._queries: dict[str, Query | None] = {}

    def check(self, statement: str, numbers: Sequence[int]) -> Verdict:
        """Check a statement against the sentences with these numbers, counted from 1."""
        quotes = [self._sentences[n - 1] for n in numbers]
        verdict = verify(statement, quotes)
        if self.comparable(statement, quotes) and self.nearness(statement, numbers) < NEAR:
            return Verdict(False, (*verdict.reasons, FAR))
        return verdict

    @staticmethod
    def comparable(statement: str, quotes: Sequence[str]) -> bool:
        """Tell whether one of the quotes is in the statement's language: across two, true pairs
        are no nearer than others by this measure ("Revenue was" to 总营收 .08), so the guard
        decides alone."""
        tongue = detect(statement).partition("-")[0]
        return any(detect(quote).partition("-")[0] == tongue for quote in quotes)

    def ground(self, statement: str, numbers: Sequence[int]) -> Grounded:
        """Keep the sentences cited where they bear the statement, else find those that do.

        Tried in turn: the ones cited; one other sentence; one other beside those cited.
        """
        cited = tuple(numbers)
        verdict = self.check(statement, cited) if cited else Verdict(False, (UNCITED,))
        if verdict.supported:
            return Grounded(cited)
        ranked = self.nearest(statement)
        alone = [n for n in ranked if verify(statement, [self._sentences[n - 1]]).supported]
        others = [*alone[:REPAIRS], *ranked[:REPAIRS]]
        for tried in (*((n,) for n in others), *((*cited, n) for n in others if cited)):
            if len(set(tried)) == len(tried) and self.check(statement, tried).supported:
                return Grounded(tuple(tried))
        return Grounded((), verdict.reasons)

    def nearest(self, statement: str) -> list[int]:
        """Return the numbers of the sentences nearest to a statement, nearest first."""
        every = range(1, len(self._sentences) + 1)
        near = {n: self.nearness(statement, (n,)) for n in every}
        return sorted(every, key=lambda n: -near[n])

    def nearness(self, statement: str, numbers: Sequence[int]) -> float:
        """Return the share of the statement's words that the sentences hold or mean, in [0, 1].

        A statement of nothing but figures has no words to compare, and is near everything.
        """
        asked = self._asked(_MARKER.sub(" ", statement))
        if asked is None:
            return 1.0
        # The guard compares figures, units and all; their words differ between languages.
        figures = inside(asked.words, ((f.start, f.end) for f in find(asked.question.text)))
        weights = np.where(figures, 0.0, asked.weights)
        if not weights.any():
            return 1.0
        if not numbers:
            return 0.0
        met = np.zeros(len(weights), np.float32)
        for number in numbers:
            match = similarity(asked, self._words(number))
            if match.shape[1]:
                met = np.maximum(met, match.max(axis=1))
        return float((weights * met).sum() / weights.sum())

    def _words(self, number: int) -> Words:
        if number not in self._kept:
            self._kept[number] = words(self._encoder, self._sentences[number - 1])
        return self._kept[number]

    def _asked(self, statement: str) -> Query | None:
        if statement not in self._queries:
            try:
                self._queries[statement] = query(self._encoder, parse(statement))
            except EmptyQuestion:
                self._queries[statement] = None
        return self._queries[statement]
