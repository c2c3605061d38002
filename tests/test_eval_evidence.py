"""Evidence is found wherever it stands, to the letter."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from eval.evidence import locate
from index import Document, Span


def held(**texts: str) -> dict[str, Document]:
    return {name: Document(name, name, text, name, "und") for name, text in texts.items()}


def test_every_occurrence_in_every_document() -> None:
    found = locate(["ab", "zz"], held(one="ab cab", two="xab"))
    assert found.places == ((Span("one", 0, 2), Span("one", 4, 6), Span("two", 1, 3)),)
    assert found.missing == ("zz",)


def test_occurrences_may_overlap_each_other() -> None:
    assert locate(["aa"], held(d="aaa")).spans == (Span("d", 0, 2), Span("d", 1, 3))


def test_case_and_width_matter() -> None:
    assert locate(["Ab", "１"], held(d="ab 1")).missing == ("Ab", "１")


def test_another_composition_of_the_same_letters_is_found() -> None:
    composed, apart = "été", unicodedata.normalize("NFD", "été")
    assert locate([apart], held(d=f"l'{composed}")).spans == (Span("d", 2, 5),)
    assert locate([composed], held(d=f"l'{apart}")).spans == (Span("d", 2, 7),)


def test_supports_needs_a_shared_character() -> None:
    found = locate(["bc"], held(d="abcd"))
    assert found.supports(Span("d", 2, 4))
    assert not found.supports(Span("d", 3, 4))
    assert not found.supports(Span("e", 1, 3))


@given(st.text("ab", min_size=1, max_size=40), st.data())
@settings(deadline=None)
def test_any_slice_is_found_at_its_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert Span("d", start, end) in locate([text[start:end]], held(d=text)).spans


def test_any_of_several_strings_that_say_the_same_will_do() -> None:
    found = locate([["six", "seven"], "nine"], held(d="six, then seven and nine"))
    assert found.places == ((Span("d", 0, 3), Span("d", 10, 15)), (Span("d", 20, 24),))
    assert not found.missing
    one_missing = locate([["six", "eight"]], held(d="six"))
    assert one_missing.places == ((Span("d", 0, 3),),)
    assert one_missing.missing == ("eight",)
