"""Training examples: a question, a window of a passage, and where the answer stands, if at all.

Besides the published questions as they are: windows of the same passage without the answer and
passages that look alike but don't hold it; questions that name another thing than the passage does
(advertising for livestreaming), or both another one; questions or passages switched word by word
into another language; and statements whose translation has to be found among its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from index import load_encoder
from index.embedding import SHIPPED, TOKENIZER_FILE, WEIGHTS_FILE
from rag.concepts import glossary, themes
from train import data, tokenizing
from train.reader.vocabulary import CLS, MASK, PAD, SEP

Ids = NDArray[np.int32]
Document = list[tuple[Ids, list[Ids]]]  # sentences, each with its translations
Named = tuple[int, int, list[int]]  # first token, the one after the last, rows of the glossary
WINDOW = 192  # tokens of question and passage together, at most
SHORTEST = 72
QUESTION = 64
# Rows of a batch by origin, in percent.
SHARES = {
    "zh_cmrc2018": 33.0, "zh-Hant_drcd": 8.0, "ja_jaquad": 16.0, "en_qamr": 20.0, "en_tatqa": 0.7,
    "es_squad": 5.0, "it_squad": 4.5, "ar_arcd": 1.3, "parallel": 14.0,
    "zh_invented": 20.0, "en_invented": 8.0,
}  # fmt: skip
# Rows made from plain text, in percent beside them; fewer and fewer, none from ``CLOZE_ENDS`` of
# the way on: the end is for questions that people asked.
CLOZE = {"zh_cloze": 45.0, "en_cloze": 14.0, "ko_cloze": 16.0, "de_cloze": 5.0}
CLOZE_ENDS = 0.7
LOOK_ALIKES = 8
LIKELIEST = 6  # of them can stand against the right passage in a duel
RIVALS = 3  # stand against it at a time
SIDES = 1 + RIVALS  # rows of a duel
ASKED = 0.6  # share of the translated statements that ask for one of their words
ALIGNED = 0.5  # cosine from which two words of a sentence and its translation are each other's
LONGEST_TERM = 6  # tokens of a word that the glossary is asked for
FREQUENT = 400  # words of the encoder that say too little to be asked for
# What asks for a number, and for anything else, by the script of the rest.
_ASKING = {
    "han": (("多少", "几"), ("什么", "谁", "哪个", "哪里")),
    "kana": (("いくつ", "何"), ("何", "誰", "どこ")),
    "hangul": (("몇",), ("무엇", "누구", "어디")),
    "cyrillic": (("сколько",), ("что", "кто", "где")),
    "arabic": (("كم",), ("ما", "من", "أين")),
    "latin": (
        ("how many", "how much", "what number", "cuántos", "combien", "wie viele", "quanto"),
        ("what", "who", "which", "where", "qué", "quién", "quoi", "qui", "was", "wer", "o que"),
    ),
}
_SCRIPTS = (
    ("kana", "\u3040", "\u30ff"), ("hangul", "\uac00", "\ud7a3"), ("cyrillic", "\u0400", "\u04ff"),
    ("arabic", "\u0600", "\u06ff"), ("han", "\u4e00", "\u9fff"),
)  # fmt: skip
CLOSE = 0.45  # cosine from which the encoder's words count as translations of each other
# Into which language a row is switched word by word, by the language of its set (CoSDA-ML, Qin et
# al. 2020). Japanese goes into Korean more often: word order and particles are alike.
INTO = {
    "en": {"zh": 0.42, "ko": 0.14, "es": 0.08, "fr": 0.08, "de": 0.08, "it": 0.05, "pt": 0.05,
           "ru": 0.05, "ar": 0.05},
    "ja": {"ko": 0.5, "en": 0.3, "es": 0.04, "fr": 0.04, "de": 0.04, "ru": 0.04, "ar": 0.04},
    "": {"en": 0.42, "ko": 0.2, "ja": 0.05, "es": 0.06, "fr": 0.06, "de": 0.06, "it": 0.04,
         "pt": 0.03, "ru": 0.04, "ar": 0.04},
}  # fmt: skip
# What of it is switched: the question, the passage; else both, as if the row were foreign.
QUESTION_ALONE, PASSAGE_ALONE = 0.5, 0.2
_BY_SCRIPT = {"zh": "han", "ja": "kana", "ko": "hangul", "ru": "cyrillic", "ar": "arabic"}
# The little words between, which no vector tells: Japanese ones in Korean, and who asks for what.
_LITTLE = {
    "ja": "の/의 が/가 は/는 を/를 に/에 で/에서 と/과 も/도 へ/로 から/부터 まで/까지 した/했다"
    " である/이다 です/입니다 この/이 その/그 何/무엇 誰/누구 いつ/언제 どこ/어디 なぜ/왜 どの/어느"
    " いくつ/몇 年/년 月/월 日/일 人/명",
    "zh": "的/의 在/에서 和/과 与/와 是/는 什么/무엇 谁/누구 哪里/어디 几/몇 多少/얼마 为什么/왜"
    " 哪个/어느 年/년 月/월 日/일 人/명",
}
_CLOSE_IN = {"ko": 0.4, "de": 0.4}  # languages with few translations, whose vectors lie wider
_OWN = 4.0  # times more frequent than in English: then a Latin word is a language's own
_COUNTED = 12_000  # texts of a language that are counted for it
# Which concepts of the glossary take each other's place: rows of one file that stand near each
# other are of one kind, such as lines of business or posts; but not the files of words that ask,
# or that only repeat others.
_SWAPPED = frozenset(
    {
        "finance", "geography", "industry", "internet", "media", "people", "public", "reports",
        "science", "trade",
    }
)  # fmt: skip
NEAR_ROWS = 30
LETTERS_END = "\u1100"  # scripts from here on write syllables or words
ALIKE = 0.55  # cosine from which two concepts may mean the same
NEAR_ANSWER = 30  # tokens from the answer to the concept that is swapped, at most
FORMS = 2  # of a concept that are put in: the first ones say it plainly
BOTH = 0.5  # of the swapped rows, swapped in question and passage: these stay answerable
_NEWS = ("zh", "ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar")


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the rows: by origin in percent, and by what is done to them."""

    shares: dict[str, float] = field(default_factory=lambda: dict(SHARES))
    cloze: dict[str, float] = field(default_factory=lambda: dict(CLOZE))
    elsewhere: float = 0.13  # show a look-alike passage that doesn't hold the answer
    beside: float = 0.13  # show another window of the right passage
    altered: float = 0.08  # ask about another number or name than the passage speaks of
    swapped: float = 0.0  # name another concept in the question, the passage or both
    # Duels in every batch, each of SIDES rows, and the sets they come from, by share.
    duels: int = 0
    duelling: dict[str, float] = field(default_factory=dict)
    switched: float = 0.35  # have question or passage put into another language word by word


