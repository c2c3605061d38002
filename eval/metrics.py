"""What is measured, without a judge model: one function a metric, each a function of plain data.

Per-question scores come first; every figure of a table is a ratio of sums over rows (see
``Metric``), so that means, rates and F1 all get their intervals and significance the same way
(``summarising.py``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.errors import PackageError
from eval.evidence import Evidence
from eval.overlap import definition, exact_and_f1
from index import Document, Span
from rag import Citation, Statement

Row = Mapping[str, Any]  # one line of rows.jsonl
Term = tuple[float, float]  # numerator, denominator

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SPACES = re.compile(r"\s+")
_STOPS = ".。．｡ "
_MARKER = re.compile(r"\[\d+\]")
RETRIEVAL = ("hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10")


def normalise(text: str) -> str:
    """Fold what doesn't change an answer: NFKC, lower case, thousands commas, spaces.

    Commas go before spaces, so that "in 2021, 310" doesn't read as a grouped number.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return _SPACES.sub("", _THOUSANDS.sub("", folded))


def answer_right(text: str, answers: Sequence[str]) -> bool:
    """Tell whether the text, normalised, contains one of the answers, normalised.

    The project's definition (design, "The question format"); the "accuracy by inclusion" of
    Mallen et al. 2023 (PopQA). A full stop that ends an answer in the question file is its
    sentence's, not the answer's, and is not asked for. Known weakness: "10" is found in "310";
    question files should give answers with their unit.
    """
    folded = normalise(text)
    return any(normalise(answer.rstrip(_STOPS)) in folded for answer in answers)


def short_right(statements: Sequence[Statement], answers: Sequence[str]) -> float | None:
    """Apply ``answer_right`` to the short answers alone; None where no statement has one.

    Stricter than ``answer_right``, which a long quote passes by holding the answer somewhere.
    """
    shorts = [text for s in statements for text in (s.short, s.gloss) if text]
    return float(any(answer_right(text, answers) for text in shorts)) if shorts else None


def overlap(
    statements: Sequence[Statement], answers: Sequence[str], lang: str
) -> tuple[float, float]:
    """Return exact match and F1 of the first statement; a refusal, saying nothing, gets 0 and 0.

    What is compared is its short answer, in the text's form or the asker's, whichever fits
    better; its quote where it has none. See ``overlap.py`` for the definitions and papers.
    """
    if not statements:
        return 0.0, 0.0
    first = statements[0]
    forms = [text for text in (first.short, first.gloss) if text]
    forms = forms or [_MARKER.sub("", first.text).strip()]
    scores = [exact_and_f1(definition(lang, one), form, [one]) for form in forms for one in answers]
    return max(s[0] for s in scores), max(s[1] for s in scores)


def citation_precision(citations: Sequence[Span], evidence: Evidence) -> float:
    """Return |citations that overlap evidence| / |citations|, 0 without a citation.

    ALCE's citation precision (Gao et al. 2023, "Enabling Large Language Models to Generate Text
    with Citations") with gold evidence in place of an entailment model.
    """
    if not citations:
        return 0.0
    return sum(evidence.supports(span) for span in citations) / len(citations)


def citation_recall(citations: Sequence[Span], evidence: Evidence) -> float:
    """Return |evidence strings that some citation overlaps| / |evidence strings found|.

    ALCE's citation recall (Gao et al. 2023) with gold evidence in place of an entailment model.
    """
    if not evidence.places:
        return 0.0
    reached = sum(any(c.overlaps(p) for c in citations for p in ps) for ps in evidence.places)
    return reached / len(evidence.places)


def verbatim(citations: Sequence[Citation], documents: Mapping[str, Document]) -> float | None:
    """Return the share of citations whose quote is ``document_text[start:end]``, to the letter.

    Checked against the corpus' own text; None without a citation. Must be 1.
    """
    if not citations:
        return None
    return sum(_is_verbatim(c, documents) for c in citations) / len(citations)


def _is_verbatim(citation: Citation, documents: Mapping[str, Document]) -> bool:
    document = documents.get(citation.document_id)
    return (
        document is not None
        and citation.quote != ""
        and document.text[citation.start : citation.end] == citation.quote
    )


