"""The one way text enters the page."""

from __future__ import annotations

import html
import re

# Overrides of the writing direction would let a text show figures in another order than it holds
# them; a visible stand-in, one character for one, keeps it honest.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e]")


def escape(text: str) -> str:
    """Return ``text`` safe as HTML text and inside a quoted attribute."""
    return html.escape(_HIDDEN.sub("\ufffd", text), quote=True)
