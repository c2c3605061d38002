"""Reading: encodings, web pages, Markdown, folders, and errors people can act on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking import chunk
from index.errors import ReadingError
from index.reading import MAX_BYTES, read, read_bytes, read_file, read_text

SIMPLIFIED = [
    "今年第三季度，公司在南方新开了十二家门店，营业额比去年高两成。",
    "桥梁工程师李明说：“我们用了七年时间。”",
    "这家博物馆每天接待三千名观众，周一闭馆。",
    "专家认为，气温上升会让冰川在2050年前消失大半。",
    "新款手机的电池容量为5000毫安时，售价3999元。",
    "球队在最后一分钟进球，以二比一赢得比赛。",
]
TRADITIONAL = [
    "今年第三季，公司在南方新開了十二家門市，營業額比去年高兩成。",
    "橋樑工程師李明說：「我們用了七年時間。」",
    "這家博物館每天接待三千名觀眾，週一休館。",
    "專家認為，氣溫上升會讓冰川在2050年前消失大半。",
    "新款手機的電池容量為5000毫安時，售價3999元。",
    "球隊在最後一分鐘進球，以二比一贏得比賽。",
]
JAPANESE = "今年の第三四半期の売上高は三百億円で、前年より二割増えました。"
KOREAN = "올해 3분기 매출은 310억원으로 지난해보다 두 배 늘었다."
RUSSIAN = "Выручка компании за третий квартал выросла вдвое."


def texts(sentences: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(sentences), min_size=1, max_size=8).map("".join)


@settings(deadline=None)
@given(texts(SIMPLIFIED), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
       "utf-32", "utf-32-le", "gb18030", "gbk"]))  # fmt: skip
def test_simplified_chinese_comes_back_from_its_encodings(text: str, encoding: str) -> None:
    assert read_bytes(text.encode(encoding), name="a.txt").text == text


@settings(deadline=None)
@given(texts(TRADITIONAL), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "big5", "gb18030"]))
def test_traditional_chinese_comes_back_from_its_encodings(text: str, encoding: str) -> None:
    assert read_bytes(text.encode(encoding), name="a.txt").text == text


@pytest.mark.parametrize("text", [s[:n] for s in SIMPLIFIED for n in (10, 30)])
def test_ten_simplified_characters_suffice(text: str) -> None:
    assert read_bytes(text.encode("gb18030"), name="a.txt").text == text


@pytest.mark.parametrize("text", [s[:n] for s in TRADITIONAL for n in (10, 30)])
def test_ten_traditional_characters_suffice(text: str) -> None:
    assert read_bytes(text.encode("big5"), name="a.txt").text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (JAPANESE, "euc_jp"),
        (JAPANESE, "cp932"),
        (JAPANESE, "iso2022_jp"),
        (KOREAN, "euc_kr"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        ("Müller à Genève: déjà vu, señor, für 20 € im Café.", "cp1252"),
        ("بلغت إيرادات الشركة ثلاثة مليارات في العام الماضي.", "cp1256"),
        ("Plain English, nothing else.", "utf-16-le"),
        ("Plain English, nothing else.", "utf-16-be"),
        ("Grüße — 中文 mixed", "utf-8"),
        ("上季度Acme Cloud的revenue为3.5亿元，毛利率12%", "gb18030"),
    ],
)
def test_other_encodings(text: str, encoding: str) -> None:
    assert read_bytes(text.encode(encoding), name="a.txt").text == text


def test_one_damaged_character_does_not_cost_the_file() -> None:
    good = SIMPLIFIED[0] * 20
    data = good.encode("gb18030") + b"\xff"
    assert read_bytes(data, name="a.txt").text == good + "\ufffd"
    assert read_bytes(good.encode()[:-1], name="a.txt").text.startswith(good[:-1])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(SIMPLIFIED[1], "gb18030"), (TRADITIONAL[1], "big5"), ("Das Café schließt früh.", "cp1252")],
)
def test_letters_beyond_ascii_may_come_late(text: str, encoding: str) -> None:
    whole = "Nothing but plain letters here.\n" * 3000 + text
    assert read_bytes(whole.encode(encoding), name="a.txt").text == whole


def test_a_stray_byte_in_plain_text_is_no_reason_to_refuse() -> None:
    text = read_bytes(b"Nothing but plain letters.\n" * 3000 + b"\x9d\xff", name="a.txt").text
    assert text.startswith("Nothing but plain letters.\nNothing")


def test_line_ends_marks_and_controls_are_tidied() -> None:
    data = "\ufeffone\r\ntwo\rthree\x07\ufefffour\x0cfive".encode()
    assert read_bytes(data, name="a.txt").text == "one\ntwo\nthreefour\nfive"
    assert read_text("a\ud800b").text == "a\ufffdb"
    assert read_text("e\u0301").text == "e\u0301"  # not normalised: the text is what was read


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_bytes_are_read_or_refused_in_words(data: bytes, name: str) -> None:
    try:
        document = read_bytes(data, name=name)
    except ReadingError as error:
        assert name in str(error)
    else:
        assert document.text.strip()
        assert "\0" not in document.text
        document.text.encode()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "no text"),
        ("a.txt", b" \n\t", "no text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        ("a.txt", b"%PDF-1.7 text", "binary"),
        ("a.txt", bytes(range(256)) * 9, "binary"),
        ("a.xyz", b"text", ".xyz"),
        ("a", b"text", "without an extension"),
        ("a.html", b"<html><script>x()</script></html>", "no text"),
        ("a.txt", b"x" * (MAX_BYTES + 1), "20 MB"),
    ],
)
def test_errors_say_what_and_where(name: str, data: bytes, said: str) -> None:
    with pytest.raises(ReadingError, match=said) as caught:
        read_bytes(data, name=name)
    assert name in str(caught.value) or said == "without an extension"


def test_missing_folder_pipe_and_oversized_files(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no file"):
        read_file(tmp_path / "none.txt")
    with pytest.raises(ReadingError, match="folder"):
        read_file(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ReadingError, match="pipe"):
        read_file(tmp_path / "pipe.txt")
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ReadingError, match="20 MB"):
        read_file(tmp_path / "big.txt")
    with pytest.raises(ReadingError):
        read_file(tmp_path / "nul\0.txt")


def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything, nobody may not
    try:
        with pytest.raises(ReadingError, match="permissions"):
            read_file(path)
        (failure,) = read([path]).failures
    finally:
        os.seteuid(user)
    assert "permissions" in failure.message


def test_a_folder_is_read_whole_and_its_failures_are_named(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "b" / "one.txt").write_bytes("一个文件。".encode("gb18030"))
    (tmp_path / "a.md").write_text("# Title\n\nText.")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("hidden")
    (tmp_path / ".git" / "x.txt").write_text("hidden")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    seen: list[tuple[int, int]] = []
    reading = read([tmp_path, tmp_path / "a.md"], lambda done, total: seen.append((done, total)))
    assert [d.title for d in reading.documents] == ["Title", "one"]
    assert sorted(Path(f.path).name for f in reading.failures) == ["empty.txt", "gone.txt"]
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_unknown_kinds_fail_only_when_named(tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(b"\x89PNG")
    reading = read([picture, tmp_path, tmp_path / "nope.txt"])
    assert reading.documents == ()
    assert [f.path for f in reading.failures] == [
        str(tmp_path), str(picture), str(tmp_path / "nope.txt"),
    ]  # fmt: skip


def test_ids_are_stable_readable_and_distinct(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Report 1.txt").write_text("Same text.")
    first, second = read([tmp_path]).documents
    assert first.id != second.id
    assert first.id.startswith("x-report-1-")
    assert read_file(tmp_path / "x" / "Report 1.txt").id == first.id
    monkeypatch.chdir(tmp_path)
    assert read_file("x/Report 1.txt").id == first.id
    assert read_bytes(b"one", name="a.txt").id != read_bytes(b"two", name="a.txt").id
    assert read_bytes(b"one", name="a.txt").id == read_bytes(b"one", name="a.txt").id
    assert read_text("a").id != read_text("b").id


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("n.txt", "年度总结\n今年一切都好。", "年度总结"),
        ("n.txt", "今年一切都好。\n明年更好。", "n"),
        ("n.txt", "长" * 100 + "\n好。", "n"),
        ("n.md", "intro\n\n## Second\n", "Second"),
        ("n.md", "---\ntitle: \"Front\"\ntags: x\n---\n# Other\ntext", "Front"),
        ("n.md", "just text that ends.", "n"),
    ],
)  # fmt: skip
def test_titles(name: str, text: str, title: str) -> None:
    assert read_bytes(text.encode(), name=name).title == title


def test_markdown_stays_as_written() -> None:
    text = "# 标题\n\n**加粗** 和 [链接](https://a.b)。\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    assert read_bytes(text.encode(), name="a.md").text == text


def test_text_at_hand() -> None:
    document = read_text("总营收为310亿元。", title="财报", source="paste")
    assert (document.title, document.source, document.language) == ("财报", "paste", "zh")
    with pytest.raises(ReadingError, match="no text"):
        read_text("  ")


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>桥梁通车</title>
<style>p {{ color: red }}</style><script>var secret = "不是正文";</script></head><body>
<nav><a href="/">首页</a><a href="/b">关于</a></nav>
<article><h1>桥梁通车</h1><p>新桥在今天早上正式通车，全长 &lt;3.5&gt; 公里，总投资12&nbsp;亿元。</p>
<h2>工程背景</h2><p>工程师们用了七年时间才完成这座桥&amp;隧道，比原计划提前了六个月。</p>
<ul><li>第一项内容</li><li>第二项内容</li></ul>
<table><tr><td>年份</td><td>投资</td></tr><tr><td>2023</td><td>5亿元</td></tr></table>
</article><footer>版权所有</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "gb18030"])
def test_a_web_page_gives_its_article(charset: str) -> None:
    document = read_bytes(PAGE.format(charset=charset).encode(charset), name="p.html")
    assert document.title == "桥梁通车"
    assert "新桥在今天早上正式通车，全长 <3.5> 公里" in document.text
    assert "## 工程背景\n" in document.text
    assert "- 第一项内容\n- 第二项内容" in document.text
    assert "2023 | 5亿元" in document.text
    assert "不是正文" not in document.text
    assert "color: red" not in document.text
    contexts = [c.context for c in chunk(document)]
    assert contexts[-1] == "桥梁通车 › 工程背景"


def test_a_wrong_charset_is_not_believed() -> None:
    data = PAGE.format(charset="iso-8859-1").encode("gb18030")
    assert "新桥在今天早上正式通车" in read_bytes(data, name="p.html").text
    data = PAGE.format(charset="gb2312").encode("utf-8")
    assert "新桥在今天早上正式通车" in read_bytes(data, name="p.html").text
    data = PAGE.format(charset="no-such").encode("utf-8")
    assert "新桥在今天早上正式通车" in read_bytes(data, name="p.html").text


def test_a_fragment_is_plain_body_text() -> None:
    document = read_bytes(
        b"<h2>Note</h2><p>One &amp; two</p><div>three<br>four</div>", name="p.htm"
    )
    assert [line for line in document.text.split("\n") if line] == [
        "## Note", "One & two", "three", "four",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "<p>The deep words are found.</p>" + "</div>" * 100_000,
        "<b><i>" * 50_000 + "The deep words are found.",
        "<p>The deep words are found.</p>" + "<!--" * 100_000,
        "<p>The deep words are found.</p>" + "<a href='" * 100_000,
        "<p>The deep words are found.</p>" + "<script>alert(1)</script>" * 20_000,
        "<p>The deep words are found.</p><style>" + "x{}" * 100_000,
        "<p>The deep words are found.</p>" + "<table><tr><td>" * 5_000,
        "&lt;" * 100_000 + "<p>The deep words are found.</p>",
        "<svg><script>alert(1)</script></svg><p>The deep words are found.</p>",
    ],
    ids=range(9),
)
def test_hostile_pages_are_read_without_harm(page: str) -> None:
    text = read_bytes(page.encode(), name="p.html").text
    assert "The deep words are found." in text
    assert "alert" not in text
    assert "x{}" not in text


def test_escaped_markup_stays_text() -> None:
    page = "<p>He wrote &lt;script&gt;alert(1)&lt;/script&gt; on the board that day.</p>"
    text = read_bytes(page.encode(), name="p.html").text
    assert text == "He wrote <script>alert(1)</script> on the board that day."


def test_importing_does_not_load_the_page_reader() -> None:
    code = (
        "import sys, index.reading as r; r.read_text('text');"
        "print([m for m in ('trafilatura', 'lxml', 'charset_normalizer') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
