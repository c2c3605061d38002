"""What went wrong with one answer, in words, from its row alone."""

from __future__ import annotations

from collections.abc import Iterator

from eval.metrics import Row


def diagnose(row: Row) -> list[str]:
    """Return what is wrong with a row, the worst first; [] when all is well."""
    return list(_faults(row))


def _faults(row: Row) -> Iterator[str]:
    scores, detail = row["scores"], row["detail"]
    if detail["error"]:
        yield f"failed: {detail['error']}"
    if scores.get("verbatim") not in (None, 1.0):
        yield "a quote isn't what the document says at its offsets"
    if not row["expected"]["answers"]:
        if not row["refused"]:
            yield "answered, though the text doesn't say"
    elif row["refused"]:
        yield f"refused ({row['reason'] or 'no reason given'}), though the text says"
        yield from _retrieval_fault(row)
    else:
        yield from _answer_faults(row)
    yield from (f"not in what it cites: {reason}" for reason in detail["unsupported"])
    if scores.get("language_match") == 0:
        yield f"answered in {detail['language']}, asked in {row['lang']}"
    yield from (f"evidence isn't in the documents: “{s}”" for s in detail["missing_evidence"])


def _answer_faults(row: Row) -> Iterator[str]:
    scores = row["scores"]
    if scores.get("answer_right") == 0:
        yield "the answer holds none of the expected ones"
    elif scores.get("short_right") == 0:
        yield "the short answer is wrong; only the quote holds an expected one"
    if scores.get("cited_right") == 0:
        yield "no citation touches the evidence"
        yield from _retrieval_fault(row)
    elif scores.get("citation_recall") not in (None, 1.0):
        yield "part of the evidence isn't cited"
    if scores.get("cited_right") == 1 and scores.get("citation_precision") != 1:
        yield "a citation beside the evidence"


def _retrieval_fault(row: Row) -> Iterator[str]:
    rank, found = row["detail"]["first_rank"], len(row["hits"])
    if rank is None:
        yield f"the evidence isn't among the {found} passages found"
    else:
        yield f"the evidence was found, at rank {rank} of {found}"
