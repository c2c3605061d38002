"""What stands between the page and the machine: ports, uploads, event data."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ui import app


def test_the_next_free_port_is_taken_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(app, "PORT", port)
        monkeypatch.setattr(app, "PORTS_TRIED", 1)
        with app.listening("127.0.0.1", None) as bound:
            assert bound.getsockname()[1] not in {0, port}
        with pytest.raises(OSError, match=f"127.0.0.1:{port}"):
            app.listening("127.0.0.1", port)


def test_uploads_are_deleted_once_read_and_old_strays_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    folder = tmp_path / "hash"
    folder.mkdir()
    file = folder / "茶园.txt"
    file.write_bytes(b"abc")
    stray, young, growing = (tmp_path / name for name in ("tmpold", "tmpnew", "tmpfull"))
    for path in (stray, young):
        path.touch()
    growing.write_bytes(b"half")
    for path in (stray, growing):
        os.utime(path, (0, 0))
    assert app._taken([str(file), str(tmp_path / "gone" / "x.txt")]) == [("茶园.txt", b"abc")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tmpfull", "tmpnew"]


def test_whatever_a_browser_sends_is_a_number_or_none() -> None:
    sent = {"a": 3, "b": "4", "c": "x", "d": None, "e": [1]}
    assert [app._number(sent, key) for key in "abcdef"] == [3, 4, 0, 0, 0, 0]
