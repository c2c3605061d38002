"""Thumbs up and down, one JSON object a line, so that a bad answer can become an eval case."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from rag import Answer

Rating = Literal["good", "bad"]
FILE = "feedback.jsonl"
_writing = Lock()


def record(answer: Answer, rating: Rating, fingerprint: str) -> dict[str, Any]:
    """Return what is kept of a rated answer; ``fingerprint`` is that of the whole index."""
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "rating": rating,
        "lang": answer.language,
        "question": answer.question,
        "condensed": answer.condensed,
        "answer": answer.text,
        "refused": answer.refused,
        "short": [text for s in answer.sentences for text in (s.short, s.gloss) if text],
        "citations": [
            {"document": c.document, "start": c.start, "end": c.end, "quote": c.quote}
            for c in answer.citations
        ],
        "profile": answer.profile,
        "corpus": fingerprint,
    }


def keep(home: Path, entry: dict[str, Any]) -> Path:
    """Append an entry to ``feedback.jsonl`` in ``home`` and return the file.

    Raises:
        OSError: the folder can't be made or the file can't be written.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / FILE
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    with _writing, path.open("a", encoding="utf-8") as file:
        file.write(line)
    return path
