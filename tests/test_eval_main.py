"""The command line: friendly help, friendly errors, and a whole run on the bundled article."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.__main__ import main

DOCUMENT = "二季度总营收为310亿元。\n\n经营成本下降5%。\n\n陈立担任首席执行官。\n"
LINES = (
    {"id": "a", "lang": "zh", "question": "二季度总营收是多少？", "answers": ["310亿"],
     "evidence": ["总营收为310亿元"]},
    {"id": "b", "lang": "zh", "question": "谁担任首席执行官？", "answers": ["陈立"],
     "evidence": ["陈立担任首席执行官"]},
    {"id": "c", "lang": "en", "question": "What was the revenue?", "answers": ["31", "310"],
     "evidence": ["总营收为310亿元"], "documents": ["one.txt"]},
)  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "one.txt").write_text(DOCUMENT, encoding="utf-8")
    lines = (json.dumps(line, ensure_ascii=False) + "\n" for line in LINES)
    (tmp_path / "q.jsonl").write_text("".join(lines), encoding="utf-8")
    return tmp_path


def run(place: Path, *more: str) -> int:
    docs, questions = str(place / "docs"), str(place / "q.jsonl")
    return main(
        ["run", "--docs", docs, "--questions", questions, "--out", str(place / "out"), *more]
    )


def test_a_run_writes_rows_summary_and_report(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(place) == 0
    said = capsys.readouterr().out
    assert "3 questions" in said
    assert "BM25 only" in said
    rows = [json.loads(x) for x in (place / "out" / "rows.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    for row in rows:
        for citation in row["citations"]:
            assert DOCUMENT[citation["start"] : citation["end"]] == citation["quote"]
        assert row["detail"]["error"] == ""
        assert row["hits"]
    summary = json.loads((place / "out" / "summary.json").read_text("utf-8"))
    assert summary["systems"]["yinju"]["total"]["metrics"]["verbatim"]["value"] == 1.0
    assert list(summary["systems"]["yinju"]) == ["zh", "en", "total"]
    assert (place / "out" / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_run_is_compared_with_itself(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(place, "--no-baselines")
    assert (place / "out" / "baselines.jsonl").read_text("utf-8") == ""
    assert main(["compare", str(place / "out"), str(place / "out")]) == 0
    assert "3 questions compared, 0 moved" in capsys.readouterr().out


def test_a_kept_run_holds_later_ones_to_its_scores(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(place, "--no-baselines")
    out, kept = str(place / "out"), str(place / "kept")
    assert main(["keep", out, kept]) == 0
    assert "总营收为310亿元。\\n\\n经营" not in (place / "kept" / "rows.jsonl").read_text("utf-8")
    assert main(["compare", kept, out, "--gate"]) == 0
    lines = (place / "out" / "rows.jsonl").read_text("utf-8").splitlines()
    (place / "out" / "rows.jsonl").write_text("\n".join(lines[1:]), encoding="utf-8")
    capsys.readouterr()
    assert main(["compare", kept, out, "--gate"]) == 2
    assert "make baseline" in capsys.readouterr().err


def test_languages_and_samples(place: Path) -> None:
    run(place, "--lang", "zh", "--limit", "1", "--no-baselines")
    (row,) = (place / "out" / "rows.jsonl").read_text("utf-8").splitlines()
    assert json.loads(row)["lang"] == "zh"


def failing(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


def test_errors_are_for_people(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs, out = ("--docs", str(place / "docs")), ("--out", str(place / "out"))
    gone, bad = str(place / "gone.jsonl"), place / "bad.jsonl"
    bad.write_text('{"id": "x"}\n', encoding="utf-8")
    assert "no such question file" in failing(capsys, "run", "--questions", gone, *out)
    assert f"{bad}, line 1" in failing(capsys, "run", "--questions", str(bad), *docs, *out)
    assert "--docs needs --questions" in failing(capsys, "run", *docs)
    good = ("--questions", str(place / "q.jsonl"), *out)
    assert "“c” is asked of “one.txt”" in failing(capsys, "run", *good)
    assert "no question in fr" in failing(capsys, "run", *good, *docs, "--lang", "fr")
    assert "no such folder" in failing(capsys, "compare", gone, gone)
    assert "no set there" in failing(capsys, "retrieval", "--data", str(place), "--sets", "nothing")
    assert not (place / "out").exists()


def test_a_question_that_raises_ends_the_run_with_an_error(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {**LINES[0], "id": "empty", "question": "？！"}
    with (place / "q.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")
    assert run(place, "--no-baselines") == 2
    assert "1 of 4 questions failed, the first was empty: EmptyQuestion" in capsys.readouterr().err
    assert len((place / "out" / "rows.jsonl").read_text("utf-8").splitlines()) == 4


def test_an_unknown_profile_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(place, "--profile", "huge") == 2
    assert "huge" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", ["", "run", "compare", "keep", "from-feedback", "bench", "retrieval"]
)
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert "usage: python -m eval" in capsys.readouterr().out


def test_neither_models_nor_pages_are_loaded_to_measure() -> None:
    heavy = ("torch", "transformers", "gradio", "sentence_transformers", "trafilatura")
    code = (
        "import sys, eval.__main__, eval.bench, eval.report, eval.retrieval, eval.comparing\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"
