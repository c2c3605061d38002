"""A question in a text's words: what the glossary knows, each in its plainest word there.

A word can mean many things: of those in the glossary one that the text speaks of is taken. Where
it speaks of none, and for common words that name no concept, ``senses.tsv`` has what the word
means most often in questions about companies, products and people, in Chinese.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from rag.asking import Question
from rag.concepts import Told, glossary, keyed, longest, placed, spelling
from rag.folding import fold_in_place

SENSES = Path(__file__).with_name("senses.tsv")
LEFT = "-"  # stands in it for words that are left as they are


def reworded(
    question: Question, places: Iterable[Told], to: str, likely: frozenset[int],
    names: Iterable[tuple[int, int, str]] = (), texts: Sequence[str] = (),
) -> str:  # fmt: skip
    """Put what a question names into a language.

    ``places`` are of the question; where one can mean several concepts a ``likely`` one is taken.
    ``names`` are places of it, none over another, with how they are written in that language.
    ``texts`` are asked: a word's usual sense is taken where they speak of it, or of no likely
    concept.
    """
    to = to.partition("-")[0]
    plainest, usual = _plainest(to), _usual(question, to)
    told = {(place.start, place.end): place.concepts for place in places}
    put = list(names)
    for place in longest(Told(*at, told.get(at, frozenset())) for at in {**told, **usual}):
        if any(start < place.end and place.start < end for start, end, _ in put):
            continue
        word = usual.get((place.start, place.end))
        if word == LEFT:
            put.append((place.start, place.end, question.text[place.start : place.end]))
            continue
        spelt = spelling(question.folded[place.start : place.end], question.language)
        known = [c for c in sorted(place.concepts) if plainest[c]]
        known.sort(key=lambda concept: concept not in spelt)
        meant = [plainest[c] for c in known if c in likely]
        if word and (not meant or any(word in text for text in texts)):
            meant = [word]
        if meant or known:
            put.append((place.start, place.end, meant[0] if meant else plainest[known[0]]))
    parts, end = [], 0
    for start, stop, word in sorted(put):
        parts += [question.text[end:start], word]
        end = stop
    return " ".join(" ".join([*parts, question.text[end:]]).split())


def _usual(question: Question, to: str) -> dict[tuple[int, int], str]:
    """Return where a question has words whose usual sense is known in a language, and that."""
    forms, words, spelt = _senses(question.language)
    if to != "zh" or not forms:
        return {}
    found = {}
    for place in placed(question.folded, question.language, forms):
        exact = spelt.get(question.folded[place.start : place.end])
        compared = [number for number in sorted(place.concepts) if words[number] != LEFT]
        if exact is not None or compared:
            number = compared[0] if exact is None else exact
            found[place.start, place.end] = words[number]
    return found


@cache
def _senses(language: str) -> tuple[dict[str, frozenset[int]], list[str], dict[str, int]]:
    """Return the rows of a language's words, as forms are compared, each row's Chinese word, and
    the rows of the words as they are spelt."""
    head, *rows = SENSES.read_text(encoding="utf-8").splitlines()
    language = language.partition("-")[0]
    if language not in head.split("\t")[1:]:
        return {}, [], {}
    column = head.split("\t").index(language)
    cells = [row.split("\t") for row in rows]
    forms: defaultdict[str, set[int]] = defaultdict(set)
    spelt: dict[str, int] = {}
    for number, row in enumerate(cells):
        for form in filter(None, row[column].split(";")):
            forms[keyed(form, language)].add(number)
            spelt[fold_in_place(form)] = number
    return {key: frozenset(own) for key, own in forms.items()}, [row[0] for row in cells], spelt


@cache
def _plainest(language: str) -> list[str]:
    """Return the first form of each concept, "" where the language has none."""
    return [row.get(language, [""])[0] for row in glossary()]
