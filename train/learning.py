"""Train token vectors: each text should find its counterpart among the batch's others.

The loss is the InfoNCE of both directions over unit vectors, text vectors being sums of
weighted token rows; directions and weights are learned apart, so that frequent tokens, whose
weights are small, turn no faster than rare ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from train.corpora import Batch, Runs, Sampler
from train.teaching import Floats


@dataclass(frozen=True, slots=True)
class Task:
    """A source of batches; ``share`` is how often it is drawn, relative to the others."""

    name: str
    sample: Sampler
    share: float
    size: int = 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn."""

    steps: int
    rate: float = 2e-3
    weight_rate: float = 1e-2
    temperature: float = 0.05
    warm_up: int = 50
    seed: int = 7


class Student(torch.nn.Module):
    """Token rows and their log weights; a text is the unit sum of its weighted rows."""

    def __init__(self, rows: Floats, weights: Floats) -> None:
        super().__init__()
        self.rows = torch.nn.Parameter(torch.from_numpy(rows.copy()))
        self.log_weights = torch.nn.Parameter(torch.from_numpy(np.log(weights)))

    def forward(self, texts: Runs) -> Tensor:
        ids = torch.from_numpy(texts.ids.astype(np.int64))
        weights = self.log_weights[ids].exp()
        bags = functional.embedding_bag(
            ids,
            self.rows,
            torch.from_numpy(texts.starts[:-1].copy()),
            mode="sum",
            per_sample_weights=weights,
        )
        return functional.normalize(bags, dim=1)

    def folded(self) -> Floats:
        """Return the rows with their weights multiplied in."""
        with torch.no_grad():
            folded: Floats = (self.rows * self.log_weights.exp()[:, None]).numpy().copy()
        folded[0] = 0.0
        return folded


def contrast(left: Tensor, right: Tensor, keys: Tensor, temperature: float) -> Tensor:
    """InfoNCE both ways (van den Oord et al. 2018); texts of one key are no negatives."""
    similar = left @ right.T / temperature
    same = (keys[:, None] == keys[None, :]) & ~torch.eye(len(keys), dtype=torch.bool)
    similar = similar.masked_fill(same, -1e4)
    target = torch.arange(len(keys))
    return (
        functional.cross_entropy(similar, target) + functional.cross_entropy(similar.T, target)
    ) / 2


def learn(
    student: Student,
    tasks: Sequence[Task],
    plan: Plan,
    report: Callable[[int, dict[str, float]], None],
    every: int = 200,
) -> None:
    """Run the plan in place; ``report`` gets the step and each task's running loss."""
    rng = np.random.default_rng(plan.seed)
    optimizer = torch.optim.Adam(
        [
            {"params": [student.rows], "lr": plan.rate, "base": plan.rate},
            {"params": [student.log_weights], "lr": plan.weight_rate, "base": plan.weight_rate},
        ],
        betas=(0.9, 0.98),
        fused=True,
    )
    shares = np.array([task.share for task in tasks])
    shares /= shares.sum()
    losses: dict[str, float] = {}
    started = time.monotonic()
    for step in range(1, plan.steps + 1):
        task = tasks[rng.choice(len(tasks), p=shares)]
        batch: Batch = task.sample(rng, task.size)
        scale = min(step / plan.warm_up, 1.0) * (1.0 - step / (plan.steps + 1))
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * scale
        loss = contrast(
            student(batch.left),
            student(batch.right),
            torch.from_numpy(batch.keys),
            plan.temperature,
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses[task.name] = 0.9 * losses.get(task.name, loss.item()) + 0.1 * loss.item()
        if step % every == 0 or step == plan.steps:
            losses["seconds"] = time.monotonic() - started
            report(step, losses)
