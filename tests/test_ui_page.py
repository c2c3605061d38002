"""The chat page in real Chromium, on the real assistant: what people see, click and press."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_rag_generative import Scripted as ScriptedModel
from test_ui_handlers import ARTICLE, Scripted

from rag import Assistant, Line
from rag.answering.generative import Generative
from rag.answering.prompts import Prompt
from ui.app import listening, server
from ui.handlers import Handlers
from ui.texts import words

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WAIT_MS = 20_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium: apt install chromium"),
]

HOSTILE = (
    "山下有一座青石桥，长三百二十米。\n"
    "<script>alert(1)</script> <img src=x onerror=alert(2)> {{constructor}} ${alert(3)}\n"
    "</article></section><b>粗</b> https://example.com/beacon.png\n"
)


class Served:
    """A page served in a thread."""

    def __init__(self, handlers: Handlers) -> None:
        self.handlers = handlers
        bound = listening("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        self._server = server(handlers)
        self._thread = threading.Thread(target=self._server.run, args=([bound],), daemon=True)
        self._thread.start()
        for _ in range(400):
            if self._server.started:
                return
            time.sleep(0.05)
        raise RuntimeError("the page's server did not start")

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    served = Served(Handlers(Assistant.bundled(), Assistant.from_documents, home))
    yield served
    served.close()


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, threading.Event]]:
    """A page whose answers pause in the middle until the gate opens."""
    gate = threading.Event()
    handlers = Handlers(Scripted([ARTICLE], gate), Scripted, tmp_path_factory.mktemp("home"))
    served = Served(handlers)
    yield served, gate
    gate.set()
    served.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


class Visit:
    """One browser context: its page, and everything it requested, logged or popped up."""

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        options = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 800}} | options
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.outside: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self._note(request.url, url))
        self.page.on(
            "dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss())
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url)
        self.page.wait_for_selector(".intro h2")
        self.page.wait_for_selector("#question")

    def _note(self, requested: str, url: str) -> None:
        if not requested.startswith((url, "data:", "blob:")):
            self.outside.append(requested)

    def ask(self, question: str) -> Any:
        """Ask and return the locator of the settled answer."""
        before = self.page.locator(".asked").count()
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.page.wait_for_function(f"document.querySelectorAll('.asked').length > {before}")
        self.page.wait_for_selector("#live .answer:not(.draft)")
        return self.page.locator("#live .answer")

    def upload(self, name: str, data: bytes) -> None:
        self.page.set_input_files(
            "input[type=file]", {"name": name, "mimeType": "text/plain", "buffer": data}
        )
        self.page.wait_for_selector("#article .notice")

    def in_view(self, selector: str) -> bool:
        """Tell whether an element lies inside the window, once scrolling has ended."""
        script = """s => { const b = document.querySelector(s).getBoundingClientRect();
            return b.height > 0 && b.top >= 0 && b.bottom <= innerHeight + 1; }"""
        try:
            self.page.wait_for_function(script, arg=selector, timeout=5000)
        except Exception:  # playwright's own timeout; its class lives in an optional package
            return False
        return True

    def background(self, selector: str) -> str:
        script = "e => getComputedStyle(e).backgroundColor"
        return str(self.page.locator(selector).first.evaluate(script))

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def visit(app: Served, browser: Any) -> Iterator[Visit]:
    made = Visit(browser, app.url)
    yield made
    assert made.outside == []
    assert made.dialogs == []
    assert made.errors == []
    made.close()


def test_a_chinese_question_gets_its_sentence_tinted_and_in_view(visit: Visit) -> None:
    answer = visit.ask("快手二季度总营收是多少？")
    assert "310亿元" in answer.locator(".lead").first.inner_text()
    mark = visit.page.locator("#article mark.tint-1").first
    assert "310亿元" in mark.inner_text()
    assert visit.in_view("#article mark.tint-1")
    assert visit.background("#article mark.tint-1") == visit.background("#live .ref.tint-1")
    assert visit.background("#article mark.tint-1") != visit.background("#article .pane")
    assert answer.locator("blockquote b").first.inner_text() == "310亿元"
    assert re.search(r"\d+ ms · 找到 \d+ 段", answer.locator(".clock").inner_text())


def test_the_marker_scrolls_the_article_back_and_lights_the_sentence(visit: Visit) -> None:
    visit.ask("快手二季度总营收是多少？")
    visit.page.evaluate("document.querySelector('#article .pane').scrollTo(0, 99999)")
    assert not visit.page.evaluate(
        "(() => { const b = document.querySelector('#article mark').getBoundingClientRect();"
        " return b.top >= 0 && b.bottom <= innerHeight; })()"
    )
    visit.page.click("#live .lead .ref")
    assert visit.in_view("#article mark.tint-1")
    visit.page.hover("#live .lead .ref")
    visit.page.wait_for_selector("#article mark.tint-1.lit")


def test_a_click_on_the_sentence_lists_what_it_answered(visit: Visit) -> None:
    visit.ask("快手二季度总营收是多少？")
    assert visit.page.locator("#article .uses:visible").count() == 0
    visit.page.click("#article mark.tint-1")
    assert "快手二季度总营收是多少？" in visit.page.locator("#article .uses:visible").inner_text()
    visit.page.click("#article .uses:visible a")
    assert visit.in_view(".asked")


def test_alt_arrows_walk_the_citations(visit: Visit) -> None:
    visit.ask("快手二季度的总营收和经调整净利润各是多少？")
    anchors = visit.page.locator("#live .card").evaluate_all("all => all.map(c => c.dataset.cite)")
    visit.page.keyboard.press("Alt+ArrowDown")
    visit.page.wait_for_selector(f'#article mark.flash[data-cites~="{anchors[-1]}"]')


def test_a_question_the_text_cannot_answer_is_refused_in_another_look(visit: Visit) -> None:
    plain = visit.background("body")
    refusal = visit.ask("快手在巴西有多少名员工？")
    assert "refused" in str(refusal.get_attribute("class"))
    assert visit.background("#live .refused") != plain
    assert words("zh").closest in refusal.inner_text()
    assert refusal.locator(".choice").count() == 2
    refusal.locator(".choice").first.click()
    visit.page.wait_for_selector("#live .answer:not(.draft):not(.refused)")


def test_an_example_is_one_click_away(visit: Visit) -> None:
    assert visit.page.locator(".intro .choice").count() == 3
    visit.page.locator(".intro .choice").first.click()
    visit.page.wait_for_selector("#live .answer:not(.draft) .card")
    assert visit.page.locator(".intro").count() == 0


def test_an_uploaded_gb18030_file_is_asked(visit: Visit) -> None:
    text = "青山茶园今年一共采摘了三千二百公斤茶叶。\n茶园的负责人是王小明。\n"
    visit.upload("茶园.txt", text.encode("gb18030"))
    assert "三千二百公斤茶叶" in visit.page.locator("#article .text").inner_text()
    answer = visit.ask("茶园的负责人是谁？")
    assert "王小明" in answer.inner_text()
    assert "茶园的负责人是王小明。" in visit.page.locator("#article mark").all_inner_texts()
    assert list(Path(_temporary()).rglob("*.txt")) == []


def test_a_hostile_document_is_shown_as_text(visit: Visit) -> None:
    visit.upload("<b>桥.txt", HOSTILE.encode())
    shown = visit.page.locator("#article .text")
    assert "<script>alert(1)</script>" in shown.inner_text()
    assert "{{constructor}} ${alert(3)}" in shown.inner_text()
    visit.ask("青石桥长多少米？")
    assert visit.page.locator("#yinju img, #yinju script, #article .text b").count() == 0
    visit.page.wait_for_timeout(300)  # a dialog or a request would come now


def test_more_of_a_long_text_leaves_the_reader_where_they_were(visit: Visit) -> None:
    lines = [f"第{n}段说的是第{n}件事情，别处没有说到。" for n in range(4000)]
    visit.upload("长文.txt", "\n".join(lines).encode())
    assert visit.page.locator("#article .text p").count() < 600
    visit.page.evaluate("document.querySelector('.more').scrollIntoView({block: 'center'})")
    top = "document.querySelector('#article [data-start=\"0\"] ~ .gap').previousElementSibling"
    last = visit.page.evaluate(f"{top}.dataset.start")
    before = visit.page.evaluate(f"{top}.getBoundingClientRect().top")
    count = visit.page.locator("#article .text p").count()
    visit.page.click("button.more")
    visit.page.wait_for_function(
        "n => document.querySelectorAll('#article .text p').length > n", arg=count
    )
    visit.page.wait_for_timeout(200)
    after = visit.page.evaluate(
        f"document.querySelector('#article [data-start=\"{last}\"]').getBoundingClientRect().top"
    )
    assert abs(after - before) <= 2


def test_a_file_that_cannot_be_read_is_named_where_it_was_dropped(visit: Visit) -> None:
    visit.upload("空.txt", b"")
    notice = visit.page.locator("#article .notice[role=alert]")
    assert "空.txt" in notice.inner_text() and words("zh").unread in notice.inner_text()


def test_what_one_visitor_uploads_no_other_sees(app: Served, browser: Any, visit: Visit) -> None:
    visit.upload("密.txt", "秘密花园里有九十九朵玫瑰。".encode())
    other = Visit(browser, app.url)
    assert "玫瑰" not in other.page.content()
    assert other.page.locator("[data-pick=corpus] option").count() == 1
    other.close()
    visit.page.select_option("[data-pick=corpus]", "given")
    visit.page.wait_for_function(
        "!document.querySelector('#article .text').innerText.includes('玫瑰')"
    )


def test_a_thumb_is_pressed_and_kept(app: Served, visit: Visit) -> None:
    visit.ask("快手二季度总营收是多少？")
    visit.page.click("#live [data-rate=bad]")
    visit.page.wait_for_selector('#live [data-rate=bad][aria-pressed="true"]')
    kept = (app.handlers.home / "feedback.jsonl").read_text(encoding="utf-8")
    assert "快手二季度总营收是多少？" in kept.splitlines()[-1]


def test_the_language_switch_turns_every_label(visit: Visit) -> None:
    visit.ask("快手二季度总营收是多少？")
    visit.page.select_option("[data-pick=language]", "en")
    visit.page.wait_for_selector(f"#question[aria-label='{words('en').placeholder}']")
    assert visit.page.evaluate("document.documentElement.lang") == "en"
    assert words("en").evidence in visit.page.locator("#live .card").first.inner_text()
    visit.page.reload()
    visit.page.wait_for_selector(f"#question[aria-label='{words('en').placeholder}']")


def test_clear_brings_the_empty_state_back(visit: Visit) -> None:
    visit.ask("快手二季度总营收是多少？")
    visit.page.click("button.clear")
    visit.page.wait_for_selector(".intro .choice")
    assert visit.page.locator(".asked").count() == 0


def test_shift_enter_breaks_the_line_and_an_input_method_is_left_alone(visit: Visit) -> None:
    visit.page.fill("#question", "一")
    visit.page.press("#question", "Shift+Enter")
    assert visit.page.input_value("#question") == "一\n"
    visit.page.evaluate(
        "document.querySelector('#question').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', bubbles: true, isComposing: true}))"
    )
    visit.page.wait_for_timeout(300)
    assert visit.page.locator(".asked").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(app: Served, browser: Any, scheme: str) -> None:
    made = Visit(browser, app.url, color_scheme=scheme)
    made.ask("快手二季度总营收是多少？")
    made.ask("快手在巴西有多少名员工？")
    low = {k: v for k, v in made.page.evaluate(CONTRAST).items() if v < 4.5}
    assert low == {}
    bright = made.page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0,3).map(Number)"
    )
    assert (sum(bright) > 600) == (scheme == "light")
    made.close()


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_needs_no_sideways_scrolling(app: Served, browser: Any, width: int) -> None:
    made = Visit(browser, app.url, viewport={"width": width, "height": 780}, locale="de-DE")
    made.ask("快手二季度总营收是多少？")
    for _ in range(2):
        wide = made.page.evaluate(
            "[...document.querySelectorAll('#yinju *')].filter(e => e.offsetParent &&"
            " !e.closest('.pick, svg') && e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.className)"
        )
        assert wide == []
        assert made.page.evaluate("document.documentElement.scrollWidth") <= width
        made.page.click("#live .lead .ref") if made.page.is_visible("#live") else None
    assert made.in_view("#article mark.tint-1")
    made.page.click("[data-tab=chat]")
    assert made.page.is_visible("#live .lead")
    made.close()


def test_an_answer_under_way_can_be_stopped_with_escape(
    slow: tuple[Served, threading.Event], browser: Any
) -> None:
    served, gate = slow
    gate.clear()
    made = Visit(browser, served.url)
    made.page.fill("#question", "总营收是多少？")
    made.page.press("#question", "Enter")
    made.page.wait_for_selector("#live .draft")
    assert made.page.is_visible("button.stop") and not made.page.is_visible("button.send")
    made.page.keyboard.press("Escape")
    gate.set()
    made.page.wait_for_selector("#live .stopped")
    assert made.page.is_visible("button.send")
    answer = made.ask("厂长是王小明吗？")
    assert "王小明" in answer.inner_text()
    made.close()


def test_someone_in_line_is_told_so(slow: tuple[Served, threading.Event], browser: Any) -> None:
    served, gate = slow
    gate.clear()
    one, two = Visit(browser, served.url), Visit(browser, served.url)
    for made in (one, two):
        made.page.fill("#question", "总营收是多少？")
        made.page.press("#question", "Enter")
        made.page.wait_for_selector("#live .draft")
    two.page.wait_for_function(
        "text => document.querySelector('#live').innerText.includes(text)",
        arg=words("zh").waiting.format(n=1),
    )
    gate.set()
    for made in (one, two):
        made.page.wait_for_selector("#live .card")
        made.close()


def test_a_server_that_is_gone_is_said_where_one_asks(tmp_path: Path, browser: Any) -> None:
    served = Served(Handlers(Scripted([ARTICLE]), Scripted, tmp_path))
    made = Visit(browser, served.url)
    served.close()
    made.page.fill("#question", "总营收是多少？")
    made.page.press("#question", "Enter")
    made.page.wait_for_selector(".lost:visible")
    assert made.page.inner_text(".lost") == words("zh").lost
    assert made.page.input_value("#question") == "总营收是多少？"
    made.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page on which a scripted model writes the answers, slowly, one at a time."""
    plain = Assistant.bundled()

    class Slow(ScriptedModel):
        def write(self, asked: Prompt) -> Generator[str]:
            for piece in super().write(asked):
                time.sleep(0.2)
                yield piece

    reply = "快手二季度总营收为310亿元[5]，同比增长11.6%[5]。线上营销服务收入为177亿元[12]。"
    writer = Generative(Slow(reply, line=Line()), plain.corpus.encoder)  # type: ignore[arg-type]
    assistant = Assistant(plain.corpus, plain.settings, writer=writer)
    served = Served(Handlers(assistant, Assistant.from_documents, tmp_path_factory.mktemp("home")))
    yield served
    served.close()


