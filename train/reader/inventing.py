"""Invented reports and questions about them, each question in one of eleven languages.

What published questions lack: a question in one language about a passage in another, among
figures that are easily taken for each other. ``invented/`` holds terms in eleven languages and
forms to state and ask for them, and in other files whole relations, all written for this. Here
their slots get random names, figures and times; what has a name in two scripts keeps it. A text
tells what is easily taken for each other: terms that are near, a whole and its parts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import load_encoder
from rag.organisations import Named, organisations
from train.reader.examples import LOOK_ALIKES, QUESTION, Ids, Reading, rare, tokens_of

FOLDER = Path(__file__).parent / "invented"
TERMS_FILE, FORMS_FILE, QUALIFIERS_FILE = "terms.tsv", "forms.json", "qualifiers.tsv"
PASSAGES = {"zh": 7_000, "en": 4_000}
ASKED = 5  # questions on what a passage says
MISSING = 2  # on what it doesn't say at all
MISTAKEN = 1  # and on what it says, but of another organisation or time
PARTS = 0.3  # chance that a passage tells a whole and its parts, "revenue in Europe"
WHOLE = 0.6  # chance that it tells the whole of them too
COHERENT = 0.5  # chance that a passage's relations are those nearest to each other
NEAREST = 14  # of its field, among which they are chosen
SAME = 0.93  # cosine of two relations' questions from which they may ask for the same
JOINED = 0.25  # chance that two statements share a sentence
OTHER_TIME = 0.3  # chance that a passage states a fact for another time too
OTHER_SUBJECT = 0.25  # else, that it states it of another organisation too
KNOWN = 0.45  # share of the organisations that are well known, and have names in other scripts
OWN_SCRIPT = 0.7  # chance that a question calls them as its own language does
NO_YEAR = 0.35  # chance that a time is told or asked for without its year, where it can be
# Chances of a question's language, by the passage's.
LANGUAGES = {
    "zh": {"en": 0.36, "zh": 0.24},
    "en": {"zh": 0.36, "en": 0.24},
}
_OTHERS = ("ja", "ko", "es", "fr", "de", "it", "pt", "ru", "ar")
_SLOT = re.compile(r"\{([A-Z])\}")
_STOPS = {"。": "；", ".": ";"}
_VALUES = ("money", "count", "percent")  # kinds of terms that have parts
_YEAR = re.compile(r"(?: of| de| del| من عام)? ?\d{4}(?:年| года|년)? ?")


def _pairs(text: str) -> list[Named]:
    return [dict(zip(("zh", "en"), pair.split("/"), strict=True)) for pair in text.split()]


_SURNAMES = _pairs(
    "顾/Gu 沈/Shen 陆/Lu 贺/He 秦/Qin 苏/Su 叶/Ye 韩/Han 严/Yan 孟/Meng 江/Jiang"
    " 邵/Shao 陶/Tao 温/Wen 钱/Qian 方/Fang 丁/Ding 魏/Wei 罗/Luo 唐/Tang 许/Xu"
    " 林/Lin 周/Zhou 赵/Zhao 吴/Wu 郑/Zheng"
)
_GIVEN = _pairs(
    "承泽/Chengze 一诺/Yinuo 明远/Mingyuan 书岚/Shulan 景行/Jingxing 若安/Ruoan"
    " 知微/Zhiwei 怀瑾/Huaijin 清扬/Qingyang 思齐/Siqi 立群/Liqun 晓棠/Xiaotang"
    " 文博/Wenbo 嘉禾/Jiahe 雨辰/Yuchen 海宁/Haining 静/Jing 伟/Wei 磊/Lei 敏/Min"
    " 婷/Ting 涛/Tao"
)
_FOREIGN = _pairs(
    "安娜·科瓦奇/Anna_Kovacs 马克·林德奎斯特/Mark_Lindqvist"
    " 索菲·迪布瓦/Sophie_Dubois 克拉拉·温特/Clara_Winter"
    " 丹尼尔·奥康纳/Daniel_O'Connor 玛丽亚·桑托斯/Maria_Santos"
    " 彼得·诺瓦克/Peter_Novak 伊万·彼得罗夫/Ivan_Petrov 埃米莉·哈特/Emily_Hart"
    " 托马斯·贝克/Thomas_Becker 卡洛斯·莫雷诺/Carlos_Moreno 山田健一/Kenichi_Yamada"
)
_STEMS = _pairs(
    "沅溪/Yuanxi 星野/Starfield 云栖/Cloudrest 北岸/Northbank 青禾/Greencrop"
    " 恒越/Hengyue 远帆/Farsail 晨曦/Daybreak 蓝鲸/Bluewhale 松石/Turquoise"
    " 银杏/Ginkgo 海岳/Haiyue 天衡/Tianheng 华庭/Huating 赤道/Equator"
    " 光年/Lightyear 鼎新/Dingxin 瑞麟/Ruilin 百川/Baichuan 南屏/Nanping"
    " 朗润/Langrun 奥尔森/Olsen 维斯塔/Vesta 哈尔姆/Halm 诺德/Nord 贝尔蒙特/Belmont"
    " 科林斯/Corinth 阿特拉斯/Atlas"
)
_SORTS = _pairs(
    "科技/Technology 集团/Group 控股/Holdings 传媒/Media 能源/Energy 航空/Airlines"
    " 医疗/Medical 博物馆/Museum 大学/University 物流/Logistics 银行/Bank"
    " 娱乐/Entertainment 公司/Company 地铁/Metro 股份有限公司/Corporation"
    " 基金会/Foundation 平台/Platform 汽车/Motors 图书馆/Library"
)
_CITIES = _pairs(
    "北京/Beijing 上海/Shanghai 广州/Guangzhou 成都/Chengdu 杭州/Hangzhou"
    " 武汉/Wuhan 西安/Xi'an 香港/Hong_Kong 新加坡/Singapore 东京/Tokyo 首尔/Seoul"
    " 伦敦/London 巴黎/Paris 柏林/Berlin 马德里/Madrid 罗马/Rome 莫斯科/Moscow"
    " 纽约/New_York 悉尼/Sydney 圣保罗/São_Paulo 迪拜/Dubai 曼谷/Bangkok"
    " 雅加达/Jakarta 里斯本/Lisbon 维也纳/Vienna 多伦多/Toronto 开罗/Cairo"
    " 青岛/Qingdao"
)
_WORKS = _pairs(
    "青鸟/Bluebird 灯塔/Lighthouse 候鸟/Migrant 长河/Long_River 极光/Aurora"
    " 拾光/Gleam 星图/Starmap 回声/Echo 晴空/Clear_Sky 磐石/Bedrock 萤火/Firefly"
    " 山海/Hills_and_Seas 云雀/Skylark 归途/Homeward 知音/Kindred 飞梭/Shuttle"
    " 风起时/Rising_Wind 锦程/Bright_Road 白塔/White_Tower 千帆/Sails"
)
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro"
    " dezembro",
    "ru": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
_ORDINALS = {
    "en": "first second third fourth",
    "es": "primer segundo tercer cuarto",
    "fr": "premier deuxième troisième quatrième",
    "de": "ersten zweiten dritten vierten",
    "it": "primo secondo terzo quarto",
    "pt": "primeiro segundo terceiro quarto",
    "ru": "первом втором третьем четвёртом",
    "ar": "الأول الثاني الثالث الرابع",
    "zh": "一 二 三 四",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A fact: the kind of what is asked for, how it is stated and asked for, by language."""

    kind: str
    statements: dict[str, list[str]]
    questions: dict[str, list[str]]
    clauses: list[Named]


