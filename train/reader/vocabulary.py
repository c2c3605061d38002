"""The reader's tokenizer: the encoder's most used pieces, and punctuation, which a reader needs.

The encoder's pieces are words of thirteen languages with traditional characters, width, case and
accents already folded; its character map is taken over, so offsets point into the original text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding import SHIPPED, TOKENIZER_FILE
from train import tokenizing

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, MASK = range(len(SPECIAL))
SIZE = 64_000
PUNCTUATION = (
    "，。、；：？！“”‘’「」『』《》〈〉（）【】…—–·・～.,;:?!\"'()[]{}<>/\\|@#$%^&*-_=+~`"
    "€£¥°§©®™×÷±→•※‰№"
)
# Share of the counted tokens each language gets, in percent.
SHARES = {
    "zh": 36.0, "en": 22.0, "ja": 11.0, "ko": 10.0, "de": 5.0, "es": 4.0, "it": 3.0, "fr": 2.5,
    "pt": 2.0, "ru": 2.5, "ar": 2.0,
}  # fmt: skip
_LEAST_LETTER = 3  # times a single letter has to occur to be kept


def make(folder: Path) -> str:
    """Return the ``tokenizer.json`` of the reader."""
    from tokenizers import Tokenizer

    encoder = Tokenizer.from_file(str(SHIPPED / TOKENIZER_FILE))
    counts = {language: _count(encoder, tokenizing.texts(folder, language)) for language in SHARES}
    return build(choose(encoder, counts, SIZE))


def choose(encoder: Any, counts: dict[str, NDArray[np.int64]], size: int) -> dict[str, Any]:
    """Return the encoder's tokenizer as a dictionary, cut to the pieces most used."""
    made: dict[str, Any] = json.loads(encoder.to_str())
    balanced = np.sum(
        [SHARES[lang] * count / max(count.sum(), 1) for lang, count in counts.items()], axis=0
    )
    total = np.sum(list(counts.values()), axis=0)
    pieces: list[tuple[str, float]] = made["model"]["vocab"]
    must = {
        i
        for i, (piece, _) in enumerate(pieces)
        if i and (piece.isdigit() or (len(piece) == 1 and total[i] >= _LEAST_LETTER))
    }
    own = {piece for piece, _ in pieces}
    folded = encoder.normalizer.normalize_str(PUNCTUATION)
    marks = [mark for mark in dict.fromkeys(folded) if mark.strip() and mark not in own]
    room = size - len(SPECIAL) - len(marks)
    order = [int(i) for i in np.argsort(-balanced, kind="stable") if i and int(i) not in must]
    kept = sorted(must | set(order[: room - len(must)]))
    best = max(score for _, score in pieces[1:])
    made["model"]["vocab"] = [
        *([name, best - 30.0] for name in SPECIAL),
        *([mark, best] for mark in marks),
        *(list(pieces[i]) for i in kept),
    ]
    return made


def build(made: dict[str, Any]) -> str:
    """Return a ``tokenizer.json`` whose tokens are runs of one script and single marks."""
    from tokenizers import Regex, Tokenizer, pre_tokenizers

    made["model"]["unk_id"] = UNK
    tokenizer = Tokenizer.from_str(json.dumps(made))
    # A mark stands alone, so that no text can spell a special token.
    runs = Regex(tokenizing.RUNS + r"|[^\s\p{L}\p{M}\p{Nd}]")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(runs, behavior="removed", invert=True)
    return str(tokenizer.to_str(pretty=False))


def _count(encoder: Any, texts: Iterator[str]) -> NDArray[np.int64]:
    counts = np.zeros(encoder.get_vocab_size(), np.int64)
    while batch := list(islice(texts, 2_000)):
        for encoding in encoder.encode_batch_fast(batch, add_special_tokens=False):
            np.add.at(counts, encoding.ids, 1)
    return counts
