"""The development questions: well-formed, balanced, and resting on words that are there."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from train.evidence import SECOND as FITTED
from train.evidence import THIRD

ROOT = Path(__file__).parents[1]
DATA = ROOT / "eval" / "data"
ARTICLE = ROOT / "rag" / "article" / "kuaishou-2024q2.md"
SECOND = DATA / "second"
SECOND_SETS = {  # by the language of their document
    "tarnlinie-2031": "en", "lanchuan-museum": "zh", "nebula-games-2031q1": "zh",
    "haoyu-motors-2031h1": "zh", "lingxi-model-2032": "zh", "qinglan-phone-2031": "zh",
    "heyuan-bank-2030": "zh", "tingzhou-metro-2032": "zh", "brackwater-stores-2031": "en",
    "saltmere-trial-2030": "en",
}  # fmt: skip
FIRST_SECOND = ("tarnlinie-2031", "lanchuan-museum")
AT_LEAST = {"zh": 64, "zh-Hant": 6, "en": 44, "it": 4, "pt": 4} | dict.fromkeys(
    ("ja", "ko", "es", "fr", "de", "ru", "ar"), 8
)
REQUIRED = {"id", "lang", "question", "answers", "evidence"}

Question = dict[str, Any]


def load(path: Path) -> list[Question]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def fold(text: str) -> str:
    """Compare as the eval does: NFKC, lower case, no spaces, no thousands commas."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\s", "", re.sub(r"(?<=\d),(?=\d{3})", "", folded))


MAIN = load(DATA / "questions.jsonl")
FOLLOW_UPS = load(DATA / "followups.jsonl")
SECOND_QUESTIONS = {name: load(SECOND / f"{name}.jsonl") for name in SECOND_SETS}
THIRD_QUESTIONS = {name: load(DATA / "third" / f"{name}.jsonl") for name in THIRD}
USERS = {"users": "kuaishou-2024q2", "users, museum": "lanchuan-museum"}
USER_QUESTIONS = {key: load(DATA / "users" / f"{name}.jsonl") for key, name in USERS.items()}
EVERY_SET = {
    "main": MAIN, "follow-ups": FOLLOW_UPS, **SECOND_QUESTIONS, **THIRD_QUESTIONS, **USER_QUESTIONS,
}  # fmt: skip
TEXTS = {
    "main": ARTICLE.read_text("utf-8"),
    "follow-ups": ARTICLE.read_text("utf-8"),
    "users": ARTICLE.read_text("utf-8"),
    "users, museum": (SECOND / "lanchuan-museum.md").read_text("utf-8"),
    **{name: (SECOND / f"{name}.md").read_text("utf-8") for name in SECOND_SETS},
    **{name: (DATA / "third" / f"{name}.md").read_text("utf-8") for name in THIRD},
}
CASES = [
    pytest.param(name, question, id=str(question["id"]))
    for name, questions in EVERY_SET.items()
    for question in questions
]


@pytest.mark.parametrize(("name", "question"), CASES)
def test_question_is_well_formed(name: str, question: Question) -> None:
    extra = {"follow-ups": {"history"}, "main": set(), "users": set()}.get(name, {"documents"})
    assert set(question) == REQUIRED | extra
    assert question["question"] == question["question"].strip() != ""
    assert bool(question["answers"]) == bool(question["evidence"])
    assert len(set(map(fold, question["answers"]))) == len(question["answers"])
    assert all(fold(form) for form in question["answers"])


@pytest.mark.parametrize(("name", "question"), CASES)
def test_evidence_occurs_exactly_once_within_a_line(name: str, question: Question) -> None:
    for evidence in question["evidence"]:
        assert TEXTS[name].count(evidence) == 1, evidence
        assert "\n" not in evidence


