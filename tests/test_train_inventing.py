"""Invented passages say what their questions ask for, where they say it is."""

from __future__ import annotations

import re

import numpy as np
import pytest

from train.reader import inventing
from train.reader.inventing import When, phrase

ALL = {"zh", "en", "ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar"}


@pytest.fixture(scope="module")
def made() -> dict[str, list]:
    return {k: inventing.passages(k, 150, np.random.default_rng(2)) for k in ("zh", "en")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_answers_stand_where_they_are_said_to(made: dict[str, list], language: str) -> None:
    answers = [
        text[one.span[0] : one.span[1]]
        for text, asked in made[language]
        for one in asked
        if one.span
    ]
    assert len(answers) > 300
    clauses = {
        clause[language]
        for field in inventing.relations()
        for relation in field
        for clause in relation.clauses
    }
    for answer in answers:
        assert answer == answer.strip() != ""
        assert answer in clauses or not re.search(r"[{}，。]|, \D|\.$", answer)


def test_every_relation_can_be_stated_and_asked_for() -> None:
    for relation in (one for field in inventing.relations() for one in field):
        for language in ("zh", "en"):
            assert all(text.count("{A}") == 1 for text in relation.statements[language])
            assert all(clause[language].strip() for clause in relation.clauses)
        assert set(relation.questions) == ALL
        for questions in relation.questions.values():
            assert questions
            assert set(re.findall(r"{(.*?)}", "".join(questions))) <= {"X", "T"}
        assert bool(relation.clauses) == (relation.kind == "clause")


def test_questions_come_in_every_language_and_some_have_no_answer(made: dict[str, list]) -> None:
    asked = [one for texts in made.values() for _, questions in texts for one in questions]
    assert {one.language for one in asked} == ALL
    assert 0.15 < np.mean([one.span is None for one in asked]) < 0.45
    assert not any("{" in one.text for one in asked)


def test_a_fact_told_for_two_times_is_asked_for_with_its_time(made: dict[str, list]) -> None:
    for text, asked in made["zh"]:
        spans = [one.span for one in asked if one.span]
        assert len(spans) == len(set(spans))
        for one in asked:
            if one.span and one.language == "zh":
                sentence = re.split("[。；]", text[: one.span[1]])[-1]
                year = re.search(r"\d{4}(?=年)", one.text)
                told = re.search(r"\d{4}(?=年)", sentence)
                # Where both name a year it is the same one.
                if year and told and told.end() < len(sentence) - len(text[slice(*one.span)]):
                    assert year[0] == told[0]


def test_the_same_seed_invents_the_same() -> None:
    first = inventing.passages("en", 5, np.random.default_rng(9))
    assert first == inventing.passages("en", 5, np.random.default_rng(9))


@pytest.mark.parametrize("language", sorted(ALL))
@pytest.mark.parametrize("part", ["year", "half", "quarter", "month"])
def test_times_are_told_in_every_language(language: str, part: str) -> None:
    told = {phrase(When(2024, part, n), language) for n in (1, 2)}
    assert all("2024" in one for one in told)
    assert len(told) == (1 if part == "year" else 2)


def test_qualifiers_come_in_groups_of_things_that_exclude_each_other() -> None:
    groups = inventing.qualifiers()
    for group in groups.values():
        assert len(group) >= 5
        for language in ALL:
            words = [word for one in group for word in one.words[language]]
            assert all(word == word.strip() != "" for word in words)
            assert len(words) == len(set(words))
        assert all(one.kinds <= {"money", "count", "percent"} for one in group)


def test_a_part_is_worded_by_the_order_of_its_language() -> None:
    term = inventing.Term("money", {k: ["W"] for k in ALL})
    part = inventing.part_of(term, inventing.Qualifier("g", frozenset(), {k: ["q"] for k in ALL}))
    assert part.words["zh"] == part.words["ja"] == ["qW"]
    assert part.words["ko"] == ["q W"]
    assert all(part.words[k] == ["W q"] for k in ALL - {"zh", "ja", "ko"})


def test_the_whole_is_answered_by_the_whole_and_a_part_that_is_not_told_by_nothing() -> None:
    """Every question without an answer asks for something that no statement was made from."""
    maker = inventing.Inventor(np.random.default_rng(1))
    term = next(one for one in inventing.terms() if one.kind == "money")
    for group in inventing.qualifiers().values():
        for _ in range(5):
            told, unsaid = inventing._parts(maker, term, group)
            stated = {text for one in told for text in one.statements["zh"]}
            assert told and unsaid
            assert not any(stated & set(one.statements["zh"]) for one in unsaid)


def test_what_may_ask_for_the_same_as_something_told_is_not_asked_as_missing() -> None:
    maker = inventing.Inventor(np.random.default_rng(1))
    field = inventing.relations()[0][:12]
    alike = inventing.likeness(field)
    np.fill_diagonal(alike, 1.0)
    alike[3, :] = alike[:, 3] = 0.99  # the same as any other
    for _ in range(50):
        told, unsaid = inventing._chosen(maker, field, alike)
        assert field[3] not in unsaid
        assert not any(one in told for one in unsaid)
