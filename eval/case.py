"""One question of the report: expected, answered, quoted in context, what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from eval.diagnosing import diagnose
from eval.metrics import Row

SHOWN_HITS = 5
SHOWN_HIT_CHARS = 220


def show(row: Row) -> str:
    """Return one question of the report: a line, and all there is to know folded under it."""
    faults = diagnose(row)
    right = row["scores"].get("right") == 1
    sign, tone = ("✓", "good") if right else ("✗", "bad")
    fault = f'<span class="fault">{escape("; ".join(faults))}</span>' if faults else ""
    return (
        f'<details class="question" data-lang="{escape(row["lang"])}" '
        f'data-outcome="{_outcome(row, right=right, faulty=bool(faults))}">'
        f'<summary><span class="{tone}">{sign}</span><span class="lang">{escape(row["lang"])}'
        f'</span><span dir="auto">{escape(row["question"])}</span>{fault}</summary>'
        f'<dl class="case">{"".join(_details(row, faults))}</dl></details>'
    )


def _outcome(row: Row, *, right: bool, faulty: bool) -> str:
    words = {
        "right": right,
        "wrong": not right,
        "fault": faulty,
        "refused": row["refused"],
        "unanswerable": not row["expected"]["answers"],
    }
    return " ".join(word for word, holds in words.items() if holds)


def _details(row: Row, faults: Sequence[str]) -> Iterable[str]:
    expected, detail = row["expected"], row["detail"]
    yield _field("id", f"<code>{escape(str(row['id']))}</code>")
    yield _field("expected", _any_of(expected["answers"]) or "a refusal")
    if expected["evidence"]:
        told = (e if isinstance(e, str) else " / ".join(e) for e in expected["evidence"])
        yield _field("evidence", _any_of(list(told)))
    yield _field("answer", _answer(row))
    if detail["shorts"]:
        shorts = (" = ".join(text for text in pair if text) for pair in detail["shorts"])
        yield _field("short answer", _any_of(list(shorts)))
    if row["citations"]:
        pairs = zip(row["citations"], detail["citations"], strict=True)
        yield _field("citations", "".join(_quote(c, d, n) for n, (c, d) in enumerate(pairs, 1)))
    elif detail["closest"]:
        yield _field("closest", f'<p dir="auto">{escape(detail["closest"])}</p>')
    if faults:
        yield _field(
            "what went wrong", f"<ul>{''.join(f'<li>{escape(f)}</li>' for f in faults)}</ul>"
        )
    if row["hits"]:
        yield _field("found first", _hits(row))
    yield _field("seconds", escape(_seconds(row["seconds"])))


def _field(name: str, content: str) -> str:
    return f"<dt>{escape(name)}</dt><dd>{content}</dd>"


def _any_of(texts: Sequence[str]) -> str:
    return " · ".join(f'<span dir="auto">{escape(text)}</span>' for text in texts)


def _answer(row: Row) -> str:
    refused = f"<b>refused</b> ({escape(row['reason'])}) " if row["refused"] else ""
    return f'<span dir="auto">{refused}{escape(row["answer"]) or "nothing"}</span>'


def _quote(citation: Mapping[str, Any], detail: Mapping[str, Any], number: int) -> str:
    tone = "right" if detail["right"] else ""
    place = f"[{number}] {citation['document']}, {citation['start']}–{citation['end']}"
    verdict = "overlaps the evidence" if detail["right"] else "beside the evidence"
    return (
        f'<p class="quote {tone}" dir="auto">'
        f'<span class="around">…{escape(detail["before"])}</span>'
        f"<mark>{escape(citation['quote'])}</mark>"
        f'<span class="around">{escape(detail["after"])}…</span><br>'
        f'<span class="note">{escape(place)} · {verdict}</span></p>'
    )


def _hits(row: Row) -> str:
    items = "".join(
        f'<li dir="auto">{escape(_cut(hit["text"]))} '
        f'<span class="note">{hit["score"]:.3f}</span></li>'
        for hit in row["hits"][:SHOWN_HITS]
    )
    rank = row["detail"]["first_rank"]
    note = f"evidence first at rank {rank}" if rank else "evidence not among them"
    judged = f'<span class="note">{note}, of {len(row["hits"])}</span>'
    return (judged if row["expected"]["evidence"] else "") + f'<ol class="hits">{items}</ol>'


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_HIT_CHARS else text[: SHOWN_HIT_CHARS - 1] + "…"


def _seconds(seconds: Mapping[str, float]) -> str:
    return " · ".join(f"{step} {1000 * value:,.1f} ms" for step, value in seconds.items())