@pytest.mark.parametrize(
    ("name", "question"), [case for case in CASES if case.values[1]["answers"]]
)
def test_a_form_of_the_answer_stands_in_the_evidence(name: str, question: Question) -> None:
    """Quoting the evidence is always a right answer, whatever the language of the question."""
    evidence = fold("\n".join(question["evidence"]))
    assert any(fold(form) in evidence for form in question["answers"])


@pytest.mark.parametrize(
    ("name", "question"), [case for case in CASES if case.values[1]["answers"]]
)
def test_the_question_does_not_give_its_answer_away(name: str, question: Question) -> None:
    """A form that the question itself holds would be matched by repeating the question."""
    assert not [form for form in question["answers"] if fold(form) in fold(question["question"])]


@pytest.mark.parametrize("name", ["main", "follow-ups"])
def test_a_figure_asked_in_chinese_stands_in_the_evidence_as_given(name: str) -> None:
    for question in EVERY_SET[name]:
        if question["lang"] == "zh":
            evidence = fold("\n".join(question["evidence"]))
            figures = [form for form in question["answers"] if re.search(r"\d", form)]
            assert not figures or any(fold(form) in evidence for form in figures), question


def test_ids_are_unique_over_all_sets() -> None:
    ids = Counter(question["id"] for questions in EVERY_SET.values() for question in questions)
    assert not [key for key, count in ids.items() if count > 1]


@pytest.mark.parametrize("name", list(EVERY_SET))
def test_no_question_is_asked_twice(name: str) -> None:
    asked = Counter(
        (fold(question["question"]), json.dumps(question.get("history")))
        for question in EVERY_SET[name]
    )
    assert not [key for key, count in asked.items() if count > 1]


def test_there_are_enough_questions_in_every_language() -> None:
    counts = Counter(question["lang"] for question in MAIN)
    assert set(counts) == set(AT_LEAST)
    assert all(counts[lang] >= least for lang, least in AT_LEAST.items())


@pytest.mark.parametrize("lang", list(AT_LEAST))
def test_a_quarter_of_each_language_is_unanswerable(lang: str) -> None:
    asked = [question for question in MAIN if question["lang"] == lang]
    share = sum(not question["answers"] for question in asked) / len(asked)
    assert 0.25 <= share <= 0.30


@pytest.mark.parametrize(("name", "own"), SECOND_SETS.items())
def test_second_sets_are_asked_of_their_own_document(name: str, own: str) -> None:
    questions = SECOND_QUESTIONS[name]
    count, unanswerable = (30, 8) if name in FIRST_SECOND else (84, 36)
    assert len(questions) == count
    assert all(question["documents"] == [f"{name}.md"] for question in questions)
    assert sum(question["lang"] == own for question in questions) == 20
    assert sum(not question["answers"] for question in questions) == unanswerable


@pytest.mark.parametrize(("name", "questions"), THIRD_QUESTIONS.items())
def test_half_of_a_third_set_is_unanswerable(name: str, questions: list[Question]) -> None:
    assert len(questions) == 50
    assert all(question["documents"] == [f"{name}.md"] for question in questions)
    assert sum(not question["answers"] for question in questions) == 25


def test_the_evidence_is_fitted_on_every_second_set() -> None:
    assert set(FITTED) == set(SECOND_SETS)


def test_follow_ups_have_earlier_turns() -> None:
    for question in FOLLOW_UPS:
        assert question["history"]
        assert all(set(turn) == {"question", "answer"} for turn in question["history"])


def test_read_me_counts_what_is_there() -> None:
    text = (DATA / "README.md").read_text("utf-8")
    files = (
        {"questions": MAIN, "followups": FOLLOW_UPS}
        | {f"second/{name}": questions for name, questions in SECOND_QUESTIONS.items()}
        | {f"third/{name}": questions for name, questions in THIRD_QUESTIONS.items()}
    )
    for name, questions in files.items():
        unanswerable = sum(not question["answers"] for question in questions)
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}.jsonl`"))
        assert row.endswith(f"| {len(questions)} | {unanswerable} |")
