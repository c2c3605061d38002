"""An answer as escaped HTML: the short answer, the evidence card under it, or the refusal.

Pure functions of values. Whatever a document, a question or an answer holds is escaped; the only
markup is what this file writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag import Answer, Citation, Statement
from ui.article import colour
from ui.escaping import escape
from ui.texts import Words, direction

_MARKER = re.compile(r"\[(\d{1,3})\]")
_JOINED = re.compile(r"、|; ")
_QUOTED = '“”"「」『』«»„‟‚‘’'
_STEPS = ("condense", "retrieve", "rank", "answer", "cite", "verify", "write")


def question_html(turn: int, question: str) -> str:
    """Return the bubble of what was asked."""
    lines = escape(question).replace("\n", "<br>")
    return f'<div class="asked" id="turn-{turn}" dir="auto">{lines}</div>'


def draft_html(text: str, words: Words, ahead: int = 0, model: str = "") -> str:
    """Return an answer under way: the text so far, or what is being waited for."""
    by = _by(model, words) if model else ""
    if text:
        inner = f'<p class="prose" dir="auto">{_MARKER.sub("", escape(text))}</p>'
    else:
        said = words.waiting.format(n=ahead) if ahead else words.working
        dots = '<span class="dots" aria-hidden="true"></span>'
        inner = f'<p class="working">{dots}{escape(said)}</p>'
    return f'<div class="answer draft" aria-busy="true">{by}{inner}</div>'


def quick_html(answer: Answer, words: Words) -> str:
    """Return the quoted answer that stands above a language model's, labelled, without links."""
    label = escape(words.quick)
    leads = [s.gloss or s.short for s in answer.sentences if s.gloss or s.short]
    said = "".join(
        f'<p class="lead"><bdi class="clause">{escape(lead)}</bdi></p>' for lead in leads
    )
    quotes = "".join(
        f'<blockquote dir="auto">{escape(c.quote)}</blockquote>' for c in answer.citations
    )
    return (
        f'<details class="quick" open><summary class="by">{label} · '
        f"{duration(answer.seconds.get('total', 0.0))}</summary>{said}{quotes}</details>"
    )


def answer_html(
    answer: Answer, turn: int, words: Words, counts: Mapping[str, int], rating: str = ""
) -> str:
    """Return a finished answer with its evidence, or a refusal, and the footer."""
    inner = _refusal(answer, turn, words) if answer.refused else _answered(answer, turn, words)
    kind = "answer refused" if answer.refused else "answer"
    if answer.model:
        inner = _by(answer.model, words) + inner
    return (
        f'<div class="{kind}" data-turn="{turn}">{inner}'
        f"{footer_html(answer, turn, words, counts, rating)}</div>"
    )


def _by(model: str, words: Words) -> str:
    """Return whose words follow: the last part of a model's id or folder."""
    name = model.rstrip("/").rpartition("/")[2] or model
    return f'<p class="by">{escape(words.written.format(name=name))}</p>'


def notice_html(title: str, message: str = "") -> str:
    """Return a failure, where it happened."""
    said = f'<p dir="auto">{escape(message)}</p>'.replace("\n", "<br>") if message else ""
    return f'<div class="notice" role="alert"><strong>{escape(title)}</strong>{said}</div>'


def done_html(title: str) -> str:
    """Return word of something that went well."""
    return f'<div class="notice well" role="status">{escape(title)}</div>'


def stopped_html(text: str, turn: int, question: str, words: Words) -> str:
    """Return what there was of an answer when it was stopped."""
    said = f'<p class="prose" dir="auto">{_MARKER.sub("", escape(text))}</p>' if text else ""
    return (
        f'<div class="answer">{said}<div class="foot"><span class="stopped">'
        f"{escape(words.stopped)}</span>{_retry(turn, question, words)}</div></div>"
    )


def failed_html(failure: tuple[str, str], turn: int, question: str, words: Words) -> str:
    """Return why there is no answer, and the way to try again."""
    again = f'<div class="foot">{_retry(turn, question, words)}</div>'
    return f'<div class="answer">{notice_html(*failure)}{again}</div>'


def reference(turn: int, number: int, words: Words) -> str:
    """Return ``[n]`` as a link into the article."""
    label = escape(words.go.format(n=number))
    return (
        f'<a class="ref tint-{colour(number)}" href="#" data-cite="{turn}-{number}" '
        f'aria-label="{label}" title="{label}">{number}</a>'
    )


