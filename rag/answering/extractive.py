"""Answering by quoting: choose the sentences that answer, and the words in them that do."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Lock

from index import Chunk, Corpus, Hit, Span
from rag.answering.drafts import Draft, Found
from rag.answering.evidence import (
    ABSENT,
    FEATURES,
    Judged,
    Place,
    Read,
    judge,
    look_closer,
    probability,
)
from rag.answering.reader import Reader
from rag.answering.rephrasing import in_words_of, own_times, period_of, without, without_subject
from rag.answering.spans import Sentence, prepare
from rag.asking import Question, parts
from rag.concepts import naming
from rag.fitted import fitted
from rag.kinds import Kind
from rag.matching import Query, TokenEncoder, query, words
from rag.numbers import Period, Time
from rag.organisations import unnamed
from rag.types import Reason

READ_CHUNKS = 12  # chunks whose sentences are judged; recall at 12 is what the ranking needs
READ_PASSAGES = 8  # of them are read by the reader too, the best first
SMALL_CORPUS = 12  # chunks up to which every sentence is judged
KEPT_SENTENCES = 20_000
# Lists, reasons and "how" are often answered by two neighbours that score alike; and where it is
# unsure which of two sentences answers, both are quoted, the better one first. So are two that are
# level, their scores no further apart than ``LEVEL``, where only the second is right in a quarter
# to a third of the cases. Of the answers to opened sets (twelfth reader, 2026-12-01), with 0, .5,
# .75, 1, 1.5 a sentence quoted is right in .955 .961 .963 .964 .964 (Chinese), .943 .952 .965 .969
# .978 (English) and .928 .956 .964 .966 .968 (others), two are quoted in .00 .02 .03 .04 .05, .00
# .03 .06 .08 .13 and .00 .07 .10 .12 .19.
_SEVERAL = {"list", "reason", "manner"}
NEARLY_AS_GOOD = 0.9
UNSURE = 0.6
LEVEL = 1.0
MOST_SENTENCES = 2
# What no rule has a shape for the reader points out, if it is rather sure (log-probability).
_NAMED: set[Kind] = {"person", "place", "thing"}
SURE_OF_SPAN = math.log(0.4)
# A question for a figure or a person is not answered by a sentence without one.
_NEEDS_TYPED: set[Kind] = {"figure", "count", "date", "duration", "person"}
GOOD_ENOUGH = 0.6  # of the best score, for a sentence with a figure to go before one without
TYPED = 0.25  # how well the sentence's candidate has to suit the kind that was asked for
# The probability under which the best sentence is not shown, in the text's language and across: of
# .25, .30 and so on the lowest at which, of opened sets on the original article (eval/data/fresh:
# second to thirteenth, sixteenth and seventeenth), 85% of the unanswerable questions are refused
# and 95.5% of the answers cite a right sentence: in the text's language of all of them (.25 85.4%
# and 96.1%, 2.7% of the answerable refused; from the eighth on 83.3% and 96.1%), across of those
# from the eighth on, in English and in the others (.35 86.1% and 95.4%, 86.8% and 95.4%; .40 87.5%
# and 95.6%, 89.6% and 95.6%, 14% and 11% refused; twelfth reader, 2026-12-01, eval/LOG.md).
REFUSE_BELOW = {False: 0.25, True: 0.4}
# The best sentence is read once more by itself, and so are those of the best ``LOOKED`` whose score
# is near enough: by how much at most, and what the reader's log-odds weigh then beside the score,
# in the text's language and across. First sentence right (2026-11-30) in the text's language with
# the eleventh reader, 302 questions of 40 articles / 400 of opened sets: none but the best .960 /
# .940; within 1 with weights .25, .5, 1 .960 / .948, .960 / .950, .960 / .955; within 3 and 1
# .957 / .960. Sentences quoted across languages right, tenth reader and ``LEAST_READING``: within
# 1.5, 2.5, 4 and .5 .937 .939 .938.
LOOKED = 3
CLOSER = {False: (1.0, 1.0), True: (2.5, 0.5)}
_JOINED = re.compile(r"\s*(?:&|-|(?:and|of|for|de|da|do|du|di|et|e|y|и)(?: the)?)?\s*")
# Where no word meets any and the sentence is hardly alike, the question is about something else.
UNRELATED_COVER = 0.05
UNRELATED_DENSE = 0.1
UNRELATED_DENSE_OTHER = 0.03
WELL_KNOWN = {"zh", "en"}


class Extractive:
    """Answers with sentences of the text; needs no language model."""

    def __init__(self, encoder: TokenEncoder, reader: Callable[[], Reader] | None = None) -> None:
        """``reader`` opens what reads the best passages, when the first question comes; without
        one, words and vectors decide alone."""
        self._encoder = encoder
        self._reader = reader
        self._sentences: OrderedDict[Span | tuple[str, str], Sentence] = OrderedDict()
        self._lock = Lock()
        self._periods: dict[str, Period] = {}

    def draft(self, question: Question, corpus: Corpus, hits: Sequence[Hit]) -> Draft:
        """Return the best sentence for each part of the question, or why there is none: a question
        about something that the text doesn't name has none, whatever else it asks."""
        spans = self.places(question, corpus, hits)
        places = [place for _, place in spans]
        held = [span for span, _ in spans]
        drafts = [self._part(*self.weighed(part, places), held) for part in parts(question)]
        if len(drafts) > 1:  # nothing could say which of three sentences are for the same part
            drafts = [replace(one, found=one.found[:1]) if one.either else one for one in drafts]
        found = list(dict.fromkeys(one for draft in drafts for one in draft.found))
        if not found:
            return drafts[-1]
        lacking = [draft for draft in drafts if draft.reason]
        for draft in lacking:
            if draft.reason == "other_subject":
                return replace(draft, closest=found[0].sentence)
        sure = max(one.confidence for one in found)
        return Draft(
            tuple(found),
            sure,
            missing=lacking[0].missing if lacking else "",
            read=len(places),
            either=len(drafts) == 1 and drafts[0].either,
            partly=bool(lacking),
        )

    def weighed(
        self, part: Question, places: Sequence[Place]
    ) -> tuple[Query, list[Judged], list[int]]:
        """Judge every place; return the question's words, what was found of each place, and their
        order, best first."""
        asked = query(self._encoder, part)
        judged = judge(asked, places, self._read(asked, places))
        order = ordered(asked, judged)
        if self._reader is not None and order:
            order = self._look_closer(asked, judged, order)
        return asked, judged, order

    def _look_closer(self, asked: Query, judged: list[Judged], order: list[int]) -> list[int]:
        """Read the best sentences once more, each by itself, and put them in order again: beside
        others a near miss passes for an answer more easily. A question in another language is
        asked twice, as it is and with the words the glossary knows put into the sentence's; so is
        one that names the organisation the text begins with, as sentences hardly name it again."""
        assert self._reader is not None
        first = judged[order[0]]
        within, weight = CLOSER[first.place.cross]
        best = [i for i in order[:LOOKED] if judged[i].score >= first.score - within]
        places = [judged[i].place for i in best]
        unsaid = _unsaid(asked.question, places)
        questions = [without(asked.question.text, unsaid)]
        if first.place.cross:
            sentences = [place.sentence for place in places]
            questions.append(in_words_of(asked, sentences, first.place.language, unsaid))
        elif short := without_subject(
            asked,
            [sentence.text for sentence in first.place.lead],
            [one.place.sentence.text for one in judged],
            unsaid,
        ):
            questions.append(short)
        temperature = fitted().temperature(asked.question.language)
        texts = [place.sentence.text for place in places]
        readings = [self._reader().read(question, texts) for question in questions]
        for i, *own in zip(best, *readings, strict=True):
            odds = sum(reading.answerable for reading in own) / len(own)
            judged[i] = look_closer(judged[i], odds / temperature, weight)
        best.sort(key=lambda i: -judged[i].score)
        return best + order[len(best) :]

    def _part(
        self, asked: Query, judged: list[Judged], order: list[int], spans: list[Span]
    ) -> Draft:
        if not judged:
            return Draft((), 0.0, "not_in_text")
        best = judged[order[0]]
        sure = probability(best)
        reason, missing = self._refusal(asked, judged, best, sure)
        closest = spans[order[0]]
        if reason:
            return Draft((), sure, reason, missing, closest, len(judged))
        whole = asked.question.kind in _SEVERAL
        level = best.score - LEVEL
        enough = min(NEARLY_AS_GOOD * best.score, level) if whole or sure < UNSURE else level
        chosen = [i for i in order[:MOST_SENTENCES] if judged[i].score >= enough]
        found = tuple(_found(asked, judged[i], spans[i], sure) for i in chosen)
        return Draft(
            found, sure, closest=closest, read=len(judged), either=len(found) > 1 and not whole
        )

    def _refusal(
        self, asked: Query, judged: Sequence[Judged], best: Judged, sure: float
    ) -> tuple[Reason, str]:
        """Return why the best sentence doesn't answer, and the word or time that is missing."""
        values = dict(zip(FEATURES, best.features.tolist(), strict=True))
        if stranger := _stranger(asked, best) or unnamed(asked, _texts(judged)):
            return "other_subject", stranger
        if values["time_other"] and not values["time_same"]:
            time = asked.question.times[0]
            return "other_time", asked.question.text[time.start : time.end]
        if _NEEDS_TYPED & {*asked.question.kinds[:3]} and not _typed(best):
            return "no_figure", ""
        if _compared_otherwise(asked, best):
            return "not_in_text", ""
        known = not best.place.cross or asked.question.language[:2] in WELL_KNOWN
        alike = UNRELATED_DENSE if known else UNRELATED_DENSE_OTHER
        if values["cover_context"] < UNRELATED_COVER and values["dense"] < alike:
            return "not_in_text", ""
        if sure >= REFUSE_BELOW[best.place.cross]:
            return "", ""
        return "not_in_text", ""

    def places(
        self, question: Question, corpus: Corpus, hits: Sequence[Hit]
    ) -> list[tuple[Span, Place]]:
        """Return the sentences of the best chunks, each once, with what surrounds it."""
        asked_in = question.language.split("-")[0]
        ranked: list[Hit | Chunk] = list(hits[:READ_CHUNKS])
        if len(corpus.chunks) <= SMALL_CORPUS:
            seen = {hit.span for hit in ranked}
            ranked += [chunk for chunk in corpus.chunks if chunk.span not in seen]
        places: dict[Span, Place] = {}
        for rank, chunk in enumerate(ranked):
            sentences = corpus.sentences_in(chunk.span)
            found = chunk.score if isinstance(chunk, Hit) else 0.0
            language = corpus.documents[chunk.document_id].language
            heading = [self._kept(chunk.context, language)] if chunk.context else []
            lead = (self._sentence(corpus, corpus.sentences(chunk.document_id)[0]),)
            period = self._period(corpus, chunk.document_id)
            cross = not language.startswith(asked_in)
            for i, span in enumerate(sentences):
                if span in places or _is_heading(corpus.text(span), chunk.context):
                    continue
                before = [self._sentence(corpus, sentences[i - 1])] if i else []
                own = self._sentence(corpus, span)
                around = (*before, *heading)
                places[span] = Place(own, around, rank, cross, found, period, lead, language)
        return list(places.items())

    def _read(self, asked: Query, places: Sequence[Place]) -> list[Read | None]:
        """Return what the reader says of each place, None of one it doesn't read.

        A question in another language is read with the words that the glossary knows put into the
        text's: on 40 of our development articles the first sentence was right in .884 of 672 in
        place of .869, and near misses were told apart better (AUC of the reader's log-odds .774 in
        place of .739; 2026-11-30).
        """
        if self._reader is None or not places:
            return []
        unsaid = _unsaid(asked.question, places)
        text = without(asked.question.text, unsaid)
        if places[0].cross:
            sentences = [place.sentence for place in places]
            text = in_words_of(asked, sentences, places[0].language, unsaid)
        reads: list[Read | None] = [None] * len(places)
        temperature = fitted().temperature(asked.question.language)
        passages: dict[int, list[int]] = {}
        for i, place in enumerate(places):
            passages.setdefault(place.rank, []).append(i)
        best = sorted(passages)[:READ_PASSAGES]
        joined = (_joined([places[i].sentence for i in passages[rank]]) for rank in best)
        texts, starts = zip(*joined, strict=True)
        for rank, begins, reading in zip(
            best, starts, self._reader().read(text, texts), strict=True
        ):
            for i, begin in zip(passages[rank], begins, strict=True):
                end = begin + len(places[i].sentence.text)
                if span := reading.best(begin, end):
                    sure = reading.answerable / temperature
                    reads[i] = Read(sure, span[2], span[0] - begin, span[1] - begin)
        return reads

    def _period(self, corpus: Corpus, document_id: str) -> Period:
        if document_id not in self._periods:
            self._periods[document_id] = period_of(corpus.documents[document_id].text)
        return self._periods[document_id]

    def _sentence(self, corpus: Corpus, span: Span) -> Sentence:
        language = corpus.documents[span.document_id].language
        return self._kept(corpus.text(span), language, span)

    def _kept(self, text: str, language: str, span: Span | None = None) -> Sentence:
        key = span or (text, language)
        with self._lock:
            if key in self._sentences:
                self._sentences.move_to_end(key)
                return self._sentences[key]
        sentence = prepare(text, words(self._encoder, text, language=language))
        with self._lock:
            self._sentences[key] = sentence
            if len(self._sentences) > KEPT_SENTENCES:
                self._sentences.popitem(last=False)
        return sentence


