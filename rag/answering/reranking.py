"""A cross-encoder that orders retrieved chunks anew, for profiles that name one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

from index import Hit
from rag.answering import weights
from rag.errors import ModelUnavailable

CANDIDATES = 40  # chunks retrieved for it to choose from
LONGEST = 512  # tokens of question and chunk together; the rest is cut off


class Reranker:
    """A sentence-transformers ``CrossEncoder`` in a folder; loaded when it is first asked."""

    def __init__(self, folder: str, name: str) -> None:
        self.name = name
        self._folder = folder
        self._loading = Lock()
        self._loaded: Any = None

    def ranked(self, question: str, hits: Sequence[Hit], k: int) -> list[Hit]:
        """Return the ``k`` best hits, best first, equal ones in the order given; their scores stay
        those they were found with, which refusals are fitted to.

        Raises:
            ModelUnavailable: the model can't be loaded.
        """
        if not hits:
            return []
        pairs = [(question, f"{hit.context}\n{hit.text}".strip()) for hit in hits]
        scores = self._model().predict(pairs, show_progress_bar=False)
        order = sorted(range(len(hits)), key=lambda i: -float(scores[i]))
        return [hits[i] for i in order[:k]]

    def _model(self) -> Any:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._read()
            return self._loaded

    def _read(self) -> Any:
        from sentence_transformers import CrossEncoder

        try:
            model = CrossEncoder(self._folder, max_length=LONGEST, local_files_only=True)
        except Exception as error:  # safetensors' own class derives from Exception alone
            raise self._unusable(str(error).splitlines()[0][:200]) from error
        if model.num_labels != 1:
            raise self._unusable(f"it gives {model.num_labels} scores a pair in place of one")
        return model

    def _unusable(self, why: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"The reranker {self.name} can't be used ({why}). Fetch it again with "
            f"`hf download {self.name} --force-download`, name another with --reranker, or use "
            "the profile embedded, which needs none."
        )


@lru_cache(maxsize=1)
def load_reranker(name: str) -> Reranker:
    """Return the one reranker of this process.

    Raises:
        ModelUnavailable: it is not on this machine.
    """
    return Reranker(weights.folder_of(name), name)
