"""Invented reports with questions people might ask of them, written whole.

What is made from slots (``inventing``) is asked for in few ways. ``reports/`` holds articles and
questions in eleven languages, written for this; half of the questions ask for what stands beside
something told and is not told itself: a part, another time, another person, a reason.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from index import StaticEncoder, chunk, load_encoder, read_file, split
from rag.answering.rephrasing import (
    in_words_of,
    own_times,
    period_of,
    without,
    without_subject,
)
from rag.answering.spans import prepare
from rag.asking import parse
from rag.matching import query, words
from train.reader.examples import LOOK_ALIKES, QUESTION, Ids, Reading, rare, tokens_of

FOLDER = Path(__file__).parent / "reports"
# Names of those that the shipped reader learned from, and of how many of them a further round shows
# it one again: what is new to it teaches more, and the rest only has to be kept.
LEARNED = Path(__file__).parent / "learned.txt"
SHOWN_AGAIN = 2
LANGUAGES = ("zh", "en", "other")  # of the articles; "other" is any but the first two
NEAREST = 2  # passages that a question without an answer is put beside, one at a time


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; ``answer`` and ``evidence`` around it are the article's words. Without an answer
    ``evidence`` is what might be taken for one, or empty."""

    lang: str
    question: str
    answer: str
    evidence: str


def articles(
    folder: Path = FOLDER, left_out: Collection[str] = ()
) -> Iterator[tuple[Path, list[Asked]]]:
    """Yield each article's file and its questions, but of those named."""
    for file in sorted(folder.glob("*.md")):
        if file.stem in left_out:
            continue
        lines = file.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
        yield file, [Asked(**json.loads(line)) for line in lines]


def left_out() -> frozenset[str]:
    """Return the names of reports that a further round doesn't show."""
    learned = LEARNED.read_text(encoding="utf-8").split()
    return frozenset(learned) - frozenset(learned[::SHOWN_AGAIN])


def read(
    tokenizer: Any, language: str, folder: Path = FOLDER,
    *, rephrased: bool = False, left_out: Collection[str] = (),
) -> Reading:  # fmt: skip
    """Tokenize the reports of a language, in passages as the product cuts them, and the sentences
    that matter each by itself.

    ``rephrased`` takes in place of the questions those that the product asks the reader in other
    words too, in those.
    """
    encoder = load_encoder("shipped")
    assert isinstance(encoder, StaticEncoder)
    passages: list[str] = []
    rows: list[tuple[str, int, tuple[int, int] | None, list[int]]] = []
    for file, questions in articles(folder, left_out):
        document = read_file(file)
        own_language = document.language.partition("-")[0]
        if language != (own_language if own_language in LANGUAGES else "other"):
            continue
        text = document.text
        chunks = [text[c.span.start : c.span.end] for c in chunk(document)]
        sentences = [text[a:b] for a, b in split(text) if not text.startswith("#", a)]
        asked = questions
        if rephrased:
            asked = list(_rephrased(questions, text, sentences, document.language, encoder))
        vectors = encoder.encode([one.question for one in asked], "query")
        for own in (chunks, sentences):
            first = len(passages)
            passages += own
            near = vectors @ encoder.encode(own).T
            most = NEAREST if own is chunks else 1
            for one, cosines in zip(asked, near, strict=True):
                rows += _rows(one, own, np.argsort(-cosines).tolist(), first, most)
    encodings = tokenizer.encode_batch(passages, add_special_tokens=False)
    contexts = [np.array(encoding.ids, np.int32) for encoding in encodings]
    questions = tokenizer.encode_batch([row[0] for row in rows], add_special_tokens=False)
    spans = [tokens_of(encodings[o].offsets, *span) if span else None for _, o, span, _ in rows]
    answers: list[Ids] = [
        contexts[row[1]][span[0] : span[1] + 1] if span else np.zeros(0, np.int32)
        for row, span in zip(rows, spans, strict=True)
    ]
    # An answerable question is shown beside the likeliest wrong passages of its own article.
    alike = [np.resize(others or [owner], LOOK_ALIKES) for _, owner, _, others in rows]
    return Reading(
        [np.array(one.ids[:QUESTION], np.int32) for one in questions],
        [row[1] for row in rows], spans, contexts,
        np.array(alike, np.int32).reshape(-1, LOOK_ALIKES), answers, rare(tokenizer, contexts),
    )  # fmt: skip


def _rephrased(
    asked: Sequence[Asked], text: str, sentences: Sequence[str], language: str,
    encoder: StaticEncoder,
) -> Iterator[Asked]:  # fmt: skip
    prepared = [prepare(one, words(encoder, one, language=language)) for one in sentences]
    title, period = text.partition("\n")[0], period_of(text)
    for one in asked:
        question = query(encoder, parse(one.question))
        unsaid = own_times(question.question, period)
        other = without(one.question, unsaid)
        if language.startswith(question.question.language.partition("-")[0]):
            other = without_subject(question, [title], sentences, unsaid) or other
        else:
            other = in_words_of(question, prepared, language, unsaid)
        if other and other != one.question:
            yield replace(one, question=other)


def _rows(
    one: Asked, own: Sequence[str], order: Sequence[int], first: int, most: int
) -> Iterator[tuple[str, int, tuple[int, int] | None, list[int]]]:
    """Put a question beside the passages that answer, or ``most`` of those that might seem to.

    ``order`` has the places of ``own``, likeliest first; ``first`` is added to them.
    """
    # What says the same elsewhere is no passage without an answer.
    others = [first + i for i in order if not one.answer or one.answer not in own[i]]
    if not one.answer:
        tempting = [i for i in order if one.evidence in own[i]]
        for i in [*tempting, *(i for i in order if i not in tempting)][:most]:
            yield one.question, first + i, None, others
        return
    for i, passage in enumerate(own):
        if (at := passage.find(one.evidence)) >= 0:
            start = at + one.evidence.index(one.answer)
            yield one.question, first + i, (start, start + len(one.answer)), others
