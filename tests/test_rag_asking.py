"""Reading a question: kinds, parts and follow-ups."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.asking import MAX_QUESTION_CHARS, clean, parse, parts
from rag.condensing import condense
from rag.errors import EmptyQuestion
from rag.folding import fold_in_place
from rag.types import Turn

KINDS = [
    ("上半年卖了多少辆车？", "zh", "count"),
    ("利润率是多少？", "zh", "percent"),
    ("营业额增长了多少？", "zh", "percent"),
    ("票价比去年涨了几倍？", "zh", "percent"),
    ("大桥造价多少亿元？", "zh", "money"),
    ("新馆什么时候开放？", "zh", "date"),
    ("誰是現任校長？", "zh-Hant", "person"),
    ("工程历时多久？", "zh", "duration"),
    ("为什么要停产？", "zh", "reason"),
    ("公司进入了哪些国家？", "zh", "list"),
    ("大模型管到哪几个环节？", "zh", "list"),
    ("How much did ticket sales grow?", "en", "percent"),
    ("How many times more trains run than before?", "en", "percent"),
    ("When did the museum open?", "en", "date"),
    ("Who designed the bridge?", "en", "person"),
    ("How many visitors came?", "en", "count"),
    ("Why was the line closed?", "en", "reason"),
    ("What was the total revenue?", "en", "money"),
    ("社長は誰ですか？", "ja", "person"),
    ("売上高はいくらですか？", "ja", "money"),
    ("来場者は何倍に増えましたか？", "ja", "percent"),
    ("박물관은 언제 문을 열었나요?", "ko", "date"),
    ("¿Quién dirige la empresa?", "es", "person"),
    ("Combien de visiteurs sont venus ?", "fr", "count"),
    ("Wann wurde die Brücke eröffnet?", "de", "date"),
    ("Почему закрыли линию?", "ru", "reason"),
    ("Какой процент пассажиров доволен?", "ru", "percent"),
    ("Во сколько раз выросла цена?", "ru", "percent"),
    ("متى افتتح المتحف؟", "ar", "date"),
    ("من أسس المتحف؟", "ar", "person"),
    ("كم زائرا جاء من المدينة؟", "ar", "count"),  # "from", not "who"
    ("منذ أي سنة يعمل الجسر؟", "ar", "date"),
    ("渡轮公司 毛利率", "zh", "percent"),
    ("渡轮公司 票价收入 三季度", "zh", "money"),
    ("渡轮公司 客流 同比", "zh", "percent"),
    ("哪个季度客流最多？", "zh", "date"),
    ("渡轮收入里票价占多大？", "zh", "percent"),
    ("What slice of sales comes from tickets?", "en", "percent"),
    ("What did the museum spend on lights?", "en", "money"),
    ("ferry passengers last year", "en", "count"),
    ("工事には何日かかりましたか？", "ja", "duration"),
    ("船を何隻持っていますか？", "ja", "count"),
    ("수리는 며칠 걸렸나요?", "ko", "duration"),
    ("Qual o peso dos bilhetes na receita?", "pt", "percent"),
    ("Quel montant la ville a-t-elle promis ?", "fr", "money"),
    ("С какого года работает мост?", "ru", "date"),
]


@pytest.mark.parametrize(("text", "language", "kind"), KINDS)
def test_kind_of_question(text: str, language: str, kind: str) -> None:
    assert parse(text, language).kind == kind


@settings(deadline=None)
@given(st.text(max_size=200))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)


@pytest.mark.parametrize("text", ["", "  \n", "？！", "\u200b\u200d", "…"])
def test_a_question_without_a_word_is_refused_with_a_message(text: str) -> None:
    with pytest.raises(EmptyQuestion, match="Please type a question"):
        parse(text)


def test_a_huge_question_is_cut_and_control_characters_go() -> None:
    assert len(clean("多" * 100_000)) == MAX_QUESTION_CHARS
    assert clean("a\x00b\u202ec\nd") == "a b c d"


PARTS = [
    ("营收是多少？净利润又是多少？", ["营收是多少？", "净利润又是多少？"]),
    ("公司的营收和毛利率分别是多少？", ["公司的营收是多少？", "公司的毛利率是多少？"]),
    ("谁创办了公司，什么时候创办的？", ["谁创办了公司", "什么时候创办的？"]),
    ("Who founded it and when was it sold?", ["Who founded it", "when was it sold?"]),
    ("What were revenue and profit?", ["What were revenue?", "What were profit?"]),
    ("营收是多少？", ["营收是多少？"]),
    ("What did the board say about safety and cost overruns in May?", None),
]


COMPARED = [
    "营收比去年增长多少？",
    "How much did revenue grow compared with last year?",
    "Um wie viel ist der Umsatz gegenüber dem Vorjahr gewachsen?",
    "Wie stark wuchs der Umsatz im Vergleich zum Vorjahr?",
    "¿Cuánto creció frente al año anterior?",
    "¿Cuánto creció en comparación con el año pasado?",
    "De combien a-t-il augmenté par rapport à l'année précédente ?",
    "Di quanto è cresciuto rispetto all'anno precedente?",
    "Quanto cresceu em relação ao ano anterior?",
    "Quanto cresceu face ao ano anterior?",
    "昨年より何%増えましたか",
    "売上高は前年からどのくらい伸びましたか。",
    "작년보다 얼마나 늘었나요?",
    "كم نمت الإيرادات مقارنة بالعام الماضي؟",
]


@pytest.mark.parametrize("text", COMPARED)
def test_what_is_compared_with_is_not_the_time_asked_for(text: str) -> None:
    assert parse(text).times == ()


TIMED = [
    "Wie hoch war der Umsatz im Vorjahr?",
    "Wie hoch war der Umsatz bis zum zweiten Quartal?",
    "¿Cuánto ganó el año pasado?",
    "Qual foi o lucro no ano passado?",
    "À combien s'élevait le bénéfice en 2023 ?",
    "A quanto ammontava l'utile dell'anno scorso?",
]


@pytest.mark.parametrize("text", TIMED)
def test_a_time_without_a_comparison_is(text: str) -> None:
    assert len(parse(text).times) == 1


COMPLETED = [
    ("二季度日活达到多少，比去年同期增长百分之几？", "二季度日活达到 比去年同期增长百分之几？"),
    ("売上高はいくらで、前年同期比で何%増えましたか。", "売上高はで 前年同期比で何%増えましたか。"),
    ("매출은 얼마이고 전년 대비 얼마나 늘었나?", "매출은 전년 대비 얼마나 늘었나?"),
    ("Qual foi a receita e quanto cresceu?", "foi a receita quanto cresceu?"),
    ("كم بلغت الإيرادات وبكم نمت؟", "بلغت الإيرادات بكم نمت؟"),
    ("Who is the chief executive, and what was the profit?", "what was the profit?"),
    ("营收多少，毛利多少？", "毛利多少？"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "second"), COMPLETED)
def test_a_part_that_only_asks_for_a_change_takes_the_subject_before(
    text: str, second: str
) -> None:
    assert parts(parse(text))[1].text == second


def test_and_keeps_what_it_asks_for_itself() -> None:
    asked = parse("二季度有多少用户，增长百分之几？")
    assert [part.kind for part in parts(asked)] == ["count", "percent"]


@pytest.mark.parametrize(("text", "expected"), PARTS)
def test_parts(text: str, expected: list[str] | None) -> None:
    found = [part.text for part in parts(parse(text))]
    assert found == (expected or [text])


FOLLOW_UPS = [
    ("二季度总营收是多少？", "那毛利率呢？", "二季度毛利率是多少？"),
    ("2023年的客流量是多少？", "2022年呢？", "2022年的客流量是多少？"),
    ("What was the revenue in 2023?", "And the profit?", "What was the profit 2023?"),
    ("Who is the mayor?", "When did the bridge open?", "When did the bridge open?"),
    ("Who is the mayor?", "And who is the architect?", "And who is the architect?"),
]


@pytest.mark.parametrize(("before", "follow_up", "expected"), FOLLOW_UPS)
def test_follow_ups(before: str, follow_up: str, expected: str) -> None:
    assert condense(follow_up, [Turn(before, "")]).text == expected


def test_a_chain_of_follow_ups_keeps_the_first_question() -> None:
    history = [Turn("二季度总营收是多少？", ""), Turn("那毛利率呢？", "")]
    assert condense("净利润呢？", history).text == "二季度净利润是多少？"


def test_without_history_nothing_is_changed() -> None:
    assert condense("那毛利率呢？", []).text == "那毛利率呢？"


COMPARED = [
    ("2031年客流比上年同期多了多少？", ["2031年"]),
    ("票价跟去年比涨了吗？", []),
    ("How much more than in 2030 did it cost in 2031?", ["2031"]),
    ("2031年的票价是多少？", ["2031年"]),
]


@pytest.mark.parametrize(("text", "expected"), COMPARED)
def test_a_time_that_is_only_compared_with_is_not_the_asked_one(
    text: str, expected: list[str]
) -> None:
    assert [time.text for time in parse(text).times] == expected


def test_a_pronoun_of_the_question_s_own_needs_no_history() -> None:
    asked = "Who leads the firm and what did he promise?"
    assert condense(asked, [Turn("二季度总营收是多少？", "")]).text == asked


@pytest.mark.parametrize(
    ("keywords", "language"),
    [
        ("Handelsvolumen E-Commerce zweites Quartal", "de"),
        ("advertising revenue growth", "en"),
        ("ricavi pubblicità crescita", "it"),
        ("lucro ajustado", "pt"),
        ("Kuaishou Kling", "und"),
    ],
)
def test_key_words_tell_their_language_by_what_they_are_about(keywords: str, language: str) -> None:
    assert parse(keywords).language == language