@dataclass(frozen=True, slots=True)
class Reading:
    """One set, tokenized: questions, contexts, and answer spans in tokens, end included."""

    questions: list[Ids]
    owners: list[int]
    spans: list[tuple[int, int] | None]
    contexts: list[Ids]
    alike: NDArray[np.int32]
    answers: list[Ids]
    rare: frozenset[int]


@dataclass(frozen=True, slots=True)
class Example:
    """Ids of a question and of a window; ``first`` and ``last`` are passage tokens, or -1."""

    question: Ids
    passage: Ids
    first: int
    last: int

    def __len__(self) -> int:
        return len(self.question) + len(self.passage) + 3


Duel = tuple[Example, ...]  # the first has an answer, the RIVALS others none


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``counterparts`` has for each language each token's nearest one in it, 0 where none is near.
    ``concepts`` has for the tokens of a glossary's words the numbers of their rows, ``wordings``
    for each row and language the tokens of its words, ``siblings`` for each row those of its kind
    that mean something else.
    ``meanings`` (tokens, 256) are unit vectors of words and numbers worth asking for, 0 of others;
    ``asking`` the question words of ``_ASKING`` as ids.
    """

    counterparts: dict[str, Ids]
    concepts: dict[tuple[int, ...], list[int]]
    wordings: list[dict[str, list[Ids]]]
    siblings: list[list[int]]
    meanings: NDArray[np.float32]
    asking: dict[str, tuple[list[list[int]], list[list[int]]]]

    def languages(self, ids: Ids, row: int) -> list[str]:
        """Return the languages in which these tokens are a wording of a row."""
        return [
            language for language, forms in self.wordings[row].items()
            if any(np.array_equal(ids, form) for form in forms)
        ]  # fmt: skip


def read(tokenizer: Any, folder: Path, name: str) -> Reading:
    """Tokenize one set; a question whose answer can't be placed is left out."""
    rows = data.questions(folder, "train", name)
    texts = list(dict.fromkeys(row.context for row in rows))
    places = {text: i for i, text in enumerate(texts)}
    contexts = tokenizer.encode_batch(texts, add_special_tokens=False)
    asked = tokenizer.encode_batch([row.question for row in rows], add_special_tokens=False)
    questions, owners, spans, answers = [], [], [], []
    kept: list[str] = []
    for row, encoding in zip(rows, asked, strict=True):
        owner = places[row.context]
        span = None
        if row.answers:
            if row.start < 0:
                continue
            end = row.start + len(row.answers[0])
            span = tokens_of(contexts[owner].offsets, row.start, end)
            if span is None:
                continue
        questions.append(np.array(encoding.ids[:QUESTION], np.int32))
        owners.append(owner)
        spans.append(span)
        ids = np.array(contexts[owner].ids, np.int32)
        answers.append(ids[span[0] : span[1] + 1] if span else np.zeros(0, np.int32))
        kept.append(row.question)
    encoder = load_encoder()
    near = encoder.encode(kept, "query") @ encoder.encode(texts).T
    near[np.arange(len(kept)), owners] = -1.0
    count = min(LOOK_ALIKES, len(texts) - 1)
    alike = np.argpartition(-near, count - 1, axis=1)[:, :count].astype(np.int32)
    passages = [np.array(context.ids, np.int32) for context in contexts]
    return Reading(questions, owners, spans, passages, alike, answers, rare(tokenizer, passages))


