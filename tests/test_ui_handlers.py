"""The page's events without a browser: a session and an event in, the right HTML out."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from index import Document, ReadingError
from rag import (
    Answer,
    Citation,
    Done,
    EmptyQuestion,
    Event,
    Line,
    ModelUnavailable,
    Statement,
    StepDone,
    TextDelta,
    Turn,
    YinjuError,
)
from ui import handlers as handlers_module
from ui.handlers import Handlers, View
from ui.session import Session
from ui.texts import words

ARTICLE = Document(
    "a",
    "茶园季报",
    "# 茶园季报\n青山茶园二季度产茶三千二百公斤。\n厂长是王小明。\n总营收为310亿元。",
    "a.md",
    "zh",
)
LETTER = Document("b", "Letter", "The bridge opened in 1932. It is 503 metres long.", "b.txt", "en")


class Scripted:
    """Answers with the sentence that shares most pairs of characters; refuses below two.

    ``gate``, where given, is waited for before the text is told, so that a test can look at an
    answer under way; ``closed`` tells whether a stream was closed before its end.
    """

    def __init__(self, documents: Sequence[Document], gate: threading.Event | None = None) -> None:
        self.corpus = SimpleNamespace(documents={d.id: d for d in documents}, fingerprint="f00d")
        self.gate = gate
        self.histories: list[tuple[Turn, ...]] = []
        self.closed = False

    def examples(self, language: str) -> tuple[str, ...]:
        return ("厂长是谁？", "总营收是多少？", "产茶多少公斤？", "第四个？")

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        self.histories.append(tuple(history))
        if not question.strip("？? "):
            raise EmptyQuestion("Ask something.")
        if question.startswith("raise "):
            raise {"model": ModelUnavailable, "known": YinjuError}.get(question[6:], RuntimeError)(
                "pip install it <now>"
            )
        yield StepDone("retrieve", 0.012, {"found": 3})
        yield StepDone("answer", 0.02, {"read": 4})
        answer = self._answer(question)
        half = len(answer.text) // 2
        try:
            yield TextDelta(answer.text[:half])
            if self.gate is not None:
                self.gate.wait(20)
            yield TextDelta(answer.text[half:])
        except GeneratorExit:
            self.closed = True
            raise
        yield Done(answer)

    def _answer(self, question: str) -> Answer:
        pairs = {question[i : i + 2] for i in range(len(question) - 1)}
        found = [
            (sum(p in m[0] for p in pairs), document, m.start(), m.end())
            for document in self.corpus.documents.values()
            for m in re.finditer(r"[^\s。][^。\n]*(?:。|$)", document.text)
        ]
        score, document, start, end = max(found, key=lambda each: each[0])
        quote = document.text[start:end]
        cited = Citation(1 if score >= 2 else 0, document.title, document.id, start, end, quote)
        figure = re.search(r"[\d零一二三四五六七八九十百千万]+(?:亿元|公斤)", quote)
        short = figure[0] if figure else ""
        seconds = {"retrieve": 0.012, "answer": 0.02, "total": 0.033}
        if score < 2:
            return Answer(
                question, "原文没有说。", "zh", (), (), True, "not_in_text", (),
                seconds, "embedded", closest=cited, suggestions=self.examples("zh")[:2],
            )  # fmt: skip
        text = f"{short} — “{quote}” [1]" if short else f"“{quote}” [1]"
        said = Statement(text, (1,), short)
        return Answer(
            question, text, "zh", (said,), (cited,), False, "", (), seconds, "embedded", 0.9
        )


@pytest.fixture
def page(tmp_path: Path) -> Handlers:
    return Handlers(Scripted([ARTICLE]), Scripted, tmp_path / "home")


def asked(page: Handlers, session: Session, question: str, again: int = 0) -> View:
    return list(page.ask(session, question, again))[-1]


def test_the_empty_state_follows_the_browsers_language(page: Handlers) -> None:
    session, view = page.open("zh-TW,zh;q=0.9,en;q=0.5")
    assert session.language == "zh-Hant"
    assert words("zh-Hant").scope in str(view.intro)
    assert "茶园季报" in str(view.intro)
    assert str(view.intro).count("data-ask") == 3
    assert view.past == view.live == ""


def test_an_answer_streams_then_settles_with_its_sentence_in_focus(page: Handlers) -> None:
    session, _ = page.open("zh")
    views = list(page.ask(session, "总营收是多少？"))
    assert views[0].intro == "" and "draft" in str(views[0].live)
    assert "draft" not in str(views[-1].live)
    assert "310亿元" in str(views[-1].live) and "找到 3 段</bdi>" in str(views[-1].live)
    assert 'data-focus="1-1"' in str(views[-1].article)
    assert '<mark class="tint-1" data-cites="1-1"' in str(views[-1].article)


def test_the_settled_answer_stays_where_it_was_until_the_next_question(page: Handlers) -> None:
    session, _ = page.open("zh")
    live = asked(page, session, "总营收是多少？").live
    first = next(page.ask(session, "厂长是谁？"))
    assert first.past == live


def test_earlier_citations_keep_a_faint_tint(page: Handlers) -> None:
    session, _ = page.open("zh")
    asked(page, session, "总营收是多少？")
    article = str(asked(page, session, "厂长是王小明吗？").article)
    assert 'class="tint-0" data-cites="1-1"' in article
    assert 'class="tint-1" data-cites="2-1"' in article


def test_follow_up_questions_get_the_history(page: Handlers) -> None:
    session, _ = page.open("zh")
    asked(page, session, "总营收是多少？")
    asked(page, session, "厂长是谁？")
    given = page.given
    assert isinstance(given, Scripted)
    assert [t.question for t in given.histories[-1]] == ["总营收是多少？"]


def test_a_refusal_shows_the_closest_passage_and_moves_nothing(page: Handlers) -> None:
    session, _ = page.open("zh")
    view = asked(page, session, "月球有多远")
    assert "answer refused" in str(view.live) and "最接近的一段" in str(view.live)
    assert 'data-focus=""' in str(view.article)
    assert 'data-cites="1-0"' in str(page.show_citation(session, 1, 0).article)


def test_answering_again_replaces_the_last_turn_only(page: Handlers) -> None:
    session, _ = page.open("zh")
    asked(page, session, "总营收是多少？")
    asked(page, session, "厂长是王小明？")
    asked(page, session, "厂长是王小明？", again=2)
    assert [e.turn for e in session.exchanges] == [1, 3]
    asked(page, session, "总营收是多少？", again=1)
    assert [e.turn for e in session.exchanges] == [1, 3, 4]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("？", words("en").empty),
        ("raise model", words("en").missing),
        ("raise known", words("en").failed),
        ("raise bug", words("en").broken),
    ],
)
def test_failures_are_told_in_place_in_words(page: Handlers, question: str, said: str) -> None:
    session, _ = page.open("en")
    live = str(asked(page, session, question).live)
    assert said.replace("'", "&#x27;") in live and 'role="alert"' in live
    assert "<now>" not in live and "Traceback" not in live
    assert "data-retry" in live


def test_stop_ends_the_stream_and_keeps_what_was_said(tmp_path: Path) -> None:
    gate = threading.Event()
    given = Scripted([ARTICLE], gate)
    page = Handlers(given, Scripted, tmp_path)
    session, _ = page.open("zh")
    stream = page.ask(session, "总营收是多少？")
    next(stream)
    page.stop(session)
    gate.set()
    last = list(stream)[-1]
    assert "已停止" in str(last.live) and "draft" not in str(last.live)
    assert session.exchanges[-1].answer is None


def test_a_closed_stream_closes_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers_module, "TEXT_SECONDS", 0)
    given = Scripted([ARTICLE])
    page = Handlers(given, Scripted, tmp_path)
    session, _ = page.open("zh")
    for view in page.ask(session, "总营收是多少？"):
        if "prose" in str(view.live):
            page.stop(session)
    assert given.closed


def test_a_rating_is_kept_with_what_it_rates(page: Handlers) -> None:
    session, _ = page.open("zh")
    asked(page, session, "总营收是多少？")
    view = page.rate(session, 1, "bad")
    page.rate(session, 1, "good")
    lines = (page.home / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    entry = json.loads(lines[0])
    assert 'aria-pressed="true"' in str(view.live)
    assert [json.loads(line)["rating"] for line in lines] == ["bad", "good"]
    assert entry["question"] == "总营收是多少？" and entry["corpus"] == "f00d"
    (cited,) = entry["citations"]
    assert ARTICLE.text[cited["start"] : cited["end"]] == cited["quote"]


def test_a_rating_of_nothing_is_ignored(page: Handlers) -> None:
    session, _ = page.open("zh")
    assert page.rate(session, 7, "good") == View()
    asked(page, session, "总营收是多少？")
    assert page.rate(session, 1, "../x") == View()
    assert not page.home.exists()


def test_a_rating_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    page = Handlers(Scripted([ARTICLE]), Scripted, tmp_path / "file" / "home")
    session, _ = page.open("zh")
    asked(page, session, "总营收是多少？")
    assert words("zh").unsaved in str(page.rate(session, 1, "good").live)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read uploads as plain UTF-8, so that these tests are about the page alone."""

    def read(data: bytes, *, name: str) -> Document:
        if not data:
            raise ReadingError("is empty")
        return Document(name, name, data.decode(), name, "zh")

    monkeypatch.setattr(handlers_module, "read_bytes", read)


