"""Folding that keeps every offset, so what is found in the folded text is found in the text."""

from __future__ import annotations

from functools import lru_cache

from index import fold


@lru_cache(maxsize=65_536)
def _fold_char(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char.lower()[:1]


def fold_in_place(text: str) -> str:
    """Fold case, width, accents and traditional forms, one character for one character."""
    return "".join(map(_fold_char, text))
