"""The benchmark of sizes: whole steps on small corpora, and recall by hand."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from eval import scaling
from eval.__main__ import main


def test_recall_by_hand() -> None:
    found = [np.array([1, 2, 3]), np.array([9, 8])]
    right = [np.array([3, 4, 1]), np.array([9, 7, 8])]
    assert scaling.recall(found, right, 1) == pytest.approx((0 + 1) / 2)
    assert scaling.recall(found, right, 2) == pytest.approx((0 + 1 / 2) / 2)
    assert scaling.recall(found, right, 3) == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_made_up_documents_are_the_same_every_time_and_never_end() -> None:
    one = [d.text for d in islice(scaling.documents(None), 1500)]
    assert one == [d.text for d in islice(scaling.documents(None), 1500)]
    assert len(set(one)) > 1400


def test_a_corpus_is_built_opened_and_searched(tmp_path: Path) -> None:
    built = scaling.build(tmp_path, 300, None)
    assert built["chunks"] >= 300
    served = scaling.Served(**scaling.serve(tmp_path, None))
    assert served.chunks == built["chunks"]
    assert set(served.ms) == {"encoder", "BM25", "fused"}
    points = [scaling.Point(**point) for point in scaling.curve(tmp_path, None)]
    flat = next(p for p in points if p.index == "Flat")
    assert (flat.recall_10, flat.recall_100) == (1.0, 1.0)
    assert points[-1].index == "ours: flat"
    assert points[-1].recall_100 == 1.0


def test_sizes_are_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--sizes", "10k"]) == 2
    assert "--sizes takes numbers" in capsys.readouterr().err
