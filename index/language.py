"""Name the language of a text, down to a question of three words.

Script first; within a script the letters and words that only one language has. No model, no
table to load: which Han characters are simplified, traditional or Japanese is read off the
national character sets (GB 2312, Big5, JIS X 0208), which hold one form each.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache

from index.function_words import ENDINGS, LETTERS, WORDS

SAMPLE_CHARS = 1000  # from the beginning and the middle of a longer text
LONG_UNITS = 60  # from here on, the larger share of the words decides between scripts

_ADDRESS = re.compile(r"https?://[!-~]+|www\.[!-~]+|\b[a-zA-Z0-9._+-]{1,64}@[a-zA-Z0-9.-]+")
_SCRIPTS = {
    "latin": "a-zA-ZªºÀ-ÖØ-öø-ʯḀ-ỿ",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "kana": "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "devanagari": "\u0900-\u0963\u0970-\u097f",
    "th": "\u0e01-\u0e4e",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u05d0-\u05ea",
    "bn": "\u0980-\u09ff",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "ka": "\u10a0-\u10ff",
    "hy": "\u0530-\u058f",
    "lo": "\u0e80-\u0eff",
    "my": "\u1000-\u109f",
    "km": "\u1780-\u17ff",
}
_RUNS = {name: re.compile(f"[{ranges}]+") for name, ranges in _SCRIPTS.items()}
_WORD = re.compile(r"[^\W\d_]+")
# How many characters make a word where no spaces do.
_PER_WORD = {"han": 1.7, "kana": 2.5, "hangul": 2.5, "th": 4.0}

_STRONG_HAN = re.compile(
    "[谁誰吗嗎呢么麼几幾哪]|什么|甚麼|多少|如何|怎|是否|为何|為何|何时|何時|多[大久长長高]"
)
_WEAK_HAN = re.compile("[的是了在有和与與为為请請]")
_KOREAN_PARTICLE = re.compile("[은는이가을를의에로까요니나][?? .,]|[은는이가을를의에로까요니]$")
_FUNCTION_RUSSIAN = frozenset(
    "и в во на с со по за из от до у о об к не что как кто где когда почему сколько какой какая "
    "какое какие чей это был была было были для при или а но же ли".split()
)


def detect(text: str) -> str:
    """Return the BCP 47 code of ``text``'s language: ``zh``, ``zh-Hant``, ``en``, … or ``und``.

    Names in another script don't count against the words around them: "Who is 程一笑?" is English.
    """
    sample = _ADDRESS.sub(" ", _sample(text))
    units = {name: _units(name, runs.findall(sample)) for name, runs in _RUNS.items()}
    latin = units.pop("latin")
    if units["kana"] and (units["kana"] > 1 or units["han"]):
        units["kana"] += units.pop("han")
    script = max(units, key=lambda name: units[name])
    if units[script] == 0 or (latin and _latin_wins(sample, script, latin, units[script])):
        return _latin_language(sample) if latin else "und"
    return _language_of_script(script, sample)


def _sample(text: str) -> str:
    if len(text) <= 2 * SAMPLE_CHARS:
        return text
    middle = len(text) // 2
    return text[:SAMPLE_CHARS] + "\n" + text[middle : middle + SAMPLE_CHARS]


def _units(script: str, runs: list[str]) -> float:
    """Return about how many words the runs of one script are."""
    if script in _PER_WORD:
        return sum(map(len, runs)) / _PER_WORD[script]
    return float(len(runs))


def _latin_wins(sample: str, script: str, latin: float, other: float) -> bool:
    """Tell whether the Latin words are the language and the other script only names things."""
    if latin + other >= LONG_UNITS:
        return latin > other
    known = max(latin_votes(sample).values(), default=0.0)
    if known == 0:
        return latin > 3 * other and script != "kana"
    return latin > other * _grip(sample, script)


def _grip(sample: str, script: str) -> float:
    """Return how firmly the grammar of a short text is the script's: 0 names only, 3 a question."""
    if script == "han":
        return 3.0 if _STRONG_HAN.search(sample) else 1.0 if _WEAK_HAN.search(sample) else 0.0
    if script == "kana":
        particles = re.search("[はがをにのでと][^ぁ-ん]|ですか|ますか|[はがをにの]$", sample)
        return 3.0 if particles else 0.5
    if script == "hangul":
        return 3.0 if _KOREAN_PARTICLE.search(sample) else 0.5
    if script == "cyrillic":
        words = _WORD.findall(sample.lower())
        return 3.0 if _FUNCTION_RUSSIAN.intersection(words) else 0.5
    return 1.5


def _language_of_script(script: str, sample: str) -> str:
    match script:
        case "han":
            return _han_language(sample)
        case "kana":
            return "ja"
        case "hangul":
            return "ko"
        case "cyrillic":
            return _by_letters(sample, {"uk": "іїєґІЇЄҐ", "sr": "јљњћђџ", "be": "ўЎ"}, "ru")
        case "arabic":
            return _by_letters(sample, {"ur": "ٹڈڑںے", "fa": "پچژگکی"}, "ar")
        case "devanagari":
            return "hi"
    return script


def _by_letters(sample: str, letters: dict[str, str], default: str) -> str:
    """Return the first language whose own letters occur, else ``default``."""
    found = set(sample)
    return next((code for code, own in letters.items() if found.intersection(own)), default)


@cache
def _encodable(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _han_language(sample: str) -> str:
    """Return ``zh``, ``zh-Hant`` or, for forms that only Japan writes, ``ja``."""
    votes = Counter(_form(character) for run in _RUNS["han"].findall(sample) for character in run)
    if votes["ja"] > max(votes["zh"], votes["zh-Hant"]):
        return "ja"
    return "zh-Hant" if votes["zh-Hant"] > votes["zh"] else "zh"


@cache
def _form(character: str) -> str:
    simplified, traditional = _encodable(character, "gb2312"), _encodable(character, "big5")
    if simplified != traditional:
        return "zh" if simplified else "zh-Hant"
    return "ja" if not simplified and _encodable(character, "shift_jis") else ""


def latin_votes(sample: str) -> dict[str, float]:
    """Return evidence per language written in Latin letters, about 1 for a word that only it has;
    a shared word splits its vote."""
    scores: dict[str, float] = defaultdict(float)
    for word in _WORD.findall(sample.replace("’", "'")):
        if not _RUNS["latin"].fullmatch(word) or (word.isupper() and len(word) > 1):
            continue  # acronyms such as IT or DE are names
        for code, weight in _votes(word.lower()):
            scores[code] += weight
    if "¿" in sample or "¡" in sample:
        scores["es"] += 2.0
    return scores


@cache
def _votes(word: str) -> tuple[tuple[str, float], ...]:
    holders = [code for code, words in WORDS.items() if word in words]
    if holders:
        return tuple((code, 1 / len(holders) ** 0.5) for code in holders)
    ended = [code for code, ends in ENDINGS.items() if len(word) > 5 and word.endswith(ends)]
    lettered = [code for code, own in LETTERS.items() if any(mark in own for mark in word)]
    return (
        *((code, 0.3 / len(ended)) for code in ended),
        *((code, 0.5 / len(lettered)) for code in lettered),
    )


def _latin_language(sample: str) -> str:
    scores = latin_votes(sample)
    if not scores:
        return "und"
    return max(scores, key=lambda code: (scores[code], code == "en"))
