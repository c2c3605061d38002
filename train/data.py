"""Read the compressed corpora; what is held out for evaluation is held out here, once.

Never handed to training: ``rag_dev``, ``qa/dev`` and the last 250 lines of NTREX.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

NTREX_HELD_OUT = 250
NTREX_LANGUAGES = (
    "en", "zh", "ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar", "vi", "id", "th", "hi",
)  # fmt: skip
# en-ko_tico19 is left out: its second column is Kanuri, not Korean.
TICO_LANGUAGES = ("zh", "fr", "es", "pt", "ru", "ar", "id", "hi")
TEXTS = {
    "zh": "zh_news",
    "en": "en_wiki",
    "ko": "ko_wiki",
    "de": "de_wiki",
    "ja": "ja_aozora",
}
QA_DEV = ("zh_cmrc2018", "ja_jaquad", "ko_korquad", "en_qamr")
QA_TRAIN = {
    "zh_cmrc2018": "zh",
    "zh-Hant_drcd": "zh",
    "ja_jaquad": "ja",
    "en_qamr": "en",
    "en_tatqa": "en",
    "es_squad": "es",
    "it_squad": "it",
    "ar_arcd": "ar",
}
_CLOSERS = "”’」』）》\"')"
_ENDERS = re.compile(
    rf"(?<=[。！？；!?])(?![{_CLOSERS}])|(?<=[。！？!?][{_CLOSERS}])|(?<=[.؟])(?=\s)|\n+"
)


@dataclass(frozen=True, slots=True)
class Question:
    """One reading question; ``start`` is -1 where the answer's place is unknown."""

    language: str
    context: str
    question: str
    answers: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One CC-CEDICT line: simplified word, pinyin with tones, English glosses."""

    word: str
    pinyin: str
    glosses: tuple[str, ...]


def lines(path: Path) -> Iterator[str]:
    """Yield the lines of an xz text file without their line ends."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")


def documents(data: Path, language: str, limit: int | None = None) -> Iterator[str]:
    """Yield plain-text documents of one language, at most ``limit``."""
    return islice(lines(data / "text" / f"{TEXTS[language]}.txt.xz"), limit)


def questions(data: Path, part: str, name: str) -> list[Question]:
    """Read one reading-comprehension set; ``part`` is ``train`` or ``dev``."""
    found = []
    for line in lines(data / "qa" / part / f"{name}.jsonl.xz"):
        row = json.loads(line)
        language = QA_TRAIN.get(name, name.partition("_")[0])
        answers = tuple(row["answers"])
        found.append(Question(language, row["context"], row["question"], answers, row["start"]))
    return found


def dictionary(data: Path) -> list[Entry]:
    """Read CC-CEDICT; cross-references and measure-word notes are left out of the glosses."""
    entries = []
    for line in lines(data / "parallel" / "zh-en_cc-cedict.tsv.xz"):
        simplified, _, pinyin, glosses = line.split("\t")
        kept = tuple(g for g in map(_plain_gloss, glosses.split("/")) if g)
        if kept:
            entries.append(Entry(simplified, pinyin, kept))
    return entries


def _plain_gloss(gloss: str) -> str:
    if gloss.startswith(("CL:", "variant of", "old variant", "see ", "also written", "also pr.")):
        return ""
    gloss = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", gloss)
    gloss = re.sub(r"[㐀-鿿]+\|?", " ", gloss)
    return " ".join(gloss.split()).removeprefix("to ").strip(" ,;")


def ntrex(data: Path, *, held_out: bool) -> list[dict[str, str]]:
    """Return NTREX rows, a language → sentence mapping each: the last 250, or all the others."""
    rows = [json.loads(line) for line in lines(data / "parallel" / "multi_ntrex.jsonl.xz")]
    return rows[-NTREX_HELD_OUT:] if held_out else rows[:-NTREX_HELD_OUT]


def pairs(data: Path, name: str) -> list[tuple[str, str]]:
    """Read a two-column parallel file, such as ``en-zh_tatoeba``."""
    rows = (line.split("\t") for line in lines(data / "parallel" / f"{name}.tsv.xz"))
    return [(row[0], row[1]) for row in rows if len(row) == 2 and row[0] and row[1]]


def sentences(text: str, min_chars: int = 8) -> list[str]:
    """Cut a text into sentences, roughly: good enough to train on, offsets are not kept."""
    return [s for s in map(str.strip, _ENDERS.split(text)) if len(s) >= min_chars]
