"""Words of estimate and bound around a figure: 近, 超, about, at least, 以上."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.figures import Figure


def _endings(words: str) -> tuple[str, ...]:
    return tuple(words.split("|"))


# What may stand directly before a figure; entries of spaced scripts begin with a space.
_ABOUT = _endings(
    "约|大约|大概|近|将近|接近|几乎|差不多|~|≈|약|거의|およそ|ほぼ| about| around| roughly"
    "| approximately| approx.| approx| circa| some| nearly| almost| etwa| rund| ungefähr| knapp"
    "| fast"
    "| environ| près de| alrededor de| cerca de| casi| unos| unas| quasi| около| примерно"
    "| почти| نحو"
    "| حوالي| زهاء"
)
_ABOVE = _endings(
    "超|超过|超出|逾|高于|大于|多于|不低于|不少于|至少|突破|破| over| more than| above| at least"
    "| exceed| exceeds| exceeded| exceeding| surpassed| surpassing| über| mehr als| mindestens"
    "| plus de| plus d'| au moins| más de| al menos| più di| oltre| almeno| mais de| pelo menos"
    "| более| свыше| не менее| больше| أكثر من"
)
_BELOW = _endings(
    "不足|不到|低于|少于|小于|不超过|不高于|至多|最多| under| less than| below| up to| at most"
    "| fewer than| unter| weniger als| höchstens| moins de| moins d'| menos de| meno di| менее"
    "| меньше| أقل من"
)
_ABOUT_AFTER = re.compile(r"\s?(?:左右|上下|前后|程度|정도|가량|내외)")
_ABOVE_AFTER = re.compile(
    r"\s?(?:以上|及以上|超(?!过)|余|이상|넘|を超|or more|and above|plus\b|\+)"
)
_BELOW_AFTER = re.compile(r"\s?(?:以下|以内|未满|弱|이하|미만|or less|or fewer)")


def flagged(figure: Figure, plain: str, low: bool) -> Figure:
    """Set the flags that the words around a figure ask for."""
    if figure.kind == "date":
        return figure
    before, end = plain[max(0, figure.start - 18) : figure.start], figure.end
    before = f" {before}".replace("’", "'").rstrip().lower()
    return replace(
        figure,
        low=bool(
            low
            or (before.endswith(_ABOVE) and not before.endswith("不超过"))
            or _ABOVE_AFTER.match(plain, end)
        ),
        high=bool(before.endswith(_BELOW) or _BELOW_AFTER.match(plain, end)),
        approximate=bool(low or before.endswith(_ABOUT) or _ABOUT_AFTER.match(plain, end)),
    )
