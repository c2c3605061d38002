"""The shipped reader: does a passage answer a question, where, and how sure.

A BERT body of six layers reads question and passage together. ONNX Runtime runs it from int8
weights made float32 once, without torch, whose import alone takes longer than an answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelUnavailable

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

SHIPPED = Path(__file__).parent.parent / "reader"
CONFIG_FILE, GRAPH_FILE = "config.json", "graph.onnx"
TOKENIZER_FILE, WEIGHTS_FILE = "tokenizer.json", "model.safetensors"
WINDOW = 192  # tokens of question and passage that are read together
OVERLAP = 64  # tokens that two windows of a long passage share
QUESTION = 64  # tokens; of a longer question the end is kept, where it asks
LONGEST = 40  # tokens of a span
THREADS = 2
_CLS, _SEP = 2, 3
_BLOCK_CHARS = 4_000  # of a passage are tokenized at once; longer ones are no passages
NOTHING = -20.0  # log-odds of a passage without a token
_SOURCES = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "output": "attention.output.dense", "attention.norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense", "narrow": "output.dense", "norm": "output.LayerNorm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in one passage of ``n`` tokens.

    ``answerable`` is the log-odds that it answers, of its best window; ``starts`` and ``ends``
    (n,) are log-probabilities of the answer's first and last token; ``offsets`` (n, 2) are
    characters of the passage.
    """

    answerable: float
    starts: Floats
    ends: Floats
    offsets: Ints

    def best(self, first: int, last: int) -> tuple[int, int, float] | None:
        """Return the best answer between two characters: start, end, log-probability."""
        inside = np.flatnonzero((self.offsets[:, 0] >= first) & (self.offsets[:, 1] <= last))
        if not len(inside):
            return None
        starts, ends = self.starts[inside], self.ends[inside]
        pairs = starts[:, None] + ends[None, :]
        steps = np.arange(len(inside))
        length = steps[None, :] - steps[:, None]
        pairs = np.where((length >= 0) & (length < LONGEST), pairs, -np.inf)
        a, b = divmod(int(pairs.argmax()), len(inside))
        start, end = int(self.offsets[inside[a], 0]), int(self.offsets[inside[b], 1])
        return start, end, float(pairs[a, b])


