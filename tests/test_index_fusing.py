from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fusing import DOCUMENT, MEANING, blend, fuse

ranking = st.lists(st.integers(0, 30), unique=True, max_size=20)


def test_scores_are_those_of_the_paper():
    assert fuse([[7, 3], [3, 9]]) == [
        (3, 1 / 62 + 1 / 61),
        (7, 1 / 61),
        (9, 1 / 62),
    ]


def test_weights_scale_a_ranking():
    assert fuse([[1], [2]], weights=[1, 3]) == [(2, 3 / 61), (1, 1 / 61)]


def test_equal_scores_come_in_order_of_id():
    assert [item for item, _ in fuse([[5], [2]])] == [2, 5]


def test_an_id_listed_twice_counts_once_at_its_better_rank():
    assert fuse([[4, 8, 4]]) == [(4, 1 / 61), (8, 1 / 62)]


def test_nothing_ranked_is_nothing_fused():
    assert fuse([]) == fuse([[], []]) == []


def test_too_few_weights_are_an_error():
    with pytest.raises(ValueError, match="2 rankings need as many weights, got 1"):
        fuse([[1], [2]], weights=[1.0])


@given(st.lists(ranking, min_size=1, max_size=4))
@settings(deadline=None)
def test_every_id_comes_once_and_scores_fall(rankings):
    fused = fuse(rankings)
    assert sorted(item for item, _ in fused) == sorted({i for r in rankings for i in r})
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= len(rankings) / 61 + 1e-12 for score in scores)


@given(ranking)
@settings(deadline=None)
def test_one_ranking_keeps_its_order(one):
    assert [item for item, _ in fuse([one])] == one
    assert [item for item, _ in fuse([one, one])] == one


@given(st.lists(ranking, min_size=2, max_size=4))
@settings(deadline=None)
def test_the_order_of_the_rankings_does_not_matter(rankings):
    forward, backward = dict(fuse(rankings)), dict(fuse(rankings[::-1]))
    assert forward == pytest.approx(backward)


def test_a_blend_is_worked_out_as_written():
    shares, cosines, coverage = np.float32([[0.5, 0.0, 1.0], [0.2, 1.0, 1.0], [0.8, 0.0, 1.0]])
    expected = [(0.5 + 0.3 * 0.2 + 0.2 * 0.8) / 1.5, 0.3 / 1.5, 1.0]
    assert (MEANING, DOCUMENT) == (0.3, 0.2)
    assert blend(shares, cosines, coverage).tolist() == pytest.approx(expected)


def test_what_lies_outside_of_the_scales_is_cut():
    nothing = np.float32([0.0, 0.0])
    blended = blend(np.float32([1.4, -0.1]), np.float32([-0.5, -0.5]), nothing)
    assert blended.tolist() == pytest.approx([1 / 1.5, 0.0])


unit = st.floats(0, 1, width=32)


@given(st.tuples(unit, unit, unit), st.tuples(unit, unit, unit))
@settings(deadline=None)
def test_more_evidence_never_scores_less(one, other):
    less, more = np.minimum(one, other), np.maximum(one, other)
    low, high = blend(*np.float32([less, more]).T)
    assert 0 <= low <= high <= 1
