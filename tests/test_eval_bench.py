"""The benchmark measures what it says, on work that is the same every time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from fakes import HashEncoder

from eval import bench, workload
from eval.errors import EvalError, RunError
from index import Document


def test_made_up_documents_are_the_same_every_time() -> None:
    assert workload.made_up(5) == workload.made_up(5)
    assert workload.made_up(5, seed=1) != workload.made_up(5)
    assert workload.made_up(8)[:5] == workload.made_up(5)
    assert len(set(workload.made_up(50))) == 50


def test_documents_are_counted_and_told_apart() -> None:
    made, origin = workload.documents(3, None)
    assert len({d.id for d in made}) == 3
    assert origin in ("made up", str(workload.NEWS))


def test_a_named_data_folder_must_hold_the_news(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"zh_news.*made-up"):
        workload.documents(3, tmp_path)


def test_queries_are_cut_from_the_texts_they_name() -> None:
    texts = ["", *workload.made_up(4), "短"]
    made = workload.queries(texts, 40)
    assert made == workload.queries(texts, 40)
    assert all(query in texts[number] and query for number, query in made)


def test_a_cold_start_is_timed_in_processes_of_its_own() -> None:
    found = {m.name: m.value for m in bench.cold_starts([sys.executable, "-c", "pass"], 2)}
    assert set(found) == {"first_ask_seconds", "cold_ask_seconds", "cold_ask_peak_mib"}
    assert 0 < found["cold_ask_seconds"] < 60
    assert 1 < found["cold_ask_peak_mib"] < 500


def test_the_peak_is_the_childs_own() -> None:
    hungry = [sys.executable, "-c", "x = bytearray(80_000_000)"]
    _, more = bench._process(hungry)
    _, less = bench._process([sys.executable, "-c", "pass"])
    assert more - less > 60


def test_a_command_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="can't be started"):
        bench._process([str(tmp_path / "nothing")])


def test_a_failing_command_is_an_error_with_its_words() -> None:
    code = "import sys; print('no such thing', file=sys.stderr); sys.exit(3)"
    with pytest.raises(RunError, match="ended with 3: no such thing"):
        list(bench.cold_starts([sys.executable, "-c", code], 1))


def test_indexing_and_search_are_measured_together() -> None:
    made = [Document(f"n{i}", "", t, f"n{i}", "zh") for i, t in enumerate(workload.made_up(12))]
    found = {m.name: m.value for m in bench.indexing(made, "made up", HashEncoder())}
    assert found["index_documents_per_second"] == pytest.approx(12 / found["index_seconds"])
    assert found["retrieval_p50_ms"] <= found["retrieval_p95_ms"]
    assert found["retrieval_hit_at_1"] > 0.5
    assert found["index_disk_mib"] > 0


def test_the_last_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    bench.print_all([bench.Measured("a_seconds", 1.23456, "how"), bench.Measured("b", 2000)])
    last = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(last) == {"a_seconds": 1.2346, "b": 2000}
