"""Read citations of a closed list out of a text as it streams (after LongCite, Zhang et al. 2024).

A model marks a statement with numbers of sentences it was shown: ``[3]``, ``[3-4]``, ``[3, 5]``,
``[3][5]``, in ASCII or full width. Nothing here depends on how the stream was cut into pieces.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from index import ABBREVIATIONS

LONGEST_MARKER = 24  # characters; a longer bracket is text, so that little is ever held back
WIDEST_RANGE = 6  # sentences; [1-40] points at nothing, so it is no citation

_NUMBER = r"\d{1,3}"
_RANGE = "-‐–—−~～〜－至"
_LIST = ",，、;；"
_OPEN, _CLOSE = "[【［", "]】］"
_MARKER = re.compile(
    rf"[{re.escape(_OPEN)}] ?{_NUMBER}(?: ?[{_RANGE}{_LIST}] ?{_NUMBER})* ?[{re.escape(_CLOSE)}]"
)
_SPAN = re.compile(rf"({_NUMBER})(?: ?[{_RANGE}] ?({_NUMBER}))?")
_INSIDE = frozenset(f" {_RANGE}{_LIST}")


@dataclass(frozen=True, slots=True)
class Marker:
    """A citation as it was written, and the known sentences it names, in that order."""

    raw: str
    numbers: tuple[int, ...]


class MarkerReader:
    """Parts a stream into text and markers, holding back what may yet become a marker."""

    def __init__(self, known: Container[int]) -> None:
        self._known = known
        self._held = ""

    def read(self, piece: str) -> Iterator[str | Marker]:
        """Yield what is certain after ``piece``."""
        for char in piece:
            if char in _OPEN:
                yield from self._release()
                self._held = char
            elif not self._held:
                yield char
            elif char in _CLOSE:
                yield from self._closed(char)
            else:
                self._held += char
                inside = char.isdecimal() or char in _INSIDE
                if not inside or len(self._held) >= LONGEST_MARKER:
                    yield from self._release()

    def close(self) -> Iterator[str | Marker]:
        """Yield what was held back when the stream ended."""
        yield from self._release()

    def _closed(self, char: str) -> Iterator[str | Marker]:
        raw, self._held = self._held + char, ""
        if _MARKER.fullmatch(raw):
            yield Marker(raw, _numbers(raw, self._known))
        else:
            yield raw

    def _release(self) -> Iterator[str]:
        held, self._held = self._held, ""
        if held:
            yield held


def _numbers(raw: str, known: Container[int]) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for first, last in _SPAN.findall(raw):
        low, high = sorted((int(first), int(last or first)))
        if high - low < WIDEST_RANGE:
            found |= dict.fromkeys(n for n in range(low, high + 1) if n in known)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Text:
    """More of the running statement."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The running statement is over.

    ``body`` is its whole text, all of it told by ``Text`` before; ``numbers`` are the sentences it
    names. ``lead``, ``markers`` and ``tail`` follow the body in the stream and were not told yet:
    white space, the markers as written ("" where there are none, or where they stood before the
    statement), and what stands after them.
    """

    body: str
    numbers: tuple[int, ...]
    lead: str
    markers: str
    tail: str


_STRONG = frozenset("。！？!?…；;\n")
_CLOSERS = frozenset("”’」』）》〉】\"')]*")
_AFTER_MARKER = _STRONG | _CLOSERS | frozenset(".．，,、：:")
_BETWEEN = frozenset(",，、;； \t")
_WORD_BEFORE_DOT = re.compile(r"([^\s]*)\.$")


class StatementReader:
    """Parts a stream into statements: up to a run of markers, or to the end of a sentence.

    A statement ends late, so that a marker behind the full stop still belongs to it; only white
    space and what follows a marker is held back meanwhile.
    """

    def __init__(self, known: Container[int]) -> None:
        self._markers = MarkerReader(known)
        self._begin()

    def _begin(self) -> None:
        self._body = ""  # told
        self._space = ""  # white space after the body, not told
        self._raw = ""  # the run of markers
        self._tail = ""  # what follows them
        self._numbers: dict[int, None] = {}
        self._led = False  # its markers stood before it

    def read(self, piece: str) -> list[Text | Ended]:
        """Return what is certain after ``piece``."""
        return _joined(self._events(self._markers.read(piece)))

    def close(self) -> list[Text | Ended]:
        """Return what was held back when the stream ended; the last statement ends."""
        events = [*self._events(self._markers.close())]
        if self._body or self._space or self._raw or self._tail:
            events.append(self._end())
        return _joined(events)

    def _events(self, parts: Iterable[str | Marker]) -> Iterator[Text | Ended]:
        for part in parts:
            if isinstance(part, Marker):
                yield from self._marked(part)
            else:
                for char in part:
                    yield from self._written(char)

    def _marked(self, marker: Marker) -> Iterator[Text | Ended]:
        if not any(c.isalnum() for c in self._body):
            self._led = True  # [3] Revenue was …: the next one so placed belongs to the next
            self._numbers |= dict.fromkeys(marker.numbers)
            return
        if self._led and not self._raw and self._over("A"):
            yield self._end()
            self._led, self._numbers = True, dict.fromkeys(marker.numbers)
            return
        if self._raw and set(self._tail) <= _BETWEEN:
            self._raw += self._tail + marker.raw  # the comma of [3], [5] is no text
            self._tail = ""
        elif self._raw:
            yield self._end()
            self._led = True
        else:
            self._raw = marker.raw
        self._numbers |= dict.fromkeys(marker.numbers)

    def _written(self, char: str) -> Iterator[Text | Ended]:
        if self._raw:
            if char in _AFTER_MARKER or char.isspace():
                self._tail += char
                return
            yield self._end()
        elif self._over(char):
            yield self._end()
        if char.isspace():
            self._space += char
        else:
            told = self._space + char
            self._space = ""
            self._body += told
            yield Text(told)

    def _over(self, char: str) -> bool:
        """Tell whether the sentence ended before ``char``."""
        if not any(c.isalnum() for c in self._body) or char.isspace():
            return False
        if char in _STRONG or char in _CLOSERS:
            return "\n" in self._space and char not in _STRONG
        bare = self._body.rstrip("”’」』）》〉】\"')]*")
        if bare.endswith((":", "：")):
            return False  # an opening line belongs to what it opens
        if "\n" in self._space or (bare[-1:] in _STRONG):
            return True
        return bool(self._space) and bare.endswith(".") and _stops(bare, char)

    def _end(self) -> Ended:
        ended = Ended(self._body, tuple(self._numbers), self._space, self._raw, self._tail)
        self._begin()
        return ended


def _stops(body: str, following: str) -> bool:
    """Tell whether the full stop that ``body`` ends with ends a sentence."""
    found = _WORD_BEFORE_DOT.search(body)
    word = found[1] if found else ""
    if following.islower() or word.isdigit() or len(word) < 2:
        return False
    return word.casefold().strip("(“\"'") not in ABBREVIATIONS


def _joined(events: Iterable[Text | Ended]) -> list[Text | Ended]:
    joined: list[Text | Ended] = []
    for event in events:
        last = joined[-1] if joined else None
        if isinstance(event, Text) and isinstance(last, Text):
            joined[-1] = Text(last.text + event.text)
        else:
            joined.append(event)
    return joined
