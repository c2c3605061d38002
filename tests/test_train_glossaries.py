"""The glossary that the encoder learns from, and invented questions with their statements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.embedding import SHIPPED, TOKENIZER_FILE
from rag.concepts import GLOSSARY, glossary
from train import corpora, glossaries
from train.reader import inventing


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return corpora.read_tokenizer(SHIPPED / TOKENIZER_FILE)


def run(runs: corpora.Runs, at: int) -> tuple[int, ...]:
    return tuple(runs.ids[runs.starts[at] : runs.starts[at + 1]].tolist())


def test_every_concept_has_words_in_every_language() -> None:
    found = glossary()
    assert len(found) > 1000
    for row in found:
        assert tuple(row) == glossaries.LANGUAGES
        assert all(form and form == form.strip() for forms in row.values() for form in forms), row


@pytest.mark.parametrize("file", sorted(GLOSSARY.glob("*.tsv")), ids=lambda file: file.stem)
def test_no_file_tells_a_concept_twice(file: Path) -> None:
    first = [row.split("\t")[0].split(";")[0] for row in file.read_text("utf-8").splitlines()]
    assert len(set(first)) == len(first)


def test_both_sides_of_a_pair_are_forms_of_one_concept(tokenizer: Tokenizer) -> None:
    rows = glossary()[:40]
    of = glossaries.glossary(tokenizer, rows)
    held = [
        {
            tuple(tokenizer.encode(f, add_special_tokens=False).ids)
            for forms in row.values()
            for f in forms
        }
        for row in rows
    ]
    batch = glossaries.translated(of)(np.random.default_rng(0), 30)
    assert len(batch) > 20
    for i in range(len(batch)):
        left, right = run(batch.left, i), run(batch.right, i)
        assert any(left in forms and right in forms for forms in held)


def test_concepts_that_share_a_chinese_word_do_not_repel(tokenizer: Tokenizer) -> None:
    other = {language: ["x"] for language in glossaries.LANGUAGES}
    rows = [
        other | {"zh": ["收入", "营收"]},
        other | {"zh": ["工资"]},
        other | {"zh": ["所得", "收入"]},
    ]
    keys = glossaries.glossary(tokenizer, rows).keys
    assert keys[0] == keys[2] != keys[1]


def test_an_invented_statement_answers_its_question() -> None:
    made = inventing.pairs(200, np.random.default_rng(0))
    assert len(made) >= 200
    assert not any("{" in one.question + one.statement for one in made)
    every = [one for field in inventing.relations() for one in field]
    for one in made:
        assert 0 <= one.relation < len(every)
    assert any(one.question.isascii() and not one.statement.isascii() for one in made)
