"""Questions a text can answer, offered where one can't be answered.

A topic is what a clause says something of: in Chinese the words before its verb of amount, in
spaced scripts names and repeated words. Every suggestion was put to the answerer first, and only
those it answers are offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index import Corpus, Span
from rag.matching import is_unspaced
from rag.numbers import find
from rag.phrases import phrases

MOST_SENTENCES = 200  # of a large corpus only the retrieved part is looked at
MOST_TRIED = 12

_CHINESE_TOPIC = re.compile(
    r"(?:^|[,，;；。:：、\s])(?:[^,，;；。:：、\s]{0,6}?(?:季度|年|月|日|期内|上半年|下半年|其中|同时|此外|另外|目前))?"
    r"(?P<topic>[\u4e00-\u9fffA-Za-z0-9“”《》+]{2,12}?)"
    r"(?:已经|已|则|也|均|共|累计|同比|环比|较上年|再)*"
    r"(?:增长|下降|上升|提升|达到|达|为|实现|突破|约为|创|占|超过|减少|上涨)"
)
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+(?:of|the|de|[A-Z])[\w’'-]*){0,3}")
_WORD = re.compile(r"[^\W\d_]{5,}")
# A clause that begins so is about what an earlier one named.
_DANGLING = re.compile(
    r"^(?:同比|环比|同期|本季|当季|全年|目前|此前|这|那|其|该|此|并|而|且|但|也|将|以|在|对|从|由|使|让|把|被|与|和|的|了|是|有|就|都|还|又)"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something a sentence says something of."""

    words: str
    sentence: Span
    with_figure: bool


def topics(corpus: Corpus, sentences: Sequence[Span]) -> list[Topic]:
    """Return the topics of sentences, each once, in order."""
    found: dict[str, Topic] = {}
    for span in sentences[:MOST_SENTENCES]:
        text = corpus.text(span)
        figures = bool(find(text))
        for words in _topics(text):
            found.setdefault(words, Topic(words, span, figures))
    return sorted(found.values(), key=lambda topic: not topic.with_figure)


def _topics(text: str) -> Iterator[str]:
    unspaced = sum(map(is_unspaced, text)) > len(text) / 4
    if unspaced:
        for match in _CHINESE_TOPIC.finditer(text):
            topic = match["topic"]
            if not _DANGLING.match(topic) and not topic[0].isdigit():
                yield topic
    else:
        for match in _NAME.finditer(text):
            if match.start() > 0:
                yield match[0]
        for match in _WORD.finditer(text):
            if len(match[0]) >= 8:
                yield match[0].lower()


def suggest(
    corpus: Corpus,
    near: Sequence[Span],
    language: str,
    answers: Callable[[str], bool],
    count: int = 2,
) -> tuple[str, ...]:
    """Return questions about ``near`` that ``answers`` accepts, in the asker's language."""
    words = phrases(language)
    offered: list[str] = []
    used: set[Span] = set()
    for topic in topics(corpus, near)[:MOST_TRIED]:
        if topic.sentence in used:
            continue
        same = corpus.documents[topic.sentence.document_id].language.startswith("zh")
        form = words.figure if topic.with_figure and same and language[:2] == "zh" else words.ask
        question = form.format(topic.words)
        if answers(question):
            offered.append(question)
            used.add(topic.sentence)
        if len(offered) == count:
            break
    return tuple(offered)
