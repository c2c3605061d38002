"""What is learned from what, and how often: the mixtures of the three rounds of training."""

from __future__ import annotations

from typing import Any

import numpy as np

from rag.concepts import glossary
from train import corpora, data, glossaries
from train.corpora import (
    Lexicon,
    Sampler,
    cloze,
    question_to_passage,
    question_to_sentence,
    switched,
)
from train.learning import Task
from train.sources import Sources

# How much of a text is replaced word for word by the other language.
SWITCHED = (0.3, 1.0)
# How much of a translated sentence is kept.
THINNED = (0.3, 1.0)
# Temperatures of round three. At .03 for both, German and Korean to Chinese lost .05; at .05 for
# both, CMRC lost .01. Thinning and .1 raised Russian to Chinese from .36 to .49.
TRANSLATING = 0.1
ASKING = 0.03
GLOSSARY, INVENTED, REMINDER = 12.0, 4.0, 4.0
_CLOZE = {"zh": 1.6, "en": 1.2, "ko": 1.2, "de": 1.2, "ja": 0.2, "ja_jaquad": 0.6}
_READING = {
    "zh_cmrc2018": 2.2, "zh-Hant_drcd": 0.8, "ja_jaquad": 1.2, "en_qamr": 0.3,
    "es_squad": 0.3, "it_squad": 0.3,
}  # fmt: skip
_NAMES = {"names ko-han": 0.8, "names ko-latin": 0.4, "names zh": 0.4}
_MIXED = ("zh", "ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar")


def english_and_chinese(sources: Sources, to_en: Lexicon, to_zh: Lexicon) -> list[Task]:
    """Round one: the two languages that dictionaries and the teacher cover."""
    pairs, docs = sources.translations, sources.documents
    tasks = [
        Task("tatoeba", corpora.translation(*pairs["en-zh tatoeba"]), 2.0),
        Task("cedict", corpora.translation(*pairs["en-zh cedict"]), 2.0, 2048),
        Task("tico", corpora.translation(*pairs["en-zh tico"]), 1.0),
        Task("ntrex", corpora.translation(*pairs["en-zh ntrex"]), 1.0, 757),
        Task("names zh", corpora.translation(*pairs["names zh"]), 0.3),
        Task("names en", corpora.translation(*pairs["names en"]), 0.1),
        Task("cloze zh", cloze(docs["zh"]), 2.0),
        Task("cloze en", cloze(docs["en"]), 2.0),
        Task("cloze zh>en", switched(cloze(docs["zh"]), to_en, SWITCHED), 1.2),
        Task("cloze en>zh", switched(cloze(docs["en"]), to_zh, SWITCHED), 1.2),
    ]
    for name in ("zh_cmrc2018", "zh-Hant_drcd", "en_qamr"):
        reading = sources.readings[name]
        tasks.append(Task(f"passage {name}", question_to_passage(reading), 1.0))
        tasks.append(Task(f"sentence {name}", question_to_sentence(reading), 0.6))
    return tasks


def one_language(sources: Sources, language: str) -> list[Task]:
    """Round two: a language with texts of its own, alone."""
    return [
        Task(name, cloze(docs), float(len(docs.runs)))
        for name, docs in sources.documents.items()
        if name.partition("_")[0] == language
    ]


def everything(sources: Sources, to_en: Lexicon, to_zh: Lexicon) -> list[Task]:
    """Round three: all languages together."""
    return [
        *_translations(sources),
        *_documents(sources, to_en, to_zh),
        *(task for name in data.QA_TRAIN for task in _reading(sources, name, to_en, to_zh)),
    ]


def terms(tokenizer: Any, sources: Sources) -> list[Task]:
    """Round six, beside everything: a glossary, and invented questions with their answers."""
    words = glossaries.glossary(tokenizer, glossary())
    invented = glossaries.answered(tokenizer, np.random.default_rng(6))
    return [
        Task("glossary", glossaries.translated(words), GLOSSARY, 1024, TRANSLATING),
        Task("invented", invented, INVENTED, 1024, ASKING),
        # Words drawn together tell Chinese passages apart less well, unless reminded.
        _asked("reminder", question_to_passage(sources.readings["zh_cmrc2018"]), REMINDER),
    ]


def _translations(sources: Sources) -> list[Task]:
    pairs = sources.translations
    tasks = [
        Task("tatoeba", corpora.translation(*pairs["en-zh tatoeba"]), 1.5, 1024, TRANSLATING),
        Task("cedict", corpora.translation(*pairs["en-zh cedict"]), 1.5, 2048, TRANSLATING),
    ]
    for name, pair in pairs.items():
        languages, _, kind = name.partition(" ")
        other = languages.rpartition("-")[2]
        sample = corpora.translation(*pair)
        if kind == "tico":
            tasks.append(_thinned(name, sample, 0.6 if languages == "en-zh" else 0.2))
        elif kind == "ntrex" and other in _MIXED:
            tasks.append(_thinned(name, sample, 0.7 if other == "zh" else 0.2))
        elif languages == "names":
            tasks.append(Task(name, sample, _NAMES.get(name, 0.15), 1024, TRANSLATING))
    sides = [pairs["en-zh ntrex"][0], *(pairs[f"en-{lang} ntrex"][1] for lang in _MIXED)]
    return [*tasks, _thinned("ntrex mixed", corpora.mixture(sides), 4.0)]


def _thinned(name: str, sample: Sampler, share: float) -> Task:
    """Translated sentences are few: seen with other words missing each time, they last longer."""
    return Task(name, corpora.thinned(sample, THINNED, both=True), share, 1024, TRANSLATING)


def _documents(sources: Sources, to_en: Lexicon, to_zh: Lexicon) -> list[Task]:
    tasks = []
    for name, docs in sources.documents.items():
        share = 0.4 if name.startswith("zh_") else _CLOZE.get(name, 0.15)
        # A few words of a sentence that may stand in the passage: rare words must count.
        words = corpora.thinned(cloze(docs, 0.5), (0.2, 0.6))
        tasks.append(_asked(f"cloze {name}", cloze(docs), share))
        tasks.append(_asked(f"words {name}", words, share * 0.5))
    zh, en = cloze(sources.documents["zh"]), cloze(sources.documents["en"])
    passages = switched(zh, to_en, SWITCHED, left=False)
    tasks += [
        _asked("cloze zh>en", switched(zh, to_en, SWITCHED), 0.7),
        _asked("cloze zh>en passage", passages, 0.3),
        _asked("cloze en>zh", switched(en, to_zh, SWITCHED), 0.7),
    ]
    return tasks


def _reading(sources: Sources, name: str, to_en: Lexicon, to_zh: Lexicon) -> list[Task]:
    share = _READING.get(name, 0.1)
    passage = question_to_passage(sources.readings[name])
    sentence = question_to_sentence(sources.readings[name])
    tasks = [
        _asked(f"passage {name}", corpora.thinned(passage, (0.6, 1.0)), share),
        _asked(f"sentence {name}", sentence, share * 0.6),
    ]
    if name.startswith("zh"):
        tasks += [
            _asked(f"passage {name}>en", switched(passage, to_en, SWITCHED), share * 0.6),
            _asked(f"sentence {name}>en", switched(sentence, to_en, SWITCHED), share * 0.3),
        ]
    if name.startswith("en"):
        other = switched(sentence, to_zh, SWITCHED, left=False)
        tasks.append(_asked(f"sentence {name}>zh", other, share * 0.5))
    return tasks


def _asked(name: str, sample: Sampler, share: float) -> Task:
    return Task(name, sample, share, temperature=ASKING)
