from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from index import DamagedIndex, ForeignIndex, StorageError, storage
from index.storage import Manifest


def manifest(mark: str = "a") -> Manifest:
    return Manifest(f"finger-{mark}", "hash", 4, {"max_chars": 9}, {"doc": mark})


def files(mark: str = "a") -> dict[str, storage.Writer]:
    return {
        "lines.txt": storage.lines_writer([mark, "", "快手"]),
        "numbers.npy": storage.array_writer(np.arange(3)),
    }


def write(home: Path, mark: str = "a") -> None:
    storage.save(home, files(mark), manifest(mark))


def held(home: Path) -> str:
    found, folder = storage.load(home)
    assert storage.read_lines(folder / "lines.txt") == [found.documents["doc"], "", "快手"]
    assert storage.read_array(folder / "numbers.npy").tolist() == [0, 1, 2]
    return found.documents["doc"]


def names(home: Path) -> list[str]:
    return sorted(path.name.split("-")[0] for path in home.iterdir())


def test_what_was_written_comes_back(tmp_path):
    write(tmp_path / "new" / "home")
    found, _ = storage.load(tmp_path / "new" / "home")
    assert (found.encoder, found.encoder_name, found.dimensions) == ("finger-a", "hash", 4)
    assert found.chunk_settings == {"max_chars": 9}
    assert held(tmp_path / "new" / "home") == "a"


def test_a_second_save_replaces_the_first_and_leaves_nothing_of_it(tmp_path):
    write(tmp_path, "a")
    write(tmp_path, "b")
    assert held(tmp_path) == "b"
    assert names(tmp_path) == [".lock", "content", "manifest.json"]


class Killed(BaseException):
    """Raised where a process might end."""


STEPS = ("mkdir", "open", "fsync", "replace", "rmtree")


def break_at(monkeypatch: pytest.MonkeyPatch, nth: int) -> list[str]:
    """Raise at the nth step a save takes; return the list of steps as they are taken."""
    taken: list[str] = []

    def counted(name, original):
        def step(*args, **kwargs):
            taken.append(name)
            if len(taken) == nth:
                raise Killed
            return original(*args, **kwargs)

        return step

    monkeypatch.setattr(Path, "mkdir", counted("mkdir", Path.mkdir))
    monkeypatch.setattr(Path, "open", counted("open", Path.open))
    monkeypatch.setattr(storage.os, "fsync", counted("fsync", os.fsync))
    monkeypatch.setattr(Path, "replace", counted("replace", Path.replace))
    monkeypatch.setattr(storage.shutil, "rmtree", counted("rmtree", storage.shutil.rmtree))
    return taken


def test_an_error_at_any_step_leaves_the_old_or_the_new_index(tmp_path, monkeypatch):
    write(tmp_path, "old")
    outcomes = []
    for nth in range(1, 60):
        with monkeypatch.context() as patch:
            taken = break_at(patch, nth)
            with suppress(Killed):
                write(tmp_path, f"new{nth}")
        outcomes.append(held(tmp_path))
        if len(taken) < nth:
            break
    assert len(taken) < nth, "every step was broken once"
    assert set(taken) == set(STEPS)
    assert outcomes[0] == "old"
    assert outcomes[-1] == f"new{nth}"
    assert names(tmp_path) == [".lock", "content", "manifest.json"]


KILLED = """
import os, sys
from pathlib import Path
import numpy as np
from index import storage
left = int(sys.argv[2])
def fsync(handle):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
storage.os.fsync = fsync
files = {"lines.txt": storage.lines_writer(["new", "", "快手"]),
         "numbers.npy": storage.array_writer(np.arange(3))}
storage.save(Path(sys.argv[1]), files, storage.Manifest("f", "hash", 4, {}, {"doc": "new"}))
"""


