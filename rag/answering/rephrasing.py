"""Other words for a question, nearer to those of the text it is asked of.

The reader is asked in them, and learns from questions put into them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rag.answering.spans import Sentence
from rag.asking import Question
from rag.concepts import told
from rag.matching import Query, written
from rag.numbers import Period, Time, anchored, times, wholly_its_own
from rag.organisations import mentioned, written_in_chinese
from rag.rewording import reworded

COMPANY = "公司"
PERIOD_CHARS = 20_000  # of a text are looked at for the year and quarter it is of
_ORGANISATION = re.compile(r"(?<!\w)\w{2,20}?(?:集团|控股|股份|有限|责任)*(?:公司|集团)(?!公司)")
# A subject is what a title begins with and the text says again and again, as far as that holds.
SUBJECT_SAID = 3
SUBJECT_WHOLE = 0.7  # of the times that its first two characters are said
SUBJECT_LONGEST = 12
_FIRST_WORD = re.compile(r"[#\s「《“\"]*(?P<latin>[A-Za-z][A-Za-z0-9]+)?(?P<han>[\u4e00-\u9fff]*)")


def period_of(text: str) -> Period:
    """Return the year and the quarter of it that a text names most, which is what it means by
    "this year" and "this quarter"."""
    told = times(text[:PERIOD_CHARS])
    year = _most(time.year for time in told)
    return Period(year, _most(time.quarter for time in told if time.year in (year, None)))


def _most(found: Iterable[int | None]) -> int | None:
    """Return what is found most often, the first of several."""
    counts = Counter(value for value in found if value is not None)
    return counts.most_common(1)[0][0] if counts else None


def own_times(question: Question, period: Period) -> list[Time]:
    """Return the times of a question that a text of this period is of, which its sentences hardly
    name again. A half of the year is none where the text is of a quarter."""
    return [time for time in question.times if wholly_its_own(anchored(time, period), period)]


def without(text: str, unsaid: Sequence[Time]) -> str:
    """Return a question without times that it names."""
    for time in sorted(unsaid, key=lambda time: -time.start):
        text = text[: time.start] + text[time.end :]
    return text.strip(" ,，、")


def in_words_of(
    asked: Query, sentences: Sequence[Sentence], language: str, unsaid: Sequence[Time] = ()
) -> str:
    """Return a question with the words that the glossary knows in the sentences' language, and its
    names as they write them; of several meanings one that a sentence names is taken. What is
    ``unsaid`` is left out."""
    likely = frozenset[int]().union(*(sentence.concepts for sentence in sentences))
    texts = [sentence.text for sentence in sentences]
    names = [(time.start, time.end, "") for time in unsaid]
    for name in (*written(asked, texts), *written_in_chinese(asked, texts)):
        if not any(name[0] < end and start < name[1] for start, end, _ in names):
            names.append(name)
    return reworded(asked.question, asked.words.told, language, likely, names, texts)


def without_subject(
    asked: Query, lead: Sequence[str], texts: Sequence[str], unsaid: Sequence[Time] = ()
) -> str:
    """Return a Chinese question with "the company" for the organisation that a text begins with,
    or "": sentences hardly name it again.

    ``lead`` is what the text begins with, ``texts`` more of it. The name has to be whole: 北岸矿业
    is not 南岸矿业. What is ``unsaid`` is left out.
    """
    question = without(asked.question.text, unsaid)
    names = [match[0] for match in _ORGANISATION.finditer(question)]
    if asked.question.language.startswith("zh"):
        names.append(mentioned(asked, lead))
        names += [subject(text, texts) for text in lead]
    for name in names:
        if name and name in question and any(name in text for text in lead):
            return question.replace(name, COMPANY)
    return ""


def subject(title: str, texts: Sequence[str]) -> str:
    """Return the name that a Chinese title begins with, as far as ``texts`` tell, or ""."""
    first = _FIRST_WORD.match(title)
    if not first:
        return ""
    if first["latin"]:
        return first["latin"] if _said(first["latin"], texts) >= SUBJECT_SAID else ""
    found, often = "", _said(first["han"][:2], texts)
    for size in range(2, min(SUBJECT_LONGEST, len(first["han"])) + 1):
        said = _said(first["han"][:size], texts)
        if said < max(SUBJECT_SAID, SUBJECT_WHOLE * often):
            break
        found = first["han"][:size]
    known = any(place.start == 0 for place in told(found, "zh"))  # 付费用户, 半年
    return "" if known else found


def _said(name: str, texts: Sequence[str]) -> int:
    return sum(text.count(name) for text in texts) if name else 0