def linked(text: str, turn: int, known: Sequence[int], words: Words) -> str:
    """Return text escaped, with the markers of ``known`` citations as links."""

    def link(found: re.Match[str]) -> str:
        number = int(found[1])
        return reference(turn, number, words) if number in known else found[0]

    return _MARKER.sub(link, escape(text))


def _answered(answer: Answer, turn: int, words: Words) -> str:
    known = [c.number for c in answer.citations]
    quotes = {c.number: c.quote for c in answer.citations}
    if answer.model:
        leads = _written(answer, turn, known, words)
    else:
        leads = "".join(_statement(s, quotes, turn, known, words) for s in answer.sentences)
    if not answer.sentences:
        leads = f'<p class="prose">{linked(answer.text, turn, known, words)}</p>'
    cards = "".join(_card(c, _of(answer.sentences, c), turn, words) for c in answer.citations)
    way = direction(answer.language)
    if answer.note:
        leads = f'<p class="note">{escape(answer.note)}</p>{leads}'
    return (
        f'<div class="leads" lang="{escape(answer.language)}" dir="{way}">{leads}</div>'
        f'<div class="cards">{cards}</div>'
    )


def _written(answer: Answer, turn: int, known: Sequence[int], words: Words) -> str:
    """Return a model's statements as running text, those that nothing bears marked."""
    html, at = "", 0
    for said in answer.sentences:
        start = answer.text.index(said.text, at)
        gap = answer.text[at:start]
        html += '</p><p class="prose">' if "\n" in gap and html else escape(gap)
        shown = linked(said.text, turn, known, words)
        if said.objections:
            why = escape("; ".join(said.objections))
            doubt = f'<span class="doubt" title="{why}">{escape(words.unsupported)}</span>'
            shown = f'<span class="unsupported">{shown}</span> {doubt}'
        html += shown
        at = start + len(said.text)
    return f'<p class="prose">{html}</p>'


def _of(statements: Sequence[Statement], citation: Citation) -> list[Statement]:
    return [s for s in statements if citation.number in s.citations]


def _statement(
    said: Statement, quotes: Mapping[int, str], turn: int, known: Sequence[int], words: Words
) -> str:
    """Return the short answer large; what is nothing but a quote is left to its card."""
    refs = "".join(reference(turn, n, words) for n in said.citations if n in known)
    if rest(said, quotes):
        return f'<p class="prose">{linked(said.text, turn, known, words)}</p>'
    if not said.short:
        return ""
    main = said.gloss or said.short
    beside = f' <bdi class="beside">{escape(said.short)}</bdi>' if main != said.short else ""
    size = "short" if len(main) <= 40 else "clause"
    return f'<p class="lead"><bdi class="{size}">{escape(main)}</bdi>{beside} {refs}</p>'


def rest(said: Statement, quotes: Mapping[int, str]) -> str:
    """Return the letters and digits a statement holds besides its short answer and its quotes."""
    rest = " ".join(_MARKER.sub("", said.text).split())
    known = [" ".join(quotes[n].split()) for n in said.citations if n in quotes]
    for part in [*known, *_parts(said.gloss), *_parts(said.short)]:
        rest = rest.replace(part, " ")
    return "".join(c for c in rest if c.isalnum())


def _parts(short: str) -> list[str]:
    return [part for part in [short, *_JOINED.split(short)] if part]


def _card(citation: Citation, statements: Sequence[Statement], turn: int, words: Words) -> str:
    pairs = [(s.short, s.gloss) for s in statements]
    glossed = "".join(
        f'<p class="gloss"><bdi>{escape(short)}</bdi> = <bdi>{escape(gloss)}</bdi></p>'
        for short, gloss in pairs
        if gloss and gloss != short
    )
    alone = "" if any(short for short, _ in pairs) else " alone"
    quote = highlighted(citation.quote, [part for short, _ in pairs for part in _parts(short)])
    return (
        f'<figure class="card tint-{colour(citation.number)}{alone}" '
        f'data-cite="{turn}-{citation.number}">'
        f"<figcaption>{reference(turn, citation.number, words)} "
        f"<span>{escape(words.evidence)} ·</span> "
        f"<bdi>{escape(citation.document)}</bdi></figcaption>"
        f'<blockquote dir="auto">{quote}</blockquote>{glossed}</figure>'
    )


