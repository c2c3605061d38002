from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import K1, B, Lexical, best
from index.words import terms

words = st.sampled_from(
    ["apple", "pear", "苹果", "梨子", "2024", "3.5%", "кот", "kiwi", "快手", "营收"]
)
texts = st.lists(st.lists(words, max_size=12).map(" ".join), min_size=1, max_size=12)


def textbook_bm25(corpus: list[str], query: str) -> list[float]:
    bags = [Counter(terms(text)) for text in corpus]
    mean = max(sum(bag.total() for bag in bags) / len(bags), 1.0)
    scores = []
    for bag in bags:
        score = 0.0
        for term in terms(query, query=True):
            held = sum(term in other for other in bags)
            idf = math.log(1 + (len(bags) - held + 0.5) / (held + 0.5))
            length = 1 - B + B * bag.total() / mean
            score += idf * bag[term] * (K1 + 1) / (bag[term] + K1 * length)
        scores.append(score)
    return scores


def scores_of(lexical: Lexical, query: str) -> list[float]:
    ids, scores = lexical.search(query, len(lexical))
    dense = np.zeros(len(lexical), np.float32)
    dense[ids] = scores
    return dense.tolist()


@given(texts, st.lists(words, max_size=6).map(" ".join))
@settings(deadline=None)
def test_scores_are_those_of_the_textbook(corpus, query):
    expected = textbook_bm25(corpus, query)
    assert scores_of(Lexical.build(corpus), query) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(texts, st.lists(words, max_size=6).map(" ".join), st.integers(1, 14))
@settings(deadline=None)
def test_the_best_k_are_the_best(corpus, query, k):
    lexical = Lexical.build(corpus)
    ids, scores = lexical.search(query, k)
    everything = scores_of(lexical, query)
    ranked = sorted((-score, row) for row, score in enumerate(everything) if score > 0)
    assert ids.tolist() == [row for _, row in ranked[:k]]
    assert scores.tolist() == [-score for score, _ in ranked[:k]]


@given(st.integers(0, 2**32 - 1), st.integers(0, 3000), st.integers(1, 40), st.floats(0, 1))
@settings(deadline=None)
def test_the_best_of_many_are_the_best(seed, n, k, held):
    draw = np.random.default_rng(seed)
    scores = (draw.integers(1, 30, n) * (draw.random(n) < held)).astype(np.float32)
    ranked = sorted((-score, row) for row, score in enumerate(scores.tolist()) if score > 0)[:k]
    ids, found = best(scores, k)
    assert ids.tolist() == [row for _, row in ranked]
    assert found.tolist() == [-score for score, _ in ranked]


@given(texts, texts, st.data(), st.lists(words, min_size=1, max_size=6).map(" ".join))
@settings(deadline=None)
def test_an_update_equals_counting_afresh(old, new, data, query):
    kept = data.draw(st.lists(st.sampled_from(range(len(old))), unique=True))
    updated = Lexical.build(old).updated(kept, Lexical.build(new))
    afresh = Lexical.build([old[row] for row in kept] + new)
    assert set(updated.vocabulary) == set(afresh.vocabulary)
    assert scores_of(updated, query) == scores_of(afresh, query)


def test_removed_words_leave_no_trace():
    updated = Lexical.build(["secret word", "plain"]).updated([1], Lexical.build([]))
    assert list(updated.vocabulary) == ["plain"]


def test_nothing_in_common_finds_nothing():
    ids, scores = Lexical.build(["apple", "pear"]).search("кот", 5)
    assert ids.tolist() == scores.tolist() == []


def test_an_empty_index_finds_nothing():
    assert Lexical.build([]).search("apple", 5)[0].tolist() == []


def test_equal_scores_come_in_order_of_row():
    assert Lexical.build(["kiwi"] * 7).search("kiwi", 3)[0].tolist() == [0, 1, 2]


@given(texts, st.lists(words, min_size=1, max_size=6).map(" ".join))
@settings(deadline=None)
def test_no_chunk_reaches_the_ceiling(corpus, query):
    lexical = Lexical.build(corpus)
    assert lexical.query_scores(query).max() < lexical.ceiling(query)


def test_an_unknown_term_raises_the_ceiling():
    lexical = Lexical.build(["apple", "pear"])
    assert lexical.ceiling("apple") == pytest.approx((K1 + 1) * math.log(1 + 1.5 / 1.5))
    unknown = (K1 + 1) * math.log(1 + 2.5 / 0.5)
    assert lexical.ceiling("apple zebr") == pytest.approx(lexical.ceiling("apple") + unknown)
    assert lexical.ceiling("?") == 0


def test_coverage_is_the_weight_of_the_words_a_document_holds():
    lexical = Lexical.build(["apple pear", "kiwi", "apple", "plum"])
    runs = np.array([[0, 2], [2, 3], [3, 4]])
    apple, kiwi = math.log(1 + 2.5 / 2.5), math.log(1 + 3.5 / 1.5)
    expected = [1.0, apple / (apple + kiwi), 0.0]
    assert lexical.coverage("apple kiwi", runs).tolist() == pytest.approx(expected)
    assert lexical.coverage("?", runs).tolist() == [0, 0, 0]