def _unsaid(question: Question, places: Sequence[Place]) -> list[Time]:
    """Return the times of a question that the text of these places is of; of several texts, none.

    The reader is asked without them, as sentences hardly name them again. Of 431 questions that
    name one, in the text's language and across, AUC of its log-odds for the best sentence alone
    .846 and .813 with them, .920 and .855 without (opened sets, 40 articles, ninth reader,
    2026-11-30).
    """
    period, *others = {place.period for place in places}
    return [] if others else own_times(question, period)


def _joined(sentences: Sequence[Sentence]) -> tuple[str, list[int]]:
    """Return the sentences of a passage as one text, and where each starts."""
    text, starts = "", []
    for sentence in sentences:
        if text and text[-1].isascii():
            text += " "
        starts.append(len(text))
        text += sentence.text
    return text, starts


def _is_heading(text: str, context: str) -> bool:
    """Tell whether a sentence is a heading: it names what others say, and says nothing itself."""
    bare = text.lstrip("# ").strip()
    return text.startswith("#") or bare in context.split(" › ")


def ordered(asked: Query, judged: Sequence[Judged]) -> list[int]:
    """Return the sentences best first; where a figure, date or person is asked for outright,
    those with one come first if the best of them is nearly as good as any."""
    order = sorted(range(len(judged)), key=lambda i: -judged[i].score)
    if not _NEEDS_TYPED & {*asked.question.kinds[:3]}:
        return order
    typed = [i for i in order if _typed(judged[i])]
    if typed and judged[typed[0]].score >= GOOD_ENOUGH * judged[order[0]].score:
        return typed
    return order


