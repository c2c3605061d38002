"""The report: one HTML file that needs nothing else, neither the network nor a server.

Everything that comes from a document, a question or a model passes through ``html.escape``;
the page's own policy forbids loading anything and running any script but the one it carries.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from eval import case
from eval.charts import curves, histogram, language_bars, reliability
from eval.errors import RunError
from eval.metrics import BY_NAME, KIND_COLUMNS, METRICS, TABLES, Row
from eval.results import REPORT
from eval.summarising import TOTAL

STYLE = Path(__file__).with_name("report.css")
TILES = ("right", "answer_right", "cited_right", "false_refusal", "false_answer", "verbatim")
CHARTS = ("answer_right", "cited_right", "refusal_f1", "mrr@10")

# Without script all questions are listed; the two menus only narrow the list.
_SCRIPT = """
const cases = [...document.querySelectorAll('details.question')];
const lang = document.getElementById('lang'), outcome = document.getElementById('outcome');
const shown = document.getElementById('shown');
function narrow() {
  let count = 0;
  for (const item of cases) {
    const fits = (!lang.value || item.dataset.lang === lang.value)
      && (!outcome.value || item.dataset.outcome.split(' ').includes(outcome.value));
    item.hidden = !fits;
    count += fits;
  }
  shown.textContent = count + ' of ' + cases.length;
}
lang.addEventListener('change', narrow);
outcome.addEventListener('change', narrow);
narrow();
"""


def save(folder: Path, rows: Sequence[Row], summary: Mapping[str, Any]) -> Path:
    """Write ``report.html`` into the folder of a run and return its path."""
    path = folder / REPORT
    try:
        path.write_text(page(rows, summary), encoding="utf-8")
    except OSError as exc:
        raise RunError(f"{path}: can't be written ({exc.strerror}).") from exc
    return path


def page(rows: Sequence[Row], summary: Mapping[str, Any]) -> str:
    """Return the whole page."""
    own = next(iter(summary["systems"].values()))
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>Yinju: evaluation</title><style>{STYLE.read_text(encoding='utf-8')}</style>"
        "</head><body><h1>Yinju: evaluation</h1>"
        f'<p class="settings">{_settings(summary)}</p>'
        f"{_tiles(own[TOTAL])}"
        f"<h2>By language, and beside the baselines</h2>{_tables(summary)}{_glossary()}"
        f'<div class="charts">{_charts(summary, rows)}</div>'
        f"{_warnings(summary['warnings'])}"
        f"<h2>Questions</h2>{_filters(rows)}{''.join(map(case.show, rows))}"
        f"<script>{_SCRIPT}</script></body></html>\n"
    )


def _settings(summary: Mapping[str, Any]) -> str:
    settings = summary["settings"]
    docs = ", ".join(settings.get("docs") or ["the bundled article"])
    parts = [
        f"profile {settings.get('profile', '')}",
        f"documents: {docs}",
        f"questions: {', '.join(settings.get('questions', []))}",
        f"documents read: {summary['documents']:,} in {summary['chunks']:,} chunks, "
        f"{summary['seconds']['opening']:.1f} s",
        f"index {summary['index_mib']:,.2f} MiB on disk",
        f"{summary['seconds']['all']:.1f} s in all",
        f"peak memory {summary['peak_memory_mib']:,.0f} MiB",
    ]
    return " · ".join(escape(part) for part in parts)


def _tiles(total: Mapping[str, Any]) -> str:
    tiles = [
        _tile(_percent(total, name), BY_NAME[name].label, _range(total, name))
        for name in TILES
        if name in total["metrics"]
    ]
    if total["seconds"]:
        p50, p95 = (f"{1000 * total['seconds'][p]:,.0f} ms" for p in ("p50", "p95"))
        tiles.append(_tile(p95, "p95 a question", f"p50 {p50}"))
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(value: str, label: str, note: str) -> str:
    return (
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(label)}</span>'
        f"<span>{escape(note)}</span></div>"
    )


def _percent(group: Mapping[str, Any], name: str) -> str:
    figure = group["metrics"].get(name)
    return f"{100 * figure['value']:.1f}" if figure else "–"


def _range(group: Mapping[str, Any], name: str) -> str:
    figure = group["metrics"].get(name)
    return f"{100 * figure['low']:.0f}–{100 * figure['high']:.0f}" if figure else ""


def _tables(summary: Mapping[str, Any]) -> str:
    """Return the tables: a row a language, ours in total, then the baselines in total."""
    made = [_table(t, names, _sections(names, summary), timed=timed) for t, names, timed in TABLES]
    if summary["kinds"]:
        rows = [("", list(summary["kinds"].items()))]
        made.append(_table("By kind of question, %", KIND_COLUMNS, rows, timed=False))
    made.append(_steps(next(iter(summary["systems"].values()))[TOTAL]["steps"]))
    return f'<div class="tables">{"".join(made)}</div>'


def _steps(steps: Mapping[str, Mapping[str, float]]) -> str:
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{1000 * taken["p50"]:,.1f}</td>'
        f"<td>{1000 * taken['p95']:,.1f}</td></tr>"
        for name, taken in steps.items()
    )
    return (
        '<div class="wide"><table><caption>Milliseconds a step</caption><thead><tr><td></td>'
        '<th scope="col">p50</th><th scope="col">p95</th></tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


Sections = Sequence[tuple[str, Sequence[tuple[str, Mapping[str, Any]]]]]  # style, labelled rows


def _sections(names: Sequence[str], summary: Mapping[str, Any]) -> Sections:
    own, *others = summary["systems"].items()
    languages = [(lang, group) for lang, group in own[1].items() if lang != TOTAL]
    shown = [(n, s[TOTAL]) for n, s in others if set(names) & set(s[TOTAL]["metrics"])]
    return ("", languages), ("total", [(own[0], own[1][TOTAL])]), ("", shown)


def _table(title: str, names: Sequence[str], sections: Sections, *, timed: bool) -> str:
    body = "".join(
        _table_row(label, group, names, style, timed=timed)
        for style, rows in sections
        for label, group in rows
    )
    return (
        f'<div class="wide"><table><caption>{escape(title)}</caption>{_head(names, timed=timed)}'
        f"<tbody>{body}</tbody></table></div>"
    )


def _head(names: Sequence[str], *, timed: bool) -> str:
    cells = "".join(
        f'<th scope="col" title="{escape(BY_NAME[n].meaning)}">{escape(BY_NAME[n].label)}</th>'
        for n in names
    )
    times = '<th scope="col">p50 ms</th><th scope="col">p95 ms</th>' if timed else ""
    return f'<thead><tr><td></td><th scope="col">n</th>{cells}{times}</tr></thead>'


def _table_row(
    label: str, group: Mapping[str, Any], names: Sequence[str], kind: str, *, timed: bool
) -> str:
    cells = "".join(_figure_cell(group, name) for name in names)
    seconds = group["seconds"]
    times = "".join(
        f"<td>{1000 * seconds[p]:,.0f}</td>" if p in seconds else "<td>–</td>"
        for p in (("p50", "p95") if timed else ())
    )
    return (
        f'<tr class="{kind}"><th scope="row">{escape(label)}</th><td>{group["questions"]}</td>'
        f"{cells}{times}</tr>"
    )


def _figure_cell(group: Mapping[str, Any], name: str) -> str:
    return f"<td>{_percent(group, name)}<small>{_range(group, name)}</small></td>"


def _glossary() -> str:
    items = "".join(
        f"<li><b>{escape(metric.label)}</b>: {escape(metric.meaning)}</li>" for metric in METRICS
    )
    return (
        '<details class="plain"><summary>What the columns mean</summary>'
        "<p class=note>All in percent, beneath them the 95% bootstrap interval over questions.</p>"
        f"<ul>{items}</ul></details>"
    )


def _charts(summary: Mapping[str, Any], rows: Sequence[Row]) -> str:
    own = next(iter(summary["systems"].values()))
    drawn = [language_bars(f"{BY_NAME[name].label}, %", name, own) for name in CHARTS]
    seconds = [row["seconds"]["wall"] for row in rows if "wall" in row["seconds"]]
    # Reports of older runs do not say whether the sentence was evidence.
    told = [
        (row["detail"]["confidence"], row["detail"]["holds"])
        for row in rows
        if "holds" in row["detail"]
    ]
    right = reliability("confidence against best sentence right", told)
    lines = curves("evidence among the first hits", summary.get("found", {}))
    return "".join([*drawn, right, lines, histogram("milliseconds a question", seconds)])


def _warnings(warnings: Sequence[str]) -> str:
    if not warnings:
        return ""
    items = "".join(f"<li>{escape(text)}</li>" for text in warnings)
    return f'<h2 class="bad">Warnings: {len(warnings)}</h2><ul>{items}</ul>'


def _filters(rows: Sequence[Row]) -> str:
    langs = _options(
        ("", "all"), *((lang, lang) for lang in dict.fromkeys(r["lang"] for r in rows))
    )
    outcomes = _options(
        ("", "all"), ("wrong", "wrong"), ("fault", "with any fault"), ("right", "right"),
        ("refused", "refused"), ("unanswerable", "unanswerable"),
    )  # fmt: skip
    return (
        f'<div class="filters"><label>Language <select id="lang">{langs}</select></label>'
        f'<label>Outcome <select id="outcome">{outcomes}</select></label>'
        f'<span class="note" id="shown">{len(rows)}</span></div>'
    )


def _options(*pairs: tuple[str, str]) -> str:
    return "".join(f'<option value="{escape(v)}">{escape(text)}</option>' for v, text in pairs)
