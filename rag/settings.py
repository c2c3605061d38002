"""The one dial, ``profile``, and the few knobs beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Literal

from rag.errors import SettingsError

Profile = Literal["embedded", "small", "large", "server"]
PROFILES: tuple[Profile, ...] = ("embedded", "small", "large", "server")

ADDRESS_VARIABLE = "YINJU_SERVER"
KEY_VARIABLE = "YINJU_SERVER_KEY"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to index and answer.

    ``encoder`` is ``shipped``, a Hugging Face id or a folder; ``k`` is how many chunks are
    retrieved for a question; ``reader`` is ``none`` where words and vectors shall decide alone;
    ``reranker`` is a cross-encoder, an id or a folder, that orders the chunks anew, "" for none.
    ``model`` is the language model that writes the answer, an id or a
    folder, "" for none (of a server: the name it knows it by, "" for its first). ``server`` is an
    OpenAI-compatible address such as ``http://localhost:11434/v1``; its key is read from the
    environment (``YINJU_SERVER_KEY``). Only ``download`` allows the network to fetch weights.
    """

    profile: Profile = "embedded"
    encoder: str = "shipped"
    k: int = 12
    reader: Literal["shipped", "none"] = "shipped"
    reranker: str = ""
    model: str = ""
    server: str = ""
    download: bool = False

    @classmethod
    def of(cls, profile: str | Settings, **overrides: object) -> Settings:
        """Return the settings of a profile; an override that is None or "" changes nothing.

        Raises:
            SettingsError: there is no such profile, or ``k`` isn't positive.
        """
        if isinstance(profile, Settings):
            return profile
        if profile not in PROFILES:
            raise SettingsError(
                f"There is no profile {profile!r}. Choose one of: {', '.join(PROFILES)}."
            )
        given = {name: value for name, value in overrides.items() if value not in (None, "")}
        settings = replace(_DEFAULTS[profile], **given)  # type: ignore[arg-type]
        if settings.k < 1:
            raise SettingsError(f"k must be at least 1, got {settings.k}.")
        if settings.profile == "embedded" and (settings.model or settings.server):
            raise SettingsError(
                "The profile embedded answers without a language model. Choose small, large or "
                "server to name one."
            )
        if settings.profile == "server" and not settings.server:
            address = os.environ.get(ADDRESS_VARIABLE, "")
            return replace(settings, server=address or "http://localhost:11434/v1")
        return settings


_SMALL_ENCODER = "intfloat/multilingual-e5-small"
_DEFAULTS: dict[str, Settings] = {
    "embedded": Settings(),
    "small": Settings("small", _SMALL_ENCODER, model="Qwen/Qwen3-1.7B"),
    "large": Settings(
        "large",
        "BAAI/bge-m3",
        reranker="BAAI/bge-reranker-v2-m3",
        model="Qwen/Qwen3-4B-Instruct-2507",
    ),
    "server": Settings("server", _SMALL_ENCODER),
}
