"""Saying that the text doesn't say: in the asker's language, with the reason if one stands out."""

from __future__ import annotations

import re

from rag.answering import Draft
from rag.answering.prompts import WAY_OUT
from rag.phrases import phrases


def refusal_text(draft: Draft, language: str) -> str:
    """Return the one sentence that refuses."""
    words = phrases(language)
    if draft.reason == "other_subject" and draft.missing:
        return words.other_subject.format(draft.missing)
    if draft.reason == "other_time" and draft.missing:
        return words.other_time.format(draft.missing)
    return words.not_in_text


# What the text is called, and how it is said not to hold something, in the languages of the page.
_TEXT = (
    r"(?:文中|文章|原文|本文|正文|文本|材料|资料|資料|句子|上述|内容|內容|文档|文檔|信息|資訊|記事|文に"
    r"|본문|기사|글에|텍스트|문장|\btext|\barticle|\bpassage|\bsentence|\bdocument|\bsource|\binformation"
    r"|\btexto|\bartículo|\boraci|\bdocumento|\btexte|\bphrase|\bTexte?|\bArtikel|\bDokument|\bSätze"
    r"|\btesto|\barticolo|\bfras[ei]|\bartigo|текст|стать|документ|предложени|النص|المقال|الجمل|الوثيقة)"
)
_LACKS = (
    r"(?:(?:没有|没|未|并未|沒有|沒|無法|无法|不|無)[^。，,.]{0,8}(?:提|说|說|给|給|包含|涉及|回答|提供|找到|披露|介绍|介紹"
    r"|写|寫|指出|交代|显示|顯示|得知|确定|確定|相关|相關)"
    r"|ありません|書かれて(?:いない|いません)|述べられて(?:いない|いません)|記載が?(?:ない|されていない|されていません)"
    r"|含まれて(?:いない|いません)|言及(?:がない|されていない|されていません)|分かりません|わかりません"
    r"|없습니다|없다|않습니다|않는다|않았습니다"
    r"|(?:\bnot?\b|n[’']t\b|\bnothing\b)[^.]{0,30}?(?:say|stat|mention|contain|provid|specif|giv|includ|answer"
    r"|found|availab|discuss|information)"
    r"|\bno\b[^.]{0,15}(?:dice|menciona|indica|especifica|contiene|proporciona|responde|aparece|da\b)"
    r"|(?:\bne\b|n[’'])[^.]{0,25}\bpas\b|\b(?:nicht|keine)\b"
    r"|\bnon\b[^.]{0,15}(?:dice|menziona|indica|specifica|contiene|riporta|risponde|fornisce)"
    r"|\bnão\b[^.]{0,15}(?:diz|menciona|indica|especifica|informa|contém|responde|fornece)"
    r"|не (?:указан|сказан|упомина|содерж|говор|сообща|отвеча|привод)"
    r"|нет (?:информац|данных|сведен|ответа)"
    r"|(?:لا|لم) (?:يذكر|تذكر|يقول|يحتوي|تحتوي|يتضمن|يوضح|ترد|يرد|تجيب|يجيب))"
)
_SAYS_NOT = re.compile(rf"{_TEXT}[^.。\n]{{0,60}}?{_LACKS}", re.IGNORECASE)
_SAYS_NOT_FIRST = re.compile(  # the verb before the text: "Das steht nicht im Text", "لا يذكر النص"
    r"\b(?:steht|finde\w*)\b[^.]{0,20}\bnicht\b[^.]{0,20}\b(?:Text|Artikel|Dokument)"
    r"|(?:لا|لم) (?:يذكر|تذكر|يقول|يحتوي|يتضمن|يوضح|يرد|يجيب)[^.]{0,10}(?:النص|المقال|الوثيقة)",
    re.IGNORECASE,
)
_NOT_SAID = re.compile(
    r"\bno (?:information|mention|answer|data)\b|\bnot (?:mentioned|stated|provided|specified|given"
    r"|found|said|answered) (?:in|by)\b"
    r"|\bi (?:can(?:no|[’'])t|am unable to) (?:answer|find|determine)"
    r"|^(?:对不起|抱歉|很抱歉|無法回答|无法回答)",
    re.IGNORECASE,
)
LONGEST_WAY_OUT = 240  # characters; what is longer says something


def says_not(statement: str) -> bool:
    """Tell whether a statement without a citation says that the text doesn't say."""
    bare = statement.strip().strip("*_`\"'“”「」")
    if "".join(c for c in bare.upper() if c.isalpha()).startswith(WAY_OUT.replace("_", "")):
        return True
    short = len(bare) <= LONGEST_WAY_OUT
    return short and any(p.search(bare) for p in (_SAYS_NOT, _SAYS_NOT_FIRST, _NOT_SAID))