def guard(
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    verify: Callable[[str, Sequence[str]], Any],
) -> tuple[float | None, tuple[str, ...]]:
    """Return the share of statements whose figures are all in the quotes they cite, and why not.

    The number guard (``rag.verifying.verify``) run again from outside, on what the reader of
    the answer sees. None without a statement.
    """
    if not statements:
        return None, ()
    quotes = {c.number: c.quote for c in citations}
    verdicts = [
        verify(_MARKER.sub("", s.text), [quotes[n] for n in s.citations if n in quotes])
        for s in statements
    ]
    reasons = tuple(reason for v in verdicts if not v.supported for reason in v.reasons)
    return sum(bool(v.supported) for v in verdicts) / len(verdicts), reasons


def retrieval(hits: Sequence[Span], relevant: Sequence[Span]) -> dict[str, float]:
    """Score one ranking against the units of text that overlap evidence, by ``ir_measures``.

    - hit@k = 1 if any of the first k is relevant (``Success@k``);
    - MRR@10 = 1 / rank of the first relevant hit, 0 past 10 (Kantor and Voorhees 2000);
    - nDCG@10 = DCG@10 / DCG@10 of the ideal order, DCG = sum of rel_i / log2(i + 1), binary
      (Järvelin and Kekäläinen 2002).

    A span retrieved twice counts once, at its first rank. No hit at all scores 0.
    """
    try:
        import ir_measures
        from ir_measures import RR, Success, nDCG
    except ImportError as exc:
        raise PackageError(
            "Retrieval metrics need ir-measures. Install it: pip install 'yinju[eval]'"
        ) from exc
    if not relevant or not hits:
        return dict.fromkeys(RETRIEVAL, 0.0)
    names = [str(span) for span in dict.fromkeys(hits)]
    run = [ir_measures.ScoredDoc("q", name, -rank) for rank, name in enumerate(names)]
    qrels = [ir_measures.Qrel("q", str(span), 1) for span in dict.fromkeys(relevant)]
    measures = (Success @ 1, Success @ 5, Success @ 10, RR @ 10, nDCG @ 10)
    values = ir_measures.calc_aggregate(measures, qrels, run)
    return dict(zip(RETRIEVAL, (float(values[m]) for m in measures), strict=True))


def first_rank(hits: Sequence[Span], evidence: Evidence) -> int | None:
    """Return the 1-based rank of the first hit that overlaps evidence."""
    return next((rank for rank, hit in enumerate(hits, start=1) if evidence.supports(hit)), None)


def language_matches(got: str, asked: str) -> bool:
    """Tell whether the answer is in the question's language, script included.

    ``zh``, ``zh-CN`` and ``zh-Hans`` are one; ``zh-TW`` and ``zh-Hant`` are another.
    """
    return _language(got) == _language(asked)


def _language(code: str) -> str:
    parts = code.lower().replace("_", "-").split("-")
    if parts[0] == "zh":
        return "zh-hant" if {"hant", "tw", "hk", "mo"} & set(parts) else "zh"
    return parts[0]


@dataclass(frozen=True, slots=True)
class Metric:
    """One column of a table: sum of ``term``'s numerators over sum of its denominators.

    A question that the metric doesn't apply to has the term (0, 0).
    """

    name: str
    label: str
    meaning: str
    term: Callable[[Row], Term]
    higher_is_better: bool = True


def _score(name: str) -> Callable[[Row], Term]:
    def term(row: Row) -> Term:
        value = row["scores"].get(name)
        return (0.0, 0.0) if value is None else (float(value), 1.0)

    return term


def _refused(row: Row) -> bool:
    return bool(row["refused"])


def _unanswerable(row: Row) -> bool:
    return not row["expected"]["answers"]


def _decides(row: Row) -> bool:
    """Tell whether the row's system answers at all; a retrieval baseline doesn't."""
    return row["scores"].get("right") is not None


def _refusal_precision(row: Row) -> Term:
    return float(_refused(row) and _unanswerable(row)), float(_decides(row) and _refused(row))


def _refusal_recall(row: Row) -> Term:
    return float(_refused(row) and _unanswerable(row)), float(_decides(row) and _unanswerable(row))


def _refusal_f1(row: Row) -> Term:
    # F1 = 2 TP / (2 TP + FP + FN) = 2 TP / (refused + unanswerable): a ratio of sums as well.
    if not _decides(row):
        return 0.0, 0.0
    both = _refused(row) and _unanswerable(row)
    return 2.0 * both, float(_refused(row)) + float(_unanswerable(row))


