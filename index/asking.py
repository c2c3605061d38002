"""The words that make a text a question and say nothing about its subject.

A short document gives them weight: where only one of twelve chunks holds "how", BM25 takes it
for a rare and telling word. Lists are short on purpose; what is left out costs little.
"""

from __future__ import annotations

import re

_CHINESE = (
    "请问|为什么|为何|是不是|有没有|是否|吗|呢|"
    "(?:分别)?(?:是|有|在|为)?(?:什么|多少|哪[些个里一年位种家天月]?|如何|怎么样?|怎样|"
    "何[时地人种]|几[个年种次名位家月天]|谁)是?"
)
_JAPANESE = (
    "どのような|どのように|ですか|でしょうか|ましたか|でしたか|だれ|誰|どこ|いつ|どの|どんな|なに|なん|"
    "いくつ|いくら|何|か(?=[?。]|$)"
)
_KOREAN = "무엇|누구|언제|어디|어느|어떤|몇|얼마|인가(?=[?]|$)|입니까|습니까|나요(?=[?]|$)"
_WORDS = (
    # English
    "a an and are at by did do does for from had has have how in is it its many much of on or "
    "that the their there this to was were what when where which who whom whose why will with "
    # Spanish, Portuguese, Italian
    "al com como cual cuales cuando cuanto cuanta cuantos cuantas da das de del dos donde e el en "
    "es fue la las lo los onde para por qual quais quando quanto quanta quantos quantas que quem "
    "quien quienes se su un una y che chi come cosa dei della di dove gli i il nel per quale "
    "quali quanti quante o os um uma "
    # French, German
    "au aux combien comment dans des du est et etait le les ou pour pourquoi quand quel quelle "
    "quels quelles qui quoi sur une das der die dem den ein eine einen einer hat im ist mit und "
    "von wann war waren warum was welche welcher welches wem wen wer wie wieviel "
    "viel viele wo zu zum "
    # Russian, folded: и for й, е for ё
    "в во где для из и как какая какие какои какова каковы когда кто на о по почему с сколько "
    "что чем чему это был была были "
    # Arabic, folded
    "ما ماذا من متى اين كيف كم لماذا هل في على الى عن هو هي التي الذي كان كانت"
)
_ASKING = re.compile(
    f"{_CHINESE}|{_JAPANESE}|{_KOREAN}|"
    + r"(?<![^\W\d_])(?:"
    + "|".join(sorted(set(_WORDS.split()), key=len, reverse=True))
    + r")(?![^\W\d_])"
)


def without_asking(folded: str) -> str:
    """Return folded text with a space in place of its question and function words."""
    return _ASKING.sub(" ", folded)
