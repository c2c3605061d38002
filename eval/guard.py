"""How well the number guard tells true statements from ones altered in a single place.

True statements: our own words on the bundled article (``data/guard/statements.tsv``, each with the
sentence it rests on) and figures generated here in Chinese and English. Alterations are made by
plain string rules, none of which the guard uses. ``data/guard/set.jsonl`` holds the set as it was
first drawn; another ``seed`` draws generated figures that nobody has seen.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rag import verify

FOLDER = Path(__file__).parent / "data" / "guard"
GENERATED = 90
SEED = 11
BINDING = ("figure", "date")  # the kinds of alteration that must be caught


@dataclass(frozen=True, slots=True)
class Case:
    """A statement, the sentence it is checked against, and what was altered ("" = it is true)."""

    id: str
    statement: str
    quote: str
    altered: str = ""


def load() -> list[Case]:
    """Return the set as it was drawn."""
    lines = (FOLDER / "set.jsonl").read_text(encoding="utf-8").splitlines()
    return [Case(**json.loads(line)) for line in lines]


def draw(seed: int = SEED) -> list[Case]:
    """Return true statements and their alterations; the same for the same seed."""
    rng = random.Random(seed)
    rows = [
        line.split("\t") for line in (FOLDER / "statements.tsv").read_text("utf-8").splitlines()
    ]
    pairs = [(f"a{i}", said, quote) for i, (said, quote) in enumerate(rows)]
    pairs += [(f"g{i}", *_generated(rng)) for i in range(GENERATED)]
    cases = []
    for name, statement, quote in pairs:
        cases.append(Case(name, statement, quote))
        for kind, other in _alterations(rng, statement):
            cases.append(Case(f"{name}-{kind}{len(cases)}", other, quote, kind))
    return cases


def measure(cases: list[Case]) -> dict[str, tuple[int, int]]:
    """Return for each kind of alteration how many were caught of how many; "" are true ones
    rejected."""
    caught, seen = Counter[str](), Counter[str]()
    for case in cases:
        seen[case.altered] += 1
        caught[case.altered] += not verify(case.statement, [case.quote]).supported
    return {kind: (caught[kind], seen[kind]) for kind in sorted(seen)}


def missed(cases: list[Case]) -> list[Case]:
    """Return the cases judged wrongly."""
    return [c for c in cases if verify(c.statement, [c.quote]).supported == bool(c.altered)]


def nearness(cases: list[Case]) -> dict[str, tuple[int, int]]:
    """Return how many true statements are near enough to their sentence, and how many sentences of
    an article about something else to any of the bundled one; both in one language."""
    from index import StaticEncoder, detect, load_encoder, read_file, split
    from rag import bundled
    from rag.grounding import NEAR, Grounds

    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)  # the shipped one is
    true = [
        Grounds([case.quote], encoder).nearness(case.statement, (1,))
        for case in cases
        if not case.altered and detect(case.statement)[:2] == detect(case.quote)[:2]
    ]
    ours, theirs = bundled.document(), read_file(FOLDER.parent / "second" / "lanchuan-museum.md")
    sentences, strange = (
        [d.text[a:b] for a, b in split(d.text) if any(c.isalnum() for c in d.text[a:b])]
        for d in (ours, theirs)
    )
    grounds = Grounds(sentences, encoder)
    others = [grounds.nearness(one, grounds.nearest(one)[:1]) for one in strange]
    return {
        "true, near their sentence": (sum(v >= NEAR for v in true), len(true)),
        "of another text, near any": (sum(v >= NEAR for v in others), len(others)),
    }


def show(seed: int | None, *, listing: bool) -> None:
    """Print the figures of the kept set, or of one drawn anew."""
    cases = load() if seed is None else draw(seed)
    found = {
        f"{kind} altered, caught" if kind else "true, rejected": counts
        for kind, counts in measure(cases).items()
    }
    for told, (number, of) in {**found, **nearness(cases)}.items():
        print(f"{told:<28} {number:>4} of {of:<4} {100 * number / of:.1f}%")
    if listing:
        for case in missed(cases):
            print(f"{case.altered or 'true'}: {case.statement}  |  {case.quote}")


def save() -> None:
    """Write the set as the first seed draws it."""
    rows = (json.dumps(asdict(case), ensure_ascii=False) for case in draw())
    (FOLDER / "set.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DATE = re.compile(
    r"\d{4}年(?:\d+月(?:\d+日)?)?|(?:\d+ )?(?:June|July|August)(?: \d+,)? \d{4}|[一二三四]季度"
    r"|(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth)[ -]quarter"
)
_UNITS = {"亿元": "万元", "亿": "万", "万": "亿", "billion": "million", "million": "billion",
          "个百分点": "倍", "元": "美元", "RMB ": "$", "yuan": "dollars"}  # fmt: skip
_TURNS = [("同比增长", "同比下降"), ("同比上升", "同比下降"), ("环比上升", "环比下降"),
          ("同比下降", "同比增长"), ("环比", "同比"), ("rose", "fell"), ("fell", "rose"),
          ("grew", "shrank"), ("year on year", "quarter on quarter"),
          ("quarter on quarter", "year on year"), (", up ", ", down ")]  # fmt: skip
_NAMES = [("程一笑", "宿华"), ("万鹏飞", "周明宇"), ("Cheng Yixiao", "Su Hua"),
          ("林知远", "陈立群"), ("苏文清", "何景行"), ("Maren Holt", "Petra Lund")]  # fmt: skip
_OTHER = {"一": "三", "二": "四", "三": "一", "四": "二", "first": "third", "second": "fourth",
          "third": "first", "fourth": "second", "First": "Third", "Second": "Fourth",
          "Third": "First", "Fourth": "Second",
          "June": "May", "July": "March", "August": "October"}  # fmt: skip


def _alterations(rng: random.Random, statement: str) -> Iterator[tuple[str, str]]:
    dates = [m.span() for m in _DATE.finditer(statement)]
    for match in _NUMBER.finditer(statement):
        kind = "date" if any(a <= match.start() < b for a, b in dates) else "figure"
        yield kind, statement[: match.start()] + _other(rng, match[0]) + statement[match.end() :]
    for a, b in dates:
        for word, other in _OTHER.items():
            if word in statement[a:b]:
                yield "date", statement[:a] + statement[a:b].replace(word, other, 1) + statement[b:]
                break
    for kind, table in (("unit", list(_UNITS.items())), ("direction", _TURNS), ("name", _NAMES)):
        for word, other in table:
            at = statement.find(word)
            if at < 0 or (kind == "unit" and not _beside_a_digit(statement, at, at + len(word))):
                continue
            yield kind, statement[:at] + other + statement[at + len(word) :]
            break


def _beside_a_digit(text: str, start: int, end: int) -> bool:
    return text[:start].rstrip()[-1:].isdigit() or text[end : end + 1].isdigit()


def _other(rng: random.Random, written: str) -> str:
    """Change one digit of a number; the first stays other than 0, and 6.0 doesn't become 6.00."""
    places = [i for i, c in enumerate(written) if c.isdigit()]
    place = rng.choice(places[:3])
    digits = [d for d in "123456789" if d != written[place]]
    return written[:place] + rng.choice(digits) + written[place + 1 :]


