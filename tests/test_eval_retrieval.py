"""Search is scored by where the first right unit stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes import HashEncoder

from eval import retrieval
from eval.questions import Question
from eval.retrieval import Wanted, article_pairs, first_rank, paragraph_pairs, ranks, score
from index import Hit, fusing


def hit(name: str) -> Hit:
    return Hit(name, 0, 1, "x", 1.0)


def test_documents_are_ranked_by_their_best_hit() -> None:
    hits = [hit("a"), hit("a"), hit("b"), hit("a"), hit("c")]
    assert first_rank(hits, {"c"}) == 3
    assert first_rank(hits, {"b", "a"}) == 1
    assert first_rank(hits, {"d"}) is None
    assert first_rank([], {"a"}) is None


def test_scores_by_hand() -> None:
    made = score([1, 2, None, 11, 5])
    assert made.questions == 5
    assert made.hit_at_1 == pytest.approx(1 / 5)
    assert made.hit_at_5 == pytest.approx(3 / 5)
    assert made.mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 5) / 5)


def test_a_paragraph_is_found_by_its_words() -> None:
    contexts = ("The red fox sleeps in winter.", "A blue whale sings at night.")
    asked = [
        Question(str(n), "en", f"{c[:12]}?", ("x",), (), context=c) for n, c in enumerate(contexts)
    ]
    pairs = paragraph_pairs(asked, HashEncoder(), 0)
    for mode in ("lexical", "dense", "fused"):
        assert ranks(pairs, mode) == [1, 1]


def test_the_interval_holds_the_rate_and_narrows() -> None:
    few, many = score([1, 2] * 5), score([1, 2] * 500)
    assert few.low < 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 3
    assert (score([1, 1]).low, score([1, 1]).high) == (1.0, 1.0)


def test_an_article_is_searched_sentence_by_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("The red fox sleeps. A blue whale sings at night. It is loud.", "utf-8")
    asked = [Question("1", "en", "Which whale sings?", ("blue",), ("sings at night. It is",))]
    ((_, corpus, case),) = article_pairs(asked, [file], HashEncoder())
    assert len(corpus.documents) == 3
    told = {corpus.documents[name].text.strip() for name in case.right}
    assert told == {"A blue whale sings at night.", "It is loud."}
    assert ranks([(corpus, case)], "lexical") == [1]


def test_trying_other_weights_leaves_ours_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "MEANINGS", (0.0, 0.5))
    monkeypatch.setattr(retrieval, "DOCUMENTS", (0.1,))
    (tmp_path / "a.txt").write_text("The red fox sleeps. A blue whale sings.", "utf-8")
    row = {"id": "1", "lang": "en", "question": "Which whale sings?", "answers": ["blue"],
           "evidence": ["A blue whale sings."]}  # fmt: skip
    (tmp_path / "q.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    present = fusing.MEANING, fusing.DOCUMENT
    retrieval.sweep(Wanted(tmp_path, 0, "", [tmp_path / "a.txt"], [tmp_path / "q.jsonl"]))
    assert present == (fusing.MEANING, fusing.DOCUMENT)
    shown = capsys.readouterr().out
    assert "q en" in shown
    assert shown.count("100.0") == 4  # each set and the mean, at both weights
