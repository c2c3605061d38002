"""The report: one HTML file that needs nothing else, neither the network nor a server.

Everything that comes from a document, a question or a model passes through ``html.escape``;
the page's own policy forbids loading anything and running any script but the one it carries.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from eval.charts import histogram, language_bars
from eval.diagnosing import diagnose
from eval.errors import RunError
from eval.metrics import BY_NAME, KIND_COLUMNS, METRICS, TABLES, Row
from eval.results import REPORT
from eval.summarising import TOTAL

STYLE = Path(__file__).with_name("report.css")
SHOWN_HITS = 5
SHOWN_HIT_CHARS = 220
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
        f'<div class="charts">{_charts(own, rows)}</div>'
        f"{_warnings(summary['warnings'])}"
        f"<h2>Questions</h2>{_filters(rows)}{''.join(map(_case, rows))}"
        f"<script>{_SCRIPT}</script></body></html>\n"
    )


def _settings(summary: Mapping[str, Any]) -> str:
    settings = summary["settings"]
    docs = ", ".join(settings.get("docs") or ["the bundled article"])
    parts = [
        f"profile {settings.get('profile', '')}",
        f"documents: {docs}",
        f"questions: {', '.join(settings.get('questions', []))}",
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
    return f'<div class="tables">{"".join(made)}</div>'


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
    drawn = [language_bars(f"{BY_NAME[name].label}, %", name, summary) for name in CHARTS]
    seconds = [row["seconds"]["wall"] for row in rows if "wall" in row["seconds"]]
    return "".join([*drawn, histogram("seconds a question", seconds)])


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


def _case(row: Row) -> str:
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
        yield _field("evidence", _any_of(expected["evidence"]))
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
