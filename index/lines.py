"""Tell line ends that end something from those where prose was only wrapped to a width."""

from __future__ import annotations

import re
from itertools import pairwise

# Han, kana, Hangul, their punctuation and full-width forms: scripts written without (or hardly
# with) spaces between sentences, where a mark needs no space after it.
CJK = re.compile(
    "[\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u3130-\u318f\u31f0-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
MIN_WIDTH, MAX_WIDTH = 40, 120
LONG_LINE = 60

_STARTS_ITEM = re.compile(r"\s*(?:[-*+•·#>|=~`]|\d{1,3}[.)、]\s|[（(]\w{1,3}[)）])")


def wrapped_line_ends(text: str) -> frozenset[int]:
    """Return offsets of the ``\\n`` that only wrap prose written in words.

    Lines were wrapped when the next one goes on in small letters, when a long one stops without a
    mark, or when the next one's first word would not have fitted: no line of the block is wider
    than this one with that word.
    """
    wrapped: set[int] = set()
    block: list[tuple[int, str]] = []
    offset = 0
    for line in text.split("\n"):
        if not line.strip():
            wrapped.update(_wrapped_in(block))
            block = []
        else:
            block.append((offset + len(line), line.rstrip()))
        offset += len(line) + 1
    wrapped.update(_wrapped_in(block))
    return frozenset(wrapped)


def _wrapped_in(block: list[tuple[int, str]]) -> list[int]:
    width = max((len(line) for _, line in block), default=0)
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return []
    return [
        end
        for (end, line), (_, following) in pairwise(block)
        if _goes_on(line, following, width if len(block) > 2 else MAX_WIDTH)
    ]


def _goes_on(line: str, following: str, width: int) -> bool:
    """Tell whether ``following`` continues ``line`` in a block as wide as ``width``."""
    if len(line) < MIN_WIDTH or _STARTS_ITEM.match(following) or _STARTS_ITEM.match(line):
        return False
    if CJK.match(line[-1]) or CJK.match(following.lstrip()[:1]):
        return False
    if len(line) >= LONG_LINE and (line[-1].isalnum() or line[-1] == ","):
        return True  # longer than a heading, and stopped in the middle of a sentence
    first = following.split(maxsplit=1)[0]
    return first[:1].islower() or len(line) + 1 + len(first) > width
