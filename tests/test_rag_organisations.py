"""A question about a well-known organisation that the text doesn't name."""

from __future__ import annotations

import pytest

from index import Document, StaticEncoder, load_encoder
from rag import Assistant
from rag.asking import parse
from rag.matching import query
from rag.organisations import mentioned, organisations, unnamed

TEXT = "青禾科技公布业绩，二季度营收为12.5亿元。公司与谷歌签署了合作协议。"


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    made = load_encoder()
    assert isinstance(made, StaticEncoder)
    return made


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("美团二季度的营收是多少？", "美团"),
        ("騰訊二季度的營收是多少？", "騰訊"),
        ("哔哩哔哩的营收呢", "哔哩哔哩"),
        ("What was Tesla's revenue?", "Tesla"),
        ("how many daily users does douyin have", "douyin"),
        ("テンセントの売上高はいくらですか。", "テンセント"),
        ("더우인의 매출은 얼마입니까?", "더우인"),
        ("Какой была выручка Газпром?", "Газпром"),
        ("与谷歌签了什么协议？", ""),  # the text names it
        ("Who signed an agreement with Google?", ""),  # … in another script
        ("北京东部的门店有多少？", ""),  # 京东 is no word here
        ("How many apple trees were planted?", ""),
        ("青禾科技的营收是多少？", ""),
    ],
)
def test_it_is_found_between_words_in_any_script(
    question: str, missing: str, encoder: StaticEncoder
) -> None:
    assert unnamed(query(encoder, parse(question)), [TEXT]) == missing


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("比较2017年远星传媒有限公司和盛堡能源有限公司的利润。", "远星传媒有限公司"),
        ("青禾科技和盛堡能源股份有限公司的利润各是多少？", "盛堡能源股份有限公司"),
        ("请问盛堡集团在何时上市？", "盛堡集团"),
        ("结合北京青禾科技有限公司的财报，营收是多少？", ""),  # 青禾 is told
        ("根据创新科技有限公司的报告，营收是多少？", ""),  # of common words alone
        ("这家集团的营收是多少？", ""),
        ("该集团与谷歌签了什么协议？", ""),
    ],
)
def test_a_company_is_known_by_how_its_name_ends(
    question: str, missing: str, encoder: StaticEncoder
) -> None:
    assert unnamed(query(encoder, parse(question)), [TEXT]) == missing


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("与谷歌签了什么协议？", "谷歌"),
        ("Who signed an agreement with Google?", "Google"),
        ("美团和谷歌的营收是多少？", "谷歌"),
        ("美团二季度的营收是多少？", ""),
        ("青禾科技的营收是多少？", ""),
    ],
)
def test_one_that_the_text_names_is_told(question: str, told: str, encoder: StaticEncoder) -> None:
    assert mentioned(query(encoder, parse(question)), [TEXT]) == told


def test_the_refusal_says_which() -> None:
    assistant = Assistant.from_documents([Document("a", "业绩", TEXT, "a.txt", "zh")])
    asked = assistant.ask("美团二季度的营收是多少？")
    assert (asked.refused, asked.reason) == (True, "other_subject")
    assert "美团" in asked.text
    assert "12.5" in assistant.ask("二季度的营收是多少？").text


def test_every_one_has_a_name_in_each_script() -> None:
    names = organisations()
    assert len(names) > 100
    assert all(all(named.values()) for named in names)
    assert len({named["en"] for named in names}) == len(names)
