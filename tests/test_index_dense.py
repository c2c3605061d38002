from __future__ import annotations

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import dense
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


def test_large_indexes_are_sifted_by_codes_and_scored_exactly(monkeypatch):
    monkeypatch.setattr(dense, "FLAT_UP_TO", 5_000)
    monkeypatch.setattr(dense, "SIFTED", 500)
    rows = unit_rows(8_000, 32, 3)
    sifted = Dense.build(rows)
    assert isinstance(choose_index(8_000, 32), faiss.IndexPQFastScan)
    found = []
    for query in unit_rows(20, 32, 4):
        ids, scores = sifted.search(query, 100)
        assert np.allclose(scores, rows[ids] @ query, atol=1e-6)
        assert (np.diff(scores) <= 0).all()
        assert len(set(ids.tolist())) == 100
        found.append(len(set(ids) & set(np.argsort(-(rows @ query))[:100])))
    assert np.mean(found) >= 95


def test_codes_are_restored_to_the_same_search(monkeypatch):
    monkeypatch.setattr(dense, "FLAT_UP_TO", 1_000)
    rows = unit_rows(2_000, 16, 5)
    built = Dense.build(rows)
    again = Dense.restored(built.codes, rows)
    for query in unit_rows(5, 16, 6):
        assert again.search(query, 20)[0].tolist() == built.search(query, 20)[0].tolist()
    assert Dense.build(rows[:500]).codes is None


def test_codes_of_other_vectors_are_refused(monkeypatch):
    monkeypatch.setattr(dense, "FLAT_UP_TO", 1_000)
    rows = unit_rows(2_000, 16, 5)
    codes = Dense.build(rows).codes
    with pytest.raises(ValueError, match="differ in shape"):
        Dense.restored(codes, rows[:-1])
    with pytest.raises(ValueError, match="not an index"):
        Dense.restored(np.zeros(40, np.uint8), rows)


def test_dimensions_that_cannot_be_paired_stay_exact():
    assert isinstance(choose_index(10**6, 17), faiss.IndexFlatIP)