def _typed(judged: Judged) -> bool:
    """Tell whether a sentence has what can answer: by its shape, or because the reader says so."""
    return judged.features[FEATURES.index("typed")] >= TYPED or (
        judged.read is not None and judged.read.reading >= SURE_OF_SPAN
    )


def _stranger(asked: Query, best: Judged) -> str:
    """Return a name of the question that no candidate sentence holds in any spelling, or "".

    Of a name of two words one has to be missing, of a longer one most: titles hold common words.
    """
    missing = (best.everywhere < ABSENT) & (asked.weights > 0)
    for run in _runs(asked):
        strange = [i for i in run if missing[i]]
        if len(strange) > (len(run) // 2 if len(run) > 2 else 0):
            start, end = asked.words.offsets[strange[0], 0], asked.words.offsets[strange[-1], 1]
            return asked.question.text[start:end]
    return ""


def _compared_otherwise(asked: Query, best: Judged) -> bool:
    """Tell whether growth over a year is asked for and a sentence has only that over a quarter, or
    the other way round."""
    named = frozenset[int]().union(*(place.concepts for place in asked.words.told))
    told = best.place.sentence.concepts
    year, quarter = naming("同比", "zh"), naming("环比", "zh")
    yearly = bool(named & year) or any(t.relative == "last_year" for t in asked.question.times)
    quarterly = bool(named & quarter)
    if yearly == quarterly:
        return False
    wanted, other = (year, quarter) if yearly else (quarter, year)
    return bool(told & other) and not told & wanted


def _runs(asked: Query) -> Iterator[list[int]]:
    """Yield the words of each name; one that only joins may stand between them."""
    run: list[int] = []
    for i, name in enumerate(asked.names):
        named = name and not _in_time(asked, i)
        if named and run and not _JOINED.fullmatch(_between(asked, run[-1], i)):
            yield run
            run = []
        if named:
            run.append(i)
    if run:
        yield run


def _in_time(asked: Query, i: int) -> bool:
    start, end = asked.words.offsets[i].tolist()
    return any(time.start <= start and end <= time.end for time in asked.question.times)


def _between(asked: Query, i: int, j: int) -> str:
    """Return what stands between two words."""
    start, end = asked.words.offsets[i, 1], asked.words.offsets[j, 0]
    return asked.question.folded[start:end]


def _texts(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the candidate sentences and what surrounds them."""
    for one in judged:
        yield one.place.sentence.text
        yield from (other.text for other in (*one.place.context, *one.place.lead))


def _found(asked: Query, judged: Judged, span: Span, confidence: float) -> Found:
    short, read = judged.short, judged.read
    part = (short.start, short.end) if short else None
    named = asked.question.kind in _NAMED and read is not None and read.span >= SURE_OF_SPAN
    # More than half a sentence is hardly shorter to read than the sentence.
    brief = read is not None and read.end - read.start <= len(judged.place.sentence.text) / 2
    if part is None and read and named and brief:
        part = read.start, read.end
    inside = Span(span.document_id, span.start + part[0], span.start + part[1]) if part else None
    return Found(span, inside, short.figure if short else None, confidence)
