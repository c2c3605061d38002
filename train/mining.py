"""Names and terms that texts themselves give in two scripts: 英特尔（Intel）, 경제(經濟)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_LATIN = r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9 .'’\-]{1,40}"
_HAN = r"[一-鿿㐀-䶿]{2,12}"
_LABEL = r"(?:英[語语文]?|영어|독일어|프랑스어|일본어|중국어|한자|러시아어|Latin|English)?[:：]?\s*"
_PATTERNS = {
    "zh": re.compile(rf"([一-鿿·]{{2,8}})[（(]{_LABEL}({_LATIN})[,，;；)）]"),
    "ja": re.compile(rf"([ァ-ヴー・]{{2,16}}|[一-鿿]{{2,8}})[（(]{_LABEL}({_LATIN})[、,，;；)）]"),
    "ko-latin": re.compile(rf"([가-힣]+(?: [가-힣]+)?)\({_LABEL}({_LATIN})[,;)]"),
    "ko-han": re.compile(rf"([가-힣]+)\({_LABEL}({_HAN})[,;)]"),
    "en": re.compile(rf"([A-Z][A-Za-z'’ ]{{2,40}}) \((?:\w+: )?({_HAN}|[ァ-ヴー・]{{2,16}})[,;)]"),
}


def glossed(texts: Iterable[str], kind: str) -> list[tuple[str, str]]:
    """Return (term, the same in another script) pairs of texts, each once."""
    found: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for match in _PATTERNS[kind].finditer(text):
            term, other = match.group(1).strip(), match.group(2).strip()
            if kind == "ko-han" and len(term) > len(other):
                # Han characters read one syllable each: keep as many syllables, the last ones.
                term = term[-len(other) :]
            found[term, other] += 1
    return list(found)