@pytest.mark.parametrize(("steps", "expected"), [(0, "old"), (3, "old"), (4, "new"), (9, "new")])
def test_a_killed_process_leaves_a_whole_index_and_no_lock(tmp_path, steps, expected):
    write(tmp_path, "old")
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(steps)], check=False)
    assert held(tmp_path) == expected
    write(tmp_path, "next")
    assert held(tmp_path) == "next"
    assert names(tmp_path) == [".lock", "content", "manifest.json"]


def test_a_first_save_that_was_killed_can_be_repeated(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        break_at(patch, 6)
        with pytest.raises(Killed):
            write(tmp_path)
    with pytest.raises(ForeignIndex, match="There is no index"):
        storage.load(tmp_path)
    write(tmp_path)
    assert held(tmp_path) == "a"


def test_two_writers_at_once_are_refused(tmp_path):
    write(tmp_path)
    with (
        storage._locked(tmp_path),
        pytest.raises(StorageError, match="Another process is writing"),
    ):
        write(tmp_path, "b")
    assert held(tmp_path) == "a"


def test_a_reader_overtaken_by_a_writer_gets_the_new_index(tmp_path, monkeypatch):
    write(tmp_path, "a")
    read = storage.read_manifest

    def slow(home: Path) -> Manifest:
        found = read(home)
        if found.documents["doc"] == "a":
            write(home, "b")
        return found

    monkeypatch.setattr(storage, "read_manifest", slow)
    assert storage.load(tmp_path)[0].documents == {"doc": "b"}


def content_file(home: Path) -> Path:
    return next(home.glob("content-*/numbers.npy"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [cut, flip, Path.unlink])
@pytest.mark.parametrize("which", [content_file, lambda home: home / "manifest.json"])
def test_damage_is_named_with_its_cure(tmp_path, harm, which):
    write(tmp_path)
    harm(which(tmp_path))
    with pytest.raises(StorageError, match=r"run: yinju index PATH… --home ") as caught:
        storage.load(tmp_path)
    assert str(tmp_path) in str(caught.value)
    write(tmp_path, "b")
    assert held(tmp_path) == "b"


def test_every_changed_byte_of_the_manifest_is_noticed(tmp_path):
    write(tmp_path)
    path = tmp_path / "manifest.json"
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + b"#" + whole[place + 1 :])
        with pytest.raises(StorageError):
            storage.load(tmp_path)


def test_another_format_is_named(tmp_path):
    write(tmp_path)
    path = tmp_path / "manifest.json"
    data = json.loads(path.read_bytes()) | {"yinju_index": 0}
    path.write_text(json.dumps(data))
    with pytest.raises(ForeignIndex, match=r"has format 0, this version reads format \d+; run:"):
        storage.load(tmp_path)
    write(tmp_path, "b")
    assert held(tmp_path) == "b"


def test_a_folder_of_something_else_is_neither_read_nor_written(tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "a browser extension"}')
    with pytest.raises(ForeignIndex, match="belongs to something else"):
        storage.load(tmp_path)
    with pytest.raises(ForeignIndex, match="holds other files"):
        write(tmp_path)
    assert (tmp_path / "manifest.json").read_text() == '{"name": "a browser extension"}'


def test_a_folder_of_notes_is_not_written_to(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ForeignIndex, match=r"holds other files \(notes.txt\); choose an empty"):
        write(tmp_path)
    assert names(tmp_path) == ["notes.txt"]


def test_a_file_in_the_way_is_a_clear_error(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StorageError, match="can't be written to"):
        write(tmp_path / "home")
    with pytest.raises(ForeignIndex, match="There is no index"):
        storage.load(tmp_path / "home")


def test_a_manifest_cannot_point_outside_of_the_folder(tmp_path):
    write(tmp_path)
    path = tmp_path / "manifest.json"
    data = json.loads(path.read_bytes())
    data["files"] = {"../../secret.txt": "0"}
    del data["checksum"]
    path.write_text(json.dumps(data | {"checksum": storage._checksum(data)}))
    with pytest.raises(DamagedIndex, match="has lost its file"):
        storage.load(tmp_path)
