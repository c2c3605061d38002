"""Chinese names in Latin letters: "Kuaishou" is 快手, "Cheng Yixiao" is 程一笑.

A Latin word is taken for pinyin when it divides into two or more syllables by the rules of the
spelling (GB/T 16159: a later syllable that begins with a vowel needs an apostrophe, as in
Xi'an) and isn't a common word or name of a European language. Syllables that names hardly ever
hold (me, ne, re, ce, gen …) don't count: most false matches came from them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from index.words import HAN, fold

Spelling = tuple[str, ...]  # syllables without tones

_PARTS = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxzcsr]?)(.+)")
_SYLLABLE_LIST = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can
cang cao cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai
chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de deng di
dian diao die ding diu dong dou du duan dui dun duo en er fa fan fang fei fen feng fo fou
fu ga gai gan gang gao ge gei geng gong gou gu gua guai guan guang gui gun guo ha hai han
hang hao he hei heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao
jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke keng kong kou ku kua kuai
kuan kuang kui kun kuo la lai lan lang lao le lei leng li lian liang liao lie lin ling liu
long lou lu luan lue lun luo lv lve lyu lyue ma mai man mang mao mei men meng mi mian miao
mie min ming miu mo mou mu na nai nan nang nao nei neng ni nian niang niao nie ning niu
nong nou nu nuan nue nun nuo nv nve nyu nyue ou pa pai pan pang pao pei pen peng pi pian
piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun
ran rang rao ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao sen sha shai
shan shang shao she shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song
sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan
tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong
xiu xu xuan xue xun ya yan yang yao ye yi yin ying yong you yu yuan yue yun za zai zan
zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu zhua
zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_SYLLABLE_LIST.split())
_LONGEST_SYLLABLE = 6
_MOST_SYLLABLES = 5

# Words that divide into syllables and aren't Chinese: those met most often in the English and
# German Wikipedia texts, the Spanish and Italian question sets and the parallel news texts, and
# the names met most often there. Without it "China" and "women" find 持拿 and 我们.
_NOT_PINYIN_LIST = """
abitanti acute adelaide agua aguda aida aide aigu akademie akan alabama alemana alike along
alongside amiga analisi anche anda anderen anfang angaben angebote angegeben angela angle anglican
animali anlage anna anni annie ansi ante anti antigua antiguo antike anunci apache aparici arisen
aside ataque atari ayuda banana banda bande bantu baran bari basa basada basan basata basilica
basilika beide beinahe bengali binding bisa bisherige boca bola bolivia boxing buchanan bulan
burundi buying cabin cabo cache cada cadena cake canada canadian canale canali candidate capa
capita capitale capo carica casa casi catalan catena change chaque chemie chile china cima cina
citing citizen couche coule cuba cula cuya dabei damage damalige damen dana dante daran dari data
dataci date dati dating dazu debate deben decade decenni decide deciding decisi defending defensa
delegate delicate demanda demo depende depending deren dica dieci diesen dipinti dipole doute
dubai duke duncan durante ende endete ending enfoque engage engeren enrique erben erde ergaben
ergeben erlangte errang erte facilitate familie famosa fate foule gaben gaining gama gaming ganze
ganzen gate gaza geben gebiete geboren gegeben gelang gelangte genie gerufen gesang guatemala
guide guiding gute guyana haben hafen haiti hale hanna hansen hari hasan hate haya heide heilige
helena heren heritage hubo huge huida human humana hunting hutu juga juli julian julie junge juni
kamen kami kanada karen kata kate kepada kuba kuwaiti lage lake landete landing lange language
lanka late lateran latina latitude laying leben lebende legale legate leitete lena lica licenza
like limiting linda linfociti lingua linie linke lisa lite lucha luke lula luna lundi lunga machen
made mailing maize make maladie male mali manage mancanza manche manchen mandate manga mani
manipulate manning marina masa mate mating maximale maximilian maximize maya meiji menga
mengatakan menge mica michigan mike milan mile militari mini minimize mining minute minuti misi
mite mixing mobile mobili mode modeling modi module mole molecule monate monica mosa musica naci
nahe nahezu namen naming napole nasa natalie nica niche nige nile nimo nina nisan nunca pada pagan
page palatinate pale pali palin palu panama pari pasa pasha paying piante pida pidamente pidi
piedi pile pisa pochi pode pole politica politiche politici polizei popula posen posici quand
quant quieren quran rande range rende rica ride riding riga rige riqueza risale risen rita rite
ritu route routing ruhe rule ruling running ruta sache saga saharan sailing sake sala sale salida
salute samen samoa satan satu saya saying sending sente sentieren senza shade sica sicamente
sicilian sida side sigui simile simili simulate sinai site size suche suchen sudan suicide suite
susa susan tage tahun take tale tali taliban tama tasa tate taxi tema teren tesi tete tica
ticamente tide tiefen tige tile timing tipi tipo touche toute tubo tude tuning wade wage waiting
wake waren weichen weisen weite weiteren wende wobei woche wochen woman women yale yemen zeche
zeichen zeta zugang zuge zulu
"""
_NOT_PINYIN = frozenset(_NOT_PINYIN_LIST.split())

# What a word in lower case, or one spelt almost like a name, must hold: sounds that European
# spelling lacks or has less of. Without it "Menschen" and "Kapitän" find Chinese.
_CHINESE_SOUND = re.compile(r"zh|x[iu]|q[iu]|ao|uo|iu|ua|[aeio]ng|ou|sh|ui")
HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MOST_READINGS = 3  # of one character; rarer ones are hardly met in names
_FUZZY_FROM = 5  # letters; a shorter word is a letter away from too much
_TYPOS_FROM = 7


class Candidate(NamedTuple):
    """Latin words of a question that may make up one name, and how that may be divided.

    ``near`` tells whether spellings one letter off may be tried when these find nothing.
    """

    words: tuple[str, ...]
    exact: tuple[Spelling, ...]
    near: bool = False


def initial_and_final(syllable: str) -> tuple[str, str]:
    """Divide a syllable before its vowel; "ju" is said jü, whose final is "v"."""
    match = _PARTS.fullmatch(syllable)
    assert match is not None
    initial, final = match.groups()
    if initial in ("j", "q", "x") and final[0] == "u" and final != "ui":
        final = "v" + final[1:]
    return initial, final


def spellings(word: str) -> list[Spelling]:
    """Return the ways a Latin word divides into two or more syllables, [] for a common word.

    An apostrophe or hyphen ends a syllable: "Xi'an" is xi an alone.
    """
    letters = fold(word)
    if letters in _NOT_PINYIN:
        return []
    parts = re.split(r"['’-]", letters)
    found: list[Spelling] = [()]
    for part in parts:
        found = [before + after for before in found for after in _divisions(part)]
    return [syllables for syllables in found if 2 <= len(syllables) <= _MOST_SYLLABLES]


@lru_cache(maxsize=4096)
def _divisions(letters: str, first: bool = True) -> tuple[Spelling, ...]:
    if not letters:
        return () if first else ((),)
    if not first and letters[0] in "aeiouv":
        return ()
    return tuple(
        (letters[:end], *rest)
        for end in range(1, min(len(letters), _LONGEST_SYLLABLE) + 1)
        if letters[:end] in SYLLABLES
        for rest in _divisions(letters[end:], first=False)
    )


def near_spellings(word: str) -> list[Spelling]:
    """Return the divisions of words one letter away, for brands and typing errors.

    A vowel left out ("Kling" for keling) is allowed for from 5 letters on; from 7 on also a lost
    g or h, a wrong vowel, a letter too many and two letters swapped. The first letter must be
    right.
    """
    letters = fold(word)
    common = letters in _NOT_PINYIN or letters in SYLLABLES
    if len(letters) < _FUZZY_FROM or common or not _CHINESE_SOUND.search(letters):
        return []
    variants = dict.fromkeys(_edits(letters, typos=len(letters) >= _TYPOS_FROM))
    found = [s for variant in variants for s in spellings(variant)]
    return list(dict.fromkeys(found))


def _edits(letters: str, *, typos: bool) -> Iterator[str]:
    for i in range(1, len(letters) + 1):
        head, tail = letters[:i], letters[i:]
        yield from (head + vowel + tail for vowel in "aeiou")
        if typos:
            yield from (head + letter + tail for letter in "gh")
            yield from (head + vowel + tail[1:] for vowel in "aeiou" if tail)
            yield head + tail[1:]
            yield head + tail[1:2] + tail[:1] + tail[2:]


@lru_cache(maxsize=65536)
def readings(character: str) -> Mapping[str, int]:
    """Return a Chinese character's toneless readings with their rank, 0 the usual one.

    Any other character has none.
    """
    from pypinyin.pinyin_dict import pinyin_dict

    written = pinyin_dict.get(ord(character))
    found: dict[str, int] = {}
    for rank, reading in enumerate(written.split(",")[:_MOST_READINGS] if written else ()):
        for spelt in _spelt(reading):
            found.setdefault(spelt, rank)
    return found


def _spelt(reading: str) -> set[str]:
    """Return a dictionary's reading without tones; ü is written u, v or yu."""
    plain = reading.translate(_TONES)
    return {plain.replace("ü", u) for u in ("u", "v", "yu")} if "ü" in plain else {plain}


