"""A folder on disk that holds either one whole index or the one before it, never half of one.

    HOME/manifest.json      what the index is, and the checksum of each of its files
    HOME/content-<hex>/     the files of the index the manifest names
    HOME/.lock              held while writing

A save writes a new content folder beside the current one, then replaces the manifest by a rename,
which is atomic, then deletes the old folder. A kill before the rename leaves the old index, one
after it the new one; what a killed save left behind is deleted by the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedIndex, ForeignIndex, StorageError

FORMAT = 1  # raise it whenever older files would be read wrongly; other terms in words.py count
MANIFEST = "manifest.json"
LOCK = ".lock"
_CONTENT = re.compile(r"content-[0-9a-f]{32}")
_NEW_MANIFEST = re.compile(r"manifest-[0-9a-f]{32}\.json")
_OURS = re.compile(  # feedback.jsonl: ratings of answers, kept by the chat page
    rf"manifest\.json|feedback\.jsonl|\.lock|{_CONTENT.pattern}|{_NEW_MANIFEST.pattern}"
)
_FILE = re.compile(r"[a-z]+\.(npy|jsonl|txt)")

Writer = Callable[[IO[bytes]], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is made of.

    ``encoder`` is the fingerprint its vectors were made with, ``encoder_name`` is for people;
    ``chunk_settings`` are those of ``ChunkSettings``; ``documents`` maps each document's id to
    the SHA-256 of its content, ``files`` each file of the ``content`` folder to its own.
    """

    encoder: str
    encoder_name: str
    dimensions: int
    chunk_settings: Mapping[str, Any]
    documents: Mapping[str, str]
    content: str = ""
    files: Mapping[str, str] | None = None


def array_writer(values: NDArray[Any]) -> Writer:
    """Return what writes an array as ``.npy``."""
    return lambda file: np.save(file, values, allow_pickle=False)


def lines_writer(lines: Sequence[str]) -> Writer:
    """Return what writes lines of UTF-8, none of which may hold a line feed."""

    def write(file: IO[bytes]) -> None:
        for line in lines:
            file.write(line.encode("utf-8", "surrogatepass") + b"\n")

    return write


def read_array(path: Path) -> NDArray[Any]:
    """Return an array written by ``array_writer``."""
    values: NDArray[Any] = np.load(path, allow_pickle=False)
    return values


def read_lines(path: Path) -> list[str]:
    """Return the lines written by ``lines_writer``."""
    return path.read_bytes().decode("utf-8", "surrogatepass").split("\n")[:-1]


def each_line(path: Path) -> Iterator[str]:
    """Yield the same lines one by one, so that a large file needn't be held."""
    with path.open("rb") as file:
        for line in file:
            yield line.decode("utf-8", "surrogatepass").removesuffix("\n")


def cure(home: Path) -> str:
    """Return the command that makes the index anew."""
    return f"run: yinju index PATH… --home {home}"


