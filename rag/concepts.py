"""What the words of a text are about, whatever its language: places of a glossary's concepts.

``glossary/`` lists what reports and news are about in eleven languages, each row a concept, each
cell its words and their forms. Two words of one row say the same, and words of different rows
differ however close their vectors are: 营销费用 is not 营销收入.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.words import HAN, HANGUL, KANA
from rag.folding import fold_in_place

GLOSSARY = Path(__file__).with_name("glossary")
Concept = dict[str, list[str]]

_CLOSE = {"zh", "ja"}  # written without spaces: a form is found anywhere
_BY_CHARACTER = {*_CLOSE, "ko"}  # forms are compared as written, else as the stems of their words
_VOWEL = re.compile("[\u064b-\u0652\u0670]")  # above and below Arabic letters, hardly ever written
_LETTER = rf"[^\W_{HAN}{KANA}{HANGUL}]"
_WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|{_VOWEL.pattern})*")
_ARTICLE = re.compile("^(?:و?ال|وال|بال|كال|فال|لل)(?=..)")
# Endings that tell forms of a word apart. Taken off only to compare, so that they need not be
# right, only the same for the forms of one word and not for two words.
_ENDINGS = {
    "en": r"(?:ies|ing|ed|es|s|e|y)",
    "de": r"(?:ern|en|em|er|es|e|n|s)",
    "es": r"(?:os|as|es|o|a|e|s)",
    "pt": r"(?:os|as|es|o|a|e|s)",
    "it": r"(?:[aeio])",
    "fr": r"(?:aux|es|s|x|e)",
    "ru": r"(?:ами|ями|ыми|ими|ого|его|ому|ему|ая|яя|ое|ее|ые|ие|ой|ей|ый|ий|ую|юю|ых|их|ым|им|ом"
    r"|ем|ам|ям|ах|ях|ов|ев|а|я|о|е|ы|и|у|ю|ь)",
    "ar": r"(?:ات|ون|ين|ه|ة)",
}
_STEM = 4  # letters that have to stay
_LEAST = 2  # characters of a form: single Chinese or Korean ones are in every other word
_COMPOUND = 5  # letters from which a German word is looked for inside another
# Words that only join others, or only ask: a form of nothing else names no concept.
_SILENT = {
    "zh": "哪些 哪里 哪个 多少 多久 什么 怎么 如何 为什么 几个 几个人 百分之 这个 那个 谁是",
    "ja": "いくら いくつ 何人 いつ いつから どこ どの どれ なに どう より から まで だけ です ます",
    "ko": "얼마 무엇 언제 어디 누구 인가 인가요 나요 까지 부터 대한 대해",
    "en": "the a an of in on at for to by from with is are was were be been has have had do does"
    " did will would can could may might more most many much how what which who whose when where"
    " why about over under after before between this that it its they their and or if as than per",
    "de": "der die das den dem des ein eine einen einem einer eines von vom im in am an auf bei mit"
    " zu zum zur aus nach durch für über unter ist sind war waren wird werden hat haben wie viel"
    " viele was wer wo wann wozu warum welche mehr als und oder es sie er pro",
    "es": "el la los las un una unos unas de del en a al por para con sin sobre es son fue fueron"
    " era ha han hay se su sus que cual cuales cuanto cuanta cuantos cuantas como mas y o si",
    "fr": "le la les l un une des de du d en dans a au aux par pour sur avec sans est sont ete"
    " etait ont se ce cette sa son ses que qu quel quelle quels quelles combien comment plus et ou"
    " si depuis tout toute il elle",
    "it": "il lo la i gli le l un una uno di del della dell dei delle degli nel nella in a al alla"
    " da dal per con su sul e sono era ha hanno si che quale quali quanto quanta quanti quante come"
    " piu o se",
    "pt": "o a os as um uma uns umas de da do das dos no na nos nas em ao por para com sem e sao"
    " foi foram era ha se seu sua que qual quais quanto quanta quantos quantas como mais ou",
    "ru": "в во на с со по за из от до для о об у к и или как что кто где когда сколько какой какая"
    " какие какого был была было были есть он она они это",
    "ar": "في من على عن إلى مع هو هي هم أن ما ماذا كم كيف أين متى لماذا هل كان كانت التي الذي أو و"
    " عبر بعد قبل هذا هذه",
}
# What a form is found without that begins with it: articles and auxiliary verbs. Not the others:
# "per year" is not "year", and "how many it can make" is not "make".
_LIGHT = {
    "en": "the a an is are was were be been has have had will would to",
    "de": "der die das den dem des ein eine einen einem einer eines hat haben ist sind war waren"
    " wird werden",
    "es": "el la los las un una unos unas se es son fue fueron ha han",
    "fr": "le la les l un une des se est sont a ont",
    "it": "il lo la i gli le l un uno una si è sono ha hanno",
    "pt": "o a os as um uma uns umas se é são foi foram",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A place of a text, ``start`` to ``end``, and the concepts its words can mean."""

    start: int
    end: int
    concepts: frozenset[int]


