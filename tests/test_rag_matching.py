"""Laying a question's words on a sentence's, and names spelt by sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import StaticEncoder, load_encoder
from index.pinyin import SYLLABLES
from rag import palladius
from rag.asking import parse
from rag.matching import query, similarity, words, written
from rag.palladius import pinyin
from rag.transliterating import spelt_runs, transliterated


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    loaded = load_encoder("shipped")
    assert isinstance(loaded, StaticEncoder)
    return loaded


def met(encoder: StaticEncoder, question: str, sentence: str) -> dict[str, float]:
    asked = query(encoder, parse(question))
    best = similarity(asked, words(encoder, sentence)).max(axis=1)
    return dict(zip(asked.words.forms, best.tolist(), strict=True))


def test_equal_words_meet_fully_whatever_their_case_and_form(encoder: StaticEncoder) -> None:
    assert met(encoder, "What did the BRIDGE cost?", "The bridge cost little.")["bridge"] == 1.0
    assert met(encoder, "直播業務如何？", "直播业务增长。")["直播"] == 1.0


def test_figures_only_meet_themselves(encoder: StaticEncoder) -> None:
    found = met(encoder, "Was it 31 or 47?", "It was 31 at the time.")
    assert (found["31"], found["47"]) == (1.0, 0.0)


def test_words_meet_across_languages(encoder: StaticEncoder) -> None:
    found = met(encoder, "museum elephant", "博物馆的利润增长了。")
    assert found["museum"] > 0.3
    assert found["elephant"] < 0.2


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("¿Cuántos museos abrió Lanchuan?", ["lanchuan"]),
        ("¡Ojo! ¿Quién dirige Nordwind?", ["nordwind"]),
        ("Who leads Nordwind?", ["nordwind"]),
        ("¿Qué serie creó Nordwind con IA?", ["nordwind"]),
        ("Nordwind Gross Margin Second Quarter", []),
        ("For my essay I need what Nordwind earned", ["nordwind"]),
    ],
)
def test_neither_a_first_word_nor_one_or_two_capitals_are_a_name(
    encoder: StaticEncoder, question: str, named: list[str]
) -> None:
    asked = query(encoder, parse(question))
    assert [f for f, name in zip(asked.words.forms, asked.names, strict=True) if name] == named


def test_a_name_meets_what_stands_in_brackets_behind_it(encoder: StaticEncoder) -> None:
    found = met(encoder, "Кто такой Чэн Исяо (程一笑)?", "程一笑是董事长。")
    assert found["чэн"] == found["исяо"] == 1.0
    assert met(encoder, "완펑페이(万鹏飞)는 누구인가요?", "程一笑是董事长。")["완펑페이"] < 1.0


def test_latin_names_meet_han_names(encoder: StaticEncoder) -> None:
    found = met(encoder, "What does Wan Pengfei say about Trump?", "万鹏飞没有谈到特朗普。")
    assert found["wan"] == found["pengfei"] == found["trump"] == 1.0


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=120))
def test_words_are_slices_in_order(text: str) -> None:
    own = words(_ENCODER, text)
    previous = 0
    for (start, end), form in zip(own.offsets.tolist(), own.forms, strict=True):
        assert 0 <= previous <= start < end <= len(text)
        assert form
        previous = end
    assert own.rows.shape == (len(own), _ENCODER.dimensions)
    norms = np.linalg.norm(own.rows, axis=1)
    assert np.all((np.abs(norms - 1) < 1e-4) | (own.weights < 1e-6))


_LOADED = load_encoder("shipped")
assert isinstance(_LOADED, StaticEncoder)
_ENCODER: StaticEncoder = _LOADED

SOUNDS = [
    ("Musk", "马斯克", True),
    ("Elon Musk", "马斯克", True),
    ("Trump", "特朗普", True),
    ("Biden", "拜登", True),
    ("Altman", "奥特曼", True),
    ("Obama", "奥巴马", True),
    ("Tencent", "程一笑", False),
    ("Biden", "特朗普", False),
    ("Musk", "我们没说过", False),
]


@pytest.mark.parametrize(("latin", "han", "same"), SOUNDS)
def test_names_spelt_by_sound(latin: str, han: str, same: bool) -> None:
    assert any(han[a:b] == han for a, b in transliterated(latin, han)) is same


def test_a_persons_pinyin_is_no_name_spelt_by_sound() -> None:
    text = "拉高了价格，马斯克说。"
    asked = [query(_ENCODER, parse(f"What did {name} say?")) for name in ("Wen Ruogu", "Elon Musk")]
    assert [[name for *_, name in written(one, [text])] for one in asked] == [[], ["马斯克"]]


def test_a_word_is_not_spelt_over_a_dot_nor_are_initials() -> None:
    assert not list(transliterated("Heshu Food", "索菲·德维尔"))
    assert not list(transliterated("Qingmu CFO", "科瓦"))
    ((start, end),) = transliterated("Elon Musk", "埃隆·马斯克")
    assert "埃隆·马斯克"[start:end] == "马斯克"


def test_runs_that_spell_foreign_names() -> None:
    text = "昨天马斯克发言"
    assert [text[a:b] for a, b in spelt_runs(text)] == ["马斯克"]


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("Чэн Исяо", "cheng yi-xiao"),
        ("Чэна Исяо", "cheng yi-xiao"),
        ("Си Цзиньпин", "xi jin-ping"),
        ("Сюй Чжимо", "xu zhi-mo"),
        ("Куайшоу", "kuai-shou"),
        ("Хуэйчжоу", "hui-zhou"),
        ("Чанъань", "chang-an"),
        ("Сиань", "xi-an"),
        ("Москва", ""),
        ("Китай", ""),
        ("Cheng", ""),
        ("", ""),
    ],
)
def test_chinese_names_in_cyrillic_are_read_back(name: str, spelt: str) -> None:
    assert (spelt in pinyin(name)) if spelt else not pinyin(name)


def test_every_syllable_is_spelt_in_cyrillic() -> None:
    unspelt = {s for s in SYLLABLES if not palladius._spelt(s)}
    assert unspelt == {"lue", "lyu", "lyue", "nue", "nyu", "nyue"}  # lü, nü, spelt another way
    assert {"lv", "lve", "nv", "nve"} <= set(palladius._table().values())


def test_cyrillic_names_meet_han_names(encoder: StaticEncoder) -> None:
    found = met(encoder, "Что говорит Чэн Исяо о Маске?", "程一笑谈到了马斯克。")
    assert found["чэн"] == found["исяо"] == found["маске"] == 1.0


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What does Song Qiuping do at Lanchuan?", {"Song Qiuping": "宋秋平", "Lanchuan": "岚川"}),
        ("Кто такая Сун Цюпин?", {"Сун Цюпин": "宋秋平"}),
        ("What does Smith do?", {}),
    ],
)
def test_names_are_found_as_texts_write_them(
    encoder: StaticEncoder, question: str, named: dict[str, str]
) -> None:
    texts = ["岚川博物馆馆长宋秋平说，", "宋秋平曾任副馆长。", "观众很多。"]
    found = written(query(encoder, parse(question)), texts)
    assert {question[start:end]: han for start, end, han in found} == named


def test_a_name_typed_in_small_letters_is_found(encoder: StaticEncoder) -> None:
    texts = ["拾光科技董事长沈知白说，拾光科技不会涨价。"]
    asked = query(encoder, parse("so who runs shiguang?"))
    assert [name for *_, name in written(asked, texts)] == ["拾光"]
    # Where others are capitalised, it is a word like any.
    assert not written(query(encoder, parse("Does Bob like shiguang?")), texts)
