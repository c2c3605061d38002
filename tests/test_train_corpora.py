"""Batches are cut from flat arrays exactly as a plain loop would cut them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from train import corpora
from train.corpora import Runs


def _runs(lists: list[list[int]]) -> Runs:
    lengths = [len(x) for x in lists]
    return Runs(
        np.array([i for x in lists for i in x], dtype=np.int32),
        np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64),
    )


def _lists(runs: Runs) -> list[list[int]]:
    return [runs.ids[a:b].tolist() for a, b in zip(runs.starts, runs.starts[1:], strict=False)]


_TEXTS = st.lists(st.lists(st.integers(0, 9), max_size=6), min_size=1, max_size=8)


@settings(deadline=None)
@given(_TEXTS, st.data(), st.integers(1, 7))
def test_rows_equal_a_plain_loop(texts: list[list[int]], draw: st.DataObject, most: int) -> None:
    index = st.integers(0, len(texts) - 1)
    chosen = np.array(draw.draw(st.lists(index, max_size=10)), dtype=np.int64)
    got = _lists(corpora.rows(_runs(texts), chosen, most))
    assert got == [texts[i][:most] for i in chosen]


@settings(deadline=None)
@given(_TEXTS, st.integers(0, 2**32 - 1))
def test_switching_replaces_only_words_with_alternatives(texts: list[list[int]], seed: int) -> None:
    lexicon = corpora.lexicon(10, {3: [[7, 8]], 5: [[9]]})
    rng = np.random.default_rng(seed)
    want = [[t for i in x for t in {3: [7, 8], 5: [9]}.get(i, [i])] for x in texts]
    assert _lists(lexicon.switch(_runs(texts), 1.1, rng)) == want
    assert _lists(lexicon.switch(_runs(texts), 0.0, rng)) == texts


def _documents() -> corpora.Documents:
    """Forty documents of five sentences; a token says its document and its sentence."""
    sentences = [[100 * d + 10 * s + i for i in range(6)] for d in range(40) for s in range(5)]
    return corpora.Documents(_runs(sentences), np.repeat(np.arange(40), 5))


def test_cloze_pairs_a_sentence_with_its_neighbours_only() -> None:
    sample = corpora.cloze(_documents(), included=0.0)
    batch = sample(np.random.default_rng(0), 40)
    assert 30 <= len(batch) <= 40, "neighbourhoods of one short sentence are left out"
    for left, right in zip(_lists(batch.left), _lists(batch.right), strict=True):
        assert {i // 100 for i in left} == {i // 100 for i in right}
        assert not set(left) & set(right)
        assert 8 <= len(right) <= 36


def test_cloze_may_keep_the_sentence() -> None:
    batch = corpora.cloze(_documents(), included=1.0)(np.random.default_rng(0), 40)
    pairs = zip(_lists(batch.left), _lists(batch.right), strict=True)
    assert all(set(left) < set(right) for left, right in pairs)


def test_thinning_keeps_order_and_at_least_one_token() -> None:
    plain = corpora.cloze(_documents(), included=1.0)
    thin = corpora.thinned(plain, (0.0, 0.5))(np.random.default_rng(3), 40)
    assert all(0 < len(x) <= 6 and x == sorted(x) for x in _lists(thin.left))
    assert sum(map(len, _lists(thin.left))) < 40 * 5


def test_thinning_both_sides_keeps_the_pairs() -> None:
    plain = corpora.cloze(_documents(), included=0.0)
    thin = corpora.thinned(plain, (0.3, 0.6), both=True)(np.random.default_rng(3), 40)
    for left, right in zip(_lists(thin.left), _lists(thin.right), strict=True):
        assert left and right
        assert {i // 100 for i in left} == {i // 100 for i in right}
    assert len(thin.right.ids) < 0.8 * len(plain(np.random.default_rng(3), 40).right.ids)


def test_mixture_pairs_one_row_in_two_languages() -> None:
    languages = [_runs([[1000 * lang + row] for row in range(30)]) for lang in range(3)]
    batch = corpora.mixture(languages)(np.random.default_rng(0), 30)
    for (a,), (b,) in zip(_lists(batch.left), _lists(batch.right), strict=True):
        assert a % 1000 == b % 1000
        assert a // 1000 != b // 1000


def test_a_question_meets_its_answers_sentence() -> None:
    docs = _documents()
    sentence = np.arange(200)
    reading = corpora.Reading(_runs([[5000 + s] for s in range(200)]), docs, sentence)
    passages = corpora.question_to_passage(reading)(np.random.default_rng(0), 64)
    assert len(passages) == 40, "one question a context"
    for (question,), passage in zip(_lists(passages.left), _lists(passages.right), strict=True):
        number = question - 5000
        assert 100 * (number // 5) + 10 * (number % 5) in passage
    alone = corpora.question_to_sentence(reading)(np.random.default_rng(0), 50)
    for (question,), found in zip(_lists(alone.left), _lists(alone.right), strict=True):
        number = question - 5000
        assert found == [100 * (number // 5) + 10 * (number % 5) + i for i in range(6)]
