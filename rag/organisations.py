"""Well-known organisations and what they are called in six scripts.

A question about one that a text names in no script is about something else, however alike the
rest: what 美团 earned isn't told by a text about another company. Vectors don't tell names apart,
and Chinese writes none with capitals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from rag.asking import Question
from rag.folding import fold_in_place
from rag.matching import Query

NAMES = Path(__file__).with_name("organisations.tsv")
Named = dict[str, str]  # language: name; "en" stands for every language in Latin letters


@cache
def organisations() -> tuple[Named, ...]:
    """Return each organisation's names."""
    head, *rows = NAMES.read_text(encoding="utf-8").splitlines()
    return tuple(dict(zip(head.split("\t"), row.split("\t"), strict=True)) for row in rows)


@cache
def _forms() -> tuple[tuple[str, ...], ...]:
    """Return each organisation's names as they are compared, one of each spelling."""
    return tuple(
        tuple(dict.fromkeys(map(fold_in_place, named.values()))) for named in organisations()
    )


def unnamed(asked: Query, texts: Iterable[str]) -> str:
    """Return an organisation of the question, as asked, that no text names, or ""."""
    return next((name for name, told in _named(asked, texts) if not told), "")


def mentioned(asked: Query, texts: Iterable[str]) -> str:
    """Return an organisation of the question, as asked, that a text names, or ""."""
    return next((name for name, told in _named(asked, texts) if told), "")


def _named(asked: Query, texts: Iterable[str]) -> list[tuple[str, bool]]:
    """Return the question's organisations, and of each whether a text names it."""
    starts, ends = (frozenset(side.tolist()) for side in asked.words.offsets.T)
    found = [
        (span, forms) for forms in _forms() if (span := _place(asked.question, forms, starts, ends))
    ]
    if not found:
        return []
    told = "\n".join(map(fold_in_place, texts))
    return [
        (asked.question.text[start:end], any(form in told for form in forms))
        for (start, end), forms in found
    ]


def _place(
    question: Question, forms: Iterable[str], starts: Collection[int], ends: Collection[int]
) -> tuple[int, int] | None:
    """Return where a question, whose words have these starts and ends, names one: between words,
    but Korean particles may follow; in Latin letters with a capital, as "apple" and "uber" are
    words too."""
    for form in forms:
        at = question.folded.find(form)
        while at >= 0:
            end = at + len(form)
            hangul = "\uac00" <= form[-1] <= "\ud7a3"
            lower = form[0].isascii() and question.text[at].islower()
            if at in starts and (hangul or end in ends) and not lower:
                return at, end
            at = question.folded.find(form, at + 1)
    return None