def rare(tokenizer: Any, contexts: Sequence[Ids]) -> frozenset[int]:
    """Return words and numbers that few contexts hold: names, years, terms."""
    counts: Counter[int] = Counter()
    for context in contexts:
        counts.update(set(context.tolist()))
    most = max(3, len(contexts) // 50)
    return frozenset(
        token
        for token, count in counts.items()
        if count <= most and len(piece := tokenizer.id_to_token(token)) > 1 and piece.isalnum()
    )


def tokens_of(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """Return the first and last token that touch characters ``start`` to ``end``."""
    inside = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
    return (inside[0], inside[-1]) if inside else None


def lexicon(tokenizer: Any, folder: Path) -> Lexicon:
    """Pair words that the shipped encoder holds for translations of each other."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    theirs = Tokenizer.from_file(str(SHIPPED / TOKENIZER_FILE)).get_vocab()
    rows = load_file(SHIPPED / WEIGHTS_FILE)["embeddings"].astype(np.float32)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    vocabulary = tokenizer.get_vocab()
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    known = [i for i, piece in enumerate(pieces) if piece in theirs and not piece.isdigit()]
    vectors = rows[[theirs[pieces[i]] for i in known]]
    own = _own_words(tokenizer, folder, pieces)
    counterparts = {}
    for language, words in own.items():
        among = words[known]
        pool = np.flatnonzero(among)
        out = np.zeros(len(pieces), np.int32)
        for block in np.array_split(np.flatnonzero(~among), 40):
            cosines = vectors[block] @ vectors[pool].T
            best = cosines.argmax(axis=1)
            near = cosines[np.arange(len(block)), best] > _CLOSE_IN.get(language, CLOSE)
            for i, j in zip(block[near], pool[best[near]], strict=True):
                out[known[i]] = known[j]
        counterparts[language] = out
    for little in _LITTLE.values():
        for word, other in (pair.split("/") for pair in little.split()):
            if (folded := _folded(tokenizer, word)) in vocabulary and other in vocabulary:
                counterparts["ko"][vocabulary[folded]] = vocabulary[other]
    meanings = np.zeros((len(pieces), rows.shape[1]), np.float32)
    for i in known:
        piece, rank = pieces[i], theirs[pieces[i]]
        if piece.isalpha() and rank > FREQUENT and len(piece) > (3 if piece.isascii() else 1):
            meanings[i] = rows[rank]
    asking = {}
    for script, kinds in _ASKING.items():
        numbers, others = (
            [tokenizer.encode(word, add_special_tokens=False).ids for word in words]
            for words in kinds
        )
        asking[script] = numbers, others
    return Lexicon(counterparts, *_glossary(tokenizer), _siblings(), meanings, asking)


def _glossary(
    tokenizer: Any,
) -> tuple[dict[tuple[int, ...], list[int]], list[dict[str, list[Ids]]]]:
    """Return the glossary's words as tokens: where each is found, and the wordings of each row."""
    places: dict[tuple[int, ...], list[int]] = {}
    wordings: list[dict[str, list[Ids]]] = []
    for number, row in enumerate(glossary()):
        words: dict[str, list[Ids]] = {}
        for language, forms in row.items():
            encoded = tokenizer.encode_batch(forms, add_special_tokens=False)
            words[language] = [np.array(one.ids, np.int32) for one in encoded if one.ids]
            for one in words[language]:
                if len(one) <= LONGEST_TERM:
                    places.setdefault(tuple(one.tolist()), []).append(number)
        wordings.append(words)
    return places, wordings


def _siblings() -> list[list[int]]:
    """Return for each row of the glossary those of its kind that mean something else."""
    encoder = load_encoder()
    found: list[list[int]] = []
    every = glossary()
    for theme, count in themes().items():
        first = len(found)
        rows = every[first : first + count]
        if theme not in _SWAPPED:
            found += [[] for _ in rows]
            continue
        vectors = [encoder.encode([row[language][0] for row in rows]) for language in ("zh", "en")]
        alike = np.maximum.reduce([v @ v.T for v in vectors])
        words = [{form for forms in row.values() for form in forms} for row in rows]
        for i in range(len(rows)):
            near = range(max(0, i - NEAR_ROWS), min(len(rows), i + NEAR_ROWS + 1))
            found.append(
                [first + j for j in near if alike[i, j] < ALIKE and not words[i] & words[j]]
            )
    return found


def _folded(tokenizer: Any, word: str) -> str:
    return str(tokenizer.normalizer.normalize_str(word))


def _own_words(tokenizer: Any, folder: Path, pieces: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """Tell for each language which tokens are words of its own: by script, or by frequency."""
    scripts = {name: (a, b) for name, a, b in _SCRIPTS}
    latin = np.array([p.isalpha() and p[0] < "\u0250" and len(p) > 2 for p in pieces])
    english = _frequencies(tokenizer, folder, "en")
    own = {"en": latin & (english > 2e-6)}
    for language in _NEWS:
        if language in _BY_SCRIPT:
            low, high = scripts[_BY_SCRIPT[language]]
            own[language] = np.array([low <= p[0] <= high for p in pieces])
        else:
            counted = _frequencies(tokenizer, folder, language)
            own[language] = latin & (counted > 1e-5) & (counted > _OWN * english)
    return own


def _frequencies(tokenizer: Any, folder: Path, language: str) -> NDArray[np.float64]:
    counts = np.ones(tokenizer.get_vocab_size())
    texts = [text[:600] for text in islice(tokenizing.texts(folder, language), _COUNTED)]
    for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False):
        np.add.at(counts, encoding.ids, 1)
    return np.asarray(counts / counts.sum())


def switched(ids: Ids, to: Ids, rng: np.random.Generator) -> Ids:
    """Replace a random share of the tokens that have a counterpart."""
    share = rng.uniform(0.4, 1.0)
    there = to[ids]
    return np.where((there > 0) & (rng.random(len(ids)) < share), there, ids).astype(np.int32)


def reworded(ids: Ids, words: Lexicon, language: str, rng: np.random.Generator) -> Ids:
    """Put a random share of a glossary's words, long ones first, and of the tokens that have a
    counterpart into a language; the length may change."""
    share = rng.uniform(0.4, 1.0)
    counterpart, tokens = words.counterparts[language], ids.tolist()
    found: list[int] = []
    at = 0
    while at < len(tokens):
        for size in range(min(LONGEST_TERM, len(tokens) - at), 0, -1):
            rows = words.concepts.get(tuple(tokens[at : at + size]), ())
            rows = [row for row in rows if words.wordings[row][language]]
            if rows and rng.random() < share:
                among = words.wordings[rows[int(rng.integers(len(rows)))]][language]
                found += among[int(rng.integers(len(among)))].tolist()
                at += size
                break
        else:
            there = int(counterpart[tokens[at]])
            found.append(there if there and rng.random() < share else tokens[at])
            at += 1
    return np.array(found, np.int32)


def _concepts(ids: Ids, words: Lexicon, pieces: Sequence[str]) -> list[Named]:
    """Return what names a concept in more than a syllable, long names first, none over another."""
    tokens = ids.tolist()
    found: list[Named] = []
    at = 0
    while at < len(tokens):
        for size in range(min(LONGEST_TERM, len(tokens) - at), 0, -1):
            rows = words.concepts.get(tuple(tokens[at : at + size]))
            text = "".join(pieces[token] for token in tokens[at : at + size])
            if rows and len(text) >= (4 if text[0] < LETTERS_END else 2):
                found.append((at, at + size, rows))
                at += size
                break
        else:
            at += 1
    return found


class Sampler:
    """Draws examples; the same seed gives the same ones."""

    def __init__(
        self, pieces: Sequence[str], readings: dict[str, Reading], parallel: list[Document],
        words: Lexicon, rng: np.random.Generator, mix: Mix | None = None,
    ) -> None:  # fmt: skip
        """``pieces`` are the tokens in order of their ids."""
        self._pieces = pieces
        self._readings = readings
        self._parallel = parallel
        self._lexicon = words
        self._rng = rng
        self._mix = mix or Mix()
        self._left: dict[str, list[int]] = {name: [] for name in readings}
        self._answered = {
            name: [
                i for i, span in enumerate(readings[name].spans)
                if span and readings[name].alike[i][0] != readings[name].owners[i]
            ]
            for name in self._mix.duelling
        }  # fmt: skip
        self._unanswered: dict[str, dict[int, list[int]]] = {}
        for name in self._mix.duelling:
            rows = self._unanswered[name] = {}
            for i, (owner, span) in enumerate(
                zip(readings[name].owners, readings[name].spans, strict=True)
            ):
                if span is None:
                    rows.setdefault(owner, []).append(i)

    @property
    def duels(self) -> int:
        """Return how many duels a batch ends with."""
        return self._mix.duels

    def batch(self, rows: int, batches: int, progress: float = 1.0) -> list[list[Example]]:
        """Return ``batches`` batches whose rows are about equally long, drawn for ``progress``,
        the share of the training that is done; the last ones of each are duels."""
        fading = max(0.0, 1.0 - progress / CLOZE_ENDS)
        shares = {**self._mix.shares, **{n: s * fading for n, s in self._mix.cloze.items()}}
        names = list(shares)
        chances = np.array(list(shares.values()))
        duels = self._mix.duels
        rows -= SIDES * duels
        picks = self._rng.choice(len(names), rows * batches, p=chances / chances.sum())
        found = sorted((self._one(names[pick]) for pick in picks), key=len)
        fought = sorted((self._duel() for _ in range(duels * batches)), key=lambda d: len(d[0]))
        return [
            found[i * rows : (i + 1) * rows]
            + list(chain.from_iterable(fought[i * duels : (i + 1) * duels]))
            for i in self._rng.permutation(batches)
        ]

    def _duel(self) -> Duel:
        """Return a question beside its answer, and against it the same question beside passages
        that might seem to hold it, or in place of one another question that the right passage
        leaves unanswered."""
        names = list(self._mix.duelling)
        chances = np.array(list(self._mix.duelling.values()))
        name = names[int(self._rng.choice(len(names), p=chances / chances.sum()))]
        reading = self._readings[name]
        at = int(self._rng.choice(self._answered[name]))
        question, owner = reading.questions[at], reading.owners[at]
        room = self._room(len(question))
        right = self._window(question, reading.contexts[owner], reading.spans[at], room)
        likely = np.unique(reading.alike[at][:LIKELIEST])
        beside = self._rng.choice(likely, RIVALS, replace=len(likely) < RIVALS).tolist()
        rivals = [self._window(question, reading.contexts[i], None, room) for i in beside]
        if (others := self._unanswered[name].get(owner)) and self._rng.random() < 0.5:
            other = reading.questions[int(self._rng.choice(others))]
            rivals[0] = Example(other, right.passage[: WINDOW - len(other) - 3], -1, -1)
        return right, *rivals

    def _one(self, name: str) -> Example:
        if name == "parallel":
            return self._translated()
        reading = self._readings[name]
        if not self._left[name]:
            self._left[name] = self._rng.permutation(len(reading.questions)).tolist()
        at = self._left[name].pop()
        question, span = reading.questions[at], reading.spans[at]
        context = reading.contexts[reading.owners[at]]
        kind = self._rng.random()
        if span is not None and kind < self._mix.elsewhere:
            context = reading.contexts[int(self._rng.choice(reading.alike[at]))]
            span = None
        room = self._room(len(question))
        if (
            span is not None
            and kind < self._mix.elsewhere + self._mix.beside
            and len(context) > 2 * room // 3
        ):
            example = self._beside(question, context, span, reading.answers[at], room)
        else:
            example = self._window(question, context, span, room)
            if span is not None and kind > 1 - self._mix.altered:
                example = self._altered(reading, example, context)
            elif example.first >= 0 and self._rng.random() < self._mix.swapped:
                example = self._swap(example)
        if self._rng.random() < self._mix.switched:
            example = self._switch(example, name.partition("_")[0])
        return example

    def _room(self, question: int) -> int:
        return int(self._rng.integers(SHORTEST, WINDOW + 1)) - question - 3

    def _window(
        self, question: Ids, context: Ids, span: tuple[int, int] | None, room: int
    ) -> Example:
        if span is None:
            at = int(self._rng.integers(0, max(1, len(context) - room + 1)))
            return Example(question, context[at : at + room], -1, -1)
        first, last = span
        room = max(room, min(last - first + 9, WINDOW - len(question) - 3))
        lowest = max(0, last + 1 - room)
        highest = max(lowest, min(first, len(context) - room))
        at = int(self._rng.integers(lowest, highest + 1))
        window = context[at : at + room]
        return Example(question, window, max(first - at, 0), min(last - at, len(window) - 1))

    def _beside(
        self, question: Ids, context: Ids, span: tuple[int, int], answer: Ids, room: int
    ) -> Example:
        """Cut a window of the right passage in which the answer doesn't occur."""
        first, last = span
        before, after = context[:first], context[last + 1 :]
        side = before if len(before) > len(after) else after
        at = int(self._rng.integers(0, max(1, len(side) - room + 1)))
        window = side[at : at + room]
        if len(window) < 12 or _holds(window, answer):
            return self._window(question, context, span, room)
        return Example(question, window, -1, -1)

    def _altered(self, reading: Reading, example: Example, context: Ids) -> Example:
        """Put another rare word or number of its kind where the question and passage share one."""
        told = set(context.tolist())
        shared = [i for i, t in enumerate(example.question.tolist()) if t in told & reading.rare]
        if not shared:
            return example
        place = int(self._rng.choice(shared))
        wanted = self._shape(int(example.question[place]))
        for _ in range(20):
            other = reading.contexts[int(self._rng.integers(len(reading.contexts)))]
            token = int(self._rng.choice(other))
            if token in reading.rare and token not in told and self._shape(token) == wanted:
                question = example.question.copy()
                question[place] = token
                return Example(question, example.passage, -1, -1)
        return example

    def _swap(self, example: Example) -> Example:
        """Put another concept of its kind where question and passage name the same one near the
        answer, and the answer doesn't: in both, so that the question stays answerable, or in one
        of them."""
        words, rng = self._lexicon, self._rng
        asked, told = (
            _concepts(ids, words, self._pieces) for ids in (example.question, example.passage)
        )
        answer = {
            row for start, end, rows in told for row in rows
            if start <= example.last and example.first < end
        }  # fmt: skip
        near = {
            row for start, end, rows in told for row in rows
            if start - example.last <= NEAR_ANSWER and example.first - end <= NEAR_ANSWER
        } - answer  # fmt: skip
        shared = [
            (row, rows) for _, _, rows in asked for row in rows
            if row in near and words.siblings[row]
        ]  # fmt: skip
        if not shared:
            return example
        row, rows = shared[int(rng.integers(len(shared)))]
        taken = {other for _, _, others in (*asked, *told) for other in others}
        free = [other for other in words.siblings[row] if other not in taken]
        if not free:
            return example
        other = words.wordings[free[int(rng.integers(len(free)))]]
        question, *_ = self._renamed(example.question, asked, rows, other, 0, -1)
        passage, first, last = self._renamed(
            example.passage, told, rows, other, example.first, example.last
        )
        part = rng.random()
        if part < BOTH:
            return Example(question[:QUESTION], passage, first, last)
        if part < (1 + BOTH) / 2:
            return Example(question[:QUESTION], example.passage, -1, -1)
        return Example(example.question, passage, -1, -1)

    def _renamed(
        self, ids: Ids, places: Sequence[Named], rows: Collection[int],
        other: dict[str, list[Ids]], first: int, last: int,
    ) -> tuple[Ids, int, int]:  # fmt: skip
        """Replace what names one of the concepts, in its language, but what stands in the answer
        ``first`` to ``last``; return where that is then."""
        for start, end, own in reversed(places):
            shared = [row for row in own if row in rows]
            if not shared or (start <= last and first < end):
                continue
            languages = self._lexicon.languages(ids[start:end], shared[0])
            forms = next((other[one] for one in languages if other.get(one)), None)
            if forms is None:
                continue
            form = forms[int(self._rng.integers(min(FORMS, len(forms))))]
            ids = np.concatenate([ids[:start], form, ids[end:]]).astype(np.int32)
            if end <= first:
                first, last = first + len(form) - end + start, last + len(form) - end + start
        return ids, first, last

    def _shape(self, token: int) -> tuple[str, int]:
        """Return what words are told apart by when one takes another's place."""
        piece = self._pieces[token]
        if piece.isdigit():
            return "number", len(piece)
        return ("latin", 0) if piece.isascii() else ("other", min(len(piece), 3))

    def _switch(self, example: Example, language: str) -> Example:
        """Put words of the question, of the passage or of both into another language."""
        chances = INTO.get(language, INTO[""])
        total = sum(chances.values())
        into = self._rng.choice(list(chances), p=[c / total for c in chances.values()])
        to = self._lexicon.counterparts[str(into)]
        question, passage = example.question, example.passage
        part = self._rng.random()
        if not QUESTION_ALONE <= part < QUESTION_ALONE + PASSAGE_ALONE:
            question = reworded(question, self._lexicon, str(into), self._rng)[:QUESTION]
        if part >= QUESTION_ALONE:
            passage = switched(passage, to, self._rng)
        return Example(question, passage, example.first, example.last)

    def _translated(self) -> Example:
        """Ask with a sentence; its translation among its neighbours is the answer, or missing."""
        document = self._parallel[int(self._rng.integers(len(self._parallel)))]
        language = int(self._rng.integers(len(document[0][1])))
        at = int(self._rng.integers(len(document)))
        asked, others = document[at]
        question, sides = asked, [row[1][language] for row in document]
        if self._rng.random() < 0.5:
            question, sides = others[language], [row[0] for row in document]
        part: tuple[int, int] | None = None
        if self._rng.random() < ASKED and (pairs := self._aligned(question, sides[at])):
            (low, high), part = pairs[int(self._rng.integers(len(pairs)))]
            asks = self._question_words(question, low)
            question = np.concatenate([question[:low], asks, question[high + 1 :]])
        question = question[:QUESTION]
        room = self._room(len(question))
        missing = self._rng.random() < 0.25
        begin = max(0, at - int(self._rng.integers(0, 6)))
        kept: list[Ids] = []
        first = last = -1
        for i in range(begin, len(sides)):
            if i == at and missing:
                continue
            used = sum(map(len, kept))
            if used + len(sides[i]) > room:
                if i <= at and not missing:
                    kept, used = [], 0
                else:
                    break
            if i == at:
                first, last = part or (0, len(sides[i]) - 1)
                first, last = used + first, used + last
            kept.append(sides[i])
        passage = np.concatenate(kept)[:room] if kept else sides[at][:room]
        last = min(last, len(passage) - 1)
        return (
            Example(question, passage, first, last)
            if first <= last
            else Example(question, passage, -1, -1)
        )

    def _aligned(self, asked: Ids, told: Ids) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Return parts of a sentence, ends included, and what says the same in its translation."""
        words = self._lexicon.meanings
        cosines = words[asked] @ words[told].T
        found = []
        for i, j in enumerate(cosines.argmax(axis=1).tolist()):
            if cosines[i, j] > ALIGNED and int(cosines[:, j].argmax()) == i:
                found.append(((i, i), (j, j)))
        theirs = self._numbers(told)
        for text, span in self._numbers(asked).items():
            if text in theirs:
                found.append((span, theirs[text]))
        return found

    def _numbers(self, ids: Ids) -> dict[str, tuple[int, int]]:
        """Return the numbers of a sentence that it tells once, with their percent sign."""
        pieces = [self._pieces[i] for i in ids.tolist()]
        found: dict[str, tuple[int, int]] = {}
        seen: Counter[str] = Counter()
        i = 0
        while i < len(pieces):
            j = i
            while pieces[i].isdigit() and pieces[j] != "%" and j + 1 < len(pieces) and (
                pieces[j + 1].isdigit()
                or pieces[j + 1] == "%"
                or (pieces[j + 1] in ".," and j + 2 < len(pieces) and pieces[j + 2].isdigit())
            ):  # fmt: skip
                j += 1
            if pieces[i].isdigit():
                text = "".join(pieces[i : j + 1])
                seen[text] += 1
                found[text] = (i, j)
            i = j + 1
        return {text: span for text, span in found.items() if seen[text] == 1}

    def _question_words(self, asked: Ids, at: int) -> Ids:
        if self._rng.random() < 0.3:
            return np.array([MASK], np.int32)
        text = "".join(self._pieces[i] for i in asked.tolist())
        script = next(
            (name for name, a, b in _SCRIPTS if sum(a <= c <= b for c in text) > len(text) / 5),
            "latin",
        )
        kinds = self._lexicon.asking[script][0 if self._pieces[asked[at]].isdigit() else 1]
        return np.array(kinds[int(self._rng.integers(len(kinds)))], np.int32)


def _holds(ids: Ids, part: Ids) -> bool:
    size = len(part)
    return any(np.array_equal(ids[i : i + size], part) for i in range(len(ids) - size + 1))


def parallel_documents(tokenizer: Any, folder: Path) -> list[Document]:
    """Return runs of ten sentences that follow each other, with their translations."""

    def tokens(texts: Sequence[str]) -> list[Ids]:
        encodings = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(e.ids[:90] or [1], np.int32) for e in encodings]

    rows: list[Document] = []

    def add(source: Sequence[str], others: Sequence[Sequence[str]]) -> None:
        sides = [tokens(texts) for texts in others]
        aligned = list(zip(tokens(source), map(list, zip(*sides, strict=True)), strict=True))
        rows.extend(aligned[i : i + 10] for i in range(0, len(aligned) - 9, 10))

    news = data.ntrex(folder, held_out=False)
    for _ in range(16):  # it weighs more than its size: eleven languages
        add([r["en"] for r in news], [[r[other] for r in news] for other in _NEWS])
        add([r["zh"] for r in news], [[r[o] for r in news] for o in ("en", *_NEWS[1:])])
    english, chinese = zip(*data.pairs(folder, "en-zh_tatoeba"), strict=True)
    add(english, [chinese])
    for language in data.TICO_LANGUAGES:
        pairs = data.pairs(folder, f"en-{language}_tico19")
        if language in _NEWS and language != "fr":  # parts of the French file are shifted
            add([a for a, _ in pairs], [[b for _, b in pairs]])
    return rows


def collate(examples: Sequence[Example]) -> dict[str, Tensor]:
    """Return ids, types, mask of passage tokens, (n, length), and first, last, (n,)."""
    width = max(map(len, examples))
    ids = torch.full((len(examples), width), PAD)
    types = torch.zeros(len(examples), width, dtype=torch.long)
    passage = torch.zeros(len(examples), width, dtype=torch.bool)
    first = torch.full((len(examples),), -1)
    last = torch.full((len(examples),), -1)
    for i, example in enumerate(examples):
        begin = len(example.question) + 2
        row = np.concatenate([[CLS], example.question, [SEP], example.passage, [SEP]])
        ids[i, : len(row)] = torch.from_numpy(row.astype(np.int64))
        types[i, begin : len(row)] = 1
        passage[i, begin : len(row) - 1] = True
        if example.first >= 0:
            first[i], last[i] = begin + example.first, begin + example.last
    return {"ids": ids, "types": types, "passage": passage, "first": first, "last": last}
