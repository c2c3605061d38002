"""Web pages: the article's text without menus, scripts and advertisements.

``trafilatura`` finds the article; where it finds nothing, or the page is nested too deeply for
it, all visible text of the body is taken. Headings come out as ``## heading`` lines.
"""

from __future__ import annotations

import re
from typing import Any

from index.reading.decoding import decode, tidy
from index.reading.extract import Extract

MAX_DEPTH = 200  # of open tags; deeper pages are hostile or broken
MAX_ARTICLE_CHARS = 3_000_000  # beyond it the article finder takes minutes

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)|encoding\s*=\s*["']([\w.:-]+)""", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_SPACES = re.compile(r"[^\S\n]+")
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td tr th dd dt "
    "option thead tbody tfoot".split()
)
_HIDDEN = frozenset(
    "script style noscript template head title iframe object svg math select button textarea "
    "canvas audio video nav".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body br dd div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tbody thead tr ul html".split()
)


def read(data: bytes) -> Extract:
    """Return the article's text and title."""
    page = decode(data, _declared(data))
    if not _TAG.search(page):
        return Extract(page)
    hostile = _depth(page) > MAX_DEPTH or len(page) > MAX_ARTICLE_CHARS
    found = None if hostile else _article(page)
    return found or _body(page)


def _declared(data: bytes) -> str | None:
    found = _CHARSET.search(data[:4096])
    return (found.group(1) or found.group(2)).decode("ascii", "replace") if found else None


def _depth(page: str) -> int:
    """Return how deeply tags are nested, roughly: tags that need no closing aside."""
    depth = deepest = 0
    for found in _TAG.finditer(page):
        if found.group(2).lower() not in _VOID:
            depth = max(0, depth + (-1 if found.group(1) else 1))
            deepest = max(deepest, depth)
    return deepest


def _article(page: str) -> Extract | None:
    """Return what ``trafilatura`` takes for the article, or nothing."""
    import trafilatura

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


def _body(page: str) -> Extract:
    """Return all visible text, block by block, without recursion."""
    from lxml import etree

    parser = etree.HTMLParser(recover=True, huge_tree=True, remove_comments=True, encoding="utf-8")
    root = etree.fromstring(page.encode("utf-8"), parser)
    if root is None:
        return Extract("")
    parts: list[str] = []
    hidden: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if hidden is None and event == "start":
            hidden = element if element.tag in _HIDDEN else None
            parts.append(_opening(element) if hidden is None else "")
        elif event == "end" and (hidden is None or hidden is element):
            hidden = None
            parts.append("\n" if element.tag in _BLOCKS else " " if element.tag == "td" else "")
            parts.append(_flat(element.tail))
    title = root.findtext(".//title") or root.findtext(".//h1") or ""
    lines = [_SPACES.sub(" ", line).strip() for line in "".join(parts).split("\n")]
    return Extract(_join(lines), " ".join(title.split()))


def _opening(element: Any) -> str:
    """Return what starts an element: a line end, a heading's marks, its first words."""
    tag = element.tag
    before = "\n" if tag in _BLOCKS else ""
    if re.fullmatch("h[1-6]", tag):
        before = "\n\n" + "#" * int(tag[1]) + " "
    elif tag == "li":
        before = "\n- "
    return before + _flat(element.text)


def _flat(text: str | None) -> str:
    """Return text in which line ends are spaces, as a browser shows them."""
    return re.sub(r"\s+", " ", text or "")
