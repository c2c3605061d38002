"""Answering by quoting: choose the sentences that answer, and the words in them that do."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence

from index import Chunk, Corpus, Hit, Span
from rag.answering.drafts import Draft, Found
from rag.answering.evidence import Judged, Place, judge, load_weights, probability
from rag.answering.spans import Sentence, prepare
from rag.asking import Question, parts
from rag.matching import Query, TokenEncoder, query, words
from rag.types import Reason

READ_CHUNKS = 12  # chunks whose sentences are judged; recall at 12 is what the ranking needs
SMALL_CORPUS = 12  # chunks up to which every sentence is judged
KEPT_SENTENCES = 20_000
# Lists, reasons and "how" are often answered by two neighbours that score alike.
_SEVERAL = {"list", "reason", "manner"}
NEARLY_AS_GOOD = 0.93


class Extractive:
    """Answers with sentences of the text; needs no language model."""

    def __init__(self, encoder: TokenEncoder) -> None:
        self._encoder = encoder
        self._sentences: OrderedDict[Span | str, Sentence] = OrderedDict()

    def draft(self, question: Question, corpus: Corpus, hits: Sequence[Hit]) -> Draft:
        """Return the best sentence for each part of the question, or why there is none."""
        spans = self._spans(corpus, hits)
        places = [place for _, place in spans]
        found: list[Found] = []
        weakest: Draft | None = None
        for part in parts(question):
            asked = query(self._encoder, part)
            judged = judge(asked, places)
            draft = self._part(asked, judged, [span for span, _ in spans])
            if draft.reason:
                weakest = draft
            found.extend(one for one in draft.found if one not in found)
        if not found:
            return weakest or Draft((), 0.0, "not_in_text")
        sure = max(one.confidence for one in found)
        return Draft(tuple(found), sure, read=len(places))

    def _part(self, asked: Query, judged: list[Judged], spans: list[Span]) -> Draft:
        if not judged:
            return Draft((), 0.0, "not_in_text")
        order = sorted(range(len(judged)), key=lambda i: -judged[i].score)
        best = judged[order[0]]
        sure = probability(best)
        reason, missing = self._refusal(asked, best, sure)
        closest = spans[order[0]]
        if reason:
            return Draft((), sure, reason, missing, closest, len(judged))
        chosen = [order[0]]
        if asked.question.kind in _SEVERAL and len(order) > 1:
            second = order[1]
            if judged[second].score >= NEARLY_AS_GOOD * best.score:
                chosen.append(second)
        found = tuple(_found(judged[i], spans[i], sure) for i in chosen)
        return Draft(found, sure, closest=closest, read=len(judged))

    def _refusal(self, asked: Query, best: Judged, sure: float) -> tuple[Reason, str]:
        if sure >= load_weights().threshold:
            return "", ""
        return "not_in_text", ""

    def _spans(self, corpus: Corpus, hits: Sequence[Hit]) -> list[tuple[Span, Place]]:
        """Return the sentences of the best chunks, each once, with what surrounds it."""
        ranked: list[Hit | Chunk] = list(hits[:READ_CHUNKS])
        if len(corpus.chunks) <= SMALL_CORPUS:
            seen = {hit.span for hit in ranked}
            ranked += [chunk for chunk in corpus.chunks if chunk.span not in seen]
        places: dict[Span, Place] = {}
        for rank, chunk in enumerate(ranked):
            sentences = _sentences_in(corpus, chunk.span)
            heading = [self._kept(chunk.context, chunk.context)] if chunk.context else []
            for i, span in enumerate(sentences):
                if span in places:
                    continue
                before = [self._sentence(corpus, sentences[i - 1])] if i else []
                places[span] = Place(self._sentence(corpus, span), (*before, *heading), rank)
        return list(places.items())

    def _sentence(self, corpus: Corpus, span: Span) -> Sentence:
        return self._kept(span, corpus.text(span))

    def _kept(self, key: Span | str, text: str) -> Sentence:
        if key in self._sentences:
            self._sentences.move_to_end(key)
            return self._sentences[key]
        sentence = prepare(text, words(self._encoder, text))
        self._sentences[key] = sentence
        if len(self._sentences) > KEPT_SENTENCES:
            self._sentences.popitem(last=False)
        return sentence


def _sentences_in(corpus: Corpus, chunk: Span) -> tuple[Span, ...]:
    sentences = corpus.sentences(chunk.document_id)
    first = bisect_left(sentences, chunk.start, key=lambda span: span.start)
    last = bisect_left(sentences, chunk.end, key=lambda span: span.start)
    return sentences[first:last]


def _found(judged: Judged, span: Span, confidence: float) -> Found:
    short = judged.short
    inside = (
        Span(span.document_id, span.start + short.start, span.start + short.end) if short else None
    )
    return Found(span, inside, short.figure if short else None, confidence)
