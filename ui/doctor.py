"""Is this installation sound, and would anything need the network?"""

from __future__ import annotations

import math
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from index import IndexingError
from rag import PROFILES, Assistant, Settings, YinjuError
from ui.evidence import duration
from ui.printing import counted

OLDEST_PYTHON = (3, 11)
NEEDED_MEMORY_GIB = 1.0
NEEDED_DISK_GIB = 0.5
QUESTION = "这篇文章说了什么？"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``state`` is ``ok``, ``note`` (worth knowing) or ``broken``."""

    name: str
    state: str
    told: str


def examine(home: Path | None, profile: str, *, offline: bool = False) -> Iterator[Check]:
    """Look at everything in turn; nothing here uses the network or changes a file."""
    connections = _watched() if offline else []
    yield _python()
    yield from _packages()
    for look in (_encoder, _reader, lambda: _bundled(profile)):
        yield _guarded(look)
    if home is not None:
        yield _guarded(lambda: _index(home, profile))
    yield from _network()
    yield _memory()
    yield _disk(home or Path.cwd())
    if offline:
        yield _connections(connections)


def _guarded(look: Callable[[], Check]) -> Check:
    try:
        return look()
    except (IndexingError, YinjuError, OSError) as error:
        return Check(type(error).__name__, "broken", str(error))
    except Exception as error:  # whatever it is, the doctor's work is to tell it and go on
        return Check("program", "broken", f"{type(error).__name__}: {error}; reinstall Yinju")


def _python() -> Check:
    sound = sys.version_info >= OLDEST_PYTHON
    told = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    cure = "" if sound else "; needs 3.11 or newer"
    return Check("python", "ok" if sound else "broken", told + cure)


def _packages() -> Iterator[Check]:
    """Compare what is installed with what this version of Yinju asks for."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in metadata.requires("yinju") or []]
    except metadata.PackageNotFoundError:
        yield Check("yinju", "broken", "is not installed; run: pip install -e .")
        return
    for one in wanted:
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        yield _package(one.name, str(one.specifier))


def _package(name: str, specifier: str) -> Check:
    from packaging.specifiers import SpecifierSet

    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Check(name, "broken", f"missing; run: pip install '{name}{specifier}'")
    if not SpecifierSet(specifier).contains(version, prereleases=True):
        return Check(name, "broken", f"{version}; run: pip install '{name}{specifier}'")
    return Check(name, "ok", version)


def _encoder() -> Check:
    from index import load_encoder

    encoder = load_encoder("shipped")
    vector = encoder.encode([QUESTION], "query")
    length = float((vector**2).sum()) ** 0.5
    told = f"{encoder.dimensions} dimensions, fingerprint {encoder.fingerprint[:12]}"
    if abs(length - 1) > 1e-3:
        return Check("shipped encoder", "broken", f"{told}; gives vectors of length {length:.3f}")
    return Check("shipped encoder", "ok", told)


def _reader() -> Check:
    from rag import load_reader

    reader = load_reader()
    (reading,) = reader.read(QUESTION, [QUESTION])
    told = f"fingerprint {reader.fingerprint[:12]}"
    if not math.isfinite(reading.answerable):
        return Check("shipped reader", "broken", f"{told}; reads nothing sensible")
    return Check("shipped reader", "ok", told)


def _bundled(profile: str) -> Check:
    """Ask the bundled article its first example: the whole path must work."""
    assistant = Assistant.bundled(profile)
    reply = assistant.ask((*assistant.examples("zh"), QUESTION)[0])
    text = {key: document.text for key, document in assistant.corpus.documents.items()}
    if any(text[c.document_id][c.start : c.end] != c.quote for c in reply.citations):
        return Check("bundled article", "broken", "a quote differs from its source")
    taken = duration(reply.seconds.get("total", 0.0))
    state = "broken" if reply.refused else "ok"
    return Check("bundled article", state, f"answered an example in {taken}, quotes verbatim")


def _index(home: Path, profile: str) -> Check:
    corpus = Assistant.from_home(home, profile=profile).corpus
    told = f"{counted(len(corpus.documents), 'document')}, {counted(len(corpus.chunks), 'chunk')}"
    return Check(f"index {home}", "ok", f"{told}, fingerprint {corpus.fingerprint[:12]}")


def _network() -> Iterator[Check]:
    """Tell for each profile whether all its weights are on this machine."""
    from rag import missing_weights

    for profile in PROFILES:
        missing = missing_weights(Settings.of(profile))
        if missing:
            told = f"needs the network once, to fetch {', '.join(missing)}"
            yield Check(f"profile {profile}", "note", told)
        elif profile == "server":
            yield Check("profile server", "ok", "needs its server and nothing else")
        else:
            yield Check(f"profile {profile}", "ok", "needs no network")


def _memory() -> Check:
    try:
        pages, size = os.sysconf("SC_AVPHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):  # not every system tells
        return Check("memory", "note", "this system doesn't tell how much is free")
    free = pages * size / 2**30
    state = "ok" if free >= NEEDED_MEMORY_GIB else "note"
    return Check("memory", state, f"{free:.1f} GiB free, {NEEDED_MEMORY_GIB:.0f} GiB is plenty")


def _disk(folder: Path) -> Check:
    nearest = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(nearest).free / 2**30
    return Check("disk", "ok" if free >= NEEDED_DISK_GIB else "note", f"{free:.1f} GiB free")


def _watched() -> list[str]:
    """Start noting every attempt of this process to reach another machine."""
    tried: list[str] = []

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"socket.connect", "socket.getaddrinfo"}:
            tried.append(str(arguments[1 if event == "socket.connect" else 0]))

    sys.addaudithook(note)
    return tried


def _connections(tried: list[str]) -> Check:
    if not tried:
        return Check("air gap", "ok", "no connection was tried while answering")
    return Check("air gap", "broken", f"tried to reach {', '.join(sorted(set(tried)))}")
