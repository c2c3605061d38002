"""Split any text into sentences by offsets; nothing is changed and nothing is thrown away.

The one splitter that chunking, citing and eval share. Enders are 。！？…； and their relatives of
other scripts, and line ends. The marks that do other jobs too (``.``, ``!``, ``?``, ``;``) are
judged by their neighbours: a decimal, a version, a web address, an initial or an abbreviation
doesn't end a sentence. Time is linear: each decision looks at a bounded number of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

from index.abbreviations import LOOSE, MONTHS, NEEDS_DIGIT, ORDINAL_BEFORE, STARTERS, STRICT
from index.lines import CJK, wrapped_line_ends

MAX_CHARS = 400  # a longer run is cut at its weaker marks, so that a quote stays readable
LOOKBACK = 24  # characters of the word before a full stop that are looked at

_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_FIRM = "。！？…；｡．؟۔।॥።᙮‼⁇⁈⁉﹗﹖"
_MORE = re.compile(rf"[{_FIRM}.!?~～]*")
_CANDIDATE = re.compile(rf'[{_FIRM}.!?;"„“{_LINE_ENDS}]')
_CLOSERS = frozenset("”’」』）》】〉〕］｝〗〙〛)]}»›")
_OPENERS = "\"'“‘«„‚(（[【「『《〈¿¡*_—–-"
_CONTINUES = frozenset("，、：,:;；%％")
_MARK = re.compile(r"\[\d{1,3}\]|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]+")
_LIST_MARK = re.compile(r"[(（]?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})$")
_DOTTED = re.compile(r"(?:^|[^\w.])((?:[^\W\d_]{1,2}\.[ \u00a0]?)+[^\W\d_]{1,3})$")
_WORD = re.compile(r"[^\W_]+$")
_SCALE = re.compile(
    r"(?i)(?:thousand|million|billion|trillion|hundred|mil|mill(?:ones|ón|ion(?:s|en)?|oni|iard(?:s|en|i|e)?)"
    r"|bilh(?:ões|ão)|milh(?:ões|ão)|mio|mrd|тыс|млн|млрд|million(?:s)?|juta|triệu|tỷ)\.?$"
)
_CUT_MARKS = (re.compile("[；;؛]"), re.compile("[，,、：:،—]"), re.compile(r"\s"))
_CJK_SCALE = frozenset("十百千万亿兆萬億仟佰第约約近超¥￥$€£")


def split(text: str) -> list[tuple[int, int]]:
    """Return the sentences of ``text`` as ascending spans without surrounding whitespace.

    Every character that isn't whitespace is in exactly one span. A run of more than ``MAX_CHARS``
    characters without an ender is also cut at ；, then ，or a comma, then whitespace, never
    between a figure and its unit while there is another place.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [*_boundaries(text), len(text)]:
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            spans.extend(_shorten(text, left, right))
        start = end
    return spans


def _boundaries(text: str) -> Iterator[int]:
    """Yield where sentences end, ascending."""
    wrapped = wrapped_line_ends(text)
    start = position = 0
    straight = low = False  # inside "…" and inside „…“
    while found := _CANDIDATE.search(text, position):
        at = found.start()
        mark = text[at]
        position = at + 1
        if mark in _LINE_ENDS:
            if at in wrapped:
                continue
            straight = low = False
            end: int | None = position
        elif mark in '"„“':
            straight = not straight if mark == '"' else straight
            low = mark == "„"
            continue
        else:
            run_end, after, straight, low = _tail(text, at, straight, low)
            end = after if _ends(text, start, at, run_end, after) else None
            position = after
        if end is not None:
            yield end
            start = end