_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ", "aaaaeeeeiiiioooouuuuüüüünnnm")


def han_matches(latin: str, text: str) -> list[tuple[int, int]]:
    """Return the spans of Chinese characters in ``text`` that a Latin name may stand for.

    ``latin`` is a word or a whole name ("Cheng Yixiao", "Yixiao Cheng", "Kuaishou"). Spans are
    ascending and don't overlap. When nothing is spelt so, spellings one letter off count too.
    """
    words = [re.sub(r"['’]s$", "", word) for word in _LATIN.findall(latin)]
    found = _spans(_joined(words), text)
    if not found and len(words) == 1:
        found = _spans(near_spellings(words[0]), text)
    return found


def _joined(words: Sequence[str]) -> list[Spelling]:
    """Return the spellings of words that make up one name, family name first or last."""
    if len(words) == 1:
        return spellings(words[0])
    orders = [words, words[::-1]] if len(words) == 2 else [words]
    return [s for order in orders for s in spellings("-".join(order))]


def _spans(wanted: Iterable[Spelling], text: str) -> list[tuple[int, int]]:
    wanted = sorted(set(wanted), key=len, reverse=True)
    found: list[tuple[int, int]] = []
    for run in HAN_RUN.finditer(text) if wanted else ():
        sounds = [readings(character) for character in run.group()]
        start = 0
        while start < len(sounds):
            length = next((len(s) for s in wanted if _sounds_like(s, sounds, start)), 0)
            if length:
                found.append((run.start() + start, run.start() + start + length))
            start += length or 1
    return found


def _sounds_like(spelling: Spelling, sounds: Sequence[Mapping[str, int]], start: int) -> bool:
    return len(sounds) - start >= len(spelling) and all(
        syllable in sounds[start + i] for i, syllable in enumerate(spelling)
    )


def candidates(question: str, known: Collection[str]) -> list[Candidate]:
    """Return what in a question may be a Chinese name, whole names before their parts.

    Two capitalised neighbours are tried together before each alone. A word in lower case counts
    when it isn't among the ``known`` words of the texts and sounds Chinese; spellings one letter
    off are for unknown capitalised words.
    """
    words = [match.group() for match in _LATIN.finditer(re.sub(r"['’]s\b", "", question))]
    found: list[Candidate] = []
    for one, other in pairwise(words):
        if one[0].isupper() and other[0].isupper() and f"{one} {other}" in question:
            found.append(Candidate((one, other), tuple(_joined([one, other]))))
    for word in words:
        unknown = fold(word) not in known
        if word[0].isupper():
            found.append(Candidate((word,), tuple(spellings(word)), near=unknown))
        elif unknown and _CHINESE_SOUND.search(word):
            found.append(Candidate((word,), tuple(spellings(word))))
    return [candidate for candidate in found if candidate.exact or candidate.near]