@dataclass(frozen=True, slots=True)
class When:
    """A year, and its quarter, half or month."""

    year: int
    part: str
    number: int


def relations() -> list[list[Relation]]:
    """Read the relations, a list for each field of life."""
    fields: dict[str, list[Relation]] = {"terms": [stated_by_forms(term) for term in terms()]}
    for file in sorted(FOLDER.glob("*-*.json")):
        for row in json.loads(file.read_text(encoding="utf-8")):
            relation = Relation(
                row["answer"], row["statements"], row["questions"], row.get("clauses", [])
            )
            fields.setdefault(file.stem.split("-")[0], []).append(relation)
    return list(fields.values())


@dataclass(frozen=True, slots=True)
class Term:
    """What a value is given for: the value's kind, and its wordings by language."""

    kind: str
    words: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What makes a part of a whole; those of one group are told apart by nothing else."""

    group: str
    kinds: frozenset[str]
    words: dict[str, list[str]]


def _rows(name: str, leading: int) -> list[tuple[list[str], dict[str, list[str]]]]:
    """Return a table's rows: their first cells, and the wordings by language."""
    head, *rows = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    languages = head.split("\t")[leading:]
    cells = [row.split("\t") for row in rows]
    return [
        (row[:leading], {k: c.split(";") for k, c in zip(languages, row[leading:], strict=True)})
        for row in cells
    ]