class Reader:
    """Reads a question against passages; safe to use from several threads."""

    def __init__(self, tokenizer: Any, weights: dict[str, Any], graph: bytes, fingerprint: str):
        self.fingerprint = fingerprint
        self._tokenizer = tokenizer
        self._words = weights["bert.embeddings.word_embeddings.weight"]
        self._word_scales = weights["bert.embeddings.word_embeddings.weight.scale"]
        places = _dense(weights, "bert.embeddings.position_embeddings.weight")
        types = _dense(weights, "bert.embeddings.token_type_embeddings.weight")
        self._places, self._types = places, types
        norm = "bert.embeddings.LayerNorm"
        self._norm = weights[f"{norm}.weight"], weights[f"{norm}.bias"]
        self._heads = np.concatenate(
            [_dense(weights, "qa_outputs.weight"), _dense(weights, "answerable.weight")]
        ).T
        self._biases = np.concatenate([weights["qa_outputs.bias"], weights["answerable.bias"]])
        self._body = {
            name: _layer(weights, name)
            for name in layer_weights(_layers(weights))
        }  # fmt: skip
        self._graph = graph
        self._session: Any = None
        self._lock = Lock()

    @classmethod
    def from_folder(cls, path: str | Path) -> Self:
        """Open a reader's folder.

        Raises:
            ModelUnavailable: a file is missing or damaged; the message says which and the cure.
        """
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        folder = Path(path)
        files = [folder / name for name in (CONFIG_FILE, GRAPH_FILE, TOKENIZER_FILE, WEIGHTS_FILE)]
        at = folder
        try:
            digest = hashlib.sha256()
            for at in files:
                digest.update(at.read_bytes())
            at = files[0]
            json.loads(at.read_text(encoding="utf-8"))
            at = files[2]
            tokenizer = Tokenizer.from_file(str(at))
            at = files[3]
            return cls(tokenizer, load_file(at), files[1].read_bytes(), digest.hexdigest())
        except Exception as exc:  # the Rust readers raise bare Exception
            raise ModelUnavailable(
                f"The reader's file {at} can't be read ({exc}). Restore it with "
                f"`git checkout -- {folder}` or reinstall Yinju."
            ) from exc

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """Return one reading a passage; a passage without a token gets empty arrays."""
        asked = self._ids(question)[0][-QUESTION:]
        return [self._read(asked, passage) for passage in passages]

    def _read(self, asked: NDArray[np.int64], passage: str) -> Reading:
        ids, offsets = self._ids(passage)
        if not len(ids):
            nothing = np.zeros(0, np.float32)
            return Reading(NOTHING, nothing, nothing, offsets)
        room = WINDOW - len(asked) - 3
        sure = NOTHING
        starts = np.full(len(ids), -np.inf, np.float32)
        ends = np.full(len(ids), -np.inf, np.float32)
        at = 0
        while True:
            window = ids[at : at + room]
            logits = self._logits(asked, window)
            inside = slice(len(asked) + 2, len(asked) + 2 + len(window))
            odds = float(logits[0, 2])
            # A window that holds no answer spreads its mass anywhere: it counts for as much as
            # it is sure to hold one, so that spans of different windows can be compared.
            worth = -float(np.logaddexp(0.0, -odds))
            part = slice(at, at + len(window))
            starts[part] = np.maximum(starts[part], _log_softmax(logits[inside, 0]) + worth / 2)
            ends[part] = np.maximum(ends[part], _log_softmax(logits[inside, 1]) + worth / 2)
            sure = max(sure, odds)
            if at + room >= len(ids):
                break
            at += room - OVERLAP
        return Reading(sure, starts, ends, offsets)

    def _ids(self, text: str) -> tuple[NDArray[np.int64], Ints]:
        # Lone surrogates can't be handed to the tokenizer; a stand-in keeps the offsets.
        safe = text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        for start in range(0, len(safe), _BLOCK_CHARS):
            part = safe[start : start + _BLOCK_CHARS]
            encoding = self._tokenizer.encode(part, add_special_tokens=False)
            ids += encoding.ids
            offsets += [(a + start, b + start) for a, b in encoding.offsets]
        return np.array(ids, np.int64), np.array(offsets, np.int32).reshape(-1, 2)

    def _logits(self, asked: NDArray[np.int64], window: NDArray[np.int64]) -> Floats:
        """Return start, end and answerable logits, (length, 3)."""
        ids = np.concatenate([[_CLS], asked, [_SEP], window, [_SEP]])
        types = np.zeros(len(ids), np.int64)
        types[len(asked) + 2 :] = 1
        rows = self._words[ids].astype(np.float32) * self._word_scales[ids, None]
        rows += self._places[: len(ids)] + self._types[types]
        rows -= rows.mean(axis=1, keepdims=True)
        rows /= np.sqrt((rows**2).mean(axis=1, keepdims=True) + 1e-12)
        rows = rows * self._norm[0] + self._norm[1]
        (hidden,) = self._opened().run(None, {"embedded": rows})
        logits: Floats = hidden @ self._heads + self._biases
        return logits

    def _opened(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = _session(self._graph, self._body)
            return self._session


def layer_weights(layers: int) -> list[str]:
    """Return the names of the graph's weights."""
    return [f"{i}.{part}.{kind}" for i in range(layers) for part in _SOURCES
            for kind in ("weight", "bias")]  # fmt: skip


def _layers(weights: dict[str, Any]) -> int:
    return 1 + max(int(name.split(".")[3]) for name in weights if ".encoder.layer." in name)


def _layer(weights: dict[str, Any], name: str) -> Floats:
    """Return a weight as the graph wants it: a dense one is turned to (in, out)."""
    number, part = name.split(".", 1)
    part, kind = part.rsplit(".", 1)
    source = f"bert.encoder.layer.{number}.{_SOURCES[part]}.{kind}"
    values = _dense(weights, source)
    return np.ascontiguousarray(values.T) if values.ndim == 2 else values


def _dense(weights: dict[str, Any], name: str) -> Floats:
    values = np.asarray(weights[name])
    if values.dtype == np.int8:
        values = values.astype(np.float32) * weights[f"{name}.scale"][:, None]
    return np.asarray(values, np.float32)


def _session(graph: bytes, body: dict[str, Floats]) -> Any:
    try:
        import onnxruntime
    except ImportError as exc:
        raise ModelUnavailable(
            "The reader needs the package onnxruntime: `pip install onnxruntime`."
        ) from exc
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 3
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in body.values()]
    options.add_external_initializers(list(body), values)
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as exc:  # its own classes derive from Exception alone
        raise ModelUnavailable(
            f"The reader's {GRAPH_FILE} can't be run ({exc}). Restore it with "
            f"`git checkout -- {SHIPPED}` or reinstall Yinju."
        ) from exc


def _log_softmax(values: Floats) -> Floats:
    shifted = values - values.max()
    out: Floats = shifted - np.log(np.exp(shifted).sum())
    return out


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """Open the shipped reader, once a process."""
    return Reader.from_folder(SHIPPED)
