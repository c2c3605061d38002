"""Short answers inside a sentence, and the order of sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index import Corpus, StaticEncoder, load_encoder, read_text
from rag.answering import Extractive
from rag.answering.evidence import FEATURES
from rag.answering.reader import Reading, load_reader
from rag.answering.spans import best_short, prepare
from rag.asking import parse
from rag.citing import compose
from rag.fitted import fitted
from rag.matching import query, similarity, words
from rag.numbers import UNKNOWN, Period


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    loaded = load_encoder("shipped")
    assert isinstance(loaded, StaticEncoder)
    return loaded


def short(encoder: StaticEncoder, question: str, text: str, period: Period = UNKNOWN) -> str:
    asked = query(encoder, parse(question))
    sentence = prepare(text, words(encoder, text))
    matched = similarity(asked, sentence.words)
    found = best_short(asked, sentence, matched, asked.weights, period=period)
    return text[found.start : found.end] if found else ""


FERRY = "2021年渡轮公司收入为3.2亿元，同比增长8.5%，净利润为4100万元。"
RESPECTIVELY = "门票、餐饮和纪念品的收入分别占62%、25%和13%。"
QUARTERS = "三季度客流为93万人次，与二季度的86万人次相比增长8.1%。"
SHORTS = [
    ("收入是多少？", FERRY, "3.2亿元"),
    ("净利润是多少？", FERRY, "4100万元"),
    ("收入同比增长了多少？", FERRY, "8.5%"),
    ("门票占多少？", RESPECTIVELY, "62%"),
    ("餐饮占比是多少？", RESPECTIVELY, "25%"),
    ("纪念品占多少？", RESPECTIVELY, "13%"),
    ("二季度客流是多少？", QUARTERS, "86万人次"),
    ("三季度客流是多少？", QUARTERS, "93万人次"),
    ("客流增长了百分之几？", QUARTERS, "8.1%"),
    ("When did it open?", "The hall opened on 4 June 1998 and closed in 2003.", "4 June 1998"),
    ("How much did the hall cost?", "The hall cost $3.5 million and seats 800.", "$3.5 million"),
    ("为什么关闭？", "渡轮在2020年关闭，因为码头塌了。", ""),
]


@pytest.mark.parametrize(("question", "text", "expected"), SHORTS)
def test_short_answer(encoder: StaticEncoder, question: str, text: str, expected: str) -> None:
    assert short(encoder, question, text) == expected


RELATIVE = "本季度客流为93万人次，环比上季度的86万人次增长8.1%。"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("一季度客流是多少？", "86万人次"),
        ("2031年二季度客流是多少？", "93万人次"),
        ("二季度客流比一季度增长百分之几？", "8.1%"),
    ],
)
def test_this_quarter_is_the_one_the_text_is_of(
    encoder: StaticEncoder, question: str, expected: str
) -> None:
    assert short(encoder, question, RELATIVE, Period(2031, 2)) == expected


def test_a_text_of_one_quarter_also_answers_for_the_one_before(encoder: StaticEncoder) -> None:
    text = f"渡轮公司发布2031年第二季度业绩。\n\n{RELATIVE}\n\n公司计划招聘船员。\n"
    corpus = Corpus.build([read_text(text, source="f.txt")], encoder)
    for asked, reason in (("一季度客流是多少？", ""), ("四季度客流是多少？", "other_time")):
        question = parse(asked)
        draft = Extractive(encoder).draft(question, corpus, corpus.search(question.text, 12))
        assert draft.reason == reason, asked


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("二季度客流是多少？", ""),  # though the sentence names the day before and a quarter's
        ("2031年二季度客流是多少？", ""),
        ("2030年二季度客流是多少？", "other_time"),
        ("三季度客流是多少？", "other_time"),
        ("2031年二季度招聘了多少船员？", ""),  # beside a sentence of another quarter
    ],
)
def test_a_comparison_is_not_of_another_time(
    encoder: StaticEncoder, question: str, reason: str
) -> None:
    text = (
        "渡轮公司发布2031年第二季度业绩。\n\n8月9日的财报显示，客流为93万人次，上一季度为86万人次。\n\n"
        "一季度停航五天。\n招聘船员120人。\n"
    )
    corpus = Corpus.build([read_text(text, source="f.txt")], encoder)
    asked = parse(question)
    draft = Extractive(encoder).draft(asked, corpus, corpus.search(asked.text, 12))
    assert draft.reason == reason


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("客流同比增长多少？", False),
        ("How much did ticket revenue grow quarter on quarter?", False),
        ("客流环比增长多少？", True),
        ("客流增长多少？", True),
        ("票价收入同比增长多少？", True),
        ("票价收入环比增长多少？", False),
    ],
)
def test_growth_over_a_quarter_is_not_that_over_a_year(
    encoder: StaticEncoder, question: str, answers: bool
) -> None:
    text = "客流环比增长8.1%，达93万人次。\n\n票价收入同比增长7.3%。\n"
    corpus = Corpus.build([read_text(text, source="f.txt")], encoder)
    asked = parse(question)
    draft = Extractive(encoder).draft(asked, corpus, corpus.search(asked.text, 12))
    assert bool(draft.found) is answers


def test_a_heading_names_what_others_say_and_is_never_the_answer(encoder: StaticEncoder) -> None:
    text = "# 年报\n\n## 客流再创新高\n\n全年客流为93万人次，比上年多出一成。\n"
    corpus = Corpus.build([read_text(text, source="a.md")], encoder)
    question = parse("客流创新高了吗，是多少？")
    draft = Extractive(encoder).draft(question, corpus, corpus.search(question.text, 12))
    assert corpus.text(draft.found[0].sentence).startswith("全年客流")


def test_the_weights_belong_to_the_shipped_encoder(encoder: StaticEncoder) -> None:
    assert fitted().encoder == encoder.fingerprint
    assert fitted().reader == load_reader().fingerprint
    assert fitted().features == FEATURES
    for model in (fitted().same, fitted().cross):
        assert model.expected.shape == (encoder.dimensions + 1,)


def test_one_citation_for_two_answers_of_one_sentence(encoder: StaticEncoder) -> None:
    text = f"渡轮公司发布年报。\n\n{FERRY}\n\n渡轮公司计划开通新航线。渡轮公司还招了船员。\n"
    corpus = Corpus.build([read_text(text, source="f.txt")], encoder)
    question = parse("渡轮公司的收入和净利润分别是多少？")
    draft = Extractive(encoder).draft(question, corpus, corpus.search(question.text, 12))
    composed = compose(draft.found, corpus, "zh")
    assert len(composed.citations) == 1
    assert composed.statements[0].short == "3.2亿元、4100万元"
    assert composed.text.endswith("[1]")


class Told:
    """Reads as if one sentence, where it is read by itself, answered and nothing else did."""

    def __init__(self, answering: str) -> None:
        self._answering = answering

    def read(self, _: str, passages: Sequence[str]) -> list[Reading]:
        nothing = np.zeros(0, np.float32)
        odds = [80.0 if text.strip() == self._answering else -80.0 for text in passages]
        return [Reading(o, nothing, nothing, np.zeros((0, 2), np.int32)) for o in odds]


SUMS = ("远帆科技的收入为12亿元。", "远帆科技的总收入为15亿元。")


def best_of(encoder: StaticEncoder, question: str, answering: str) -> str:
    corpus = Corpus.build([read_text("".join(SUMS))], encoder)
    answerer = Extractive(encoder, lambda: Told(answering))  # type: ignore[arg-type,return-value]
    asked = parse(question)
    places = [place for _, place in answerer.places(asked, corpus, corpus.search(question, 2))]
    _, judged, order = answerer.weighed(asked, places)
    assert abs(judged[order[0]].features[FEATURES.index("closer")]) == 8.0
    return judged[order[0]].place.sentence.text.strip()


@pytest.mark.parametrize("answering", SUMS)
@pytest.mark.parametrize(
    "question", ["How much revenue did Yuanfan have?", "远帆科技的收入是多少？"]
)
def test_the_sentence_that_answers_by_itself_goes_first(
    encoder: StaticEncoder, question: str, answering: str
) -> None:
    assert best_of(encoder, question, answering) == answering


class Heard(Told):
    """Keeps what it is asked."""

    def __init__(self) -> None:
        super().__init__(SUMS[0])
        self.asked: list[str] = []

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        self.asked.append(question)
        return super().read(question, passages)


@pytest.mark.parametrize(
    ("question", "heard"),
    [
        ("How much operating profit did Yuanfan have?", "营业利润"),
        ("Wie hoch war der Betriebsgewinn von Yuanfan?", "营业利润"),
        ("远帆科技的经营利润是多少？", "经营利润"),
    ],
)
def test_the_reader_is_asked_in_the_words_of_the_text(
    encoder: StaticEncoder, question: str, heard: str
) -> None:
    corpus = Corpus.build([read_text("".join(SUMS))], encoder)
    reader = Heard()
    answerer = Extractive(encoder, lambda: reader)  # type: ignore[arg-type,return-value]
    answerer.draft(parse(question), corpus, corpus.search(question, 2))
    assert heard in reader.asked[0]
    # The best sentences are looked at with the question as it was asked, too.
    assert question in reader.asked


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("渡轮客运集团有限公司2021年的收入是多少？", "公司2021年的收入是多少？"),
        ("北岸矿业有限公司2021年的收入是多少？", ""),
        ("公司2021年的收入是多少？", ""),
        ("谷歌2021年的收入是多少？", ""),
        ("京东2021年的收入是多少？", "公司2021年的收入是多少？"),
    ],
)
def test_a_sentence_alone_need_not_name_the_company_the_text_begins_with(
    encoder: StaticEncoder, question: str, short: str
) -> None:
    first = "京东发布年报。" if "京东" in question else "渡轮客运集团有限公司发布年报。"
    text = f"{first}\n\n2021年收入为3.2亿元。\n\n公司计划招聘船员。\n"
    corpus = Corpus.build([read_text(text, source="f.txt")], encoder)
    reader = Heard()
    answerer = Extractive(encoder, lambda: reader)  # type: ignore[arg-type,return-value]
    answerer.draft(parse(question), corpus, corpus.search(question, 3))
    assert {*reader.asked} == {question, short or question}
