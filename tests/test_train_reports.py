"""The invented reports are well formed, and read as the product would show them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from rag.answering.reader import SHIPPED, TOKENIZER_FILE
from train.reader import reports

LANGUAGES = {"zh", "en", "ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar"}
FILES = list(reports.articles())
ARTICLE = """# 远帆科技一季度收入增长

远帆科技一季度收入为12.5亿元，同比增长8%。其中游戏收入4.1亿元。

## 团队

公司共有员工2300人。首席执行官顾明远说：“我们会继续招人。”

""" + "\n\n".join(
    f"第{n}项安排与此无关，只是把文章写长，好让它分成几段来读。" * 4 for n in range(6)
)
ASKED = """\
{"lang": "en", "question": "How many staff?", "answer": "2300人", "evidence": "公司共有员工2300人"}
{"lang": "zh", "question": "女员工有多少人？", "answer": "", "evidence": ""}
"""


@pytest.mark.parametrize(("file", "asked"), FILES, ids=[file.stem for file, _ in FILES])
def test_reports_hold_what_their_questions_rest_on(file: Path, asked: list[reports.Asked]) -> None:
    text = file.read_text(encoding="utf-8")
    assert {one.lang for one in asked} == LANGUAGES
    for one in asked:
        assert one.question == one.question.strip() != ""
        assert one.evidence in text
        assert "\n" not in one.evidence
        if one.answer:
            assert text.count(one.evidence) == 1
            assert one.answer in one.evidence
    assert 0.4 <= np.mean([not one.answer for one in asked]) <= 0.6


def test_a_report_is_read_in_the_products_passages(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(ASKED, encoding="utf-8")
    tokenizer = Tokenizer.from_file(str(SHIPPED / TOKENIZER_FILE))
    read = reports.read(tokenizer, "zh", tmp_path)
    assert len(read.contexts) > reports.NEAREST

    def told(ids: np.ndarray) -> str:
        return "".join(tokenizer.id_to_token(int(i)) for i in ids)

    answered = [i for i, span in enumerate(read.spans) if span]
    assert answered
    for i in answered:
        first, last = read.spans[i]
        assert told(read.contexts[read.owners[i]][first : last + 1]) == "2300人"
        assert not any("2300人" in told(read.contexts[other]) for other in read.alike[i])
    unsaid = [read.owners[i] for i, span in enumerate(read.spans) if not span]
    assert len(unsaid) == len(set(unsaid)) == reports.NEAREST + 1  # and a sentence by itself
    assert "公司共有员工2300人。" in {told(read.contexts[read.owners[i]]) for i in answered}


def test_questions_are_read_as_the_product_rephrases_them(tmp_path: Path) -> None:
    said = "\n\n远帆科技在珠海。远帆科技有三层楼。\n"
    (tmp_path / "a.md").write_text(ARTICLE + said, encoding="utf-8")
    named = '{"lang": "zh", "question": "远帆科技的游戏收入？", "answer": "", "evidence": ""}'
    (tmp_path / "a.jsonl").write_text(f"{ASKED}{named}", encoding="utf-8")
    tokenizer = Tokenizer.from_file(str(SHIPPED / TOKENIZER_FILE))
    read = reports.read(tokenizer, "zh", tmp_path, rephrased=True)
    asked = {"".join(map(tokenizer.id_to_token, ids.tolist())) for ids in read.questions}
    # The second asks in Chinese and names no one, so it is asked as it is alone.
    assert asked == {"howmany员工?", "公司的游戏收入?"}


def test_a_further_round_shows_what_is_new_and_a_third_of_the_rest(tmp_path: Path) -> None:
    learned = reports.LEARNED.read_text(encoding="utf-8").split()
    names = {file.stem for file, _ in FILES}
    assert set(learned) <= names
    assert len(set(learned)) == len(learned)
    left_out = reports.left_out()
    assert left_out < set(learned)
    assert len(left_out) == len(learned) - -(-len(learned) // reports.SHOWN_AGAIN)
    for name in ("a", learned[0], learned[1]):
        (tmp_path / f"{name}.md").write_text(ARTICLE, encoding="utf-8")
        (tmp_path / f"{name}.jsonl").write_text(ASKED, encoding="utf-8")
    shown = {file.stem for file, _ in reports.articles(tmp_path, left_out)}
    assert shown == {"a", learned[0]}


def test_what_might_be_taken_for_an_answer_is_shown_first(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    asked = '{"lang": "zh", "question": "女员工有多少？", "answer": "", "evidence": "其中游戏收入"}'
    (tmp_path / "a.jsonl").write_text(asked, encoding="utf-8")
    tokenizer = Tokenizer.from_file(str(SHIPPED / TOKENIZER_FILE))
    read = reports.read(tokenizer, "zh", tmp_path)
    shown = ["".join(map(tokenizer.id_to_token, read.contexts[i].tolist())) for i in read.owners]
    assert "其中游戏收入" in shown[0]
    assert shown[-1] == "其中游戏收入4.1亿元。"


def test_a_report_of_another_language_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(ASKED, encoding="utf-8")
    tokenizer = Tokenizer.from_file(str(SHIPPED / TOKENIZER_FILE))
    assert not reports.read(tokenizer, "en", tmp_path).questions
