"""Question files are read as written, and what is wrong with them is said with its place."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from eval.errors import QuestionsError
from eval.questions import load, load_all
from rag import Turn

GOOD: dict[str, Any] = {
    "id": "q1", "lang": "en", "question": "How much?", "answers": ["5%"], "evidence": ["by 5%"],
}  # fmt: skip


def written(folder: Path, *lines: object, name: str = "q.jsonl") -> Path:
    path = folder / name
    texts = (x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines)
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_all_fields(tmp_path: Path) -> None:
    history = [{"question": "Sales?", "answer": "31"}]
    more = {**GOOD, "documents": ["a.txt"], "kind": "figure", "history": history}
    (question,) = load(written(tmp_path, more))
    assert question.id == "q1"
    assert question.answers == ("5%",)
    assert question.evidence == ("by 5%",)
    assert question.documents == ("a.txt",)
    assert question.history == (Turn("Sales?", "31"),)
    assert question.answerable


def test_no_answers_means_unanswerable(tmp_path: Path) -> None:
    (question,) = load(written(tmp_path, {**GOOD, "answers": [], "evidence": []}))
    assert not question.answerable


def test_blank_lines_a_byte_order_mark_and_line_separators_are_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path, "", {**GOOD, "question": "a\u2028b"}, "")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [q.question for q in load(path)] == ["a\u2028b"]


def test_xz_is_read_transparently(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl.xz"
    path.write_bytes(lzma.compress(json.dumps(GOOD).encode()))
    assert [q.id for q in load(path)] == ["q1"]


def test_a_context_stands_in_for_evidence(tmp_path: Path) -> None:
    line = {
        "id": "c",
        "lang": "zh",
        "context": "总营收310亿元。",
        "question": "?",
        "answers": ["310亿元", "x"],
    }
    (question,) = load(written(tmp_path, line))
    assert question.evidence == ("总营收310亿元。",)


def test_the_published_place_chooses_among_several(tmp_path: Path) -> None:
    context = "甲公司成立于2001年。乙公司也成立于2001年。"
    line = {"id": "c", "lang": "zh", "context": context, "question": "?", "answers": ["2001年"]}
    places = ((-1, 0), (6, 0), (19, 1), (17, 0))  # the last one doesn't hold it: the first does
    path = written(tmp_path, *({**line, "start": start} for start, _ in places))
    sentences = ("甲公司成立于2001年。", "乙公司也成立于2001年。")
    assert [q.evidence for q in load(path)] == [(sentences[n],) for _, n in places]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "not JSON"),
        ("[1]", "JSON object"),
        ({**GOOD, "id": None}, "“id” is missing"),
        ({k: v for k, v in GOOD.items() if k != "evidence"}, "“evidence” is missing"),
        ({**GOOD, "answers": "5%"}, "“answers” must be a list"),
        ({**GOOD, "answers": [""]}, "none empty"),
        ({**GOOD, "question": "  "}, "“question” is empty"),
        ({**GOOD, "question": 3}, "must be a string"),
        ({**GOOD, "history": ["x"]}, "“history” must be"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, line: object, said: str) -> None:
    path = written(tmp_path, {**GOOD, "id": "fine"}, "", line)
    with pytest.raises(QuestionsError) as caught:
        load(path)
    assert f"{path}, line 3" in str(caught.value)
    assert said in str(caught.value)


def test_missing_folder_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match=r"nope\.jsonl: no such question file"):
        load(tmp_path / "nope.jsonl")
    with pytest.raises(QuestionsError, match="is a folder"):
        load(tmp_path)
    for name in ("b.jsonl", "b.jsonl.xz"):
        (tmp_path / name).write_bytes(b"\xff\xfe\x00\x01")
        with pytest.raises(QuestionsError, match="can't be read"):
            load(tmp_path / name)


def test_an_id_occurs_once_in_all_files(tmp_path: Path) -> None:
    paths = [written(tmp_path, GOOD, name="a.jsonl"), written(tmp_path, GOOD, name="b.jsonl")]
    with pytest.raises(QuestionsError, match=r"b\.jsonl: the id “q1” occurs twice .*a\.jsonl"):
        load_all(paths)


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match="no question"):
        load_all([written(tmp_path, "")])


SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "t",
            "paragraphs": [
                {
                    "context": "Ada was born in 1815.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": "When?",
                            "answers": [
                                {"text": "1815", "answer_start": 16},
                                {"text": "1815", "answer_start": 16},
                                {"text": "in 1815", "answer_start": 13},
                            ],
                        },
                        {
                            "id": "s2",
                            "question": "Where?",
                            "answers": [],
                            "is_impossible": True,
                            "plausible_answers": [{"text": "1815", "answer_start": 16}],
                        },
                    ],
                }
            ],
        }
    ],
}
CMRC = [
    {
        "context_id": "D0",
        "context_text": "光荣开发了它。",
        "title": "t",
        "qas": [{"query_id": "D0Q0", "query_text": "谁开发？", "answers": ["光荣", "光荣"]}],
    }
]


def test_squad_as_published(tmp_path: Path) -> None:
    path = tmp_path / "xquad.en.json"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")
    first, second = load(path)
    assert (first.id, first.lang, first.context) == ("s1", "en", "Ada was born in 1815.")
    assert first.answers == ("1815", "in 1815")
    assert first.evidence == ("Ada was born in 1815.",)
    assert second.evidence == ()
    assert not second.answerable


def test_cmrc_as_first_published(tmp_path: Path) -> None:
    path = tmp_path / "cmrc2018_dev.json"
    path.write_text(json.dumps(CMRC), encoding="utf-8")
    (question,) = load(path)
    assert (question.id, question.lang, question.answers) == ("D0Q0", "zh", ("光荣",))


# One paragraph of each set in its own published layout, with the fields that differ.
PUBLISHED = [
    ("xquad.zh.json", "zh", {}, {}),
    ("DRCD_dev.json", "zh-Hant", {"id": "1001", "title": "t"}, {"id": "1"}),
    ("KorQuAD_v1.0_dev.json", "ko", {}, {}),
    ("jaquad_dev_0000.json", "ja", {"question_type": "Single sentence"}, {"answer_type": "Person"}),
    ("cmrc2018_dev.json", "zh", {}, {}),
    ("SQuAD_it-test.json", "it", {}, {}),
    ("dev-v1.1.json", "en", {}, {}),
]


@pytest.mark.parametrize(("name", "lang", "of_question", "of_answer"), PUBLISHED)
def test_every_published_layout(
    tmp_path: Path, name: str, lang: str, of_question: dict[str, str], of_answer: dict[str, str]
) -> None:
    context = "Rain fell. Ada Moss leads it. Ada Moss left."
    answer = {"text": "Ada Moss", "answer_start": 11, **of_answer}
    item = {"id": "q", "question": "Who leads the company now?", "answers": [answer]}
    paragraph = {"context": context, "qas": [{**of_question, **item}], "id": "p"}
    path = tmp_path / name
    content = {"version": "1.0", "data": [{"title": "t", "id": "1", "paragraphs": [paragraph]}]}
    path.write_text(json.dumps(content), encoding="utf-8")
    (question,) = load(path)
    assert (question.id, question.lang, question.answers) == ("q", lang, ("Ada Moss",))
    assert question.evidence == ("Ada Moss leads it.",)
    assert question.context == context


@pytest.mark.parametrize("content", ['{"data": 3}', '{"other": []}', "[1]", "{"])
def test_other_json_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionsError, match=r"x\.json"):
        load(path)


DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.mark.skipif(not DATA.is_dir(), reason="the development data isn't here")
def test_the_development_questions_load() -> None:
    questions = load(DATA / "rag_dev" / "questions.jsonl.xz")
    assert len(questions) == 585
    assert len({q.documents for q in questions}) == 31
    assert sum(not q.answerable for q in questions) == 3
