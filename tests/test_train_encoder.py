"""What is held out stays out, and the steps around training do what they say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.embedding import StaticEncoder
from train import data, encoder, evaluating, lexicons, mapping, mining, sources, tokenizing
from train.corpora import Runs, tokenized
from train.starting import unit

DATA = Path(__file__).parents[2] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the corpora are not beside the checkout")


@needs_data
def test_the_last_rows_of_ntrex_are_never_trained_on() -> None:
    trained, held_out = data.ntrex(DATA, held_out=False), data.ntrex(DATA, held_out=True)
    assert (len(trained), len(held_out)) == (757, 250)
    assert not {row["zh"] for row in trained} & {row["zh"] for row in held_out}


@needs_data
def test_no_development_set_is_named_for_training() -> None:
    assert set(data.QA_TRAIN) == {p.name.partition(".")[0] for p in (DATA / "qa/train").iterdir()}


def test_glosses_lose_notes_and_references() -> None:
    assert data._plain_gloss("to earn (money)") == "earn"
    assert data._plain_gloss("variant of 做[zuo4]") == ""
    assert data._plain_gloss("CL:個|个[ge4]") == ""


def test_rough_sentences_lose_nothing() -> None:
    text = "营收增长12.5%。他说：“很好！”然后离开。Profit fell. It rose."
    cut = data.sentences(text, min_chars=1)
    assert "".join(cut).replace(" ", "") == text.replace(" ", "")
    assert cut[0] == "营收增长12.5%。"


@pytest.mark.parametrize(
    ("kind", "text", "pair"),
    [
        ("zh", "芯片商博通（Broadcom）宣布", ("芯片商博通", "Broadcom")),
        ("ko-han", "조선의 경제(經濟) 정책", ("경제", "經濟")),
        ("ko-han", "서울경제(經濟) 신문", ("경제", "經濟")),
        ("ko-latin", "컴퓨터(영어: computer)는", ("컴퓨터", "computer")),
        ("ja", "コンピュータ（英: computer）は", ("コンピュータ", "computer")),
    ],
)
def test_glossed_names_are_found(kind: str, text: str, pair: tuple[str, str]) -> None:
    assert pair in mining.glossed([text], kind)


def test_shifted_translations_are_dropped() -> None:
    good = [("In 2019 there were 40 cases.", "En 2019, il y avait 40 cas.")] * 9
    bad = [("In 2019 there were 40 cases.", "Les symptômes sont la toux et la fièvre.")]
    assert sources.alike(good + bad) == good


def test_rotation_is_recovered_from_translations_and_shared_words() -> None:
    rng = np.random.default_rng(0)
    shared = rng.standard_normal((300, 8)).astype(np.float32)
    turn, _ = np.linalg.qr(rng.standard_normal((8, 8)))
    own = (shared @ turn.T).astype(np.float32)
    texts = Runs(rng.integers(0, 300, 400).astype(np.int32), np.arange(0, 401, 4))
    found = mapping.rotation(own, shared, [(texts, texts, 1.0)], np.arange(50))
    assert float(np.abs(unit(own @ found) - unit(shared)).max()) < 0.15


def _small_tokenizer(tmp_path: Path) -> Path:
    """Learn a hundred pieces from a few words, with two folding rules."""
    counts = tokenizing.Counter(
        {"总营收": 90, "增长": 80, "公司": 70, "revenue": 60, "company": 50, "grew": 40, "a": 9}
    )
    counts.update({f"{a}{b}": 3 for a in "天地人山水火" for b in "中国大小上下"})
    fold = {"總": "总", "A": "a"}
    pieces, characters = tokenizing.learn_pieces(counts, 80, tmp_path, fold)
    full = tokenizing.complete(pieces, counts, ["总营收", "增长", "revenue"])
    file = tmp_path / "tokenizer.json"
    file.write_text(tokenizing.build(full, characters), encoding="utf-8")
    return file


def test_tokenizer_folds_and_keeps_whole_words_and_figures(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_small_tokenizer(tmp_path)))
    text = "總营收增长,2024 310亿 revenue"
    encoded = tokenizer.encode(text)
    words = [text[a:b] for a, b in encoded.offsets]
    assert words == ["總营收", "增长", "2024", "310", "亿", "revenue"]
    assert encoded.tokens[0] == "总营收"
    assert encoded.tokens[4] == "亿" and encoded.ids[4] == 0, "an unknown character is unknown"


def test_written_encoder_reads_back(tmp_path: Path) -> None:
    file = _small_tokenizer(tmp_path)
    vocabulary = json.loads(file.read_text())["model"]["vocab"]
    folded = np.random.default_rng(0).standard_normal((len(vocabulary), 6)).astype(np.float32)
    encoder.write(folded.copy(), file, tmp_path / "out")
    opened = StaticEncoder.from_folder(tmp_path / "out")
    _, vectors = opened.token_vectors("总营收 revenue")
    pieces = [piece for piece, _ in vocabulary]
    want = folded[[pieces.index("总营收"), pieces.index("revenue")]]
    np.testing.assert_allclose(vectors, want, atol=float(np.abs(want).max()) / 250)
    assert not opened.encode(["亿"]).any()


def test_dictionary_bridges_lead_both_ways(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_small_tokenizer(tmp_path)))
    entries = [data.Entry("总营收", "zong3", ("revenue",))]
    to_en, to_zh = lexicons.from_dictionary(tokenizer, entries, {"总营收": 5})
    chinese, english = tokenized(tokenizer, ["总营收"]), tokenized(tokenizer, ["revenue"])
    rng = np.random.default_rng(0)
    assert to_en.switch(chinese, 1.1, rng).ids.tolist() == english.ids.tolist()
    assert to_zh.switch(english, 1.1, rng).ids.tolist() == chinese.ids.tolist()


def test_ties_count_against_the_encoder() -> None:
    same = np.ones((3, 2), dtype=np.float32)
    assert evaluating._ranks(same, same, np.arange(3)).tolist() == [2, 2, 2]
    apart = np.eye(3, dtype=np.float32)
    assert evaluating._ranks(apart, apart, np.arange(3)).tolist() == [0, 0, 0]


def test_interval_holds_the_average() -> None:
    score = evaluating.scored("x", np.array([True] * 80 + [False] * 20))
    assert score.first == 0.8
    assert 0.70 < score.low < 0.8 < score.high < 0.90
