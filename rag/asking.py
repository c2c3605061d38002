"""Reading a question: its language, what it asks for, the time it names, its parts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from index import detect
from index.language import latin_votes
from index.words import HAN, KANA
from rag.concepts import little_word, longest, quantity, told
from rag.errors import EmptyQuestion
from rag.folding import fold_in_place
from rag.kinds import Kind, kinds, question_words
from rag.numbers import Time, times

MAX_QUESTION_CHARS = 2_000

# Kinds that a question word states outright win over kinds that a noun merely suggests: "when did
# revenue pass a billion" wants a date although revenue is money.
_STATED: tuple[Kind, ...] = ("person", "date", "duration", "place", "reason")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, or one part of a two-part one.

    ``folded`` has one character for each character of ``text``, so offsets hold in both.
    """

    text: str
    folded: str
    language: str
    kinds: tuple[Kind, ...]
    times: tuple[Time, ...]
    asking: tuple[tuple[int, int], ...]

    @property
    def kind(self) -> Kind:
        return self.kinds[0]


def parse(text: str, language: str | None = None) -> Question:
    """Read one question.

    Raises:
        EmptyQuestion: it holds no letter and no digit.
    """
    text = clean(text)
    folded = fold_in_place(text)
    language = language or _language(text, folded)
    return Question(
        text=text,
        folded=folded,
        language=language,
        kinds=_ordered(kinds(folded, language)),
        times=tuple(time for time in times(text) if not compared(text, time)),
        asking=tuple(question_words(folded, language)),
    )


# A question of a few key words may hold none that its language is told by. Then the glossary tells,
# where it knows so many letters more of it in one language than in the one it seems to be in.
_LATIN = ("en", "es", "fr", "de", "it", "pt")
_TOLD_ENOUGH = 1.5
_MORE_LETTERS = 3


def _language(text: str, folded: str) -> str:
    """Return the language of a question."""
    seems = detect(text)
    if seems not in (*_LATIN, "und") or max(latin_votes(text).values(), default=0) >= _TOLD_ENOUGH:
        return seems
    letters = {
        one: sum(place.end - place.start for place in longest(told(folded, one))) for one in _LATIN
    }
    best = max(letters, key=lambda one: (letters[one], one == seems))
    return best if letters[best] >= letters.get(seems, 0) + _MORE_LETTERS else seems


# "more than last year", 比上年同期: such a time is what the answer is compared with, not its own.
_BEFORE_COMPARED = re.compile(
    r"(?:[比跟与和同较比对較與]|相较于?|比起|対|より|に比べ|대비|보다"
    r"|\bthan|\bvs\.?|\bversus|\bcompared (?:with|to)|\bover|\brelative to|\bagainst|\bfrom"
    r"|\bgegenüber|\b(?:im Vergleich|im Verhältnis|verglichen) (?:zu[mr]?|mit)|\bals"
    r"|\bpar rapport|\bqu(?:e|['’])|\ben comparaison(?: de| avec)?|\bcomparée?s?(?: avec)?"
    r"|\bfrente|\b(?:con )?respecto|\b(?:en|em) compara(?:ción|ção)(?: con| com)?"
    r"|\bcomparad[oa]s?(?: con| com)?|\bem relação|\bface|\brispetto|\b(?:in|a) confronto(?: con)?"
    r"|\bпо сравнению с|\bотносительно|\bчем|مقارنة (?:ب|مع )|\bعن)"
    r"\s*(?:(?:the|an?|in|im|de[mnr]|das|el|las?|los|al?|del|en|em|n?os?|n?as?|aos?|às?|au|aux"
    r"|à la|all[aeo])\s+|(?:(?:à|en) )?l[’']|all[’'])?$",
    re.IGNORECASE,
)
_AFTER_COMPARED = re.compile(
    r"\s*(?:相?比|を?上回|に比べ|と比べ|と比較|よりも?|に対して|대비|보다"
    r"|から[^、。]*?(?:[伸増減]|成長|上昇|下落|低下|拡大|縮小|変化|変わ))"
)


def _compared_from(text: str, time: Time) -> int:
    """Return where a time begins, with the words that compare with it."""
    match = _BEFORE_COMPARED.search(text[: time.start])
    return match.start() if match else time.start


def compared(text: str, time: Time) -> bool:
    """Tell whether a time of a text is one that another is compared with."""
    return (
        time.part == "same_period"
        or _compared_from(text, time) < time.start
        or bool(_AFTER_COMPARED.match(text[time.end :]))
    )


def clean(text: str) -> str:
    """Trim a question to one printable line of a sane length."""
    printable = "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs"} else c for c in text)
    line = " ".join(printable.split())[:MAX_QUESTION_CHARS]
    if not any(c.isalnum() for c in line):
        raise EmptyQuestion("Please type a question: nothing in it can be looked up yet.")
    return line


def _ordered(found: tuple[Kind, ...]) -> tuple[Kind, ...]:
    stated = [kind for kind in _STATED if kind in found]
    if "percent" in found and "count" in found and "duration" not in found:
        stated = []
    if "duration" in stated:  # "how many minutes" is no count of them, as "how many users" is
        found = tuple(kind for kind in found if kind not in ("count", "figure"))
    return tuple(stated + [kind for kind in found if kind not in stated])


