"""The command line through ``main(argv)``: what it prints, where, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag import Answer, Citation, Statement
from rag.grounding import FAR
from ui.chat import address
from ui.checking import NOTHING_TO_COMPARE
from ui.cli import main
from ui.printing import WIDTH, Paint, answer_text, indented, plain

REPORT = "青山茶园二季度产茶三千二百公斤，比上年同期增长一成。\n厂长是王小明。\n总营收为310亿元。\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "茶园.txt").write_bytes(REPORT.encode("gb18030"))
    (folder / "空.txt").write_bytes(b"")
    return folder


def run(*arguments: str | Path) -> int:
    return main([str(each) for each in arguments])


def test_ask_answers_with_quote_and_place(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "总营收是多少？", "--docs", docs) == 0
    out, err = capsys.readouterr()
    assert "310亿元" in out.splitlines()[0]
    assert "总营收为310亿元。" in out
    start = REPORT.index("总营收")
    assert f"{start}-{start + len('总营收为310亿元。')}" in out
    assert "空.txt" in err and "\x1b" not in out


def test_json_quotes_equal_their_offsets(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "厂长是谁？", "--docs", docs / "茶园.txt", "--json") == 0
    reply = json.loads(capsys.readouterr().out)
    assert reply["refused"] is False
    for cited in reply["citations"]:
        assert REPORT[cited["start"] : cited["end"]] == cited["quote"]


def test_the_bundled_article_is_asked_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "快手二季度总营收是多少？") == 0
    assert "310亿元" in capsys.readouterr().out


def test_a_refusal_names_the_closest_passage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "快手在巴西有多少名员工？") == 0
    out = capsys.readouterr().out
    assert "≈" in out and "  ? " in out


def test_a_question_comes_from_standard_input(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("厂长是谁？\n"))
    assert run("ask", "-", "--docs", docs) == 0
    assert "王小明" in capsys.readouterr().out


def test_an_index_is_made_then_asked_without_its_files(
    docs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    assert run("index", docs, "--home", home) == 0
    out, err = capsys.readouterr()
    assert out.startswith("1 document,") and "Left out, 1 in all" in err and "空.txt" in err
    (docs / "茶园.txt").unlink()
    assert run("ask", "厂长是谁？", "--home", home) == 0
    assert "王小明" in capsys.readouterr().out
    assert run("doctor", "--home", home) == 0
    assert "1 document," in capsys.readouterr().out


def test_search_shows_places_best_first(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("search", "总营收", "-k", "1", "--docs", docs) == 0
    out = capsys.readouterr().out
    assert out.startswith(" 1.") and "总营收为310亿元" in out
    assert run("search", "总营收", "-k", "1", "--json", "--docs", docs) == 0
    (hit,) = json.loads(capsys.readouterr().out)
    assert REPORT[hit["start"] : hit["end"]] == hit["text"]


@pytest.mark.parametrize(
    ("said", "code", "sign"),
    [("总营收为310亿元。", 0, "✓"), ("总营收为390亿元。", 1, "✗")],
)
def test_verify_tells_true_figures_from_false_ones(
    said: str,
    code: int,
    sign: str,
    docs: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    assert run("verify", "--docs", docs) == code
    out = capsys.readouterr().out
    assert out.startswith(f"{sign} {said}") and "总营收为310亿元。" in out
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    assert run("verify", "--docs", docs, "--json") == code
    (checked,) = json.loads(capsys.readouterr().out)
    assert checked["supported"] is (code == 0)
    assert all(REPORT[q["start"] : q["end"]] == q["quote"] for q in checked["quotes"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", "谁？", "--docs", "nowhere.txt"], "nowhere.txt"),
        (["ask", "谁？", "--home", "nowhere"], "yinju index"),
        (["ask", "？！"], "question"),
        (["ask", "谁？", "--profile", "huge"], "embedded"),
        (["index", "nowhere.txt", "--home", "h"], "nowhere.txt"),
    ],
)
def test_what_cannot_be_done_is_said_on_stderr(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("yinju: ")
    assert told in err and "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [[], ["ask"], ["search", "x", "-k", "0"], ["chat", "--port", "70000"], ["index", "x"]],
)
def test_a_wrong_command_gets_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage: yinju" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("yinju 0.")


@pytest.mark.parametrize(
    ("said", "told"),
    [("月球背面发现了冰川遗迹。", FAR), ("The moon is made of cheese.", NOTHING_TO_COMPARE)],
)
def test_a_statement_about_something_else_is_not_borne_out(
    said: str,
    told: str,
    docs: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    assert run("verify", "--docs", docs) == 1
    assert told in capsys.readouterr().out


def test_verify_shows_each_sentence_that_two_facts_rest_on(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("王小明是厂长，总营收310亿元。"))
    assert run("verify", "--docs", docs) == 0
    shown = capsys.readouterr().out.partition("\n")[2]
    assert "厂长是王小明。" in shown and "总营收为310亿元。" in shown


def test_nothing_to_verify_is_said(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(" \n"))
    assert run("verify", "--docs", docs) == 2
    assert "standard input" in capsys.readouterr().err


def test_an_interrupt_leaves_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rag.Assistant.bundled", interrupt)
    assert main(["ask", "谁？"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_the_doctor_finds_this_installation_sound_and_air_tight() -> None:
    done = _yinju("doctor", "--offline")  # a process of its own: what it watches can't be undone
    assert done.returncode == 0, done.stdout
    assert "no connection was tried" in done.stdout
    assert "profile embedded" in done.stdout and "needs no network" in done.stdout
    assert "BROKEN" not in done.stdout


def test_the_doctor_calls_a_damaged_index_broken(
    docs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    run("index", docs, "--home", home)
    (home / "manifest.json").write_text("{}")
    assert run("doctor", "--home", home) == 1
    assert "BROKEN" in capsys.readouterr().out


def test_asking_loads_neither_torch_nor_gradio() -> None:
    script = (
        "import sys, ui.cli; code = ui.cli.main(['ask', '快手二季度总营收是多少？']);"
        "heavy = {'torch', 'gradio', 'transformers', 'sentence_transformers', 'rich', 'fastapi'};"
        "print(sorted(heavy & set(sys.modules)), code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[] 0"


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_chat_serves_the_page_and_leaves_nothing_behind(
    sign: signal.Signals, code: int, tmp_path: Path
) -> None:
    # As from a terminal: what a shell starts in the background inherits SIGINT ignored.
    heard = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)"
    started = f"{heard}; from ui.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", started, "chat", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
    ) as chat:
        assert chat.stdout is not None and chat.stderr is not None
        url = re.search(r"http://127\.0\.0\.1:\d+/", chat.stdout.readline())
        assert url is not None
        page = httpx.Client(transport=httpx.HTTPTransport(retries=5)).get(url[0])
        assert "Yinju" in page.text
        chat.send_signal(sign)
        assert chat.wait(20) == code
        assert "Traceback" not in chat.stderr.read()
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_enough_is_no_error() -> None:
    script = "python -m ui.cli search 快手 -k 10 | head -c 1"
    command = script.replace("python", sys.executable, 1)
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == "" and len(done.stdout) == 1


def _yinju(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Paint(io.StringIO()).bold("x") == "x"
    assert Paint(Terminal()).bold("x") == "\x1b[1mx\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert Paint(Terminal()).bold("x") == "x"


def test_a_document_cannot_move_the_terminals_cursor() -> None:
    quote = "a\x1b[2Jb\u202ec\rd"
    cited = Citation(1, "t\x07", "d", 0, len(quote), quote)
    said = Statement(f"“{quote}” [1]", (1,))
    reply = Answer(
        "q", f"“{quote}” [1]", "en", (said,), (cited,), False, "", (), {"total": 0.01}, "embedded",
        note=f"Either.{quote}",
    )  # fmt: skip
    shown = answer_text(reply, Paint(io.StringIO()))
    assert not set(shown) & {"\x1b", "\x07", "\r", "\u202e"}
    assert shown.startswith("Either.")
    assert plain("a\tb\nc") == "a\tb\nc"


def test_lines_are_wrapped_by_the_room_they_take() -> None:
    for text in ("这是一个很长的句子" * 30, "a very long sentence " * 30, "x" * 500):
        lines = indented(text).splitlines()
        wide = "这" in text
        assert all(len(line.strip()) * (1 + wide) <= WIDTH for line in lines)
        assert "".join(line.strip() for line in lines).replace(" ", "") == text.replace(" ", "")


def test_addresses_open_on_this_machine() -> None:
    assert address("127.0.0.1", 7860) == "http://127.0.0.1:7860/"
    assert address("0.0.0.0", 1) == "http://127.0.0.1:1/"
    assert address("::1", 2) == "http://[::1]:2/"


def test_a_server_that_is_down_leaves_the_quoted_answer_and_says_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = ["--profile", "server", "--encoder", "shipped", "--server", "http://127.0.0.1:9/v1"]
    assert main(["ask", "快手二季度总营收是多少？", *server]) == 2
    shown = capsys.readouterr()
    assert "310亿元" in shown.out
    assert "No server answers" in shown.err and "Traceback" not in shown.err


def test_a_missing_model_is_told_with_its_cure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert main(["ask", "快手二季度总营收是多少？", "--profile", "small"]) == 2
    said = capsys.readouterr().err
    assert "hf download Qwen/Qwen3-1.7B" in said and "embedded answers now" in said
