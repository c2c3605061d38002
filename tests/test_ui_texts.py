"""Interface words: complete in every language, and the right one is chosen."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from ui.texts import LANGUAGES, Words, direction, nearest, preferred, words

NAMES = [field.name for field in fields(Words)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_with_the_same_blanks(language: str) -> None:
    mine, english = words(language), words("en")
    for name in NAMES:
        said = getattr(mine, name)
        assert said.strip(), name
        if name != "language":
            blanks = re.findall(r"\{\w+\}", said)
            assert sorted(blanks) == sorted(re.findall(r"\{\w+\}", getattr(english, name))), name


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_language_borrows_english_sentences(language: str) -> None:
    mine, english = words(language), words("en")
    same = [n for n in NAMES if getattr(mine, n) == getattr(english, n) and " " in getattr(mine, n)]
    assert same == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-TW", "zh-Hant"),
        ("zh-hant-HK;q=0.5, sv;q=0.9", "zh-Hant"),
        ("en-GB;q=0.2, pt-BR;q=0.8", "pt"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("de;q=x, ar", "ar"),
        ("sv, nb", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_the_browsers_wish_is_followed(header: str, language: str) -> None:
    assert preferred(header) == language


def test_tags_find_their_nearest_language() -> None:
    assert [nearest(t) for t in ("zh_Hant_TW", "yue-HK", "EN-us", "tlh")] == [
        "zh-Hant",
        "zh-Hant",
        "en",
        "",
    ]
    assert words("tlh") == words("en")


def test_arabic_runs_from_the_right() -> None:
    assert [direction(code) for code in ("ar", "ar-EG", "en", "zh-Hant")] == [
        "rtl",
        "rtl",
        "ltr",
        "ltr",
    ]