_QUESTION_END = re.compile(r"(?<=[?？;；])\s*(?=\S)")
_JOINTS: dict[str, re.Pattern[str]] = {
    "zh": re.compile(r"[,，]\s*(?:以及|并且|同时|而|又)?|以及|并且"),
    "ja": re.compile(r"[、,]"),
    "en": re.compile(r",?\s+and\s+(?=(?:what|how|who|when|where|why|which|by|did|is|was)\b)|,\s+"),
    "ko": re.compile(r"(?:이고|이며|으며|하고|[고며])\s*,?\s+|,\s*"),
    "es": re.compile(r",?\s+y\s+(?=(?:en |de )?(?:qu|cu|c[oó]mo|d[oó]nde|por)\w*)|,\s+"),
    "fr": re.compile(r",?\s+et\s+(?=(?:qu|comb|comm|o[uù]|pour|de)\w*)|,\s+"),
    "de": re.compile(r",?\s+und\s+(?=(?:um )?w)|,\s+"),
    "it": re.compile(r",?\s+e\s+(?=(?:di |in )?(?:qu|c[oh]|dov|perch)\w*)|,\s+"),
    "pt": re.compile(r",?\s+e\s+(?=(?:em |de )?(?:qu|com|ond|por)\w*)|,\s+"),
    "ar": re.compile(r"\s*[،,]?\s+و(?=ب?(?:كم|ما|من|متى|أين|كيف|لماذا)\s)|،\s*"),
    "ru": re.compile(r",?\s+и\s+(?=(?:как|скольк|кто|когда|где|почему|на)\w*)|,\s+"),
}
# "A和B分别是多少", "what were A and B": two subjects share one question word.
_SHARED_ZH = re.compile(
    r"^(?P<left>.+?)(?:和|与|及|以及|、|跟)(?P<right>[^和与及、,，]{2,20}?)"
    r"(?:各自|分别|各|都)?(?P<tail>(?:又)?(?:是|为|有|达到|达|增长了|增长|占)?(?:多少|几|谁|什么|哪).*)$"
)
_SHARED_EN = re.compile(
    r"^(?P<head>(?:what|who|how much|how many)\s+(?:is|are|was|were)\s+)"
    r"(?P<left>.+?)\s+and\s+(?P<right>.+?)(?P<tail>\?*)$",
    re.IGNORECASE,
)
MAX_PARTS = 3
_SORTS: frozenset[Kind] = frozenset({"percent", "count", "duration"})
LEAST_OWN = 3  # letters a part needs to stand on its own; as Han characters say more, 2 of them


def parts(question: Question) -> tuple[Question, ...]:
    """Split a question that asks several things; a plain question is its own only part."""
    pieces = _QUESTION_END.split(question.text)
    if len(pieces) == 1:
        pieces = _split_at_joints(question)
    if len(pieces) == 1:
        pieces = _split_subjects(question)
    pieces = [piece for piece in pieces if any(c.isalnum() for c in piece)][:MAX_PARTS]
    if len(pieces) < 2:
        return (question,)
    first, *rest = pieces
    later = (_completed(piece, first, question.language) for piece in rest)
    return (parse(first, question.language), *later)


_WORD = re.compile(r"\w+")
_HAN_OR_KANA = re.compile(f"[{HAN}{KANA}]")


def _completed(piece: str, first: str, language: str) -> Question:
    """Read a later part; where it names nothing of its own, as one about what the first is about
    and when."""
    own = parse(piece, language)
    named = _naming(own)
    if len(named) >= (2 if _HAN_OR_KANA.search(named) else LEAST_OWN):
        return own
    asked = parse(first, language)
    silent = [*asked.asking, *((t.start, t.end) for t in asked.times if own.times)]
    kept = "".join(c for i, c in enumerate(asked.text) if not any(a <= i < b for a, b in silent))
    return replace(parse(f"{kept.strip(' ?？¿¡,，、')} {own.text}", language), kinds=own.kinds)


def _naming(asked: Question) -> str:
    """Return the letters that name what a part is about: not those of words that ask, of times and
    what they are compared by, of little words, or of amounts and their changes."""
    folded, language = asked.folded, asked.language
    sorts = question_words(folded, language, _SORTS)
    amounts = ((p.start, p.end) for p in longest(told(folded, language)) if quantity(p))
    words = (match.span() for match in _WORD.finditer(folded))
    little = ((a, b) for a, b in words if little_word(folded[a:b], language))
    named = ((_compared_from(asked.text, time), time.end) for time in times(asked.text))
    spans = [*asked.asking, *sorts, *amounts, *little, *named]
    return "".join(
        c for i, c in enumerate(asked.text)
        if c.isalnum() and not any(a <= i < b for a, b in spans) and not "\u3040" <= c <= "\u309f"
    )  # fmt: skip


def _split_at_joints(question: Question) -> list[str]:
    joint = _JOINTS.get(question.language.split("-")[0])
    if joint is None:
        return [question.text]
    pieces: list[str] = []
    begin = 0
    for match in joint.finditer(question.text):
        left, right = question.text[begin : match.start()], question.text[match.end() :]
        if _asks(left, question.language) and _asks(right, question.language):
            pieces.append(left)
            begin = match.end()
    return [*pieces, question.text[begin:]]


def _asks(text: str, language: str) -> bool:
    folded = fold_in_place(text)
    asks = question_words(folded, language) or question_words(folded, language, _SORTS)
    return bool(asks) and len(text.strip()) > 3


def _split_subjects(question: Question) -> list[str]:
    base = question.language.split("-")[0]
    if base == "zh" and (match := _SHARED_ZH.match(question.text)):
        left, right, tail = match["left"], match["right"], match["tail"]
        head = left[: left.rfind("的") + 1] if "的" in left else _leading_time(left)
        return [left + tail, head + right + tail]
    if base == "en" and (match := _SHARED_EN.match(question.text)):
        possessor = re.match(r".*?['’]s\s+|their\s+|the\s+", match["left"])
        own = match["right"] if not possessor else possessor[0] + match["right"]
        return [match["head"] + match["left"] + "?", match["head"] + own + "?"]
    return [question.text]


def _leading_time(text: str) -> str:
    found = times(text)
    return text[: found[0].end] if found and found[0].start < 8 else ""