def glossary(folder: Path = GLOSSARY) -> list[Concept]:
    """Read every row of the glossary: a concept's forms by language."""
    return [{k: cell.split(";") for k, cell in row.items()} for row in _rows(folder)]


def themes(folder: Path = GLOSSARY) -> dict[str, int]:
    """Return how many rows each file of the glossary has, in the order of ``glossary``."""
    return {file.stem: len(list(_rows_of(file))) for file in _files(folder)}


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    for file in _files(folder):
        yield from _rows_of(file)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.tsv"))


def _rows_of(file: Path) -> Iterator[dict[str, str]]:
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    languages = head.split("\t")
    for row in rows:
        yield dict(zip(languages, row.split("\t"), strict=True))


def told(text: str, language: str) -> tuple[Told, ...]:
    """Return every place where a folded text names a concept, those inside others too.

    A language without a glossary has none.
    """
    forms = _forms(language.partition("-")[0])
    return tuple(placed(text, language, forms)) if forms else ()


def placed(text: str, language: str, forms: dict[str, frozenset[int]]) -> Iterator[Told]:
    """Yield every place of a folded text that is one of these forms, spelt as they are compared;
    none is longer than the glossary's longest."""
    language = language.partition("-")[0]
    find = _close if language in _CLOSE else _korean if language == "ko" else _spaced
    return find(text, language, forms)


def spelling(form: str, language: str) -> frozenset[int]:
    """Return the concepts that have a folded form spelt just so: "planes" is not "plans", though
    the two are compared as one word."""
    return _spellings(language.partition("-")[0]).get(form, frozenset())


def naming(form: str, language: str) -> frozenset[int]:
    """Return the concepts that a folded form names whole."""
    return _forms(language).get(form, frozenset())


def longest(places: Iterable[Told]) -> list[Told]:
    """Return the places that no longer one covers, from left to right, none over another."""
    kept: list[Told] = []
    for place in sorted(places, key=lambda p: (p.start - p.end, p.start)):
        if all(place.end <= other.start or other.end <= place.start for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda p: p.start)


