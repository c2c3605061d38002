"""The words of the interface, one set a language, and the choice among them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = {
    "zh": "简体中文",
    "zh-Hant": "繁體中文",
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "es": "Español",
    "fr": "Français",
    "de": "Deutsch",
    "it": "Italiano",
    "pt": "Português",
    "ru": "Русский",
    "ar": "العربية",
}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


@dataclass(frozen=True, slots=True)
class Words:
    """Every label, hint and message of the page in one language; ``{n}`` and such are filled in."""

    language: str
    tagline: str
    scope: str
    examples: str
    placeholder: str
    ask: str
    stop: str
    clear: str
    retry: str
    add: str
    drop: str
    local: str
    chat: str
    article: str
    corpus: str
    bundled: str
    uploads: str
    document: str
    switch: str
    evidence: str
    go: str
    closest: str
    refused: str
    offered: str
    found: str
    read: str
    condense: str
    retrieve: str
    rank: str
    answer: str
    cite: str
    verify: str
    good: str
    bad: str
    thanks: str
    used: str
    more: str
    characters: str
    working: str
    waiting: str
    stopped: str
    empty: str
    failed: str
    missing: str
    broken: str
    unread: str
    large: str
    unsaved: str
    loaded: str
    lost: str
    quick: str
    written: str
    unsupported: str
    write: str


@cache
def _all() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("texts.json")
    sets: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return sets


@cache
def words(language: str) -> Words:
    """Return the words of ``language``, of English where there are none."""
    chosen = language if language in LANGUAGES else "en"
    return Words(language=chosen, **_all()[chosen])


def nearest(tag: str) -> str:
    """Return the code in ``LANGUAGES`` nearest to a BCP 47 tag, ``""`` where none is near."""
    parts = tag.strip().lower().replace("_", "-").split("-")
    if parts[0] in {"zh", "yue"}:
        return "zh-Hant" if TRADITIONAL & set(parts[1:]) else "zh"
    return parts[0] if parts[0] in LANGUAGES else ""


def preferred(accept: str) -> str:
    """Return the interface language for an ``Accept-Language`` header, English by default.

    A weight that can't be read counts as none, as if the language weren't wished for.
    """
    ranked = sorted(map(_weighted, accept.split(",")), key=lambda pair: -pair[1])
    return next((found for tag, weight in ranked if weight > 0 and (found := nearest(tag))), "en")


def _weighted(entry: str) -> tuple[str, float]:
    tag, _, parameters = entry.partition(";")
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return tag, 1.0
    try:
        return tag, float(value)
    except ValueError:
        return tag, 0.0


def direction(language: str) -> str:
    """Return ``rtl`` or ``ltr``, the way a language is written."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
