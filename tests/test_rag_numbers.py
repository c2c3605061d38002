"""Figures: spans, exact values, sameness, and the way back from every language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.gloss_words import LANGUAGES
from rag.numbers import Figure, exact, find, gloss, same

FOUND = [
    ("总营收310亿元，", "310亿元", "money", "31000000000", "CNY"),
    ("日活3.95亿。", "3.95亿", "number", "395000000", ""),
    ("近2万商家", "2万", "number", "20000", ""),
    ("增长11.6%", "11.6%", "percent", "11.6", "%"),
    ("百分之五的人", "百分之五", "percent", "5", "%"),
    ("约三成", "三成", "percent", "30", "%"),
    ("超2倍", "2倍", "multiple", "2", "x"),
    ("突破万亿", "万亿", "number", "1000000000000", ""),
    ("共1.2万亿美元", "1.2万亿美元", "money", "1200000000000", "USD"),
    ("十二亿", "十二亿", "number", "1200000000", ""),
    ("两百万", "两百万", "number", "2000000", ""),
    ("二十三人", "二十三人", "count", "23", "person"),
    ("5萬億港幣", "5萬億港幣", "money", "5000000000000", "HKD"),
    ("3亿9500万人", "3亿9500万人", "count", "395000000", "person"),
    ("30多家", "30多家", "count", "30", "company"),
    ("半年", "半年", "duration", "6", "month"),
    ("三个月", "三个月", "duration", "3", "month"),
    ("一年半", "一年半", "duration", "18", "month"),
    ("提高3个百分点", "3个百分点", "percent", "3", "pp"),
    ("１２．５％", "１２．５％", "percent", "12.5", "%"),
    ("第三", "第三", "number", "3", "ordinal"),
    ("3억 9500만 명이", "3억 9500만 명", "count", "395000000", "person"),
    ("395백만", "395백만", "number", "395000000", ""),
    ("310억 위안", "310억 위안", "money", "31000000000", "CNY"),
    ("3億9,500万人", "3億9,500万人", "count", "395000000", "person"),
    ("3億5000万円", "3億5000万円", "money", "350000000", "JPY"),
    ("it is $3.5 million now", "$3.5 million", "money", "3500000", "USD"),
    ("at US$1.2bn,", "US$1.2bn", "money", "1200000000", "USD"),
    ("was 31.0 billion yuan", "31.0 billion yuan", "money", "31000000000", "CNY"),
    ("of RMB 31 billion", "RMB 31 billion", "money", "31000000000", "CNY"),
    ("5 percentage points", "5 percentage points", "percent", "5", "pp"),
    ("395 million users", "395 million users", "count", "395000000", "person"),
    ("up 3.5-fold", "3.5-fold", "multiple", "3.5", "x"),
    ("twenty-three people", "twenty-three people", "count", "23", "person"),
    ("1,234,567.8", "1,234,567.8", "number", "1234567.8", ""),
    ("der Umsatz von 2,5 Milliarden Euro", "2,5 Milliarden Euro", "money", "2500000000", "EUR"),
    ("das sind 1.234,5 und", "1.234,5", "number", "1234.5", ""),
    ("rund €2.5 Mio.", "€2.5 Mio.", "money", "2500000", "EUR"),
    ("les 1 234,5 millions d'euros", "1 234,5 millions d'euros", "money", "1234500000", "EUR"),
    ("los 31.000 millones de yuanes", "31.000 millones de yuanes", "money", "31000000000", "CNY"),
    ("os 3,5 bilhões de dólares", "3,5 bilhões de dólares", "money", "3500000000", "USD"),
    ("i 3,5 miliardi di euro", "3,5 miliardi di euro", "money", "3500000000", "EUR"),
    ("31,0 млрд юаней", "31,0 млрд юаней", "money", "31000000000", "CNY"),
    ("٣٫٥ مليار دولار", "٣٫٥ مليار دولار", "money", "3500000000", "USD"),
    ("13812345678", "13812345678", "number", "13812345678", ""),
]


@pytest.mark.parametrize(("text", "span", "kind", "value", "unit"), FOUND)
def test_a_figure_is_found_whole(text: str, span: str, kind: str, value: str, unit: str) -> None:
    (figure,) = find(text)
    assert (figure.text, figure.kind, figure.value, figure.unit) == (
        span, kind, Decimal(value), unit,
    )  # fmt: skip
    assert text[figure.start : figure.end] == span


@pytest.mark.parametrize(
    "text",
    ["程一笑", "一些人", "一直", "one of them", "三农问题", "五一假期", "万鹏飞来了", "千万不要",
     "单位数", "双十一", "十分好", "百度", "三星", "二次元", "一家公司", "三五个", "数十亿元",
     "几十万人",
     "a second look", "un ami", "eine Firma", "mil gracias", "五粮液", "四川", "七上八下", "百家"
     "争鸣"],
)  # fmt: skip
def test_numerals_inside_words_are_no_figures(text: str) -> None:
    assert find(text) == []


def test_flags_tell_estimates_and_bounds() -> None:
    def flags(text: str) -> tuple[bool, bool, bool]:
        (figure,) = find(text)
        return figure.low, figure.high, figure.approximate

    assert flags("超2倍") == (True, False, False)
    assert flags("80%以上") == (True, False, False)
    assert flags("more than 20 km") == (True, False, False)
    assert flags("不到5万元") == (False, True, False)
    assert flags("不超过5万元") == (False, True, False)
    assert flags("about 20,000") == (False, False, True)
    assert flags("近2万商家") == (False, False, True)
    assert flags("50余万人") == (True, False, True)
    assert flags("310亿元") == (False, False, False)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [("3%-5%", "3", "5", "%"), ("3-5%", "3", "5", "%"), ("20至30亿元", "2000000000", "3000000000"
    "", "CNY"),
     ("$3-5 million", "3000000", "5000000", "USD"), ("3 to 5 percent", "3", "5", "%")],
)  # fmt: skip
def test_a_range_has_two_ends(text: str, low: str, high: str, unit: str) -> None:
    (figure,) = find(text)
    assert (figure.value, figure.upper, figure.unit) == (Decimal(low), Decimal(high), unit)


def test_a_change_from_one_figure_to_another_is_no_range() -> None:
    assert [f.text for f in find("从2%升至5%")] == ["2%", "5%"]


def test_language_decides_what_a_lone_separator_means() -> None:
    assert find("1.234", "de")[0].value == 1234
    assert find("1.234", "en")[0].value == Decimal("1.234")
    assert find("1,234", "fr")[0].value == Decimal("1.234")
    assert find("1,234", "en")[0].value == 1234


def _one(text: str, language: str | None = None) -> Figure:
    (figure,) = find(text, language)
    return figure


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [("310亿元", "31.0 billion yuan", True), ("310亿元", "RMB 31,000 million", True),
     ("31 billion yuan", "310.2亿元", True), ("30 billion yuan", "310亿元", False),
     ("310亿元", "RMB 31 million", False), ("310亿元", "310亿美元", False), ("¥300", "300元", True),
     ("¥300", "300円", True), ("¥300", "300美元", False), ("3成", "30 percent", True),
     ("30%", "百分之三十", True), ("30%", "30个百分点", False), ("3倍", "3 times", True),
     ("3.95亿", "395 million users", True), ("3.95亿人", "3.9亿人", False), ("5公里", "5 km", True),
     ("5公里", "5米", False), ("3人", "3次", False), ("about 20,000", "19,876", True),
     ("20,000", "19,876", False), ("0%", "0.4%", False), ("8月20日", "20 August", True),
     ("第二季度", "Q2", True), ("第二季度", "Q3", False), ("2024年", "2024", True),
     ("半年", "6个月", True), ("3%-5%", "3–5 %", True), ("3%-5%", "3%-6%", False),
     ("第3", "3rd", True)],
)  # fmt: skip
def test_same_follows_value_unit_and_stated_precision(a: str, b: str, verdict: bool) -> None:
    assert same(_one(a), _one(b)) is verdict
    assert same(_one(b), _one(a)) is verdict


def test_rounded_figures_are_the_same_but_not_exact() -> None:
    assert not exact(_one("31 billion yuan"), _one("310.2亿元"))
    assert exact(_one("31.0 billion yuan"), _one("310亿元"))


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [("310亿元", "en", "RMB 31.0 billion"), ("46.8亿元", "en", "RMB 4.68 billion"),
     ("86亿元", "en", "RMB 8.6 billion"), ("3.95亿", "en", "395 million"), ("5000万", "en", "50 "
     "million"),
     ("2万", "en", "20,000"), ("3053亿元", "en", "RMB 305.3 billion"), ("万亿", "en", "1 trillion"),
     ("310亿元", "de", "31,0 Milliarden RMB"), ("310亿元", "fr", "31,0 milliards de RMB"),
     ("310亿元", "es", "31.000 millones de RMB"), ("310亿元", "pt", "31,0 bilhões de RMB"),
     ("310亿元", "it", "31,0 miliardi di RMB"), ("310亿元", "ru", "31,0 млрд юаней"),
     ("310亿元", "ja", "310億元"), ("310亿元", "ko", "310억 위안"), ("310亿元", "ar", "31.0 "
     "مليار يوان"),
     ("$3.5 billion", "zh", "35亿美元"), ("11.6%", "de", "11,6\u00a0%"), ("8月20日", "en", "20 "
     "August"),
     ("8月20日", "de", "20. August"), ("8月20日", "fr", "20 août"), ("8月20日", "ko", "8월 20일"),
     ("8月20日", "es", "20 de agosto"), ("第二季度", "en", "second quarter"), ("3公里", "en",
     "3 km"),
     ("2024年第二季度", "en", "second quarter of 2024"), ("今年7月", "en", "July of this year"),
     ("Q2 2024", "zh", "2024年第二季度"), ("$3.5 billion", "xx", "$3.5 billion"),
     ("310亿元", "zh-TW", "310億元人民幣")],
)  # fmt: skip
def test_gloss_follows_each_language(text: str, language: str, said: str) -> None:
    assert gloss(_one(text), language) == said


_MANTISSAS = st.decimals(min_value=1, max_value=9999, places=2).map(lambda d: d.normalize())
_WRITTEN = st.tuples(
    _MANTISSAS.map(lambda d: f"{d:f}"),
    st.sampled_from(
        ["亿元", "万元", "万亿元", "亿美元", "万", "亿", "%", "个百分点", "倍", "万人", "公里",
        "亿日元", "亿欧元",
         " million dollars", " billion yuan", " billion", " percent"]
    ),
).map("".join)  # fmt: skip
_DATES = st.one_of(
    st.tuples(st.integers(1900, 2099), st.integers(1, 12), st.integers(1, 31)).map(
        lambda d: f"{d[0]}年{d[1]}月{d[2]}日"
    ),
    st.tuples(st.integers(1, 12), st.integers(1, 31)).map(lambda d: f"{d[0]}月{d[1]}日"),
    st.tuples(st.integers(1900, 2099), st.sampled_from("一二三四")).map(
        lambda d: f"{d[0]}年第{d[1]}季度"
    ),
    st.tuples(st.integers(1900, 2099), st.sampled_from("上下")).map(
        lambda d: f"{d[0]}年{d[1]}半年"
    ),
    st.sampled_from(
        ["去年", "今年", "去年第二季度", "今年上半年", "前三季度", "8月底", "去年年初", "去年同期"]
    ),
)


@given(st.one_of(_WRITTEN, _DATES), st.sampled_from(LANGUAGES))
@settings(deadline=None, max_examples=600)
def test_a_gloss_reads_back_as_the_same_figure(text: str, language: str) -> None:
    figure = _one(text)
    said = gloss(figure, language)
    back = find(said, language)
    assert len(back) == 1 and same(back[0], figure) and back[0].value == figure.value, said


@given(
    st.text(
        alphabet="0123456789,.  -%亿万千百十一二三点半元年月日季度第两$€mbkQH分之成倍至",
        max_size=60,
    )
)
@settings(deadline=None, max_examples=300)
def test_spans_ascend_and_slice_the_text(text: str) -> None:
    position = 0
    for figure in find(text):
        assert position <= figure.start < figure.end <= len(text)
        assert text[figure.start : figure.end] == figure.text
        assert same(figure, figure)
        position = figure.end


@pytest.mark.parametrize(
    "unit", ["1", ",1", "1,", "一", "十万", "万亿", "1 ", "3%-", "May ", "年1月", "1.1"]
)
def test_long_runs_are_read_without_blowing_up(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    assert all(f.text == text[f.start : f.end] for f in find(text))
