"""Every metric against values worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval import metrics
from eval.evidence import Evidence
from index import Document, Span
from rag import Citation, Statement


def at(start: int, end: int, name: str = "d") -> Span:
    return Span(name, start, end)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("RMB 31,000 million", "rmb31000million"),
        ("３１０亿元", "310亿元"),
        ("1,234,567", "1234567"),
        ("12，345", "12345"),
        ("a, b", "a,b"),
        ("1,23", "1,23"),
        ("in 2021, 310", "in2021,310"),
        ("31 000", "31000"),
        ("Ⅳ\u3000季度", "iv季度"),
    ],
)
def test_normalise(text: str, folded: str) -> None:
    assert metrics.normalise(text) == folded


@given(st.text())
@settings(deadline=None)
def test_an_answer_is_right_when_it_is_the_expected_one(text: str) -> None:
    assert metrics.answer_right(text, [text])


@pytest.mark.parametrize(
    ("text", "answers", "right"),
    [
        ("总营收为 310 亿元 [1]", ["310亿"], True),
        ("It was RMB 31.0 billion.", ["310亿", "31.0 Billion"], True),
        ("31 billion", ["31.0 billion"], False),
        ("anything", [], False),
    ],
)
def test_answer_right(text: str, answers: list[str], right: bool) -> None:
    assert metrics.answer_right(text, answers) is right


def test_short_right_looks_at_short_answers_only() -> None:
    plain = Statement("Sales were 31 million. [1]", (1,))
    short = Statement("310亿元: … [1]", (1,), short="310亿元", gloss="RMB 31.0 billion")
    assert metrics.short_right([plain], ["31 million"]) is None
    assert metrics.short_right([plain, short], ["31 million"]) == 0.0
    assert metrics.short_right([plain, short], ["31.0 billion"]) == 1.0


# Two evidence strings; the first occurs twice.
EVIDENCE = Evidence(((at(0, 10), at(50, 60)), (at(20, 30),)), ())


@pytest.mark.parametrize(
    ("citations", "precision", "recall"),
    [
        ([], 0.0, 0.0),
        ([at(5, 12)], 1.0, 0.5),
        ([at(55, 58), at(29, 40)], 1.0, 1.0),
        ([at(10, 20)], 0.0, 0.0),  # touches both ends, overlaps neither
        ([at(0, 3), at(50, 52), at(30, 50)], 2 / 3, 0.5),
        ([at(0, 10, "other"), at(20, 21), at(60, 70), at(61, 62)], 0.25, 0.5),
    ],
)
def test_citations(citations: list[Span], precision: float, recall: float) -> None:
    assert metrics.citation_precision(citations, EVIDENCE) == pytest.approx(precision)
    assert metrics.citation_recall(citations, EVIDENCE) == pytest.approx(recall)


def test_citation_recall_without_evidence_is_zero() -> None:
    assert metrics.citation_recall([at(0, 5)], Evidence((), ("gone",))) == 0.0


def cited(start: int, end: int, quote: str, name: str = "d") -> Citation:
    return Citation(1, "title", name, start, end, quote)


def test_verbatim_compares_with_the_document() -> None:
    documents = {"d": Document("d", "title", "Sales rose. Costs fell.", "", "en")}
    good, shifted = cited(0, 11, "Sales rose."), cited(1, 12, "Sales rose.")
    assert metrics.verbatim([good], documents) == 1.0
    assert metrics.verbatim([good, shifted], documents) == 0.5
    assert metrics.verbatim([cited(0, 11, "Sales rose.", "x"), cited(3, 3, "")], documents) == 0.0
    assert metrics.verbatim([], documents) is None


@dataclass
class Verdict:
    supported: bool
    reasons: tuple[str, ...] = ()


def test_guard_gives_each_statement_its_own_quotes_without_markers() -> None:
    seen: list[tuple[str, list[str]]] = []

    def verify(statement: str, quotes: Sequence[str]) -> Verdict:
        seen.append((statement, list(quotes)))
        return Verdict("7" not in statement, ("7",) if "7" in statement else ())

    statements = [Statement("7 up [1][2]", (1, 2)), Statement("5 down [2]", (2,))]
    citations = [Citation(1, "", "d", 0, 1, "one"), Citation(2, "", "d", 1, 2, "two")]
    assert metrics.guard(statements, citations, verify) == (0.5, ("7",))
    assert seen == [("7 up ", ["one", "two"]), ("5 down ", ["two"])]
    assert metrics.guard([], citations, verify) == (None, ())


def test_retrieval_by_hand() -> None:
    # relevant: three units, of which ranks 2 and 4 are found
    hits = [at(0, 1), at(1, 2), at(2, 3), at(3, 4)]
    relevant = [at(1, 2), at(3, 4), at(9, 10)]
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert metrics.retrieval(hits, relevant) == pytest.approx(
        {"hit@1": 0, "hit@5": 1, "hit@10": 1, "mrr@10": 0.5, "ndcg@10": gain / ideal}, abs=1e-6
    )


def test_retrieval_counts_a_repeated_span_once() -> None:
    hits = [at(0, 1), at(0, 1), at(1, 2)]
    assert metrics.retrieval(hits, [at(1, 2)])["mrr@10"] == pytest.approx(0.5)


def test_retrieval_past_the_tenth_rank_is_nothing() -> None:
    hits = [at(n, n + 1) for n in range(12)]
    assert set(metrics.retrieval(hits, [at(10, 11)]).values()) == {0.0}


@pytest.mark.parametrize("hits", [[], [at(0, 1)]])
def test_retrieval_without_anything_relevant_is_zero(hits: list[Span]) -> None:
    assert metrics.retrieval(hits, []) == dict.fromkeys(metrics.RETRIEVAL, 0.0)


@given(
    st.lists(st.integers(0, 30), unique=True, max_size=15),
    st.sets(st.integers(0, 30), min_size=1, max_size=12),
)
@settings(deadline=None, max_examples=60)
def test_retrieval_agrees_with_the_textbook(order: list[int], wanted: set[int]) -> None:
    hits = [at(n, n + 1) for n in order]
    rank = next((r for r, n in enumerate(order[:10], 1) if n in wanted), None)
    gain = sum(1 / math.log2(r + 1) for r, n in enumerate(order[:10], 1) if n in wanted)
    ideal = sum(1 / math.log2(r + 1) for r in range(1, min(10, len(wanted)) + 1))
    got = metrics.retrieval(hits, [at(n, n + 1) for n in wanted])
    assert got["mrr@10"] == pytest.approx(1 / rank if rank else 0, abs=1e-6)
    assert got["ndcg@10"] == pytest.approx(gain / ideal, abs=1e-6)
    assert got["hit@5"] == float(any(n in wanted for n in order[:5]))


def test_ir_measures_over_a_whole_run_gives_the_mean_of_ours() -> None:
    runs = {"q1": ([3, 1, 2], {1}), "q2": ([5, 6], {6, 7}), "q3": ([9], {9})}
    qrels = [ir_measures.Qrel(q, str(n), 1) for q, (_, wanted) in runs.items() for n in wanted]
    scored = [
        ir_measures.ScoredDoc(q, str(n), -rank)
        for q, (order, _) in runs.items()
        for rank, n in enumerate(order)
    ]
    whole = ir_measures.calc_aggregate([ir_measures.nDCG @ 10], qrels, scored)
    ours = [
        metrics.retrieval([at(n, n + 1) for n in order], [at(n, n + 1) for n in wanted])
        for order, wanted in runs.values()
    ]
    mean = sum(values["ndcg@10"] for values in ours) / len(ours)
    assert mean == pytest.approx(whole[ir_measures.nDCG @ 10], abs=1e-6)


def test_first_rank() -> None:
    assert metrics.first_rank([at(10, 20), at(25, 40)], EVIDENCE) == 2
    assert metrics.first_rank([at(10, 20)], EVIDENCE) is None


@pytest.mark.parametrize(
    ("got", "asked", "same"),
    [
        ("zh", "zh", True),
        ("zh-CN", "zh-Hans", True),
        ("zh-TW", "zh-Hant", True),
        ("zh", "zh-Hant", False),
        ("pt-BR", "pt", True),
        ("en", "zh", False),
        ("und", "en", False),
    ],
)
def test_language_matches(got: str, asked: str, same: bool) -> None:
    assert metrics.language_matches(got, asked) is same


def decided(refused: bool, answerable: bool, answers: bool = True) -> metrics.Row:
    right = refused != answerable if answers else None
    return {
        "refused": refused,
        "expected": {"answers": ["x"] if answerable else []},
        "scores": {"right": float(right)} if right is not None else {},
    }


def ratio(name: str, rows: Sequence[metrics.Row]) -> float:
    terms = [metrics.BY_NAME[name].term(row) for row in rows]
    return sum(top for top, _ in terms) / sum(bottom for _, bottom in terms)


# 3 refused rightly, 1 refused wrongly, 2 answered though unanswerable, 4 answered.
REFUSALS = (
    [decided(True, False)] * 3
    + [decided(True, True)]
    + [decided(False, False)] * 2
    + [decided(False, True)] * 4
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("refusal_precision", 3 / 4),
        ("refusal_recall", 3 / 5),
        ("refusal_f1", 2 * (3 / 4) * (3 / 5) / (3 / 4 + 3 / 5)),
        ("false_refusal", 1 / 5),
        ("false_answer", 2 / 5),
        ("right", 7 / 10),
    ],
)
def test_refusals_by_hand(name: str, value: float) -> None:
    assert ratio(name, REFUSALS) == pytest.approx(value)


def test_a_system_that_only_retrieves_has_no_refusals() -> None:
    names = ("refusal_precision", "refusal_recall", "refusal_f1", "false_refusal", "false_answer")
    terms = {
        metrics.BY_NAME[n].term(decided(False, a, False)) for n in names for a in (True, False)
    }
    assert terms == {(0.0, 0.0)}
