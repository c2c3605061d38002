"""The chat page: Gradio carries events and HTML between the browser and the handlers.

Every part of the page is our own HTML, drawn by pure functions; ``page.js`` turns clicks and keys
into events of one hidden component, the bus. Nothing is fetched from anywhere but this server, and
the browser is told to refuse anything else.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.handlers import Handlers, View
from ui.session import Session
from ui.shell import MAX_UPLOAD_MB

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI

PORT = 7860
PORTS_TRIED = 20
STRAY_SECONDS = 60
LOOPBACK = ("127.0.0.1", "localhost")

Act = Callable[[Session, dict[str, Any]], View]

_HERE = Path(__file__).parent
_PARTS = tuple(part.name for part in fields(View))

# 'unsafe-eval' because Gradio compiles its HTML templates in the browser; what documents hold is
# never part of a template, only of a value, and every value is escaped.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)

_BUS = (
    "window.yinju = { send: trigger };"
    "// 'ask' 'halt' 'wipe' 'language' 'source' 'document' 'more' 'citation' 'rate'"
)


def quiet() -> None:
    """Switch off every telemetry of the libraries; must run before they are imported."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_RUN_HISTORY"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["DO_NOT_TRACK"] = "1"


def build(handlers: Handlers) -> gr.Blocks:
    """Return the page."""
    quiet()
    import gradio as gr

    with gr.Blocks(title="Yinju 引据", analytics_enabled=False, fill_width=True) as page:
        session = gr.State(None)
        with gr.Column(elem_id="yinju"):
            parts = _parts(gr)
            bus = gr.HTML("", elem_id="bus", js_on_load=_BUS, apply_default_css=False)
            upload = gr.UploadButton("", elem_id="upload", file_count="multiple", type="filepath")
        outputs = [session, *parts]
        opened = _opening(gr, handlers)
        page.load(opened, None, outputs, show_progress="hidden", api_visibility="private")
        _listen(gr, handlers, bus, outputs)
        _receive(gr, handlers, upload, outputs)
    page.queue(default_concurrency_limit=16)
    return page


def _parts(gr: Any) -> list[Any]:
    """Lay the page out and return its parts in the order of ``View``."""
    made: dict[str, Any] = {}

    def part(name: str) -> None:
        made[name] = gr.HTML("", elem_id=name, apply_default_css=False, padding=False)

    part("top")
    with gr.Column(elem_id="chat"):
        with gr.Column(elem_id="talk"):
            part("intro")
            part("past")
            part("live")
        part("composer")
    part("article")
    return [made[name] for name in _PARTS]


# Gradio finds the request and the event data by their annotations, so the functions below are
# given real ones: this module's own are strings, and gradio isn't imported at its top.
def _opening(gr: Any, handlers: Handlers) -> Callable[..., list[Any]]:
    def opened(request: Any) -> list[Any]:
        held, view = handlers.open(request.headers.get("accept-language", ""))
        return _updates(gr, held, view)

    opened.__annotations__ = {"request": gr.Request}
    return opened


def _listen(gr: Any, handlers: Handlers, bus: Any, outputs: list[Any]) -> None:
    """Connect the bus to the handlers; ``outputs`` are the session and the parts."""

    def asked(held: Session | None, event: Any) -> Iterator[list[Any]]:
        held = held or Session()
        told = _told(event)
        for view in handlers.ask(held, str(told.get("question", "")), _number(told, "again")):
            yield _updates(gr, held, view)

    def halted(held: Session | None) -> None:
        if held is not None:
            handlers.stop(held)

    def handled(act: Act) -> Callable[..., list[Any]]:
        def handle(held: Session | None, event: Any) -> list[Any]:
            held = held or Session()
            return _updates(gr, held, act(held, _told(event)))

        handle.__annotations__ = {"event": gr.EventData}
        return handle

    asked.__annotations__ = {"event": gr.EventData}
    session = outputs[0]
    usual: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # The handlers keep the line themselves, so that people are told how many are ahead of them.
    bus.ask(asked, session, outputs, concurrency_limit=None, **usual)
    bus.halt(halted, session, None, queue=False, **usual)
    for name, act in _acts(handlers).items():
        getattr(bus, name)(handled(act), session, outputs, **usual)


