"""Give each question the assistant over the documents it is asked of."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from eval.errors import QuestionsError
from eval.questions import Question
from eval.running import Asker
from index import Document


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents given on the command line, the bundled article where none was given.

    A question with a ``context`` is asked of that text alone, one with ``documents`` of these
    files among the given ones, any other of all of them.
    """

    docs: tuple[Path, ...] = ()
    profile: str = "embedded"

    def key(self, question: Question) -> Hashable:
        return question.context or question.documents

    def open(self, question: Question) -> Asker:
        """Build the assistant; raises ``QuestionsError`` for a document that wasn't given."""
        from rag import Assistant

        if question.context:
            from index import read_text

            source = f"question:{question.id}"
            documents = [read_text(question.context, source=source)]
            return cast(Asker, Assistant.from_documents(documents, profile=self.profile))
        if not self.docs and not question.documents:
            return cast(Asker, Assistant.bundled(profile=self.profile))
        paths = resolve(question, self.docs)
        return cast(Asker, Assistant.from_paths(paths, profile=self.profile))

    def documents(self) -> Mapping[str, Document]:
        """Return the documents themselves."""
        from index import read
        from rag import NoDocuments, bundled

        if not self.docs:
            article = bundled.document()
            return {article.id: article}
        found = read(list(self.docs)).documents
        if not found:
            raise NoDocuments("None of the documents given after --docs could be read.")
        return {document.id: document for document in found}

    def check(self, questions: Sequence[Question]) -> None:
        """Raise before anything is asked if a question names a document that wasn't given."""
        for question in questions:
            resolve(question, self.docs)


def resolve(question: Question, docs: Sequence[Path]) -> list[Path]:
    """Return the files a question is asked of, given files and folders to look in."""
    if question.context or not question.documents:
        return list(docs)
    return [_find(name, question, docs) for name in question.documents]


def _find(name: str, question: Question, docs: Sequence[Path]) -> Path:
    for place in docs:
        if place.is_dir() and (place / name).is_file():
            return place / name
        if place.is_file() and name in (place.name, place.stem):
            return place
    given = ", ".join(map(str, docs)) or "nothing"
    raise QuestionsError(
        f"the question “{question.id}” is asked of “{name}”, which isn't among the documents "
        f"given ({given}). Name its folder after --docs."
    )
