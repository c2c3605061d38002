"""The command line: ``yinju ask``, ``index``, ``chat``, ``search``, ``verify``, ``doctor``.

Exit codes: 0 done (a refusal is an answer too), 1 something checked is broken or unsupported,
2 it couldn't be done, with the reason on stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import IndexingError
from rag.errors import NoDocuments, YinjuError

if TYPE_CHECKING:
    from index import Failure
    from rag import Assistant, Settings
    from rag.assistant import Progress

MANIFEST = "manifest.json"  # what a folder with an index holds
INTERRUPTED = 130
PIPE_CLOSED = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; bad input is told in words, never as a traceback."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except (IndexingError, YinjuError, OSError) as error:
        print(f"yinju: {error}", file=sys.stderr)
        return 2
    return code


def ask(arguments: argparse.Namespace) -> int:
    """Answer one question."""
    assistant = _assistant(arguments)
    question = sys.stdin.read() if arguments.question == "-" else arguments.question
    if arguments.json:
        print(json.dumps(assistant.ask(question).to_dict(), ensure_ascii=False, indent=2))
        return 0
    from rag import Done, Quick
    from ui.printing import Paint, answer_text

    paint = Paint(sys.stdout)
    for event in assistant.stream(question):
        if isinstance(event, Quick):  # stands even where the model then fails
            print(answer_text(event.answer, paint))
            print(paint.dim(f"\n{event.model}:"), flush=True)
        elif isinstance(event, Done):
            print(answer_text(event.answer, paint))
    return 0


def search(arguments: argparse.Namespace) -> int:
    """Show what is retrieved for a query, without answering."""
    assistant = _assistant(arguments)
    hits = assistant.search(arguments.query, arguments.k)
    documents = assistant.corpus.documents
    if arguments.json:
        from dataclasses import asdict

        named = [{**asdict(hit), "document": documents[hit.document_id].title} for hit in hits]
        print(json.dumps(named, ensure_ascii=False, indent=2))
        return 0
    from ui.printing import Paint, hit_text

    paint = Paint(sys.stdout)
    for rank, hit in enumerate(hits, 1):
        print(hit_text(rank, hit, documents[hit.document_id].title, paint))
    return 0


def index(arguments: argparse.Namespace) -> int:
    """Read and index files and folders."""
    from rag import Assistant

    begun = time.perf_counter()
    with _progress() as progress:
        assistant = Assistant.from_paths(
            arguments.paths, arguments.home, _settings(arguments), on_progress=progress
        )
    from ui.printing import counted

    corpus, seconds = assistant.corpus, time.perf_counter() - begun
    held = f"{counted(len(corpus.documents), 'document')}, {counted(len(corpus.chunks), 'chunk')}"
    print(f"{held} in {arguments.home} ({seconds:.1f} s)")
    _tell_failures(assistant.failures)
    return 0


def chat(arguments: argparse.Namespace) -> int:
    """Open the chat page."""
    from rag import Assistant
    from ui.chat import run

    # A folder without an index is only where ratings are to be kept.
    indexed = bool(arguments.home) and (arguments.home / MANIFEST).exists()
    if arguments.docs or indexed:
        return run(arguments, _assistant(arguments), bundled=False)
    return run(arguments, Assistant.bundled(_settings(arguments)), bundled=True)


def verify(arguments: argparse.Namespace) -> int:
    """Check the statements on stdin against documents."""
    from ui.checking import all_supported, check
    from ui.printing import Paint, indented, plain

    assistant = _assistant(arguments)
    if sys.stdin.isatty():
        print("Type or paste statements, end with Ctrl-D:", file=sys.stderr)
    checked = list(check(assistant, sys.stdin.read()))
    if not checked:
        raise NoDocuments("There is nothing to check: give statements on standard input.")
    if arguments.json:
        print(json.dumps([one.to_dict() for one in checked], ensure_ascii=False, indent=2))
        return 0 if all_supported(checked) else 1
    paint = Paint(sys.stdout)
    for one in checked:
        mark = paint.good("✓") if one.verdict.supported else paint.bad("✗")
        print(f"{mark} {plain(one.statement)}")
        for reason in one.verdict.reasons:
            print(f"  {paint.warn(plain(reason))}")
        shown = list(zip(one.spans, one.quotes, strict=True))
        for span, quote in shown if one.verdict.supported else shown[:1]:
            title = plain(assistant.corpus.documents[span.document_id].title)
            print(paint.dim(f"    {title}, {span.start}-{span.end}"))
            print(indented(" ".join(plain(quote).split())))
    return 0 if all_supported(checked) else 1


def doctor(arguments: argparse.Namespace) -> int:
    """Look at the installation and say what is broken."""
    from ui.doctor import examine
    from ui.printing import Paint

    paint = Paint(sys.stdout)
    signs = {"ok": paint.good("ok    "), "note": paint.warn("note  ")}
    broken = 0
    for look in examine(arguments.home, arguments.profile, offline=arguments.offline):
        broken += look.state == "broken"
        print(f"{signs.get(look.state, paint.bad('BROKEN'))} {look.name:<24} {look.told}")
    print(f"{broken} broken" if broken else "Everything is sound.")
    return 1 if broken else 0


def _assistant(arguments: argparse.Namespace) -> Assistant:
    """Return what is asked: the given files, a ready index, or the bundled article."""
    from rag import Assistant

    if arguments.docs:
        with _progress() as progress:
            made = Assistant.from_paths(
                arguments.docs, arguments.home, _settings(arguments), on_progress=progress
            )
        _tell_failures(made.failures)
        return made
    if arguments.home:
        return Assistant.from_home(arguments.home, _settings(arguments))
    return Assistant.bundled(_settings(arguments))


def _settings(arguments: argparse.Namespace) -> Settings:
    from rag import Settings

    return Settings.of(
        arguments.profile,
        model=arguments.model,
        encoder=arguments.encoder,
        reranker=arguments.reranker,
        server=arguments.server,
        download=arguments.download,
    )


def _tell_failures(failures: Sequence[Failure]) -> None:
    if failures:
        print(f"Left out, {len(failures)} in all:", file=sys.stderr)
    for failure in failures:
        said = failure.message
        told = said if Path(failure.path).name in said else f"{failure.path}: {said}"
        print(f"  {told}", file=sys.stderr)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """Show a bar on stderr where a person watches; it appears only when there is work to see."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("indexing", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("indexing", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def _version() -> str:
    try:
        return metadata.version("yinju")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yinju",
        description="Ask an article a question, in your language; get an answer with its evidence.",
    )
    parser.add_argument("--version", action="version", version=f"yinju {_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = _command(commands, "ask", ask, 'answer a question: yinju ask "…" [--docs PATH…]')
    one.add_argument("question", help='the question, or "-" to read it from standard input')
    _corpus_options(one)
    _json_option(one)

    one = _command(commands, "chat", chat, "open the chat page in the browser")
    _corpus_options(one)
    one.add_argument("--port", type=_port, help="port (default: the first free one from 7860)")
    one.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    one.add_argument("--no-browser", action="store_true", help="only print the address")

    one = _command(commands, "index", index, "read and index files and folders")
    one.add_argument("paths", nargs="+", metavar="PATH", help="files and folders")
    one.add_argument("--home", type=Path, required=True, help="folder the index is kept in")
    _profile_option(one)

    one = _command(commands, "search", search, "show the passages nearest to a query")
    one.add_argument("query")
    one.add_argument("-k", type=_positive, default=5, help="how many (%(default)s)")
    _corpus_options(one)
    _json_option(one)

    one = _command(commands, "verify", verify, "check statements on stdin against documents")
    _corpus_options(one)
    _json_option(one)

    one = _command(commands, "doctor", doctor, "check this installation")
    one.add_argument("--home", type=Path, help="an index to check too")
    one.add_argument("--offline", action="store_true", help="prove that answering needs no network")
    _profile_option(one)
    return parser


def _command(commands: Any, name: str, run: Any, told: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=told, description=told)
    made.set_defaults(run=run)
    return made


def _corpus_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--docs", nargs="+", action="extend", metavar="PATH", default=[],
        help="files and folders to ask (default: the bundled article)",
    )  # fmt: skip
    parser.add_argument(
        "--home", type=Path, help="folder of an index; with --docs it is brought up to date"
    )
    _profile_option(parser)


def _profile_option(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--profile", default="embedded",
        help="embedded, small, large or server (%(default)s)")  # fmt: skip
    add("--model", default="", help="language model: a Hugging Face id or a folder")
    add("--encoder", default="", help="encoder: shipped, a Hugging Face id or a folder")
    add("--reranker", default="", help="reranker: a Hugging Face id or a folder")
    add("--server", default="", metavar="URL", help="address of an OpenAI-compatible server")
    add("--download", action="store_true", help="fetch missing weights from the network")


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, got {text!r}")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 to 65535, got {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
