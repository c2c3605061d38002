"""The glossary at work: which words of a text name which concepts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.concepts import Told, glossary, longest, told
from rag.folding import fold_in_place

LANGUAGES = ("zh", "en", "ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar")


def concept(form: str, language: str = "en") -> frozenset[int]:
    return frozenset(n for n, row in enumerate(glossary()) if form in row[language])


def named(text: str, language: str) -> frozenset[int]:
    return frozenset[int]().union(*(p.concepts for p in told(fold_in_place(text), language)))


def maximal(text: str, language: str) -> list[str]:
    return [text[p.start : p.end] for p in longest(told(fold_in_place(text), language))]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("去年的经营利润是多少？", "zh"),
        ("去年的經營利潤是多少？", "zh-Hant"),
        ("What was its operating profit?", "en"),
        ("営業利益はいくらですか", "ja"),
        ("영업이익은 얼마인가요?", "ko"),
        ("¿Cuál fue el beneficio operativo?", "es"),
        ("Quel est le résultat opérationnel ?", "fr"),
        ("Wie hoch war der Betriebsgewinn?", "de"),
        ("A quanto ammonta l'utile operativo?", "it"),
        ("Qual foi o lucro operacional?", "pt"),
        ("Какова операционная прибыль?", "ru"),
        ("كم بلغ الربح التشغيلي؟", "ar"),
    ],
)
def test_one_concept_is_found_in_every_language(text: str, language: str) -> None:
    assert concept("operating profit") & named(text, language)


def test_a_longer_term_is_another_concept_and_holds_the_shorter_one() -> None:
    assert maximal("净利润增长", "zh")[0] == "净利润"
    assert concept("profit") & named("净利润", "zh")  # whoever asks for profit may mean it
    assert not concept("net profit") & named("利润", "zh")


def test_a_form_is_more_than_what_it_adds_to_a_word() -> None:
    assert concept("how much to take") & named("how much to take", "en")
    assert not concept("how much to take") & named("take", "en")
    assert concept("company") & named("à l'entreprise", "fr")  # articles add nothing


def test_expenses_are_not_revenue() -> None:
    asked, told_of = named("营销费用", "zh"), named("线上营销服务收入", "zh")
    assert concept("marketing expenses") & asked
    assert not concept("marketing expenses") & told_of


@pytest.mark.parametrize(
    ("text", "language", "form"),
    [
        ("Der Gesamtumsatz stieg", "de", "revenue"),
        ("Auslandsgeschäft", "de", "foreign"),
        ("해외매출은", "ko", "revenue"),
        ("Выручкой компании", "ru", "revenue"),
        ("وبلغت الإيرادات", "ar", "revenue"),
        ("the company's revenues", "en", "revenue"),
    ],
)
def test_compounds_particles_and_endings_hide_nothing(text: str, language: str, form: str) -> None:
    assert concept(form) & named(text, language)


def test_no_form_is_cut_out_of_a_latin_word_or_a_number() -> None:
    assert not maximal("MAIN", "zh")
    assert maximal("用AI创作", "zh")[:1] != ["I"]


def test_a_language_without_a_glossary_names_nothing() -> None:
    assert told("mapato yalikuwa kiasi gani", "sw") == ()
    assert told("", "zh") == told("？！", "en") == ()


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_places_lie_in_the_text_and_the_longest_do_not_overlap(text: str, language: str) -> None:
    places = told(fold_in_place(text), language)
    assert all(0 <= p.start < p.end <= len(text) and p.concepts for p in places)
    kept = longest(places)
    assert all(a.end <= b.start for a, b in pairwise(kept))
    assert all(any(k.start < p.end and p.start < k.end for k in kept) for p in places)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)), max_size=8))
def test_what_is_longest_is_kept(spans: list[tuple[int, int]]) -> None:
    places = [Told(start, start + size, frozenset({0})) for start, size in spans]
    kept = longest(places)
    if places:
        assert max(p.end - p.start for p in kept) == max(p.end - p.start for p in places)
