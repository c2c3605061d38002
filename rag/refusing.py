"""Saying that the text doesn't say: in the asker's language, with the reason if one stands out."""

from __future__ import annotations

from rag.answering import Draft
from rag.phrases import phrases


def refusal_text(draft: Draft, language: str) -> str:
    """Return the one sentence that refuses."""
    words = phrases(language)
    if draft.reason == "other_subject" and draft.missing:
        return words.other_subject.format(draft.missing)
    if draft.reason == "other_time" and draft.missing:
        return words.other_time.format(draft.missing)
    return words.not_in_text
