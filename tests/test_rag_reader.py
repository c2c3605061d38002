"""The reader's run time against plain transformers, and what it does with odd input."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig

from rag.answering import reader as reading
from rag.answering.reader import Reader
from rag.errors import ModelUnavailable
from train.reader.model import ReaderModel
from train.reader.writing import rounded, write

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = list("abcdefghijklmnopqrstuvwxyz快手营收增长亿元0123456789.。")
QUESTION = "ab 快手 3"


def tiny_model() -> ReaderModel:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(SPECIAL) + len(LETTERS), hidden_size=32, num_hidden_layers=2,
        num_attention_heads=4, intermediate_size=48, max_position_embeddings=256,
    )  # fmt: skip
    model = ReaderModel(config).eval()
    for parameter in model.parameters():  # larger than at the start, so that texts differ
        parameter.data += 0.3 * torch.randn_like(parameter)
    return model


@pytest.fixture(scope="module")
def model() -> ReaderModel:
    return tiny_model()


@pytest.fixture(scope="module")
def folder(model: ReaderModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reader")
    vocabulary = {token: i for i, token in enumerate([*SPECIAL, *LETTERS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Split("", "isolated")]
    )
    file = out / "made.json"
    tokenizer.save(str(file))
    write(model, file, out)
    return out


@pytest.fixture(scope="module")
def reader(folder: Path) -> Reader:
    return Reader.from_folder(folder)


@pytest.fixture(scope="module")
def exact(folder: Path) -> Reader:
    return Reader.from_folder(folder, exact=True)


def plain_logits(model: ReaderModel, asked: list[int], window: list[int]) -> np.ndarray:
    """What transformers says, with the weights rounded as they are stored."""
    copy = tiny_model()
    state = model.state_dict()
    for name, tensor in state.items():
        if tensor.ndim == 2 and name not in ("qa_outputs.weight", "answerable.weight"):
            rows, scales = rounded(tensor.numpy())
            state[name] = torch.from_numpy(rows * scales[:, None])
    copy.load_state_dict(state)
    ids = torch.tensor([[2, *asked, 3, *window, 3]])
    types = torch.tensor([[0] * (len(asked) + 2) + [1] * (len(window) + 1)])
    with torch.inference_mode():
        start, end, sure = copy.heads(copy.bert(ids, token_type_ids=types).last_hidden_state)
    return np.stack([start[0], end[0], sure.expand(ids.shape[1])], axis=1)


def test_it_says_what_transformers_says(model: ReaderModel, reader: Reader, exact: Reader) -> None:
    asked = reader._ids(QUESTION)[0]
    window = reader._ids("快手营收增长 31.0 亿元。xyz")[0]
    theirs = plain_logits(model, asked.tolist(), window.tolist())
    said = [reader._logits(asked, window) for reader in (exact, reader)]
    for logits in (theirs, *said):
        logits[1:, 2] = 0.0  # whether there is an answer is asked of the first token alone
    np.testing.assert_allclose(said[0], theirs, atol=2e-5)
    # A number rounded to one of 255 steps over its token's range is off by up to 0.2 % of that
    # range; sums of 32 and 48 such, in ten products one after the other, stay within some of it.
    off = np.abs(said[1] - theirs).max() / np.ptp(theirs)
    assert 1e-5 < off < 0.08, "products of bytes are near, but not the same"


def test_weights_lose_a_bit_where_bytes_overflow(
    folder: Path, exact: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    passage = "快手营收增长 31.0"
    monkeypatch.setattr(reading, "_PROBE_SUM", 0.0)  # as if this machine's sum were wrong
    other = Reader.from_folder(folder)
    (one,), (two,) = (r.read(QUESTION, [passage]) for r in (other, exact))
    assert max(int(np.abs(w).max()) for w in other._body.values() if w.dtype == np.int8) <= 64
    # Two products of a byte and seven bits fit 16 bits whatever they are.
    assert 2 * 255 * 64 < 2**15
    assert one.answerable == pytest.approx(two.answerable, abs=0.2)
    np.testing.assert_allclose(one.starts, two.starts, atol=0.2)


def test_a_passage_is_read_alike_whatever_is_read_beside_it(reader: Reader) -> None:
    passages = ["快手营收", "增长 31 亿元", "abc def" * 40]
    together = reader.read(QUESTION, passages)
    for passage, other in zip(passages, together, strict=True):
        (alone,) = reader.read(QUESTION, [passage])
        assert alone.answerable == other.answerable
        np.testing.assert_array_equal(alone.starts, other.starts)


def test_windows_cover_a_long_passage(reader: Reader) -> None:
    passage = "".join("快手营收增长亿元"[i % 8] for i in range(900))
    (read,) = reader.read(QUESTION, [passage])
    assert len(read.offsets) == len(passage)
    assert np.isfinite(read.starts).all()
    assert np.isfinite(read.ends).all()
    asked = reader._ids(QUESTION)[0]
    room = reading.WINDOW - len(asked) - 3
    first = reader.read(QUESTION, [passage[:room]])[0]
    assert read.answerable >= first.answerable


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab快手1. 。\n\ud800\u200bß", max_size=60), st.data())
def test_a_span_slices_its_passage(reader: Reader, passage: str, data: st.DataObject) -> None:
    (read,) = reader.read(QUESTION, [passage])
    first = data.draw(st.integers(0, len(passage)))
    last = data.draw(st.integers(first, len(passage)))
    found = read.best(first, last)
    if found is None:
        return
    start, end, value = found
    assert first <= start < end <= last
    assert value <= 1e-4
    assert passage[start:end].strip()


def test_the_best_span_is_the_best_of_all(reader: Reader) -> None:
    passage = "快手营收增长 31.0 亿元。abc"
    (read,) = reader.read(QUESTION, [passage])
    found = read.best(0, len(passage))
    assert found is not None
    values = {
        (i, j): read.starts[i] + read.ends[j]
        for i in range(len(read.starts))
        for j in range(i, min(len(read.ends), i + reading.LONGEST))
    }
    first, last = max(values, key=lambda s: values[s] - reading.LENGTH * np.log(1 + s[1] - s[0]))
    assert found[:2] == (read.offsets[first][0], read.offsets[last][1])
    assert found[2] == pytest.approx(values[first, last])


def test_a_passage_of_one_window_is_what_the_window_says(reader: Reader) -> None:
    passage = "快手营收增长 3.1 亿元。x " * 8
    (read,) = reader.read(QUESTION, [passage])
    asked, (ids, _) = reader._ids(QUESTION)[0], reader._ids(passage)
    logits = reader._logits(asked, ids)[len(asked) + 2 : -1].astype(np.float64)
    for told, column in ((read.starts, 0), (read.ends, 1)):
        plain = logits[:, column] - np.log(np.exp(logits[:, column]).sum())
        np.testing.assert_allclose(told, plain, atol=1e-5)


def test_no_answer_cuts_a_word_of_a_script_that_writes_spaces() -> None:
    def allowed(passage: str) -> tuple[list[int], list[int]]:
        offsets = np.array([[i, i + 1] for i in range(len(passage))], np.int32)
        even = np.full(len(passage), -np.log(len(passage)), np.float32)
        read = reading._whole_words(reading.Reading(0.0, even, even, offsets), passage)
        for values in (read.starts, read.ends):
            assert np.exp(values).sum() == pytest.approx(1.0, abs=1e-5)
        return tuple(np.flatnonzero(np.isfinite(v)).tolist() for v in (read.starts, read.ends))

    assert allowed("ab, c12") == ([0, 2, 3, 4], [1, 2, 3, 6])
    assert allowed("快手ab增") == ([0, 1, 2, 4], [0, 1, 3, 4])
    assert allowed("매출이 올") == ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])  # a particle may be left out
    assert allowed("рост") == ([0], [3])
    assert allowed("ราคา") == ([0, 1, 2, 3], [0, 1, 2, 3])  # Thai writes no spaces
    assert allowed("a" * 90)[0] == list(range(90))  # no word is so long


@pytest.mark.parametrize("tokens", [1, 63, 64, 65, 128, 129, 200, 1_000])
def test_windows_share_the_mass_of_one(reader: Reader, tokens: int) -> None:
    passage = "".join(LETTERS[i * i % 31] for i in range(tokens))
    (read,) = reader.read(QUESTION, [passage])
    assert len(read.starts) == tokens
    assert np.exp(read.starts).sum() == pytest.approx(1.0, abs=1e-4)
    assert np.exp(read.ends).sum() == pytest.approx(1.0, abs=1e-4)


def test_both_ends_of_a_long_question_are_read(reader: Reader) -> None:
    asked = reader._ids("a" * 30 + "b" * 100 + "c" * 50)[0]
    cut = reading._cut(asked)
    assert len(cut) == reading.QUESTION
    np.testing.assert_array_equal(cut[:24], asked[:24])
    np.testing.assert_array_equal(cut[24:], asked[-40:])


def test_a_very_long_passage_is_read_to_its_end(reader: Reader) -> None:
    passage = "".join("快手营收增长亿元"[i % 8] for i in range(20_000))
    (read,) = reader.read(QUESTION, [passage])
    assert np.isfinite(read.starts).all()
    found = read.best(0, len(passage))  # a square of all pairs would take 3 GB
    assert found is not None
    assert 0 < found[1] - found[0] <= reading.LONGEST


@pytest.mark.parametrize("question", ["", " \n", "a" * 5_000, "\x00\ud83d", "𝔘" * 100])
def test_any_question_is_read(reader: Reader, question: str) -> None:
    (read,) = reader.read(question, ["快手营收"])
    assert np.isfinite(read.answerable)


@pytest.mark.parametrize("passage", ["", "   ", "\n\u200b"])
def test_nothing_answers_in_nothing(reader: Reader, passage: str) -> None:
    (read,) = reader.read(QUESTION, [passage])
    assert read.answerable == reading.NOTHING or len(read.offsets)
    assert read.best(0, 0) is None


def test_several_threads_read_alike(reader: Reader) -> None:
    passages = [f"快手营收增长 {i} 亿元" for i in range(12)]
    expected = [reader.read(QUESTION, [p])[0].answerable for p in passages]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda p: reader.read(QUESTION, [p])[0].answerable, passages))
    assert found == expected


@pytest.mark.parametrize(
    "name",
    ["config.json", "graph.onnx", "graph-int8.onnx", "tokenizer.json", "model.safetensors"],
)
def test_a_missing_or_damaged_file_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).unlink()
    with pytest.raises(ModelUnavailable, match=name):
        Reader.from_folder(tmp_path)
    (tmp_path / name).write_bytes(b"\x00damaged")
    with pytest.raises(ModelUnavailable, match=name):  # the graphs are opened when first used
        Reader.from_folder(tmp_path, exact=name == "graph.onnx").read(QUESTION, ["快手"])


def test_reading_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    """Later versions of ONNX Runtime keep a session for telemetry among the temporary files."""
    code = "import sys; from rag.answering.reader import Reader; "
    code += "Reader.from_folder(sys.argv[1]).read('a', ['b'])"
    subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert list(tmp_path.iterdir()) == []
