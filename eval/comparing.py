"""What changed between two runs, question by question, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.diagnosing import diagnose
from eval.errors import RunError
from eval.metrics import BY_NAME, METRICS, Metric, Row
from eval.results import Results
from eval.summarising import TOTAL, Change, by_language, change, latency

Direction = Literal["better", "worse", "other"]
SIGNIFICANT = 0.05
SHOWN_CHARS = 90
GATED = (
    "right", "answer_right", "cited_right", "citation_recall", "verbatim", "guard",
    "false_refusal", "false_answer", "mrr@10",
)  # fmt: skip
GATED_QUESTIONS = 30


@dataclass(frozen=True, slots=True)
class Moved:
    """One question whose outcome differs: which scores went where."""

    first: Row
    second: Row
    direction: Direction
    scores: Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Per language and in total, how each metric changed, and every question that moved."""

    changes: Mapping[str, Mapping[str, Change]]
    moved: tuple[Moved, ...]
    same_text: int
    common: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    latency: tuple[Mapping[str, float], Mapping[str, float]]
    questions: Mapping[str, int]  # compared, per language and in total


def compare(first: Results, second: Results) -> Comparison:
    """Compare on the questions both runs were asked; raises ``RunError`` if there is none."""
    ones, twos = _by_id(first), _by_id(second)
    common = [name for name in ones if name in twos and _same(ones[name], twos[name])]
    if not common:
        raise RunError(
            f"{first.folder} and {second.folder} have no question in common. "
            "Run both with the same --questions."
        )
    kept = set(common)
    pairs = [(ones[name], twos[name]) for name in common]
    moves = [moved(one, two) for one, two in pairs]
    return Comparison(
        changes=_changes(pairs),
        moved=tuple(m for m in moves if m is not None),
        same_text=sum(one["answer"] == two["answer"] for one, two in pairs),
        common=len(common),
        only_first=tuple(name for name in ones if name not in kept),
        only_second=tuple(name for name in twos if name not in kept),
        latency=(latency([one for one, _ in pairs]), latency([two for _, two in pairs])),
        questions={lang: len(g) for lang, g in by_language([one for one, _ in pairs]).items()},
    )


def _by_id(results: Results) -> dict[str, Row]:
    return {row["id"]: row for row in results.rows}


def _same(one: Row, two: Row) -> bool:
    """Tell whether both rows asked the same and expected the same; else the id was reused."""
    return bool(one["question"] == two["question"] and one["expected"] == two["expected"])


def _changes(pairs: Sequence[tuple[Row, Row]]) -> dict[str, dict[str, Change]]:
    counterpart = {id(one): two for one, two in pairs}
    found: dict[str, dict[str, Change]] = {}
    for lang, rows in by_language([one for one, _ in pairs]).items():
        others = [counterpart[id(row)] for row in rows]
        changes = ((metric.name, change(rows, others, metric)) for metric in METRICS)
        found[lang] = {name: made for name, made in changes if made is not None}
    return found


def moved(one: Row, two: Row) -> Moved | None:
    """Return how a question's scores moved; None where all are equal and so is the refusal.

    The direction is that of ``right``; where that is equal, of the mean of what moved.
    """
    names = [m.name for m in METRICS if one["scores"].get(m.name) != two["scores"].get(m.name)]
    if not names and one["refused"] == two["refused"]:
        return None
    scores = {name: (one["scores"].get(name), two["scores"].get(name)) for name in names}
    return Moved(one, two, _direction(scores), scores)


def _direction(scores: Mapping[str, tuple[float | None, float | None]]) -> Direction:
    steps = {n: b - a for n, (a, b) in scores.items() if a is not None and b is not None}
    weight = steps.get("right") or sum(steps.values())
    if weight == 0:
        return "other"
    return "better" if weight > 0 else "worse"


def gate(comparison: Comparison) -> None:
    """Raise ``RunError`` where the second run is significantly worse, or can't be told to be not.

    Looked at are the metrics in ``GATED``, in total and in each language with ``GATED_QUESTIONS``
    or more; a quote that isn't verbatim is a loss however seldom it is.
    """
    if comparison.only_first:
        raise RunError(
            f"{len(comparison.only_first)} questions of the first run weren't asked, or asked "
            "otherwise, in the second. If they were meant to change: make baseline"
        )
    lost = list(losses(comparison))
    if lost:
        raise RunError("worse than the baseline: " + "; ".join(lost))


