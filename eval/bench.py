"""What it costs: start-up, answering, indexing, retrieval, memory.

The cold starts are processes of their own; the rest runs here, the small before the large, so
that the peak memory after each step is that step's or an earlier one's.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from eval import workload
from eval.errors import RunError
from eval.questions import Question, load
from eval.running import peak_memory_mib
from index import Document, Encoder

if TYPE_CHECKING:
    from index import Corpus

QUERIES = 200
Item = TypeVar("Item")
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure; ``name`` is its key in the JSON line and holds its unit."""

    name: str
    value: float
    note: str = ""


def main(*, documents: int, data: Path | None, questions: Path, starts: int) -> None:
    """Measure everything, print a table and, as the last line, the figures as JSON."""
    asked = load(questions)
    made, origin = workload.documents(documents, data)
    console, found = Console(stderr=True), list[Measured]()
    steps = (
        cold_starts(ask_command(_answerable(asked)), starts),
        answering(asked),
        indexing(made, origin),
    )
    for measured in chain.from_iterable(steps):  # generators: each runs when the last has ended
        console.print(f"{measured.name} = {_number(measured.value)}", style="dim")
        found.append(measured)
    print_all(found)


def print_all(found: Sequence[Measured]) -> None:
    """Print the table for people, then one JSON line for machines."""
    table = Table(title=_machine(), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("what")
    table.add_column("value", justify="right")
    table.add_column("how", style="dim")
    for measured in found:
        table.add_row(measured.name, _number(measured.value), measured.note)
    console = Console()
    (console if console.is_terminal else Console(width=120)).print(table)
    print(json.dumps({m.name: round(m.value, 4) for m in found}, ensure_ascii=False))


def _machine() -> str:
    return f"{os.cpu_count()} CPU cores, {platform.machine()}, Python {platform.python_version()}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3f}"


def _answerable(asked: Sequence[Question]) -> str:
    return next((q.question for q in asked if q.answerable), asked[0].question)


def ask_command(question: str) -> list[str]:
    """Return how a user would ask: the installed ``yinju``, else the same module."""
    script = Path(sys.executable).with_name("yinju")
    start = [str(script)] if script.exists() else [sys.executable, "-m", "ui.cli"]
    return [*start, "ask", question, "--json"]


def cold_starts(command: Sequence[str], starts: int) -> Iterator[Measured]:
    """Start the command in fresh processes, once to make its index ready, then timed."""
    seconds, peak = _process(command)
    yield Measured("first_ask_seconds", seconds, "new process; its index may have to be made")
    runs = [_process(command) for _ in range(starts)]
    if runs:
        middle = statistics.median(seconds for seconds, _ in runs)
        peak = max(peak for _, peak in runs)
        yield Measured("cold_ask_seconds", middle, f"new process, index ready, median of {starts}")
        yield Measured("cold_ask_peak_mib", peak, "peak memory of that process")


# A process forked from a large one starts with that one's peak (Linux keeps ru_maxrss through
# exec), so a small one in between starts the command and measures it.
_STARTER = """
import json, os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([process.returncode, time.perf_counter() - began, usage.ru_maxrss]))
"""


def _process(command: Sequence[str]) -> tuple[float, float]:
    """Return the seconds and the peak MiB of one run; raises ``RunError`` when it fails."""
    starter = [sys.executable, "-S", "-c", _STARTER, *command]
    made = subprocess.run(starter, capture_output=True, text=True, errors="replace", check=False)
    if made.returncode != 0:
        raise RunError(f"“{command[0]}” can't be started: {made.stderr.strip()[-300:]}")
    code, seconds, peak = json.loads(made.stdout)
    if code != 0:
        tail = made.stderr.strip()[-300:]
        raise RunError(f"“{' '.join(command)}” ended with {code}: {tail}")
    return seconds, peak / (MIB if sys.platform == "darwin" else 1024)


def answering(asked: Sequence[Question]) -> Iterator[Measured]:
    """Ask the bundled article every question, warm."""
    began = time.perf_counter()
    from rag import Assistant

    assistant = Assistant.bundled()
    yield Measured("open_bundled_seconds", time.perf_counter() - began, "imports and ready index")
    assistant.ask(asked[0].question)
    own = [q for q in asked if not q.documents and not q.context] or asked
    seconds = _times(lambda q: assistant.ask(q.question, q.history), own)
    note = f"warm, {len(own)} questions to the bundled article"
    yield from _percentiles("answer", seconds, note)
    corpus: Corpus = assistant.corpus
    texts = list(corpus.documents.values())
    began = time.perf_counter()
    type(corpus).build(texts, corpus.encoder)
    size = sum(len(d.text) for d in texts)
    note = f"{size:,} characters, encoder loaded"
    yield Measured("index_article_seconds", time.perf_counter() - began, note)
    yield Measured("answering_peak_mib", peak_memory_mib(), "this process so far")


def indexing(
    made: Sequence[Document], origin: str, encoder: Encoder | None = None
) -> Iterator[Measured]:
    """Index many documents, save and reopen the index, search it."""
    from index import Corpus, load_encoder

    encoder = encoder or load_encoder()
    megabytes = sum(len(d.text.encode()) for d in made) / 1e6
    began = time.perf_counter()
    corpus = Corpus.build(made, encoder)
    seconds = time.perf_counter() - began
    size = f"{len(made):,} documents ({origin}), {megabytes:.1f} MB, {len(corpus.chunks):,} chunks"
    yield Measured("index_seconds", seconds, size)
    yield Measured("index_documents_per_second", len(made) / seconds)
    yield Measured("index_mb_per_second", megabytes / seconds)
    yield from _stored(corpus, encoder)
    yield from _searched(corpus, made)
    yield Measured("indexing_peak_mib", peak_memory_mib(), "this process so far")


def _stored(corpus: Corpus, encoder: Encoder) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "index"
        began = time.perf_counter()
        corpus.save(home)
        yield Measured("save_seconds", time.perf_counter() - began)
        size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
        yield Measured("index_disk_mib", size / MIB, "on disk")
        began = time.perf_counter()
        type(corpus).load(home, encoder)
        yield Measured("load_seconds", time.perf_counter() - began, "checksums included")


def _searched(corpus: Corpus, made: Sequence[Document]) -> Iterator[Measured]:
    wanted = workload.queries([d.text for d in made], QUERIES)
    corpus.search(wanted[0][1])
    firsts: list[str] = []

    def search(query: str) -> None:
        hits = corpus.search(query)
        firsts.append(hits[0].document_id if hits else "")

    seconds = _times(search, [fragment for _, fragment in wanted])
    note = f"{QUERIES} fragments of the documents, fused"
    yield from _percentiles("retrieval", seconds, note)
    right = sum(made[n].id == first for (n, _), first in zip(wanted, firsts, strict=True))
    note = "the fragment's own document first"
    yield Measured("retrieval_hit_at_1", right / len(wanted), note)


def _times(work: Callable[[Item], object], items: Sequence[Item]) -> list[float]:
    seconds = []
    for item in items:
        began = time.perf_counter()
        work(item)
        seconds.append(time.perf_counter() - began)
    return seconds


def _percentiles(name: str, seconds: Sequence[float], note: str) -> Iterator[Measured]:
    p50, p95 = np.percentile(seconds, (50, 95))
    yield Measured(f"{name}_p50_ms", 1000 * float(p50), note)
    yield Measured(f"{name}_p95_ms", 1000 * float(p95))
