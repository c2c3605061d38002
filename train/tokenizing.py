"""Learn one unigram tokenizer for all languages, whose pieces are words where they can be.

Texts are folded, cut into runs of one script, Chinese runs into jieba's words, and the words
counted; sentencepiece learns pieces from the counts, weighted so that no language crowds out
the others. Pieces carry no word-start mark, so a name reads alike in Latin and in Chinese text.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from train import data, folding
from train.steps import cached

# A token is a run of one of these; everything else (spaces, punctuation, symbols) is dropped.
# Figures are cut into at most four digits from the left: years stay whole.
RUNS = (
    r"\p{Han}+|\p{Hiragana}+|[\p{Katakana}ー]+|\p{Hangul}+|\p{Thai}+"
    r"|[\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Devanagari}\p{Mn}\p{Mc}]+|\p{Nd}{1,4}"
)
MAX_PIECE_CHARS = 16
PIECES = 88_000
# Languages with little text here keep every word seen this often, as whole pieces.
SMALL = {"es": 3, "fr": 3, "pt": 3, "ru": 3, "it": 4, "ar": 4}
# Share of the counted mass each language gets, in percent.
SHARES = {
    "zh": 31.0, "en": 24.0, "ja": 11.0, "ko": 10.0, "de": 6.0, "es": 3.5, "fr": 3.0, "it": 3.5,
    "pt": 2.5, "ru": 2.5, "ar": 2.0, "id": 0.5, "hi": 0.5,
}  # fmt: skip
# Documents read per language: enough for stable counts, a minute or two of jieba.
DOCUMENTS = {"zh": 20_000, "en": 26_303, "ko": 17_503, "de": 14_128, "ja": 9_000}
_MIN_COUNT = 3


def texts(folder: Path, language: str) -> Iterator[str]:
    """Yield training texts of one language from every corpus that holds it."""
    if language in data.TEXTS:
        yield from data.documents(folder, language, DOCUMENTS[language])
    for name, of in data.QA_TRAIN.items():
        if of == language:
            rows = data.questions(folder, "train", name)
            yield from {row.context for row in rows}
            yield from (row.question for row in rows)
    for row in data.ntrex(folder, held_out=False):
        if language in row:
            yield row[language]
    if language in data.TICO_LANGUAGES:
        yield from (other for _, other in data.pairs(folder, f"en-{language}_tico19"))
    if language == "zh":
        yield from (other for _, other in data.pairs(folder, "en-zh_tatoeba"))
        yield from chain.from_iterable([e.word] * 2 for e in data.dictionary(folder))
    if language == "en":
        for name in ("en-zh_tatoeba", "en-zh_tico19"):
            yield from (english for english, _ in data.pairs(folder, name))
        yield from chain.from_iterable(e.glosses for e in data.dictionary(folder))


def count_words(folder: Path, language: str, fold: dict[int, str]) -> Counter[str]:
    """Count folded script runs; Chinese runs are cut into jieba's words first."""
    import regex

    runs = regex.compile(RUNS)
    counts: Counter[str] = Counter()
    for text in texts(folder, language):
        counts.update(runs.findall(text.translate(fold)))
    return _cut_chinese(counts) if language == "zh" else counts


def _cut_chinese(runs: Counter[str]) -> Counter[str]:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    counts: Counter[str] = Counter()
    for run, count in runs.items():
        if not "\u3400" <= run[0] <= "\u9fff":
            counts[run] += count
            continue
        for word in jieba.cut(run, HMM=len(run) < 12):
            counts[word] += count
    return counts


def weighted_counts(per_language: dict[str, Counter[str]]) -> Counter[str]:
    """Mix languages by ``SHARES`` on a scale of a hundred million words."""
    total: Counter[str] = Counter()
    for language, counts in per_language.items():
        minimum = _MIN_COUNT if counts.total() > 1_000_000 else 1
        kept = {w: c for w, c in counts.items() if c >= minimum and not w[0].isdigit()}
        scale = SHARES[language] * 1e6 / sum(kept.values())
        for word, count in kept.items():
            total[word] += max(1, round(count * scale))
    return total