def _tail(text: str, at: int, straight: bool, low: bool) -> tuple[int, int, bool, bool]:
    """Return the end of the run of enders at ``at``, the end of what closes after it, quote state.

    Closing quotes and brackets, footnote marks such as ``[1]`` and emoji belong to the sentence
    before them; a straight quote closes when one is open.
    """
    run_end = position = max(_more(text, at), at + 1)
    while position < len(text):
        mark = text[position]
        if mark in _CLOSERS or (mark == "'" and not _letter(text, position + 1)):
            position += 1
        elif (mark == '"' and straight) or (mark == "“" and low):
            straight, low = straight and mark != '"', low and mark != "“"
            position += 1
        elif mark in " \u00a0\u202f" and text[position + 1 : position + 2] in ("»", "›"):
            position += 2
        elif mark in _FIRM or (mark in ".!?" and position > run_end):
            position = max(_more(text, position), position + 1)
        elif found := _MARK.match(text, position):
            position = found.end()
        else:
            break
    return run_end, position, straight, low


def _more(text: str, at: int) -> int:
    found = _MORE.match(text, at)
    return found.end() if found else at


def _ends(text: str, start: int, at: int, run_end: int, after: int) -> bool:
    """Tell whether the enders ``text[at:run_end]``, closed up to ``after``, end a sentence."""
    before, follower = text[at - 1 : at], text[after : after + 1]
    closed = text[run_end:after]
    if follower in _CONTINUES and follower:
        return False
    if before in ("(", "（") and before and closed[:1] in (")", "）"):
        return False  # a doubting "(?)" inside a sentence
    if closed[-1:] in ("」", "』") and "ぁ" <= follower <= "ん":
        return False  # Japanese quotes speech with a particle: 「…。」と
    if closed[:1] in ("》", "〉") and text[at] in "！？!?…":
        return _opens(text, after)  # the mark is part of a title
    run = text[at:run_end]
    if "." in run and not run.strip("."):
        return _full_stop_ends(text, start, at, run_end, after)
    if run == "．":
        return not (_digit(before) and _digit(follower))
    if run == ";":
        return bool(CJK.match(before) or before in ")）”%") and bool(CJK.match(text, after))
    if run.strip("…") == "":
        return not _lower(_next_letter(text, after))
    if not run.strip("!?"):
        return _exclamation_ends(text, at, after, closed)
    return True


def _exclamation_ends(text: str, at: int, after: int, closed: str) -> bool:
    """Tell whether half-width ``!`` or ``?`` ends a sentence: not inside a web address or name."""
    before, follower = text[at - 1 : at], text[after : after + 1]
    glued = follower.isascii() and (follower.isalnum() or follower in "/&=#_-@") and follower
    if glued and not closed and before.isascii() and not before.isspace() and before not in "!?":
        return False
    return not (closed and _lower(_next_letter(text, after)))


def _full_stop_ends(text: str, start: int, at: int, run_end: int, after: int) -> bool:
    """Tell whether one or more ``.`` end a sentence."""
    before, follower = text[at - 1 : at], text[after : after + 1]
    if not follower:
        return True
    upcoming = _next_letter(text, after)
    if run_end - at > 1:
        return bool(follower.isspace() or CJK.match(follower)) and not _lower(upcoming)
    if not follower.isspace() and not CJK.match(follower) and run_end == after:
        return follower in "\"'“‘«„([" and _opens(text, after) and not before.isascii()
    if _lower(upcoming):
        return False
    if at - start < LOOKBACK and _LIST_MARK.fullmatch(text[start:at].strip()):
        return False  # "1. First": the number belongs to the line it counts
    if run_end == after or CJK.match(follower):
        return not _abbreviated(text, at, after)
    return True


def _abbreviated(text: str, at: int, after: int) -> bool:
    """Tell whether the word before the full stop at ``at`` is an abbreviation that goes on."""
    window = text[max(0, at - LOOKBACK) : at]
    found = _WORD.search(window)
    if not found or CJK.match(window[-1]):
        return False
    word, earlier = found.group(), window[: found.start()]
    folded = word.casefold()
    following = _following_word(text, after)
    if word.isdecimal():
        return len(word) <= 2 and _is_ordinal(earlier, following)
    if "\u0e00" <= word[-1] <= "\u0e7f":
        return len(word) <= 3
    if folded in NEEDS_DIGIT:
        return following[:1].isdigit()
    if folded in {"г", "гг"}:
        return not _digit(earlier.rstrip()[-1:])  # a year ends one, a town doesn't
    if folded in STRICT:
        return True
    dotted = _DOTTED.search(window)
    if dotted and dotted.group(1).replace(" ", "").casefold() in STRICT:
        return True
    if dotted or folded in LOOSE or (len(word) == 1 and word.isalpha() and earlier[-1:] != "’"):
        return following not in STARTERS
    return False


