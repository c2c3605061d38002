"""Measure how good the answers are and what they cost.

run            ask questions, score the answers, write rows, a summary and a report
compare        show, question by question, what changed between two runs
keep           keep a run's rows, to compare later ones with
from-feedback  turn answers rated on the page into questions, once confirmed
bench          measure start-up, answering, indexing, retrieval and memory
retrieval      measure search alone on published question sets
guard          tell true statements from altered ones with the number guard
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from eval.errors import EvalError, RunError
from eval.questions import BUNDLED, Question

DEFAULT_OUT = Path("out/eval")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 2, after a message for people, when the input is at fault."""
    arguments = _parser().parse_args(argv)
    from index import IndexingError
    from rag import YinjuError

    command: Callable[[argparse.Namespace], None] = arguments.command
    try:
        command(arguments)
    except (EvalError, IndexingError, YinjuError) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="ask questions and score the answers"))
    _add_compare(commands.add_parser("compare", help="what changed between two runs"))
    _add_keep(commands.add_parser("keep", help="keep a run to compare later ones with"))
    _add_from_feedback(commands.add_parser("from-feedback", help="make questions of ratings"))
    _add_bench(commands.add_parser("bench", help="what it costs in seconds and memory"))
    _add_retrieval(commands.add_parser("retrieval", help="search alone, on published sets"))
    _add_guard(commands.add_parser("guard", help="true statements against altered ones"))
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_run)
    add = parser.add_argument
    add("--docs", nargs="+", type=Path, default=[], metavar="PATH",
        help="files and folders to ask; default: the bundled article")  # fmt: skip
    add("--questions", nargs="+", type=Path, default=[BUNDLED], metavar="FILE",
        help="JSON lines or SQuAD's JSON, also .xz; default: the bundled ones")  # fmt: skip
    add("--profile", default="embedded", help="embedded, small, large or server")
    add("--out", type=Path, default=DEFAULT_OUT, metavar="DIR",
        help=f"where rows, summary and report go; default: {DEFAULT_OUT}")  # fmt: skip
    add("--baselines", action=argparse.BooleanOptionalAction, default=True,
        help="ask the baselines too")  # fmt: skip
    add("--lang", default="", metavar="zh,en", help="only questions in these languages")
    add("--limit", type=int, default=0, metavar="N", help="a random sample of N (fixed seed)")


def _add_compare(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_compare)
    parser.add_argument("first", type=Path, metavar="DIR_A", help="the run to compare with")
    parser.add_argument("second", type=Path, metavar="DIR_B", help="the run that is judged")
    parser.add_argument("--gate", action="store_true",
        help="end with an error where the second is significantly worse")  # fmt: skip


def _add_keep(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_keep)
    parser.add_argument("run", type=Path, metavar="DIR", help="the run")
    parser.add_argument("kept", type=Path, metavar="KEPT", help="where its rows are kept")


def _add_from_feedback(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_from_feedback)
    add = parser.add_argument
    add("ratings", type=Path, metavar="FILE", help="feedback.jsonl in the folder of the index")
    add("--docs", nargs="+", type=Path, default=[], metavar="PATH",
        help="what was asked; default: the bundled article")  # fmt: skip
    add("--out", type=Path, default=Path("feedback-questions.jsonl"), metavar="FILE",
        help="questions are appended here; default: feedback-questions.jsonl")  # fmt: skip


def _add_bench(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_bench)
    add = parser.add_argument
    add("--documents", type=int, default=300, metavar="N", help="how many to index; default 300")
    add("--data", type=Path, default=None, metavar="DIR",
        help="holds text/zh_news.txt.xz; default ../shared/data, else made-up texts")  # fmt: skip
    add("--questions", type=Path, default=BUNDLED, metavar="FILE")
    add("--generation", action="store_true",
        help="only the language model: plain transformers and ours, on random weights")  # fmt: skip
    add("--starts", type=int, default=5, metavar="N", help="cold starts; default 5")
    add("--sizes", default="", metavar="10000,1000000",
        help="instead: search corpora of so many chunks, FAISS' indexes beside ours")  # fmt: skip
    add("--keep", type=Path, default=None, metavar="DIR",
        help="keep the corpora of --sizes there and use those that are there")  # fmt: skip


