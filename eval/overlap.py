"""Exact match and F1 of a short answer, by the definitions the published sets are scored with.

Every set splits an answer into units in its own way; EM = 1 when all units agree, and

    F1 = 2 · common / (units of the answer + units of the expected one)

the better over the expected answers, 0 to 1.

- ``zh`` as CMRC 2018's script (Cui et al. 2019, "A Span-Extraction Dataset for Chinese Machine
  Reading Comprehension"): Chinese characters and Treebank words, ``common`` the longest run that
  both share, EM on the characters that are no listed punctuation.
- ``ko`` as KorQuAD 1.0's script (Lim et al. 2019): characters, ``common`` those of both bags.
- ``ja`` as JaQuAD reports it (So et al. 2022): characters but punctuation, both bags.
- any other as SQuAD's script (Rajpurkar et al. 2016): words without articles and ASCII
  punctuation, both bags.

The tests hold ``en`` against torchmetrics' SQuAD metric and ``zh`` against difflib's longest run.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from eval.errors import PackageError

# CMRC's list to the letter; its "……" is two characters and so never met by a single one.
_CMRC_PUNCTUATION = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_HAN = re.compile("[\u4e00-\u9fa5]")
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_KORQUAD_BLANKS = str.maketrans(dict.fromkeys("'\"《》<>〈〉()‘’", " "))
_SQUAD_PUNCTUATION = str.maketrans("", "", string.punctuation)


def exact_and_f1(lang: str, answer: str, right: Sequence[str]) -> tuple[float, float]:
    """Return exact match and F1 of an answer, each the better over the expected ones, 0 to 1.

    ``lang`` chooses the definition; no expected answer at all gives 0 and 0.
    """
    scores = [_pair(lang.split("-", maxsplit=1)[0], answer, one) for one in right]
    return max((s[0] for s in scores), default=0.0), max((s[1] for s in scores), default=0.0)


def definition(lang: str, expected: str) -> str:
    """Return the language whose definition suits an expected answer.

    That of the question, but Chinese characters or kana asked for in another language can't be
    cut into words at blanks.
    """
    own = lang.split("-", maxsplit=1)[0]
    if own in ("zh", "ja", "ko") or not any(_is_han_or_kana(c) for c in expected):
        return own
    return "zh" if _HAN.search(expected) else "ja"


def _is_han_or_kana(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff"


def _pair(lang: str, answer: str, expected: str) -> tuple[float, float]:
    match lang:
        case "zh":
            exact = _cmrc_bare(answer) == _cmrc_bare(expected)
            ours, theirs = _cmrc_units(answer), _cmrc_units(expected)
            common = _longest_run(ours, theirs)
        case "ko":
            ours, theirs = _korquad_words(answer), _korquad_words(expected)
            exact = ours == theirs
            ours, theirs = [*"".join(ours)], [*"".join(theirs)]
            common = _in_both(ours, theirs)
        case "ja":
            ours, theirs = _characters(answer), _characters(expected)
            exact, common = ours == theirs, _in_both(ours, theirs)
        case _:
            ours, theirs = _squad_words(answer), _squad_words(expected)
            exact, common = ours == theirs, _in_both(ours, theirs)
    return float(exact), 2 * common / (len(ours) + len(theirs)) if common else 0.0


def _cmrc_bare(text: str) -> str:
    return "".join(c for c in text.lower().strip() if c not in _CMRC_PUNCTUATION)


def _cmrc_units(text: str) -> list[str]:
    # A mark is dropped before words are cut, so "a-b" is the one word "ab", as in the script.
    units: list[str] = []
    rest = ""
    for char in _cmrc_bare(text):
        if _HAN.match(char):
            units += [*_treebank(rest), char]
            rest = ""
        else:
            rest += char
    return units + _treebank(rest)


def _treebank(text: str) -> list[str]:
    return [str(word) for word in _word_tokenizer().tokenize(text)] if text.strip() else []


@cache
def _word_tokenizer() -> Any:
    """Return the tokenizer that CMRC's script cuts with what isn't Chinese."""
    try:
        from nltk.tokenize import NLTKWordTokenizer
    except ImportError as exc:
        raise PackageError(
            "Scores of Chinese answers need nltk. Install it: pip install 'yinju[eval]'"
        ) from exc
    return NLTKWordTokenizer()


def _korquad_words(text: str) -> list[str]:
    return text.translate(_KORQUAD_BLANKS).lower().translate(_SQUAD_PUNCTUATION).split()


def _characters(text: str) -> list[str]:
    return [c for c in text.lower() if not c.isspace() and unicodedata.category(c)[0] != "P"]


def _squad_words(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.lower().translate(_SQUAD_PUNCTUATION)).split()


def _in_both(a: Sequence[str], b: Sequence[str]) -> int:
    return sum((Counter(a) & Counter(b)).values())


def _longest_run(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the length of the longest run of units that both hold side by side."""
    best, row = 0, [0] * (len(b) + 1)
    for x in a:
        last = 0
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], last + 1 if x == y else 0
            best = max(best, row[j])
    return best
