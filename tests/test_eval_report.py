"""The report needs nothing else and shows documents as text, whatever they hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from eval_scripted import QUESTIONS, SCRIPT, ScriptedLibrary, document, question

from eval import results
from eval.baselines import BASELINES
from eval.charts import Bar, bars, curves, histogram, reliability
from eval.report import page
from eval.running import YINJU, run

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&."


class Tags(HTMLParser):
    """Collects every tag with its attributes and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def made(hostile: bool = False) -> str:
    texts = {"report.txt": document()}
    asked = [*QUESTIONS]
    script = dict(SCRIPT)
    if hostile:
        texts[HOSTILE] = document(f"{HOSTILE} Sales.", HOSTILE)
        asked.append(question(HOSTILE, HOSTILE, [HOSTILE], [HOSTILE, "gone" + HOSTILE]))
        script[HOSTILE] = (HOSTILE, HOSTILE)
    outcome = run(asked, ScriptedLibrary(texts, script), [YINJU, *BASELINES])
    summary = results.summary(outcome, {"profile": HOSTILE if hostile else "embedded"})
    return page(outcome.rows["yinju"], summary)


def test_nothing_is_loaded_from_anywhere() -> None:
    text = made()
    assert not re.search(r"https?:|//[a-z]|url\(|@import", text)
    for tag, attributes in Tags(text).tags:
        assert tag not in {"link", "img", "iframe", "object", "base"}
        assert not {"src", "href", "action"} & set(attributes)


def test_documents_and_questions_are_shown_as_text() -> None:
    parsed = Tags(made(hostile=True))
    names = [tag for tag, _ in parsed.tags]
    assert names.count("script") == 1
    assert "img" not in names
    assert not [a for _, attrs in parsed.tags for a in attrs if a.startswith("on")]
    assert HOSTILE in "".join(parsed.words)


def test_the_structure_is_the_same_whatever_the_text() -> None:
    # The hostile case adds one question; every other element must come out as without it.
    plain, hostile = Tags(made()), Tags(made(hostile=True))
    assert sum(tag == "details" for tag, _ in hostile.tags) == 1 + sum(
        tag == "details" for tag, _ in plain.tags
    )
    assert [tag for tag, _ in plain.tags][:8] == [tag for tag, _ in hostile.tags][:8]


def test_every_question_is_there_with_its_outcome() -> None:
    tags = Tags(made()).tags
    outcomes = [a["data-outcome"] for t, a in tags if t == "details" and "data-outcome" in a]
    assert outcomes == [
        "right", "right fault", "wrong fault refused", "wrong fault unanswerable",
        "right refused unanswerable",
    ]  # fmt: skip


def test_it_tells_what_went_wrong_and_shows_the_quote_in_context() -> None:
    text = made()
    assert "no citation touches the evidence" in text
    assert "<mark>Costs fell by 5%.</mark>" in text
    assert '<span class="around">…Sales rose to 31 million. </span>' in text
    assert "always refuse" in text


def test_bars_are_drawn_to_scale() -> None:
    drawn = bars("t", [Bar("a<b", 0.5, 0.25, 1.0)])
    assert 'width="130.0"' in drawn
    assert 'x1="161.0" x2="356.0"' in drawn
    assert "a&lt;b" in drawn
    assert ">50.0<" in drawn


def test_a_histogram_counts_every_answer() -> None:
    drawn = histogram("t", [0.001, 0.001, 0.024], bins=24)
    assert "1 to 2 ms: 2" in drawn
    assert "23 to 24 ms: 1" in drawn
    assert histogram("t", []) == ""


@pytest.mark.parametrize("setting", ["color-scheme: light dark", "prefers-color-scheme: dark"])
def test_it_knows_the_dark(setting: str) -> None:
    assert setting in made()


def test_a_reliability_diagram_puts_each_bin_where_it_belongs() -> None:
    pairs = [(0.9, True), (0.9, True), (0.9, False), (0.9, True), (0.15, False), (0.15, True)]
    drawn = reliability("t", pairs)
    # Bins of 4 and 2: |3/4 - .9| * 4/6 + |1/2 - .15| * 2/6
    assert "calibration error 21.7%" in drawn
    assert "confidence 90%: right 75% of 4" in drawn
    assert "confidence 15%: right 50% of 2" in drawn
    assert reliability("t", []) == ""


def test_curves_rise_from_left_to_right_one_a_system() -> None:
    drawn = curves("t", {"a<b": [0.0, 0.5, 1.0], "other": [0.25, 0.25, 0.25]})
    # Three ranks over 260 units, 0% at 180 and 100% at 0.
    assert 'points="40.0,180.0 170.0,90.0 300.0,0.0"' in drawn
    assert 'points="40.0,135.0 170.0,135.0 300.0,135.0"' in drawn
    assert "a&lt;b" in drawn
    assert curves("t", {}) == ""


def test_the_report_shows_how_far_down_the_evidence_stands_and_what_each_step_took() -> None:
    text = made()
    assert "evidence among the first hits" in text
    assert "BM25 only, 1: " in text
    assert "Milliseconds a step" in text
    assert "documents read: 1 in 4 chunks" in text