@pytest.mark.usefixtures("reading")
def test_uploads_are_asked_from_then_on_and_failures_named(page: Handlers) -> None:
    session, _ = page.open("zh")
    view = page.add_files(session, [("桥.txt", "大桥全长五百公斤。".encode()), ("空.txt", b"")])
    assert session.source == "uploads"
    assert "我的文件（1）" in str(view.top) and "大桥全长" in str(view.article)
    assert "空.txt: is empty" in str(view.article) and "已读取 1 个文件" in str(view.article)
    assert "五百公斤" in str(asked(page, session, "大桥全长多少？").live)
    assert "is empty" not in str(page.show_document(session, "桥.txt").article)


@pytest.mark.usefixtures("reading")
def test_nothing_readable_leaves_the_corpus_as_it_was(page: Handlers) -> None:
    session, _ = page.open("zh")
    view = page.add_files(session, [("空.txt", b"")])
    assert (session.source, view.top, view.intro) == ("given", None, None)
    assert "is empty" in str(view.article)


@pytest.mark.usefixtures("reading")
def test_two_visitors_never_see_each_others_files(page: Handlers) -> None:
    mine, _ = page.open("zh")
    yours, _ = page.open("zh")
    page.add_files(mine, [("密.txt", "大桥全长五百公斤。".encode())])
    page.choose_source(yours, "uploads")
    assert yours.source == "given"
    assert "大桥" not in "".join(map(str, (page.whole(yours).article, page.whole(yours).top)))
    assert "answer refused" in str(asked(page, yours, "大桥全长多少？").live)


