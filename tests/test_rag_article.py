"""The bundled article: all of the facts of its list, none of the original's sentences."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT / "rag" / "article" / "kuaishou-2024q2.md"
FACTS = ROOT / "rag" / "article" / "facts.jsonl"
ORIGINAL = ROOT.parent / "shared" / "article" / "kuaishou-2024q2.txt"
LONGEST_COMMON_RUN = 15  # letters and digits; names and figures get no exemption

Fact = dict[str, Any]


def load_facts() -> list[Fact]:
    return [json.loads(line) for line in FACTS.read_text("utf-8").splitlines()]


FACT_LIST = load_facts()
TEXT = ARTICLE.read_text("utf-8")


def occurs(form: str, text: str) -> bool:
    """Tell whether ``form`` stands in ``text`` and not inside a longer figure."""
    before = r"(?<![\d.])" if form[0].isdigit() else ""
    after = r"(?![\d.])" if form[-1].isdigit() else ""
    return re.search(before + re.escape(form) + after, text) is not None


def paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def sentences(text: str) -> list[str]:
    return [part for line in paragraphs(text) for part in re.split(r"(?<=。)", line) if part]


def squeeze(text: str) -> str:
    """Keep letters and digits only, so that punctuation can't hide a copied run."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def longest_common_run(left: str, right: str) -> str:
    best = ""
    for start in range(len(left)):
        while left[start : start + len(best) + 1] in right and start + len(best) < len(left):
            best = left[start : start + len(best) + 1]
    return best


def test_fact_ids_are_unique_and_kinds_known() -> None:
    ids = [fact["id"] for fact in FACT_LIST]
    assert len(set(ids)) == len(ids)
    assert {fact["kind"] for fact in FACT_LIST} == {
        "figure",
        "date",
        "name",
        "product",
        "statement",
    }


@pytest.mark.parametrize("fact", FACT_LIST, ids=lambda fact: str(fact["id"]))
def test_fact_stands_beside_what_it_is_about(fact: Fact) -> None:
    """A figure or date shares a sentence with its subject, anything else a paragraph."""
    units = sentences(TEXT) if fact["kind"] in {"figure", "date"} else paragraphs(TEXT)
    found = [unit for unit in units if occurs(fact["form"], unit)]
    assert found, fact
    assert any(all(word in unit for word in fact["with"]) for unit in found), (fact, found)


def test_every_figure_of_the_article_is_in_the_list() -> None:
    """A figure that nobody listed would be a figure that nobody checked."""
    listed = {number for fact in FACT_LIST for number in re.findall(r"\d+(?:\.\d+)?", fact["form"])}
    assert set(re.findall(r"\d+(?:\.\d+)?", TEXT)) <= listed


def test_article_is_titled_and_sectioned() -> None:
    lines = TEXT.splitlines()
    assert lines[0].startswith("# ")
    assert sum(line.startswith("## ") for line in lines) >= 4
    assert unicodedata.normalize("NFC", TEXT) == TEXT
    assert '"' not in TEXT


def test_longest_common_run_finds_the_longest() -> None:
    assert longest_common_run("xxabcdyy", "zabcdez") == "abcd"
    assert longest_common_run("abc", "abcd") == "abc"
    assert longest_common_run("abc", "xyz") == ""


@pytest.mark.skipif(not ORIGINAL.exists(), reason="the original lies outside the repository")
def test_no_sentence_of_the_original_is_copied() -> None:
    original = squeeze(ORIGINAL.read_text("utf-8"))
    run = longest_common_run(squeeze(TEXT), original)
    assert len(run) <= LONGEST_COMMON_RUN, run


@pytest.mark.skipif(not ORIGINAL.exists(), reason="the original lies outside the repository")
def test_every_figure_of_the_original_is_told() -> None:
    """The original's digits, by the unit they carry, all return in the account of them."""
    pattern = r"\d+(?:\.\d+)?(?:%|亿|倍|万)?"
    original = ORIGINAL.read_text("utf-8")
    assert set(re.findall(pattern, original)) <= set(re.findall(pattern, TEXT))
