"""A figure with its exact value, and when two figures say the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from rag.dates import Time
from rag.numerals import EXACT

Kind = Literal["money", "percent", "count", "multiple", "date", "duration", "number"]
_LOOSE = ("", "ordinal")
_PHYSICAL = frozenset(
    "km m cm mm nm mile m2 km2 m3 ha mu t kg g jin ℃ degree kWh MW GW kW GB MB TB year-old".split()
)
_YENS = {"¥", "CNY", "JPY"}


@dataclass(frozen=True, slots=True)
class Figure:
    """Characters ``start`` to ``end`` (exclusive) of a text, and what they amount to.

    ``value`` is in ``unit``: an ISO currency code, ``%`` or ``pp`` (percentage points), ``x``
    (multiples), ``second`` or ``month``, a canonical unit or the counted word, or "". ``step`` is
    the worth of the last digit stated. ``low``: at least the value (超, over); ``high``: at most
    (不到, under); ``upper``: the other end of a range. ``time`` holds what a date names.
    """

    start: int
    end: int
    text: str
    kind: Kind
    value: Decimal
    unit: str = ""
    low: bool = False
    high: bool = False
    approximate: bool = False
    upper: Decimal | None = None
    step: Decimal = Decimal(1)
    time: Time | None = None

    def __str__(self) -> str:
        return self.text


def same(a: Figure, b: Figure) -> bool:
    """Tell whether both say the same, the less precise one up to its own rounding."""
    if a.kind == "date" or b.kind == "date":
        return a.kind == b.kind and a.time is not None and b.time is not None and (
            a.time.key() == b.time.key()
        )  # fmt: skip
    a, b = _aged(a, b), _aged(b, a)
    if not _comparable(a, b) or (a.upper is None) != (b.upper is None):
        return False
    upper = a.upper is None or b.upper is None or _close(a.upper, b.upper, a, b)
    return upper and _close(a.value, b.value, a, b)


def finer(a: Figure, b: Figure) -> bool:
    """Tell whether ``a`` is stated more precisely than ``b``."""
    return _step(a) < _step(b)


def exact(a: Figure, b: Figure) -> bool:
    """Tell whether both are the same without any rounding."""
    return same(a, b) and a.value == b.value and a.upper == b.upper


def ends(figure: Figure) -> tuple[Decimal, ...]:
    """Return the value, or both ends of a range."""
    return (figure.value,) if figure.upper is None else (figure.value, figure.upper)


def _aged(a: Figure, b: Figure) -> Figure:
    """Return an age as a duration where the other figure is one ("45 ans" is both)."""
    if a.unit != "year-old" or b.unit != "month":
        return a
    months = Decimal(12)
    value, step = EXACT.multiply(a.value, months), EXACT.multiply(a.step, months)
    return replace(a, kind="duration", unit="month", value=value, step=step)


def _comparable(a: Figure, b: Figure) -> bool:
    """Tell whether kinds and units can mean the same thing."""
    if a.kind == b.kind:
        return _units_agree(a.unit, b.unit, a.kind)
    kinds = {a.kind, b.kind}
    if kinds == {"multiple", "count"}:  # "three times" may count occasions
        return "time" in (a.unit, b.unit)
    bare = a if a.kind == "number" else b
    other = b if bare is a else a
    return bare.kind == "number" and bare.unit == "" and other.kind in ("count", "money")


def _units_agree(a: str, b: str, kind: str) -> bool:
    """Tell whether two units of one kind are the same, or one is left open."""
    if a == b:
        return True
    if kind == "money":
        return "¥" in (a, b) and {a, b} <= _YENS
    if kind == "number":
        return a in _LOOSE and b in _LOOSE
    if kind == "count":  # classifiers differ between languages, measures don't
        return not ({a, b} & _PHYSICAL) and {a, b} != {"person", "time"}
    return False


def _close(x: Decimal, y: Decimal, a: Figure, b: Figure) -> bool:
    """Compare two values at the coarser of the two figures' steps."""
    if x == y:
        return True
    fine, coarse = ((x, a), (y, b)) if _step(a) < _step(b) else ((y, b), (x, a))
    step = _step(coarse[1])
    if not coarse[0] or step == _step(fine[1]):
        return False
    rounded = EXACT.multiply(
        EXACT.divide(fine[0], step).quantize(Decimal(1), ROUND_HALF_UP, EXACT), step
    )
    return rounded == coarse[0]


def _step(figure: Figure) -> Decimal:
    """Return the stated precision; of "about 20,000" the trailing zeros are not meant exactly."""
    if not figure.approximate or figure.value != figure.value.to_integral_value():
        return figure.step
    value, step = int(figure.value), 1
    while value and value % (step * 10) == 0:
        step *= 10
    return max(figure.step, Decimal(step))
