"""Training texts as token ids, in flat arrays that batches are sliced from.

Every task yields two aligned lists of token runs: a text and what it should lie close to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train import data

Ids = NDArray[np.int32]
Places = NDArray[np.int64]
PASSAGE_TOKENS = 200
_CLOZE_DOCUMENTS = {"zh": 66_157, "en": 26_303, "ko": 17_503, "de": 14_128, "ja": 8_000}
_TEXT_CHARS = 3_000


@dataclass(frozen=True, slots=True)
class Runs:
    """Token runs side by side: run ``i`` is ``ids[starts[i]:starts[i + 1]]``."""

    ids: Ids
    starts: Places

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Two sides of aligned texts; equal ``keys`` mark texts that must not repel each other."""

    left: Runs
    right: Runs
    keys: Places

    def __len__(self) -> int:
        return len(self.keys)


Sampler = Callable[[np.random.Generator, int], Batch]


def tokenized(tokenizer: Any, texts: Sequence[str]) -> Runs:
    """Turn texts into runs."""
    chunks: list[Ids] = []
    lengths: list[int] = []
    for at in range(0, len(texts), 4096):
        for encoding in tokenizer.encode_batch_fast(
            list(texts[at : at + 4096]), add_special_tokens=False
        ):
            chunks.append(np.array(encoding.ids, dtype=np.int32))
            lengths.append(len(encoding.ids))
    ids = np.concatenate(chunks) if chunks else np.zeros(0, np.int32)
    return Runs(ids, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))


def slices(ids: Ids, first: Places, last: Places) -> Runs:
    """Gather ``ids[first[i]:last[i]]`` for every i."""
    lengths = np.maximum(last - first, 0)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    index = np.arange(starts[-1]) - np.repeat(starts[:-1] - first, lengths)
    return Runs(ids[index], starts)


def rows(runs: Runs, chosen: Places, most: int = PASSAGE_TOKENS) -> Runs:
    """Gather some runs, cut to ``most`` tokens."""
    first = runs.starts[chosen]
    return slices(runs.ids, first, np.minimum(runs.starts[chosen + 1], first + most))


def translation(left: Runs, right: Runs, keys: Places | None = None) -> Sampler:
    """Sample aligned texts; those of one key don't repel each other (all do without ``keys``)."""
    filled = np.flatnonzero((np.diff(left.starts) > 0) & (np.diff(right.starts) > 0))

    def sample(rng: np.random.Generator, size: int) -> Batch:
        chosen = rng.choice(filled, min(size, len(filled)), replace=False)
        own = np.arange(len(chosen)) if keys is None else keys[chosen]
        return Batch(rows(left, chosen), rows(right, chosen), own)

    return sample


def mixture(languages: Sequence[Runs]) -> Sampler:
    """Sample rows of a many-language corpus, each side of each row in a language of its own.

    Negatives of many languages keep texts from gathering by language instead of by meaning.
    """
    size = len(languages[0])
    joined = Runs(
        np.concatenate([runs.ids for runs in languages]),
        np.concatenate([[0], np.cumsum(np.concatenate([np.diff(r.starts) for r in languages]))]),
    )

    def sample(rng: np.random.Generator, most: int) -> Batch:
        chosen = rng.permutation(size)[:most]
        left = rng.integers(0, len(languages), len(chosen))
        right = (left + rng.integers(1, len(languages), len(chosen))) % len(languages)
        a, b = rows(joined, left * size + chosen), rows(joined, right * size + chosen)
        good = np.flatnonzero((np.diff(a.starts) > 0) & (np.diff(b.starts) > 0))
        return Batch(rows(a, good), rows(b, good), chosen[good])

    return sample


@dataclass(slots=True)
class Documents:
    """Sentences of documents in order; ``owner`` says which document a sentence is of."""

    runs: Runs
    owner: Places
    first: Places = field(init=False)
    last: Places = field(init=False)

    def __post_init__(self) -> None:
        count = int(self.owner[-1]) + 1 if len(self.owner) else 0
        self.first = np.searchsorted(self.owner, np.arange(count), side="left")
        self.last = np.searchsorted(self.owner, np.arange(count), side="right")


