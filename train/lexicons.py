"""Word-for-word bridges between languages, as token alternatives for code-switched texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from train import corpora, data, folding

_STOP = set("a an the of to in on for or and be is sb sth one's one etc from with at by as".split())
_MAX_GLOSS_TOKENS = 4
_MAX_ALTERNATIVES = 6


def from_dictionary(
    tokenizer: Any, entries: Sequence[data.Entry], counts: dict[str, int]
) -> tuple[corpora.Lexicon, corpora.Lexicon]:
    """Return Chinese → English and English → Chinese alternatives from CC-CEDICT.

    English words lead to the dictionary words they gloss alone, the most frequent first.
    """
    vocabulary = tokenizer.get_vocab()
    fold = {ord(a): b for a, b in folding.table().items() if len(a) == 1}
    english: dict[int, list[list[int]]] = defaultdict(list)
    chinese: dict[int, dict[tuple[int, ...], int]] = defaultdict(dict)
    for entry in entries:
        word = entry.word.translate(fold)
        word_ids = tokenizer.encode(word, add_special_tokens=False).ids
        if not word_ids or 0 in word_ids:
            continue
        for gloss in entry.glosses:
            kept = [w for w in re.findall(r"[A-Za-z0-9']+", gloss) if w.lower() not in _STOP]
            ids = tokenizer.encode(" ".join(kept), add_special_tokens=False).ids
            if len(word_ids) == 1 and 0 < len(ids) <= _MAX_GLOSS_TOKENS and word in vocabulary:
                english[word_ids[0]].append(ids)
            if len(ids) == 1 and len(kept) == 1:
                chinese[ids[0]][tuple(word_ids)] = counts.get(word, 0)
    back = {
        token: [list(w) for w, _ in sorted(words.items(), key=lambda item: -item[1])]
        for token, words in chinese.items()
    }
    size = len(vocabulary)
    return (
        corpora.lexicon(size, {t: a[:_MAX_ALTERNATIVES] for t, a in english.items()}),
        corpora.lexicon(size, {t: a[: _MAX_ALTERNATIVES - 2] for t, a in back.items()}),
    )
