"""Thumbs become cases: what people rated on the page, turned into questions somebody confirmed.

The page keeps each rating in ``feedback.jsonl`` of the index' folder. A rating says that an answer
was good or bad, not what would have been right: a person says that here, once for each.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import QuestionsError
from eval.evidence import locate
from eval.questions import load
from index import Document

NEEDED = ("question", "answer", "rating", "lang", "refused", "citations")
HELP = """\
For each rated answer, type what would have been right:
  a | b     any of these is right; as the text has it, and the asker's form where it differs
  +         what was answered is right
  -         the text doesn't say
  Enter     leave it for another time
  q         stop; what was confirmed is kept"""

Ask = Callable[[str], str]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rated:
    """One line of ``feedback.jsonl``; ``proposed`` is what the answer said in short."""

    question: str
    lang: str
    rating: str
    answer: str
    refused: bool
    proposed: tuple[str, ...]
    quotes: tuple[str, ...]
    corpus: str

    @property
    def id(self) -> str:
        """The same for the same question about the same index, however often it was rated."""
        key = f"{self.corpus}\n{self.question}"
        return f"feedback-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def read(path: Path) -> list[Rated]:
    """Read ratings, the last of several of one question; raises ``QuestionsError``."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise QuestionsError(
            f"{path}: can't be read ({exc}). It is the feedback.jsonl in the folder of the index, "
            "written when an answer is rated on the page."
        ) from exc
    rated = [_rated(line, f"{path}, line {n}") for n, line in enumerate(lines, 1) if line.strip()]
    return list({one.id: one for one in rated}.values())


def _rated(line: str, place: str) -> Rated:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as exc:
        raise QuestionsError(f"{place}: not JSON ({exc.msg}).") from exc
    if not isinstance(fields, dict) or any(name not in fields for name in NEEDED):
        raise QuestionsError(f"{place}: not a rating; it needs {', '.join(NEEDED)}.")
    return Rated(
        # A follow-up is kept as the question it stands for, which can be asked alone.
        question=fields.get("condensed") or fields["question"],
        lang=fields["lang"],
        rating=fields["rating"],
        answer=fields["answer"],
        refused=bool(fields["refused"]),
        proposed=tuple(fields.get("short", ())),
        quotes=tuple(c["quote"] for c in fields["citations"]),
        corpus=str(fields.get("corpus", "")),
    )


def confirm(
    rated: Sequence[Rated], documents: Mapping[str, Document], ask: Ask, say: Say
) -> Iterator[dict[str, Any]]:
    """Yield the cases a person confirms, in the question format.

    ``ask`` puts a prompt and returns a line, ``say`` shows one; evidence is asked for again until
    it stands in the documents.
    """
    say(HELP)
    for number, one in enumerate(rated, start=1):
        say(_shown(one, number, len(rated)))
        line = ask("right answer> ").strip()
        if line == "q":
            return
        answers = _answers(line, one)
        if answers is None:
            continue
        evidence = _evidence(one, documents, ask, say) if answers else []
        if evidence is not None:
            yield {
                "id": one.id,
                "lang": one.lang,
                "question": one.question,
                "answers": answers,
                "evidence": evidence,
            }


def _shown(one: Rated, number: int, count: int) -> str:
    lines = [
        f"\n{number} of {count}, rated {one.rating}, {one.lang}: {one.question}",
        f"  {'refused' if one.refused else 'answered'}: {' '.join(one.answer.split())}",
        *(f"  cited: “{quote}”" for quote in one.quotes),
    ]
    if one.proposed:
        lines.append(f"  in short: {' | '.join(one.proposed)}")
    return "\n".join(lines)


def _answers(line: str, one: Rated) -> list[str] | None:
    """Return the right answers, [] where the text doesn't say, None to leave it."""
    if line == "+":
        return [] if one.refused else list(one.proposed or one.quotes)
    if line == "-":
        return []
    return [part.strip() for part in line.split("|") if part.strip()] or None


def _evidence(
    one: Rated, documents: Mapping[str, Document], ask: Ask, say: Say
) -> list[str] | None:
    """Return words of the documents that hold the answer, None where none are given."""
    default = " (Enter: what was cited)" if one.quotes else " (Enter: leave it)"
    while True:
        line = ask(f"the text's own words for it{default}> ").strip()
        given = [part.strip() for part in line.split("|") if part.strip()] or list(one.quotes)
        if line == "q":
            return None
        found = locate(given, documents)
        if found.missing:
            said = f"not in the documents: “{found.missing[0]}”. Copy it from there to the letter."
        elif line and (times := max(len(places) for places in found.places)) > 1:
            said = f"it stands there {times} times. Take more words, so that one place is meant."
        else:
            return given or None
        say(f"  {said}")
        if not line:
            return None


def append(path: Path, cases: Iterator[dict[str, Any]]) -> int:
    """Append each case as soon as it is confirmed, and return how many there were."""
    count = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    for case in cases:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(case, ensure_ascii=False) + "\n")
        count += 1
    return count


def unconfirmed(rated: Sequence[Rated], path: Path) -> list[Rated]:
    """Leave out what the question file holds already."""
    held = {question.id for question in load(path)} if path.exists() else set()
    return [one for one in rated if one.id not in held]
