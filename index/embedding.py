"""Texts to unit vectors: the shipped static encoder, or any sentence-transformers model.

The shipped encoder keeps one vector per token and averages them, so reading it needs no deep
learning library: this module imports neither torch nor sentence_transformers for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .errors import EncoderUnavailable
from .types import Encoder, Purpose, Vectors

SHIPPED = Path(__file__).parent / "encoder"
TOKENIZER_FILE = "tokenizer.json"
WEIGHTS_FILE = "model.safetensors"
# Rows that become float32 at once: 4 MB at 256 dimensions. Summing a text by one product of
# weights and rows was six times as fast as gathering many texts for np.add.reduceat.
_BLOCK_TOKENS = 4_096
_BLOCK_TEXTS = 1_024
# Files up to this size enter a fingerprint whole, larger ones by evenly spread samples.
_WHOLE_BYTES = 64 << 20
_SAMPLES, _SAMPLE_BYTES = 64, 1 << 16
_DOWNLOAD_SIZES = {
    "intfloat/multilingual-e5-small": "about 490 MB",
    "intfloat/multilingual-e5-base": "about 1.1 GB",
    "intfloat/multilingual-e5-large": "about 2.3 GB",
    "BAAI/bge-m3": "about 2.3 GB",
}


def load_encoder(name: str | Path = "shipped") -> Encoder:
    """Open an encoder: ``"shipped"``, a folder, or the id of a model on the Hugging Face hub.

    Raises EncoderUnavailable, which says what is missing and how to get it.
    """
    if str(name) == "shipped":
        return StaticEncoder.from_folder(SHIPPED)
    folder = Path(name)
    if (folder / TOKENIZER_FILE).is_file() and _is_static(folder):
        return StaticEncoder.from_folder(folder)
    return SentenceTransformerEncoder(name)


class StaticEncoder:
    """A static encoder: a text's vector is the normalised sum of its tokens' weighted rows.

    ``rows`` are int8, shape (tokens, dimensions); ``weights`` scale them, shape (tokens,).
    The rows stay int8 in memory and become float32 only for the tokens at hand.
    """

    def __init__(
        self,
        tokenizer: Any,
        rows: NDArray[np.int8],
        weights: NDArray[np.float32],
        fingerprint: str,
    ) -> None:
        self._tokenizer = tokenizer
        self._rows = rows
        self._weights = weights
        self._fingerprint = fingerprint

    @classmethod
    def from_folder(cls, path: str | Path) -> Self:
        """Read ``tokenizer.json`` and ``model.safetensors``; raises EncoderUnavailable."""
        folder = Path(path)
        for name in (TOKENIZER_FILE, WEIGHTS_FILE):
            if not (folder / name).is_file():
                raise EncoderUnavailable(
                    f"The encoder folder {folder} has no {name}. Restore it with "
                    f"`git checkout -- {folder}` or reinstall Yinju."
                )
        return cls(
            _read_tokenizer(folder / TOKENIZER_FILE),
            *_read_weights(folder / WEIGHTS_FILE),
            _digest([folder / TOKENIZER_FILE, folder / WEIGHTS_FILE]),
        )

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        return int(self._rows.shape[1])

    def encode(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        """Return unit rows, shape (len(texts), dimensions); a text without known tokens gets 0.

        Questions and passages share one vector space, so ``purpose`` changes nothing here.
        """
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BLOCK_TEXTS):
            block = list(texts[start : start + _BLOCK_TEXTS])
            encodings = self._tokenizer.encode_batch_fast(block, add_special_tokens=False)
            for i, encoding in enumerate(encodings, start):
                out[i] = self._sum(np.array(encoding.ids, dtype=np.int64))
        return _unit(out)

    def token_vectors(self, text: str) -> tuple[NDArray[np.int32], Vectors]:
        """Return each token's character offsets into ``text``, (n, 2), and weighted row, (n, d).

        The rows aren't normalised: their sum, made unit length, is ``encode([text])[0]``.
        """
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids = np.asarray(encoding.ids, dtype=np.int64)
        offsets = np.asarray(encoding.offsets, dtype=np.int32).reshape(-1, 2)
        return offsets, self._rows[ids] * self._weights[ids, None]

    def _sum(self, ids: NDArray[np.int64]) -> Vectors:
        """Return the sum of these tokens' weighted rows: one product, the rows' copy kept small."""
        total = np.zeros(self.dimensions, dtype=np.float32)
        for start in range(0, len(ids), _BLOCK_TOKENS):
            part = ids[start : start + _BLOCK_TOKENS]
            total += self._weights[part] @ self._rows.take(part, axis=0).astype(np.float32)
        return total


class SentenceTransformerEncoder:
    """Any sentence-transformers model in a folder or in the local Hugging Face cache.

    Nothing is ever downloaded; loading torch and the weights waits until the first text.
    """

    def __init__(self, name: str | Path, *, batch_size: int = 32) -> None:
        """Find the model; raises EncoderUnavailable with the command that fetches it."""
        self.name = str(name)
        self._folder = _find_model(name)
        self._batch_size = batch_size

    @cached_property
    def fingerprint(self) -> str:
        """Digest of the model's configuration and weights (large files by samples)."""
        files = sorted(path for path in self._folder.rglob("*") if _shapes_vectors(path))
        return _digest(files, prompts=self._prompt("query") + "|" + self._prompt("passage"))

    @property
    def dimensions(self) -> int:
        return int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        """Return unit rows, shape (len(texts), dimensions); a blank text gets zeros."""
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        filled = [i for i, text in enumerate(texts) if text.strip()]
        if filled:
            out[filled] = self._model.encode(
                [texts[i] for i in filled],
                batch_size=self._batch_size,
                prompt=self._prompt(purpose) or None,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return out

    def _prompt(self, purpose: Purpose) -> str:
        # E5 models were trained with these words before every text and lose several points
        # without them (Wang et al. 2024); their repositories don't declare them.
        return f"{purpose}: " if "e5" in self.name.lower().replace("\\", "/") else ""

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise EncoderUnavailable(
                f"The encoder {self.name} needs the package sentence-transformers. Install it "
                "with `pip install sentence-transformers`, or use the shipped encoder."
            ) from exc
        try:
            return SentenceTransformer(str(self._folder), local_files_only=True)
        except Exception as exc:  # safetensors' own class derives from Exception alone
            raise EncoderUnavailable(
                f"The encoder in {self._folder} can't be loaded ({exc}). Fetch it again with "
                f"`hf download {self.name} --force-download`, or use the shipped encoder."
            ) from exc


def _read_tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as exc:  # the Rust reader raises bare Exception
        raise EncoderUnavailable(
            f"{path} is not a tokenizer ({exc}). Restore it with `git checkout -- {path}`."
        ) from exc
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _read_weights(path: Path) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        arrays = load_file(path)
        return arrays["embeddings"], arrays["weights"].astype(np.float32)
    except (SafetensorError, OSError, KeyError) as exc:
        raise EncoderUnavailable(
            f"{path} doesn't hold the encoder's weights ({exc}). "
            f"Restore it with `git checkout -- {path}`."
        ) from exc


def _is_static(folder: Path) -> bool:
    """Tell whether a folder's weights are an int8 table, as the shipped encoder's are."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / WEIGHTS_FILE, framework="np") as weights:
            return {"embeddings", "weights"} <= set(weights.keys())
    except (SafetensorError, OSError):
        return False


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(norms > 1e-12, norms, np.float32(1.0))
    return unit.astype(np.float32, copy=False)


def _find_model(name: str | Path) -> Path:
    """Return the folder of a local model or of a hub id's cached snapshot."""
    folder = Path(name)
    if folder.is_dir():
        return _checked(folder, str(name))
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return _checked(Path(snapshot_download(str(name), local_files_only=True)), str(name))
    except (LocalEntryNotFoundError, HFValidationError, OSError) as exc:
        raise _missing(str(name)) from exc


def _checked(folder: Path, name: str) -> Path:
    weights = [path for kind in ("*.safetensors", "*.bin") for path in folder.rglob(kind)]
    if not weights or not any((folder / f).is_file() for f in ("modules.json", "config.json")):
        raise _missing(name)
    return folder


def _missing(name: str) -> EncoderUnavailable:
    size = _DOWNLOAD_SIZES.get(name, "see its page for the size")
    return EncoderUnavailable(
        f"The encoder {name} is neither a model folder nor in the Hugging Face cache. Fetch it "
        f"once with `hf download {name}` ({size}), or use the shipped encoder, which needs no "
        "download."
    )


def _shapes_vectors(path: Path) -> bool:
    return path.is_file() and path.suffix in {".json", ".safetensors", ".bin", ".model", ".txt"}


def _digest(files: Sequence[Path], prompts: str = "") -> str:
    """Hash names and contents, the latter by samples where a file is very large."""
    digest = hashlib.sha256(prompts.encode())
    for path in files:
        size = path.stat().st_size
        digest.update(f"{path.name}:{size};".encode())
        with path.open("rb") as file:
            if size <= _WHOLE_BYTES:
                digest.update(file.read())
                continue
            for i in range(_SAMPLES):
                file.seek((size - _SAMPLE_BYTES) * i // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()
