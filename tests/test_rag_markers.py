"""Closed-list citations out of a stream: nothing lost, nothing invented, whatever the cuts."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answering.markers import Ended, Marker, MarkerReader, StatementReader, Text

KNOWN = frozenset(range(1, 13))


def parts(text: str, cuts: list[int] | None = None) -> list[str | Marker]:
    """Return text and markers, neighbouring text joined."""
    reader = MarkerReader(KNOWN)
    joined: list[str | Marker] = []
    for part in [p for piece in _cut(text, cuts or []) for p in reader.read(piece)] + [
        *reader.close()
    ]:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def statements(text: str, cuts: list[int] | None = None) -> list[Text | Ended]:
    """Return the events of a stream, neighbouring text joined."""
    reader = StatementReader(KNOWN)
    joined: list[Text | Ended] = []
    for event in [e for piece in _cut(text, cuts or []) for e in reader.read(piece)] + [
        *reader.close()
    ]:
        last = joined[-1] if joined else None
        if isinstance(event, Text) and isinstance(last, Text):
            joined[-1] = Text(last.text + event.text)
        else:
            joined.append(event)
    return joined


def ended(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(e.body, e.numbers) for e in statements(text) if isinstance(e, Ended)]


def _cut(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(c % (len(text) + 1) for c in cuts)})
    return [text[a:b] for a, b in pairwise(places)]


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("[3]", (3,)),
        ("[3-5]", (3, 4, 5)),
        ("[5-3]", (3, 4, 5)),
        ("[3–4]", (3, 4)),
        ("[3, 5]", (3, 5)),
        ("[3，5、7]", (3, 5, 7)),
        ("【3】", (3,)),
        ("［３］", (3,)),
        ("【3-4】", (3, 4)),
        ("[ 3 ]", (3,)),
        ("[12]", (12,)),
        ("[13]", ()),
        ("[0]", ()),
        ("[11-14]", (11, 12)),
        ("[1-12]", ()),
    ],
)
def test_a_marker_names_the_known_sentences_it_lists(
    written: str, numbers: tuple[int, ...]
) -> None:
    assert parts(f"收入{written}。") == ["收入", Marker(written, numbers), "。"]


@pytest.mark.parametrize(
    "written",
    ["[注]", "[2024]", "[a1]", "[]", "[3", "3]", "[[", "[1,,2]", "[-3]", "【】", "[3 4 5"],
)
def test_other_brackets_are_text(written: str) -> None:
    assert parts(f"收入{written}。") == [f"收入{written}。"]


def test_a_bracket_inside_a_bracket_starts_anew() -> None:
    assert parts("[1[2]") == ["[1", Marker("[2]", (2,))]


def test_half_a_marker_is_held_back_and_text_is_not() -> None:
    reader = StatementReader(KNOWN)
    assert reader.read("总营收310亿元") == [Text("总营收310亿元")]
    assert reader.read("[") == []
    assert reader.read("3") == []
    assert reader.read("]") == []
    assert reader.read("，同比") == [
        Ended("总营收310亿元", (3,), "", "[3]", "，"),
        Text("同比"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A是310亿[3]，B是42亿[5]。", [("A是310亿", (3,)), ("B是42亿", (5,))]),
        ("A是310亿。[3]B是42亿。[5]", [("A是310亿。", (3,)), ("B是42亿。", (5,))]),
        ("A是310亿。B是42亿。[5]", [("A是310亿。", ()), ("B是42亿。", (5,))]),
        ("A是310亿[3][5]。", [("A是310亿", (3, 5))]),
        ("A是310亿[3], [5]。", [("A是310亿", (3, 5))]),
        ("A是310亿[99]。", [("A是310亿", ())]),
        ("[3] A是310亿。[4] B是42亿。", [(" A是310亿。", (3,)), (" B是42亿。", (4,))]),
        (
            "要点如下：\n- A是310亿[3]\n- B是42亿[5]",
            [("要点如下：\n- A是310亿", (3,)), ("- B是42亿", (5,))],
        ),
        ("1. A rose [3].\n2. B fell [5].", [("1. A rose", (3,)), ("2. B fell", (5,))]),
        ("It was 3.5 billion. It rose [3].", [("It was 3.5 billion.", ()), ("It rose", (3,))]),
        ("Acme Inc. rose 5% [3].", [("Acme Inc. rose 5%", (3,))]),
        ("他说：“涨了。”后来跌了[3]。", [("他说：“涨了。”", ()), ("后来跌了", (3,))]),
        ("", []),
    ],
)
def test_a_statement_ends_with_its_markers_or_its_sentence(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert ended(text) == expected


ALPHABET = "收入310亿。，；：:.?!\n \t[]【】［］0１2３,-–、~ab“”)（至*"
STREAMS = st.text(alphabet=ALPHABET, max_size=80)


@given(STREAMS, st.lists(st.integers(0, 80), max_size=12))
@settings(deadline=None, max_examples=500)
def test_any_cutting_of_the_stream_gives_the_same(text: str, cuts: list[int]) -> None:
    assert parts(text, cuts) == parts(text)
    assert statements(text, cuts) == statements(text)


def _check(text: str, cuts: list[int]) -> None:
    found = parts(text, cuts)
    assert "".join(p if isinstance(p, str) else p.raw for p in found) == text
    assert all(n in KNOWN for p in found if isinstance(p, Marker) for n in p.numbers)
    told, whole = "", ""
    for event in statements(text, cuts):
        if isinstance(event, Text):
            told += event.text
            continue
        assert event.body == told
        assert all(n in KNOWN for n in event.numbers)
        whole += told + event.lead + event.tail
        told = ""
    assert told == ""
    written = "".join(p for p in found if isinstance(p, str))
    assert _bare(whole) == _bare(written)


def _bare(text: str) -> str:
    """Return text without what may stand between two markers, as it is no part of a statement."""
    return "".join(c for c in text if not c.isspace() and c not in ",，、;；")


def test_ten_thousand_random_streams_lose_and_invent_nothing() -> None:
    rng = random.Random(20)
    pieces = [
        *ALPHABET,
        "[3]",
        "[4-6]",
        "【12】",
        "［７］",
        "[99]",
        "[1,2]",
        "营收310亿元",
        "It rose. ",
    ]
    for _ in range(10_000):
        text = "".join(rng.choices(pieces, k=rng.randint(0, 30)))
        _check(text, [rng.randint(0, 60) for _ in range(rng.randint(0, 8))])


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=6))
@settings(deadline=None)
def test_no_text_at_all_breaks_it(text: str, cuts: list[int]) -> None:
    _check(text, cuts)
