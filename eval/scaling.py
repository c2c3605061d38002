"""How search grows with the corpus: latency against recall of FAISS' indexes, and all of ours.

For each size one corpus is built of the texts at hand (kept in a folder, where one is named, and
found there the next time). A process of its own then opens it and searches, so that memory is
that of searching; the alternatives are measured on the same vectors.
"""

from __future__ import annotations

import json
import lzma
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.table import Table

from eval.errors import RunError
from eval.questions import load
from eval.running import peak_memory_mib
from eval.tables import console
from eval.workload import SEED, made_up, queries
from index import Document

if TYPE_CHECKING:
    from index import Corpus

MIB = 1024 * 1024
TEXTS = ("zh_news", "en_wiki", "ko_wiki", "de_wiki", "ja_aozora")
ASKED = ("zh_cmrc2018", "ja_jaquad", "ko_korquad", "en_qamr")
QUERIES = 200
MAX_CHARS = 400  # of a chunk: half the default, so that the texts at hand make a million
TOP = (10, 100)  # recall is of the exact first ten, and of the hundred that a search blends

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Point:
    """One index at one setting: recall of the exact first 10 and 100, milliseconds, MiB."""

    chunks: int
    index: str
    recall_10: float
    recall_100: float
    p50_ms: float
    p95_ms: float
    mib: float
    build_seconds: float


@dataclass(frozen=True, slots=True)
class Served:
    """What searching an opened corpus of ours costs, by ways of searching."""

    chunks: int
    index_seconds: float
    index_peak_mib: float
    disk_mib: float
    load_seconds: float
    peak_mib: float
    ms: dict[str, tuple[float, float]]  # mode: p50, p95


def main(sizes: Sequence[int], data: Path | None, keep: Path | None) -> None:
    """Measure every size, print two tables and, as the last line, JSON."""
    served: list[Served] = []
    points: list[Point] = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            home = (keep or Path(temporary)) / str(size)
            if not (home / "built.json").is_file():
                _child("build", home, str(size), str(data or ""))
            served.append(Served(**_child("serve", home, str(data or ""))))
            points += [Point(**point) for point in _child("curve", home, str(data or ""))]
    console().print(_served_table(served))
    console().print(_points_table(points))
    every = {"served": [asdict(s) for s in served], "curve": [asdict(p) for p in points]}
    print(json.dumps(every, ensure_ascii=False))


def _child(action: str, *arguments: object) -> Any:
    """Run one step in a process of its own, whose memory is then that step's alone."""
    command = [sys.executable, "-m", "eval.scaling", action, *map(str, arguments)]
    made = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if made.returncode:
        raise RunError(f"“{action}” of the benchmark ended with {made.returncode}; see above.")
    return json.loads(made.stdout.strip().splitlines()[-1])


def build(home: Path, size: int, data: Path | None) -> dict[str, float]:
    """Build and save a corpus of at least ``size`` chunks; what it took stays beside it."""
    from index import ChunkSettings, Corpus, chunk, load_encoder

    settings = ChunkSettings(max_chars=MAX_CHARS)
    taken: list[Document] = []
    pieces = 0
    for document in documents(data):
        taken.append(document)
        pieces += len(chunk(document, settings))
        if pieces >= size:
            break
    began = time.perf_counter()
    corpus = Corpus.build(taken, load_encoder(), chunk_settings=settings)
    seconds = time.perf_counter() - began
    peak = peak_memory_mib()
    corpus.save(home / "index")
    files = (home / "index").rglob("*")
    disk = sum(path.stat().st_size for path in files if path.is_file()) / MIB
    told = {
        "chunks": len(corpus.chunks),
        "index_seconds": seconds,
        "index_peak_mib": peak,
        "disk_mib": disk,
    }
    (home / "built.json").write_text(json.dumps(told), encoding="utf-8")
    return told


def documents(data: Path | None) -> Iterator[Document]:
    """Yield texts of all languages in turn while there are any, made-up ones else."""
    paths = [data / "text" / f"{name}.txt.xz" for name in TEXTS] if data else []
    read = [_lines(path) for path in paths if path.is_file()]
    for number, (lang, text) in enumerate(_in_turn(read) if read else _made_up()):
        yield Document(f"n{number}", "", text, f"n{number}", lang)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        yield from ((path.name[:2], line.rstrip("\n")) for line in stream)


