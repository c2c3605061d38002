"""The few words an answer says of its own, in the asker's language.

Everything else in an answer is sliced from the source or is a figure converted from it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Own words of an answer; ``{}`` takes a word of the question or a term of the text."""

    not_in_text: str
    other_subject: str
    other_time: str
    closest: str
    ask: str
    figure: str
    either: str
    partly: str


_PHRASES: dict[str, Phrases] = {
    "zh": Phrases(
        "文中没有说明这一点。", "文中没有提到“{}”，所以无法回答。",
        "文中没有给出{}的情况。", "最接近的内容", "关于“{}”，文中说了什么？", "{}是多少？",
        "有两处可能是答案，第一处更有可能。",
        "问题中只有一部分文中有说明。",
    ),
    "zh-Hant": Phrases(
        "文中沒有說明這一點。", "文中沒有提到「{}」，所以無法回答。",
        "文中沒有給出{}的情況。", "最接近的內容", "關於「{}」，文中說了什麼？", "{}是多少？",
        "有兩處可能是答案，第一處較有可能。",
        "問題中只有一部分文中有說明。",
    ),
    "en": Phrases(
        "The text doesn't say.", "The text doesn't mention “{}”, so it can't answer this.",
        "The text says nothing about {}.", "Closest passage", "What does the text say about “{}”?",
        "What is said about “{}”?",
        "Two sentences may answer this; the first is the likelier.",
        "The text answers only part of this question.",
    ),
    "ja": Phrases(
        "本文にはその記述がありません。", "本文には「{}」への言及がないため、答えられません。",
        "本文には{}についての記述がありません。", "最も近い箇所", "「{}」について本文は何と述べていますか？",
        "「{}」はどのくらいですか？",
        "答えになりうる箇所が二つあり、先のほうが有力です。",
        "本文にあるのは質問の一部への答えだけです。",
    ),
    "ko": Phrases(
        "본문에는 그 내용이 없습니다.", "본문에 “{}”에 대한 언급이 없어 답할 수 없습니다.",
        "본문에는 {}에 대한 내용이 없습니다.", "가장 가까운 대목", "본문은 “{}”에 대해 무엇이라고 하나요?",
        "“{}”은(는) 얼마인가요?",
        "답이 될 만한 대목이 두 곳이며, 앞의 것이 더 유력합니다.",
        "본문에는 질문의 일부에 대한 답만 있습니다.",
    ),
    "es": Phrases(
        "El texto no lo dice.", "El texto no menciona «{}», así que no puede responder a esto.",
        "El texto no dice nada sobre {}.", "Pasaje más cercano", "¿Qué dice el texto sobre «{}»?",
        "¿Qué cifra da el texto para «{}»?",
        "Dos frases pueden ser la respuesta; la primera es la más probable.",
        "El texto responde solo a una parte de la pregunta.",
    ),
    "fr": Phrases(
        "Le texte ne le dit pas.", "Le texte ne mentionne pas « {} » et ne peut donc pas répondre.",
        "Le texte ne dit rien sur {}.", "Passage le plus proche", "Que dit le texte à propos de « {} » ?",
        "Quel chiffre le texte donne-t-il pour « {} » ?",
        "Deux phrases peuvent répondre ; la première est la plus probable.",
        "Le texte ne répond qu'à une partie de la question.",
    ),
    "de": Phrases(
        "Das steht nicht im Text.", "Der Text erwähnt „{}“ nicht und kann das nicht beantworten.",
        "Der Text sagt nichts über {}.", "Nächstliegende Stelle", "Was sagt der Text über „{}“?",
        "Welche Zahl nennt der Text für „{}“?",
        "Zwei Sätze kommen als Antwort in Frage, der erste eher.",
        "Der Text beantwortet nur einen Teil der Frage.",
    ),
    "it": Phrases(
        "Il testo non lo dice.", "Il testo non menziona «{}», quindi non può rispondere.",
        "Il testo non dice nulla su {}.", "Passo più vicino", "Che cosa dice il testo di «{}»?",
        "Quale cifra dà il testo per «{}»?",
        "Due frasi possono essere la risposta; la prima è la più probabile.",
        "Il testo risponde solo a una parte della domanda.",
    ),
    "pt": Phrases(
        "O texto não o diz.", "O texto não menciona “{}”, por isso não pode responder.",
        "O texto nada diz sobre {}.", "Passagem mais próxima", "O que diz o texto sobre “{}”?",
        "Que número o texto dá para “{}”?",
        "Duas frases podem ser a resposta; a primeira é a mais provável.",
        "O texto responde apenas a uma parte da pergunta.",
    ),
    "ru": Phrases(
        "В тексте об этом не сказано.", "В тексте не упоминается «{}», поэтому ответить нельзя.",
        "В тексте ничего не сказано про {}.", "Ближайший отрывок", "Что говорится в тексте о «{}»?",
        "Какую цифру текст приводит для «{}»?",
        "Ответом могут быть два места в тексте, первое вероятнее.",
        "В тексте есть ответ только на часть вопроса.",
    ),
    "ar": Phrases(
        "لا يذكر النص ذلك.", "لا يذكر النص «{}»، لذا لا يمكنه الإجابة عن هذا السؤال.",
        "لا يقول النص شيئًا عن {}.", "أقرب مقطع", "ماذا يقول النص عن «{}»؟",
        "ما الرقم الذي يذكره النص عن «{}»؟",
        "قد تكون الإجابة في إحدى جملتين، والأولى هي الأرجح.",
        "لا يجيب النص إلا عن جزء من السؤال.",
    ),
}  # fmt: skip

_QUOTES: dict[str, tuple[str, str]] = {
    "zh-Hant": ("「", "」"), "ja": ("「", "」"), "de": ("„", "“"), "fr": ("« ", " »"),
    "es": ("«", "»"), "it": ("«", "»"), "ru": ("«", "»"), "ar": ("«", "»"),
}  # fmt: skip


def phrases(language: str) -> Phrases:
    """Return the words of a language; English where we have none."""
    return (
        _PHRASES.get(language) or _PHRASES.get(language.split("-", maxsplit=1)[0]) or _PHRASES["en"]
    )


def quoted(text: str, language: str) -> str:
    """Put a text in the quotation marks of a language."""
    left, right = (
        _QUOTES.get(language) or _QUOTES.get(language.split("-", maxsplit=1)[0]) or ("“", "”")
    )
    return f"{left}{text}{right}"
