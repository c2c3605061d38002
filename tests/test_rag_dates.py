"""Times as structure, and whether two can be the same."""

from __future__ import annotations

import pytest

from rag.numbers import Period, anchored, compatible, its_own, times

SAID = [
    ("2024年第二季度", {"year": 2024, "quarter": 2}),
    ("二〇二三年八月二十日", {"year": 2023, "month": 8, "day": 20}),
    ("8月20日", {"month": 8, "day": 20}),
    ("去年年初", {"relative": "last_year", "part": "start"}),
    ("去年同期", {"relative": "last_year", "part": "same_period"}),
    ("今年7月", {"relative": "this_year", "month": 7}),
    ("2024年上半年", {"year": 2024, "half": 1}),
    ("24年Q2", {"year": 2024, "quarter": 2}),
    ("2030年7〜9月期", {"year": 2030, "quarter": 3}),
    ("10～12月期", {"quarter": 4}),
    ("上季度", {"relative": "last_quarter"}),
    ("下午3点半", {"hour": 15, "minute": 30}),
    ("上世纪80年代", {"year": 1980, "part": "decade"}),
    ("2024-08-20", {"year": 2024, "month": 8, "day": 20}),
    ("20 August 2024", {"year": 2024, "month": 8, "day": 20}),
    ("Aug. 20, 2024", {"year": 2024, "month": 8, "day": 20}),
    ("20. August 2024", {"year": 2024, "month": 8, "day": 20}),
    ("20 de agosto de 2024", {"year": 2024, "month": 8, "day": 20}),
    ("20 août 2024", {"year": 2024, "month": 8, "day": 20}),
    ("20 agosto 2024", {"year": 2024, "month": 8, "day": 20}),
    ("20 августа 2024 года", {"year": 2024, "month": 8, "day": 20}),
    ("٢٠ أغسطس ٢٠٢٤", {"year": 2024, "month": 8, "day": 20}),
    ("2024년 8월 20일", {"year": 2024, "month": 8, "day": 20}),
    ("Q2 2024", {"year": 2024, "quarter": 2}),
    ("2024Q2", {"year": 2024, "quarter": 2}),
    ("second quarter of 2024", {"year": 2024, "quarter": 2}),
    ("zweiten Quartal 2024", {"year": 2024, "quarter": 2}),
    ("deuxième trimestre 2024", {"year": 2024, "quarter": 2}),
    ("segundo trimestre de 2024", {"year": 2024, "quarter": 2}),
    ("secondo trimestre del 2024", {"year": 2024, "quarter": 2}),
    ("второй квартал 2024 года", {"year": 2024, "quarter": 2}),
    ("الربع الثاني من عام 2024", {"year": 2024, "quarter": 2}),
    ("2024年第2四半期", {"year": 2024, "quarter": 2}),
    ("지난해 2분기", {"relative": "last_year", "quarter": 2}),
    ("H1 2024", {"year": 2024, "half": 1}),
    ("first half of 2024", {"year": 2024, "half": 1}),
    ("상반기", {"half": 1}),
    ("FY2023", {"year": 2023}),
    ("second quarter of last year", {"quarter": 2, "relative": "last_year"}),
    ("the beginning of March 2021", {"year": 2021, "month": 3, "part": "start"}),
    ("1990s", {"year": 1990, "part": "decade"}),
]


@pytest.mark.parametrize(("text", "fields"), SAID)
def test_a_time_is_read_into_its_parts(text: str, fields: dict[str, object]) -> None:
    found = times(text)
    assert [t.fields() for t in found] == [fields]
    assert found[0].text in text


@pytest.mark.parametrize(
    "text",
    ["May I ask?", "They march on.", "ten seconds", "the second time", "三个月", "月亮", "五一",
     "程一笑", "3年", "同期声", "a third of them", "2000 people"],
)  # fmt: skip
def test_words_that_only_look_like_times_are_none(text: str) -> None:
    assert times(text) == []


@pytest.mark.parametrize(
    ("asked", "told", "verdict"),
    [
        ("2024年第二季度", "Q2 2024", True),
        ("第二季度", "2024年第二季度", True),
        ("第二季度", "一季度", False),
        ("2023年", "2024年第二季度", False),
        ("2024", "2024年第二季度", None),
        ("上半年", "第二季度", False),
        ("第二季度", "5月", None),
        ("第二季度", "8月", False),
        ("8月", "8月20日", True),
        ("8月20日", "8月21日", False),
        ("去年", "last year", True),
        ("去年", "今年", False),
        ("去年", "第二季度", None),
        ("前三季度", "第三季度", False),
    ],
)
def test_times_are_compared_part_by_part(asked: str, told: str, verdict: bool | None) -> None:
    assert compatible(times(asked)[0], times(told)[0]) is verdict


def test_a_relative_time_can_be_anchored() -> None:
    now = Period(2024, 2)
    assert anchored(times("去年第二季度")[0], now).fields() == {"year": 2023, "quarter": 2}
    assert anchored(times("上季度")[0], now).fields() == {"year": 2024, "quarter": 1}
    assert anchored(times("上季度")[0], Period(2024, 1)).fields() == {"year": 2023, "quarter": 4}
    assert anchored(times("this quarter")[0], now).fields() == {"year": 2024, "quarter": 2}
    assert anchored(times("上季度")[0], Period(2024)).relative == "last_quarter"
    assert anchored(times("去年")[0], Period()).relative == "last_year"


@pytest.mark.parametrize(
    ("asked", "now", "own"),
    [
        ("2024年第二季度", Period(2024, 2), True),
        ("二季度", Period(2024, 2), True),
        ("一季度", Period(2024, 2), False),
        ("2023年第二季度", Period(2024, 2), False),
        ("2024年上半年", Period(2024, 2), True),
        ("2024年上半年", Period(2024), True),
        ("2024年上半年", Period(2024, 3), False),
        ("上半年", Period(2024), False),
        ("2024年", Period(2024, 2), False),
        ("2024年5月", Period(2024, 2), False),
    ],
)
def test_a_text_is_of_a_quarter_or_half(asked: str, now: Period, own: bool) -> None:
    assert its_own(times(asked)[0], now) is own
