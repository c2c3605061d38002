"""Stand-ins with a script: a corpus that ranks by shared words, an assistant that answers by heart.

They take the place of what is measured, never of what measures.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.questions import Question
from eval.running import Mode
from index import Chunk, Document, Hit, Span
from rag import Answer, Citation, Statement, Turn

TEXT = "Sales rose to 31 million. Costs fell by 5%. Ada Moss leads it. Rain fell."


def document(text: str = TEXT, name: str = "report.txt") -> Document:
    return Document(name, name.removesuffix(".txt"), text, name, "en")


@dataclass(frozen=True)
class ScriptedCorpus:
    """One chunk a sentence, ranked by the number of words shared with the question."""

    documents: Mapping[str, Document]

    @property
    def chunks(self) -> Sequence[Chunk]:
        spans = (s for name in self.documents for s in self.sentences(name))
        return [Chunk(s.document_id, s.start, s.end, self._text(s)) for s in spans]

    def sentences(self, document_id: str) -> tuple[Span, ...]:
        found = re.finditer(r"[^.。\s][^.。]*[.。]?", self.documents[document_id].text)
        return tuple(Span(document_id, m.start(), m.end()) for m in found)

    def search(self, query: str, k: int = 10, mode: Mode = "fused") -> list[Hit]:
        words = set(query.lower().split())
        hits = [
            Hit(c.document_id, c.start, c.end, c.text, len(words & set(c.text.lower().split())))
            for c in self.chunks
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.document_id, hit.start))
        return hits[:k]

    def save(self, home: Path) -> None:
        home.mkdir()
        for i, one in enumerate(self.documents.values()):
            (home / str(i)).write_text(one.text, "utf-8")

    def _text(self, span: Span) -> str:
        return self.documents[span.document_id].text[span.start : span.end]


@dataclass
class ScriptedAssistant:
    """Says what its script says, quoting where the script names a quote; else it refuses."""

    corpus: ScriptedCorpus
    script: Mapping[str, tuple[str, str]]
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def without_reader(self) -> ScriptedAssistant:
        return ScriptedAssistant(self.corpus, self.script)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        hits = tuple(self.corpus.search(question))
        if question not in self.script:
            text = "The text doesn't say."
            return Answer(
                question, text, "en", (), (), True, "not_in_text", hits, {"total": 0.5}, "embedded"
            )
        short, quote = self.script[question]
        source = next(d for d in self.corpus.documents.values() if quote in d.text)
        start = source.text.index(quote)
        citation = Citation(1, source.title, source.id, start, start + len(quote), quote)
        text = f"{short}: {quote} [1]"
        statement = Statement(text, (1,), short=short)
        return Answer(
            question, text, "en", (statement,), (citation,), False, "", hits,
            {"total": 0.5}, "embedded",
        )  # fmt: skip


@dataclass
class ScriptedLibrary:
    """Opens a scripted assistant over the documents a question names, all of them by default."""

    documents: Mapping[str, Document]
    script: Mapping[str, tuple[str, str]]
    opened: list[Hashable] = field(default_factory=list)

    def key(self, question: Question) -> Hashable:
        return question.documents

    def open(self, question: Question) -> ScriptedAssistant:
        self.opened.append(self.key(question))
        names = question.documents or tuple(self.documents)
        corpus = ScriptedCorpus({name: self.documents[name] for name in names})
        return ScriptedAssistant(corpus, self.script)


def question(id_: str, text: str, answers: Sequence[str], evidence: Sequence[str]) -> Question:
    return Question(id_, "en", text, tuple(answers), tuple(evidence))


QUESTIONS = (
    question("a", "How much were sales", ["31 million"], ["Sales rose to 31 million."]),
    question("b", "By how much did costs fall", ["5%"], ["Costs fell by 5%."]),
    question("c", "Who leads it", ["Ada Moss"], ["Ada Moss leads it."]),
    question("d", "What is the margin", [], []),
    question("e", "Who founded it", [], []),
)
# right; right figure from the wrong sentence's quote; refused; answered; refused
SCRIPT = {
    "How much were sales": ("31 million", "Sales rose to 31 million."),
    "By how much did costs fall": ("5%", "Rain fell."),
    "What is the margin": ("5%", "Costs fell by 5%."),
}