def highlighted(quote: str, shorts: Sequence[str]) -> str:
    """Return a quote escaped, each of ``shorts`` in it emphasised at its first place."""
    spans = sorted((at, at + len(s)) for s in shorts if s and (at := quote.find(s)) >= 0)
    pieces, done = [], 0
    for start, end in spans:
        if start < done:
            continue
        pieces += [escape(quote[done:start]), f"<b>{escape(quote[start:end])}</b>"]
        done = end
    return "".join([*pieces, escape(quote[done:])])


def _refusal(answer: Answer, turn: int, words: Words) -> str:
    parts = [
        f'<p class="refusal"><span class="badge">{escape(words.refused)}</span></p>'
        f'<p class="prose" dir="auto">{escape(answer.text)}</p>'
    ]
    if answer.closest:
        parts.append(_closest(answer.closest, turn, words))
    if answer.suggestions:
        parts.append(
            f'<p class="offer">{escape(words.offered)}</p>{choices_html(answer.suggestions[:2])}'
        )
    return "".join(parts)


def _closest(closest: Citation, turn: int, words: Words) -> str:
    return (
        f'<figure class="card closest" data-cite="{turn}-0"><figcaption>'
        f'<a href="#" class="see" data-cite="{turn}-0">{escape(words.closest)}</a> · '
        f"<bdi>{escape(closest.document)}</bdi></figcaption>"
        f'<blockquote dir="auto">{escape(closest.quote)}</blockquote></figure>'
    )


def choices_html(questions: Sequence[str]) -> str:
    """Return questions as buttons that ask them."""
    buttons = "".join(
        f'<button type="button" class="choice" data-ask="{escape(q)}" dir="auto">'
        f"{escape(q)}</button>"
        for q in questions
    )
    return f'<div class="choices">{buttons}</div>'


def footer_html(
    answer: Answer, turn: int, words: Words, counts: Mapping[str, int], rating: str = ""
) -> str:
    """Return the line under an answer: the clock, what was read, the ratings, once more."""
    told = [duration(answer.seconds.get("total", sum(answer.seconds.values())))]
    told += [
        template.format(n=counts[key])
        for key, template in (("found", words.found), ("read", words.read))
        if key in counts
    ]
    shown = " · ".join(f"<bdi>{escape(part)}</bdi>" for part in told)
    return (
        f'<div class="foot"><details class="clock"><summary>{shown}</summary>'
        f"<p>{escape(steps(answer, words))}</p></details>"
        f"{_rating(turn, 'good', words.good, rating)}{_rating(turn, 'bad', words.bad, rating)}"
        f"{_retry(turn, answer.question, words)}"
        f'<span class="thanks" role="status">{escape(words.thanks) if rating else ""}</span></div>'
    )


def _retry(turn: int, question: str, words: Words) -> str:
    return (
        f'<button type="button" class="tool retry" data-retry="{turn}" '
        f'data-ask="{escape(question)}" aria-label="{escape(words.retry)}" '
        f'title="{escape(words.retry)}">{_RETRY}</button>'
    )


def _rating(turn: int, verdict: str, label: str, rating: str) -> str:
    return (
        f'<button type="button" class="tool" data-rate="{verdict}" data-turn="{turn}" '
        f'aria-pressed="{str(rating == verdict).lower()}" aria-label="{escape(label)}" '
        f'title="{escape(label)}">{_THUMBS[verdict]}</button>'
    )


def steps(answer: Answer, words: Words) -> str:
    """Return the time of each step in words."""
    taken = [(name, answer.seconds[name]) for name in _STEPS if name in answer.seconds]
    return " · ".join(f"{getattr(words, name)} {duration(seconds)}" for name, seconds in taken)


def duration(seconds: float) -> str:
    """Return a time as people read it: ``38 ms``, ``1.4 s``."""
    if seconds < 0.001:
        return "<1 ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else f"{seconds:.1f} s"


def _icon(path: str) -> str:
    return (
        '<svg viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
        f"{path}</svg>"
    )


_UP = (
    '<path d="M7 11v9H4a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h3zm0 0 4-8a2.5 2.5 0 0 1 2.5 2.5V9H19a2 2 0 '
    '0 1 2 2.3l-1.2 7A2 2 0 0 1 17.800 20H7"/>'
)
_THUMBS = {
    "good": _icon(_UP),
    "bad": _icon(f'<g transform="rotate(180 12 12)">{_UP}</g>'),
}
_RETRY = _icon('<path d="M20 11a8 8 0 1 0-2.300 5.700M20 4v7h-7"/>')