def save(home: Path, files: Mapping[str, Writer], manifest: Manifest) -> None:
    """Replace the index in ``home`` by these files, all or nothing.

    Raises ``ForeignIndex`` when the folder holds something else, ``StorageError`` when another
    process is writing or the disk refuses.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(home)
        with _locked(home):
            _save(home, files, manifest)
    except OSError as exc:
        raise StorageError(
            f"The index can't be written to {home}: {exc.strerror or exc}. "
            "Check the free space and your rights there, or choose another folder with --home."
        ) from exc


def _save(home: Path, files: Mapping[str, Writer], manifest: Manifest) -> None:
    _sweep(home, keep=_current(home))
    content = f"content-{uuid.uuid4().hex}"
    try:
        folder = home / content
        folder.mkdir()
        sums = {name: _write(folder / name, writer) for name, writer in files.items()}
        _sync(folder)
        values = asdict(manifest) | {"content": content, "files": sums}
        _replace(home / MANIFEST, _encoded(values))
    except BaseException:
        _sweep(home, keep=_current(home))
        raise
    _sweep(home, keep=content)


def load(home: Path) -> tuple[Manifest, Path]:
    """Return the manifest and the content folder after comparing every checksum.

    Raises ``ForeignIndex`` when there is no index or it has another format, ``DamagedIndex`` when
    a file is missing or changed.
    """
    manifest = read_manifest(home)
    try:
        return manifest, _verified(home, manifest)
    except DamagedIndex:
        newer = read_manifest(home)  # a save may have replaced the folder between the two steps
        if newer.content == manifest.content:
            raise
        return newer, _verified(home, newer)


def read_manifest(home: Path) -> Manifest:
    """Return the manifest alone, its own checksum compared."""
    try:
        data = json.loads((home / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise ForeignIndex(f"There is no index in {home}; {cure(home)}") from exc
    except OSError as exc:
        raise StorageError(
            f"{home / MANIFEST} can't be read: {exc.strerror or exc}. Check your rights there."
        ) from exc
    except ValueError as exc:
        raise DamagedIndex(f"{home / MANIFEST} is damaged; {cure(home)}") from exc
    if not isinstance(data, dict) or "yinju_index" not in data:
        raise ForeignIndex(
            f"{home / MANIFEST} belongs to something else than Yinju; choose another folder, "
            f"or move it away and {cure(home)}"
        )
    if data["yinju_index"] != FORMAT:
        raise ForeignIndex(
            f"The index in {home} has format {data['yinju_index']}, this version reads "
            f"format {FORMAT}; {cure(home)}"
        )
    return _decoded(home, data)


def _encoded(values: Mapping[str, Any]) -> bytes:
    body = {"yinju_index": FORMAT, **values}
    return json.dumps(body | {"checksum": _checksum(body)}, ensure_ascii=False, indent=1).encode(
        "utf-8", "surrogatepass"
    )


def _decoded(home: Path, data: dict[str, Any]) -> Manifest:
    checksum = data.pop("checksum", None)
    damaged = DamagedIndex(f"{home / MANIFEST} is damaged; {cure(home)}")
    if checksum != _checksum(data):
        raise damaged
    del data["yinju_index"]
    try:
        manifest = Manifest(**data)
    except TypeError as exc:
        raise damaged from exc
    if not _CONTENT.fullmatch(manifest.content) or not manifest.files:
        raise damaged
    return manifest


def _checksum(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _verified(home: Path, manifest: Manifest) -> Path:
    folder = home / manifest.content
    for name, expected in (manifest.files or {}).items():
        path = folder / name
        if not _FILE.fullmatch(name) or not path.is_file():
            raise DamagedIndex(f"The index in {home} has lost its file {name}; {cure(home)}")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            raise DamagedIndex(f"{path} is not what was written there; {cure(home)}")
    return folder


def _write(path: Path, writer: Writer) -> str:
    """Write one file through to the disk and return its SHA-256."""
    with path.open("wb") as file:
        writer(file)
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"manifest-{uuid.uuid4().hex}.json")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make the names in a folder durable, where the system can (not on Windows)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _current(home: Path) -> str:
    """Return the content folder in use, of whatever format, "" where no manifest names one."""
    return str((_raw(home) or {}).get("content", ""))


def _raw(home: Path) -> dict[str, Any] | None:
    """Return the manifest's values unchecked, None where there is none or it can't be parsed."""
    try:
        data = json.loads((home / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return data if isinstance(data, dict) else {}


def _sweep(home: Path, keep: str) -> None:
    """Delete what earlier saves left: content folders but one, manifests never put in place."""
    for path in home.iterdir():
        if _CONTENT.fullmatch(path.name) and path.name != keep:
            shutil.rmtree(path, ignore_errors=True)
        elif _NEW_MANIFEST.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _refuse_foreign(home: Path) -> None:
    """Keep out of folders that hold anything which is not ours."""
    data = _raw(home)
    foreign = [path.name for path in home.iterdir() if not _OURS.fullmatch(path.name)]
    if data is not None and "yinju_index" not in data:
        foreign.append(MANIFEST)
    if foreign:
        raise ForeignIndex(
            f"{home} holds other files ({foreign[0]}); choose an empty or a new folder for "
            "the index with --home"
        )


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system frees when the process ends however it ends."""
    with (home / LOCK).open("ab") as file:
        try:
            _lock(file)
        except OSError as exc:
            raise StorageError(
                f"Another process is writing the index in {home}; wait until it is done and "
                "try again"
            ) from exc
        yield


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
