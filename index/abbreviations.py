"""Words before a full stop that don't end a sentence, per strength; all case-folded.

``STRICT`` never ends one; ``NEEDS_DIGIT`` doesn't when a figure follows; ``LOOSE`` doesn't unless
a word follows that mostly starts sentences. The method is Punkt's (Kiss and Strunk 2006) with
short lists in place of training, so that a one-sentence file is split as a long one.
"""

from __future__ import annotations

STRICT = frozenset(
    """
    mr mrs ms mx dr drs prof st messrs mme mmes mlle gen sen rep gov lt col sgt capt cpt cmdr adm
    rev hon pres supt e.g i.e eg ie vs viz cf ca approx resp incl excl al esp
    hr fr frau dipl ing bzw z.b d.h u.a s.o s.u o.ä i.d.r sog zzgl inkl vgl
    sr sra srta dra ud uds ee excmo pág ej p.ej núm aprox
    sig sigg dott dott.ssa avv geom rag on ecc.mo prof.ssa
    exmo exma av
    т.е т.к им ул пр просп акад проф см ср напр рис тов обл
    tp ths ts pt kh bs
    """.split()
)

NEEDS_DIGIT = frozenset(
    """
    no nos nr nrs num núm n nº fig figs tab eq sec sect ch chap vol pp p pg art arts par abs abb kap
    jan feb mar apr jun jul aug sep sept oct nov dec ene abr ago dic janv févr avr juil déc
    okt dez mai rs rp fr s.f стр гл табл п ст ч т
    """.split()
)

LOOSE = frozenset(
    """
    inc corp co ltd llc plc bros jr sr esq etc dept univ assn u.s u.k u.n e.u a.m p.m ph.d uu
    gmbh ag cia s.a s.l s.p.a s.r.l ltda bd st ave blvd mt ft
    """.split()
)

ABBREVIATIONS = STRICT | NEEDS_DIGIT | LOOSE

# Articles, prepositions and the German words that stand before an ordinal: "im 2. Quartal".
ORDINAL_BEFORE = frozenset("am im der des dem den das die vom zum bis ab seit zur beim".split())

# Months after a day written as an ordinal, in the languages that write it so: "13. Dezember".
MONTHS = frozenset(
    """
    Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember
    Jan Feb Mär Apr Jun Jul Aug Sep Sept Okt Nov Dez Quartal Jahrhundert Jahrhunderts Jh
    """.split()
)

STARTERS = frozenset(
    """
    The A An It He She They We I You In On At But And However This That These Those There If When
    While As For After Before Its His Her Their Our My By From With Although Since Meanwhile Also
    What Who How Why Where According So Then Both Each Some Many Most Such No Not One Two Because
    Despite During Under Until Once Now Here Today Yesterday Later Next Last
    El La Los Las Un Una Le Les L Der Die Das Ein Eine Il Lo Gli O Os As Em No Na En
    """.split()
)