def terms() -> list[Term]:
    """Read the terms."""
    return [Term(kind, words) for (kind,), words in _rows(TERMS_FILE, 1)]


def qualifiers() -> dict[str, list[Qualifier]]:
    """Read the qualifiers by group."""
    groups: dict[str, list[Qualifier]] = {}
    for (group, kinds), words in _rows(QUALIFIERS_FILE, 2):
        one = Qualifier(group, frozenset(kinds.split(",")), words)
        groups.setdefault(group, []).append(one)
    return groups


def part_of(term: Term, qualifier: Qualifier) -> Term:
    """Return a part of a term: every wording of both together."""
    joined = {"zh": "{q}{w}", "ja": "{q}{w}", "ko": "{q} {w}"}
    words = {
        language: [
            joined.get(language, "{w} {q}").format(w=word, q=q)
            for word in wordings
            for q in qualifier.words[language]
        ]
        for language, wordings in term.words.items()
    }
    return Term(term.kind, words)


@cache
def _forms() -> dict[str, dict[str, dict[str, list[str]]]]:
    found: dict[str, dict[str, dict[str, list[str]]]] = json.loads(
        (FOLDER / FORMS_FILE).read_text(encoding="utf-8")
    )
    return found


def stated_by_forms(term: Term) -> Relation:
    """Put a term into the forms of its kind: all of its wordings in each."""
    forms = _forms()
    form = term.kind if term.kind in forms["statements"]["zh"] else "value"

    def filled(part: str) -> dict[str, list[str]]:
        return {
            language: [t.replace("{W}", word) for t in kinds[form] for word in term.words[language]]
            for language, kinds in forms[part].items()
        }

    return Relation(term.kind, filled("statements"), filled("questions"), [])


def phrase(when: When, language: str) -> str:
    """Return a time as an adverb, "in the second quarter of 2024"."""
    year, n = when.year, when.number
    if when.part == "year":
        return {
            "zh": f"{year}年", "ja": f"{year}年に", "ko": f"{year}년에", "en": f"in {year}",
            "es": f"en {year}", "fr": f"en {year}", "de": f"im Jahr {year}", "it": f"nel {year}",
            "pt": f"em {year}", "ru": f"в {year} году", "ar": f"في عام {year}",
        }[language]  # fmt: skip
    if when.part == "month":
        if language in ("zh", "ja", "ko"):
            shape = {"zh": "{}年{}月", "ja": "{}年{}月に", "ko": "{}년 {}월에"}[language]
            return shape.format(year, n)
        month = _MONTHS[language].split()[n - 1]
        return {
            "en": f"in {month} {year}", "es": f"en {month} de {year}", "fr": f"en {month} {year}",
            "de": f"im {month} {year}", "it": f"a {month} {year}", "pt": f"em {month} de {year}",
            "ru": f"в {month} {year} года", "ar": f"في {month} {year}",
        }[language]  # fmt: skip
    quarter = when.part == "quarter"
    if language in ("ja", "ko"):
        shape = {
            ("ja", True): "{}年第{}四半期に", ("ko", True): "{}년 {}분기에",
            ("ja", False): "{}年{}半期に", ("ko", False): "{}년 {}반기에",
        }[language, quarter]  # fmt: skip
        half = {"ja": "上下", "ko": "상하"}[language][n - 1] if not quarter else ""
        return shape.format(year, n if quarter else half)
    nth = _ORDINALS[language].split()[n - 1]
    if quarter:
        return {
            "zh": f"{year}年第{nth}季度", "en": f"in the {nth} quarter of {year}",
            "es": f"en el {nth} trimestre de {year}", "fr": f"au {nth} trimestre {year}",
            "de": f"im {nth} Quartal {year}", "it": f"nel {nth} trimestre del {year}",
            "pt": f"no {nth} trimestre de {year}", "ru": f"в {nth} квартале {year} года",
            "ar": f"في الربع {nth} من عام {year}",
        }[language]  # fmt: skip
    return {
        "zh": f"{year}年{'上下'[n - 1]}半年", "en": f"in the {nth} half of {year}",
        "es": f"en el {nth} semestre de {year}", "fr": f"au {nth} semestre {year}",
        "de": f"im {nth} Halbjahr {year}", "it": f"nel {nth} semestre del {year}",
        "pt": f"no {nth} semestre de {year}", "ru": f"в {nth} полугодии {year} года",
        "ar": f"في النصف {nth} من عام {year}",
    }[language]  # fmt: skip


