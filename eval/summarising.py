"""Rows in, figures with intervals out; the same seed gives the same interval.

Intervals are percentile bootstraps over questions (Efron and Tibshirani 1993, chapter 13): the
questions are resampled with replacement and the ratio of sums is taken again. Significance
between two runs resamples the questions both were asked (paired bootstrap, Koehn 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.metrics import METRICS, Metric, Row

RESAMPLES = 2000
SEED = 20240820
TOTAL = "total"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value in [0, 1], its 95% interval, and the questions it rests on."""

    value: float
    low: float
    high: float
    questions: int


@dataclass(frozen=True, slots=True)
class Change:
    """A metric's difference, second run minus first, with its 95% interval and p-value."""

    first: float
    second: float
    low: float
    high: float
    p_value: float

    @property
    def difference(self) -> float:
        return self.second - self.first


def terms(rows: Sequence[Row], metric: Metric) -> tuple[Floats, Floats]:
    """Return the numerators and denominators of a metric, one a row."""
    pairs = np.array([metric.term(row) for row in rows], dtype=np.float64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def figure(rows: Sequence[Row], metric: Metric, *, seed: int = SEED) -> Figure | None:
    """Return the metric over these rows; None where it applies to none of them."""
    tops, bottoms = terms(rows, metric)
    if bottoms.sum() == 0:
        return None
    low, high = _interval(_ratios(_weights(len(rows), seed), tops, bottoms))
    applies = int((bottoms > 0).sum())
    return Figure(float(tops.sum() / bottoms.sum()), low, high, applies)


def change(
    first: Sequence[Row], second: Sequence[Row], metric: Metric, *, seed: int = SEED
) -> Change | None:
    """Compare two runs on the same questions, in the same order; None where it doesn't apply.

    p is two-sided: twice the smaller share of resamples in which the difference is not above,
    or not below, zero, with one added to both counts so that it is never 0.
    """
    one, two = terms(first, metric), terms(second, metric)
    if one[1].sum() == 0 or two[1].sum() == 0:
        return None
    weights = _weights(len(first), seed)
    differences = _ratios(weights, *two) - _ratios(weights, *one)
    differences = differences[~np.isnan(differences)]
    low, high = _interval(differences)
    below, above = int((differences <= 0).sum()), int((differences >= 0).sum())
    p_value = min(1.0, 2 * (min(below, above) + 1) / (len(differences) + 1))
    return Change(_ratio(*one), _ratio(*two), low, high, p_value)


def by_language(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Group rows by the question's language, most questions first, then all under "total"."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["lang"], []).append(row)
    ordered = dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))
    return ordered | {TOTAL: list(rows)}


def by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Group rows by the kind of question the file names; {} where it names none."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["detail"]["kind"] or "other", []).append(row)
    return groups if set(groups) != {"other"} else {}


def latency(rows: Sequence[Row]) -> dict[str, float]:
    """Return the seconds an answer took, p50 and p95, linearly interpolated."""
    seconds = [row["seconds"]["wall"] for row in rows if "wall" in row["seconds"]]
    if not seconds:
        return {}
    p50, p95 = np.percentile(seconds, (50, 95))
    return {"p50": float(p50), "p95": float(p95)}


def steps(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return the seconds each step took, p50 and p95, in the order of the steps."""
    names = dict.fromkeys(name for row in rows for name in row["seconds"] if name != "wall")
    taken = {n: [row["seconds"][n] for row in rows if n in row["seconds"]] for n in names}
    return {
        name: dict(zip(("p50", "p95"), map(float, np.percentile(seconds, (50, 95))), strict=True))
        for name, seconds in taken.items()
    }


def found(rows: Sequence[Row], depth: int = 10) -> list[float]:
    """Return the share of questions whose evidence is met within the first 1, 2 … ``depth`` hits.

    Of questions that have evidence in the documents; [] where the system doesn't retrieve.
    """
    ranks = [row["detail"]["first_rank"] for row in rows if "hit@1" in row["scores"]]
    within = [sum(r is not None and r <= k for r in ranks) for k in range(1, depth + 1)]
    return [count / len(ranks) for count in within] if ranks else []


def summarise(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return, per language and in total: question count, figures, seconds. JSON-ready."""
    return {lang: _group(group) for lang, group in by_language(rows).items()}


def summarise_kinds(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return the same per kind of question; {} where the file names none."""
    return {kind: _group(group) for kind, group in by_kind(rows).items()}


def _group(rows: Sequence[Row]) -> dict[str, Any]:
    figures = {metric.name: figure(rows, metric) for metric in METRICS}
    return {
        "questions": len(rows),
        "answerable": sum(bool(row["expected"]["answers"]) for row in rows),
        "metrics": {
            name: {"value": f.value, "low": f.low, "high": f.high, "questions": f.questions}
            for name, f in figures.items()
            if f is not None
        },
        "seconds": latency(rows),
        "steps": steps(rows),
    }


def _weights(questions: int, seed: int) -> Floats:
    """Return how often each question is drawn, shape ``(RESAMPLES, questions)``."""
    rng = np.random.default_rng(seed)
    even = np.full(questions, 1.0 / questions)
    weights: Floats = rng.multinomial(questions, even, size=RESAMPLES).astype(np.float64)
    return weights


def _ratios(weights: Floats, tops: Floats, bottoms: Floats) -> Floats:
    sums = weights @ bottoms
    # A resample may hold no question that the metric applies to: it says nothing (NaN).
    ratios = np.full(len(sums), np.nan)
    np.divide(weights @ tops, sums, out=ratios, where=sums > 0)
    return ratios


def _ratio(tops: Floats, bottoms: Floats) -> float:
    return float(tops.sum() / bottoms.sum())


def _interval(values: Floats) -> tuple[float, float]:
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return float(low), float(high)
