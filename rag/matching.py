"""Aligning a question's words with a sentence's, across languages.

A static encoder gives every token a vector of its own, so the words of a question can be laid on
the words of a sentence one by one, as in late interaction (ColBERT, Khattab and Zaharia 2020)
without a transformer: 营收 meets "revenue" because training put their vectors together. Equal
words and words of one concept of the glossary meet exactly, Latin names meet Han names through
pinyin, and figures only meet themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index import Vectors, han_matches
from index.pinyin import spellings
from rag import hangul, palladius
from rag.asking import Question
from rag.concepts import Told, little_word, longest, told
from rag.folding import fold_in_place
from rag.names import is_pinyin
from rag.transliterating import transliterated

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

# Below this cosine two static vectors say nothing about each other: most unrelated pairs of the
# shipped encoder lie under it.
NOISE = 0.28
# After that scaling, what the vectors of one name in two languages reach at least.
SAME_NAME = 0.6
SEVERAL = 3
LEAST_TYPED = 6  # letters of a Chinese name that is typed small
# A word, or two with capitals, and what it is in Han characters.
_BRACKETED = re.compile(
    r"(?P<name>(?:[A-ZÀ-ÞА-ЯЁ][\w'’-]*\s+)?[\w'’·・-]+)\s*[(（](?P<han>[\u4e00-\u9fff·]{2,})[)）]"
)
_FEW_CAPITALS = re.compile(r"[A-Z]{1,2}(?![A-Za-z\d])")


class TokenEncoder(Protocol):
    """An encoder that also tells the vector of each token."""

    def token_vectors(self, text: str) -> tuple[Ints, Floats]: ...


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text: offsets (n, 2), unit rows (n, d), weights (n,), folded forms, and
    the places that name a concept."""

    text: str
    offsets: Ints
    rows: Vectors
    weights: Floats
    forms: tuple[str, ...]
    told: tuple[Told, ...] = ()

    def __len__(self) -> int:
        return len(self.forms)


def words(encoder: TokenEncoder, text: str, folded: str | None = None, language: str = "") -> Words:
    """Split a text into words, each with the summed vector of its tokens.

    Han and kana tokens stand alone; pieces of one spaced word are joined, because a name cut into
    pieces means nothing piece by piece. Concepts are looked for in the ``language``, if it is told.
    """
    folded = folded or fold_in_place(text)
    offsets, vectors = encoder.token_vectors(text)
    groups = _groups(folded, offsets)
    if not groups:
        return Words(text, np.zeros((0, 2), np.int32), vectors[:0], np.zeros(0, np.float32), ())
    starts = np.array([group[0] for group in groups])
    summed = np.add.reduceat(vectors, starts, axis=0)[: len(groups)]
    spans = np.array(
        [(offsets[first][0], offsets[last][1]) for first, last in groups], dtype=np.int32
    )
    weights = np.linalg.norm(summed, axis=1).astype(np.float32)
    rows = (summed / np.maximum(weights, 1e-9)[:, None]).astype(np.float32)
    forms = tuple(folded[start:end].strip() for start, end in spans)
    keep = np.array([any(c.isalnum() for c in form) for form in forms])
    return Words(
        text, spans[keep], rows[keep], weights[keep],
        tuple(form for form, kept in zip(forms, keep, strict=True) if kept), told(folded, language),
    )  # fmt: skip


def meaning(own: Words, silent: Iterable[tuple[int, int]]) -> Floats:
    """Return the unit vector (d,) of a text's words but those in ``silent`` places; 0 of none."""
    vector: Floats = own.rows.T @ np.where(inside(own, silent), 0.0, own.weights)
    size = float(np.linalg.norm(vector))
    return (vector / size if size else vector).astype(np.float32)


