"""Documents and queries for the benchmark: real news where the data folder is, else made up."""

from __future__ import annotations

import lzma
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from eval.errors import EvalError
from index import Document

NEWS = Path("text") / "zh_news.txt.xz"
SEED = 7
QUERY_CHARS = (8, 24)

# Made-up words, so that nobody's text is needed; frequencies fall off as in language (Zipf).
_HEADS = "云海星辰山川江河金木水火土东南西北春夏秋冬长安天地明华光大新联创智科通达远航"
_TAILS = "公司集团产品业务市场收入利润成本季度年度用户平台技术服务投资增长下降研发项目报告"
_PATTERNS = (
    "{a}{b}的{c}达到{n}亿元，同比增长{p}%。",
    "{a}表示，{b}与{c}将在{y}年{m}月合作。",
    "受{a}{c}影响，{b}下降{p}个百分点。",
    "{b}在{y}年推出{a}，{c}超过{n}万。",
    "“{c}仍是重点。”{a}负责人说。",
)


def documents(count: int, data: Path | None) -> tuple[list[Document], str]:
    """Return ``count`` documents and where they come from.

    Raises ``EvalError`` when ``data`` was named and holds no news.
    """
    folder = data or Path(__file__).parents[2] / "shared" / "data"
    if (folder / NEWS).is_file():
        texts = list(islice(_lines(folder / NEWS), count))
        return _documents(texts), str(NEWS)
    if data is not None:
        raise EvalError(f"{data / NEWS}: no such file. Leave --data out to use made-up documents.")
    return _documents(made_up(count)), "made up"


def made_up(count: int, seed: int = SEED) -> list[str]:
    """Return ``count`` texts of 10 to 60 sentences; the same for the same seed."""
    rng = random.Random(seed)
    words = [head + tail for head in _HEADS for tail in _TAILS]
    rng.shuffle(words)
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return ["".join(_sentences(rng, words, weights)) for _ in range(count)]


def _sentences(rng: random.Random, words: Sequence[str], weights: Sequence[float]) -> Iterator[str]:
    for _ in range(rng.randint(10, 60)):
        a, b, c = rng.choices(words, weights, k=3)
        yield rng.choice(_PATTERNS).format(
            a=a, b=b, c=c, n=round(rng.uniform(1, 900), 1), p=round(rng.uniform(0.1, 60), 1),
            y=rng.randint(1998, 2026), m=rng.randint(1, 12),
        )  # fmt: skip


def queries(texts: Sequence[str], count: int, seed: int = SEED) -> list[tuple[int, str]]:
    """Return ``count`` fragments, each with the number of the text it was cut from."""
    rng = random.Random(seed)
    filled = [number for number, text in enumerate(texts) if text.strip()]
    return [_fragment(rng, number, texts[number]) for number in rng.choices(filled, k=count)]


def _fragment(rng: random.Random, number: int, text: str) -> tuple[int, str]:
    length = rng.randint(*QUERY_CHARS)
    start = rng.randint(0, max(0, len(text) - length))
    fragment = text[start : start + length]
    return number, fragment if fragment.strip() else text[:length].strip() or text.strip()


def _lines(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        yield from (line.rstrip("\n") for line in stream)


def _documents(texts: Sequence[str]) -> list[Document]:
    return [Document(f"n{i}", "", text, f"n{i}", "zh") for i, text in enumerate(texts)]
