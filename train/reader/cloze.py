"""Questions made from plain text: a sentence asks for a name or number that another one repeats.

Recurring-span selection (Ram et al. 2021, "Few-Shot Question Answering by Pretraining Span
Selection") with question words in place of the span, as cloze questions have them (Lewis et al.
2019, "Unsupervised Question Answering by Cloze Translation"). The asking sentence is taken out of
the document, so the answer can only be found where the text says it again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import load_encoder
from train import data
from train.reader.examples import LOOK_ALIKES, QUESTION, Ids, Reading, rare
from train.reader.vocabulary import MASK

# Documents read and questions kept, by language.
DOCUMENTS = {"zh": 24_000, "en": 8_000, "ko": 8_000, "de": 4_000}
QUESTIONS = {"zh": 28_000, "en": 9_000, "ko": 8_000, "de": 4_000}
# What asks for a number, and for anything else.
WORDS = {
    "zh": (["多少", "几"], ["什么", "谁", "哪个", "哪里", "哪家公司"]),
    "en": (["how many", "how much", "what number"], ["what", "who", "which", "where"]),
    "ko": (["몇", "얼마"], ["무엇", "누구", "어디", "어느"]),
    "de": (["wie viel", "wie viele"], ["was", "wer", "welche", "wo"]),
}
LONGEST = 6  # tokens of a span
DOCUMENT = 700  # tokens of a document that are read
TELLING = 0.02  # share of documents below which a word says what a text is about
USUAL = 0.15  # share above which it neither begins nor ends a span
SHARED = 2  # such words that the asking and the answering sentence have in common, at least
SHORTEST = 6  # tokens of the asking sentence beside the span
_ENDS = frozenset("。！？!?；")

Span = tuple[int, int]


def read(tokenizer: Any, folder: Path, language: str, rng: np.random.Generator) -> Reading:
    """Make questions from one language's documents."""
    texts = list(data.documents(folder, language, DOCUMENTS[language]))
    rng.shuffle(texts)
    documents = list(_tokens(tokenizer, texts))
    size = tokenizer.get_vocab_size()
    pieces = [tokenizer.id_to_token(i) for i in range(size)]
    seen = np.zeros(size, np.int64)
    for ids in documents:
        seen[np.unique(ids)] += 1
    telling = np.array([len(p) > 1 and p.isalnum() for p in pieces])
    telling &= seen < TELLING * len(documents)
    usual = seen > USUAL * len(documents)
    asking = [
        [tokenizer.encode(word, add_special_tokens=False).ids for word in words]
        for words in WORDS[language]
    ]
    questions: list[Ids] = []
    contexts: list[Ids] = []
    spans: list[Span | None] = []
    asked: list[str] = []
    for number, ids in enumerate(documents):
        made = _made(ids, pieces, telling, usual, asking, rng)
        for question, context, span in islice(made, 2):
            questions.append(question)
            spans.append(span)
            contexts.append(context)
            asked.append(texts[number][:400])
        if len(questions) >= QUESTIONS[language]:
            break
    answers = [c[s[0] : s[1] + 1] for c, s in zip(contexts, spans, strict=True) if s]
    owners = list(range(len(questions)))
    return Reading(
        questions, owners, spans, contexts, _alike(asked), answers, rare(tokenizer, contexts)
    )


def _tokens(tokenizer: Any, texts: Sequence[str]) -> Iterator[Ids]:
    stream = iter(texts)
    while batch := list(islice(stream, 500)):
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            yield np.array(encoding.ids[:DOCUMENT], np.int32)


def _sentences(words: Sequence[str]) -> list[Span]:
    found, start = [], 0
    for i, word in enumerate(words):
        inside = 0 < i < len(words) - 1 and words[i - 1][-1].isdigit() and words[i + 1][0].isdigit()
        if word in _ENDS or (word == "." and not inside):
            found.append((start, i + 1))
            start = i + 1
    if start < len(words):
        found.append((start, len(words)))
    return found


