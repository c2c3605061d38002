"""Markdown: the text stays as it is, so that offsets point into what the author wrote."""

from __future__ import annotations

import re

from index.reading.decoding import decode
from index.reading.extract import Extract, first_heading

_FRONT_MATTER = re.compile(r"\A---\n(.{0,10000}?)\n(?:---|\.\.\.)\n+", re.DOTALL)
_TITLE_FIELD = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)


def read(data: bytes) -> Extract:
    """Return the text without front matter; the title is the front matter's or the heading's."""
    text = decode(data)
    title = ""
    if front := _FRONT_MATTER.match(text):
        named = _TITLE_FIELD.search(front.group(1))
        title = named.group(1) if named else ""
        text = text[front.end() :]
    return Extract(text, title or first_heading(text))