def inside(own: Words, places: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """Tell of each word whether its middle lies in one of the places, (n,)."""
    spans = list(places)
    middles = own.offsets.mean(axis=1).tolist()
    return np.array([any(a <= middle < b for a, b in spans) for middle in middles], dtype=bool)


def _groups(folded: str, offsets: Ints) -> list[tuple[int, int]]:
    groups: list[tuple[int, int]] = []
    for i, (start, end) in enumerate(offsets.tolist()):
        # One character can fold into several tokens (¼); they share its offsets.
        overlaps = groups and start < offsets[i - 1][1]
        glued = overlaps or (
            groups
            and start > 0
            and start == offsets[i - 1][1]
            and start < end
            and _inside_word(folded[start - 1])
            and _inside_word(folded[start])
            and folded[start - 1].isdigit() == folded[start].isdigit()
        )
        if glued:
            groups[-1] = (groups[-1][0], i)
        else:
            groups.append((i, i))
    return groups


def _inside_word(char: str) -> bool:
    return char.isalnum() and not is_unspaced(char)


@lru_cache(maxsize=65_536)
def is_unspaced(char: str) -> bool:
    """Tell whether a character belongs to a script written without spaces between words."""
    point = ord(char)
    return (
        0x3040 <= point <= 0x30FF
        or 0x3400 <= point <= 0x9FFF
        or 0xF900 <= point <= 0xFAFF
        or 0x20000 <= point <= 0x3FFFF
        or 0x0E00 <= point <= 0x0EFF
    )


@dataclass(frozen=True, slots=True)
class Topic:
    """Words of a question that name a concept.

    ``whole`` are the concepts they can mean together, ``parts`` those that several of them mean by
    themselves: 海外收入 is also 海外 and 收入.
    """

    words: Ints
    whole: frozenset[int]
    parts: tuple[frozenset[int], ...]

    def met(self, concepts: frozenset[int]) -> float:
        """Return how much of it a text that names these concepts names, in [0, 1]."""
        if self.whole & concepts:
            return 1.0
        return sum(bool(part & concepts) for part in self.parts) / max(1, len(self.parts))


@dataclass(frozen=True, slots=True)
class Query:
    """A question's words with the weight each carries in a match.

    ``weights`` is 0 for words that only ask and for the time the question names, which is
    compared as a time and not as words. ``names`` marks words that look like names; ``topics`` are
    the concepts it is about.
    """

    question: Question
    words: Words
    weights: Floats
    names: tuple[bool, ...]
    topics: tuple[Topic, ...]


def query(encoder: TokenEncoder, question: Question) -> Query:
    """Weigh a question's words."""
    own = words(encoder, question.text, question.folded, question.language)
    silent = [*question.asking, *((t.start, t.end) for t in question.times)]
    weights = np.where(inside(own, silent), 0.0, own.weights)
    if len(weights):
        # One rare word cut into many pieces must not outweigh all the others together.
        weights = np.minimum(weights, 3 * np.median(weights[weights > 0]) if weights.any() else 0)
    names = _names(question, own)
    return Query(question, own, weights.astype(np.float32), names, _topics(own, weights))


def _topics(own: Words, weights: Floats) -> tuple[Topic, ...]:
    """Return the concepts of a question's words, without words that weigh nothing."""
    topics = []
    for place in longest(own.told):
        held = _at(own, place.start, place.end)
        held = held[weights[held] > 0]
        if not len(held):
            continue
        within = (p for p in own.told if p != place and place.start <= p.start < p.end <= place.end)
        parts = tuple(part.concepts for part in longest(within))
        topics.append(Topic(held, place.concepts, parts if len(parts) > 1 else ()))
    return tuple(topics)


def _at(own: Words, start: int, end: int) -> Ints:
    """Return which words a place has a part of."""
    over = (own.offsets[:, 0] < end) & (own.offsets[:, 1] > start)
    return np.flatnonzero(over).astype(np.int32)


def _names(question: Question, own: Words) -> tuple[bool, ...]:
    """Tell of each word whether it looks like a name; capitals tell nothing where none of several
    words is without, as in a search for "Gross Margin Second Quarter"."""
    starts = own.offsets[:, 0].tolist()
    capitals = sum(question.text[start].isupper() for start in starts)
    telling = capitals < SEVERAL or any(question.text[start].islower() for start in starts)
    return tuple(telling and _capital_inside(question, start) for start in starts)


def _capital_inside(question: Question, start: int) -> bool:
    """Tell whether a word is capitalised in a language that capitalises only names.

    A sentence's first word tells nothing; "¿" may stand before it. Nor do two capitals: AI, IA,
    EC or PR are common nouns more often than names; nor one letter, such as "I".
    """
    before = question.text[:start].rstrip("¿¡«“‘\"'( ")
    first = not before or before[-1] in "?!"
    capital = question.text[start].isupper() and question.language != "de"
    return capital and not first and not _FEW_CAPITALS.match(question.text, start)


def similarity(asked: Query, sentence: Words) -> Floats:
    """Return how well each question word meets each sentence word, shape (q, s), in [0, 1]."""
    left, right = asked.words, sentence
    if not len(left) or not len(right):
        return np.zeros((len(left), len(right)), np.float32)
    cosine = left.rows @ right.rows.T
    matched: Floats = np.clip((cosine - NOISE) / (1 - NOISE), 0, 1).astype(np.float32)
    # One name is never another, however alike their vectors: 抖音 is not 快手.
    named = np.array(asked.names, dtype=bool)
    matched[named] = np.where(matched[named] >= SAME_NAME, matched[named], 0.0)
    _force_exact(matched, left, right)
    _force_names(matched, asked, right)
    _force_concepts(matched, asked, right)
    return matched


def _force_exact(matched: Floats, left: Words, right: Words) -> None:
    places: dict[str, list[int]] = {}
    for j, form in enumerate(right.forms):
        places.setdefault(form, []).append(j)
    digits = [j for j, form in enumerate(right.forms) if form[0].isdigit()]
    for i, form in enumerate(left.forms):
        if form[0].isdigit():
            matched[i] = 0.0  # vectors of numbers are close to each other whatever they say
        elif digits:
            matched[i, digits] = 0.0
        for j in places.get(form, ()):
            matched[i, j] = 1.0


def _force_names(matched: Floats, asked: Query, right: Words) -> None:
    """Let names meet Han ones: "Cheng Yixiao" and «Чэн Исяо» meet 程一笑, "Musk" meets 马斯克."""
    for first, last, sounded in _capitalised_runs(asked):
        start, end = int(asked.words.offsets[first, 0]), int(asked.words.offsets[last, 1])
        for begin, stop in _in_han(asked.words.text[start:end], right.text, sounded=sounded):
            matched[first : last + 1, _at(right, begin, stop)] = 1.0
    if asked.question.language == "ko":
        for named, told in hangul.chinese_names(asked.words.text, right.text):
            matched[np.ix_(_at(asked.words, *named), _at(right, *told))] = 1.0
    _force_bracketed(matched, asked.words, right)


@lru_cache(maxsize=4_096)  # asked for when a sentence is judged, and when a question is reworded
def _in_han(name: str, text: str, *, sounded: bool) -> tuple[tuple[int, int], ...]:
    """Return where a text has a name in Han characters, by its sound only if it is ``sounded``."""
    spelt = palladius.pinyin(name) or [name]
    spans = [span for one in spelt for span in han_matches(one, text)]
    return tuple(spans or (transliterated(name, text) if sounded else ()))


def written(asked: Query, texts: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return the places of a question's names, capitalised or in Hangul, that texts have in Han
    characters, and how most of those write them; none lies over another."""
    own = asked.words
    found: list[tuple[int, int, str]] = []
    known = {(place.start, place.end) for place in own.told}  # "Tag" is a day, not 提高
    runs = sorted(_capitalised_runs(asked), key=lambda run: (run[0] - run[1], run))
    for first, last, sounded in runs:
        start, end = int(own.offsets[first, 0]), int(own.offsets[last, 1])
        if (start, end) in known or any(start < stop and begin < end for begin, stop, _ in found):
            continue
        name = own.text[start:end]
        spellings = Counter(
            text[a:b] for text in texts for a, b in _in_han(name, text, sounded=sounded)
        )
        if spellings:
            found.append((start, end, spellings.most_common(1)[0][0]))
    return [*found, *_written_in_hangul(asked, texts)] if asked.question.language == "ko" else found


def _written_in_hangul(asked: Query, texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    found: dict[int, Counter[tuple[int, str]]] = {}
    for text in texts:
        for (start, end), (a, b) in hangul.chinese_names(asked.words.text, text):
            found.setdefault(start, Counter())[end, text[a:b]] += 1
    known = {(place.start, place.end) for place in asked.words.told}
    for start, counts in found.items():
        end, spelling = max(counts, key=lambda one: (one[0], counts[one]))
        if (start, end) not in known:
            yield start, end, spelling


def _force_bracketed(matched: Floats, left: Words, right: Words) -> None:
    """Let a name meet what the asker puts in brackets behind it: Чэн Исяо (程一笑)."""
    for match in _BRACKETED.finditer(left.text):
        own = _at(left, *match.span("name"))
        for place in re.finditer(re.escape(match["han"]), right.text):
            matched[np.ix_(own, _at(right, *place.span()))] = 1.0


def _force_concepts(matched: Floats, asked: Query, right: Words) -> None:
    """Let words meet that the glossary knows to mean the same."""
    for topic in asked.topics:
        for place in right.told:
            if topic.whole & place.concepts:
                matched[np.ix_(topic.words, _at(right, place.start, place.end))] = 1.0


def _capitalised_runs(asked: Query) -> list[tuple[int, int, bool]]:
    """Return runs of one to three capitalised words, as first and last index, and whether they can
    be spelt by sound; "Which" that begins a question is none.

    A person's name in pinyin can't, nor can a word of it: Wen Ruogu is not 拉高.
    """
    own = asked.words
    capital = [own.text[start].isupper() for start in own.offsets[:, 0].tolist()]
    if capital and little_word(own.forms[0], asked.question.language):
        capital[0] = False
    if not any(capital):  # typed in small letters
        capital = [
            len(form) >= LEAST_TYPED and form.isascii() and bool(spellings(form))
            for form in own.forms
        ]
    runs = [
        (first, last)
        for first in range(len(capital))
        for last in range(first, min(first + 3, len(capital)))
        if all(capital[first : last + 1])
    ]
    chinese = {
        i
        for first, last in runs
        if last > first and is_pinyin(own.text[own.offsets[first, 0] : own.offsets[last, 1]])
        for i in range(first, last + 1)
    }
    return [(a, b, chinese.isdisjoint(range(a, b + 1))) for a, b in runs]
