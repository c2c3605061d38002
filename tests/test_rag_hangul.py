"""Chinese names in Hangul letters."""

from __future__ import annotations

import pytest

from index.pinyin import SYLLABLES
from rag import Assistant
from rag.hangul import _table, chinese_names, spellings

TEXT = "盛堡科技视觉中心负责人万鹏飞说，董事长程一笑将在杭州出席会议，系列产品九月上市。"


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("완펑페이는 무슨 일을 하나요?", {"완펑페이": "万鹏飞"}),
        ("청이샤오 회장과 완펑페이의 나이는?", {"청이샤오": "程一笑", "완펑페이": "万鹏飞"}),
        ("성바오의 매출은?", {"성바오": "盛堡"}),
        ("항저우에서 무엇을 하나요?", {"항저우": "杭州"}),
        ("이사회는 언제 열리나요?", {}),
        ("매출은 얼마인가요?", {}),
        ("중완펑페이", {}),  # inside a word
    ],
)
def test_a_name_is_found_where_a_word_begins(asked: str, names: dict[str, str]) -> None:
    found = chinese_names(asked, TEXT)
    assert {asked[a:b]: TEXT[c:d] for (a, b), (c, d) in found} == names


def test_nearly_every_syllable_is_spelt_and_in_hangul() -> None:
    table = _table()
    spelt = [ways for ways in table.values() if ways]
    assert len(spelt) > 0.97 * len(SYLLABLES)
    assert all("가" <= char <= "힣" for ways in spelt for way in ways for char in way)


@pytest.mark.parametrize(
    ("char", "way"),
    [
        ("张", "장"),
        ("雷", "레이"),
        ("军", "쥔"),
        ("徐", "쉬"),
        ("强", "창"),
        ("晓", "샤오"),
        ("手", "쇼우"),
    ],
)
def test_syllables_by_the_rules(char: str, way: str) -> None:
    assert way in spellings(char)


def test_what_is_no_character_is_not_spelt() -> None:
    assert spellings("a") == spellings("，") == ()


def test_a_person_asked_for_in_korean_is_found() -> None:
    assistant = Assistant.bundled()
    reply = assistant.ask("완펑페이는 콰이쇼우에서 무슨 직책을 맡고 있나요?")
    assert not reply.refused
    assert "万鹏飞" in reply.citations[0].quote
