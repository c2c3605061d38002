"""A run's folder: rows.jsonl, baselines.jsonl, summary.json and report.html.

``rows.jsonl`` is ours alone, one row a question in the design's format; ``baselines.jsonl`` holds
the baselines' rows, each with its ``system``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import RunError
from eval.running import YINJU, Outcome, Row
from eval.summarising import found, summarise, summarise_kinds

ROWS = "rows.jsonl"
BASELINE_ROWS = "baselines.jsonl"
SUMMARY = "summary.json"
REPORT = "report.html"
NEEDED = {"id", "lang", "question", "answer", "refused", "scores", "expected", "detail", "seconds"}


@dataclass(frozen=True, slots=True)
class Results:
    """What a folder holds: our rows in the order they were asked, and the summary."""

    folder: Path
    rows: list[Row]
    summary: Mapping[str, Any]


def summary(outcome: Outcome, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything of a run that isn't a row, JSON-ready."""
    return {
        "settings": dict(settings),
        "systems": {name: summarise(rows) for name, rows in outcome.rows.items()},
        "kinds": summarise_kinds(outcome.rows[YINJU.name]),
        "found": {name: curve for name, rows in outcome.rows.items() if (curve := found(rows))},
        "warnings": list(outcome.warnings),
        "missing_evidence": outcome.missing_evidence,
        "seconds": dict(outcome.seconds),
        "documents": outcome.documents,
        "chunks": outcome.chunks,
        "index_mib": outcome.index_mib,
        "peak_memory_mib": outcome.peak_memory_mib,
    }


def save(folder: Path, outcome: Outcome, summarised: Mapping[str, Any]) -> None:
    """Write rows and summary; raises ``RunError`` where the folder can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_lines(folder / ROWS, outcome.rows[YINJU.name])
        others = [
            {"system": name, **row, "hits": _without_text(row["hits"])}
            for name, rows in outcome.rows.items()
            if name != YINJU.name
            for row in rows
        ]
        _write_lines(folder / BASELINE_ROWS, others)
        text = json.dumps(summarised, ensure_ascii=False, indent=1)
        (folder / SUMMARY).write_text(text + "\n", encoding="utf-8")
    except OSError as exc:
        raise RunError(
            f"{folder}: can't be written ({exc.strerror}). Choose another --out."
        ) from exc


def keep(results: Results, folder: Path) -> None:
    """Write what ``compare`` needs of a run and nothing that the documents say already.

    Small enough to commit: without the passages found and the surroundings of quotes.
    """
    slim = [
        row
        | {"hits": [{"start": hit["start"], "end": hit["end"]} for hit in row["hits"]]}
        | {"detail": row["detail"] | {"citations": [], "closest": ""}}
        | {"seconds": {key: round(value, 4) for key, value in row["seconds"].items()}}
        for row in results.rows
    ]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_lines(folder / ROWS, slim)
        kept = {"settings": results.summary["settings"]}
        (folder / SUMMARY).write_text(json.dumps(kept, ensure_ascii=False) + "\n", "utf-8")
    except OSError as exc:
        raise RunError(f"{folder}: can't be written ({exc.strerror}). Choose another.") from exc


def _without_text(hits: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what the offsets already say: with it the baselines outweigh our rows tenfold."""
    return [{key: value for key, value in hit.items() if key != "text"} for hit in hits]


def _write_lines(path: Path, rows: Sequence[Row]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


def load(folder: Path) -> Results:
    """Read a run back; raises ``RunError`` naming the file that is missing or broken."""
    if not folder.is_dir():
        raise RunError(
            f"{folder}: no such folder of results. Make one: python -m eval run --out DIR"
        )
    rows = [_row(line, folder / ROWS, n) for n, line in _lines(folder / ROWS)]
    summary_path = folder / SUMMARY
    return Results(folder, rows, _parse(_text(summary_path), summary_path, 1))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise RunError(f"{path}: can't be read ({exc}). Run python -m eval run again.") from exc


def _lines(path: Path) -> list[tuple[int, str]]:
    lines = _text(path).split("\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line]


def _row(text: str, path: Path, line: int) -> Row:
    row = _parse(text, path, line)
    missing = NEEDED - set(row)
    if missing:
        raise RunError(
            f"{path}, line {line}: “{min(missing)}” is missing, so another program or version "
            "wrote it. Run python -m eval run again."
        )
    return row


def _parse(text: str, path: Path, line: int) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as exc:
        raise RunError(f"{path}, line {line}: not JSON ({exc.msg}).") from exc
    if not isinstance(value, dict):
        raise RunError(f"{path}, line {line}: not an object of a run's results.")
    return value