def _generated(rng: random.Random) -> tuple[str, str]:
    """Return a statement with made-up figures and the sentence that says the same."""
    amount = rng.randint(11, 998) / 10
    share, part = rng.randint(11, 899) / 10, rng.randint(101, 899) / 10
    year, month, day = rng.randint(2015, 2031), rng.randint(1, 12), rng.randint(10, 28)
    people = rng.randint(12, 98) * 1000
    up = rng.random() < 0.5
    zh, en = ("增长", "rose") if up else ("下降", "fell")
    months = ("January February March April May June July August September October November "
              "December").split()  # fmt: skip
    head = rng.choice(["林知远", "苏文清"])
    forms = [
        (f"董事长{head}表示，营收{zh}{share}%。", f"公司董事长{head}表示，今年营收{zh}{share}%，毛利率{part}%。"),
        (f"Chair Maren Holt said sales {en} {share}%.", f"Its chair, Maren Holt, said sales {en} {share}% to ${amount} million."),
        (f"营收{amount}亿元，同比{zh}{share}%。", f"公司{year}年营收为{amount}亿元，同比{zh}{share}%，毛利率{part}%。"),
        (f"Revenue {en} {share}% to RMB {amount / 10:.2f} billion.", f"公司营收为{amount}亿元，同比{zh}{share}%。"),
        (f"Sales {en} {share}% year on year.", f"The group said sales {en} {share}% year on year to ${amount} million."),
        (f"项目于{year}年{month}月{day}日启动，投资{amount}亿元。", f"{year}年{month}月{day}日，项目正式启动，总投资{amount}亿元。"),
        (f"It opened on {day} {months[month - 1]} {year}.", f"这座车站于{year}年{month}月{day}日启用。"),
        (f"公司有{people // 1000 / 10}万名员工。", f"The company employs {people:,} people."),
        (f"It employs {people:,} people.", f"公司现有员工{people / 10000}万人。"),
    ]  # fmt: skip
    return rng.choice(forms)
