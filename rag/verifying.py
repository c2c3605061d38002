"""The number guard: a statement stands only on figures, dates and names its quotes hold.

A figure stands when a quote has the same one, scale words and currencies translated, or the same
up to the rounding that the less precise side states. Where both say which way a figure moved, or
against which period, they must agree. Words are not checked: that the figure belongs to what the
statement says it belongs to is the answering step's business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import fold as folded
from rag.dates import Time
from rag.directions import basis, compares_years, trend
from rag.figures import Figure, ends, finer, same
from rag.names import is_pinyin, people, same_name
from rag.numbers import find

_MARKER = re.compile(r"\[\d{1,3}\]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_HAN = re.compile(r"[\u3400-\u9fff·]+")
_WORD = re.compile(r"[^\W\d_]+")
_UNLIKE = {"up": "down", "down": "up", "year": "quarter", "quarter": "year"}
_ASPECTS = (
    (trend, {"up": "rises", "down": "falls"}),
    (basis, {"year": "is year on year", "quarter": "is quarter on quarter"}),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the quotes bear a statement; ``reasons`` say in English what they don't bear."""

    supported: bool
    reasons: tuple[str, ...] = ()


def verify(statement: str, quotes: Sequence[str]) -> Verdict:
    """Check every figure, date and personal name of ``statement`` against ``quotes``.

    Markers such as ``[1]`` are passed over. A statement that is cut from a quote, no figure cut
    in two, is supported as it stands.
    """
    plain = _MARKER.sub(lambda m: " " * len(m[0]), statement)
    if any(_cut_from(plain, quote) for quote in quotes):
        return Verdict(True)
    sources = [(quote, figure) for quote in quotes for figure in _readings(quote)]
    reasons = [
        reason
        for figure in find(plain)
        if (reason := _objection(plain, _other_readings(plain, figure), sources, quotes))
    ]
    reasons += _unnamed(plain, quotes)
    return Verdict(not reasons, tuple(dict.fromkeys(reasons)))


def checkable(statement: str) -> bool:
    """Tell whether a statement holds a figure, date or personal name, which can be compared
    across languages."""
    return bool(find(statement) or people(statement))


def _cut_from(statement: str, quote: str) -> bool:
    """Tell whether the statement is a piece of the quote that splits none of its figures."""
    piece = statement.strip()
    at = quote.find(piece) if piece else -1
    if at < 0:
        return False
    cuts = (at, at + len(piece))
    return not any(f.start < cut < f.end for f in find(quote) for cut in cuts)


def _readings(text: str) -> list[Figure]:
    """Return the figures of ``text``, read with a decimal point and with a decimal comma."""
    if _CJK.search(text):
        return find(text)
    return list(dict.fromkeys([*find(text), *find(text, "en"), *find(text, "de")]))


def _other_readings(text: str, figure: Figure) -> list[Figure]:
    """Return a figure and what its digits mean where the other decimal sign is in use."""
    if "." not in figure.text and "," not in figure.text:
        return [figure]
    others = [f for code in ("en", "de") for f in find(text, code)]
    return [figure, *(f for f in others if (f.start, f.end) == (figure.start, figure.end))]


def _objection(
    statement: str,
    readings: list[Figure],
    sources: list[tuple[str, Figure]],
    quotes: Sequence[str],
) -> str | None:
    """Return why a figure of the statement doesn't stand, or nothing."""
    figure = readings[0]
    if figure.time is not None:
        found = [q.time for _, q in sources if q.time is not None]
        if figure.time.fields() == {"relative": "last_year"} and any(map(compares_years, quotes)):
            return None  # "than a year earlier" is what 同比 says
        return None if _dated(figure.time, found) else f"{figure.text} is in no quote"
    matches = [(quote, q) for quote, q in sources if any(_stands(f, q) for f in readings)]
    if not matches:
        return f"{figure.text} is in no quote"
    for aspect, words in _ASPECTS:
        said = aspect(statement, figure)
        told = {aspect(quote, q) for quote, q in matches}
        if said and told == {_UNLIKE[said]}:
            return f"{figure.text} {words[_UNLIKE[said]]} in the quote, not as stated"
    if figure.value < 0 and all(q.value > 0 and trend(t, q) != "down" for t, q in matches):
        return f"{figure.text} is not negative in the quote"
    return None


def _stands(figure: Figure, quoted: Figure) -> bool:
    """Tell whether a quoted figure, either end of a range or its size without sign, is the same."""
    alone = [quoted] if quoted.upper is None else [
        quoted, *(replace(quoted, value=v, upper=None) for v in ends(quoted))
    ]  # fmt: skip
    if figure.upper is not None and quoted.upper is None:
        return False
    sizes = [replace(q, value=abs(q.value)) for q in alone if q.upper is None]
    own = replace(figure, value=abs(figure.value)) if figure.upper is None else figure
    return any(_says(figure, q) for q in alone) or any(_says(own, q) for q in sizes)


def _says(figure: Figure, quoted: Figure) -> bool:
    """Tell whether a quoted figure says the same; a statement may round it, never sharpen it."""
    alike = (figure.value, figure.upper) == (quoted.value, quoted.upper)
    return same(figure, quoted) and (alike or finer(quoted, figure))


def _dated(said: Time, found: Sequence[Time]) -> bool:
    """Tell whether quotes name every part of a time; the year may stand apart from the day."""
    wanted = said.fields()
    for apart in ("year", "relative"):
        if apart in wanted and all(getattr(t, apart) != wanted[apart] for t in found):
            return False
    rest = {name: v for name, v in wanted.items() if name not in ("year", "relative")}
    return not rest or any(
        all(t.fields().get(name) == v for name, v in rest.items())
        and t.cumulative == said.cumulative
        for t in found
    )


def _unnamed(statement: str, quotes: Sequence[str]) -> list[str]:
    """Return an objection for each person of the statement whom no quote names."""
    together = folded(" \n ".join(quotes))
    reasons = []
    for start, end in people(statement):
        name = statement[start:end]
        if not _named(name, together, quotes):
            reasons.append(f"{name} is in no quote")
    return reasons


def _named(name: str, together: str, quotes: Sequence[str]) -> bool:
    """Tell whether quotes hold a name, or its romanised or Han form."""
    if folded(name) in together:
        return True
    if _HAN.fullmatch(name):
        words = _WORD.findall(together)
        pairs = [" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words))]
        return any(p.isascii() and same_name(p, name) for p in pairs)
    parts = [p for p in _WORD.findall(folded(name)) if len(p) > 1]
    if parts and all(p in together for p in parts):
        return True
    for quote in quotes:
        han = [quote[s:e] for s, e in people(quote)]
        runs = [m[0] for m in _HAN.finditer(quote)]
        grams = {r[i : i + n] for r in runs for n in (2, 3, 4) for i in range(len(r) - n + 1)}
        if any(same_name(name, h) for h in [*han, *grams]):
            return True
        # A foreign name's Chinese form can't be checked by sound; that one is named must do.
        if any("·" in h or len(h) > 4 for h in han if _HAN.fullmatch(h)) or (
            runs and not is_pinyin(name)
        ):
            return True
    return False