def _in_turn(read: Sequence[Iterator[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    for together in zip_longest(*read):
        yield from (pair for pair in together if pair is not None)


def _made_up() -> Iterator[tuple[str, str]]:
    for seed in count(SEED):
        yield from (("zh", text) for text in made_up(1000, seed))


def wanted(corpus: Corpus, data: Path | None) -> list[str]:
    """Return questions of the published sets where they are, fragments of the corpus else."""
    found = [data / "qa" / "dev" / f"{name}.jsonl.xz" for name in ASKED] if data else []
    sets = [load(path) for path in found if path.is_file()]
    if not sets:
        texts = [document.text for document in corpus.documents.values()]
        return [fragment for _, fragment in queries(texts, QUERIES)]
    each = QUERIES // len(sets)
    return [q.question for asked in sets for q in random.Random(SEED).sample(asked, each)]


def serve(home: Path, data: Path | None) -> dict[str, Any]:
    """Open the saved corpus and search it each way."""
    from index import Corpus, load_encoder

    told: dict[str, Any] = json.loads((home / "built.json").read_text(encoding="utf-8"))
    began = time.perf_counter()
    corpus = Corpus.load(home / "index", load_encoder())
    asked = wanted(corpus, data)
    corpus.search(asked[0])
    told["load_seconds"] = time.perf_counter() - began
    modes: dict[str, Callable[[str], object]] = {
        "encoder": lambda query: corpus.search(query, 100, "dense"),
        "BM25": lambda query: corpus.search(query, 100, "lexical"),
        "fused": lambda query: corpus.search(query, 10),
    }
    told["ms"] = {name: _percentiles(_timed(search, asked)) for name, search in modes.items()}
    told["peak_mib"] = peak_memory_mib()
    return told


def curve(home: Path, data: Path | None) -> list[dict[str, Any]]:
    """Measure every kind of index on the corpus' vectors against an exact search."""
    import faiss

    from index import Corpus, load_encoder

    encoder = load_encoder()
    corpus = Corpus.load(home / "index", encoder)
    rows = np.ascontiguousarray(corpus.vectors)
    asked = encoder.encode(wanted(corpus, data), "query")
    del corpus
    exact = faiss.IndexFlatIP(rows.shape[1])
    exact.add(rows)
    right = exact.search(asked, max(TOP))[1]
    del exact
    return [asdict(point) for point in _points(rows, asked, right)]


def _points(rows: NDArray[Any], asked: NDArray[Any], right: Ids) -> Iterator[Point]:
    import faiss

    from index.dense import SIFTED, Dense

    total, dimensions = rows.shape
    lists = 256 if total <= 200_000 else 1024
    kinds = ["Flat", "SQfp16", "SQ8", f"IVF{lists},Flat", f"IVF{lists},SQ8"]
    kinds += [f"PQ{dimensions // 4}x4fs", f"PQ{dimensions // 2}x4fs", "HNSW16"]
    learnt = rows[np.sort(np.random.default_rng(0).permutation(total)[:100_000])]
    faiss.omp_set_num_threads(2)
    for kind in kinds:
        began = time.perf_counter()
        index = faiss.index_factory(dimensions, kind, faiss.METRIC_INNER_PRODUCT)
        if not index.is_trained:
            index.train(learnt)
        index.add(rows)
        seconds = time.perf_counter() - began
        faiss.omp_set_num_threads(1)
        for label, search in _settings(kind, index, rows):
            times, found = _timed_ids(search, asked)
            mib = len(faiss.serialize_index(index)) / MIB
            yield _point(total, label, times, found, right, mib, seconds)
        faiss.omp_set_num_threads(2)
        del index
    began = time.perf_counter()
    ours = Dense.build(rows)
    seconds = time.perf_counter() - began
    times, found = _timed_ids(lambda query: ours.search(query, max(TOP))[0], asked)
    mib = rows.nbytes / MIB if ours.codes is None else len(ours.codes) / MIB
    label = "ours: flat" if ours.codes is None else f"ours: codes, {SIFTED:,} exact"
    yield _point(total, label, times, found, right, mib, seconds)


Search = Callable[[NDArray[Any]], Ids]


def _settings(kind: str, index: Any, rows: NDArray[Any]) -> Iterator[tuple[str, Search]]:
    """Yield the settings an index is tried at; the later ones find more and take longer."""

    def plain(query: NDArray[Any]) -> Ids:
        found: Ids = index.search(query[None], max(TOP))[1][0]
        return found

    if kind.startswith("IVF"):
        for probes in (16, 64, 128, 256, 384):
            if probes <= index.nlist:
                index.nprobe = probes
                yield f"{kind}, {probes} lists", plain
    elif kind.startswith("HNSW"):
        for width in (128, 256, 512):
            index.hnsw.efSearch = width
            yield f"{kind}, width {width}", plain
    elif kind.startswith("PQ"):
        for read in (200, 500, 1000):
            yield f"{kind}, {read} exact", _sifting(index, rows, read)
    else:
        yield kind, plain


def _sifting(index: Any, rows: NDArray[Any], read: int) -> Search:
    def search(query: NDArray[Any]) -> Ids:
        ids = index.search(query[None], read)[1][0]
        ids = ids[ids >= 0]
        best: Ids = ids[np.argsort(-(rows[ids] @ query))[: max(TOP)]]
        return best

    return search


def _timed_ids(search: Search, asked: NDArray[Any]) -> tuple[list[float], list[Ids]]:
    search(asked[0])
    found: list[Ids] = []
    return _timed(lambda query: found.append(search(query)), asked), found


def _timed(work: Callable[[Any], object], asked: Sequence[Any] | NDArray[Any]) -> list[float]:
    times = []
    for query in asked:
        began = time.perf_counter()
        work(query)
        times.append(time.perf_counter() - began)
    return times


def _point(
    total: int, label: str, times: Sequence[float], found: Sequence[Ids], right: Ids, mib: float,
    seconds: float,
) -> Point:  # fmt: skip
    ten, hundred = (recall(found, right, k) for k in TOP)
    return Point(total, label, ten, hundred, *_percentiles(times), mib, seconds)


def recall(found: Sequence[Ids], right: Sequence[Ids] | Ids, k: int) -> float:
    """Return the mean share of the exact first ``k`` that are among the first ``k`` found."""
    shares = [
        len(set(one[:k].tolist()) & set(other[:k].tolist())) / min(k, len(other))
        for one, other in zip(found, right, strict=True)
    ]
    return float(np.mean(shares))


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    p50, p95 = 1000 * np.percentile(times, (50, 95))
    return float(p50), float(p95)


def _served_table(served: Sequence[Served]) -> Table:
    table = _table("Searching a corpus of ours (p50 / p95 ms)")
    modes = list(served[0].ms) if served else []
    for label in ("chunks", *modes, "memory MiB", "opened s", "indexed s", "peak MiB", "disk MiB"):
        table.add_column(label, justify="right")
    for one in served:
        figures = (one.peak_mib, one.load_seconds, one.index_seconds, one.index_peak_mib)
        times = (f"{one.ms[mode][0]:.1f} / {one.ms[mode][1]:.1f}" for mode in modes)
        cells = (*times, *(f"{value:,.1f}" for value in figures), f"{one.disk_mib:,.0f}")
        table.add_row(f"{one.chunks:,}", *cells)
    return table


def _points_table(points: Sequence[Point]) -> Table:
    table = _table("Nearest vectors, one thread: latency against recall of an exact search")
    table.add_column("chunks", justify="right")
    table.add_column("index")
    for label in ("of 10", "of 100", "p50 ms", "p95 ms", "MiB", "built s"):
        table.add_column(label, justify="right")
    for p in points:
        table.add_row(
            f"{p.chunks:,}", p.index, f"{p.recall_10:.3f}", f"{p.recall_100:.3f}",
            f"{p.p50_ms:.2f}", f"{p.p95_ms:.2f}", f"{p.mib:,.0f}", f"{p.build_seconds:.1f}",
        )  # fmt: skip
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def _step(action: str, home: Path, arguments: Sequence[str]) -> Any:
    data = Path(arguments[-1]) if arguments[-1] else None
    if action == "build":
        home.mkdir(parents=True, exist_ok=True)
        return build(home, int(arguments[0]), data)
    return {"serve": serve, "curve": curve}[action](home, data)


if __name__ == "__main__":
    print(json.dumps(_step(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])))
