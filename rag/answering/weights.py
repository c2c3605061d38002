"""Where a model's weights are: a folder, the Hugging Face cache, or not on this machine."""

from __future__ import annotations

from pathlib import Path

from rag.errors import ModelUnavailable
from rag.settings import Settings

# What is downloaded, in GB of 10^9 bytes, as the hub's pages say.
_GIGABYTES = {
    "Qwen/Qwen3-0.6B": 1.5,
    "Qwen/Qwen3-1.7B": 4.1,
    "Qwen/Qwen3-4B-Instruct-2507": 8.1,
    "intfloat/multilingual-e5-small": 0.5,
    "BAAI/bge-m3": 2.3,
    "BAAI/bge-reranker-v2-m3": 2.3,
}
_NEEDED = ["*.json", "*.safetensors", "*.jinja", "*.model", "*.txt", "*/*.json", "*/*.safetensors"]
_WITHOUT = (
    "The profile embedded answers now, with nothing to download: leave out --profile, or pass "
    'profile="embedded".'
)


def find(name: str) -> Path | None:
    """Return the folder of a model that is on this machine, or None."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder if (folder / "config.json").is_file() else None
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        cached = Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError):
        return None
    complete = (cached / "config.json").is_file() and any(cached.rglob("*.safetensors"))
    return cached if complete else None


def folder_of(name: str) -> str:
    """Return the folder of a model.

    Raises:
        ModelUnavailable: it is not on this machine.
    """
    folder = find(name)
    if folder is None:
        raise ModelUnavailable(f"There is no model {name} on this machine.")
    return str(folder)


def missing_weights(settings: Settings) -> list[str]:
    """Return the models a profile needs that are not on this machine; looks at no network."""
    local_model = settings.model if settings.profile != "server" else ""
    encoder = "" if settings.encoder == "shipped" else settings.encoder
    named = (local_model, encoder, settings.reranker)
    return [name for name in named if name and find(name) is None]


def require(settings: Settings) -> None:
    """See to it that the weights a profile needs are here; fetch them where that is allowed.

    Raises:
        ModelUnavailable: one message that names all that is missing, its size and the cure.
    """
    missing = missing_weights(settings)
    if settings.download:
        missing = [name for name in missing if not _fetched(name)]
    if missing:
        raise ModelUnavailable(_message(settings, missing))


def _fetched(name: str) -> bool:
    from huggingface_hub import snapshot_download

    if _is_path(name):
        return False
    try:
        snapshot_download(name, allow_patterns=_NEEDED)
    except Exception as error:  # the hub, its proxy and the disk fail in many classes
        raise ModelUnavailable(
            f"Fetching {name} failed ({_first_line(error)}). Check the connection and the free "
            f"disk space and try again: what has arrived is kept. {_WITHOUT}"
        ) from error
    return find(name) is not None


def _is_path(name: str) -> bool:
    return name.startswith((".", "/", "~", "\\")) or name.count("/") != 1


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def _message(settings: Settings, missing: list[str]) -> str:
    lines = [f"The profile {settings.profile} needs a model that is not on this machine."]
    for name in missing:
        if _is_path(name):
            lines.append(f"  {name}: there is no model in this folder (no config.json)")
        else:
            size = f", {_GIGABYTES[name]:g} GB" if name in _GIGABYTES else ""
            lines.append(f"  hf download {name}     (once{size})")
    lines.append(
        "Run that, or add --download to let Yinju do it; --model, --encoder and --reranker take "
        "other ids or folders."
    )
    return "\n".join([*lines, _WITHOUT])
