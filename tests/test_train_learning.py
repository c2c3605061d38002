"""A step follows the gradient torch computes, and training brings translations together."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from train import corpora
from train.corpora import Batch, Runs
from train.learning import Plan, RowSteps, Student, Task, contrast, learn


def _runs(lists: list[list[int]]) -> Runs:
    lengths = [len(x) for x in lists]
    return Runs(
        np.array([i for x in lists for i in x], dtype=np.int32),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
    )


def _batch() -> Batch:
    return Batch(_runs([[1, 2, 1], [3], [4, 5]]), _runs([[2], [6, 3], [7]]), np.arange(3))


def _dense_loss(rows: torch.Tensor, logs: torch.Tensor, batch: Batch) -> torch.Tensor:
    def units(texts: Runs) -> torch.Tensor:
        sums = [
            (rows[ids] * logs[ids].exp()[:, None]).sum(0)
            for ids in np.split(texts.ids.astype(np.int64), texts.starts[1:-1])
        ]
        return functional.normalize(torch.stack(sums), dim=1)

    keys = torch.from_numpy(batch.keys)
    return contrast(units(batch.left), units(batch.right), keys, 0.1)


def test_a_step_is_the_dense_gradient_scaled_by_row() -> None:
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((8, 4)).astype(np.float32)
    weights = rng.uniform(0.5, 2.0, 8).astype(np.float32)
    student = Student(rows, weights)
    dense = torch.from_numpy(rows.copy()).requires_grad_()
    logs = torch.from_numpy(np.log(weights)).requires_grad_()
    expected = _dense_loss(dense, logs, _batch())
    expected.backward()  # type: ignore[no-untyped-call]
    loss = student.improve(_batch(), 0.1, rate=0.01, weight_rate=0.02)
    assert abs(loss - expected.item()) < 1e-5
    assert dense.grad is not None and logs.grad is not None
    size = dense.grad.square().mean(1, keepdim=True).sqrt() + 1e-8
    want = dense.detach() - 0.01 * dense.grad / size
    torch.testing.assert_close(student.rows, want, atol=1e-5, rtol=1e-4)
    used = logs.grad.abs() > 1e-6
    moved = student.log_weights - logs.detach()
    torch.testing.assert_close(moved[used], -0.02 * logs.grad.sign()[used], atol=1e-4, rtol=1e-3)
    assert student.rows[0].tolist() == rows[0].tolist(), "tokens that don't occur stay"


def test_row_steps_forget_nothing_of_absent_rows() -> None:
    values = torch.zeros(3, 2)
    steps = RowSteps(values)
    steps.step(torch.tensor([1]), torch.tensor([[3.0, 4.0]]), 1.0)
    size = (12.5) ** 0.5
    torch.testing.assert_close(values[1], torch.tensor([-3.0 / size, -4.0 / size]))
    assert not values[[0, 2]].any()


def test_texts_of_one_key_do_not_repel_each_other() -> None:
    left = functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]]), dim=1)
    apart = contrast(left, left, torch.tensor([0, 1, 2]), 0.05)
    together = contrast(left, left, torch.tensor([0, 0, 2]), 0.05)
    assert together.item() < 1e-4 < apart.item()


def test_learning_brings_translations_together_and_repeats_itself() -> None:
    left, right = _runs([[i] for i in range(1, 21)]), _runs([[i] for i in range(21, 41)])
    task = Task("pairs", corpora.translation(left, right), 1.0, 20)
    rng = np.random.default_rng(5)
    rows = rng.standard_normal((41, 16)).astype(np.float32)

    def trained() -> Student:
        student = Student(rows, np.ones(41, dtype=np.float32))
        learn(student, [task], Plan(steps=60, rate=0.1, warm_up=5), lambda *_: None)
        return student

    folded = trained().folded()
    assert not folded[0].any()
    units = folded[1:] / np.linalg.norm(folded[1:], axis=1, keepdims=True)
    assert ((units[:20] @ units[20:].T).argmax(axis=1) == np.arange(20)).all()
    np.testing.assert_array_equal(folded, trained().folded())
