"""The one dial, ``profile``, and the few knobs beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rag.errors import SettingsError

Profile = Literal["embedded"]
PROFILES: tuple[Profile, ...] = ("embedded",)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to index and answer.

    ``encoder`` is ``shipped``, a Hugging Face id or a folder; ``k`` is how many chunks are
    retrieved for a question; ``reader`` is ``none`` where words and vectors shall decide alone.
    """

    profile: Profile = "embedded"
    encoder: str = "shipped"
    k: int = 12
    reader: Literal["shipped", "none"] = "shipped"

    @classmethod
    def of(cls, profile: str | Settings, **overrides: object) -> Settings:
        """Return the settings of a profile.

        Raises:
            SettingsError: there is no such profile, or ``k`` isn't positive.
        """
        if isinstance(profile, Settings):
            return profile
        if profile not in PROFILES:
            raise SettingsError(
                f"There is no profile {profile!r}. Choose one of: {', '.join(PROFILES)}."
            )
        settings = replace(cls(), profile=profile, **overrides)  # type: ignore[arg-type]
        if settings.k < 1:
            raise SettingsError(f"k must be at least 1, got {settings.k}.")
        return settings
