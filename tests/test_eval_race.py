"""The race is fair: the same passages, right ones known, first hits counted by hand."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.questions import BUNDLED, load
from eval.race import corpora
from eval.race.__main__ import ENTRANTS, HERE, Entrant, lines, row
from eval.race.corpora import Asked, Given

GIVEN = Given(
    "article",
    ("总营收为310亿元。", "陈立担任首席执行官。"),
    (
        Asked("article zh", "总营收是多少？", frozenset({0})),
        Asked("article zh", "谁是首席执行官？", frozenset({1})),
        Asked("article en", "Who?", frozenset({1})),
    ),
)


def test_the_bundled_article_stands_in_where_there_is_no_other(tmp_path: Path) -> None:
    (given,) = corpora.corpora(tmp_path, tmp_path / "none.txt")
    assert {asked.group for asked in given.asked} == {"article zh", "article en"}
    by_text = {q.question: q for q in load(BUNDLED)}
    for asked in given.asked:
        for number in asked.right:
            passage = given.passages[number].strip()
            evidence = by_text[asked.question].evidence
            assert any(e in passage or passage in e for e in evidence)


def test_our_own_lane_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    GIVEN.write(tmp_path / "passages")
    job = tmp_path / "job.json"
    corpus = {
        "folder": str(tmp_path / "passages"), "home": str(tmp_path / "home"),
        "questions": [asked.question for asked in GIVEN.asked],
    }  # fmt: skip
    job.write_text(json.dumps({"encoder": "", "k": 10, "corpora": {"article": corpus}}))
    outputs = []
    for action in ("build", "start"):
        command = [sys.executable, str(HERE / "lane.py"), "yinju", action, str(job)]
        made = subprocess.run(command, capture_output=True, text=True, check=True)
        outputs.append(json.loads(made.stdout.splitlines()[-1]))
    built, started = (output["corpora"]["article"] for output in outputs)
    assert built["found"][0] == started["found"][0]
    measured = outputs[0] | {"starts": [1.0, 3.0, 2.0]}
    found = row(ENTRANTS[0], measured, [GIVEN], Path(sys.executable))
    assert found["questions"] == {"article zh": 2, "article en": 1}
    assert found["first"]["article zh"] == 1.0
    assert found["cold_start_seconds"] == 2.0


@pytest.mark.parametrize("entrant", ENTRANTS, ids=lambda e: e.lane)
def test_every_entrant_has_its_lane_and_its_packages(entrant: Entrant) -> None:
    path = HERE / "lanes" / f"{entrant.lane}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {"build", "reopen", "search"} <= functions
    packages = HERE / f"{entrant.packages}.txt"
    assert not entrant.packages or "torch==2.13.0" in packages.read_text().splitlines()


def test_lines_are_those_a_user_writes(tmp_path: Path) -> None:
    path = tmp_path / "lane.py"
    path.write_text('"""What it does."""\n\nimport x\n\n\n# why\ndef f():\n    return x\n')
    assert lines(path) == 3