def losses(comparison: Comparison) -> Iterator[str]:
    """Yield each significant loss in words."""
    for lang, changes in comparison.changes.items():
        if lang != TOTAL and comparison.questions[lang] < GATED_QUESTIONS:
            continue
        for name in GATED:
            made = changes.get(name)
            if made is not None and _is_loss(BY_NAME[name], made):
                yield (
                    f"{lang} {BY_NAME[name].label} {100 * made.first:.1f} → "
                    f"{100 * made.second:.1f} (p {made.p_value:.3f})"
                )


def _is_loss(metric: Metric, made: Change) -> bool:
    worse = made.difference != 0 and (made.difference < 0) == metric.higher_is_better
    return worse and (made.p_value < SIGNIFICANT or metric.name == "verbatim")


def show(comparison: Comparison, out: Console) -> None:
    """Print what moved, then the tables of changes, then what wasn't compared."""
    for direction, title in (("better", "Better"), ("worse", "Worse"), ("other", "Different")):
        _show_moved(title, [m for m in comparison.moved if m.direction == direction], out)
    out.print(_total_table(comparison.changes[TOTAL]))
    if len(comparison.changes) > 2:
        out.print(_language_table(comparison.changes))
    one, two = comparison.latency
    if one and two:
        out.print(
            f"seconds an answer: p50 {one['p50']:.3f} → {two['p50']:.3f}, "
            f"p95 {one['p95']:.3f} → {two['p95']:.3f}"
        )
    out.print(
        f"{comparison.common} questions compared, {len(comparison.moved)} moved, "
        f"{comparison.same_text} answered word for word the same"
    )
    for label, names in (("first", comparison.only_first), ("second", comparison.only_second)):
        if names:
            out.print(
                f"[yellow]warning:[/] {len(names)} questions only in the {label} run, or asked "
                f"differently there: {escape(', '.join(names[:8]))}{' …' * (len(names) > 8)}"
            )


def _show_moved(title: str, moves: Sequence[Moved], out: Console) -> None:
    if not moves:
        return
    out.print(f"\n[bold]{title}: {len(moves)}[/]")
    for move in moves:
        steps = ", ".join(f"{n} {_value(a)}→{_value(b)}" for n, (a, b) in move.scores.items())
        out.print(f"[bold]{escape(str(move.second['id']))}[/] {escape(move.second['question'])}")
        out.print(f"   {steps}", style="dim")
        for mark, row in (("-", move.first), ("+", move.second)):
            faults = "; ".join(diagnose(row))
            out.print(
                f"   {mark} {escape(_brief(row))}" + (f"  ({escape(faults)})" if faults else "")
            )


def _brief(row: Row) -> str:
    text = " ".join(row["answer"].split())
    text = text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
    return f"refused: {text}" if row["refused"] else text


def _value(score: float | None) -> str:
    return "–" if score is None else f"{score:.2f}".rstrip("0").rstrip(".")


def _empty_table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def _total_table(changes: Mapping[str, Change]) -> Table:
    table = Table(
        title="\nAll languages, %", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for label in ("", "first", "second", "change", "95% interval", "p"):
        table.add_column(label, justify="left" if label == "" else "right")
    for metric in METRICS:
        made = changes.get(metric.name)
        if made is None:
            continue
        table.add_row(
            metric.label,
            f"{100 * made.first:.1f}",
            f"{100 * made.second:.1f}",
            f"{100 * made.difference:+.1f}",
            f"{100 * made.low:+.1f} … {100 * made.high:+.1f}",
            f"{made.p_value:.3f}",
            style=_style(metric, made),
        )
    return table


def _language_table(changes: Mapping[str, Mapping[str, Change]]) -> Table:
    names = ("right", "answer_right", "cited_right", "false_refusal", "false_answer", "mrr@10")
    metrics = [m for m in METRICS if m.name in names]
    table = Table(
        title="\nChange by language, points",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("")
    for metric in metrics:
        table.add_column(metric.label, justify="right")
    for lang, made in changes.items():
        table.add_row(lang, *(_cell(metric, made.get(metric.name)) for metric in metrics))
    return table


def _cell(metric: Metric, made: Change | None) -> str:
    if made is None:
        return "–"
    style = _style(metric, made)
    text = f"{100 * made.difference:+.1f}"
    return f"[{style}]{text}[/]" if style else text


def _style(metric: Metric, made: Change) -> str:
    """Colour what is significant: green for better, red for worse."""
    if made.p_value >= SIGNIFICANT or made.difference == 0:
        return ""
    return "green" if (made.difference > 0) == metric.higher_is_better else "red"
