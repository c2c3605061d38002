"""Cut a document into chunks of whole sentences.

A chunk starts and ends where sentences do, repeats the last sentence of the one before it, stays
inside one section and prefers to end with a paragraph. Headings are text like any other, so they
have offsets and can be cited; what a chunk stands under is repeated in ``context``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.lines import CJK
from index.sentences import split
from index.types import Chunk, Document

HEADING_WEIGHT = 120  # an unmarked heading is at most 40 Han characters or 120 Latin letters
ROOM_AT_END = 0.7  # from this share of the size on, a paragraph's end ends the chunk

_MARKED = re.compile(r"(#{1,6})\s+(\S.*)")
_NUMBERED = re.compile(
    r"(?:第[\d一二三四五六七八九十百]+[章节節部分篇条條]|[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）])\s*\S"
)
_ITEM = re.compile(r"[-*+•·>|]|\d{1,3}[.)、]\s|[(（]\w{1,3}[)）]|```")
_NO_HEADING_END = tuple("。！？…；，、：:,;.!?؟،।”’」』）)》|%")


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """How long chunks are and how much they share.

    ``max_chars`` counts Latin letters; a Han character, kana or Hangul syllable counts for three of
    them, so that a chunk holds as much in any script: 280 Chinese characters, about 140 English
    words. A sentence longer than that is a chunk of its own.
    """

    max_chars: int = 840
    overlap_sentences: int = 1

    def __post_init__(self) -> None:
        if self.max_chars < 1 or self.overlap_sentences < 0:
            raise ValueError("A chunk needs max_chars of at least 1 and an overlap of at least 0.")


DEFAULT = ChunkSettings()


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    weight: int
    ends_paragraph: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with something in it and the sentences in it, ``last`` exclusive."""

    text: str
    first: int
    last: int


def chunk(document: Document, settings: ChunkSettings = DEFAULT) -> list[Chunk]:
    """Return the chunks of ``document`` in order; every sentence is in at least one of them."""
    sentences = _sentences(document.text)
    chunks = []
    for first, last, heading in _sections(document.text, sentences):
        context = " › ".join(dict.fromkeys(filter(None, (document.title, *heading))))
        for left, right in _groups(sentences[first:last], settings):
            start, end = sentences[first + left].start, sentences[first + right - 1].end
            chunks.append(Chunk(document.id, start, end, document.text[start:end], context))
    return chunks


def weight(text: str) -> int:
    """Return the length of ``text`` in Latin letters; a CJK character counts for 3."""
    return len(text) + 2 * len(CJK.findall(text))


def _sentences(text: str) -> list[_Sentence]:
    spans = split(text)
    following = [*(start for start, _ in spans), len(text)][1:]
    return [
        _Sentence(start, end, weight(text[start:end]), _has_line_end(text, end, after))
        for (start, end), after in zip(spans, following, strict=True)
    ]


def _has_line_end(text: str, start: int, end: int) -> bool:
    return end == len(text) or "\n" in text[start:end]


def _sections(
    text: str, sentences: Sequence[_Sentence]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield ``(first, last, heading path)`` of runs of sentences; a heading opens its section."""
    lines = _lines(text, sentences)
    path: list[tuple[int, str]] = []
    opened, only_headings = 0, True
    open_heading: tuple[str, ...] = ()
    for position, line in enumerate(lines):
        level, heading = _heading(lines, position)
        if not level:
            only_headings = False
            continue
        if not only_headings and line.first > opened:
            yield opened, line.first, open_heading
            opened, only_headings = line.first, True
        path = [*((depth, name) for depth, name in path if depth < level), (level, heading)]
        open_heading = tuple(name for _, name in path)
    if opened < len(sentences):
        yield opened, len(sentences), open_heading


def _lines(text: str, sentences: Sequence[_Sentence]) -> list[_Line]:
    """Return the lines (or wrapped paragraphs) that the sentences stand in."""
    lines: list[_Line] = []
    first = 0
    for position, sentence in enumerate(sentences):
        if not sentence.ends_paragraph:
            continue
        words = text[sentences[first].start : sentence.end]
        lines.append(_Line(words, first, position + 1))
        first = position + 1
    return lines


def _heading(lines: Sequence[_Line], position: int) -> tuple[int, str]:
    """Return the level and words of the heading at ``position``; level 0 where there is none.

    Unmarked headings rank below marked ones: they are short, have no ender, and a paragraph that
    is longer or ends like a sentence follows.
    """
    line = lines[position]
    if found := _MARKED.fullmatch(line.text):
        return len(found.group(1)), found.group(2).rstrip("# ")
    if position + 1 == len(lines) or line.last - line.first > 1:
        return 0, ""
    following = lines[position + 1].text
    underlined = len(set(following)) == 1 and following[0] in "=-" and len(following) > 2
    if underlined:
        return 1 if following[0] == "=" else 2, line.text
    if weight(line.text) > HEADING_WEIGHT or line.text.endswith(_NO_HEADING_END):
        return 0, ""
    if _ITEM.match(line.text) or _ITEM.match(following) or not any(map(str.isalpha, line.text)):
        return 0, ""
    prose = following.endswith(tuple("。！？….!?؟।”’」』")) and len(following) > len(line.text)
    return (7 if _NUMBERED.match(line.text) else 8, line.text) if prose else (0, "")


def _groups(sentences: Sequence[_Sentence], settings: ChunkSettings) -> Iterator[tuple[int, int]]:
    """Yield ``(first, last)`` of consecutive sentences that make one chunk each, last exclusive."""
    first = 0
    fresh = 0  # the first sentence that no chunk holds yet
    while fresh < len(sentences):
        last = _fill(sentences, first, fresh, settings.max_chars)
        yield first, last
        fresh = last
        first = _overlap(sentences, first, last, settings)


def _fill(sentences: Sequence[_Sentence], first: int, fresh: int, max_weight: int) -> int:
    """Return where the chunk from ``first`` ends; it holds ``fresh`` at least.

    The last paragraph end in the later part of the chunk is preferred to a full chunk.
    """
    total = sum(sentence.weight for sentence in sentences[first : fresh + 1])
    last = fresh + 1
    at_paragraph = (
        last if sentences[fresh].ends_paragraph and total > ROOM_AT_END * max_weight else 0
    )
    while last < len(sentences) and total + sentences[last].weight <= max_weight:
        total += sentences[last].weight
        last += 1
        if sentences[last - 1].ends_paragraph and total > ROOM_AT_END * max_weight:
            at_paragraph = last
    return last if last == len(sentences) or not at_paragraph else at_paragraph


def _overlap(sentences: Sequence[_Sentence], first: int, last: int, settings: ChunkSettings) -> int:
    """Return where the next chunk starts: back by the overlap while room is left for the next."""
    start = last
    if last == len(sentences):
        return start
    total = sentences[last].weight
    while last - start < settings.overlap_sentences and start - 1 > first:
        total += sentences[start - 1].weight
        if total > settings.max_chars:
            break
        start -= 1
    return start
