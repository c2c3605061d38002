"""A language model behind an OpenAI-compatible address: vLLM, Ollama, llama.cpp and the like.

The same prompt, the same citations; only the words come from elsewhere. The key is read from the
environment and never shown.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from functools import lru_cache
from typing import Any

from rag.answering.prompts import Prompt
from rag.errors import ModelUnavailable
from rag.queueing import Line
from rag.settings import KEY_VARIABLE

CONNECT_SECONDS = 5.0
READ_SECONDS = 120.0  # between two pieces; the first waits for the server to read the prompt
RETRIES = 2
_TRANSPORT = {"httpx", "httpx2", "httpcore", "httpcore2", "json"}
MAX_NEW_TOKENS = 400
# Understood by vLLM, llama.cpp and transformers; Ollama passes it over.
_NO_THINKING = {"chat_template_kwargs": {"enable_thinking": False}}
_WITHOUT = 'The profile embedded answers without a server: pass profile="embedded".'


class ServerModel:
    """A model that a server runs; many may ask it at once, so nobody stands in line here."""

    def __init__(
        self,
        address: str,
        model: str = "",
        *,
        read_seconds: float = READ_SECONDS,
        retries: int = RETRIES,
    ) -> None:
        self.line: Line | None = None
        self._address, self._model = address, model
        self._read_seconds, self._retries = read_seconds, retries
        self._client: Any = None

    @property
    def name(self) -> str:
        return self._model or self._address

    def count(self, text: str) -> int:
        """Estimate a length in tokens: the server's tokenizer isn't here."""
        wide = sum(ord(char) > 0x2E7F for char in text)
        return wide + (len(text) - wide + 3) // 4

    def warm(self, asked: Prompt) -> None:
        """Do nothing: servers keep the beginnings of prompts themselves."""

    def write(self, asked: Prompt) -> Generator[str]:
        """Yield the reply in pieces; closing the iterator closes the connection.

        Raises:
            ModelUnavailable: the server can't be reached, refuses, or breaks off.
        """
        import openai

        client = self._connected()
        try:
            model = self._model or self._first(client)
            try:
                stream = _created(client, model, asked, extra_body=_NO_THINKING)
            except openai.BadRequestError:  # a server that takes no options it doesn't know
                stream = _created(client, model, asked)
            with stream:
                for chunk in stream:
                    piece = chunk.choices[0].delta.content if chunk.choices else None
                    if piece:
                        yield piece
        except openai.OpenAIError as error:
            raise ModelUnavailable(self._told(error)) from error
        except Exception as error:
            if type(error).__module__.split(".")[0] not in _TRANSPORT:
                raise
            raise ModelUnavailable(  # the client lets a connection that breaks off through
                f"{self._address} broke off in the middle of its answer "
                f"({type(error).__name__}). Ask again. {_WITHOUT}"
            ) from error

    def _connected(self) -> Any:
        if self._client is None:
            import openai

            try:
                self._client = openai.OpenAI(
                    base_url=self._address,
                    api_key=os.environ.get(KEY_VARIABLE) or "none",
                    timeout=openai.Timeout(self._read_seconds, connect=CONNECT_SECONDS),
                    max_retries=self._retries,
                )
            except Exception as error:  # the URL parser's classes differ between clients
                raise ModelUnavailable(
                    f"{self._address!r} is not an address. It should look like "
                    f"http://localhost:11434/v1. {_WITHOUT}"
                ) from error
        return self._client

    def _first(self, client: Any) -> str:
        """Return the server's first model, which is its only one mostly."""
        import openai

        try:
            models = [model.id for model in client.models.list().data]
        except openai.InternalServerError as error:  # transformers serve, of a model in a folder
            raise ModelUnavailable(
                f"{self._address} can't say which models it has. Name one with --model. {_WITHOUT}"
            ) from error
        if not models:
            raise ModelUnavailable(
                f"{self._address} lists no model. Load one there, or name one with --model. "
                f"{_WITHOUT}"
            )
        self._model = models[0]
        return self._model

    def _told(self, error: Any) -> str:
        """Say what went wrong and what to do; never the server's words, which may hold the key."""
        import openai

        match error:
            case openai.APITimeoutError():
                said = (
                    f"{self._address} did not answer within {self._read_seconds:g} seconds. It may "
                    "be busy or still loading its model; ask again."
                )
            case openai.APIConnectionError():
                said = (
                    f"No server answers at {self._address}. Start it, or name another address "
                    "with --server."
                )
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                said = (
                    f"{self._address} does not accept the key. Set {KEY_VARIABLE} to the right one."
                )
            case openai.NotFoundError():
                said = (
                    f"{self._address} does not know the model {self._model!r}, or is not an "
                    "OpenAI-compatible address (most end in /v1). Check --model and --server."
                )
            case openai.BadRequestError():
                said = (
                    f"{self._address} refuses the question for the model {self._model!r}: it may "
                    "serve another one, or take shorter prompts only. Check --model and its log."
                )
            case openai.RateLimitError():
                said = f"{self._address} has too many requests at the moment; ask again later."
            case openai.APIStatusError():
                said = f"{self._address} failed with status {error.status_code}; see its log."
            case _:
                said = f"{self._address} broke off its answer ({type(error).__name__}). Ask again."
        return f"{said} {_WITHOUT}"


def _created(client: Any, model: str, asked: Prompt, **more: Any) -> Any:
    roles = [
        {"role": "system", "content": asked.system},
        {"role": "user", "content": asked.user},
    ]
    return client.chat.completions.create(
        model=model,
        messages=roles,
        stream=True,
        temperature=0.0,
        max_tokens=MAX_NEW_TOKENS,
        **more,
    )


@lru_cache(maxsize=4)
def connect(address: str, model: str = "") -> ServerModel:
    """Return the model at an address; nothing is sent before the first question.

    Raises:
        ModelUnavailable: the package for it is missing.
    """
    try:
        import openai  # noqa: F401
    except ImportError as error:
        raise ModelUnavailable(
            f"The profile server needs a package: pip install 'yinju[server]'. {_WITHOUT}"
        ) from error
    return ServerModel(address, model)
