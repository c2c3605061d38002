"""Start the chat page and open it in the browser."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import webbrowser
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread, Timer

from index import IndexingError
from rag import Assistant, YinjuError
from ui.app import LOOPBACK, listening, server
from ui.handlers import Handlers

BROWSER_SECONDS = 1.0  # from here the server needs less to answer its first request


def run(arguments: argparse.Namespace, given: Assistant, *, bundled: bool) -> int:
    """Serve the page until interrupted; ``bundled`` tells that the bundled article is asked."""
    home = arguments.home or default_home()
    handlers = Handlers(
        given,
        partial(Assistant.from_documents, profile=given.settings),
        home,
        title="" if bundled else _title(given),
    )
    bound = listening(arguments.host, arguments.port)  # a port in use is told before the slow part
    local = arguments.host in LOOPBACK
    made = server(handlers, LOOPBACK if local else ("*",))
    _warm(given)
    url = address(arguments.host, bound.getsockname()[1])
    sys.stdout.write(f"Yinju is at {url}  (Ctrl-C stops it)\n")
    sys.stdout.flush()
    if not local:
        sys.stderr.write("Anyone who can reach this machine can use this page.\n")
    if not arguments.no_browser and has_display():
        opening = Timer(BROWSER_SECONDS, webbrowser.open, [url])
        opening.daemon = True
        opening.start()
    # A polite kill ends like any other exit, so that uploaded files are deleted.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    made.run(sockets=[bound])
    return 0


def _warm(given: Assistant) -> None:
    """Ask once, so that what is loaded on first use doesn't slow the first visitor's answer; a
    language model is read beside, as that takes longer than a page should wait."""
    Thread(target=_warm_model, args=(given,), daemon=True).start()
    with suppress(YinjuError, IndexingError):
        given.examples("en", 1)  # asked of the quoted answers before they are offered


def _warm_model(given: Assistant) -> None:
    with suppress(YinjuError, IndexingError):  # told to whoever asks
        given.warm()


def default_home() -> Path:
    """Return the folder where ratings are kept when no other is named."""
    from platformdirs import user_data_path

    return user_data_path("yinju", appauthor=False)


def address(host: str, port: int) -> str:
    """Return the address a browser on this machine opens."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"


def has_display() -> bool:
    """Tell whether a browser window could be seen."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _title(given: Assistant) -> str:
    documents = list(given.corpus.documents.values())
    return (
        documents[0].title if len(documents) == 1 else f"{documents[0].title} +{len(documents) - 1}"
    )
