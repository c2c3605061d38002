"""Say a figure in another language."""

from __future__ import annotations

from rag.figures import Figure


def gloss(figure: Figure, language: str) -> str:
    """Return ``figure`` with the conventions of ``language``."""
    return figure.text