def learn_pieces(
    counts: Counter[str], size: int, work: Path, fold: dict[str, str]
) -> tuple[dict[str, float], bytes]:
    """Train sentencepiece on word counts; return piece → log probability and the character map."""
    import sentencepiece

    words, rules, prefix = work / "words.tsv", work / "folding.tsv", work / "pieces"
    with words.open("w", encoding="utf-8") as file:
        file.writelines(f"{w}\t{c}\n" for w, c in counts.items() if len(w) <= 64)
    with rules.open("w", encoding="utf-8") as file:
        file.writelines(f"{_hexes(a)}\t{_hexes(b)}\n" for a, b in fold.items())
    sentencepiece.SentencePieceTrainer.train(
        input=str(words),
        input_format="tsv",
        model_prefix=str(prefix),
        model_type="unigram",
        vocab_size=size,
        normalization_rule_tsv=str(rules),
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        split_by_number=False,
        split_by_unicode_script=False,
        max_sentencepiece_length=MAX_PIECE_CHARS,
        seed_sentencepiece_size=600_000,
        character_coverage=0.99995,
        num_threads=2,
        num_sub_iterations=2,
        bos_id=-1,
        eos_id=-1,
        hard_vocab_limit=False,
        minloglevel=1,
    )
    pieces: dict[str, float] = {}
    for line in (work / "pieces.vocab").read_text(encoding="utf-8").splitlines():
        piece, score = line.split("\t")
        if piece != "<unk>" and "▁" not in piece:
            pieces[piece] = float(score)
    return pieces, _character_map((work / "pieces.model").read_bytes())


def complete(
    pieces: dict[str, float], counts: Counter[str], must_have: Iterable[str]
) -> dict[str, float]:
    """Add single characters, digit groups and given words that training left out."""
    total = counts.total()
    floor = min(pieces.values()) - 1.0
    found = dict(pieces)
    for word in must_have:
        found.setdefault(word, math.log(max(counts.get(word, 0), 1) / total))
    for word in counts:
        for char in word:
            if char.isalpha():
                found.setdefault(char, floor)
    numbers = [f"{n:0{width}d}" for width in (1, 2, 3) for n in range(10**width)]
    for number in [*numbers, *map(str, range(1000, 2101))]:
        # A longer group beats its parts, whatever the scores of single digits.
        found[number] = -9.0 - 0.5 * (len(number) - 1)
    return found


def build(pieces: dict[str, float], character_map: bytes) -> str:
    """Return the ``tokenizer.json`` of these pieces, the unknown one first, best scores first."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    ordered = sorted(pieces.items(), key=lambda item: (-item[1], item[0]))
    vocabulary = [("<unk>", 0.0), *((piece, round(score, 3)) for piece, score in ordered)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Precompiled(character_map)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(RUNS), behavior="removed", invert=True)
    return str(tokenizer.to_str(pretty=False))


def make(folder: Path, work: Path) -> Path:
    """Write ``tokenizer.json`` and the word counts behind it into ``work``."""
    target = work / "tokenizer.json"
    if target.is_file():
        return target
    fold = folding.table()
    single = {ord(a): b for a, b in fold.items() if len(a) == 1}
    per_language = cached(
        work, "words", lambda: {lang: count_words(folder, lang, single) for lang in SHARES}
    )
    counts = weighted_counts(per_language)
    pieces, character_map = cached(work, "pieces", lambda: learn_pieces(counts, PIECES, work, fold))
    wanted = [w for w in _must_have(folder, per_language, single) if w not in pieces]
    print(f"{len(pieces):,} pieces learned, {len(wanted):,} words added", flush=True)
    (work / "counts.json").write_text(
        json.dumps({w: c for w, c in counts.items() if c > 1}, ensure_ascii=False),
        encoding="utf-8",
    )
    target.write_text(build(complete(pieces, counts, wanted), character_map), encoding="utf-8")
    return target


def _must_have(
    folder: Path, per_language: dict[str, Counter[str]], fold: dict[int, str]
) -> list[str]:
    """Return dictionary words frequent in Chinese texts, and the small languages' words."""
    known = {entry.word.translate(fold) for entry in data.dictionary(folder)}
    words = {w for w, c in per_language["zh"].items() if c >= 40 and 1 < len(w) <= 8} & known
    for language, least in SMALL.items():
        counts = per_language[language]
        words |= {w for w, c in counts.items() if c >= least and 1 < len(w) <= MAX_PIECE_CHARS}
    return sorted(w for w in words if w.isalpha())


def _hexes(text: str) -> str:
    return " ".join(f"{ord(char):X}" for char in text)


def _character_map(model: bytes) -> bytes:
    """Take ``normalizer_spec.precompiled_charsmap`` (field 3, then 2) out of a model file."""
    return _field(_field(model, 3), 2)


def _field(message: bytes, wanted: int) -> bytes:
    """Return the first length-delimited field with this number of a protocol buffer message."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == 2:
            length, at = _varint(message, at)
            if number == wanted:
                return message[at : at + length]
            at += length
        elif kind == 0:
            _, at = _varint(message, at)
        else:
            at += {1: 8, 5: 4}[kind]
    raise ValueError(f"field {wanted} not found")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
