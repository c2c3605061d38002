"""What stands around the conversation: header, empty state, question box, the article pane."""

from __future__ import annotations

from collections.abc import Sequence

from index import Document
from ui.escaping import escape
from ui.evidence import choices_html
from ui.texts import LANGUAGES, Words, direction

MAX_UPLOAD_MB = 32
LISTED_DOCUMENTS = 200  # a longer list of names is no longer a choice


def option_html(value: str, label: str, *, chosen: bool) -> str:
    """Return one choice of a select."""
    mark = " selected" if chosen else ""
    return f'<option value="{escape(value)}"{mark}>{escape(label)}</option>'


def header_html(words: Words, sources: Sequence[tuple[str, str]], source: str) -> str:
    """Return the bar at the top; ``sources`` are pairs of value and label."""
    corpora = "".join(option_html(v, label, chosen=v == source) for v, label in sources)
    languages = "".join(
        option_html(code, name, chosen=code == words.language) for code, name in LANGUAGES.items()
    )
    return (
        f'<header class="top" data-language="{words.language}" '
        f'data-direction="{direction(words.language)}">'
        '<div class="brand"><span class="seal" aria-hidden="true">引</span>'
        '<h1>Yinju <span lang="zh">引据</span></h1>'
        f'<span class="tagline">{escape(words.tagline)}</span></div>'
        f'<nav class="tabs"><button type="button" data-tab="chat">{escape(words.chat)}</button>'
        f'<button type="button" data-tab="article">{escape(words.article)}</button></nav>'
        f"{_add(words)}"
        f'<select class="pick corpus" data-pick="corpus" aria-label="{escape(words.corpus)}" '
        f'title="{escape(words.corpus)}">{corpora}</select>'
        f'<select class="pick language" data-pick="language" aria-label="{escape(words.switch)}" '
        f'title="{escape(words.switch)}">{languages}</select>'
        f"</header>"
    )


def intro_html(words: Words, title: str, examples: Sequence[str]) -> str:
    """Return the empty state: what is asked, what Yinju does, questions to start with."""
    asked = f'<p class="try">{escape(words.examples)}</p>{choices_html(examples)}'
    return (
        f'<section class="intro"><h2 dir="auto">{escape(title)}</h2>'
        f'<p class="scope">{escape(words.scope)}</p>{asked if examples else ""}</section>'
    )


def composer_html(words: Words) -> str:
    """Return the question box with its three buttons."""
    return (
        f'<div class="notice lost" role="alert" hidden>{escape(words.lost)}</div>'
        '<form class="composer" autocomplete="off">'
        f'<textarea id="question" rows="1" maxlength="4000" dir="auto" '
        f'aria-label="{escape(words.placeholder)}" placeholder="{escape(words.placeholder)}">'
        "</textarea>"
        f'<button type="button" class="stop" title="Esc">{_STOP}{escape(words.stop)}</button>'
        f'<button type="button" class="send" title="Enter">{escape(words.ask)}</button></form>'
        f'<p class="below"><button type="button" class="clear">{escape(words.clear)}</button></p>'
    )


def pane_html(
    words: Words, body: str, documents: Sequence[Document], shown: str, *, notices: str = ""
) -> str:
    """Return the article pane: which document, its text, where files are dropped.

    ``body`` and ``notices`` are HTML; notices tell what became of the files just added.
    """
    return (
        f'<section class="pane" aria-label="{escape(words.article)}" tabindex="-1">'
        f"{_documents(words, documents, shown)}"
        f'<div class="notices">{notices}</div>{body}'
        f'<footer class="drop" data-max="{MAX_UPLOAD_MB}" data-large="{escape(words.large)}">'
        f"<p>{escape(words.drop)}</p>{_add(words)}"
        f'<p class="local">{escape(words.local)}</p></footer></section>'
    )


def _add(words: Words) -> str:
    label = escape(words.add)
    inner = f"{_PLUS}<span>{label}</span>"
    return f'<button type="button" class="add" aria-label="{label}">{inner}</button>'


def _documents(words: Words, documents: Sequence[Document], shown: str) -> str:
    """Return the choice of document, or its size where there is but one."""
    if len(documents) == 1:
        return ""
    listed = list(documents[:LISTED_DOCUMENTS])
    listed += [d for d in documents[LISTED_DOCUMENTS:] if d.id == shown]
    options = "".join(option_html(d.id, d.title, chosen=d.id == shown) for d in listed)
    return (
        f'<div class="which"><select class="pick" data-pick="document" '
        f'aria-label="{escape(words.document)}">{options}</select></div>'
    )


_STOP = (
    '<svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">'
    '<rect width="12" height="12" rx="2" fill="currentColor"/></svg> '
)
_PLUS = (
    '<svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">'
    '<path d="M6 1v10M1 6h10" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>'
    "</svg> "
)
