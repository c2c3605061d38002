"""Question files in, questions out.

Three formats are read, each also as ``.xz``:

- ours, one JSON object a line: ``{"id", "lang", "question", "answers", "evidence"}`` and, where
  wanted, ``"documents"`` (names of the files it is asked of), ``"history"`` (earlier turns,
  ``[{"question", "answer"}]``) and ``"kind"``; a list in place of an evidence string holds several
  of which any will do, for what a text says twice;
- the same lines with a ``"context"`` and, where known, ``"start"``, the first answer's place in it:
  the question is asked of that text alone;
- SQuAD's JSON as published (SQuAD, XQuAD, DRCD, KorQuAD, JaQuAD, CMRC 2018 in both its layouts):
  every question is asked of its own paragraph.

The last two name no evidence: it is the sentence that holds the answer, at its published place.

``answers: []`` means that the text doesn't say, and a refusal is right.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from eval.errors import QuestionsError
from rag import Turn

BUNDLED = Path(__file__).parent / "data" / "questions.jsonl"


@dataclass(frozen=True, slots=True)
class Question:
    """One case: any of ``answers`` is right; ``evidence`` are exact substrings of the text, or
    several in place of one where any of them will do.

    ``documents`` narrows what it is asked of to these files; ``context``, when not empty, is the
    whole text it is asked of.
    """

    id: str
    lang: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[str | tuple[str, ...], ...]
    documents: tuple[str, ...] = ()
    context: str = ""
    kind: str = ""
    history: tuple[Turn, ...] = ()

    @property
    def answerable(self) -> bool:
        return bool(self.answers)

    @property
    def evidence_strings(self) -> tuple[str, ...]:
        """Return every string of the evidence, those of which any will do too."""
        return tuple(s for e in self.evidence for s in ((e,) if isinstance(e, str) else e))

    def __str__(self) -> str:
        return f"{self.id} ({self.lang}) {self.question}"


def load(path: Path) -> list[Question]:
    """Read one question file; raises ``QuestionsError`` naming the file and the line."""
    if path.name.removesuffix(".xz").endswith(".json"):
        return list(_from_squad(path))
    return list(_from_lines(path))


def load_all(paths: Sequence[Path]) -> list[Question]:
    """Read several files as one set; an id that occurs twice is an error."""
    questions: list[Question] = []
    origin: dict[str, Path] = {}
    for path in paths:
        for question in load(path):
            if question.id in origin:
                raise QuestionsError(
                    f"{path}: the id “{question.id}” occurs twice "
                    f"(first in {origin[question.id]}). Give every question its own id."
                )
            origin[question.id] = path
            questions.append(question)
    if not questions:
        raise QuestionsError(f"{', '.join(map(str, paths))}: no question in it.")
    return questions


def _read(path: Path) -> str:
    if not path.exists():
        raise QuestionsError(f"{path}: no such question file. Check the path after --questions.")
    if path.is_dir():
        raise QuestionsError(f"{path} is a folder. Name the question file itself.")
    try:
        if path.suffix == ".xz":
            with lzma.open(path, "rt", encoding="utf-8-sig") as stream:
                return stream.read()
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, lzma.LZMAError, EOFError) as exc:
        raise QuestionsError(f"{path}: can't be read as UTF-8 text ({exc}).") from exc


def _from_lines(path: Path) -> Iterator[Question]:
    # Only "\n" ends a line: JSON strings may hold U+2028, at which splitlines() would cut.
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            fields = json.loads(line)
        except json.JSONDecodeError as exc:
            raise QuestionsError(f"{place}: not JSON ({exc.msg}, column {exc.colno}).") from exc
        if not isinstance(fields, dict):
            raise QuestionsError(f"{place}: a question is a JSON object in braces.")
        yield _question(fields, place)


def _question(fields: Mapping[str, Any], place: str) -> Question:
    context = _string(fields, "context", place, default="")
    answers = _strings(fields, "answers", place)
    start = fields.get("start", -1)
    places = [(text, start if n == 0 else -1) for n, text in enumerate(answers)]
    own = _sentences(places, context) if context else None
    question = _string(fields, "question", place)
    if not question.strip():
        raise QuestionsError(f"{place}: “question” is empty.")
    return Question(
        id=_string(fields, "id", place),
        lang=_string(fields, "lang", place),
        question=question,
        answers=answers,
        evidence=_evidence(fields, place, default=own),
        documents=_strings(fields, "documents", place, default=[]),
        context=context,
        kind=_string(fields, "kind", place, default=""),
        history=_history(fields, place),
    )


def _string(fields: Mapping[str, Any], name: str, place: str, default: str | None = None) -> str:
    value = fields.get(name, default)
    if value is None:
        raise QuestionsError(f"{place}: the field “{name}” is missing.")
    if not isinstance(value, str):
        raise QuestionsError(f"{place}: “{name}” must be a string, not {json.dumps(value)[:40]}.")
    return value


def _strings(
    fields: Mapping[str, Any], name: str, place: str, default: Sequence[str] | None = None
) -> tuple[str, ...]:
    value = fields.get(name, default)
    if value is None:
        raise QuestionsError(f"{place}: the field “{name}” is missing (a list, may be []).")
    if not isinstance(value, list | tuple) or not all(isinstance(v, str) and v for v in value):
        raise QuestionsError(f"{place}: “{name}” must be a list of strings, none empty.")
    return tuple(value)


def _evidence(
    fields: Mapping[str, Any], place: str, default: Sequence[str] | None
) -> tuple[str | tuple[str, ...], ...]:
    given = fields.get("evidence", default)
    if not isinstance(given, list):
        return _strings(fields, "evidence", place, default)
    return tuple(
        _strings({"evidence": one}, "evidence", place)
        if isinstance(one, list)
        else _strings({"evidence": [one]}, "evidence", place)[0]
        for one in given
    )


def _history(fields: Mapping[str, Any], place: str) -> tuple[Turn, ...]:
    turns = fields.get("history", [])
    shaped = isinstance(turns, list) and all(
        isinstance(t, dict) and isinstance(t.get("question"), str) for t in turns
    )
    if not shaped:
        raise QuestionsError(f'{place}: “history” must be a list of {{"question", "answer"}}.')
    return tuple(Turn(t["question"], str(t.get("answer", ""))) for t in turns)


def _from_squad(path: Path) -> Iterator[Question]:
    try:
        content = json.loads(_read(path))
    except json.JSONDecodeError as exc:
        raise QuestionsError(f"{path}, line {exc.lineno}: not JSON ({exc.msg}).") from exc
    lang = _language_of_name(path)
    try:
        for context, asked in _paragraphs(content):
            for item in asked:
                yield _squad_question(item, context, lang)
    except (KeyError, TypeError, AttributeError) as exc:
        raise QuestionsError(
            f"{path}: neither SQuAD's layout nor CMRC's ({type(exc).__name__}: {exc}). "
            "Other sets can be given as JSON lines; see the docstring of eval/questions.py."
        ) from exc


def _paragraphs(content: Any) -> Iterator[tuple[str, Iterable[Mapping[str, Any]]]]:
    if isinstance(content, list):  # CMRC 2018 as first published
        for item in content:
            yield item["context_text"], item["qas"]
        return
    for article in content["data"]:
        for paragraph in article["paragraphs"]:
            yield paragraph["context"], paragraph["qas"]


def _squad_question(item: Mapping[str, Any], context: str, lang: str) -> Question:
    impossible = bool(item.get("is_impossible"))
    given = [] if impossible else item.get("answers", [])
    places = [(a, -1) if isinstance(a, str) else (a["text"], a.get("answer_start", -1))
              for a in given]  # fmt: skip
    answers = tuple(dict.fromkeys(text for text, _ in places if text))
    question = item["question"] if "question" in item else item["query_text"]
    return Question(
        id=str(item["id"] if "id" in item else item["query_id"]),
        lang=lang or _detect(question),
        question=question,
        answers=answers,
        evidence=tuple(_sentences(places, context)),
        context=context,
    )


def _sentences(places: Sequence[tuple[str, int]], context: str) -> list[str]:
    """Return the sentences that hold the answers, each once; an answer that isn't there has none.

    A published place that doesn't hold the answer, -1 too, is as none: its first one is taken.
    """
    found: dict[str, None] = {}
    for text, published in places:
        right = isinstance(published, int) and published >= 0
        start = published if right and context.startswith(text, published) else context.find(text)
        if text and start >= 0:
            held = [(a, b) for a, b in _split(context) if a < start + len(text) and start < b]
            found[context[held[0][0] : held[-1][1]] if held else text] = None
    return list(found)


@lru_cache(maxsize=8)
def _split(context: str) -> tuple[tuple[int, int], ...]:
    from index import split

    return tuple(split(context))


# SQuAD's layout says no language; the published file names do, xquad.zh.json for one.
_NAMES = {
    "cmrc": "zh",
    "drcd": "zh-Hant",
    "jaquad": "ja",
    "korquad": "ko",
    "squad-it": "it",
    "squad_it": "it",
}


def _language_of_name(path: Path) -> str:
    name = path.name.lower()
    if name.startswith("xquad."):
        return name.split(".")[1]
    return next((lang for part, lang in _NAMES.items() if part in name), "")


def _detect(text: str) -> str:
    from index import detect

    return detect(text)
