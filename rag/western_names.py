"""Personal names in Latin and Cyrillic text: capitalised words that a title or a verb marks."""

from __future__ import annotations

import re

_CAP = (
    r"(?:[A-ZÀ-ÖØ-ÞА-ЯЁ][a-zß-öø-ÿа-яё]+(?:[-'’][A-ZÀ-ÖØ-ÞА-ЯЁ]?[a-zß-öø-ÿа-яё]+)*"
    r"|Mc[A-Z][a-z]+|O['’][A-Z][a-z]+)"
)
_LINK = r"(?:\s(?:van der|van den|van|von|de la|de|da|dos|del|di|bin|al|el|[A-Z]\.))?"
_FULL = rf"{_CAP}(?:{_LINK}\s{_CAP}){{1,3}}"
_TITLES = (
    r"(?:chair|chief executive(?: officer)?|chief financial officer|CEO|CFO|CTO|COO|chairman"
    r"|chairwoman|chairperson"
    r"|co-founder|founder|president|vice president|director|professor|prof\.|analyst|economist"
    r"|spokesman"
    r"|spokeswoman|spokesperson|minister|senator|judge|engineer|manager|reporter|editor|author"
    r"|scientist"
    r"|researcher|dr\.?|mr\.?|mrs\.?|ms\.?|sir"
    r"|Vorstandschef(?:in)?|Vorstandsvorsitzende[r]?|Geschäftsführer(?:in)?|Chef(?:in)?"
    r"|Gründer(?:in)?"
    r"|Präsident(?:in)?|Professor(?:in)?|Analyst(?:in)?|Sprecher(?:in)?|Minister(?:in)?|Herr|Frau"
    r"|PDG|directeur général|directrice générale|directeur|directrice|président|présidente"
    r"|fondateur|fondatrice"
    r"|ministre|analyste|monsieur|madame|M\.|Mme"
    r"|consejero delegado|presidente|presidenta|director|directora|fundador|fundadora|ministro"
    r"|ministra|analista"
    r"|portavoz|señor|señora|profesor|profesora|doctor|doctora"
    r"|amministratore delegato|direttore|direttrice|fondatore|fondatrice|professore|dottor"
    r"|signor|portavoce"
    r"|diretor|diretora|professora?|senhor|porta-voz"
    r"|генеральн\w+ директор\w*|президент\w*|директор\w*|основател\w*|министр\w*|профессор\w*"
    r"|аналитик\w*|глав[аы])"
)
_VERBS = (
    r"(?:said|says|told|added|adds|announced|noted|notes|explained|explains|argued|wrote"
    r"|stressed|emphasi[sz]ed"
    r"|acknowledged|warned|predicted|commented|remarked|joined|resigned|founded"
    r"|sagte|sagt|erklärte|betonte|teilte mit|schrieb|kündigte|warnte|meinte"
    r"|a déclaré|a dit|a annoncé|a expliqué|a souligné|a ajouté|affirme|explique|déclare|estime"
    r"|dijo|afirmó|señaló|declaró|explicó|añadió|anunció|aseguró|destacó"
    r"|ha detto|ha dichiarato|ha spiegato|ha annunciato|ha aggiunto|ha affermato|spiega"
    r"|disse|afirmou|declarou|explicou|acrescentou|anunciou|destacou"
    r"|сказал[аи]?|заявил[аи]?|отметил[аи]?|сообщил[аи]?|подчеркнул[аи]?|добавил[аи]?"
    r"|рассказал[аи]?)"
)
_TITLED = re.compile(rf"\b(?i:{_TITLES}),?\s(?P<name>{_FULL})\b")
_TITLE_WORD = re.compile(_TITLES, re.IGNORECASE)
_SPEAKING = re.compile(rf"(?<![\w.])(?P<name>{_FULL})(?=,?\s{_VERBS}\b)")
_INVERTED = re.compile(
    rf"[”\"’»“],?\s{_VERBS}\s(?P<name>{_FULL})\b|,\s{_VERBS}\s(?P<name2>{_FULL})\b"
)
_APPOSED = re.compile(
    rf"(?<![\w.])(?P<name>{_FULL})(?=,\s(?:the |its |der |die |le |la |el |il "
    rf"|o )?(?i:[\w’'-]+\s){{0,4}}?(?i:{_TITLES})\b)"
)
_NO_PERSON = frozenset(
    "The A An In On At But And Or For With From This That These Those It He She They We You I "
    "As By If When While After "
    "Before Since Inc Ltd Corp Corporation Company Group Bank University Institute Ministry "
    "Department Technology "
    "Technologies Holdings Capital Securities Research News Agency Times Post Journal Street "
    "City County State "
    "States United National International Global Central Federal European North South East West "
    "New Council "
    "Committee Commission Association Foundation Center Centre Motors Energy Media Airlines "
    "Airways Partners "
    "Der Die Das Ein Eine Im Am Le La Les Un Une El Los Las Il Lo Gli January February March "
    "April May June July "
    "August September October November December Monday Tuesday Wednesday Thursday Friday "
    "Saturday Sunday "
    "Second First Third Fourth Quarter Video Music Games Cloud Software Systems Solutions Services "
    "Banco Banque Bundesbank Ministerium Universität Université Universidad Università "
    "Universidade Gruppe "
    "Vice Chair Chief Executive Officer Chairman President Director Senior Professor Doctor "
    "Minister "
    "Prime Analyst".split()
)


def western_people(text: str) -> list[tuple[int, int]]:
    """Return the spans of full names of people in ``text``, in no particular order."""
    spans: list[tuple[int, int]] = []
    for pattern in (_TITLED, _SPEAKING, _INVERTED, _APPOSED):
        for match in pattern.finditer(text):
            group = "name" if match["name"] else "name2"
            spans.append(_trimmed(text, *match.span(group)))
    return [s for s in spans if s[1] > s[0] and _personal(text[s[0] : s[1]])]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop leading words that only a sentence's beginning made capital."""
    while (word := re.match(r"[^\W\d_]+[\s.]", text[start:end])) and (
        word[0].strip(" .") in _NO_PERSON or _TITLE_WORD.fullmatch(word[0].strip())
    ):
        start += word.end()
        start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, end


def _personal(name: str) -> bool:
    """Tell whether at least two words remain and none names a body or a day."""
    words = name.split()
    return len(words) >= 2 and not set(words) & _NO_PERSON
