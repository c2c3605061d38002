"""A document as escaped HTML: paragraphs with the cited sentences tinted, only what is near.

A document of megabytes is never sent whole: the page gets its beginning and what surrounds the
citations, and buttons for more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index import Document
from ui.escaping import escape
from ui.texts import Words, direction

WHOLE_CHARS = 40_000  # a text this long is shown whole
NEAR_CHARS = 4_000  # shown on either side of a citation, and more at each press of the button
BLOCK_CHARS = 1_200  # a longer line is shown in pieces, so that a file of one line works too
TINTS = 6  # colours before they repeat; style.css has as many

_LINE = re.compile(r"[^\n\r]*\S[^\n\r]*")
_HEADING = re.compile(r"\s*(#{1,6})\s+(?=\S)")
_STOP = re.compile(r"[。！？!?;；.\s]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a piece of a long one: then all pieces but the first are ``continued``."""

    start: int
    end: int
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Tint:
    """A cited span: ``anchor`` is "turn-number", ``colour`` 1 to ``TINTS``, 0 for past turns."""

    start: int
    end: int
    anchor: str
    colour: int
    question: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Blocks ``first`` to ``last`` (exclusive)."""

    first: int
    last: int


def colour(number: int) -> int:
    """Return the tint of a citation number."""
    return (number - 1) % TINTS + 1


def blocks(text: str) -> tuple[Block, ...]:
    """Cut a text into what is shown as one paragraph each; blank lines fall away."""
    found: list[Block] = []
    for line in _LINE.finditer(text):
        edges = _edges(text, line.start(), line.end())
        found += [Block(a, b, continued=a > line.start()) for a, b in pairwise(edges)]
    return tuple(found)


def _edges(text: str, start: int, end: int) -> list[int]:
    edges = [start]
    while end - edges[-1] > BLOCK_CHARS:
        limit = edges[-1] + BLOCK_CHARS
        stops = list(_STOP.finditer(text, limit - BLOCK_CHARS // 4, limit))
        edges.append(stops[-1].end() if stops else limit)
    return [*edges, end]


def windows(
    parts: Sequence[Block], focus: Iterable[tuple[int, int]], near: int = NEAR_CHARS
) -> tuple[Window, ...]:
    """Return the runs of blocks to show: the beginning, and ``near`` characters around each focus.

    ``focus`` holds spans of the text. A short text is one window.
    """
    if not parts:
        return ()
    if parts[-1].end <= WHOLE_CHARS:
        return (Window(0, len(parts)),)
    spans = [(0, near), *((max(0, a - near), b + near) for a, b in focus)]
    shown = sorted(_covered(parts, a, b) for a, b in spans)
    merged: list[Window] = []
    for first, last in shown:
        if merged and first <= merged[-1].last + 1:
            merged[-1] = Window(merged[-1].first, max(last, merged[-1].last))
        else:
            merged.append(Window(first, last))
    return tuple(merged)


def _covered(parts: Sequence[Block], start: int, end: int) -> tuple[int, int]:
    inside = [i for i, part in enumerate(parts) if part.start < end and start < part.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 1)


def tinted(text: str, start: int, end: int, tints: Sequence[Tint]) -> str:
    """Return ``text[start:end]`` escaped, with a ``<mark>`` around every cited run.

    Where spans overlap, the mark names all of them and takes the colour of the last given.
    """
    inside = [t for t in tints if t.start < end and start < t.end]
    cuts = {start, end} | {c for t in inside for c in (t.start, t.end) if start < c < end}
    pieces = []
    for a, b in pairwise(sorted(cuts)):
        over = [t for t in inside if t.start <= a and b <= t.end]
        plain = escape(text[a:b])
        pieces.append(_mark(plain, over, a, b) if over else plain)
    return "".join(pieces)


def _mark(inner: str, over: Sequence[Tint], start: int, end: int) -> str:
    """Return one tinted run; it takes focus where a span begins, its number where one ends."""
    anchors = " ".join(t.anchor for t in over)
    top = max(over, key=lambda t: (t.colour > 0, t.anchor))
    focusable = ' tabindex="0" role="button"' if any(t.start == start for t in over) else ""
    ends = top.colour > 0 and top.end == end
    number = f' data-n="{top.anchor.partition("-")[2]}"' if ends else ""
    return (
        f'<mark class="tint-{top.colour}" data-cites="{escape(anchors)}"{number}{focusable}>'
        f"{inner}</mark>"
    )


def article_html(
    document: Document,
    tints: Sequence[Tint],
    words: Words,
    grown: Sequence[tuple[int, int]] = (),
    focus: str = "",
) -> str:
    """Return the document's paragraphs; ``focus`` is the anchor the page scrolls to."""
    parts = blocks(document.text)
    shown = windows(parts, [*((t.start, t.end) for t in tints), *grown])
    body: list[str] = []
    before = 0
    for window in shown:
        body.append(_gap(parts, before, window.first, words))
        body += [_block(document, part, tints, words) for part in parts[window.first : window.last]]
        before = window.last
    body.append(_gap(parts, before, len(parts), words))
    return (
        f'<article class="text" lang="{escape(document.language)}" '
        f'dir="{direction(document.language)}" data-focus="{escape(focus)}" '
        f'data-document="{escape(document.id)}">{_title(document, parts)}{"".join(body)}</article>'
    )


def _title(document: Document, parts: Sequence[Block]) -> str:
    first = document.text[parts[0].start : parts[0].end] if parts else ""
    if _HEADING.sub("", first).strip() == document.title.strip():
        return ""
    return f'<h2 class="heading">{escape(document.title)}</h2>'


def _block(document: Document, part: Block, tints: Sequence[Tint], words: Words) -> str:
    heading = _HEADING.match(document.text, part.start, part.end)
    start = heading.end() if heading and not part.continued else part.start
    inner = tinted(document.text, start, part.end, tints)
    uses = _uses([t for t in tints if part.start < t.end and t.start < part.end], words)
    if start > part.start and heading:
        level = min(len(heading[1]) + 1, 4)
        return f'<h{level} class="heading" data-start="{part.start}">{inner}</h{level}>{uses}'
    kind = ' class="continued"' if part.continued else ""
    return f'<p{kind} data-start="{part.start}">{inner}</p>{uses}'


def _uses(tints: Sequence[Tint], words: Words) -> str:
    """Return the hidden notes that a click on a tinted sentence opens: what it answered."""
    notes = []
    for span in sorted({(t.start, t.end) for t in tints}):
        same = [t for t in tints if (t.start, t.end) == span]
        items = "".join(
            f'<li><a href="#" class="use" data-turn="{t.anchor.split("-")[0]}" dir="auto">'
            f"{escape(t.question)}</a></li>"
            for t in same
        )
        anchors = " ".join(t.anchor for t in same)
        notes.append(
            f'<aside class="uses" data-for="{escape(anchors)}" hidden>'
            f"<p>{escape(words.used)}</p><ul>{items}</ul></aside>"
        )
    return "".join(notes)


def _gap(parts: Sequence[Block], first: int, last: int, words: Words) -> str:
    """Return the buttons that stand for blocks ``first`` to ``last``."""
    if first >= last:
        return ""
    label = escape(words.more.format(n=f"{last - first:,}"))
    down = f'<button type="button" class="more" data-at="{parts[first].start}">↓ {label}</button>'
    if first == 0 or last == len(parts):
        return f'<div class="gap">{down}</div>'
    above = parts[last - 1].end
    up = f'<button type="button" class="more" data-at="{above}">↑ {label}</button>'
    return f'<div class="gap">{down}{up}</div>'
