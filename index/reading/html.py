"""Web pages: the article's text without menus, scripts and advertisements.

``trafilatura`` finds the article. Where it finds nothing, the page has no layout to take away, or
is nested too deeply for a tree, all visible text is taken tag by tag, in linear time. Headings
come out as ``## heading`` lines either way.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from typing import Any

from index.reading.decoding import decode, tidy
from index.reading.extract import Extract

MAX_DEPTH = 200  # of open tags; deeper pages are hostile or broken
MAX_ARTICLE_CHARS = 3_000_000
MAX_TAGS = 30_000  # the article finder took 31 s for 160,000 tags, 2 s for 30,000

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)|encoding\s*=\s*["']([\w.:-]+)""", re.I)
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][\w:-]*)(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|<[a-zA-Z/!?][^<>]*>""", re.ASCII
)
_LAYOUT = re.compile(r"<(?:nav|header|footer|aside|menu)\b|\s(?:class|id|role)\s*=", re.I)
_TITLE = re.compile(r"<(title|h1)\b[^<>]*>([^<]*)", re.I)
_SPACES = re.compile(r"[^\S\n]+")
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td tr th dd dt "
    "option thead tbody tfoot".split()
)
_HIDDEN = frozenset(
    "script style noscript template title iframe object svg math select button textarea canvas "
    "audio video nav".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body br dd div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tbody thead tr ul html".split()
)


def read(data: bytes) -> Extract:
    """Return the article's text and title."""
    page = decode(data, _declared(data))
    plain = not _LAYOUT.search(page)
    found = None if plain or _hostile(page) else _article(page)
    return found or _visible(page)


def _declared(data: bytes) -> str | None:
    found = _CHARSET.search(data[:4096])
    return (found.group(1) or found.group(2)).decode("ascii", "replace") if found else None


def _hostile(page: str) -> bool:
    """Tell whether the page is too long, too finely cut or too deeply nested for a tree."""
    if len(page) > MAX_ARTICLE_CHARS:
        return True
    return sum(1 for _ in _TAG.finditer(page)) > MAX_TAGS or _depth(page) > MAX_DEPTH


def _depth(page: str) -> int:
    """Return how deeply tags are nested, roughly: tags that need no closing aside."""
    depth = deepest = 0
    for found in _TAG.finditer(page):
        if found.group(2) and found.group(2).lower() not in _VOID:
            depth = max(0, depth + (-1 if found.group(1) else 1))
            deepest = max(deepest, depth)
    return deepest


def _article(page: str) -> Extract | None:
    """Return what ``trafilatura`` takes for the article, or nothing."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # its trouble is handled here
    try:
        found = trafilatura.bare_extraction(
            page, include_comments=False, include_tables=True, favor_recall=True, with_metadata=True
        )
    except (Exception, RecursionError):
        return None  # a page it stumbles over is still read as plain body text
    if found is None or found.body is None:
        return None
    lines: list[str] = []
    for element in found.body:
        _add_lines(element, lines)
    text = _join(lines)
    return Extract(text, tidy(found.title or "")) if text else None


def _add_lines(element: Any, lines: list[str]) -> None:
    """Append the lines of one block of the article tree."""
    if not isinstance(element.tag, str):
        return
    if element.tag == "head":
        level = (element.get("rend") or "h2").lstrip("h")
        marks = "#" * (int(level) if level.isdigit() and 0 < int(level) < 7 else 2)
        lines += ["", f"{marks} {_words(element)}", ""]
    elif element.tag == "list":
        lines += ["", *(f"- {_words(item)}" for item in element.iter("item")), ""]
    elif element.tag == "table":
        for row in element.iter("row"):
            cells = [words for cell in row if (words := _words(cell))]
            lines.append(" | ".join(cells))
        lines.append("")
    elif element.tag in ("quote", "div", "body") and element.find("p") is not None:
        for child in element:
            _add_lines(child, lines)
    else:
        lines += [*_broken_lines(element), ""]


def _broken_lines(element: Any) -> list[str]:
    """Return an element's words, one string a line as ``<lb/>`` broke them."""
    parts = [element.text or ""]
    for inner in element.iterdescendants():
        parts.append("\n" if inner.tag == "lb" else (inner.text or ""))
        parts.append(inner.tail or "")
    lines = re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", "".join(parts)).split("\n")
    return [_SPACES.sub(" ", line).strip() for line in lines]


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _join(lines: list[str]) -> str:
    """Return the lines as text, at most one blank line between them."""
    return re.sub(r"\n{3,}", "\n\n", tidy("\n".join(lines))).strip("\n")


def _visible(page: str) -> Extract:
    """Return all visible text, block by block."""
    found = _TITLE.search(page)
    title = " ".join(html.unescape(found.group(2)).split()) if found else ""
    lines = "".join(_pieces(_without_comments(page))).split("\n")
    return Extract(_join([_SPACES.sub(" ", line).strip() for line in lines]), tidy(title))


def _without_comments(page: str) -> str:
    """Return the page without comments; one that is never closed is left to the tag pattern."""
    kept: list[str] = []
    position = 0
    while (start := page.find("<!--", position)) >= 0:
        end = page.find("-->", start + 4)
        if end < 0:
            break
        kept.append(page[position:start])
        position = end + 3
    return "".join(kept) + page[position:]


def _pieces(page: str) -> Iterator[str]:
    """Yield the visible text and the line ends that blocks stand for."""
    hidden = ""
    position = 0
    for tag in _TAG.finditer(page):
        if not hidden:
            yield _flat(html.unescape(page[position : tag.start()]))
        position = tag.end()
        closing, name = tag.group(1) == "/", (tag.group(2) or "").lower()
        if hidden:
            hidden = "" if closing and name == hidden else hidden
        elif name in _HIDDEN and not closing and not tag.group().endswith("/>"):
            hidden = name
        else:
            yield _break(name, closing)
    if not hidden:
        yield _flat(html.unescape(page[position:]))


def _break(name: str, closing: bool) -> str:
    """Return what a tag means for the lines: a line end, a heading's or an item's mark."""
    if re.fullmatch("h[1-6]", name):
        return "\n\n" if closing else "\n\n" + "#" * int(name[1]) + " "
    if name == "li":
        return "" if closing else "\n- "
    if name in ("td", "th"):
        return " | " if closing else ""
    return "\n" if name in _BLOCKS else ""


def _flat(text: str) -> str:
    """Return text in which line ends are spaces, as a browser shows them."""
    return re.sub(r"\s+", " ", text)