@cache
def _spellings(language: str) -> dict[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, row in enumerate(_rows(GLOSSARY)):
        for form in row.get(language, "").split(";"):
            found[fold_in_place(form)].add(number)
    return {form: frozenset(numbers) for form, numbers in found.items()}


@cache
def _forms(language: str) -> dict[str, frozenset[int]]:
    """Return the concepts of each form, spelt as forms are compared."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, row in enumerate(_rows(GLOSSARY)):
        for form in row.get(language, "").split(";"):
            if key := keyed(form, language):
                found[key].add(number)
    return {form: frozenset(numbers) for form, numbers in found.items()}


def keyed(form: str, language: str) -> str:
    """Return how a form is compared, or "" if it says too little to be looked for."""
    folded, little = fold_in_place(form), _silent(language)
    if language not in _BY_CHARACTER:
        # As written, as folding makes "à" of French "a".
        spans = [word.span() for word in _WORD.finditer(folded)]
        while len(spans) > 1 and form[slice(*spans[0])].lower() in _light(language):
            del spans[0]
        keys = [_stem(folded[slice(*span)], language) for span in spans]
        folded = "" if little.issuperset(keys) else " ".join(keys)
    return folded if len(folded) >= _LEAST and folded not in little else ""


@cache
def _light(language: str) -> frozenset[str]:
    return frozenset(_LIGHT.get(language, "").split())


def little_word(word: str, language: str) -> bool:
    """Tell whether a folded word only joins others, or only asks."""
    language = language.split("-", maxsplit=1)[0]
    return _stem(word, language) in _silent(language)


def quantity(place: Told) -> bool:
    """Tell whether a place can mean an amount, a time or a change of them."""
    return any(concept in _quantities() for concept in place.concepts)


@cache
def _quantities() -> range:
    counts = themes()
    first = sum(count for theme, count in counts.items() if theme < "quantities")
    return range(first, first + counts["quantities"])


@cache
def _silent(language: str) -> frozenset[str]:
    words = fold_in_place(_SILENT.get(language, "")).split()
    return frozenset(_stem(word, language) for word in words)


@cache
def _most(language: str) -> int:
    """Return the length of the longest form, in characters or, where there are spaces, in words."""
    own = language in _BY_CHARACTER
    return max(len(form) if own else form.count(" ") + 1 for form in _forms(language))


@cache
def _endings(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=.{{{_STEM}}}){_ENDINGS.get(language, '(?!)')}$")


def _stem(word: str, language: str) -> str:
    if language == "ar":
        word = _ARTICLE.sub("", _VOWEL.sub("", word))
    return _endings(language).sub("", word)


def _close(text: str, language: str, forms: dict[str, frozenset[int]]) -> Iterator[Told]:
    most = _most(language)
    for start in range(len(text)):
        for end in range(start + 1, min(start + most, len(text)) + 1):
            concepts = forms.get(text[start:end])
            if concepts and not (_cuts(text, start) or _cuts(text, end)):
                yield Told(start, end, concepts)


def _cuts(text: str, at: int) -> bool:
    """Tell whether a place lies within a Latin word or a number."""
    return 0 < at < len(text) and all(c.isascii() and c.isalnum() for c in text[at - 1 : at + 1])


def _korean(text: str, language: str, forms: dict[str, frozenset[int]]) -> Iterator[Told]:
    """Find forms that begin a word, or go on in it where another has ended: particles follow."""
    most = _most(language)
    ends = {0}
    for start in range(len(text)):
        if start not in ends and text[start - 1].isalnum():
            continue
        for end in range(start + 1, min(start + most, len(text)) + 1):
            if (concepts := forms.get(text[start:end])) and not _cuts(text, end):
                ends.add(end)
                yield Told(start, end, concepts)


def _spaced(text: str, language: str, forms: dict[str, frozenset[int]]) -> Iterator[Told]:
    words = list(_WORD.finditer(text))
    keys = [_stem(word.group(), language) for word in words]
    for first, word in enumerate(words):
        for last in range(first, min(first + _most(language), len(words))):
            if concepts := forms.get(" ".join(keys[first : last + 1])):
                yield Told(word.start(), words[last].end(), concepts)
        if language == "de" and keys[first] not in forms:
            yield from _compound(word, keys[first], forms)


def _compound(word: re.Match[str], key: str, forms: dict[str, frozenset[int]]) -> Iterator[Told]:
    """Find the known word that a German compound begins with, and the one it ends with."""
    whole, start = word.group(), word.start()
    for size in range(len(whole) - 3, _COMPOUND - 1, -1):
        head = whole[:size]
        if concepts := forms.get(head) or forms.get(_stem(head, "de")):
            yield Told(start, start + size, concepts)
            break
    for size in range(len(key) - 3, _COMPOUND - 1, -1):
        if concepts := forms.get(key[-size:]):
            yield Told(start + len(key) - size, word.end(), concepts)
            break
