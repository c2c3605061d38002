"""Both readers of the shipped encoder agree; foreign models load; what is missing says so."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from index.embedding import (
    SHIPPED,
    SentenceTransformerEncoder,
    StaticEncoder,
    load_encoder,
)
from index.errors import EncoderUnavailable

TEXTS = [
    "平台去年的全年收入是多少？",
    "平臺去年的全年收入是多少？",
    "How much did the platform earn last year?",
    "去年の売上高はいくらですか",
    "회사의 작년 매출은 얼마입니까?",
    "Сколько компания заработала в прошлом году?",
    "كم بلغت إيرادات الشركة؟",
    "",
    "  \n ",
    "😀 ☃",
    "long " * 500,
]


@pytest.fixture(scope="module")
def shipped() -> StaticEncoder:
    return StaticEncoder.from_folder(SHIPPED)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A static encoder of five known pieces and three dimensions, in the shipped format."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    pieces = ["<unk>", "red", "blue", "car", "house"]
    tokenizer = Tokenizer(models.WordLevel({p: i for i, p in enumerate(pieces)}, "<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    rows = np.array([[0, 0, 0], [4, 0, 0], [0, 2, 0], [0, 0, 1], [3, 3, 0]], dtype=np.int8)
    weights = np.array([0.0, 0.5, 1.0, 2.0, 1.0], dtype=np.float32)
    save_file({"embeddings": rows, "weights": weights}, tmp_path / "model.safetensors")
    return tmp_path


def test_light_reader_equals_sentence_transformers(shipped: StaticEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(SHIPPED), device="cpu", local_files_only=True).encode(TEXTS)
    np.testing.assert_allclose(shipped.encode(TEXTS), theirs, atol=1e-5)


def test_light_reader_imports_no_deep_learning_library() -> None:
    code = (
        "import sys; from index.embedding import load_encoder; load_encoder().encode(['a']);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_shipped_folder_is_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*")) <= 30_000_000


def test_rows_are_unit_or_zero(shipped: StaticEncoder) -> None:
    norms = np.linalg.norm(shipped.encode(TEXTS), axis=1)
    np.testing.assert_allclose(norms, [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1], atol=1e-5)


def test_simplified_and_traditional_are_one(shipped: StaticEncoder) -> None:
    simplified, traditional = shipped.encode(TEXTS[:2])
    np.testing.assert_array_equal(simplified, traditional)


def test_width_case_and_accents_do_not_matter(shipped: StaticEncoder) -> None:
    a, b = shipped.encode(["ＲＥＶＥＮＵＥ　２０２４ étude", "revenue 2024 etude"])
    np.testing.assert_array_equal(a, b)


def test_a_question_is_closest_to_its_translation(shipped: StaticEncoder) -> None:
    questions = shipped.encode(["How much was the company's revenue?", "Where is the river?"])
    passages = shipped.encode(["这家公司的收入达到三亿元", "这条河流经两个省"])
    similar = questions @ passages.T
    assert similar.argmax(axis=1).tolist() == [0, 1]


def test_unknown_script_gives_zero_not_noise(shipped: StaticEncoder) -> None:
    assert not shipped.encode(["ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾ"]).any()


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_token_vectors_sum_to_the_text(text: str) -> None:
    encoder = StaticEncoder.from_folder(SHIPPED) if not _KEPT else _KEPT[0]
    _KEPT[:] = [encoder]
    offsets, vectors = encoder.token_vectors(text)
    assert offsets.shape == (len(vectors), 2)
    assert ((offsets >= 0) & (offsets <= len(text))).all()
    assert (offsets[:, 0] <= offsets[:, 1]).all()
    total = vectors.sum(axis=0)
    norm = float(np.linalg.norm(total))
    if norm > 1e-6:
        np.testing.assert_allclose(total / norm, encoder.encode([text])[0], atol=1e-4)


_KEPT: list[StaticEncoder] = []


def test_token_offsets_point_at_the_words(shipped: StaticEncoder) -> None:
    text = "去年，總營收為３１０億元；Revenue grew."
    offsets, _ = shipped.token_vectors(text)
    words = [text[a:b] for a, b in offsets]
    assert "".join(words) == "去年總營收為３１０億元Revenuegrew"
    assert {"３１０", "Revenue", "grew"} <= set(words)


def test_exact_vectors(tiny: Path) -> None:
    encoder = StaticEncoder.from_folder(tiny)
    got = encoder.encode(["Red", "red blue", "blue car car", "green"])
    want = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 2], [0, 0, 0]], dtype=np.float32)
    want /= np.maximum(np.linalg.norm(want, axis=1, keepdims=True), 1)
    np.testing.assert_allclose(got, want, atol=1e-6)
    offsets, vectors = encoder.token_vectors("red  house")
    assert offsets.tolist() == [[0, 3], [5, 10]]
    assert vectors.tolist() == [[2, 0, 0], [3, 3, 0]]


def test_long_text_is_summed_in_parts(tiny: Path) -> None:
    encoder = StaticEncoder.from_folder(tiny)
    text = "red " * 10_000 + "house " * 5_000
    want = np.array([20_000 + 15_000, 15_000, 0], dtype=np.float32)
    np.testing.assert_allclose(encoder.encode([text])[0], want / np.linalg.norm(want), atol=1e-5)


def test_many_texts_keep_their_order(tiny: Path) -> None:
    encoder = StaticEncoder.from_folder(tiny)
    words = ["red", "blue", "", "car", "house"] * 700
    one_by_one = np.concatenate([encoder.encode([word]) for word in words[:5]])
    np.testing.assert_array_equal(encoder.encode(words), np.tile(one_by_one, (700, 1)))
    assert encoder.encode([]).shape == (0, 3)


def test_fingerprint_follows_the_weights(tiny: Path) -> None:
    before = StaticEncoder.from_folder(tiny).fingerprint
    assert before == StaticEncoder.from_folder(tiny).fingerprint
    arrays = load_file(tiny / "model.safetensors")
    arrays["embeddings"][1, 0] += 1
    save_file(arrays, tiny / "model.safetensors")
    assert StaticEncoder.from_folder(tiny).fingerprint != before


def test_fingerprint_follows_the_tokenizer(tiny: Path) -> None:
    before = StaticEncoder.from_folder(tiny).fingerprint
    tokenizer = json.loads((tiny / "tokenizer.json").read_text())
    tokenizer["normalizer"] = None
    (tiny / "tokenizer.json").write_text(json.dumps(tokenizer))
    assert StaticEncoder.from_folder(tiny).fingerprint != before


@pytest.mark.parametrize("name", ["tokenizer.json", "model.safetensors"])
def test_missing_file_names_the_cure(tiny: Path, name: str) -> None:
    (tiny / name).unlink()
    with pytest.raises(EncoderUnavailable, match=name):
        StaticEncoder.from_folder(tiny)


@pytest.mark.parametrize("name", ["tokenizer.json", "model.safetensors"])
def test_damaged_file_is_named(tiny: Path, name: str) -> None:
    (tiny / name).write_bytes(b"not a model")
    with pytest.raises(EncoderUnavailable, match=name):
        StaticEncoder.from_folder(tiny)


def test_load_encoder_opens_static_folders_lightly(tiny: Path) -> None:
    assert isinstance(load_encoder(tiny), StaticEncoder)
    assert isinstance(load_encoder(), StaticEncoder)


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A two-layer BERT with random weights as a sentence-transformers folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    body, folder = tmp_path_factory.mktemp("body"), tmp_path_factory.mktemp("tiny-e5") / "model"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", "red", "car"]
    (body / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(str(body / "vocab.txt")).save_pretrained(body)
    shape = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(shape).save_pretrained(body)
    transformer = Transformer(str(body))
    model = SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu")
    model.save(str(folder))
    return folder


def test_transformer_folder_is_encoded(tiny_bert: Path) -> None:
    encoder = load_encoder(tiny_bert)
    assert isinstance(encoder, SentenceTransformerEncoder)
    vectors = encoder.encode(["red car", "", "car"])
    assert vectors.shape == (3, encoder.dimensions) == (3, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1], atol=1e-5)


def test_e5_models_get_their_prompts(tiny_bert: Path) -> None:
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(tiny_bert), device="cpu", local_files_only=True)
    encoder = SentenceTransformerEncoder(tiny_bert)
    for purpose in ("query", "passage"):
        want = plain.encode([f"{purpose}: red car"], normalize_embeddings=True)
        np.testing.assert_allclose(encoder.encode(["red car"], purpose), want, atol=1e-5)


def test_transformer_fingerprint_follows_the_weights(tiny_bert: Path, tmp_path: Path) -> None:
    copy = tmp_path / "tiny-e5" / "model"
    shutil.copytree(tiny_bert, copy)
    before = SentenceTransformerEncoder(copy).fingerprint
    assert before == SentenceTransformerEncoder(tiny_bert).fingerprint
    weights = next(copy.rglob("*.safetensors"))
    arrays = load_file(weights)
    first = sorted(arrays)[0]
    save_file({**arrays, first: arrays[first] + 1}, weights, metadata={"format": "pt"})
    assert SentenceTransformerEncoder(copy).fingerprint != before


@pytest.mark.parametrize("name", ["intfloat/multilingual-e5-small", "no-such/model", "a//b c"])
def test_missing_model_says_how_to_get_it(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EncoderUnavailable) as caught:
        load_encoder(name)
    assert f"hf download {name}" in str(caught.value)
    assert "shipped encoder" in str(caught.value)


def test_folder_without_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    with pytest.raises(EncoderUnavailable, match="hf download"):
        load_encoder(tmp_path)