def _is_ordinal(earlier: str, following: str) -> bool:
    """Tell whether a short number and its full stop count: German "am 3. Oktober"."""
    found = _WORD.search(earlier.rstrip())
    before = found.group().casefold() if found else ""
    return following in MONTHS or (before in ORDINAL_BEFORE and following[:1].isalpha())


def _following_word(text: str, at: int) -> str:
    """Return the word that starts after ``at``, openers and spaces skipped."""
    found = re.compile(r"\w+").match(text, _skip(text, at))
    return found.group()[:LOOKBACK] if found else ""


def _skip(text: str, at: int) -> int:
    """Return the next offset that is neither whitespace nor opening, within ``LOOKBACK``."""
    limit = min(len(text), at + LOOKBACK)
    while at < limit and (text[at].isspace() or text[at] in _OPENERS):
        at += 1
    return at


def _next_letter(text: str, at: int) -> str:
    """Return the first two characters of what follows, without spaces and openers."""
    at = _skip(text, at)
    return text[at : at + 2]


def _lower(pair: str) -> bool:
    """Tell whether a word starts small; names such as iPhone and eBay don't count."""
    return pair[:1].islower() and not pair[1:].isupper()


def _letter(text: str, at: int) -> bool:
    return text[at : at + 1].isalpha()


def _digit(character: str) -> bool:
    return character.isdigit()


def _opens(text: str, at: int) -> bool:
    """Tell whether a new line, space or opening mark follows, or nothing at all."""
    follower = text[at : at + 1]
    return not follower or follower.isspace() or follower in _OPENERS


def _shorten(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield ``start`` to ``end`` in pieces of at most ``MAX_CHARS`` characters, trimmed."""
    while end - start > MAX_CHARS:
        cut = _weak_cut(text, start)
        right = cut
        while text[right - 1].isspace():
            right -= 1
        yield start, right
        start = cut
        while text[start].isspace():
            start += 1
    yield start, end


def _weak_cut(text: str, start: int) -> int:
    """Return where to cut a long run: the last of the strongest marks in the limit's later half."""
    low, high = start + MAX_CHARS // 2, start + MAX_CHARS
    for marks in _CUT_MARKS:
        for found in reversed(list(marks.finditer(text, low, high))):
            if _safe(text, found.end()):
                return found.end()
    places = range(high, low, -1)
    safe = [cut for cut in places if _safe(text, cut)]
    between_words = (c for c in safe if not (_word_part(text[c - 1]) and _word_part(text[c])))
    whole_characters = (cut for cut in places if not _joined(text[cut]))
    return next(chain(between_words, safe, whole_characters), high)


def _safe(text: str, cut: int) -> bool:
    """Tell whether a cut leaves figures with their units and characters with their marks."""
    left = text[max(0, cut - LOOKBACK) : cut].rstrip()
    right = text[cut : cut + LOOKBACK].lstrip()
    if not left or not right or _joined(text[cut]):
        return False
    last, first = left[-1], right[0]
    if last in ",，.．:：" and cut > 1 and _digit(first):
        return not _digit(left[-2:-1])
    spaced = len(left) < min(cut, LOOKBACK) and last not in "；;，,、：:،—"
    if _digit(last) or last in _CJK_SCALE or (spaced and _SCALE.search(left)):
        return False
    if first in "%％‰°" or (first in "$€£¥￥" and last.isalpha()):
        return False
    return not (_digit(first) and last not in "；;，,、：:،—")


def _word_part(character: str) -> bool:
    """Tell whether a character belongs to a word that spaces would surround."""
    return character.isalnum() and not CJK.match(character)


def _joined(character: str) -> bool:
    """Tell whether a character hangs on the one before it."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf", "Sk")
