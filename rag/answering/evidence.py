"""How well a sentence answers a question: features of a pair, and two fitted linear models.

One model orders the sentences of a text, the other says how probable it is that the best one
answers at all. Both are logistic regressions over the same few features, fitted by
``python -m train evidence`` on reading-comprehension questions; their weights lie beside this
file. Nothing here knows any particular article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rag.answering.spans import Sentence, Short, best_short
from rag.kinds import FIGURE_KINDS
from rag.matching import Floats, Query, similarity
from rag.numbers import compatible

WEIGHTS = Path(__file__).with_name("weights.json")

FEATURES = (
    "dense",  # cosine of question and sentence
    "cover",  # share of the question's weight met by the sentence, rare words first
    "cover_plain",  # the same without preferring rare words
    "cover_context",  # the same where heading and neighbour sentences may help
    "exact",  # share of the question's weight met by equal words
    "weakest",  # how well the least met of the heavy words is met
    "name",  # share of the question's names that the sentence or its context holds
    "typed",  # holds a figure, date or person of the kind asked for
    "near",  # how near the question's words stand to it
    "time_same", "time_other",  # the time named in the question against the sentence's
    "cue",  # a word of reason, where a reason is asked for
    "rank",  # of the chunk it came from
    "brief",  # a sentence of a few words says little
)  # fmt: skip

_CUES = re.compile(
    r"因为|由于|因此|所以|得益于|受益于|原因|为了|使得|推动|带动|归功|\bbecause\b|\bdue to\b|\bthanks to\b"
    r"|\bowing to\b|\bdriven by\b|\bas a result\b|\bsince\b|\bso that\b|\bin order to\b|\breason"
    r"|ため|から|ので|によって|おかげ|때문|덕분|따라서|위해|\bporque\b|\bdebido\b|\bgracias a\b"
    r"|\bparce que\b|\bgrace a\b|\ben raison\b|\bweil\b|\bdank\b|\bwegen\b|\baufgrund\b|\bperche\b"
    r"|потому|благодаря|из-за|بسبب|بفضل|لأن"
)
_HEAVY = 0.6  # of the heaviest word's weight; lighter words may be missing


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence and what surrounds it: ``context`` holds heading, title and neighbours."""

    sentence: Sentence
    context: tuple[Sentence, ...]
    rank: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence judged against one question."""

    place: Place
    features: Floats
    score: float
    short: Short | None


def judge(asked: Query, places: Sequence[Place]) -> list[Judged]:
    """Judge every place against a question; the order of ``places`` is kept."""
    if not places:
        return []
    matches = [similarity(asked, place.sentence.words) for place in places]
    met = np.stack([_met(match) for match in matches])
    seldom = np.log1p(len(places) / (1.0 + (met > 0.6).sum(axis=0))).astype(np.float32)
    contexts: dict[int, Floats] = {}
    judged = []
    weights = load_weights()
    for place, match, own in zip(places, matches, met, strict=True):
        around = own
        for other in place.context:
            if id(other) not in contexts:
                contexts[id(other)] = _met(similarity(asked, other.words))
            around = np.maximum(around, 0.8 * contexts[id(other)])
        short = best_short(asked, place.sentence, match)
        features = _features(asked, place, own, around, seldom, short)
        judged.append(Judged(place, features, float(features @ weights.order), short))
    return judged


def _met(match: Floats) -> Floats:
    return match.max(axis=1) if match.shape[1] else np.zeros(match.shape[0], np.float32)


def _features(
    asked: Query, place: Place, own: Floats, around: Floats, seldom: Floats, short: Short | None
) -> Floats:
    weights = asked.weights
    wants = asked.question.kind in FIGURE_KINDS or asked.question.kind == "person"
    same, other = _time(asked, place)
    values = {
        "dense": _cosine(asked, place.sentence),
        "cover": _share(weights * seldom, own),
        "cover_plain": _share(weights, own),
        "cover_context": _share(weights, around),
        "exact": _share(weights, (own > 0.999).astype(np.float32)),
        "weakest": _weakest(weights, around),
        "name": _named(asked, around),
        "typed": (short.suits if short else 0.0) if wants else 0.5,
        "near": short.nearness if short else _share(weights, own) * 0.5,
        "time_same": same,
        "time_other": other,
        "cue": float(
            asked.question.kind == "reason" and bool(_CUES.search(place.sentence.text.lower()))
        ),
        "rank": 1.0 / (1.0 + place.rank),
        "brief": float(len(place.sentence.words) < 5),
    }
    return np.array([values[name] for name in FEATURES], dtype=np.float32)


def _share(weights: Floats, met: Floats) -> float:
    total = float(weights.sum())
    return float((weights * met).sum()) / total if total else 0.0


def _weakest(weights: Floats, met: Floats) -> float:
    if not len(weights) or not weights.any():
        return 0.0
    return float(met[weights >= _HEAVY * weights.max()].min())


def _named(asked: Query, met: Floats) -> float:
    names = np.array(asked.names, dtype=bool) & (asked.weights > 0)
    return float((met[names] > 0.6).mean()) if names.any() else 1.0


def _cosine(asked: Query, sentence: Sentence) -> float:
    left = asked.words.rows.T @ asked.words.weights
    right = sentence.words.rows.T @ sentence.words.weights
    size = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / size if size else 0.0


def _time(asked: Query, place: Place) -> tuple[float, float]:
    """Return whether the sentence speaks of the asked time, and whether of another."""
    if not asked.question.times:
        return 0.0, 0.0
    verdict = compatible(asked.question.times, place.sentence.text)
    for other in place.context:
        if verdict is None:
            verdict = compatible(asked.question.times, other.text)
    return float(verdict is True), float(verdict is False)


@dataclass(frozen=True, slots=True)
class Weights:
    """``order`` ranks sentences; ``sure`` and ``bias`` give the log-odds that the best answers."""

    order: Floats
    sure: Floats
    bias: float
    threshold: float


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """Read the fitted weights, shapes (features,) and (2 × features + 1,)."""
    values = json.loads(path.read_text(encoding="utf-8"))
    return Weights(
        order=np.array([values["order"][name] for name in FEATURES], np.float32),
        sure=np.array([values["sure"][name] for name in FEATURES], np.float32),
        bias=float(values["bias"]),
        threshold=float(values["threshold"]),
    )


def probability(judged: Judged) -> float:
    """Return how probable it is that a sentence answers, in [0, 1]."""
    weights = load_weights()
    return float(1 / (1 + np.exp(-(float(judged.features @ weights.sure) + weights.bias))))
