from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.asking import without_asking
from index.words import fold, number, terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３％", "abc123%"),
        ("Électricité Ångström", "electricite angstrom"),
        ("Straße Łódź", "strasse lodz"),
        ("ещё Ёлка й", "еще елка и"),
        ("الإِيرَاداتُ", "الايرادات"),
        ("٣١٠٫٥", "310.5"),
        ("後來發現頭髮", "后来发现头发"),
        ("乾隆皇帝吃麵包", "乾隆皇帝吃面包"),
        ("ｶﾞｿﾘﾝ がぎぐ", "ガソリン がぎぐ"),
        ("営業利益", "営业利益"),
        ("हिन्दी में", "हिन्दी में"),
        ("", ""),
    ],
)
def test_folding_makes_spellings_meet(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("digits", "same"),
    [("3,053", "3053"), ("31.0", "31"), ("0.50", "0.5"), ("008", "8"), ("0", "0"), ("0.0", "0")],
)
def test_equal_numbers_are_one_term(digits, same):
    assert number(digits) == same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("总营收", ["总", "营", "收", "总营", "营收"]),
        ("8月", ["8", "8月", "月"]),
        ("310亿元", ["310", "310亿", "亿", "元", "亿元"]),
        ("31.0%", ["31"]),
        ("カメラ", ["カメ", "メラ"]),
        ("revenues fell", ["revenues", "reven", "fell"]),
        ("서울에서 만난", ["서울", "만난"]),
        ("والإيرادات", ["ايرادات", "ايراد"]),
        ("กรุงเทพ", ["กร", "รุ", "ุง", "งเ", "เท", "ทพ"]),
        ("AI技术", ["ai", "技", "术", "技术"]),
        ("can't", ["can", "t"]),
        ("……！？ \n", []),
    ],
)
def test_terms(text, expected):
    assert terms(text) == expected


def test_a_plural_shares_a_term_with_its_singular():
    assert set(terms("quarters")) & set(terms("quarter"))
    assert set(terms("empresas")) & set(terms("empresa"))
    assert set(terms("компаний")) & set(terms("компания"))


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("二季度总营收是多少？", terms("二季度总营收")),
        ("谁是首席执行官", terms("首席执行官")),
        ("How many apples did Maren sell?", terms("apples Maren sell")),
        ("¿Cuál fue el precio?", terms("precio")),
        ("売上高はいくらですか？", terms("売上高は")),
        ("매출은 얼마입니까?", terms("매출은")),
        ("Какова была выручка?", terms("выручка")),
    ],
)
def test_a_question_is_asked_without_its_question_words(question, left):
    assert terms(question, query=True) == left


def test_a_question_of_nothing_but_question_words_keeps_them():
    assert terms("What is it?", query=True) == ["what", "is", "it"]


def test_question_words_inside_words_stay():
    assert without_asking("showhat iss") == "showhat iss"


anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@given(anything)
@example("ß İ ŉ ǰ")
@settings(deadline=None)
def test_terms_hold_no_space_and_survive_any_text(text):
    for term in terms(text) + terms(text, query=True):
        assert term
        assert not any(c.isspace() for c in term)


@given(st.text(alphabet="abcXYZ 0123456789.,，。总营收二季度快手のカ", max_size=60))
@settings(deadline=None)
def test_width_and_case_never_matter(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert terms(wide) == terms(text) == terms(text.upper())


@given(st.integers(0, 10**12))
@settings(deadline=None)
def test_thousands_commas_never_matter(value):
    assert terms(f"{value:,}") == terms(str(value)) == [str(value)]
