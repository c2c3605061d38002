"""Fine-tuning: span, and whether there is one, on the mixture of ``examples``."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from train.reader.examples import RIVALS, SIDES, Example, Sampler, collate
from train.reader.model import (
    ReaderModel,
    Words,
    body_parameters,
    encode,
    restore,
    save,
    short_floats,
)
from train.reader.vocabulary import PAD

DUELS_WEIGH = 0.5
BATCHES_A_DRAW = 16  # batches drawn together, so that rows of like length share one


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn."""

    steps: int = 3_600
    rows: int = 24
    rate: float = 1.5e-4
    words_rate: float = 3e-4
    warmup: int = 120
    save_every: int = 200
    report_every: int = 400


def loss_of(
    start: Tensor, end: Tensor, sure: Tensor, batch: dict[str, Tensor], duels: int = 0
) -> tuple[Tensor, Tensor]:
    """Return the spans' cross-entropy over passage tokens and the answerability's.

    The last rows are duels: one that is answerable and its rivals, which count as much as it does
    together, and how far it is ahead of them counts too (localized contrastive estimation, Gao et
    al. 2021).
    """
    answered = batch["first"] >= 0
    outside = ~batch["passage"]
    losses = [
        nn.functional.cross_entropy(
            logits.float().masked_fill(outside, -1e4)[answered], batch[name][answered]
        )
        for logits, name in ((start, "first"), (end, "last"))
    ]
    weights = torch.ones(len(sure))
    fought = len(sure) - duels * SIDES
    weights[fought:].view(duels, SIDES)[:, 1:] = 1 / RIVALS
    holds = nn.functional.binary_cross_entropy_with_logits(
        sure.float(), answered.float(), weights / weights.mean()
    )
    if duels:
        sides = sure[fought:].float().view(duels, SIDES)
        ahead = nn.functional.cross_entropy(sides, torch.zeros(duels, dtype=torch.long))
        holds = holds + DUELS_WEIGH * ahead
    return (losses[0] + losses[1]) / 2, holds


def finetune(
    model: ReaderModel, sampler: Sampler, file: Path, plan: Plan,
    report: Callable[[int], None] | None = None,
) -> None:  # fmt: skip
    """Learn in place; checkpoints go to ``file``, from which a stopped run goes on."""
    words = Words(model.bert.embeddings.word_embeddings.weight.data, plan.words_rate)
    groups = body_parameters(model)
    optimizer = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), fused=True)
    first = 0
    if file.is_file():
        stored = restore(model, file)
        optimizer.load_state_dict(stored["optimizer"])
        first = stored["step"]
        for drawn in range(0, first - BATCHES_A_DRAW + 1, BATCHES_A_DRAW):
            sampler.batch(plan.rows, BATCHES_A_DRAW, drawn / plan.steps)
    queue: list[list[Example]] = []
    model.train()
    started = time.monotonic()
    losses: list[tuple[float, float]] = []
    for step in range(first, plan.steps):
        if not queue:
            drawn = step - step % BATCHES_A_DRAW
            queue = sampler.batch(plan.rows, BATCHES_A_DRAW, drawn / plan.steps)
            queue = queue[: BATCHES_A_DRAW - step % BATCHES_A_DRAW]
        scale = min(1.0, (step + 1) / plan.warmup) * max(0.01, 1 - step / plan.steps)
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * scale
        batch = collate(queue.pop())
        ids = batch["ids"]
        rows, places, _ = words.gather(ids)
        with short_floats():
            hidden = encode(model, rows, places, batch["types"], (ids != PAD).long())
            span, holds = loss_of(*model.heads(hidden), batch, sampler.duels)
        (span + holds).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)
        optimizer.step()
        words.step(scale)
        optimizer.zero_grad()
        losses.append((float(span.detach()), float(holds.detach())))
        done = step + 1
        if done % 50 == 0:
            speed = (time.monotonic() - started) / (done - first)
            span_loss, holds_loss = np.mean(losses[-50:], axis=0)
            print(f"tune {done}: span {span_loss:.3f} holds {holds_loss:.3f}, {speed:.2f} s",
                  flush=True)  # fmt: skip
        if done % plan.save_every == 0 or done == plan.steps:
            save(model, file, step=done, optimizer=optimizer.state_dict())
        if report and (done % plan.report_every == 0 or done == plan.steps):
            report(done)
            model.train()
