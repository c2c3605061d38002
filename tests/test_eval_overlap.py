"""Exact match and F1 as the published scripts of CMRC 2018, KorQuAD and SQuAD compute them."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize import word_tokenize

from eval.overlap import definition, exact_and_f1

# Worked out by hand from the scripts' definitions; the comment counts the units.
CASES = [
    # CMRC: Chinese characters and words; common is the longest run both hold side by side.
    ("zh", "1999年8月", ["1999年8月"], 1.0, 1.0),
    ("zh", "在北京举行", ["北京"], 0.0, 2 * 2 / (5 + 2)),
    ("zh", "南京和北京", ["北京", "上海"], 0.0, 2 * 2 / (5 + 2)),
    ("zh", "《北京》。", ["北京"], 1.0, 1.0),
    ("zh", "北 京", ["北京"], 0.0, 1.0),  # blanks part exact match, not the units
    ("zh", "北京(首都)", ["北京"], 0.0, 2 * 2 / (6 + 2)),  # "(" isn't in the list
    ("zh", "北京x上海", ["北京上海"], 0.0, 2 * 2 / (5 + 4)),  # a run, not a bag
    ("zh", "12.5%", ["12.5"], 0.0, 2 * 1 / (2 + 1)),  # 12.5 and %
    ("zh", "3-4月", ["34月"], 1.0, 1.0),  # a dash is dropped before words are cut
    ("zh-Hant", "臺北市", ["臺北"], 0.0, 2 * 2 / (3 + 2)),
    # SQuAD: words, articles and ASCII punctuation dropped.
    ("en", "the Quick fox", ["quick fox!"], 1.0, 1.0),
    ("en", "a fox", ["quick fox"], 0.0, 2 * 1 / (1 + 2)),
    ("en", "fox fox", ["fox"], 0.0, 2 * 1 / (2 + 1)),
    ("en", "31.0 billion", ["310 billion"], 1.0, 1.0),  # the script's own doing
    ("en", "dog", ["cat", "the dog's"], 0.0, 0.0),
    ("de", "im Jahr 2024", ["2024"], 0.0, 2 * 1 / (3 + 1)),
    # KorQuAD: characters for F1, words for exact match.
    ("ko", "서울 시", ["서울시"], 0.0, 1.0),
    ("ko", "《서울》", ["서울"], 1.0, 1.0),
    ("ko", "서울에서", ["서울"], 0.0, 2 * 2 / (4 + 2)),
    # JaQuAD: characters.
    ("ja", "東京都", ["東京"], 0.0, 2 * 2 / (3 + 2)),
    ("ja", "「東京」", ["東京"], 1.0, 1.0),
    ("ja", "大阪", ["東京"], 0.0, 0.0),
    ("en", "anything", [], 0.0, 0.0),
]


@pytest.mark.parametrize(("lang", "answer", "right", "exact", "f1"), CASES)
def test_by_hand(lang: str, answer: str, right: list[str], exact: float, f1: float) -> None:
    assert exact_and_f1(lang, answer, right) == pytest.approx((exact, f1), abs=1e-6)


# What CMRC's script cuts with NLTK's Treebank words, each beside "x" so that F1 counts the units.
@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Inc.", 2), ("a, b", 3), ("1,000", 1), ("$3.88", 2), ("don't", 2), ("Ada's", 2),
        ('"x"', 3), ("(a)", 3), ("a…b", 1), ("a...b", 3), ("U.S.A", 1), ("A&B", 3), ("15″", 1),
        ("a—b", 3), ("what?!", 3), ("'tis", 2), ("'x'", 3),
    ],
)  # fmt: skip
def test_words_within_chinese_are_cut_as_by_treebank(text: str, units: int) -> None:
    assert exact_and_f1("zh", f"年{text}", ["年"])[1] == pytest.approx(2 / (units + 2))


@given(st.sampled_from(["zh", "ja", "ko", "en"]), st.text("北京서울ab1 .“あ", max_size=12),
       st.text("北京서울ab1 .“あ", max_size=12))  # fmt: skip
@settings(deadline=None)
def test_f1_is_even_handed_and_one_when_exact(lang: str, one: str, other: str) -> None:
    exact, f1 = exact_and_f1(lang, one, [other])
    assert exact_and_f1(lang, other, [one]) == (exact, f1)
    assert 0.0 <= f1 <= 1.0
    assert not exact or f1 in (0.0, 1.0)  # 0 where no unit is left at all


def test_the_better_of_several_counts() -> None:
    assert exact_and_f1("en", "red fox", ["dog", "red", "red fox"]) == (1.0, 1.0)


def test_chinese_answers_to_other_languages_are_not_cut_at_blanks() -> None:
    assert definition("en", "31.0 billion") == "en"
    assert definition("en", "310亿") == "zh"
    assert definition("de", "カタカナ") == "ja"
    assert definition("ko-KR", "310亿") == "ko"


# At least one word each: of two answers without any, SQuAD 1.1's script says 0, 2.0's says 1.
WORDS = ["fox", "foxes.", "31.0", "$4", "it's", "U.S.", "é", "(x)"]
ANSWERS = st.tuples(
    st.sampled_from(WORDS), st.lists(st.sampled_from([*WORDS, "a", "The", "an"]), max_size=5)
).map(lambda drawn: " ".join([*drawn[1], drawn[0]]))


@given(ANSWERS, st.lists(ANSWERS, min_size=1, max_size=3))
@settings(deadline=None, max_examples=300)
def test_english_agrees_with_the_squad_metric_of_torchmetrics(
    answer: str, right: list[str]
) -> None:
    from torchmetrics.functional.text import squad

    theirs = squad(
        {"id": "q", "prediction_text": answer},
        {"id": "q", "answers": {"text": right, "answer_start": [0] * len(right)}},
    )
    exact, f1 = exact_and_f1("en", answer, right)
    assert 100 * exact == pytest.approx(float(theirs["exact_match"]), abs=1e-6)
    assert 100 * f1 == pytest.approx(float(theirs["f1"]), abs=1e-4)  # theirs is float32


@given(st.text("北京上海1年a ", max_size=14), st.text("北京上海1年a ", max_size=14))
@settings(deadline=None, max_examples=300)
def test_chinese_agrees_with_another_way_to_compute_it(answer: str, right: str) -> None:
    ours, theirs = (
        word_tokenize(
            "".join(f" {c} " if c in "北京上海年" else c for c in text), preserve_line=True
        )
        for text in (answer, right)
    )
    same = SequenceMatcher(None, ours, theirs, autojunk=False)
    run = same.find_longest_match(0, len(ours), 0, len(theirs)).size
    expected = 2 * run / (len(ours) + len(theirs)) if run else 0.0
    assert exact_and_f1("zh", answer, [right])[1] == pytest.approx(expected, abs=1e-6)