def documents(tokenizer: Any, texts: Iterable[str]) -> Documents:
    """Cut texts into sentences and tokenize them."""
    pieces: list[str] = []
    owner: list[int] = []
    for number, text in enumerate(texts):
        cut = data.sentences(text[:_TEXT_CHARS])
        pieces += cut
        owner += [number] * len(cut)
    return Documents(tokenized(tokenizer, pieces), np.array(owner, dtype=np.int64))


def cloze(docs: Documents, included: float = 0.1) -> Sampler:
    """Sample a sentence and its neighbours without it (inverse cloze, Lee et al. 2019).

    One sentence a document and batch, so that no negative is the sentence's own neighbourhood.
    A share of the passages, ``included``, keeps the sentence: the same word is evidence too.
    """
    lengths = np.diff(docs.runs.starts)
    usable = np.flatnonzero(docs.last - docs.first >= 3)

    def sample(rng: np.random.Generator, size: int) -> Batch:
        chosen = rng.choice(usable, min(size, len(usable)), replace=False)
        first, last = docs.first[chosen], docs.last[chosen]
        middle = rng.integers(first, last)
        before = np.maximum(middle - rng.integers(1, 4, len(middle)), first)
        after = np.minimum(middle + 1 + rng.integers(1, 4, len(middle)), last)
        starts = docs.runs.starts
        kept = rng.random(len(middle)) < included
        left_end = np.where(kept, starts[middle + 1], starts[middle])
        bounds = np.stack([starts[before], starts[middle + 1]], 1).reshape(-1)
        ends = np.stack([left_end, starts[after]], 1).reshape(-1)
        parts = slices(docs.runs.ids, bounds, np.minimum(ends, bounds + PASSAGE_TOKENS))
        passage = Runs(parts.ids, parts.starts[::2])
        sentence = slices(
            docs.runs.ids, starts[middle], np.minimum(starts[middle + 1], starts[middle] + 64)
        )
        good = np.flatnonzero((lengths[middle] >= 4) & (np.diff(passage.starts) >= 8))
        return Batch(rows(sentence, good), rows(passage, good), np.arange(len(good)))

    return sample


def thinned(sampler: Sampler, keep: tuple[float, float], *, both: bool = False) -> Sampler:
    """Drop a random share of the left side's tokens (of both): fewer words must do."""

    def sample(rng: np.random.Generator, size: int) -> Batch:
        batch = sampler(rng, size)
        right = _thin(batch.right, keep, rng) if both else batch.right
        return Batch(_thin(batch.left, keep, rng), right, batch.keys)

    return sample


def _thin(texts: Runs, keep: tuple[float, float], rng: np.random.Generator) -> Runs:
    """Keep each text's first token and, of the others, a share drawn for each text."""
    share = np.repeat(rng.uniform(*keep, len(texts)), np.diff(texts.starts))
    kept = rng.random(len(texts.ids)) < share
    kept[texts.starts[:-1]] = True
    counts = np.add.reduceat(kept, texts.starts[:-1])
    return Runs(texts.ids[kept], np.concatenate(([0], np.cumsum(counts))))


@dataclass(frozen=True, slots=True)
class Reading:
    """Questions with the sentence that answers each, among its context's sentences."""

    questions: Runs
    contexts: Documents
    sentence: Places


def reading(tokenizer: Any, asked: Sequence[data.Question]) -> Reading:
    """Find each answer's sentence; questions whose answer has no place are left out."""
    number: dict[str, int] = {}
    spans: list[list[tuple[int, int]]] = []
    pieces: list[str] = []
    owner: list[int] = []
    first: list[int] = []
    questions: list[str] = []
    target: list[int] = []
    for row in asked:
        if row.start < 0 or not row.answers:
            continue
        if row.context not in number:
            number[row.context] = len(number)
            first.append(len(pieces))
            cut = _spans(row.context)
            spans.append(cut)
            pieces += [row.context[a:b] for a, b in cut]
            owner += [number[row.context]] * len(cut)
        of = number[row.context]
        inside = [i for i, (a, b) in enumerate(spans[of]) if a <= row.start < b]
        if inside:
            questions.append(row.question)
            target.append(first[of] + inside[0])
    docs = Documents(tokenized(tokenizer, pieces), np.array(owner, dtype=np.int64))
    return Reading(tokenized(tokenizer, questions), docs, np.array(target, dtype=np.int64))