class Inventor:
    """Makes values; the same seed makes the same ones."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._known = organisations()
        self._makers: dict[str, Callable[[str], str]] = {
            "money": self._money, "percent": self._percent, "count": self._count,
            "date": self._date, "year": self._year, "duration": self._duration,
        }  # fmt: skip

    def one(self, among: Sequence[Any]) -> Any:
        """Return one of them."""
        return among[int(self._rng.integers(len(among)))]

    def below(self, number: int) -> int:
        """Return a number from 0 on under ``number``."""
        return int(self._rng.integers(number))

    def order(self, number: int) -> list[int]:
        """Return the numbers under ``number`` in random order."""
        return [int(i) for i in self._rng.permutation(number)]

    def chance(self, share: float) -> bool:
        """Return True in ``share`` of the calls."""
        return bool(self._rng.random() < share)

    def value(self, relation: Relation, language: str) -> str:
        """Return what an answer slot is filled with."""
        kind = relation.kind
        if kind in self._makers:
            return self._makers[kind](language)
        if kind == "clause":
            clause: str = self.one(relation.clauses)[language]
            return clause
        named = {"person": self.person, "place": self.place, "name": self.work}.get(
            kind, self.organisation
        )
        return self.called(named(), language, work=kind == "name")

    def called(self, named: Named, language: str, *, work: bool = False) -> str:
        """Return a name as a text of this language has it."""
        name: str = named["zh" if language == "zh" else "en"]
        if work and language == "zh" and self.chance(0.7):
            left, right = self.one(["《》", "“”", "「」"])
            return f"{left}{name}{right}"
        return f"“{name}”" if work and self.chance(0.4) else name

    def person(self) -> Named:
        """Return a person's name."""
        if self.chance(0.35):
            found: Named = self.one(_FOREIGN)
            return {"zh": found["zh"], "en": found["en"].replace("_", " ")}
        first, last = self.one(_GIVEN), self.one(_SURNAMES)
        return {"zh": last["zh"] + first["zh"], "en": f"{last['en']} {first['en']}"}

    def place(self) -> Named:
        """Return a city."""
        return {k: v.replace("_", " ") for k, v in self.one(_CITIES).items()}

    def work(self) -> Named:
        """Return the name of a product, work or project."""
        return {k: v.replace("_", " ") for k, v in self.one(_WORKS).items()}

    def organisation(self) -> Named:
        """Return an organisation's name."""
        if self.chance(KNOWN):
            found: Named = self.one(self._known)
            return found
        stem, sort = self.one(_STEMS), self.one(_SORTS)
        return {"zh": stem["zh"] + sort["zh"], "en": f"{stem['en']} {sort['en']}"}

    def when(self) -> When:
        """Return a time."""
        part = self.one(["quarter", "quarter", "year", "year", "half", "month"])
        number = {"quarter": 4, "half": 2, "month": 12, "year": 1}[part]
        year = int(self._rng.integers(2012, 2032))
        return When(year, part, int(self._rng.integers(1, number + 1)))

    def other_when(self, than: When, *, same_year: bool) -> When:
        """Return another time of the same kind."""
        most = {"quarter": 4, "half": 2, "month": 12, "year": 1}[than.part]
        if most > 1 and (same_year or self.chance(0.5)):
            number = 1 + (than.number - 1 + int(self._rng.integers(1, most))) % most
            return replace(than, number=number)
        return replace(than, year=than.year + int(self.one([-2, -1, -1, -1, 1])))

    def spoken(self, when: When, language: str, *, year: bool = True) -> str:
        """Return a time in one of its wordings."""
        text = phrase(when, language)
        if not year and when.part != "year":
            text = _YEAR.sub("", text)
        if when.part == "quarter":
            if language == "zh" and self.chance(0.6):
                text = text.replace("第", "")
            elif language in ("zh", "en") and self.chance(0.25):
                text = re.sub(r"第?.季度$|the \w+ quarter(?: of)?", f"Q{when.number}", text)
        return text

    def _number(self, low: float, high: float) -> str:
        """Return a number, small ones as often as large ones."""
        value = float(np.exp(self._rng.uniform(np.log(low), np.log(high))))
        if value >= 1000:
            return f"{value:,.0f}"
        return f"{value:.{self.one([0, 1, 1, 2]) if value > 2 else self.one([1, 2])}f}"

    def _money(self, language: str) -> str:
        if language == "zh":
            unit = self.one(["亿元", "亿元", "亿元", "万元", "亿美元", "万美元", "亿欧元", "元"])
            return self._number(1, 5000) + str(unit)
        amount, unit = self._number(1, 900), self.one(["million", "billion"])
        shape = self.one(["{} {} yuan", "RMB{} {}", "${} {}", "€{} {}", "{} {} dollars", "£{} {}"])
        return str(shape.format(amount, unit))

    def _percent(self, language: str) -> str:
        number = self._number(0.3, 180)
        return f"{number} percent" if language == "en" and self.chance(0.2) else f"{number}%"

    def _count(self, language: str) -> str:
        if self.chance(0.5):
            return self._number(2, 90_000).split(".")[0]
        units = ["万", "亿", "万"] if language == "zh" else [" million", " million", " billion"]
        return self._number(1, 900) + str(self.one(units))

    def _date(self, language: str) -> str:
        year, month, day = (int(self._rng.integers(*r)) for r in ((2005, 2031), (1, 13), (1, 29)))
        if language == "zh":
            shapes = ["{}年{}月{}日", "{}年{}月", "{}年{}月", "{1}月{2}日"]
            return str(self.one(shapes).format(year, month, day))
        name = _MONTHS["en"].split()[month - 1]
        shapes = ["{1} {2}, {0}", "{2} {1} {0}", "{1} {0}", "{1} {0}", "{1} {2}"]
        return str(self.one(shapes).format(year, name, day))

    def _year(self, language: str) -> str:
        year = int(self._rng.integers(1890, 2031))
        return f"{year}年" if language == "zh" else str(year)

    def _duration(self, language: str) -> str:
        number = int(self._rng.integers(2, 60))
        if language == "zh":
            return str(number) + str(self.one(["年", "个月", "天", "小时", "分钟", "周"]))
        return f"{number} {self.one(['years', 'months', 'days', 'hours', 'minutes', 'weeks'])}"


