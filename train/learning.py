"""Train token vectors: each text should find its counterpart among the batch's others.

The loss is the InfoNCE of both directions over unit vectors, text vectors being sums of
weighted token rows; directions and weights are learned apart, so that frequent tokens, whose
weights are small, turn no faster than rare ones. Only the rows a batch touches are read and
written, which makes a step on two cores several times as fast as a dense one.
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
    """A source of batches; ``share`` is how often it is drawn, relative to the others.

    A low ``temperature`` rewards telling near passages apart, which questions need; with few
    translated sentences it overfits.
    """

    name: str
    sample: Sampler
    share: float
    size: int = 1024
    temperature: float = 0.05


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn."""

    steps: int
    rate: float = 3e-3
    weight_rate: float = 1e-2
    warm_up: int = 50
    seed: int = 7


class RowSteps:
    """Gradient steps scaled by each row's own running gradient size, on some rows at a time.

    Adam (Kingma & Ba 2015) without momentum and with one second moment a row: it reads and
    writes a third of what Adam does, and batches of a thousand texts need no momentum.
    """

    def __init__(self, values: Tensor, keep: float = 0.98) -> None:
        self.values = values
        self._square = torch.zeros(len(values))
        self._steps = torch.zeros(len(values))
        self._keep = keep

    def step(self, places: Tensor, gradient: Tensor, rate: float) -> None:
        """Move ``values[places]`` against their gradient."""
        flat = gradient.view(len(places), -1)
        steps = self._steps[places] + 1
        square = self._square[places] * self._keep + (1 - self._keep) * flat.square().mean(1)
        self._steps[places], self._square[places] = steps, square
        scale = rate / ((square / (1 - self._keep**steps)).sqrt() + 1e-8)
        self.values.index_add_(
            0, places, gradient * scale.view(-1, *[1] * (gradient.dim() - 1)), alpha=-1
        )


class Student:
    """Token rows, shape (tokens, dimensions), and their log weights."""

    def __init__(self, rows: Floats, weights: Floats) -> None:
        self.rows = torch.from_numpy(rows.copy())
        self.log_weights = torch.from_numpy(np.log(weights))
        self._row_steps = RowSteps(self.rows)
        self._weight_steps = RowSteps(self.log_weights)

    def improve(self, batch: Batch, temperature: float, rate: float, weight_rate: float) -> float:
        """Take one step on a batch; return its loss."""
        texts = _joined(batch.left, batch.right)
        used, place = _distinct(texts.ids, len(self.rows))
        rows, weights = self.rows[used], self.log_weights[used].exp()
        starts = torch.from_numpy(texts.starts[:-1].copy())
        bags = functional.embedding_bag(
            place, rows, starts, mode="sum", per_sample_weights=weights[place]
        ).requires_grad_()
        units = functional.normalize(bags, dim=1)
        half = len(batch.left)
        loss = contrast(units[:half], units[half:], torch.from_numpy(batch.keys), temperature)
        loss.backward()  # type: ignore[no-untyped-call]
        assert bags.grad is not None
        gradient = _scatter(bags.grad, place, texts, len(used)) * weights[:, None]
        self._weight_steps.step(used, (gradient * rows).sum(1), weight_rate)
        self._row_steps.step(used, gradient, rate)
        return float(loss.detach())

    def folded(self) -> Floats:
        """Return the rows with their weights multiplied in; the unknown token's is zero."""
        folded: Floats = (self.rows * self.log_weights.exp()[:, None]).numpy()
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
    shares = np.array([task.share for task in tasks], dtype=np.float64)
    shares /= shares.sum()
    losses: dict[str, float] = {}
    started = time.monotonic()
    for step in range(1, plan.steps + 1):
        task = tasks[rng.choice(len(tasks), p=shares)]
        scale = min(step / plan.warm_up, 1.0) * (1.0 - step / (plan.steps + 1))
        loss = student.improve(
            task.sample(rng, task.size),
            task.temperature,
            plan.rate * scale,
            plan.weight_rate * scale,
        )
        losses[task.name] = 0.9 * losses.get(task.name, loss) + 0.1 * loss
        if step % every == 0 or step == plan.steps:
            losses["seconds"] = time.monotonic() - started
            report(step, losses)


def _joined(left: Runs, right: Runs) -> Runs:
    starts = np.concatenate([left.starts[:-1], right.starts + left.starts[-1]])
    return Runs(np.concatenate([left.ids, right.ids]), starts)


def _distinct(ids: np.ndarray, size: int) -> tuple[Tensor, Tensor]:
    """Return the distinct ids, ascending, and where each id stands among them."""
    present = np.zeros(size, dtype=bool)
    present[ids] = True
    used = np.flatnonzero(present)
    order = np.zeros(size, dtype=np.int64)
    order[used] = np.arange(len(used))
    return torch.from_numpy(used), torch.from_numpy(order[ids])


def _scatter(gradient: Tensor, place: Tensor, texts: Runs, used: int) -> Tensor:
    """Sum the texts' gradients for each token over its occurrences."""
    order = torch.from_numpy(np.argsort(place.numpy()))
    owner = torch.repeat_interleave(torch.from_numpy(np.diff(texts.starts)))
    counts = torch.bincount(place, minlength=used)
    starts = torch.cumsum(counts, 0) - counts
    return functional.embedding_bag(owner[order], gradient, starts, mode="sum")
