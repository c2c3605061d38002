"""A chat server in the OpenAI protocol for one model: ``python openai_server.py FOLDER``.

Prints its port. Stands in for vLLM and the like, which need more than tests may ask for.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from rag.answering.local import LocalModel
from rag.answering.prompts import Prompt

FOLDER = sys.argv[1]
MODEL = LocalModel(FOLDER)


class Chat(BaseHTTPRequestHandler):
    """Answers GET /v1/models and streams POST /v1/chat/completions."""

    def do_GET(self) -> None:
        self._begin("application/json")
        self.wfile.write(json.dumps({"object": "list", "data": [{"id": FOLDER}]}).encode())

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        system, user = (m["content"] for m in asked["messages"])
        self._begin("text/event-stream")
        for piece in MODEL.write(Prompt(system, "", user)):
            choice = {"index": 0, "delta": {"content": piece}}
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": FOLDER,
                     "choices": [choice]}  # fmt: skip
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()
        self.wfile.write(b"data: [DONE]\n\n")

    def _begin(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Chat)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
