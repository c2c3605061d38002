"""A run keeps one honest row a question."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from eval_scripted import (
    QUESTIONS,
    SCRIPT,
    TEXT,
    ScriptedCorpus,
    ScriptedLibrary,
    document,
    question,
)

from eval import results
from eval.baselines import BASELINES
from eval.diagnosing import diagnose
from eval.errors import QuestionsError, RunError
from eval.evidence import locate
from eval.opening import Shelf, resolve
from eval.questions import Question
from eval.running import YINJU, Row, System, relevant_units, row, run
from index import Span
from rag import Answer, Citation, Turn


def library() -> ScriptedLibrary:
    return ScriptedLibrary({"report.txt": document()}, SCRIPT)


def rows() -> dict[str, Row]:
    made = run(QUESTIONS, library()).rows["yinju"]
    assert [r["id"] for r in made] == ["a", "b", "c", "d", "e"]
    return {r["id"]: r for r in made}


def test_a_row_has_the_published_fields_first() -> None:
    made = rows()["a"]
    assert list(made)[:9] == [
        "id", "lang", "question", "answer", "refused", "reason", "citations", "hits", "seconds",
    ]  # fmt: skip
    quote = "Sales rose to 31 million."
    assert made["citations"] == [{"document": "report", "start": 0, "end": 25, "quote": quote}]
    assert made["detail"]["citations"][0]["after"] == TEXT[25:]
    assert made["answer"] == "31 million: Sales rose to 31 million. [1]"
    assert made["seconds"]["total"] == 0.5
    assert 0 <= made["seconds"]["wall"] < 0.5
    json.dumps(made)


def test_scores_of_a_right_answer() -> None:
    scores = rows()["a"]["scores"]
    assert {v for k, v in scores.items() if k != "guard"} == {1.0}
    assert "hit@1" in scores


def test_a_right_figure_from_the_wrong_sentence_is_not_cited_right() -> None:
    scores = rows()["b"]["scores"]
    assert (scores["answer_right"], scores["short_right"]) == (1.0, 1.0)
    assert (scores["cited_right"], scores["citation_precision"]) == (0.0, 0.0)


def test_a_refusal_of_an_answerable_question_is_wrong_and_cites_nothing() -> None:
    scores = rows()["c"]["scores"]
    assert (scores["right"], scores["answer_right"], scores["citation_recall"]) == (0.0, 0.0, 0.0)
    assert scores["citation_precision"] is None
    assert scores["short_right"] is None
    assert scores["guard"] is None


def test_a_refusal_that_shows_the_answer_is_still_a_refusal() -> None:
    assistant = library().open(QUESTIONS[2])
    given = replace(assistant.ask("Who leads it"), text="Not said. Closest: Ada Moss leads it.")
    evidence = locate(QUESTIONS[2].evidence, assistant.corpus.documents)
    made = row(QUESTIONS[2], given, assistant.corpus, evidence)
    assert made["scores"]["answer_right"] == 0.0


def test_unanswerable_questions_are_scored_by_refusal_alone() -> None:
    made = rows()
    assert made["d"]["scores"]["right"] == 0.0
    assert made["e"]["scores"]["right"] == 1.0
    for name in ("answer_right", "cited_right", "citation_precision", "hit@1", "ndcg@10"):
        assert made["d"]["scores"].get(name) is None


def test_the_closest_passage_must_be_verbatim_too() -> None:
    assistant = library().open(QUESTIONS[2])
    wrong = Citation(0, "report", "report.txt", 0, 5, "Costs")
    given = replace(assistant.ask("Who leads it"), closest=wrong)
    made = row(QUESTIONS[2], given, assistant.corpus, locate([], {}))
    assert made["scores"]["verbatim"] == 0.0


def test_the_run_opens_each_set_of_documents_once_and_keeps_the_order() -> None:
    documents = {"a.txt": document(name="a.txt"), "b.txt": document(name="b.txt")}
    shelf = ScriptedLibrary(documents, SCRIPT)
    names = ["a.txt", "b.txt", "a.txt", "b.txt"]
    asked = [replace(QUESTIONS[0], id=str(n), documents=(d,)) for n, d in enumerate(names)]
    outcome = run(asked, shelf)
    assert shelf.opened == [("a.txt",), ("b.txt",)]
    assert [r["id"] for r in outcome.rows["yinju"]] == ["0", "1", "2", "3"]
    assert [r["detail"]["citations"][0]["document_id"] for r in outcome.rows["yinju"]] == names


def test_history_is_passed_on() -> None:
    shelf = library()
    assistant = shelf.open(QUESTIONS[0])
    asked = replace(QUESTIONS[0], history=(Turn("Sales?", "31"),))
    YINJU.ask(assistant, asked)
    assert assistant.asked == [("How much were sales", (Turn("Sales?", "31"),))]


def test_missing_evidence_is_told_and_counted() -> None:
    asked = [question("x", "How much were sales", ["31"], ["not there", "Sales rose"])]
    outcome = run(asked, library())
    assert outcome.missing_evidence == 1
    assert outcome.warnings == ("x: evidence isn't in the documents: “not there”",)
    assert outcome.rows["yinju"][0]["scores"]["citation_recall"] == 1.0


def test_one_broken_question_costs_one_row() -> None:
    def ask(asker: object, asked: Question) -> Answer:
        if asked.id == "b":
            raise ZeroDivisionError("no such thing")
        return YINJU.ask(asker, asked)  # type: ignore[arg-type]

    outcome = run(QUESTIONS, library(), [System("yinju", ask)])
    assert outcome.warnings == ("b: yinju failed: ZeroDivisionError: no such thing",)
    broken = outcome.rows["yinju"][1]
    assert (broken["scores"]["right"], broken["scores"]["mrr@10"]) == (0.0, 0.0)
    assert "failed: ZeroDivisionError" in diagnose(broken)[0]


def test_progress_counts_to_the_end() -> None:
    steps: list[tuple[int, int]] = []
    run(QUESTIONS, library(), on_progress=lambda done, total: steps.append((done, total)))
    assert steps == [(n, 5) for n in range(1, 6)]


def test_baselines_say_what_they_say() -> None:
    outcome = run(QUESTIONS, library(), [YINJU, *BASELINES])
    by_name = {name: {r["id"]: r for r in made} for name, made in outcome.rows.items()}
    assert by_name["always refuse"]["d"]["scores"]["right"] == 1.0
    assert by_name["always refuse"]["a"]["scores"]["right"] == 0.0
    assert "hit@1" not in by_name["always refuse"]["a"]["scores"]
    assert by_name["first sentence"]["a"]["answer"] == "Sales rose to 31 million. [1]"
    assert by_name["first sentence"]["a"]["scores"]["cited_right"] == 1.0
    assert by_name["BM25 only"]["a"]["scores"]["hit@1"] == 1.0
    assert "right" not in by_name["BM25 only"]["a"]["scores"]


def test_relevant_units_are_of_the_size_of_the_hits() -> None:
    corpus = ScriptedCorpus({"report.txt": document()})
    evidence = locate(["rose to", "fell by"], corpus.documents)
    chunks = [c.span for c in corpus.chunks]
    assert relevant_units(chunks[:1], evidence, corpus) == tuple(chunks[:2])
    # A hit over the first two sentences stands for both: nothing relevant is left beside it.
    wide = Span("report.txt", 0, chunks[1].end)
    assert relevant_units([wide, chunks[2]], evidence, corpus) == (wide,)


def fault(name: str) -> list[str]:
    return diagnose(rows()[name])


def test_what_went_wrong_in_words() -> None:
    assert fault("a") == []
    assert fault("b")[0] == "no citation touches the evidence"
    assert fault("c")[:2] == [
        "refused (not_in_text), though the text says",
        "the evidence was found, at rank 1 of 4",
    ]
    assert fault("d") == ["answered, though the text doesn't say"]
    assert fault("e") == []


def test_results_are_read_back_as_written(tmp_path: Path) -> None:
    outcome = run(QUESTIONS, library(), [YINJU, *BASELINES])
    summary = results.summary(outcome, {"profile": "embedded"})
    results.save(tmp_path / "new" / "out", outcome, summary)
    back = results.load(tmp_path / "new" / "out")
    assert back.rows == outcome.rows["yinju"]
    assert back.summary["systems"]["yinju"]["total"]["metrics"]["right"]["value"] == 0.6
    lines = (tmp_path / "new" / "out" / results.BASELINE_ROWS).read_text("utf-8").splitlines()
    assert len(lines) == 5 * len(BASELINES)


def test_unreadable_results_are_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no such folder"):
        results.load(tmp_path / "none")
    with pytest.raises(RunError, match=r"rows\.jsonl"):
        results.load(tmp_path)
    for text, said in (
        ("{broken", "not JSON"),
        ('{"id": "x"}', "is missing"),
        ("[]", "not an obj"),
    ):
        (tmp_path / "rows.jsonl").write_text(f"\n{text}\n", encoding="utf-8")
        with pytest.raises(RunError, match=rf"rows\.jsonl, line 2: .*{said}"):
            results.load(tmp_path)
    with pytest.raises(RunError, match="can't be written"):
        blocked = tmp_path / "rows.jsonl" / "x"
        outcome = run(QUESTIONS[:1], library())
        results.save(blocked, outcome, results.summary(outcome, {}))


def test_documents_are_looked_for_in_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    inside, beside = tmp_path / "docs" / "1.txt", tmp_path / "2.md"
    for path in (inside, beside):
        path.write_text("x", encoding="utf-8")
    given = [tmp_path / "docs", beside]
    asked = replace(QUESTIONS[0], documents=("1.txt", "2"))
    assert resolve(asked, given) == [inside, beside]
    assert resolve(QUESTIONS[0], given) == given
    with pytest.raises(QuestionsError, match=r"“a” is asked of “3.txt”"):
        Shelf(tuple(given)).check([replace(asked, documents=("3.txt",))])