def _receive(gr: Any, handlers: Handlers, upload: Any, outputs: list[Any]) -> None:
    """Connect the upload button; it is emptied so that the same file can be sent again."""

    def add(files: list[str] | None, held: Session | None) -> list[Any]:
        held = held or Session()
        return [None, *_updates(gr, held, handlers.add_files(held, _taken(files or [])))]

    upload.upload(
        add,
        [upload, outputs[0]],
        [upload, *outputs],
        show_progress="hidden",
        concurrency_limit=2,
        api_visibility="private",
    )


def _acts(handlers: Handlers) -> dict[str, Act]:
    return {
        "wipe": lambda held, told: handlers.clear(held),
        "language": lambda held, told: handlers.switch_language(held, str(told["value"])),
        "source": lambda held, told: handlers.choose_source(held, str(told["value"])),
        "document": lambda held, told: handlers.show_document(held, str(told["value"])),
        "more": lambda held, told: handlers.show_more(
            held, str(told["document"]), _number(told, "at")
        ),
        "citation": lambda held, told: handlers.show_citation(
            held, _number(told, "turn"), _number(told, "number")
        ),
        "rate": lambda held, told: handlers.rate(held, _number(told, "turn"), str(told["rating"])),
    }


def _told(event: Any) -> dict[str, Any]:
    data = event._data
    return dict(data) if isinstance(data, dict) else {}


def _number(told: dict[str, Any], key: str) -> int:
    try:
        return int(told.get(key, 0))
    except (TypeError, ValueError):
        return 0


def _updates(gr: Any, held: Session, view: View) -> list[Any]:
    values = [getattr(view, name) for name in _PARTS]
    return [held, *(gr.skip() if value is None else value for value in values)]


def _taken(files: Sequence[str]) -> list[tuple[str, bytes]]:
    """Read uploaded files and delete them, with the folder that Gradio made for each."""
    taken = []
    for file in map(Path, files):
        with suppress(OSError):
            taken.append((file.name, file.read_bytes()))
        shutil.rmtree(file.parent, ignore_errors=True)
    _sweep(Path(os.environ["GRADIO_TEMP_DIR"]), time.time() - STRAY_SECONDS)
    return taken


def _sweep(folder: Path, before: float) -> None:
    """Delete the empty files that Gradio leaves; younger ones may be uploads under way."""
    for stray in folder.glob("tmp*"):
        with suppress(OSError):
            found = stray.stat()
            if found.st_size == 0 and found.st_mtime < before:
                stray.unlink()


def application(handlers: Handlers, *, hosts: Sequence[str] = LOOPBACK) -> FastAPI:
    """Return the web application; it answers only requests addressed to one of ``hosts``."""
    quiet()
    folder = tempfile.mkdtemp(prefix="yinju-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GRADIO_TEMP_DIR"] = folder
    import gradio as gr
    from fastapi import FastAPI
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    app = FastAPI(openapi_url=None)
    app.add_middleware(_Guarded)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    made: FastAPI = gr.mount_gradio_app(
        app,
        build(handlers),
        path="/",
        theme=_theme(gr),
        css=(_HERE / "style.css").read_text(encoding="utf-8"),
        js=(_HERE / "page.js").read_text(encoding="utf-8"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        show_error=False,
        favicon_path=str(_HERE / "favicon.png"),
        max_file_size=f"{MAX_UPLOAD_MB}mb",
    )
    return made


def _theme(gr: Any) -> Any:
    """Return a theme with no font to fetch; what is seen is in style.css."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])


class _Guarded:
    """Add the security headers; plain ASGI, so that streams pass through unbuffered."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        await self._app(scope, receive, sent)


def listening(host: str, port: int | None) -> socket.socket:
    """Return a bound socket: on ``port``, or where none is given on the first free one from 7860.

    Raises:
        OSError: the address can't be used.
    """
    wanted = [port] if port is not None else [*range(PORT, PORT + PORTS_TRIED), 0]
    for number in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, number))
        except OSError as error:
            bound.close()
            if number == wanted[-1]:
                raise OSError(f"Can't listen on {host}:{number}: {error.strerror}.") from error
        else:
            return bound
    raise AssertionError("the last port either binds or raises")


def server(handlers: Handlers, hosts: Sequence[str] = LOOPBACK) -> uvicorn.Server:
    """Return a server for the page; run it with ``run(sockets=[listening(…)])``."""
    app = application(handlers, hosts=hosts)
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, lifespan="on")
    )