def _made(
    ids: Ids, pieces: Sequence[str], telling: NDArray[np.bool_], usual: NDArray[np.bool_],
    asking: list[list[list[int]]], rng: np.random.Generator,
) -> Iterator[tuple[Ids, Ids, Span]]:  # fmt: skip
    """Yield questions, their contexts and spans within them, at most one a span."""
    words = [pieces[i] for i in ids]
    sentences = _sentences(words)
    owner = np.repeat(np.arange(len(sentences)), [b - a for a, b in sentences])
    found = _recurring(ids, words, telling, usual, owner)
    about = [set(ids[a:b][telling[ids[a:b]]].tolist()) for a, b in sentences]
    for at in rng.permutation(len(found)):
        places = found[at]
        size = places[0][1] - places[0][0] + 1
        span_ids = set(ids[places[0][0] : places[0][1] + 1].tolist())
        best: tuple[int, Span, Span] | None = None
        for asks in places:
            for tells in places:
                i, j = owner[asks[0]], owner[tells[0]]
                shared = len((about[i] & about[j]) - span_ids)
                a, b = sentences[i]
                # Sentences that are copies of each other teach only to match strings.
                copied = shared > 0.8 * max(1, len(about[i] - span_ids)) and b - a > 12
                if i == j or copied or shared < SHARED or b - a - size < SHORTEST:
                    continue
                if best is None or shared > best[0]:
                    best = shared, asks, tells
        if best is None:
            continue
        _, asks, tells = best
        a, b = sentences[owner[asks[0]]]
        kinds = asking[0 if words[asks[0]].isdigit() else 1]
        word = [MASK] if rng.random() < 0.3 else kinds[int(rng.integers(len(kinds)))]
        question = _question(ids[a:b], asks[0] - a, size, word, rng)
        context = np.concatenate([ids[:a], ids[b:]])
        shift = b - a if tells[0] >= b else 0
        yield question, context, (tells[0] - shift, tells[1] - shift)


def _question(
    sentence: Ids, at: int, size: int, word: Sequence[int], rng: np.random.Generator
) -> Ids:
    """Put ``word`` in the span's place; keep what stands near it, less a few words."""
    reach = int(rng.integers(10, 28))
    low, high = max(0, at - reach), min(len(sentence), at + size + reach)
    left, right = sentence[low:at], sentence[at + size : high]
    kept = [side[rng.random(len(side)) > 0.12] for side in (left, right)]
    return np.concatenate([kept[0], np.array(word, np.int32), kept[1]])[:QUESTION].astype(np.int32)


def _recurring(
    ids: Ids, words: Sequence[str], telling: NDArray[np.bool_], usual: NDArray[np.bool_],
    owner: NDArray[np.int64],
) -> list[list[Span]]:  # fmt: skip
    """Return the places of spans that several sentences hold and no longer span covers."""
    tokens = ids.tolist()
    counts = Counter(tokens)
    plain = [word.isalnum() for word in words]
    again = [counts[token] > 1 for token in tokens]
    edge = [a and p and not u for a, p, u in zip(again, plain, usual[ids].tolist(), strict=True)]
    tells = telling[ids].tolist()
    sentence = owner.tolist()
    longest: list[list[Span]] = []
    covered = [False] * len(tokens)
    for size in range(LONGEST, 0, -1):
        places: dict[tuple[int, ...], list[Span]] = defaultdict(list)
        for i in range(len(tokens) - size + 1):
            j = i + size
            if not (edge[i] and edge[j - 1]) or sentence[i] != sentence[j - 1]:
                continue
            if all(again[i:j]) and all(plain[i:j]) and any(tells[i:j]) and not all(covered[i:j]):
                places[tuple(tokens[i:j])].append((i, j - 1))
        for found in places.values():
            if len({sentence[i] for i, _ in found}) > 1 and len(found) < 9:
                longest.append(found)
                for i, j in found:
                    covered[i : j + 1] = [True] * (j + 1 - i)
    return longest


def _alike(texts: Sequence[str], block: int = 4_000) -> NDArray[np.int32]:
    """Return for each document others of its block that resemble it."""
    vectors = load_encoder().encode(list(texts))
    rows = []
    for first in range(0, len(texts), block):
        part = vectors[first : first + block]
        near = part @ part.T
        near[near > 0.98] = -1.0  # itself, and the other question of the same document
        count = min(LOOK_ALIKES, len(part) - 1)
        rows.append(first + np.argpartition(-near, count - 1, axis=1)[:, :count])
    return np.concatenate(rows).astype(np.int32)
