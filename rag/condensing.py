"""Follow-up questions: what the conversation already said is put back in.

「那毛利率呢？」 after 「二季度总营收是多少？」 means 「二季度毛利率是多少？」. A follow-up names either
another thing (it takes the place of the earlier subject) or another time (it takes the place of
the earlier time); with a pronoun, the earlier subject is added. No model is needed for that, and
the condensed question is shown, so a wrong reading can be seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import detect
from rag.asking import Question, parse, parts
from rag.numbers import times
from rag.types import Turn

_ELLIPSIS: dict[str, re.Pattern[str]] = {
    "zh": re.compile(
        r"^(?:那么|那|还有|再说|至于)?[,，]?\s*(?P<topic>.{1,30}?)\s*(?:又)?(?:呢|如何呢|怎么样)[?？]*$"
        r"|^(?:那么|那|还有)[,，]?\s*(?P<bare>.{1,20}?)[?？]*$"
    ),
    "ja": re.compile(r"^(?:では|じゃあ|それでは|ちなみに)?[、,]?\s*(?P<topic>.{1,30}?)(?:は|については)?[?？]*$"),
    "ko": re.compile(r"^(?:그럼|그러면|그리고)?\s*(?P<topic>.{1,30}?)(?:은|는|은요|는요)?[?？]*$"),
    "en": re.compile(
        r"^(?:and|but|so|ok(?:ay)?)?,?\s*(?:what about|how about|and)\s+(?P<topic>.{1,60}?)[?]*$"
        r"|^and,?\s+(?P<bare>.{1,60}?)[?]*$", re.IGNORECASE
    ),
    "es": re.compile(r"^[¿\s]*y\s+(?:que hay de\s+|en\s+)?(?P<topic>.{1,60}?)[?]*$", re.IGNORECASE),
    "fr": re.compile(r"^et\s+(?:pour\s+|en\s+)?(?P<topic>.{1,60}?)[\s?]*$", re.IGNORECASE),
    "de": re.compile(r"^und\s+(?:was ist mit\s+|wie ist es mit\s+|bei\s+)?(?P<topic>.{1,60}?)[?]*$",
                     re.IGNORECASE),
    "it": re.compile(r"^e\s+(?P<topic>.{1,60}?)[?]*$", re.IGNORECASE),
    "pt": re.compile(r"^e\s+(?P<topic>.{1,60}?)[?]*$", re.IGNORECASE),
    "ru": re.compile(r"^а\s+(?:как насч[её]т\s+)?(?P<topic>.{1,60}?)[?]*$", re.IGNORECASE),
    "ar": re.compile(r"^و(?:ماذا عن\s+)?(?P<topic>.{1,60}?)[?؟]*$"),
}  # fmt: skip
_PRONOUN: dict[str, re.Pattern[str]] = {
    "zh": re.compile(r"^(?:那|那么)?(?:他们?|她们?|它们?|这家公司|该公司|这|其)(?!些)"),
    "en": re.compile(r"\b(?:it|its|they|their|them|he|his|him|she|her|this|that|these)\b", re.I),
    "ja": re.compile(r"^(?:それ|その|彼|彼女|これ)"),
    "ko": re.compile(r"^(?:그것|그는|그녀|이것|그 )"),
    "de": re.compile(r"\b(?:er|sie|es|sein|seine|ihr|ihre|das|dies)\b", re.I),
    "fr": re.compile(r"\b(?:il|elle|ils|elles|son|sa|ses|leur|cela)\b", re.I),
    "es": re.compile(r"\b(?:él|ella|ellos|su|sus|eso|esto)\b", re.I),
    "ru": re.compile(r"\b(?:он|она|оно|они|его|её|их)\b", re.I),
}  # fmt: skip
# Japanese and Korean follow-ups have no fixed opening; only a short topic without a verb is one.
_SHORT_TOPIC = 14


def condense(question: str, history: Sequence[Turn]) -> Question:
    """Return the question as it would stand alone; unchanged where it already does."""
    asked = parse(question)
    if not history:
        return asked
    before = _last_full(history)
    topic = _topic(asked)
    if topic:
        return parse(_replaced(before, topic), _language(asked, before))
    pronoun = _PRONOUN.get(asked.language.split("-")[0])
    # In "Who leads it and what did she say?" the second pronoun is of the question's own.
    if pronoun and pronoun.search(parts(asked)[0].text):
        return parse(f"{asked.text} ({_subject(before)})", asked.language)
    return asked


def _last_full(history: Sequence[Turn]) -> Question:
    """Return the last question, itself condensed against those before it."""
    return condense(history[-1].question, history[:-1])


def _language(asked: Question, before: Question) -> str:
    """Keep the conversation's language where a follow-up is too short to tell."""
    known = detect(asked.text)
    return before.language if known == "und" or len(asked.text) < 12 else known


def _topic(asked: Question) -> str:
    base = asked.language.split("-")[0]
    if base in {"ja", "ko"} and len(asked.text) > _SHORT_TOPIC:
        return ""
    pattern = _ELLIPSIS.get(base)
    match = pattern.match(asked.text) if pattern else None
    if match is None:
        return ""
    topic = next((group for group in match.groups() if group), "").strip(" ,，、。")
    # "And who is the CEO?" is a whole question behind a conjunction.
    whole = any(start <= 1 for start, _ in parse(topic).asking) if topic else False
    return "" if whole else topic


def _replaced(before: Question, topic: str) -> str:
    """Put another time, or another subject, into the earlier question."""
    new_times = times(topic)
    spaced = not before.language.startswith(("zh", "ja"))
    gap = " " if spaced else ""
    if new_times and _covers(topic, [(t.start, t.end) for t in new_times]):
        rest = _without(before.text, [(t.start, t.end) for t in before.times])
        return f"{topic}{gap}{rest}" if not spaced else f"{rest.rstrip('?？ ')} {topic}?"
    when = gap.join(before.text[t.start : t.end] for t in before.times if not new_times)
    if before.language.startswith("zh"):
        return f"{when}{topic}{_tail(before)}"
    return " ".join(part for part in (_head(before), topic, when) if part) + "?"


def _covers(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a text is hardly more than the spans."""
    rest = _without(text, spans)
    return sum(c.isalnum() for c in rest) <= max(4, len(text) // 3)


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return " ".join(text.split())


def _tail(before: Question) -> str:
    """Return how the earlier question ended, such as 是多少？."""
    if not before.asking:
        return "？"
    start = min(start for start, _ in before.asking)
    verb = re.search(
        r"(?:同比|环比)?(?:分别)?(?:是|为|有|达到|达|增长了|增长|下降了|下降|占)$",
        before.text[:start],
    )
    return before.text[verb.start() if verb else start :]


def _head(before: Question) -> str:
    """Return how the earlier question began, such as "How much was"."""
    if not before.asking:
        return ""
    end = min(end for _, end in before.asking)
    following = re.match(
        r"\s+(?:is|was|are|were|did|do|does|es|son|fue|est|était|ist|war|sind|waren|è|era|foi|был[аои]?)\b",
        before.text[end:], re.IGNORECASE,
    )  # fmt: skip
    return before.text[: end + (following.end() if following else 0)].strip()


def _subject(before: Question) -> str:
    """Return the earlier question without its question words."""
    return _without(before.text, before.asking).strip("?？ ,，")
