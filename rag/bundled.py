"""The article that comes with Yinju, and questions to start with in several languages."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from index import Document, read_bytes

ARTICLE = "kuaishou-2024q2.md"


@cache
def document() -> Document:
    """Return the bundled article."""
    data = files("rag").joinpath("article", ARTICLE).read_bytes()
    return read_bytes(data, name=ARTICLE)


@cache
def examples() -> dict[str, tuple[str, ...]]:
    """Return example questions by language."""
    text = files("rag").joinpath("article", "examples.json").read_text(encoding="utf-8")
    return {language: tuple(asked) for language, asked in json.loads(text).items()}