@pytest.mark.usefixtures("reading")
def test_each_corpus_keeps_its_own_history_and_citations(page: Handlers) -> None:
    session, _ = page.open("zh")
    asked(page, session, "总营收是多少？")
    page.add_files(session, [("桥.txt", "大桥全长五百公斤。".encode())])
    asked(page, session, "大桥全长多少？")
    uploads = session.uploads
    assert isinstance(uploads, Scripted) and uploads.histories[-1] == ()
    view = page.show_citation(session, 1, 1)
    assert session.source == "given" and "自带的文章" in str(view.top)
    assert 'data-focus="1-1"' in str(view.article)


@pytest.mark.usefixtures("reading")
def test_a_file_sent_again_with_other_words_forgets_its_old_offsets(page: Handlers) -> None:
    session, _ = page.open("zh")
    page.add_files(session, [("桥.txt", "大桥全长五百公斤。".encode())])
    asked(page, session, "大桥全长多少？")
    page.add_files(session, [("桥.txt", "短。".encode())])
    assert session.exchanges == []


def test_a_citation_in_another_document_brings_that_document(tmp_path: Path) -> None:
    page = Handlers(Scripted([ARTICLE, LETTER]), Scripted, tmp_path)
    session, view = page.open("en")
    assert 'data-document="a"' in str(view.article)
    article = str(asked(page, session, "bridge opened").article)
    assert 'data-document="b"' in article and "1932" in article
    assert 'data-document="a"' in str(page.show_document(session, "a").article)
    assert 'data-document="a"' in str(page.show_document(session, "nowhere").article)


def test_a_language_switch_redraws_everything_and_loses_nothing(page: Handlers) -> None:
    session, _ = page.open("zh")
    asked(page, session, "总营收是多少？")
    view = page.switch_language(session, "en")
    assert "found 3</bdi>" in str(view.live) and "310亿元" in str(view.live)
    assert words("en").placeholder in str(view.composer)
    assert page.switch_language(session, "xx").top == view.top


def test_clear_returns_to_the_empty_state(page: Handlers) -> None:
    session, first = page.open("zh")
    asked(page, session, "总营收是多少？")
    view = page.clear(session)
    assert view.intro == first.intro and view.live == ""
    assert "<mark" not in str(view.article)


def test_more_of_a_long_document_is_shown_on_request(tmp_path: Path) -> None:
    text = "\n".join(f"第{n}段，这里写着一些话。" for n in range(6000))
    page = Handlers(Scripted([Document("l", "长", text, "l", "zh")]), Scripted, tmp_path)
    session, view = page.open("zh")
    assert "第3000段" not in str(view.article)
    more = str(page.show_more(session, "l", text.index("第3000段")).article)
    assert "第3000段" in more and "第5990段" not in more
    assert len(more) < 80_000


def test_the_line_serves_in_order_and_tells_who_is_ahead() -> None:
    line = Line()
    with line.ticket() as first:
        assert line.ahead(first, 0) == 0
        with line.ticket() as second, line.ticket() as third:
            assert (line.ahead(second, 0), line.ahead(third, 0)) == (1, 2)
    with line.ticket() as next_one:
        assert line.ahead(next_one, 0) == 0


def test_a_second_visitor_waits_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers_module, "WAIT_SECONDS", 0)
    page = Handlers(Scripted([ARTICLE]), Scripted, tmp_path)
    one, _ = page.open("en")
    two, _ = page.open("en")
    monkeypatch.setattr(handlers_module, "TEXT_SECONDS", 0)
    first, second = page.ask(one, "总营收是多少？"), page.ask(two, "厂长是王小明？")
    while "prose" not in str(next(first).live):
        pass
    next(second)
    assert words("en").waiting.format(n=1) in str(next(second).live)
    list(first)
    assert "王小明" in str(list(second)[-1].live)
