from __future__ import annotations

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import Dense, choose_index


def unit_rows(n: int, d: int, seed: int) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@given(st.integers(1, 60), st.integers(2, 24), st.integers(1, 70), st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_agrees_with_every_product_worked_out(n, d, k, seed):
    rows, query = unit_rows(n, d, seed), unit_rows(1, d, seed + 1)[0]
    ids, scores = Dense.build(rows).search(query, k)
    products = rows @ query
    expected = np.argsort(-products, kind="stable")[:k]
    assert len(ids) == min(n, k)
    assert np.allclose(scores, products[expected], atol=1e-5)
    assert np.allclose(products[ids], scores, atol=1e-5)


def test_equal_rows_come_in_their_own_order():
    rows = np.repeat(unit_rows(1, 4, 1), 5, axis=0)
    assert Dense.build(rows).search(rows[0], 5)[0].tolist() == [0, 1, 2, 3, 4]


def test_no_rows_give_no_hits():
    empty = Dense.build(np.empty((0, 8), np.float32))
    ids, scores = empty.search(np.ones(8, np.float32), 3)
    assert len(empty) == len(ids) == len(scores) == 0


def test_an_empty_question_is_near_to_nothing():
    ids, _ = Dense.build(unit_rows(3, 4, 2)).search(np.zeros(4, np.float32), 3)
    assert ids.tolist() == []


def test_rows_must_be_a_table():
    with pytest.raises(ValueError, match=r"shape \(n, d\), got \(4,\)"):
        Dense.build(np.ones(4, np.float32))


@pytest.mark.parametrize("n", [0, 1, 10_000])
def test_small_indexes_are_exact(n):
    index = choose_index(n, 16)
    assert isinstance(index, faiss.IndexFlatIP)
    assert index.d == 16


def test_a_search_leaves_the_number_of_threads_as_it_was():
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(before + 1)
    try:
        Dense.build(unit_rows(3, 4, 2)).search(np.ones(4, np.float32), 3)
        assert faiss.omp_get_max_threads() == before + 1
    finally:
        faiss.omp_set_num_threads(before)
