"""Chunks: whole sentences, exact offsets, nothing left out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking import ChunkSettings, chunk, weight
from index.sentences import split
from index.types import Chunk, Document

TEXTS = st.lists(
    st.sampled_from(
        "公司收入增长。|利润为3.2亿元！|The firm grew 5%. |He left. |\n|\n\n|# 标题\n|小节名\n|"
        "売上は高い。|, and |”|a b c d e f "
        "|매출은 올랐다. |- item\n|长句，没有句号，一直写下去，|？".split("|")
    ),
    max_size=60,
).map("".join)


def document(text: str, title: str = "") -> Document:
    return Document("d", title, text, "d.txt", "und")


def covered(text: str, chunks: list[Chunk]) -> list[tuple[int, int]]:
    """Return the sentences that some chunk holds whole."""
    return [(a, b) for a, b in split(text) if any(c.start <= a and b <= c.end for c in chunks)]


@settings(deadline=None)
@given(TEXTS, st.integers(1, 200), st.integers(0, 3))
def test_chunks_are_ordered_runs_of_sentences_that_leave_nothing_out(
    text: str, max_chars: int, overlap: int
) -> None:
    chunks = chunk(document(text), ChunkSettings(max_chars, overlap))
    spans = split(text)
    starts, ends = {a for a, _ in spans}, {b for _, b in spans}
    assert covered(text, chunks) == spans
    assert all(text[c.start : c.end] == c.text for c in chunks)
    assert all(c.start in starts and c.end in ends for c in chunks)
    assert [c.start for c in chunks] == sorted({c.start for c in chunks})
    assert [c.end for c in chunks] == sorted({c.end for c in chunks})
    for one in chunks:
        inside = [s for s in spans if one.start <= s[0] < one.end]
        assert len(inside) == 1 or sum(weight(text[a:b]) for a, b in inside) <= max_chars


def test_one_sentence_is_one_chunk() -> None:
    (only,) = chunk(document("只有一句话。", "题目"))
    assert (only.start, only.end, only.text, only.context) == (0, 6, "只有一句话。", "题目")


@pytest.mark.parametrize("text", ["", "\n\n \n\t\n", " "])
def test_nothing_to_read_gives_no_chunk(text: str) -> None:
    assert chunk(document(text)) == []


def test_a_long_paragraph_without_headings_is_cut_into_overlapping_chunks() -> None:
    text = "".join(f"第{i}家门店本月卖出了{i * 7}件商品，比上月多。" for i in range(500))[:10_000]
    chunks = chunk(document(text))
    assert 33 <= len(chunks) <= 45
    assert all(weight(c.text) <= 840 for c in chunks)
    assert all(b.start < a.end for a, b in pairwise(chunks))
    assert covered(text, chunks) == split(text)


def test_the_overlap_is_one_sentence() -> None:
    text = "甲乙丙丁。戊己庚辛。子丑寅卯。辰巳午未。"
    chunks = chunk(document(text), ChunkSettings(max_chars=35))
    assert [c.text for c in chunks] == [
        "甲乙丙丁。戊己庚辛。",
        "戊己庚辛。子丑寅卯。",
        "子丑寅卯。辰巳午未。",
    ]


def test_a_sentence_longer_than_a_chunk_stands_alone() -> None:
    text = "短。" + "很长" * 100 + "。尾。"
    chunks = chunk(document(text), ChunkSettings(max_chars=50))
    assert [len(c.text) for c in chunks] == [2, 201, 2]


def test_a_chunk_prefers_to_end_with_its_paragraph() -> None:
    text = "一二三四五六七。\n八九十百千万亿。\n元角分毫厘丝忽。又一句。"
    chunks = chunk(document(text), ChunkSettings(max_chars=60, overlap_sentences=0))
    assert [c.text for c in chunks] == [
        "一二三四五六七。\n八九十百千万亿。",
        "元角分毫厘丝忽。又一句。",
    ]


def test_headings_become_context_and_stay_in_the_text() -> None:
    text = "# 年报\n\n开头一段话。\n\n## 收入\n\n收入增长了。\n\n## 成本\n\n成本下降了。"
    chunks = chunk(document(text, "年报"))
    assert [c.context for c in chunks] == ["年报", "年报 › 收入", "年报 › 成本"]
    assert [c.text.splitlines()[0] for c in chunks] == ["# 年报", "## 收入", "## 成本"]


def test_a_short_line_before_a_paragraph_is_a_heading() -> None:
    text = (
        "门店扩张放缓\n今年只新开了三家门店，比去年少了一半。\n"
        "海外\n海外门店今年一共有十二家，全部盈利。"
    )
    assert [c.context for c in chunk(document(text, "周报"))] == [
        "周报 › 门店扩张放缓",
        "周报 › 海外",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "- 苹果\n- 梨子\n我们今天去市场上买了很多新鲜的水果。",
        "收入：\n今年的收入比去年多了百分之十以上。",
        "第一行很短。\n第二行是一个比第一行长得多的完整句子。",
    ],
)
def test_list_items_and_sentences_are_no_headings(text: str) -> None:
    assert [c.context for c in chunk(document(text, "题"))] == ["题"]


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="max_chars"):
        ChunkSettings(max_chars=0)
