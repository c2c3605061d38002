"""The reader as a ``transformers`` model; word embeddings that only move where they were used."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import AttentionInterface, BertConfig, BertForQuestionAnswering
from transformers.masking_utils import AttentionMaskInterface, eager_mask

from rag.answering.reader import WEIGHTS_FILE
from train.reader.starting import Floats, body_folder


def short_attention(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None,
    scaling: float | None = None, dropout: float = 0.0, **kwargs: Any,
) -> tuple[Tensor, None]:  # fmt: skip
    """Attend by plain products in the precision given; (n, heads, length, size) each.

    torch's fused attention takes three times as long on a CPU, most of it going backward in
    bfloat16; at 192 tokens the scores it would not keep are few.
    """
    scores = (query @ key.transpose(-1, -2)) * (scaling or query.shape[-1] ** -0.5)
    if attention_mask is not None:
        scores = scores + attention_mask.to(scores.dtype)
    mixed = nn.functional.dropout(scores.softmax(dim=-1), dropout, module.training) @ value
    return mixed.transpose(1, 2).contiguous(), None


AttentionInterface.register("short", short_attention)
AttentionMaskInterface.register("short", eager_mask)


class ReaderModel(BertForQuestionAnswering):  # type: ignore[misc]
    """Start and end of the answer, and on the first token the log-odds that there is one."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.answerable = nn.Linear(config.hidden_size, 1)
        nn.init.normal_(self.answerable.weight, std=0.02)
        nn.init.zeros_(self.answerable.bias)

    def heads(self, hidden: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return start logits (n, length), end logits (n, length) and log-odds (n,)."""
        start, end = self.qa_outputs(hidden).unbind(dim=-1)
        return start, end, self.answerable(hidden[:, 0]).squeeze(-1)


def started(rows: Floats, dropout: float = 0.1) -> ReaderModel:
    """Return all-MiniLM-L6-v2's body with these word embeddings and fresh heads."""
    from safetensors.torch import load_file

    config = BertConfig.from_pretrained(str(body_folder()), local_files_only=True)
    config.vocab_size = len(rows)
    config.hidden_dropout_prob = dropout
    config.attention_probs_dropout_prob = 0.0
    config.pad_token_id = 0
    config._attn_implementation = "short"
    model = ReaderModel(config)
    theirs = {f"bert.{k}": v for k, v in load_file(body_folder() / "model.safetensors").items()}
    theirs["bert.embeddings.word_embeddings.weight"] = torch.from_numpy(rows)
    own = model.state_dict()
    model.load_state_dict({**own, **{k: v for k, v in theirs.items() if k in own}})
    return model


def reopened(folder: Path, dropout: float = 0.0) -> ReaderModel:
    """Return a written reader as a model to go on training with."""
    from safetensors.numpy import load_file

    config = BertConfig.from_pretrained(str(folder), local_files_only=True)
    config.hidden_dropout_prob = dropout
    config._attn_implementation = "short"
    model = ReaderModel(config)
    stored = load_file(folder / WEIGHTS_FILE)
    plain = {
        name: torch.from_numpy(
            values.astype(np.float32) * stored[f"{name}.scale"][:, None]
            if values.dtype == np.int8
            else values
        )
        for name, values in stored.items()
        if not name.endswith(".scale")
    }
    model.load_state_dict(plain)
    return model


def short_floats() -> torch.autocast:
    """Compute in bfloat16 where that is faster: half the time with some processors, twice with
    others that have instructions for it all the same, and five times without."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=_short_is_faster())


@cache
def _short_is_faster() -> bool:
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return False
    times = []
    for kind in (torch.bfloat16, torch.float32):
        left, right = torch.ones(3072, 384, dtype=kind), torch.ones(384, 1536, dtype=kind)
        times.append(min(_seconds(partial(torch.matmul, left, right)) for _ in range(12)))
    return times[0] < times[1]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@torch.no_grad()
def average(model: ReaderModel, other: ReaderModel, share: float) -> None:
    """Move the weights by ``share`` of the way to those of ``other``, from which training began.

    The two lie in one basin and err on different questions (Wortsman et al. 2022, "Model soups").
    """
    theirs = other.state_dict()
    for name, values in model.state_dict().items():
        if values.is_floating_point():
            values.lerp_(theirs[name], share)


class Words:
    """Word embeddings of which a step moves only the rows it used, by Adam.

    A dense step over 24 million numbers would take as long as a layer; a batch uses a few
    thousand rows.
    """

    def __init__(self, rows: Tensor, rate: float) -> None:
        self.rows = rows
        self.rate = rate
        self._first = torch.zeros_like(rows)
        self._second = torch.zeros_like(rows)
        self._steps = torch.zeros(len(rows), 1)
        self._ids = torch.zeros(0, dtype=torch.long)
        self._used = torch.zeros(0)

    def gather(self, ids: Tensor, others: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Return the rows of these tokens as a leaf to differentiate, and where each id is in it.

        ``others`` are tokens whose rows are wanted too, as candidates of a prediction.
        """
        flat = ids.reshape(-1) if others is None else torch.cat([ids.reshape(-1), others])
        self._ids, places = torch.unique(flat, return_inverse=True)
        self._used = self.rows[self._ids].requires_grad_()
        own = places[: ids.numel()].reshape(ids.shape)
        return self._used, own, places[ids.numel() :]

    @torch.no_grad()
    def step(self, scale: float, clip: float = 1.0) -> None:
        """Move the rows used last; ``scale`` multiplies the rate."""
        grad = self._used.grad
        assert grad is not None
        grad = grad * min(1.0, clip / (float(grad.norm()) + 1e-6))
        first = self._first[self._ids].mul_(0.9).add_(grad, alpha=0.1)
        second = self._second[self._ids].mul_(0.98).addcmul_(grad, grad, value=0.02)
        steps = self._steps[self._ids] + 1
        self._first[self._ids], self._second[self._ids], self._steps[self._ids] = (
            first, second, steps,
        )  # fmt: skip
        moved = (first / (1 - 0.9**steps)) / ((second / (1 - 0.98**steps)).sqrt() + 1e-7)
        self.rows[self._ids] -= self.rate * scale * moved


def encode(
    model: ReaderModel, words: Tensor, places: Tensor, types: Tensor, mask: Tensor
) -> Tensor:
    """Return the last hidden states, (n, length, hidden), of tokens given as rows of ``words``."""
    inputs = nn.functional.embedding(places, words)
    hidden: Tensor = model.bert(
        inputs_embeds=inputs, token_type_ids=types, attention_mask=mask
    ).last_hidden_state
    return hidden


def body_parameters(model: ReaderModel) -> list[dict[str, Any]]:
    """Return optimizer groups of everything but the word embeddings, biases without decay."""
    named = [
        (name, parameter)
        for name, parameter in model.named_parameters()
        if "word_embeddings" not in name
    ]
    plain = ("bias", "LayerNorm.weight")
    return [
        {"params": [p for n, p in named if not n.endswith(plain)], "weight_decay": 0.01},
        {"params": [p for n, p in named if n.endswith(plain)], "weight_decay": 0.0},
    ]


def save(model: ReaderModel, file: Path, **state: Any) -> None:
    """Write weights and what resuming needs, whole or not at all."""
    beside = file.with_suffix(".part")
    torch.save({"weights": model.state_dict(), **state}, beside)
    beside.replace(file)


def restore(model: ReaderModel, file: Path) -> dict[str, Any]:
    """Read weights back; return what was stored beside them."""
    stored: dict[str, Any] = torch.load(file, weights_only=False)
    model.load_state_dict(stored.pop("weights"))
    return stored


def generator(seed: int) -> np.random.Generator:
    """Seed every source of chance."""
    torch.manual_seed(seed)
    return np.random.default_rng(seed)
