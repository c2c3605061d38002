"""Figures, intervals and significance from rows alone."""

from __future__ import annotations

import numpy as np
import pytest

from eval.metrics import BY_NAME, Row
from eval.summarising import (
    by_kind,
    by_language,
    change,
    figure,
    found,
    latency,
    steps,
    summarise,
)

RIGHT = BY_NAME["right"]
F1 = BY_NAME["refusal_f1"]


def row(right: float | None, lang: str = "en", wall: float = 0.1, *, refused: bool = False) -> Row:
    return {
        "lang": lang,
        "refused": refused,
        "expected": {"answers": ["x"]},
        "scores": {"right": right},
        "seconds": {"wall": wall},
    }


def test_the_mean_leaves_out_what_it_does_not_apply_to() -> None:
    found = figure([row(1.0), row(0.0), row(None), row(1.0)], RIGHT)
    assert found is not None
    assert found.value == pytest.approx(2 / 3)
    assert found.questions == 3


def test_nothing_to_measure_is_no_figure() -> None:
    assert figure([row(None)], RIGHT) is None
    assert figure([], RIGHT) is None


def test_the_interval_is_that_of_a_binomial() -> None:
    # 400 of 1,000: the standard error is sqrt(.4 * .6 / 1000) = .0155
    found = figure([row(1.0)] * 400 + [row(0.0)] * 600, RIGHT)
    assert found is not None
    assert found.low == pytest.approx(0.4 - 1.96 * 0.0155, abs=0.004)
    assert found.high == pytest.approx(0.4 + 1.96 * 0.0155, abs=0.004)


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    rows = [row(float(n % 3 == 0)) for n in range(50)]
    assert figure(rows, RIGHT) == figure(rows, RIGHT)
    assert figure(rows, RIGHT) != figure(rows, RIGHT, seed=1)


def test_a_certain_outcome_has_no_spread() -> None:
    found = figure([row(1.0)] * 20, RIGHT)
    assert found is not None
    assert (found.low, found.high) == (1.0, 1.0)


def test_a_ratio_survives_resamples_it_does_not_apply_to() -> None:
    rows = [row(None), row(None), row(None), row(1.0)]
    found = figure(rows, RIGHT)
    assert found is not None
    assert not np.isnan([found.low, found.high]).any()


def test_languages_come_by_size_and_the_total_last() -> None:
    groups = by_language([row(1, "ja"), row(1, "zh"), row(0, "zh"), row(1, "ar")])
    assert list(groups) == ["zh", "ar", "ja", "total"]
    assert len(groups["total"]) == 4


def test_kinds_are_grouped_only_where_there_are_some() -> None:
    named, plain = [row(1) | {"detail": {"kind": kind}} for kind in ("figure", "")]
    assert by_kind([plain, plain]) == {}
    assert by_kind([named, plain]) == {"figure": [named], "other": [plain]}


def test_latency_interpolates() -> None:
    assert latency([row(1, wall=w / 100) for w in range(101)]) == pytest.approx(
        {"p50": 0.5, "p95": 0.95}
    )
    assert latency([]) == {}


def test_summary_per_language() -> None:
    made = summarise([row(1, "zh"), row(0, "zh"), row(1, "en")])
    assert made["zh"]["metrics"]["right"]["value"] == 0.5
    assert made["total"]["questions"] == 3
    assert made["total"]["metrics"]["right"]["questions"] == 3


def test_a_clear_gain_is_significant_and_a_coin_is_not() -> None:
    worse, better = [row(0.0)] * 40, [row(1.0)] * 20 + [row(0.0)] * 20
    gain = change(worse, better, RIGHT)
    assert gain is not None
    assert gain.difference == 0.5
    assert gain.p_value < 0.01
    assert 0.3 < gain.low < 0.5 < gain.high < 0.7
    swapped = change(
        [row(float(n % 2)) for n in range(40)], [row(1.0 - n % 2) for n in range(40)], RIGHT
    )
    assert swapped is not None
    assert swapped.difference == 0
    assert swapped.p_value > 0.5


def test_no_change_has_p_one() -> None:
    rows = [row(float(n % 2)) for n in range(10)]
    same = change(rows, rows, RIGHT)
    assert same is not None
    assert (same.difference, same.low, same.high, same.p_value) == (0, 0, 0, 1)


def test_pairing_sees_what_the_spread_hides() -> None:
    # Questions differ widely, yet each gains the same: only a paired test is sure.
    first = [row(n / 20) for n in range(10)]
    second = [row(n / 20 + 0.05) for n in range(10)]
    gain = change(first, second, RIGHT)
    assert gain is not None
    assert gain.low == pytest.approx(0.05)
    assert gain.p_value < 0.01


def test_f1_is_the_harmonic_mean() -> None:
    rows = [row(1, refused=True) | {"expected": {"answers": []}}, row(0, refused=True), row(1)]
    found = figure(rows, F1)
    assert found is not None
    assert found.value == pytest.approx(2 * 0.5 * 1 / 1.5)


def test_how_far_down_evidence_is_found() -> None:
    rows = [{"scores": {"hit@1": 0.0}, "detail": {"first_rank": rank}} for rank in (1, 3, None, 2)]
    other = {"scores": {}, "detail": {"first_rank": 1}}  # has no evidence in the documents
    assert found([*rows, other], 4) == [0.25, 0.5, 0.75, 0.75]
    assert found([other]) == []


def test_seconds_of_each_step() -> None:
    rows = [{"seconds": {"retrieve": s, "wall": 9.0}} for s in (1.0, 2.0, 3.0)]
    assert steps([*rows, {"seconds": {}}]) == {"retrieve": {"p50": 2.0, "p95": pytest.approx(2.9)}}
