"""The shipped reader: does a passage answer a question, where, and how sure.

A BERT body of six layers reads question and passage together. ONNX Runtime runs it on the int8
weights as stored, without torch, whose import alone takes longer than an answer.

Milliseconds of one core for eight passages of 170 tokens, and MiB after loading: int8 140, 114;
float32 310, 201; torch 383, 295; torch's dynamic int8 185, 345; numpy 588, 82.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
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
CONFIG_FILE, GRAPH_FILE, EXACT_GRAPH_FILE = "config.json", "graph-int8.onnx", "graph.onnx"
TOKENIZER_FILE, WEIGHTS_FILE = "tokenizer.json", "model.safetensors"
WINDOW = 192  # tokens of question and passage that are read together
OVERLAP = 64  # tokens that two windows of a long passage share
QUESTION = 64  # tokens of a question
# Of a longer one both ends are kept: English asks first ("which ..."), Chinese, Japanese and
# Korean last; what lies between is the circumstance.
_QUESTION_START = 24
LONGEST = 40  # tokens of a span
# Starts and ends are told apart from each other, so that the start of one answer and the end of a
# later one make a span; a longer span has to be this much more probable for each unit of ln n
# tokens. F1 with 0, 0.3, 0.5, 0.8: CMRC 75.9 76.3 76.0 76.8, JaQuAD 72.6 73.5 72.9 72.8, KorQuAD
# 40.3 39.8 39.8 38.4, QAMR 71.1 71.6 71.5 70.4 (400 questions each, 2026-11-24).
LENGTH = 0.3
THREADS = 2  # windows read at a time, by one thread each: eight passages need no finer split
# Products of bytes are summed in pairs of 16 bits by processors without VNNI (Zen 3, Intel before
# Ice Lake), where two large ones overflow; the graph multiplies ones by 127 and tells the sum it
# got. Weights of seven bits don't overflow.
PROBE, PROBE_TOKENS = "probe", 64
_PROBE_SUM = 127.0 * PROBE_TOKENS
_CLS, _SEP = 2, 3
# Words of scripts that write spaces; longer ones are no words. Not Korean ones: an answer there
# often ends before a particle.
_WORD = re.compile(
    r"(?<![0-9A-Za-z\u00c0-\u06ff\u1e00-\u1fff])[0-9A-Za-z\u00c0-\u06ff\u1e00-\u1fff]{2,40}"
    r"(?![0-9A-Za-z\u00c0-\u06ff\u1e00-\u1fff])"
)
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
    (n,) are log-probabilities of the first and last token of the answer, given that there is one,
    -inf where that would cut a word; ``offsets`` (n, 2) are characters of the passage.
    """

    answerable: float
    starts: Floats
    ends: Floats
    offsets: Ints

    def best(self, first: int, last: int) -> tuple[int, int, float] | None:
        """Return the best answer between two characters: start, end, log-probability; None where
        no span lies there.

        Spans are compared by log-probability less ``LENGTH`` times ln of their tokens.
        """
        inside = np.flatnonzero((self.offsets[:, 0] >= first) & (self.offsets[:, 1] <= last))
        if not len(inside):
            return None
        starts, ends = self.starts[inside], self.ends[inside]
        # One diagonal a length: a square of all pairs would be 2 GB for a passage of 100 kB.
        found = (-np.inf, 0, 0)
        for length in range(min(LONGEST, len(inside))):
            values = starts[: len(starts) - length] + ends[length:]
            at = int(values.argmax())
            found = max(found, (float(values[at]) - LENGTH * math.log1p(length), -at, -at - length))
        if not math.isfinite(found[0]):
            return None
        a, b = -found[1], -found[2]
        start, end = int(self.offsets[inside[a], 0]), int(self.offsets[inside[b], 1])
        return start, end, float(starts[a] + ends[b])


