"""The numbers that ``python -m train evidence`` fitted, read once.

They belong to the shipped encoder whose fingerprint they carry: a test compares the two.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FITTED = Path(__file__).with_name("fitted.json")
_OTHERS = {"bias", "expected"}
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sureness:
    """Log-odds that a sentence answers: ``features @ weights + bias``.

    ``expected`` (d + 1,) tells by a question word's vector how likely a text that answers holds it.
    """

    weights: Floats
    bias: float
    expected: Floats

    def probability(self, features: Floats) -> float:
        """Return the probability for one row of features."""
        return float(1 / (1 + np.exp(-(float(features @ self.weights) + self.bias))))


@dataclass(frozen=True, slots=True)
class Fitted:
    """``same`` and ``cross`` judge the best sentence, for questions in the text's language and in
    another; the ``unread`` ones do so where no reader has read it.

    ``temperatures`` divide the reader's log-odds, by the question's language (Guo et al. 2017, "On
    Calibration of Modern Neural Networks"); "" is for languages without a development set.
    """

    features: tuple[str, ...]
    same: Sureness
    cross: Sureness
    unread_same: Sureness
    unread_cross: Sureness
    encoder: str
    reader: str
    temperatures: dict[str, float]

    def temperature(self, language: str) -> float:
        """Return what the reader's log-odds are divided by for a question in this language."""
        own = language.split("-", maxsplit=1)[0]
        return self.temperatures.get(own, self.temperatures[""])


@cache
def fitted() -> Fitted:
    """Read the shipped numbers."""
    values = json.loads(FITTED.read_text(encoding="utf-8"))
    features = tuple(name for name in values["same"] if name not in _OTHERS)
    return Fitted(
        features=features,
        same=_sureness(values["same"], features),
        cross=_sureness(values["cross"], features),
        unread_same=_sureness({**values["same"], **values["unread_same"]}, features),
        unread_cross=_sureness({**values["cross"], **values["unread_cross"]}, features),
        encoder=values["encoder"],
        reader=values["reader"],
        temperatures=values["temperatures"],
    )


def _sureness(values: dict[str, Any], features: tuple[str, ...]) -> Sureness:
    weights = np.array([values[name] for name in features], np.float32)
    expected = np.array(values["expected"], np.float32)
    return Sureness(weights, float(values["bias"]), expected)
