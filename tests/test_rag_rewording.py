"""Questions in a text's words: concepts, names, and what common words usually mean."""

from __future__ import annotations

import re

import pytest

from rag.answering.rephrasing import own_times, subject, without
from rag.asking import parse
from rag.concepts import glossary, keyed, told
from rag.folding import fold_in_place
from rag.numbers import Period
from rag.rewording import SENSES, reworded


def put(text: str, language: str, *texts: str, likely: frozenset[int] = frozenset()) -> str:
    question = parse(text, language)
    return reworded(question, told(question.folded, language), "zh", likely, (), texts)


def test_concepts_are_put_into_another_language() -> None:
    text = "How much operating profit did it report?"
    question = parse(text, "en")
    places = told(question.folded, "en")
    assert reworded(question, places, "zh", frozenset()).startswith("How much 营业利润 did it")
    assert reworded(question, places, "", frozenset()) == text
    named = [(text.index("operating"), len(text), "张三")]
    assert reworded(question, places, "zh", frozenset(), named).endswith("张三")


def test_of_two_meanings_the_likely_one_is_taken() -> None:
    (place,) = told("interest", "en")
    assert len(place.concepts) > 1
    for meaning in place.concepts:
        said = glossary()[meaning]["zh"][0]
        assert put("interest", "en", likely=frozenset({meaning})) == said


def test_a_common_word_means_what_it_usually_does_unless_the_text_tells() -> None:
    assert put("third", "en") == "第三"
    (place,) = told("third", "en")
    part = next(c for c in place.concepts if glossary()[c]["zh"][0] == "三分之一")
    assert put("third", "en", likely=frozenset({part})) == "三分之一"
    assert put("third", "en", "第三和三分之一", likely=frozenset({part})) == "第三"


def test_words_compared_as_one_are_told_apart_by_their_spelling() -> None:
    assert keyed("plans", "en") == keyed("planes", "en")
    assert put("the plans", "en") == "the 计划"
    assert put("the planes", "en") == "the 飞机"
    plane, plan = (
        {c for c in place.concepts if glossary()[c]["zh"][0] == said}
        for (place,), said in ((told("planes", "en"), "飞机"), (told("plans", "en"), "计划"))
    )
    assert put("the planes", "en", likely=frozenset(plane | plan)) == "the 飞机"


def test_some_words_are_left_as_they_are() -> None:
    assert told("them", "en")  # as if it were "theme"
    assert put("Who sold them?", "en") == "Who 销售 them ?"


def test_usual_senses_are_chinese_words_each_told_once() -> None:
    head, *rows = SENSES.read_text("utf-8").splitlines()
    languages = head.split("\t")[1:]
    assert set(languages) == {*glossary()[0]} - {"zh"}
    seen: set[tuple[str, str]] = set()
    for row in rows:
        word, *cells = row.split("\t")
        assert re.fullmatch("[\u4e00-\u9fffA-Z]{1,6}|-", word), row
        assert any(cells)
        for language, cell in zip(languages, cells, strict=True):
            for form in filter(None, cell.split(";")):
                assert keyed(form, language), form
                assert (language, fold_in_place(form)) not in seen, form
                seen.add((language, fold_in_place(form)))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("# 拾缕三季度收入增两成", "拾缕"),
        ("Veldrane一季度：数字", "Veldrane"),
        ("付费用户突破百万", ""),  # no name, however often it is said
        ("日前，拾缕", ""),
    ],
)
def test_the_subject_is_what_a_title_begins_with_and_the_text_repeats(
    title: str, name: str
) -> None:
    text = (
        "拾缕三季度收入1亿元。拾缕说，Veldrane和Veldrane的付费用户多了。" * 2 + "拾缕与付费用户。"
    )
    assert subject(title, [title, text]) == name


QUARTER = Period(2024, 2)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("云帆第二季度的毛利率是多少？", "云帆的毛利率是多少？"),
        ("2024年第二季度，云帆的毛利率是多少？", "云帆的毛利率是多少？"),
        ("云帆这个季度的毛利率是多少？", "云帆的毛利率是多少？"),
        ("How much did it make in the second quarter?", "How much did it make in the ?"),
        ("云帆第一季度的毛利率是多少？", ""),
        ("云帆2023年第二季度的毛利率是多少？", ""),
        ("云帆上半年的毛利率是多少？", ""),  # of which a text of a quarter tells less
        ("云帆2024年的毛利率是多少？", ""),
        ("毛利率比一季度高多少？", ""),
    ],
)  # fmt: skip
def test_a_question_needs_no_time_that_the_text_is_of(asked: str, left: str) -> None:
    question = parse(asked)
    assert without(question.text, own_times(question, QUARTER)) == (left or asked)


def test_a_half_year_goes_without_saying_in_a_text_of_one() -> None:
    question = parse("云帆2024年上半年的毛利率是多少？")
    assert without(question.text, own_times(question, Period(2024))) == "云帆的毛利率是多少？"
    assert own_times(question, Period()) == []