def test_the_quoted_answer_stands_at_once_and_the_models_streams_below(
    written: Served, browser: Any
) -> None:
    one, two = Visit(browser, written.url), Visit(browser, written.url)
    for made in (one, two):
        made.page.fill("#question", "快手二季度总营收是多少？")
        made.page.press("#question", "Enter")
        made.page.wait_for_selector("#live .quick")
    assert "310亿元" in two.page.inner_text("#live .quick")
    two.page.wait_for_function(
        "text => document.querySelector('#live .draft')?.innerText.includes(text)",
        arg=words("zh").waiting.format(n=1),
    )
    one.page.wait_for_selector("#live .draft .prose")
    label = words("zh").written.format(name="scripted")
    assert label in one.page.inner_text("#live .draft")
    two.page.keyboard.press("Escape")
    two.page.wait_for_selector("#live .stopped")
    assert "310亿元" in two.page.inner_text("#live .quick")
    one.page.wait_for_selector("#live .answer:not(.draft) .doubt")
    assert "177亿元" in one.page.inner_text("#live .unsupported")
    assert one.page.locator("#live .card").count() == 1
    assert one.page.evaluate(CONTRAST) and all(
        v >= 4.5 for v in one.page.evaluate(CONTRAST).values()
    )
    for made in (one, two):
        assert made.errors == []
        made.close()


def test_only_this_server_may_be_reached_and_only_by_its_own_name(app: Served) -> None:
    import httpx

    page = httpx.get(app.url)
    assert "connect-src 'self'" in page.headers["content-security-policy"]
    assert httpx.get(app.url, headers={"host": "evil.example"}).status_code == 400
    assert httpx.get(f"{app.url}gradio_api/file=/etc/passwd").status_code in {403, 404}


def _temporary() -> str:
    import os

    return os.environ["GRADIO_TEMP_DIR"]


# The ratio of WCAG 2.2 for every piece of text that shows, by class; gradients count as their
# ground without them.
CONTRAST = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => { const f = v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
    return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length && (c.length < 4 || c[3] > .9)) return c; } return [255, 255, 255]; };
  const found = {};
  for (const e of document.querySelectorAll('#yinju *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.offsetParent) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const key = `${e.tagName}.${e.className}`;
    found[key] = Math.min(found[key] ?? 99, ratio);
  }
  return found;
}"""
