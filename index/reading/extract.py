"""What a format's reader hands over."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TITLE_CHARS = 80

_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file and its title, "" where the format names none."""

    text: str
    title: str = ""


def first_heading(text: str) -> str:
    """Return the words of the first marked heading, or ""."""
    found = _HEADING.search(text)
    return found.group(1) if found else ""


def first_short_line(text: str) -> str:
    """Return the first line if it is short enough to be a title and isn't a sentence, or ""."""
    line = next((line.strip() for line in text.split("\n", 50) if line.strip()), "")
    ended = line.endswith(tuple("。！？；，.!?;,、：:"))
    return "" if len(line) > MAX_TITLE_CHARS or ended else line.lstrip("# ")
