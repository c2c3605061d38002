"""An answer as text for a terminal: the answer, then its quotes and where they stand."""

from __future__ import annotations

import os
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import TextIO

from index import Hit
from rag import Answer, Citation, Statement
from ui.evidence import duration, rest

_BOLD, _DIM, _GREEN, _YELLOW, _RED = "1", "2", "32", "33", "31"
WIDTH = 88
_NO_LINE_START = "，。、；：！？）」』》”’"


class Paint:
    """Colours where a person looks at a terminal, nothing where a program reads a pipe."""

    def __init__(self, stream: TextIO) -> None:
        self.on = stream.isatty() and "NO_COLOR" not in os.environ

    def bold(self, text: str) -> str:
        return self._in(_BOLD, text)

    def dim(self, text: str) -> str:
        return self._in(_DIM, text)

    def good(self, text: str) -> str:
        return self._in(_GREEN, text)

    def warn(self, text: str) -> str:
        return self._in(_YELLOW, text)

    def bad(self, text: str) -> str:
        return self._in(_RED, text)

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.on else text


def plain(text: str) -> str:
    """Return ``text`` without control characters, which could move a terminal's cursor."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf"} else "\ufffd" for c in text
    )


def counted(number: int, thing: str) -> str:
    """Return a number of things in English: ``1 document``, ``1,200 documents``."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def answer_text(answer: Answer, paint: Paint) -> str:
    """Return a whole answer, or a refusal with the closest passage and what can be asked."""
    if answer.refused:
        return "\n".join(_refusal(answer, paint))
    quotes = {c.number: c.quote for c in answer.citations}
    lines = [said for s in answer.sentences if (said := _statement(s, quotes, paint))]
    if not answer.sentences:
        lines = [plain(answer.text)]
    if answer.note:
        lines.insert(0, paint.dim(plain(answer.note)))
    for citation in answer.citations:
        lines += ["", *_quoted(citation, paint)]
    return "\n".join([*lines, "", paint.dim(_clock(answer))]).lstrip("\n")


def _statement(said: Statement, quotes: dict[int, str], paint: Paint) -> str:
    marks = paint.dim("".join(f"[{n}]" for n in said.citations))
    if said.objections:
        why = plain("; ".join(said.objections))
        return f"{plain(said.text)} {paint.bad(f'(not borne out: {why})')}"
    if rest(said, quotes):
        return plain(said.text)
    if not said.short:
        return ""
    beside = f" ({said.short})" if said.gloss and said.gloss != said.short else ""
    return f"{paint.bold(plain(said.gloss or said.short))}{plain(beside)} {marks}"


def _quoted(citation: Citation, paint: Paint, label: str = "") -> list[str]:
    place = f"{plain(citation.document)}, {citation.start}-{citation.end}"
    mark = label or f"[{citation.number}]"
    quote = " ".join(plain(citation.quote).split())
    return [f"{paint.good(mark)} {paint.dim(place)}", indented(quote)]


def _refusal(answer: Answer, paint: Paint) -> list[str]:
    lines = [paint.warn(plain(answer.text))]
    if answer.closest:
        lines += ["", *_quoted(answer.closest, paint, "≈")]
    if answer.suggestions:
        lines += ["", *(f"  ? {plain(q)}" for q in answer.suggestions)]
    return [*lines, "", paint.dim(_clock(answer))]


def _clock(answer: Answer) -> str:
    return duration(answer.seconds.get("total", sum(answer.seconds.values())))


def indented(text: str) -> str:
    """Return text wrapped to the width of a page, full-width characters counted as two."""
    lines, line, used = [], "", 0
    for word in textwrap.TextWrapper(width=WIDTH)._split(text):
        for piece in _pieces(word):
            wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in piece)
            if used + wide > WIDTH - 4 and line and piece not in _NO_LINE_START:
                lines.append(line)
                line, used, piece = "", 0, piece.lstrip()  # noqa: PLW2901
            line += piece
            used += wide
    return "\n".join(f"    {each.rstrip()}" for each in [*lines, line])


def _pieces(word: str) -> Sequence[str]:
    wide = any(unicodedata.east_asian_width(c) in "WF" for c in word)
    return list(word) if wide or len(word) > WIDTH - 4 else [word]


def hit_text(rank: int, hit: Hit, title: str, paint: Paint) -> str:
    """Return one result of a search."""
    place = f"{plain(title)}, {hit.start}-{hit.end}"
    head = f"{paint.good(f'{rank:>2}.')} {hit.score:.3f}  {paint.dim(place)}"
    return f"{head}\n{indented(' '.join(plain(hit.text).split()))}"