def _add_retrieval(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_retrieval)
    add = parser.add_argument
    add("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    add("--limit", type=int, default=500, metavar="N", help="questions a set; 0 = all")
    add("--sets", default="", metavar="A,B", help="only sets whose name holds one of these")
    add("--docs", nargs="*", type=Path, default=[], metavar="FILE", help="own documents")
    add("--questions", nargs="*", type=Path, default=[BUNDLED], metavar="FILE",
        help="asked of their sentences; default the bundled article and its questions")  # fmt: skip
    add("--other", default="", metavar="ENCODER", help="a folder or hub id to measure beside ours")
    add("--sweep", action="store_true", help="first hits under other weights of the blend")


def _add_guard(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_guard)
    parser.add_argument("--seed", type=int, help="draw the generated figures anew")
    parser.add_argument("--list", action="store_true", help="print what was judged wrongly")


def _guard(arguments: argparse.Namespace) -> None:
    from eval import guard

    guard.show(arguments.seed, listing=arguments.list)


def _run(arguments: argparse.Namespace) -> None:
    from eval import questions, report, results, running, tables
    from eval.baselines import BASELINES
    from eval.opening import Shelf

    if arguments.docs and arguments.questions == [BUNDLED]:
        raise EvalError("--docs needs --questions: the bundled ones ask the bundled article.")
    asked = _chosen(questions.load_all(arguments.questions), arguments.lang, arguments.limit)
    shelf = Shelf(tuple(arguments.docs), arguments.profile)
    shelf.check(asked)
    systems = (running.YINJU, *(BASELINES if arguments.baselines else ()))
    with _progress("asking") as on_progress:
        outcome = running.run(asked, shelf, systems, on_progress)
    settings = {
        "docs": [str(path) for path in arguments.docs],
        "questions": ["the bundled ones" if p == BUNDLED else str(p) for p in arguments.questions],
        "profile": arguments.profile,
        "lang": arguments.lang,
        "limit": arguments.limit,
    }
    summarised = results.summary(outcome, settings)
    results.save(arguments.out, outcome, summarised)
    report.save(arguments.out, outcome.rows[running.YINJU.name], summarised)
    tables.show(summarised, tables.console())
    print(
        f"{len(asked)} questions in {outcome.seconds['all']:.1f} s "
        f"(of which {outcome.seconds['opening']:.1f} s opening documents), "
        f"index {outcome.index_mib:,.2f} MiB on disk, "
        f"peak memory {outcome.peak_memory_mib:,.0f} MiB, "
        f"evidence not found: {outcome.missing_evidence}"
    )
    print(f"rows, summary and report: {arguments.out}/")
    _raise_for_failures(outcome.rows[running.YINJU.name])


def _raise_for_failures(rows: Sequence[Mapping[str, Any]]) -> None:
    """Make a run in which an answer raised end with an error, once everything is written."""
    failed = [row for row in rows if row["detail"]["error"]]
    if failed:
        first = f"{failed[0]['id']}: {failed[0]['detail']['error']}"
        raise RunError(f"{len(failed)} of {len(rows)} questions failed, the first was {first}")


def _chosen(asked: list[Question], langs: str, limit: int) -> list[Question]:
    wanted = {code.strip() for code in langs.split(",") if code.strip()}
    kept = [q for q in asked if not wanted or q.lang in wanted]
    if not kept:
        there = ", ".join(sorted({q.lang for q in asked}))
        raise EvalError(f"no question in {langs}; the files hold {there}.")
    if 0 < limit < len(kept):
        chosen = set(random.Random(0).sample(range(len(kept)), limit))
        return [q for i, q in enumerate(kept) if i in chosen]
    return kept


def _compare(arguments: argparse.Namespace) -> None:
    from eval import comparing, results, tables

    comparison = comparing.compare(results.load(arguments.first), results.load(arguments.second))
    comparing.show(comparison, tables.console())
    if arguments.gate:
        comparing.gate(comparison)


def _keep(arguments: argparse.Namespace) -> None:
    from eval import results

    results.keep(results.load(arguments.run), arguments.kept)
    print(f"kept in {arguments.kept}/")


def _from_feedback(arguments: argparse.Namespace) -> None:
    from eval import feedback
    from eval.opening import Shelf

    rated = feedback.unconfirmed(feedback.read(arguments.ratings), arguments.out)
    documents = Shelf(tuple(arguments.docs)).documents()
    cases = feedback.confirm(rated, documents, _line, print)
    count = feedback.append(arguments.out, cases)
    print(f"{count} of {len(rated)} rated questions confirmed; they are in {arguments.out}")


def _line(prompt: str) -> str:
    """Read a line from the terminal; its end, Ctrl+D, stops as "q" does."""
    try:
        return input(prompt)
    except EOFError:
        print()
        return "q"


def _bench(arguments: argparse.Namespace) -> None:
    from eval import bench, generation, scaling

    if arguments.generation:
        bench.print_all(list(generation.measured()))
        return
    if arguments.sizes:
        scaling.main(_sizes(arguments.sizes), arguments.data or _shared(), arguments.keep)
        return
    bench.main(
        documents=arguments.documents,
        data=arguments.data,
        questions=arguments.questions,
        starts=arguments.starts,
    )


def _sizes(text: str) -> list[int]:
    if not all(part.strip().isdigit() and int(part) for part in text.split(",")):
        raise EvalError(f"--sizes takes numbers of chunks such as 10000,100000, not {text!r}.")
    return [int(part) for part in text.split(",")]


def _shared() -> Path | None:
    folder = Path("../shared/data")
    return folder if (folder / "text").is_dir() else None


def _retrieval(arguments: argparse.Namespace) -> None:
    from eval import retrieval

    wanted = retrieval.Wanted(
        arguments.data, arguments.limit, arguments.sets, arguments.docs, arguments.questions
    )
    if arguments.docs and arguments.questions == [BUNDLED]:
        raise EvalError("--docs needs --questions: the bundled ones ask the bundled article.")
    if arguments.sweep:
        retrieval.sweep(wanted)
    else:
        retrieval.main(wanted, arguments.other)


def _progress(label: str) -> AbstractContextManager[Callable[[int, int], None] | None]:
    """Return a progress bar on standard error, nothing where that isn't a terminal."""
    return _bar(label) if sys.stderr.isatty() else nullcontext(None)


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label)
        yield lambda done, total: bar.update(task, completed=done, total=total)


if __name__ == "__main__":
    sys.exit(main())