@dataclass(frozen=True, slots=True)
class _Fact:
    """What is told of whom for when; ``needs`` are the slots that tell it from its like."""

    relation: Relation
    subject: Named
    when: When
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Told:
    """A fact in words; the answer's place in them."""

    fact: _Fact
    text: str
    span: tuple[int, int]
    dated: bool  # says when
    year: bool  # and of which year


@dataclass(frozen=True, slots=True)
class _Asked:
    language: str
    text: str
    span: tuple[int, int] | None


def passages(language: str, count: int, rng: np.random.Generator) -> list[tuple[str, list[_Asked]]]:
    """Return texts of this language and questions about each, with the answers' characters."""
    maker = Inventor(rng)
    fields = [(field, likeness(field)) for field in relations()]
    wholes = [term for term in terms() if term.kind in _VALUES]
    groups = qualifiers().values()
    fitting = {kind: [[q for q in g if kind in q.kinds] for g in groups] for kind in _VALUES}
    made = []
    for _ in range(count):
        if maker.chance(PARTS):
            term = maker.one(wholes)
            group = maker.one([group for group in fitting[term.kind] if group])
            told, unsaid = _parts(maker, term, group)
        else:
            told, unsaid = _chosen(maker, *maker.one(fields))
        made.append(_passage(maker, told, unsaid, language))
    return made


def likeness(field: Sequence[Relation]) -> NDArray[np.float32]:
    """Return the cosines of relations' questions in the shipped encoder's space, (n, n)."""
    asked = [_SLOT.sub("", f"{one.questions['en'][0]} {one.questions['zh'][0]}") for one in field]
    vectors = load_encoder().encode(asked)
    cosines: NDArray[np.float32] = vectors @ vectors.T
    return cosines


