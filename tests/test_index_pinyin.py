from __future__ import annotations

import pytest

from index.lexical import Lexical
from index.pinyin import han_matches, near_spellings, readings, spellings

TEXT = "快手首席执行官程一笑表示，可灵AI已经发布。万鹏飞在西安与阿里巴巴、騰訊、小米和李娜会谈。"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Kuaishou", ["快手"]),
        ("Kuaishou's", ["快手"]),
        ("KUAISHOU", ["快手"]),
        ("Cheng Yixiao", ["程一笑"]),
        ("Yixiao Cheng", ["程一笑"]),
        ("Wan Pengfei", ["万鹏飞"]),
        ("Wan Peng-fei", ["万鹏飞"]),
        ("Xi'an", ["西安"]),
        ("Li Na", ["李娜"]),
        ("Alibaba", ["阿里巴巴"]),
        ("Kling", ["可灵"]),
        ("Kuaishuo", ["快手"]),
        ("Tencent", []),
        ("Google", []),
        ("Li", []),
        ("", []),
    ],
)
def test_latin_names_find_chinese_ones(name, found):
    assert [TEXT[a:b] for a, b in han_matches(name, TEXT)] == found


@pytest.mark.parametrize("word", ["song", "can", "long", "fan", "China", "women", "Canada", "made"])
def test_common_words_are_no_pinyin(word):
    assert spellings(word) == near_spellings(word) == []
    assert han_matches(word, "一首歌，能够，龙，范，持拿，我们，加拿大，马德") == []


def test_spellings_follow_the_rules_of_the_orthography():
    assert spellings("Kuaishou") == [("kuai", "shou")]
    assert spellings("Fangan") == [("fan", "gan")]
    assert spellings("fang'an") == [("fang", "an")]
    assert spellings("Xian") == []


def test_readings_have_no_tones():
    assert readings("行") == {"xing": 0, "hang": 1, "heng": 2}
    assert "lv" in readings("绿")
    assert readings("A") == readings("の") == {}


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What did Kuaishou announce?", 0),
        ("kuaishou revenue", 0),
        ("Who is Cheng Yixiao?", 0),
        ("When was Kling released?", 1),
        ("Did Wan Pengfei travel?", 2),
    ],
)
def test_an_english_question_finds_a_chinese_name(question, row):
    lexical = Lexical.build(["快手由程一笑领导", "可灵已经上线", "万鹏飞去了外地", "今天下雨了"])
    assert lexical.search(question, 4)[0].tolist() == [row]


def test_a_chinese_question_finds_a_latin_name():
    lexical = Lexical.build(["Kuaishou grew", "Tencent fell", "the women sang"])
    assert lexical.search("快手的增长", 3)[0].tolist() == [0]
    assert lexical.search("我们", 3)[0].tolist() == []


def test_an_english_question_finds_nothing_by_chance():
    lexical = Lexical.build(["我们吃拿了一首歌", "能够成龙", "加拿大的范围", "特拉维夫的天气"])
    question = "Can women in China sing a long song about Canada, Tencent, and some fans?"
    assert lexical.search(question, 4)[0].tolist() == []


def test_the_likelier_name_is_meant():
    lexical = Lexical.build(["形成一小块", "程一笑说", "一小时", "一小步", "一小杯"])
    assert lexical.search("Cheng Yixiao", 1)[0].tolist() == [1]
    often = Lexical.build(["快手"] * 9 + ["快收"])
    assert 9 not in often.search("Kuaishou", 10)[0].tolist()


def test_words_of_grammar_are_no_names():
    lexical = Lexical.build(["他达了一地", "大雷来了"])
    assert lexical.search("Dale", 2)[0].tolist() == []
