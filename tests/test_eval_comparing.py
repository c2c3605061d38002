"""Comparing tells what moved, which way, and whether it is more than chance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eval_scripted import QUESTIONS, SCRIPT, ScriptedLibrary, document
from rich.console import Console

from eval import results
from eval.comparing import Comparison, compare, gate, moved, show
from eval.errors import RunError
from eval.questions import Question
from eval.results import Results
from eval.running import run

BETTER = {**SCRIPT, "Who leads it": ("Ada Moss", "Ada Moss leads it.")}
WORSE = {**SCRIPT, "Who founded it": ("5%", "Costs fell by 5%.")}


def kept(folder: Path, script: dict[str, tuple[str, str]], asked: tuple[Question, ...]) -> Results:
    outcome = run(asked, ScriptedLibrary({"report.txt": document()}, script))
    results.save(folder, outcome, results.summary(outcome, {}))
    return results.load(folder)


def compared(
    folder: Path, second: dict[str, tuple[str, str]], asked: tuple[Question, ...] = QUESTIONS
) -> Comparison:
    return compare(kept(folder / "a", SCRIPT, QUESTIONS), kept(folder / "b", second, asked))


def test_nothing_moves_between_equal_runs(tmp_path: Path) -> None:
    made = compared(tmp_path, SCRIPT)
    assert made.moved == ()
    assert made.same_text == made.common == 5
    assert {c.difference for c in made.changes["total"].values()} == {0}
    assert {c.p_value for c in made.changes["total"].values()} == {1}


@pytest.mark.parametrize(
    ("script", "id_", "direction", "step"),
    [(BETTER, "c", "better", 0.2), (WORSE, "e", "worse", -0.2)],
)
def test_what_moved_and_which_way(
    tmp_path: Path, script: dict[str, tuple[str, str]], id_: str, direction: str, step: float
) -> None:
    made = compared(tmp_path, script)
    (move,) = made.moved
    assert (move.second["id"], move.direction) == (id_, direction)
    assert move.scores["right"] == ((0.0, 1.0) if direction == "better" else (1.0, 0.0))
    assert made.changes["total"]["right"].difference == pytest.approx(step)
    assert made.same_text == 4


def test_only_questions_of_both_count(tmp_path: Path) -> None:
    reworded = replace(QUESTIONS[0], question="How much were costs")
    made = compared(tmp_path, SCRIPT, (reworded, *QUESTIONS[1:4]))
    assert made.common == 3
    assert made.only_first == ("a", "e")
    assert made.only_second == ("a",)


def test_nothing_in_common_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no question in common"):
        compared(tmp_path, SCRIPT, (replace(QUESTIONS[0], id="z"),))


def test_latency_alone_moves_nothing(tmp_path: Path) -> None:
    one = kept(tmp_path / "a", SCRIPT, QUESTIONS).rows[0]
    assert moved(one, {**one, "seconds": {"wall": 9.0}}) is None


def test_the_page_shows_questions_and_reasons(tmp_path: Path) -> None:
    out = Console(width=120, record=True, quiet=False, file=(tmp_path / "out").open("w"))
    show(compared(tmp_path, BETTER), out)
    text = out.export_text()
    assert "Better: 1" in text
    assert "Who leads it" in text
    assert "+ Ada Moss: Ada Moss leads it. [1]" in text
    assert "refused (not_in_text), though the text says" in text
    assert "5 questions compared, 1 moved" in text


def row(name: str, **scores: float) -> dict[str, Any]:
    """Return a kept row of an answerable English question with these scores."""
    return {
        "id": name, "lang": "en", "question": name, "answer": "", "refused": False,
        "expected": {"answers": ["x"]}, "seconds": {}, "scores": scores,
    }  # fmt: skip


def made_of(name: str, rows: list[dict[str, Any]]) -> Results:
    return Results(Path(name), rows, {})


def test_the_gate_passes_what_is_no_worse_and_names_a_significant_loss() -> None:
    rows = [row(f"q{n}", right=1.0) for n in range(40)]
    same = compare(made_of("a", rows), made_of("b", rows))
    gate(same)
    worse = [row(f"q{n}", right=float(n >= 8)) for n in range(40)]
    with pytest.raises(RunError, match=r"total all right 100\.0 → 80\.0") as caught:
        gate(compare(made_of("a", rows), made_of("b", worse)))
    assert "en all right" in str(caught.value)
    gate(compare(made_of("a", worse), made_of("b", rows)))


def test_the_gate_lets_chance_pass_but_no_altered_quote() -> None:
    rows = [row(f"q{n}", right=1.0, verbatim=1.0) for n in range(40)]
    chance = [row("q0", right=0.0, verbatim=1.0), *rows[1:]]
    gate(compare(made_of("a", rows), made_of("b", chance)))
    altered = [row("q0", right=1.0, verbatim=0.5), *rows[1:]]
    with pytest.raises(RunError, match="verbatim"):
        gate(compare(made_of("a", rows), made_of("b", altered)))


def test_the_gate_does_not_pass_when_questions_are_missing() -> None:
    rows = [row(f"q{n}", right=1.0) for n in range(4)]
    with pytest.raises(RunError, match="make baseline"):
        gate(compare(made_of("a", rows), made_of("b", rows[1:])))