def _false_refusal(row: Row) -> Term:
    answerable = _decides(row) and not _unanswerable(row)
    return float(answerable and _refused(row)), float(answerable)


def _false_answer(row: Row) -> Term:
    unanswerable = _decides(row) and _unanswerable(row)
    return float(unanswerable and not _refused(row)), float(unanswerable)


METRICS: tuple[Metric, ...] = (
    Metric(
        "right",
        "all right",
        "answerable: answer right; unanswerable: refused. Share of all questions.",
        _score("right"),
    ),
    Metric(
        "answer_right",
        "answer right",
        "the answer contains an expected answer; a refusal counts as wrong. Of answerable.",
        _score("answer_right"),
    ),
    Metric(
        "short_right",
        "short right",
        "the short answer alone contains it. Of answerable questions that got a short answer.",
        _score("short_right"),
    ),
    Metric(
        "em",
        "EM",
        "the short answer is an expected one to the letter, as the published scripts compare. "
        "A refusal counts as 0. Of answerable.",
        _score("em"),
    ),
    Metric(
        "f1",
        "F1",
        "units (words; characters of Chinese, Japanese, Korean) the short answer shares with an "
        "expected one. A refusal counts as 0. Of answerable.",
        _score("f1"),
    ),
    Metric(
        "cited_right",
        "cited",
        "at least one citation overlaps the evidence; a refusal counts as 0. Of answerable.",
        _score("cited_right"),
    ),
    Metric(
        "citation_precision",
        "cit. prec.",
        "share of citations that overlap evidence. Of answerable questions that were answered.",
        _score("citation_precision"),
    ),
    Metric(
        "citation_recall",
        "cit. recall",
        "share of evidence that a citation overlaps; a refusal counts as 0. Of answerable.",
        _score("citation_recall"),
    ),
    Metric(
        "verbatim",
        "verbatim",
        "share of quotes equal to the document at their offsets. Must be 100%.",
        _score("verbatim"),
    ),
    Metric(
        "guard",
        "number guard",
        "share of statements whose figures all occur in the quotes they cite.",
        _score("guard"),
    ),
    Metric(
        "refusal_precision",
        "refusal prec.",
        "share of refusals that were right.",
        _refusal_precision,
    ),
    Metric(
        "refusal_recall",
        "refusal recall",
        "share of unanswerable questions that were refused.",
        _refusal_recall,
    ),
    Metric(
        "refusal_f1",
        "refusal F1",
        "harmonic mean of refusal precision and recall.",
        _refusal_f1,
    ),
    Metric(
        "false_refusal",
        "false refusal",
        "share of answerable questions that were refused.",
        _false_refusal,
        higher_is_better=False,
    ),
    Metric(
        "false_answer",
        "false answer",
        "share of unanswerable questions that were answered.",
        _false_answer,
        higher_is_better=False,
    ),
    Metric("hit@1", "hit@1", "the first hit overlaps evidence.", _score("hit@1")),
    Metric("hit@5", "hit@5", "one of the first five hits does.", _score("hit@5")),
    Metric("hit@10", "hit@10", "one of the first ten hits does.", _score("hit@10")),
    Metric("mrr@10", "MRR@10", "1 / rank of the first hit that does.", _score("mrr@10")),
    Metric("ndcg@10", "nDCG@10", "rank-discounted gain over the ideal one.", _score("ndcg@10")),
    Metric(
        "language_match",
        "language",
        "the answer is in the question's language and script.",
        _score("language_match"),
    ),
)
BY_NAME = {metric.name: metric for metric in METRICS}

# The columns of each table, and whether it ends with the seconds an answer took.
TABLES: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    (
        "Answers, %",
        (
            "right", "answer_right", "short_right", "em", "f1", "cited_right",
            "citation_precision", "citation_recall", "verbatim", "guard", "language_match",
        ),
        False,
    ),
    (
        "Refusals, %",
        ("refusal_precision", "refusal_recall", "refusal_f1", "false_refusal", "false_answer"),
        False,
    ),
    ("Retrieval, %, and time an answer took", RETRIEVAL, True),
)  # fmt: skip
KIND_COLUMNS = ("right", "answer_right", "cited_right", "citation_recall", "hit@1", "mrr@10")
