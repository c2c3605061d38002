"""Ratings become questions only by a person's word, and only with words the text holds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from eval import feedback
from eval.__main__ import main
from eval.errors import QuestionsError
from eval.questions import load
from index import Document
from rag import Answer, Citation, Statement
from ui.feedback import keep, record

TEXT = "二季度总营收为310亿元。陈立担任首席执行官。"
DOCUMENTS = {"d": Document("d", "报告", TEXT, "d", "zh")}
QUOTE = "二季度总营收为310亿元。"


def rating(**more: Any) -> dict[str, Any]:
    answer = Answer(
        "总营收是多少？", f"310亿元: {QUOTE} [1]", "zh",
        (Statement(f"310亿元: {QUOTE} [1]", (1,), short="310亿元"),),
        (Citation(1, "报告", "d", 0, len(QUOTE), QUOTE),), False, "", (), {}, "embedded",
    )  # fmt: skip
    return record(answer, "good", "index-1") | more


def written(folder: Path, *entries: dict[str, Any]) -> Path:
    for entry in entries:
        keep(folder, entry)
    return folder / "feedback.jsonl"


def confirmed(entries: list[feedback.Rated], *lines: str) -> list[dict[str, Any]]:
    typed = iter(lines)
    cases = list(feedback.confirm(entries, DOCUMENTS, lambda _: next(typed), lambda _: None))
    assert next(typed, None) is None, "every line was asked for"
    return cases


@pytest.fixture
def rated(tmp_path: Path) -> list[feedback.Rated]:
    return feedback.read(written(tmp_path, rating()))


def test_what_was_answered_is_right(rated: list[feedback.Rated]) -> None:
    (case,) = confirmed(rated, "+", "")
    assert case["question"] == "总营收是多少？"
    assert case["lang"] == "zh"
    assert case["answers"] == ["310亿元"]
    assert case["evidence"] == [QUOTE]


def test_something_else_is_right(rated: list[feedback.Rated]) -> None:
    (case,) = confirmed(rated, "陈立 | Chen Li", "陈立担任首席执行官")
    assert case["answers"] == ["陈立", "Chen Li"]
    assert case["evidence"] == ["陈立担任首席执行官"]


def test_evidence_is_asked_for_until_the_text_holds_it(rated: list[feedback.Rated]) -> None:
    (case,) = confirmed(rated, "陈立", "陈立是首席执行官", "陈立担任首席执行官")
    assert case["evidence"] == ["陈立担任首席执行官"]


def test_evidence_that_stands_in_several_places_is_asked_for_again(
    rated: list[feedback.Rated],
) -> None:
    (case,) = confirmed(rated, "陈立", "。", "陈立担任")
    assert case["evidence"] == ["陈立担任"]


def test_the_text_does_not_say(rated: list[feedback.Rated]) -> None:
    (case,) = confirmed(rated, "-")
    assert (case["answers"], case["evidence"]) == ([], [])


def test_a_refusal_that_was_right(tmp_path: Path) -> None:
    entry = rating(refused=True, short=[], citations=[])
    (case,) = confirmed(feedback.read(written(tmp_path, entry)), "+")
    assert (case["answers"], case["evidence"]) == ([], [])


def test_without_a_word_nothing_becomes_a_case(rated: list[feedback.Rated]) -> None:
    assert confirmed(rated, "") == []
    assert confirmed(rated, "q") == []
    assert confirmed(rated * 2, "陈立", "q", "") == []


def test_a_rating_given_again_counts_once_and_a_follow_up_as_what_it_stands_for(
    tmp_path: Path,
) -> None:
    again = rating(rating="bad")
    follow = rating(question="那毛利率呢？", condensed="二季度毛利率是多少？")
    read = feedback.read(written(tmp_path, rating(), again, follow))
    assert [(one.question, one.rating) for one in read] == [
        ("总营收是多少？", "bad"), ("二季度毛利率是多少？", "good"),
    ]  # fmt: skip


def test_ratings_of_an_older_page_lack_the_short_answer(tmp_path: Path) -> None:
    entry = rating()
    del entry["short"]
    (case,) = confirmed(feedback.read(written(tmp_path, entry)), "+", "")
    assert case["answers"] == [QUOTE]


def test_what_is_no_rating_is_named(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    with pytest.raises(QuestionsError, match=r"feedback\.jsonl: can't be read"):
        feedback.read(path)
    for text in ("{", '{"question": "?"}', "[1]"):
        path.write_text(f"\n{text}\n", encoding="utf-8")
        with pytest.raises(QuestionsError, match="line 2: not"):
            feedback.read(path)


def typing(monkeypatch: pytest.MonkeyPatch, lines: Iterable[str]) -> None:
    typed = iter(lines)

    def line(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", line)


def test_the_command_appends_questions_that_can_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.txt").write_text(TEXT, encoding="utf-8")
    other = rating(question="谁担任首席执行官？")
    ratings, out = written(tmp_path / "home", rating(), other), tmp_path / "q.jsonl"
    command = ["from-feedback", str(ratings), "--docs", str(tmp_path / "d.txt"), "--out", str(out)]
    typing(monkeypatch, ["+", ""])  # and then the input ends
    assert main(command) == 0
    assert "1 of 2 rated questions confirmed" in capsys.readouterr().out
    typing(monkeypatch, ["陈立", "陈立担任首席执行官"])  # the first isn't asked again
    assert main(command) == 0
    assert [q.answers for q in load(out)] == [("310亿元",), ("陈立",)]
    assert [json.loads(x)["id"][:9] for x in out.read_text("utf-8").splitlines()] == [
        "feedback-", "feedback-",
    ]  # fmt: skip
    docs = ["--docs", str(tmp_path / "d.txt"), "--questions", str(out), "--no-baselines"]
    assert main(["run", *docs, "--out", str(tmp_path / "out")]) == 0
