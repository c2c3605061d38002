"""The splitter: exact offsets in any script, and the hard cases of running text."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import MAX_CHARS, split


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


def check(text: str) -> None:
    """Assert what holds of every split: trimmed, ascending, complete, short enough."""
    spans = split(text)
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert end - start <= MAX_CHARS
        position = end
    assert not text[position:].strip()


TOKENS = st.sampled_from(
    [*"。！？…；，、.!?,;:\"'“”‘’「」『』（）()《》[]\n\r\t -–—%$¥#*", "\u3000", "\u00a0", "\u2028",
     "\r\n", "……", "...", "12.5%", "3.2亿元", "Mr.", "U.S.", "e.g.", "No.", "J.", "快手", "营收",
     "the", "The", "г.", "«", "»", "„", "؟", "।", "ไทย", "다", "は", "é", "e\u0301",
     "😀", "\u200d", "1", "[1]", "https://a.b/c?d=e",
     "啊" * 150, "word " * 60, "7" * 300]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(TOKENS, max_size=40).map("".join))
def test_every_visible_character_is_in_exactly_one_trimmed_span(text: str) -> None:
    check(text)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=300))
def test_any_unicode_text_splits_into_spans_that_hold(text: str) -> None:
    check(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["营收增长5%。", "他走了！", "是吗？", "好；"]), min_size=1))
def test_plain_chinese_sentences_come_back_one_by_one(sentences: list[str]) -> None:
    assert pieces("".join(sentences)) == sentences


# "|" stands where a cut is expected.
CHINESE = """
毛利率为12.5%。|净利润3.2亿元。
他说：“利润达3.2亿元。”|随后离开。
“你好！”，他说。|“走吧！”|他又说。
真的吗!?…|太好了……|然后呢
营收增长11.6%,达到310亿元!|他表示,很好.|同比增长
收入为３．５亿元。|成本为２．１亿元。
她读完了《怎么办？》一书。|很好看。
这个结果（？）让人意外。
（详见附录。）|下一段。
他走了。|"你好,"他说。|"再见。"|她也走了。
一、稳；|二、准；|三、快。
太好了！😀|下一句。🎉🎉|再来
访问https://a.com/x?y=1&z=2!ok。|然后看www.example.com。
版本从1.2.3升到v2.0.1。|Node.js也升级了。
今天5.5折?|明天原价!
他用的是Apple Inc. 的产品。
「走吧。」|她説。
『お前は誰だ？』と聞いた。|彼は黙った。
売上高は310億円です。|「すごい。」と言った。|次に、
"""
OTHERS = """
U.S. 3.5 million people moved.|It grew 2.5% in the U.S.|The rest fell.
Mr. Smith met Dr. J. K. Rowling, e.g. in London.|He left at 5 p.m.|The end.
See No. 5.|Then Fig. 2 and p. 30.|No.|I left.
Apple Inc. reported sales.|It was founded by John F. Kennedy Jr. in Jan. 2020.
Wait... what?|Yes!|No?!|Well...|Then he went.
"Why?" he asked.|He said "go."|She left.
It rose.[1]|It fell.[2][3]|Done (see below.)|Yes.
iPhone sales rose.|eBay fell.|Visit example.com.|Version 1.2.3 shipped.
Am 3. Oktober stieg der Umsatz um 5%.|Im 2. Quartal, z. B. Im Mai, fiel er.|Dr. Müller ging.
Anna Berg (* 13. Dezember 1921 in Kiel) war Ärztin.|Es kostet 5.|Dann ging er.
Die Firma „wuchs stark.“|Dann fiel sie.
Oui ? » dit-il.|« Non ! »|Elle partit.|M. Dupont resta.
¿Qué pasó?|¡Nada!|EE. UU. creció 3,5 millones.|La Sra. García subió.
O Sr. Silva chegou.|A receita subiu 3,5%.
Il dott. Rossi parla.|Bene!
В 2024 г. компания выросла.|В 2023 г.|Компания упала.|Им. Пушкина.
매출은 310억원이다.|그리고 3.5% 증가했다.|그러나 끝
ما هو الدخل؟|بلغت الإيرادات 3.5 مليار.|وقال د. محمد ذلك.
यह पहला है।|यह दूसरा है।
ราคา 3.5 บาท ในปี พ.ศ. 2567 เพิ่มขึ้น
"""


@pytest.mark.parametrize("marked", [*CHINESE.split("\n"), *OTHERS.split("\n")])
def test_hard_cases(marked: str) -> None:
    expected = [part.strip() for part in marked.split("|") if part.strip()]
    # A cut between Han needs no space, any other has one.
    text = re.sub(r"\|(?=[\u3000-\u9fff“\"])", "", marked.strip()).replace("|", " ")
    assert pieces(text) == expected


def test_lists_and_headings_are_cut_at_line_ends() -> None:
    text = (
        "# Results 2024\n\n1. First item\n2. Second item\n- third\n\nText here. More.\n一、背景\n"
    )
    assert pieces(text) == [
        "# Results 2024", "1. First item", "2. Second item", "- third", "Text here.", "More.",
        "一、背景",
    ]  # fmt: skip


def test_all_line_ends_count() -> None:
    assert pieces("甲\n乙\r\n丙\r丁\u2028戊\u0085己") == list("甲乙丙丁戊己")


def test_prose_wrapped_to_a_width_is_read_as_one_paragraph() -> None:
    text = (
        "The harbour was closed for the whole of the winter because of\n"
        "the ice that had formed along the northern coast. Ships had\n"
        "to wait until Captain Jansen gave them leave to go.\n\nNext."
    )
    assert [part.replace("\n", " ") for part in pieces(text)] == [
        "The harbour was closed for the whole of the winter because of the ice that had formed "
        "along the northern coast.",
        "Ships had to wait until Captain Jansen gave them leave to go.",
        "Next.",
    ]


def test_short_lines_are_not_joined() -> None:
    assert pieces("Revenue\nand costs\nrose") == ["Revenue", "and costs", "rose"]


def test_a_run_without_enders_is_cut_at_commas_and_whole() -> None:
    text = "门店的数量在今年继续增加，" * 60
    assert "".join(pieces(text)) == text
    assert all(part.endswith("，") for part in pieces(text))
    assert len(pieces(text)) == 2 * len(text) // (2 * MAX_CHARS) + 1


@pytest.mark.parametrize("filler", ["word ", "字", "字，"])
@pytest.mark.parametrize(
    "figure", ["310亿元", "3.5 million", "1,234,567", "12.5%", "US$ 20", "１２３万"]
)
def test_a_long_run_is_never_cut_inside_a_figure(filler: str, figure: str) -> None:
    for shift in range(MAX_CHARS - 14, MAX_CHARS + 2):
        text = (filler * 400)[:shift] + f" {figure} " + filler * 300
        assert sum(figure in part for part in pieces(text)) == 1, shift


def test_thai_without_enders_is_cut_at_spaces() -> None:
    text = "ตัวอย่างข้อความภาษาไทย " * 40
    assert all(part.startswith("ตัว") and part.endswith("ไทย") for part in pieces(text))
    check(text)


@pytest.mark.parametrize(
    "unit",
    ["a.", '."', "。", "啊", "1", " ", "a b ", "?”", "\n", "…”a", "Mr. ", "U.", "z. ", "1,", "(",
     '"', ". ", "[1", "。[1]", "😀", "«.", ", ", "．5", "a\n", "…", "\u0301",
     "x" * 50 + "\n"],
)  # fmt: skip
def test_pathological_text_of_up_to_two_megabytes_is_split_in_linear_time(unit: str) -> None:
    # A quadratic splitter would not end within the suite's time limit here.
    text = unit * ((2_000_000 if unit in "。啊\n " else 400_000) // len(unit))
    spans = split(text)
    assert sum(end - start for start, end in spans) <= len(text)
    assert spans or not text.strip()


def test_ascii_punctuation_alone_survives() -> None:
    assert "".join("".join(pieces(string.punctuation)).split()) == string.punctuation
