"""Search is scored by where the first right unit stands."""

from __future__ import annotations

import pytest
from fakes import HashEncoder

from eval.questions import Question
from eval.retrieval import first_rank, paragraph_pairs, ranks, score
from index import Hit


def hit(name: str) -> Hit:
    return Hit(name, 0, 1, "x", 1.0)


def test_documents_are_ranked_by_their_best_hit() -> None:
    hits = [hit("a"), hit("a"), hit("b"), hit("a"), hit("c")]
    assert first_rank(hits, {"c"}) == 3
    assert first_rank(hits, {"b", "a"}) == 1
    assert first_rank(hits, {"d"}) is None
    assert first_rank([], {"a"}) is None


def test_scores_by_hand() -> None:
    made = score([1, 2, None, 11, 5])
    assert made.questions == 5
    assert made.hit_at_1 == pytest.approx(1 / 5)
    assert made.hit_at_5 == pytest.approx(3 / 5)
    assert made.mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 5) / 5)


def test_a_paragraph_is_found_by_its_words() -> None:
    contexts = ("The red fox sleeps in winter.", "A blue whale sings at night.")
    asked = [
        Question(str(n), "en", f"{c[:12]}?", ("x",), (), context=c) for n, c in enumerate(contexts)
    ]
    pairs = paragraph_pairs(asked, HashEncoder(), 0)
    for mode in ("lexical", "dense", "fused"):
        assert ranks(pairs, mode) == [1, 1]