def _spans(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for sentence in data.sentences(text, min_chars=1):
        start = text.index(sentence, at)
        at = start + len(sentence)
        found.append((start, at))
    return found


def question_to_passage(of: Reading) -> Sampler:
    """Sample questions of distinct contexts, each with a window of sentences around its answer."""
    owner = of.contexts.owner[of.sentence]

    def sample(rng: np.random.Generator, size: int) -> Batch:
        order = rng.permutation(len(of.sentence))
        _, distinct = np.unique(owner[order], return_index=True)
        chosen = order[distinct]
        chosen = rng.permutation(chosen)[:size]
        return _windows(of, chosen, rng, owner[chosen], whole=0.6)

    return sample


def question_to_sentence(of: Reading) -> Sampler:
    """Sample all questions of some contexts: sentences of one context repel each other."""
    owner = of.contexts.owner[of.sentence]

    def sample(rng: np.random.Generator, size: int) -> Batch:
        rank = rng.permutation(int(owner.max()) + 1)
        order = np.lexsort((rng.random(len(owner)), rank[owner]))
        chosen = order[:size]
        return _windows(of, chosen, rng, of.sentence[chosen], whole=0.0)

    return sample


def _windows(
    of: Reading, chosen: Places, rng: np.random.Generator, keys: Places, whole: float
) -> Batch:
    target = of.sentence[chosen]
    docs = of.contexts
    owner = docs.owner[target]
    wide = np.where(rng.random(len(chosen)) < whole, 1000, rng.integers(0, 3, len(chosen)))
    if not whole:
        wide = np.zeros(len(chosen), dtype=np.int64)
    first = np.maximum(target - wide, docs.first[owner])
    last = np.minimum(target + 1 + wide, docs.last[owner])
    starts = docs.runs.starts
    # A long passage is cut around the answer's sentence, not after the beginning.
    begin = np.maximum(starts[first], starts[target + 1] - PASSAGE_TOKENS)
    begin = np.minimum(begin, starts[target])
    end = np.minimum(starts[last], begin + 2 * PASSAGE_TOKENS)
    return Batch(rows(of.questions, chosen), slices(docs.runs.ids, begin, end), keys)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Alternatives of single tokens: token → some runs of another language's tokens."""

    first: Places
    count: Places
    runs: Runs

    def switch(self, texts: Runs, share: float, rng: np.random.Generator) -> Runs:
        """Replace a share of the tokens that have alternatives by one of these."""
        count = self.count[texts.ids]
        picked = (count > 0) & (rng.random(len(texts.ids)) < share)
        choice = self.first[texts.ids] + (rng.random(len(texts.ids)) * count).astype(np.int64)
        choice = np.where(picked, choice, 0)
        own = np.arange(len(texts.ids)) + len(self.runs.ids)
        first = np.where(picked, self.runs.starts[choice], own)
        last = np.where(picked, self.runs.starts[choice + 1], own + 1)
        switched = slices(np.concatenate([self.runs.ids, texts.ids]), first, last)
        return Runs(switched.ids, switched.starts[texts.starts])


def lexicon(size: int, alternatives: dict[int, list[list[int]]]) -> Lexicon:
    """Pack token → alternatives into arrays."""
    first, count = np.zeros(size, np.int64), np.zeros(size, np.int64)
    flat: list[list[int]] = []
    for token, runs in alternatives.items():
        first[token], count[token] = len(flat), len(runs)
        flat += runs
    lengths = [len(run) for run in flat] or [0]
    ids = np.array([i for run in flat for i in run], dtype=np.int32)
    return Lexicon(first, count, Runs(ids, np.concatenate(([0], np.cumsum(lengths)))))


def switched(
    sampler: Sampler, lex: Lexicon, shares: tuple[float, float], *, left: bool = True
) -> Sampler:
    """Replace words on one side by their translations, a random share within ``shares``."""

    def sample(rng: np.random.Generator, size: int) -> Batch:
        batch = sampler(rng, size)
        share = rng.uniform(*shares)
        if left:
            return Batch(lex.switch(batch.left, share, rng), batch.right, batch.keys)
        return Batch(batch.left, lex.switch(batch.right, share, rng), batch.keys)

    return sample


def read_tokenizer(path: Path) -> Any:
    """Open a tokenizer file."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))
