"""Answers by an OpenAI-compatible server: a real process on loopback, and one that misbehaves."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from test_rag_local import CORPUS, QUESTIONS, REPLIES, SENTENCES, TEXT, asked
from tiny_models import save, teach

from index import Document
from rag import Assistant, ModelUnavailable, Quick, Settings
from rag.answering.prompts import Prompt
from rag.answering.server import ServerModel


class Canned(BaseHTTPRequestHandler):
    """Answers as the OpenAI protocol has it, or fails as its server was told to."""

    def do_GET(self) -> None:
        self._send(200, json.dumps({"object": "list", "data": [{"id": "m", "object": "model"}]}))

    def do_POST(self) -> None:
        state: Any = self.server
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if state.strict and "chat_template_kwargs" in body:
            self._send(400, json.dumps({"error": {"message": "unknown parameter"}}))
            return
        state.keys.append(self.headers.get("authorization", ""))
        state.calls += 1
        if state.status != 200 and state.calls <= state.failures:
            self._send(
                state.status, json.dumps({"error": {"message": self.headers["authorization"]}})
            )
            return
        if state.hang:
            time.sleep(state.hang)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for piece in REPLIES[0]:
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m",
                     "choices": [{"index": 0, "delta": {"content": piece}}]}  # fmt: skip
            try:
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                self.wfile.flush()
            except OSError:
                state.dropped.set()
                return
            state.sent += 1
            time.sleep(state.pause)
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def canned() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Canned)
    server.daemon_threads = True
    server.status, server.failures, server.hang, server.pause = 200, 99, 0.0, 0.0
    server.strict = False
    server.keys, server.calls, server.sent, server.dropped = [], 0, 0, threading.Event()
    server.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_reply_streams_and_the_key_comes_from_the_environment(
    canned: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINJU_SERVER_KEY", "sk-secret")
    model = ServerModel(canned.address)
    pieces = list(model.write(asked(0)))
    assert "".join(pieces) == REPLIES[0] and len(pieces) > 5
    assert canned.keys == ["Bearer sk-secret"]
    assert model.name == "m"


def test_a_server_that_takes_no_unknown_option_is_asked_without_it(canned: Any) -> None:
    canned.strict = True
    assert "".join(ServerModel(canned.address, "m").write(asked(0))) == REPLIES[0]


def test_a_passing_failure_is_tried_again(canned: Any) -> None:
    canned.status, canned.failures = 500, 1
    assert "".join(ServerModel(canned.address).write(asked(0))) == REPLIES[0]
    assert canned.calls == 2


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "YINJU_SERVER_KEY"), (404, "--model"), (429, "too many"), (500, "status 500")],
)
def test_failures_are_told_in_words_and_without_the_key(
    canned: Any, monkeypatch: pytest.MonkeyPatch, status: int, said: str
) -> None:
    monkeypatch.setenv("YINJU_SERVER_KEY", "sk-secret")
    canned.status = status
    with pytest.raises(ModelUnavailable) as told:
        list(ServerModel(canned.address, "m", retries=0).write(asked(0)))
    assert said in str(told.value) and "embedded" in str(told.value)
    assert "sk-secret" not in str(told.value)


def test_a_server_that_hangs_is_given_up(canned: Any) -> None:
    canned.hang = 3.0
    with pytest.raises(ModelUnavailable, match="did not answer within"):
        list(ServerModel(canned.address, "m", read_seconds=0.3, retries=0).write(asked(0)))


@pytest.mark.parametrize(
    ("address", "said"), [("http://127.0.0.1:9/v1", "No server answers"), ("nonsense", "nonsense")]
)
def test_an_address_without_a_server_is_named(address: str, said: str) -> None:
    with pytest.raises(ModelUnavailable, match=said):
        list(ServerModel(address, "m", retries=0).write(asked(0)))


def test_closing_the_stream_closes_the_connection(canned: Any) -> None:
    canned.pause = 0.02
    pieces = ServerModel(canned.address, "m").write(asked(0))
    next(pieces)
    pieces.close()
    assert canned.dropped.wait(5)
    assert canned.sent < len(REPLIES[0])


def test_a_server_that_fails_leaves_the_quoted_answer(canned: Any) -> None:
    canned.status = 401
    document = Document("lantern", "青灯科技第三季度业绩", TEXT, "lantern.txt", "zh")
    settings = Settings.of("server", encoder="shipped", server=canned.address, model="m")
    stream = Assistant.from_documents([document], profile=settings).stream(QUESTIONS[0])
    seen = []
    with pytest.raises(ModelUnavailable):
        seen.extend(event for event in stream)
    for event in Assistant.from_documents([document], profile=settings).stream(QUESTIONS[0]):
        if isinstance(event, Quick):
            assert "42.7亿元" in event.answer.text
            break
    else:
        raise AssertionError("no quoted answer came")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a ``transformers serve`` with a taught model, and the model's name."""
    home = tmp_path_factory.mktemp("served")
    folder = str(save("qwen3", home / "tiny", CORPUS))
    whole = asked(0)
    teach(Path(folder), [(Prompt(whole.system, "", whole.user), REPLIES[0])])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("transformers")
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [program, "serve", folder, "--host=127.0.0.1", f"--port={port}", "--device=cpu"],
            stdout=log,
            stderr=log,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(home / "hub")},
        )
        try:
            while not _listens(port):
                assert process.poll() is None, (home / "log").read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/v1", folder
        finally:
            process.kill()
            process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_transformers_own_server_answers_with_citations(served: tuple[str, str]) -> None:
    address, folder = served
    settings = Settings.of("server", encoder="shipped", server=address, model=folder)
    document = Document("lantern", "青灯科技第三季度业绩", TEXT, "lantern.txt", "zh")
    answer = Assistant.from_documents([document], profile=settings).ask(QUESTIONS[0])
    assert answer.model == folder
    assert answer.text == "总营收为42.7亿元[1]，同比增长9.3%[1]。"
    assert [c.quote for c in answer.citations] == [SENTENCES[1]]
    assert all(sentence.supported for sentence in answer.sentences)


def test_a_server_that_cant_list_its_models_wants_one_named(served: tuple[str, str]) -> None:
    with pytest.raises(ModelUnavailable, match="--model"):
        list(ServerModel(served[0], retries=0).write(asked(0)))


def test_an_unknown_model_is_told_by_name(served: tuple[str, str]) -> None:
    with pytest.raises(ModelUnavailable, match="no-such"):
        list(ServerModel(served[0], "no-such", retries=0).write(asked(0)))
