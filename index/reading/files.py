"""Find the files, read each by its extension, and name what could not be read."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import ReadingError
from index.language import detect
from index.reading import html, markdown, plain
from index.reading.decoding import BinaryDataError, UnknownEncodingError, tidy
from index.reading.extract import Extract, first_heading, first_short_line
from index.types import Document, Failure

MAX_BYTES = 20_000_000

READERS: dict[str, Callable[[bytes], Extract]] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".mdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
}
_KNOWN = " ".join(READERS)


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents that could be read, in order, and what was left out with the reason."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]


def read(
    paths: Sequence[str | Path], on_progress: Callable[[int, int], None] | None = None
) -> Reading:
    """Read files and folders (with all below them); a file that fails doesn't stop the others.

    ``on_progress(done, total)`` counts files. Hidden files and, inside folders, files of unknown
    kinds are passed over; a file reached twice is read once.
    """
    if isinstance(paths, str | Path):
        paths = [paths]
    files, failures = _collect(paths)
    documents: list[Document] = []
    for done, path in enumerate(files):
        if on_progress:
            on_progress(done, len(files))
        try:
            documents.append(read_file(path))
        except ReadingError as error:
            failures.append(Failure(str(path), str(error)))
    if on_progress:
        on_progress(len(files), len(files))
    return Reading(tuple(documents), tuple(failures))


def read_file(path: str | Path) -> Document:
    """Read one file; raise ``ReadingError`` where that can't be done."""
    path = Path(path)
    extract = _extract(_bytes(path), path.suffix, str(path))
    absolute = os.path.realpath(path)
    shown = "/".join(Path(absolute).parts[-2:])
    return _document(extract, str(path), path.stem, _identity(shown, absolute))


def read_bytes(data: bytes, *, name: str) -> Document:
    """Read an upload called ``name``, whose extension tells its kind."""
    if len(data) > MAX_BYTES:
        raise _too_big(name, len(data))
    path = Path(name)
    digest = hashlib.sha256(data).hexdigest()
    extract = _extract(data, path.suffix, name)
    return _document(extract, name, path.stem, _identity(path.name, name + "\0" + digest))


def read_text(text: str, *, title: str = "", source: str = "") -> Document:
    """Make a document of text that is already at hand."""
    extract = Extract(tidy(text), title)
    if not extract.text.strip():
        raise _empty(source or title or "The text")
    identity = _identity(source or title or "text", source or title + "\0" + text)
    return _document(extract, source, title or source, identity)


def _extract(data: bytes, extension: str, name: str) -> Extract:
    """Return a file's text and title, its failures put into words."""
    reader = READERS.get(extension.lower())
    if reader is None:
        kind = f"Files of the kind {extension}" if extension else "Files without an extension"
        raise ReadingError(f"{kind} can't be read: {name}. Save it as one of {_KNOWN}.")
    if not data.strip(b" \t\r\n\0"):
        raise _empty(name)
    try:
        extract = reader(data)
    except BinaryDataError as error:
        raise ReadingError(
            f"{name} holds binary data, not text, whatever its name says. Export it as text first."
        ) from error
    except UnknownEncodingError as error:
        raise ReadingError(
            f"The encoding of {name} can't be told. Save it as UTF-8 and try again."
        ) from error
    if not extract.text.strip():
        raise _empty(name)
    return extract


def _document(extract: Extract, source: str, fallback: str, identity: str) -> Document:
    text = extract.text
    title = extract.title or first_heading(text[:20_000]) or first_short_line(text) or fallback
    return Document(identity, " ".join(title.split()), text, source, detect(text))


def _identity(shown: str, unique: str) -> str:
    """Return an id that people can read and that two sources never share."""
    slug = re.sub(r"[\W_]+", "-", shown.rsplit(".", 1)[0].lower()).strip("-")[:48].strip("-")
    digest = hashlib.sha256(unique.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug or 'text'}-{digest}"


def _bytes(path: Path) -> bytes:
    """Return a file's content, never more than ``MAX_BYTES``."""
    try:
        if path.is_dir():
            raise ReadingError(f"{path} is a folder, not a file. Name a file in it.")
        if not path.exists():
            raise ReadingError(f"There is no file {path}. Check the path.")
        if not path.is_file():
            raise ReadingError(f"{path} is a device or a pipe, not a file. Name a text file.")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _too_big(str(path), size)
        return path.read_bytes()
    except PermissionError as error:
        raise ReadingError(
            f"{path} may not be read by this user. Change its permissions and try again."
        ) from error
    except (OSError, ValueError) as error:
        raise ReadingError(f"{path!s} can't be read ({error}). Check the path and disk.") from error


def _empty(name: str) -> ReadingError:
    return ReadingError(f"{name} holds no text. Choose a file that has some.")


def _too_big(name: str, size: int) -> ReadingError:
    return ReadingError(
        f"{name} has {size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read. "
        "Split it into smaller files."
    )


def _collect(paths: Sequence[str | Path]) -> tuple[list[Path], list[Failure]]:
    """Return the files to read, each once, and the folders that have none or can't be listed."""
    files: dict[str, Path] = {}
    failures: list[Failure] = []
    for path in map(Path, paths):
        if not os.path.isdir(path):  # noqa: PTH112  (Path.is_dir raises on odd names)
            files.setdefault(os.path.realpath(path), path)
            continue
        found = list(_below(path, failures))
        for file in found:
            files.setdefault(os.path.realpath(file), file)
        if not found:
            message = f"The folder {path} has no file that can be read. Known kinds: {_KNOWN}."
            failures.append(Failure(str(path), message))
    return list(files.values()), failures


def _below(folder: Path, failures: list[Failure]) -> Iterator[Path]:
    """Yield the readable kinds of files under ``folder``, sorted; link loops are walked once."""

    def unlisted(error: OSError) -> None:
        message = f"The folder {error.filename} can't be listed. Change its permissions."
        failures.append(Failure(str(error.filename), message))

    seen: set[str] = set()
    for parent, folders, names in os.walk(folder, followlinks=True, onerror=unlisted):
        real = os.path.realpath(parent)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in READERS:
                yield Path(parent, name)