def _chosen(
    maker: Inventor, field: Sequence[Relation], alike: NDArray[np.float32]
) -> tuple[list[Relation], list[Relation]]:
    """Choose what a passage tells of a field, and what of the like it does not."""
    order = maker.order(len(field))
    if maker.chance(COHERENT):
        near = np.argsort(-alike[order[0]])[:NEAREST]
        order = [int(near[i]) for i in maker.order(len(near))]
    count = 3 + maker.below(6)
    told, rest = order[:count], order[count:]
    # What may ask for the same as something told is no safe question without an answer.
    rest = [i for i in rest if alike[i, told].max() < SAME]
    rest.sort(key=lambda i: -float(alike[i, told].max()))
    return [field[i] for i in told], [field[i] for i in rest[:MISSING]]


def _parts(
    maker: Inventor, term: Term, group: Sequence[Qualifier]
) -> tuple[list[Relation], list[Relation]]:
    """Choose which parts of a whole a passage tells, and which it does not."""
    order = [group[i] for i in maker.order(len(group))]
    count = 1 + maker.below(4)
    told = [part_of(term, one) for one in order[:count]]
    unsaid = [part_of(term, one) for one in order[count : count + MISSING]]
    whole = told if maker.chance(WHOLE) else unsaid
    whole.insert(maker.below(len(whole) + 1), term)
    return [stated_by_forms(one) for one in told], [stated_by_forms(one) for one in unsaid]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, a statement that answers it, and the number of their relation."""

    question: str
    statement: str
    relation: int


def pairs(count: int, rng: np.random.Generator) -> list[Pair]:
    """Return questions in all languages, each with a Chinese or English statement alone."""
    every, maker = [one for field in relations() for one in field], Inventor(rng)
    found: list[Pair] = []
    while len(found) < count:
        number = int(rng.integers(len(every)))
        language = str(maker.one(["zh", "zh", "en"]))
        fact = _Fact(every[number], maker.organisation(), maker.when())
        told = _stated(maker, fact, language, first=False)
        if asked := _asked(maker, fact, language, told.span):
            found.append(Pair(asked.text, told.text, number))
    return found


def _passage(
    maker: Inventor, relations: Sequence[Relation], unsaid: Sequence[Relation], language: str
) -> tuple[str, list[_Asked]]:
    subject, rival, when = maker.organisation(), maker.organisation(), maker.when()
    facts = [
        fact
        for relation in relations
        for fact in _facts(maker, relation, language, subject, rival, when)
    ]
    told = [_stated(maker, fact, language, first=i == 0) for i, fact in enumerate(facts)]
    # The first says whom the text is about; what is said of another comes last, so that nothing
    # after it is taken to be said of them.
    own = [one for one in told[1:] if one.fact.subject is subject]
    own = [own[i] for i in maker.order(len(own))]
    told = [told[0], *own, *(one for one in told[1:] if one.fact.subject is not subject)]
    text, asked = "", []
    for one in told:
        if text and text[-1] in _STOPS and maker.chance(JOINED):
            text = text[:-1] + _STOPS[text[-1]]
        if text and language != "zh":
            text += " "
        span = len(text) + one.span[0], len(text) + one.span[1]
        text += one.text
        asked.append(_asked(maker, one.fact, language, span))
    chosen = [a for i in maker.order(len(asked))[:ASKED] if (a := asked[i])]
    missing = [_Fact(relation, subject, when) for relation in unsaid]
    missing += [wrong for _ in range(MISTAKEN) if (wrong := _mistaken(maker, told, rival))]
    chosen += [a for fact in missing if (a := _asked(maker, fact, language, None))]
    return text, chosen


def _facts(
    maker: Inventor, relation: Relation, language: str, subject: Named, rival: Named, when: When
) -> list[_Fact]:
    """Return a fact, or two that only their time or their subject tells apart."""
    templates = relation.statements[language]
    if any("{T}" in t for t in templates) and maker.chance(OTHER_TIME):
        other = maker.when()
        times = [when] if other == when else [when, other]
        return [_Fact(relation, subject, time, frozenset("T")) for time in times]
    if any("{X}" in t for t in templates) and rival != subject and maker.chance(OTHER_SUBJECT):
        return [_Fact(relation, whose, when, frozenset("X")) for whose in (subject, rival)]
    return [_Fact(relation, subject, when)]


def _mistaken(maker: Inventor, told: Sequence[_Told], rival: Named) -> _Fact | None:
    """Return something a text nearly says: of another organisation, or of another time."""
    one: _Told = maker.one(told)
    like = [other.fact for other in told if other.fact.relation is one.fact.relation]
    if one.dated and maker.chance(0.5):
        when = maker.other_when(one.fact.when, same_year=not one.year)
        if all(fact.when != when for fact in like):
            return replace(one.fact, when=when, needs=frozenset("T"))
    other = rival if maker.chance(0.5) else maker.organisation()
    if all(fact.subject != other for fact in like):
        return replace(one.fact, subject=other, needs=frozenset("X"))
    return None


def _stated(maker: Inventor, fact: _Fact, language: str, *, first: bool) -> _Told:
    """Put a fact into words; the first of a text says whom it is about, where it can."""
    relation = fact.relation
    among = [t for t in relation.statements[language] if all(f"{{{n}}}" in t for n in fact.needs)]
    named = [t for t in among if "{X}" in t] if first else []
    template = str(maker.one(named or among))
    year = "T" in fact.needs or not maker.chance(NO_YEAR)
    answer = maker.value(relation, language)
    fills = {
        "X": lambda: fact.subject["zh" if language == "zh" else "en"],
        "T": lambda: maker.spoken(fact.when, language, year=year),
        "B": lambda: maker._percent(language),
        "C": lambda: maker._money(language),
        "P": lambda: maker.called(maker.person(), language),
        "Q": lambda: maker.called(maker.organisation(), language),
        "N": lambda: maker.called(maker.work(), language, work=True),
        "A": lambda: answer,
    }
    text, at, start = "", 0, 0
    for slot in _SLOT.finditer(template):
        text += template[at : slot.start()]
        if slot[1] == "A":
            start = len(text)
        text += fills[slot[1]]()
        at = slot.end()
    text += template[at:]
    if text[0].isascii():
        text = text[0].upper() + text[1:]
    return _Told(fact, text, (start, start + len(answer)), "{T}" in template, year)


def _asked(
    maker: Inventor, fact: _Fact, language: str, span: tuple[int, int] | None
) -> _Asked | None:
    """Ask for a fact in some language; None where no question says what has to be said."""
    shares = LANGUAGES[language]
    roll = float(maker._rng.random())
    other = next((k for i, k in enumerate(shares) if roll < sum(list(shares.values())[: i + 1])),
                 None) or str(maker.one(_OTHERS))  # fmt: skip
    among = [t for t in fact.relation.questions[other] if all(f"{{{n}}}" in t for n in fact.needs)]
    if not among:
        return None
    name = fact.subject["zh" if other == "zh" else "en"]
    if other in fact.subject and maker.chance(OWN_SCRIPT):
        name = fact.subject[other]
    year = "T" in fact.needs or not maker.chance(NO_YEAR)
    text = str(maker.one(among)).replace("{X}", name)
    text = text.replace("{T}", maker.spoken(fact.when, other, year=year))
    if _SLOT.search(text):
        return None
    return _Asked(other, re.sub(r"\s+", " ", text).strip(), span)


def read(tokenizer: Any, language: str, rng: np.random.Generator) -> Reading:
    """Make passages and questions, tokenized."""
    made = passages(language, PASSAGES[language], rng)
    encodings = tokenizer.encode_batch([text for text, _ in made], add_special_tokens=False)
    contexts = [np.array(encoding.ids, np.int32) for encoding in encodings]
    rows = [(owner, one) for owner, (_, asked) in enumerate(made) for one in asked]
    asked = tokenizer.encode_batch([one.text for _, one in rows], add_special_tokens=False)
    questions: list[Ids] = []
    owners: list[int] = []
    spans: list[tuple[int, int] | None] = []
    answers: list[Ids] = []
    for (owner, one), encoding in zip(rows, asked, strict=True):
        span = tokens_of(encodings[owner].offsets, *one.span) if one.span else None
        questions.append(np.array(encoding.ids[:QUESTION], np.int32))
        owners.append(owner)
        spans.append(span)
        answers.append(contexts[owner][span[0] : span[1] + 1] if span else np.zeros(0, np.int32))
    # Any other passage is of another subject, or of another time.
    alike = rng.integers(1, len(contexts), (len(owners), LOOK_ALIKES))
    alike = (alike + np.array(owners)[:, None]) % len(contexts)
    return Reading(
        questions, owners, spans, contexts, alike.astype(np.int32), answers,
        rare(tokenizer, contexts),
    )  # fmt: skip
