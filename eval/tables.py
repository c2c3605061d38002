"""A run's figures on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.metrics import BY_NAME, KIND_COLUMNS, TABLES
from eval.summarising import TOTAL

Summary = Mapping[str, Any]  # what summarising.summarise returns, for one system


def console() -> Console:
    """Return a console wide enough for the tables where the output is a file or a pipe."""
    plain = Console()
    return plain if plain.is_terminal else Console(width=120)


def show(summary: Mapping[str, Any], out: Console) -> None:
    """Print the tables: a row a language, the total with its interval, then the baselines."""
    for title, names, timed in TABLES:
        out.print(_table(title, names, summary["systems"], timed=timed))
    if summary["kinds"]:
        out.print(_kinds(summary["kinds"]))
    steps = next(iter(summary["systems"].values()))[TOTAL]["steps"]
    taken = (f"{n} {1000 * t['p50']:.1f} / {1000 * t['p95']:.1f}" for n, t in steps.items())
    out.print(f"milliseconds a step, p50 / p95: {', '.join(taken)}")
    _show_warnings(summary["warnings"], out)


def _show_warnings(warnings: Sequence[str], out: Console) -> None:
    for warning in warnings[:10]:
        out.print(f"[yellow]warning:[/] {escape(warning)}")
    if len(warnings) > 10:
        out.print(f"[yellow]warning:[/] … and {len(warnings) - 10} more, all in summary.json")


def _kinds(kinds: Mapping[str, Any]) -> Table:
    table = _empty_table("By kind of question, %", KIND_COLUMNS)
    for kind, group in kinds.items():
        table.add_row(*_cells(kind, group, KIND_COLUMNS, timed=False))
    return table


def _empty_table(title: str, names: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("n", justify="right")
    for name in names:
        table.add_column(BY_NAME[name].label, justify="right")
    return table


def _table(
    title: str, names: Sequence[str], systems: Mapping[str, Summary], *, timed: bool
) -> Table:
    table = _empty_table(title, names)
    if timed:
        table.add_column("p50 s", justify="right")
        table.add_column("p95 s", justify="right")
    first, *others = systems.items()
    for lang, group in first[1].items():
        if lang != TOTAL:
            table.add_row(*_cells(lang, group, names, timed=timed))
    table.add_section()
    total = first[1][TOTAL]
    table.add_row(*_cells(first[0], total, names, timed=timed), style="bold")
    table.add_row("95% interval", "", *(_interval(total, name) for name in names))
    table.add_section()
    for system, summary in others:
        if any(name in summary[TOTAL]["metrics"] for name in names):
            table.add_row(*_cells(system, summary[TOTAL], names, timed=timed))
    return table


def _cells(label: str, group: Mapping[str, Any], names: Sequence[str], *, timed: bool) -> list[str]:
    values = [_percent(group, name) for name in names]
    seconds = group["seconds"]
    times = [f"{seconds[p]:.3f}" if p in seconds else "–" for p in ("p50", "p95")]
    return [escape(label), str(group["questions"]), *values, *(times if timed else [])]


def _percent(group: Mapping[str, Any], name: str) -> str:
    figure = group["metrics"].get(name)
    return f"{100 * figure['value']:.1f}" if figure else "–"


def _interval(group: Mapping[str, Any], name: str) -> str:
    figure = group["metrics"].get(name)
    return f"{100 * figure['low']:.0f}–{100 * figure['high']:.0f}" if figure else ""
