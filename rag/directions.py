"""Which way a figure moves, and against what: rose or fell, year on year or quarter on quarter."""

from __future__ import annotations

import re

from rag.figures import Figure

_UP = (
    "增长|增加|上升|上涨|提升|提高|攀升|扩大|涨|升至|升|增至|增|增収|増加|増|上昇|伸び|증가"
    "|상승|늘어|늘었|올랐|성장"
    "|rose|rise|rises|risen|grew|grow|grown|growth|increase[sd]?|increasing|up|climb(?:ed|s)?"
    "|gain(?:ed|s)?"
    "|jump(?:ed|s)?|surge[ds]?|expanded|higher|stieg(?:en)?|gestiegen|wuchs(?:en)?|gewachsen"
    "|Anstieg"
    "|Zunahme|Wachstum|zugenommen|erhöht\\w*|augment\\w+|hausse|progress\\w+|croissance|crû"
    "|aument\\w+"
    "|subi\\w*|crec\\w+|incremento|crescit\\w+|cresc\\w+|rialzo|salit\\w+|alta|вырос\\w*"
    "|увелич\\w+|рост\\w*"
    "|повы\\w+|подня\\w+|ارتفع\\w*|ارتفاع|زاد\\w*|زيادة|نما|نمو"
)
_DOWN = (
    "下降|减少|下滑|下跌|降低|回落|缩减|萎缩|收窄|降至|跌|降|减|減少|減収|減|低下|감소|하락"
    "|줄었|줄어|내렸"
    "|fell|fall|falls|fallen|decline[ds]?|declining|decrease[sd]?|drop(?:ped|s)?|down|lower"
    "|slid|shrank|shrunk"
    "|lost|plunge[ds]?|contracted|sank(?:en)?|gesunken|fiel(?:en)?|gefallen|Rückgang|Abnahme"
    "|zurückgegangen"
    "|verringert\\w*|baiss\\w+|recul\\w*|diminu\\w+|chut\\w+|baj\\w+|cay\\w+|caíd\\w+|caiu"
    "|caíram|descen\\w+"
    "|disminu\\w+|reduc\\w+|cal\\w{1,4}|scen?d?\\w*sc?es\\w*|ribasso|queda|снизи\\w+|упа\\w+"
    "|сокра\\w+|падени\\w+"
    "|снижени\\w+|уменьш\\w+|انخف\\w+|تراجع\\w*|هبط\\w*|نقص"
)
_YEAR = (
    "同比|按年|年增|前年同期比|前年比|전년|year[- ]on[- ]year|year[- ]over[- ]year|yoy|y/y"
    "|from a year (?:ago|earlier)"
    "|Vorjahr\\w*|im Jahresvergleich|sur un an|interanual|su base annua|anno su anno"
    "|em relação ao ano anterior|год к году|в годовом выражении|г/г|على أساس سنوي"
)
_QUARTER = (
    "环比|環比|按季|季增|前四半期比|前期比|전분기 대비|quarter[- ]on[- ]quarter"
    "|quarter[- ]over[- ]quarter|qoq|q/q"
    "|sequentially|Vorquartal\\w*|sur un trimestre|intertrimestral|su base trimestrale"
    "|квартал к кварталу|على أساس ربع سنوي"
)
_BOUNDARY = re.compile(r"[。！？!?；;，、\n]|[,.](?=\s|$)")


def _words(pattern: str) -> re.Pattern[str]:
    """Compile alternatives; those in spaced scripts must be whole words."""
    parts = [rf"\b(?:{p})\b" if ord(p[0]) < 0x2E80 else p for p in _split(pattern)]
    return re.compile("|".join(parts), re.IGNORECASE)


def _split(pattern: str) -> list[str]:
    """Split at the bars outside brackets."""
    return re.findall(r"(?:\([^)]*\)|\[[^\]]*\]|[^|(\[])+", pattern)


_TRENDS = {"up": _words(_UP), "down": _words(_DOWN)}
_BASES = {"year": _words(_YEAR), "quarter": _words(_QUARTER)}


def trend(text: str, figure: Figure) -> str:
    """Return "up" or "down" as the figure's clause says, "" where it doesn't."""
    return _nearest(_TRENDS, text, figure)


def basis(text: str, figure: Figure) -> str:
    """Return "year" (同比) or "quarter" (环比) as the figure's clause says, or ""."""
    return _nearest(_BASES, text, figure)


def compares_years(text: str) -> bool:
    """Tell whether a text compares a figure with the year before."""
    return bool(_BASES["year"].search(text))


def _nearest(table: dict[str, re.Pattern[str]], text: str, figure: Figure) -> str:
    """Return the key of the word closest to the figure within its clause; before beats after."""
    start, end = _clause(text, figure)
    before = [
        (match.end(), name)
        for name, pattern in table.items()
        for match in pattern.finditer(text, start, figure.start)
    ]
    if before:
        return max(before)[1]
    after = [
        (match.start(), name)
        for name, pattern in table.items()
        for match in pattern.finditer(text, figure.end, end)
    ]
    return min(after)[1] if after else ""


def _clause(text: str, figure: Figure) -> tuple[int, int]:
    """Return the bounds of the clause around a figure."""
    start = 0
    for match in _BOUNDARY.finditer(text, 0, figure.start):
        start = match.end()
    following = _BOUNDARY.search(text, figure.end)
    return start, following.start() if following else len(text)
