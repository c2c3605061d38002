"""Well-known organisations and what they are called in six scripts.

A question about one that a text names in no script is about something else, however alike the
rest: what 美团 earned isn't told by a text about another company. Vectors don't tell names apart,
and Chinese writes none with capitals. The same goes for what ends as the names of companies do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from index.words import HAN
from rag.asking import Question
from rag.concepts import longest, told
from rag.folding import fold_in_place
from rag.matching import Query
from rag.names import is_pinyin

NAMES = Path(__file__).with_name("organisations.tsv")
_COMPANY = re.compile(rf"(?P<name>[{HAN}]{{2,}}?)(?:股份|控股)?(?:有限(?:责任)?公司|集团)")
# What may stand before a name, or in its place.
_BEFORE = re.compile(
    "[和与及跟或在由被向给把的该本各问查年月]|对比|比较|相比|请问|关于|对于|结合|根据|依据|按照|基于|参照|介绍|总结"
    "|分析|这个?|那个?|[这那一]家|整个"
)
LEAST_END = 4  # characters of a name that tell it from others
LEAST_PINYIN = 5  # letters of a name that is no word of another language
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
    texts = list(texts)
    known = next((name for name, heard in _named(asked, texts) if not heard), "")
    return known or _unnamed_company(asked.question, texts)


def _unnamed_company(question: Question, texts: Iterable[str]) -> str:
    """Return a Chinese company by its full name of which no text has what is its own, or "".

    Of 北京青禾科技有限公司 that is 青禾: places and lines of business are words of the glossary. As
    nothing tells where a name begins, it is heard of where a text has two characters of that, or
    the name's end.
    """
    if not question.language.startswith("zh"):
        return ""
    silent = {i for t in question.times for i in range(t.start, t.end)}
    silent |= {i for start, end in question.asking for i in range(start, end)}
    plain = "".join("\n" if i in silent else c for i, c in enumerate(question.folded))
    companies = list(_COMPANY.finditer(plain))
    said = "\n".join(map(fold_in_place, texts)) if companies else ""
    for match in companies:
        *_, before = [0, *(part.end() for part in _BEFORE.finditer(match["name"]))]
        name = match["name"][before:]
        own = list(name)
        for place in longest(told(name, "zh")):
            own[place.start : place.end] = "\n" * (place.end - place.start)
        pairs = [name[i : i + 2] for i in range(len(own) - 1) if "\n" not in own[i : i + 2]]
        ends = [match[0][before + i :] for i in range(len(name) - LEAST_END + 1)]
        if pairs and not any(part in said for part in pairs + ends):
            return question.text[match.start() + before : match.end()]
    return ""


def mentioned(asked: Query, texts: Iterable[str]) -> str:
    """Return an organisation of the question, as asked, that a text names, or ""."""
    return next((name for name, heard in _named(asked, texts) if heard), "")


def written_in_chinese(asked: Query, texts: Iterable[str]) -> list[tuple[int, int, str]]:
    """Return the places of a question's organisations, and their Chinese names, where texts have
    those."""
    places = _places(asked)
    said = "\n".join(texts) if places else ""
    return [(*span, forms[0]) for span, forms in places if forms[0] in said]


def _named(asked: Query, texts: Iterable[str]) -> list[tuple[str, bool]]:
    """Return the question's organisations, and of each whether a text names it."""
    found = _places(asked)
    if not found:
        return []
    said = "\n".join(map(fold_in_place, texts))
    return [
        (asked.question.text[start:end], any(form in said for form in forms))
        for (start, end), forms in found
    ]


def _places(asked: Query) -> list[tuple[tuple[int, int], tuple[str, ...]]]:
    """Return where a question names organisations, and each one's names."""
    starts, ends = (frozenset(side.tolist()) for side in asked.words.offsets.T)
    return [
        (span, forms) for forms in _forms() if (span := _place(asked.question, forms, starts, ends))
    ]


def _place(
    question: Question, forms: Iterable[str], starts: Collection[int], ends: Collection[int]
) -> tuple[int, int] | None:
    """Return where a question, whose words have these starts and ends, names one: between words,
    but Korean particles may follow; in Latin letters with a capital, as "apple" and "uber" are
    words too, unless it is pinyin ("meituan")."""
    for form in forms:
        at = question.folded.find(form)
        while at >= 0:
            end = at + len(form)
            hangul = "\uac00" <= form[-1] <= "\ud7a3"
            lower = form[0].isascii() and question.text[at].islower()
            lower = lower and not (len(form) >= LEAST_PINYIN and is_pinyin(form))
            if at in starts and (hangul or end in ends) and not lower:
                return at, end
            at = question.folded.find(form, at + 1)
    return None
