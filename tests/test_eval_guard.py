"""The guard set: what it holds, and that the guard keeps its bars on it."""

from __future__ import annotations

from collections import Counter

from eval import guard


def test_the_set_is_what_the_first_seed_draws() -> None:
    assert guard.load() == guard.draw()


def test_at_least_three_hundred_statements_are_altered_in_one_place() -> None:
    cases = guard.load()
    kinds = Counter(case.altered for case in cases)
    assert sum(kinds.values()) - kinds[""] >= 300
    assert {"figure", "unit", "date", "direction", "name"} <= set(kinds)
    true = {(case.statement, case.quote) for case in cases if not case.altered}
    assert not true & {(case.statement, case.quote) for case in cases if case.altered}
    assert len({case.id for case in cases}) == len(cases)


def test_the_article_is_quoted_word_for_word() -> None:
    from rag import bundled

    text = bundled.document().text
    assert all(c.quote in text for c in guard.load() if c.id.startswith("a"))


def test_altered_figures_are_caught_and_true_statements_pass_also_when_drawn_anew() -> None:
    for cases in (guard.load(), guard.draw(seed=2031)):
        found = guard.measure(cases)
        for kind in guard.BINDING:
            caught, of = found[kind]
            assert caught >= 0.99 * of
        rejected, of = found[""]
        assert rejected <= 0.01 * of


def test_nearness_tells_true_statements_from_another_text() -> None:
    found = guard.nearness(guard.load())
    (near, true), (strange, others) = found.values()
    assert near == true > 50
    assert strange <= 0.1 * others and others > 30