class Reader:
    """Reads a question against passages; safe to use from several threads."""

    def __init__(
        self, tokenizer: Any, weights: dict[str, Any], graphs: tuple[bytes, bytes],
        fingerprint: str, *, exact: bool = False,
    ) -> None:  # fmt: skip
        """``graphs`` are the one of int8 products and the exact one, for ``exact`` readers."""
        self.fingerprint = fingerprint
        self._tokenizer = tokenizer
        self._words = weights["bert.embeddings.word_embeddings.weight"]
        self._word_scales = weights["bert.embeddings.word_embeddings.weight.scale"]
        self._places = _dense(weights, "bert.embeddings.position_embeddings.weight")
        self._types = _dense(weights, "bert.embeddings.token_type_embeddings.weight")
        norm = "bert.embeddings.LayerNorm"
        self._norm = weights[f"{norm}.weight"], weights[f"{norm}.bias"]
        self._heads = np.concatenate(
            [_dense(weights, "qa_outputs.weight"), _dense(weights, "answerable.weight")]
        ).T
        self._biases = np.concatenate([weights["qa_outputs.bias"], weights["answerable.bias"]])
        for name in layer_weights(_layers(weights), exact=False):
            weights[_stored_name(name)]  # one that is missing is told of now, not when first used
        self._stored = weights
        self._graphs = graphs
        self._exact = exact
        self._body: dict[str, NDArray[Any]] = {}
        self._session: Any = None
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(THREADS, "reader")

    @classmethod
    def from_folder(cls, path: str | Path, *, exact: bool = False) -> Self:
        """Open a reader's folder; an ``exact`` one multiplies float32 by the stored weights.

        Raises:
            ModelUnavailable: a file is missing or damaged; the message says which and the cure.
        """
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        folder = Path(path)
        names = (CONFIG_FILE, GRAPH_FILE, EXACT_GRAPH_FILE, TOKENIZER_FILE, WEIGHTS_FILE)
        files = [folder / name for name in names]
        at = folder
        try:
            digest = hashlib.sha256()
            for at in files:
                digest.update(at.read_bytes())
            at = files[0]
            json.loads(at.read_text(encoding="utf-8"))
            at = files[3]
            tokenizer = Tokenizer.from_file(str(at))
            tokenizer.no_padding()
            tokenizer.no_truncation()
            at = files[4]
            graphs = files[1].read_bytes(), files[2].read_bytes()
            return cls(tokenizer, load_file(at), graphs, digest.hexdigest(), exact=exact)
        except Exception as exc:  # the Rust readers raise bare Exception
            raise ModelUnavailable(
                f"The reader's file {at} can't be read ({exc}). Restore it with "
                f"`git checkout -- {folder}` or reinstall Yinju."
            ) from exc

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """Return one reading a passage; a passage without a token gets empty arrays."""
        asked = _cut(self._ids(question)[0])
        room = WINDOW - len(asked) - 3
        texts = [self._ids(passage) for passage in passages]
        windows = [(i, at) for i, (ids, _) in enumerate(texts) for at in _windows(len(ids), room)]
        # Long ones first: the threads then finish about together.
        windows.sort(key=lambda window: max(0, window[1] + room - len(texts[window[0]][0])))

        def logits(window: tuple[int, int]) -> Floats:
            i, at = window
            return self._logits(asked, texts[i][0][at : at + room])

        if windows:
            self._opened()  # by the caller, so that it gets the error
        found: list[list[tuple[int, Floats]]] = [[] for _ in texts]
        run = self._pool.map if len(windows) > 1 else map
        for (i, at), values in zip(windows, run(logits, windows), strict=True):
            found[i].append((at, values))
        return [
            _whole_words(_combined(len(asked) + 2, offsets, parts), passage)
            for (_, offsets), parts, passage in zip(texts, found, passages, strict=True)
        ]

    def _ids(self, text: str) -> tuple[NDArray[np.int64], Ints]:
        # Lone surrogates can't be handed to the tokenizer; a stand-in keeps the offsets.
        safe = text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
        encoding = self._tokenizer.encode(safe, add_special_tokens=False)
        return (
            np.array(encoding.ids, np.int64),
            np.array(encoding.offsets, np.int32).reshape(-1, 2),
        )

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
        (hidden,) = self._opened().run(["hidden"], {"embedded": rows})
        logits: Floats = hidden @ self._heads + self._biases
        return logits

    def _opened(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = self._open()
                self._stored = {}
            return self._session

    def _open(self) -> Any:
        """Return a session whose sums this machine computes rightly."""
        names = layer_weights(_layers(self._stored), exact=self._exact)
        for halved in (False, True):
            # ONNX Runtime reads these arrays where they are: they live as long as the session.
            self._body = {
                name: _layer(self._stored, name, exact=self._exact, halved=halved) for name in names
            }
            session = _session(self._graphs[self._exact], self._body, self._exact)
            if self._exact or halved or _sums_rightly(session, len(self._types[0])):
                break
        return session


def layer_weights(layers: int, *, exact: bool) -> list[str]:
    """Return the names of a graph's weights: int8 ones come with the scales of their columns."""
    dense = ("weight", "bias") if exact else ("weight", "scale", "bias")
    return [
        f"{i}.{part}.{kind}"
        for i in range(layers)
        for part in _SOURCES
        for kind in (("weight", "bias") if part.endswith("norm") else dense)
    ]


def _cut(asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return both ends of a question that is too long."""
    if len(asked) <= QUESTION:
        return asked
    return np.concatenate([asked[:_QUESTION_START], asked[_QUESTION_START - QUESTION :]])


def _windows(tokens: int, room: int) -> range:
    """Return where the windows of a passage start: each shares ``OVERLAP`` with the next."""
    if not tokens:
        return range(0)
    return range(0, max(1, tokens - OVERLAP), room - OVERLAP)


def _combined(begin: int, offsets: Ints, parts: Sequence[tuple[int, Floats]]) -> Reading:
    """Put a passage together from its windows' starts and logits, which ``begin`` tokens lead.

    A window that holds no answer spreads its mass anywhere, so each counts for its share of the
    windows' odds: the whole stays one distribution over the passage's tokens, in which spans of
    different windows can be compared. Every span of ``LONGEST`` tokens lies in one window whole.
    """
    starts = np.full(len(offsets), -np.inf, np.float32)
    ends = np.full(len(offsets), -np.inf, np.float32)
    odds = np.array([logits[0, 2] for _, logits in parts], np.float32)
    if not len(odds):
        return Reading(NOTHING, starts, ends, offsets)
    for share, (at, logits) in zip(_log_softmax(odds), parts, strict=True):
        inside = logits[begin:-1]
        part = slice(at, at + len(inside))
        starts[part] = np.logaddexp(starts[part], share + _log_softmax(inside[:, 0]))
        ends[part] = np.logaddexp(ends[part], share + _log_softmax(inside[:, 1]))
    return Reading(max(NOTHING, float(odds.max())), starts, ends, offsets)


def _whole_words(reading: Reading, passage: str) -> Reading:
    """Leave no answer that starts or ends within a word of a script that writes spaces.

    F1 without and with this on 500 questions of QAMR, 2026-11-29: 71.3, 72.6. Korean words too,
    whose ends may be cut: KorQuAD 44.5, 44.2.
    """
    uncut = np.ones(len(passage) + 1, bool)
    for word in _WORD.finditer(passage):
        uncut[word.start() + 1 : word.end()] = False
    starts, ends = (
        _among(values, uncut[places])
        for values, places in zip((reading.starts, reading.ends), reading.offsets.T, strict=True)
    )
    return replace(reading, starts=starts, ends=ends)


def _among(values: Floats, allowed: NDArray[np.bool_]) -> Floats:
    """Return log-probabilities given that it is one of the allowed, where any is."""
    if allowed.all() or not allowed.any():
        return values
    kept = np.where(allowed, values, np.float32(-np.inf))
    out: Floats = kept - np.logaddexp.reduce(kept)
    return out


def _layers(weights: dict[str, Any]) -> int:
    return 1 + max(int(name.split(".")[3]) for name in weights if ".encoder.layer." in name)


def _layer(
    weights: dict[str, Any], name: str, *, exact: bool, halved: bool = False
) -> NDArray[Any]:
    """Return a weight as a graph wants it: a dense one is turned to (in, out).

    ``halved`` bytes have seven bits, and scales twice as large.
    """
    stored = _stored_name(name)
    values = weights[stored]
    if values.ndim < 2 or exact:
        values = _dense(weights, stored)
    elif halved:
        values = np.round(values / 2).astype(np.int8)
    if halved and name.endswith(".scale"):
        values = 2 * values
    return np.ascontiguousarray(values.T) if values.ndim == 2 else values


def _stored_name(name: str) -> str:
    """Return the name in ``model.safetensors`` of a graph's weight, bias or scale."""
    number, part = name.split(".", 1)
    part, kind = part.rsplit(".", 1)
    kind = "weight.scale" if kind == "scale" else kind
    return f"bert.encoder.layer.{number}.{_SOURCES[part]}.{kind}"


def _dense(weights: dict[str, Any], name: str) -> Floats:
    values = np.asarray(weights[name])
    if values.dtype == np.int8:
        values = values.astype(np.float32) * weights[f"{name}.scale"][:, None]
    return np.asarray(values, np.float32)


def _session(graph: bytes, body: dict[str, NDArray[Any]], exact: bool) -> Any:
    try:
        import onnxruntime
    except ImportError as exc:
        raise ModelUnavailable(
            "The reader needs the package onnxruntime: `pip install onnxruntime`."
        ) from exc
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # windows are read side by side instead
    options.log_severity_level = 3
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in body.values()]
    options.add_external_initializers(list(body), values)
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as exc:  # its own classes derive from Exception alone
        name = EXACT_GRAPH_FILE if exact else GRAPH_FILE
        raise ModelUnavailable(
            f"The reader's {name} can't be run ({exc}). Restore it with "
            f"`git checkout -- {SHIPPED}` or reinstall Yinju."
        ) from exc


def _sums_rightly(session: Any, hidden: int) -> bool:
    """Tell whether this processor sums products of bytes without overflow."""
    (found,) = session.run([PROBE], {"embedded": np.ones((1, hidden), np.float32)})
    return abs(float(found[0, 0]) - _PROBE_SUM) < 1.0


def _log_softmax(values: Floats) -> Floats:
    shifted = values - values.max()
    out: Floats = shifted - np.log(np.exp(shifted).sum())
    return out


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """Open the shipped reader, once a process."""
    return Reader.from_folder(SHIPPED)
