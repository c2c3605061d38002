"""Answers and documents as HTML: everything escaped, exactly the cited words tinted."""

from __future__ import annotations

import html
import itertools
import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from index import Document
from rag import Answer, Citation, Statement
from ui.article import (
    BLOCK_CHARS,
    NEAR_CHARS,
    TINTS,
    WHOLE_CHARS,
    Tint,
    article_html,
    blocks,
    colour,
    tinted,
    windows,
)
from ui.escaping import escape
from ui.evidence import (
    answer_html,
    draft_html,
    duration,
    highlighted,
    linked,
    notice_html,
    question_html,
    quick_html,
    steps,
)
from ui.texts import words

EN = words("en")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{x}}${y}"
QUOTE = "财报显示，总营收为310亿元，增长11.6%。"
texts = st.text(alphabet=st.sampled_from("ab<>&\"'/ 中文。\n{}$`=[1]"), max_size=60)


class Seen(HTMLParser):
    """The tags and the text of some HTML, as a browser would see them."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked = ""
        self._marks = 0
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._marks += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._marks -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._marks:
            self.marked += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def citation(number: int = 1, quote: str = QUOTE, start: int = 0) -> Citation:
    return Citation(number, "季报", "d1", start, start + len(quote), quote)


def answered(**changes: object) -> Answer:
    values: dict[str, object] = {
        "question": "总营收？",
        "text": f"310亿元 — “{QUOTE}” [1]",
        "language": "zh",
        "sentences": (Statement(f"310亿元 — “{QUOTE}” [1]", (1,), "310亿元"),),
        "citations": (citation(),),
        "refused": False,
        "reason": "",
        "hits": (),
        "seconds": {"retrieve": 0.012, "answer": 0.02, "total": 0.038},
        "profile": "embedded",
    }
    return Answer(**{**values, **changes})  # type: ignore[arg-type]


def refused(**changes: object) -> Answer:
    values: dict[str, object] = {
        "text": "原文没有说。",
        "sentences": (),
        "citations": (),
        "refused": True,
        "reason": "not_in_text",
        "closest": citation(0),
        "suggestions": ("一？", "二？", "三？"),
    }
    return answered(**{**values, **changes})


@given(texts)
def test_escaped_text_reads_the_same_and_opens_no_tag(text: str) -> None:
    seen = Seen(f'<p title="{escape(text)}">{escape(text)}</p>')
    assert seen.tags == [("p", {"title": text})]
    assert seen.text == text
    assert "<" not in escape(text)


def test_direction_overrides_become_visible_and_offsets_stay() -> None:
    assert escape("a\u202eb\x00c") == "a\ufffdb\ufffdc"
    assert len(html.unescape(escape("a\u202eb\x00c"))) == 5


@given(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_exactly_the_cited_spans_are_tinted(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [(min(p), min(max(p), len(text))) for p in pairs if min(p) < min(max(p), len(text))]
    tints = [Tint(a, b, f"1-{n}", colour(n)) for n, (a, b) in enumerate(spans, 1)]
    seen = Seen(tinted(text, 0, len(text), tints))
    covered = {i for a, b in spans for i in range(a, b)}
    assert seen.text == text
    assert seen.marked == "".join(c for i, c in enumerate(text) if i in covered)
    assert {tag for tag, _ in seen.tags} <= {"mark"}


def test_overlapping_spans_name_both_and_the_coloured_one_wins() -> None:
    made = tinted("abcdef", 0, 6, [Tint(0, 4, "1-1", 0), Tint(2, 6, "2-1", 3)])
    assert [(m["data-cites"], m["class"]) for m in Seen(made).named("mark")] == [
        ("1-1", "tint-0"),
        ("1-1 2-1", "tint-3"),
        ("2-1", "tint-3"),
    ]


def test_colours_repeat_after_the_last() -> None:
    assert [colour(n) for n in (1, TINTS, TINTS + 1)] == [1, TINTS, 1]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab 。\n\r\t中"), max_size=4000))
def test_blocks_hold_every_character_that_shows(text: str) -> None:
    parts = blocks(text)
    shown = "".join(text[p.start : p.end] for p in parts)
    assert "".join(shown.split()) == "".join(text.split())
    assert all(p.end - p.start <= BLOCK_CHARS for p in parts)
    assert all(a.end <= b.start for a, b in itertools.pairwise(parts))


def test_a_line_of_megabytes_is_cut_at_sentence_ends_and_shown_near_the_citation_only() -> None:
    text = "这是一句话。" * 400_000
    at = 1_200_000
    parts = blocks(text)
    assert all(text[p.end - 1] == "。" for p in parts)
    document = Document("d", "长", text, "d.txt", "zh")
    made = article_html(document, [Tint(at, at + 6, "1-1", 1, "问？")], EN)
    assert len(made) < 5 * 4 * NEAR_CHARS
    assert Seen(made).marked == "这是一句话。"
    assert (
        len(Seen(made).named("button")) == 3
    )  # after the beginning: down and up; at the end: down


def test_a_short_text_is_shown_whole_without_buttons() -> None:
    document = Document("d", "t", "one\n\ntwo\nthree", "d.txt", "en")
    seen = Seen(article_html(document, [], EN))
    assert [tag for tag, _ in seen.tags] == ["article", "h2", "p", "p", "p"]
    assert seen.text == "tonetwothree"


def test_windows_merge_when_they_meet() -> None:
    text = "\n".join(["x" * 999] * (WHOLE_CHARS // 500))
    parts = blocks(text)
    far = parts[-1].start
    assert len(windows(parts, [])) == 1
    assert len(windows(parts, [(far, far + 5)])) == 2
    assert len(windows(parts, [(i, i + 1) for i in range(0, far, NEAR_CHARS)])) == 1
    assert windows((), [(0, 1)]) == ()


def test_a_heading_loses_its_marks_and_a_title_is_not_said_twice() -> None:
    document = Document("d", "标题", "# 标题\n\n## 第二\n#不是标题\n正文", "d.md", "zh")
    seen = Seen(article_html(document, [], EN))
    assert [t for t, _ in seen.tags] == ["article", "h2", "h3", "p", "p"]
    assert seen.text == "标题第二#不是标题正文"


def test_a_tinted_sentence_lists_the_questions_it_answered() -> None:
    document = Document("d", "t", "甲。乙。", "d.txt", "zh")
    tints = [Tint(0, 2, "1-1", 0, "第一问"), Tint(0, 2, "3-2", 2, "第三<问")]
    seen = Seen(article_html(document, tints, EN))
    (note,) = seen.named("aside")
    assert note["data-for"] == "1-1 3-2" and "hidden" in note
    assert [a["data-turn"] for a in seen.named("a")] == ["1", "3"]
    assert "第一问第三<问" in seen.text


def test_the_article_says_its_language_and_direction() -> None:
    document = Document("d", "عنوان", "نص", "d.txt", "ar")
    (article,) = Seen(article_html(document, [], EN, focus="2-1")).named("article")
    assert (article["lang"], article["dir"], article["data-focus"]) == ("ar", "rtl", "2-1")


def test_the_short_answer_leads_and_stands_out_in_its_quote() -> None:
    made = answer_html(answered(), 4, EN, {"found": 12, "read": 4})
    assert '<bdi class="short">310亿元</bdi>' in made
    assert "总营收为<b>310亿元</b>，增长" in made
    assert '<bdi class="beside">' not in made
    assert {a["data-cite"] for a in Seen(made).named("a")} == {"4-1"}
    assert "38 ms · found 12 · read 4" in Seen(made).text


def test_a_gloss_leads_with_the_original_beside_it_and_in_the_card() -> None:
    said = Statement(
        f"RMB 31.0 billion (310亿元) — “{QUOTE}” [1]", (1,), "310亿元", "RMB 31.0 billion"
    )
    made = answer_html(answered(sentences=(said,), language="en"), 1, EN, {})
    assert '<bdi class="short">RMB 31.0 billion</bdi> <bdi class="beside">310亿元</bdi>' in made
    assert "<bdi>310亿元</bdi> = <bdi>RMB 31.0 billion</bdi>" in made
    assert 'class="prose"' not in made


def test_what_is_to_be_known_of_an_answer_is_said_before_it() -> None:
    made = Seen(answer_html(answered(note="Zwei <Sätze>."), 1, EN, {})).text
    assert made.index("Zwei <Sätze>.") < made.index("310亿元")


def test_an_answer_in_prose_is_shown_as_prose_with_links() -> None:
    text = "Revenue grew to 310亿元 in the quarter [1]."
    said = Statement(text, (1,), "310亿元")
    made = answer_html(answered(text=text, sentences=(said,)), 2, EN, {})
    assert Seen(made).text.startswith("Revenue grew to 310亿元 in the quarter 1.")
    assert "[1]" not in made


def test_an_answer_that_is_a_quote_stands_in_its_card_alone() -> None:
    said = Statement(f"“{QUOTE}” [1]", (1,))
    made = answer_html(answered(sentences=(said,)), 1, EN, {})
    assert Seen(made).text.count(QUOTE) == 1
    assert "alone" in made


def test_only_known_markers_become_links() -> None:
    assert Seen(linked("a [1] b [2]", 1, [1], EN)).text == "a 1 b [2]"


def test_several_short_answers_of_one_sentence_are_each_emphasised() -> None:
    assert highlighted("a310亿元b46.8亿元", ["310亿元、46.8亿元", "46.8亿元", "310亿元"]) == (
        "a<b>310亿元</b>b<b>46.8亿元</b>"
    )
    assert highlighted("<b>", ["<b", "b>"]) == "<b>&lt;b</b>&gt;"


def test_a_refusal_looks_different_and_offers_two_questions() -> None:
    made = answer_html(refused(), 3, EN, {"found": 5})
    seen = Seen(made)
    (outer,) = [d for d in seen.named("div") if "answer" in str(d["class"])]
    assert outer["class"] == "answer refused"
    assert [b["data-ask"] for b in seen.named("button") if "choice" in str(b["class"])] == [
        "一？",
        "二？",
    ]
    assert "Closest passage" in seen.text and QUOTE in seen.text
    assert [a["data-cite"] for a in seen.named("a")] == ["3-0"]


def test_a_rating_is_pressed_and_thanked() -> None:
    buttons = Seen(answer_html(answered(), 1, EN, {}, "bad")).named("button")
    pressed = {b["data-rate"]: b["aria-pressed"] for b in buttons if "data-rate" in b}
    assert pressed == {"good": "false", "bad": "true"}
    assert EN.thanks in answer_html(answered(), 1, EN, {}, "bad")


@settings(deadline=None)
@given(texts)
def test_no_field_of_an_answer_can_open_a_tag(text: str) -> None:
    hostile = text + HOSTILE
    one = Citation(1, hostile, hostile, 0, len(hostile), hostile)
    said = Statement(hostile, (1,), hostile[:9], hostile[3:20])
    reply = answered(
        question=hostile, text=hostile, sentences=(said,), citations=(one,), language=hostile,
        note=hostile,
    )  # fmt: skip
    no = refused(question=hostile, text=hostile, closest=one, suggestions=(hostile,) * 2)
    made = [
        answer_html(reply, 1, EN, {"found": 1}),
        answer_html(no, 1, EN, {}),
        question_html(1, hostile),
        draft_html(hostile, EN),
        notice_html(hostile, hostile),
        article_html(Document(hostile, hostile, hostile, hostile, hostile),
                     [Tint(0, 9, "1-1", 1, hostile)], EN, focus=hostile),
    ]  # fmt: skip
    for each in made:
        seen = Seen(each)
        assert not {"script", "img"} & {tag for tag, _ in seen.tags}
        assert not [k for _, attributes in seen.tags for k in attributes if k.startswith("on")]


def test_every_button_of_an_answer_has_a_name() -> None:
    for each in (answered(), refused()):
        for button in Seen(answer_html(each, 1, EN, {})).named("button"):
            assert button.get("aria-label") or button.get("data-ask")


def test_times_read_as_people_say_them() -> None:
    assert [duration(s) for s in (0.0001, 0.0384, 0.9996, 12.34)] == [
        "<1 ms",
        "38 ms",
        "1.0 s",
        "12.3 s",
    ]
    assert steps(answered(), EN) == "search 12 ms · answer 20 ms"


def test_what_waits_says_how_many_are_ahead() -> None:
    assert "2" in Seen(draft_html("", EN, ahead=2)).text
    assert Seen(draft_html("", EN)).text == EN.working
    assert re.search(r'aria-busy="true"', draft_html("x [1]", EN))


def test_a_models_answer_is_labelled_and_what_nothing_bears_is_marked() -> None:
    from dataclasses import replace

    from rag import Assistant, Statement

    quoted = Assistant.bundled().ask("快手二季度总营收是多少？")
    said = (
        Statement("总营收310亿元[1]，", (1,)),
        Statement("利润<b>9亿元。", (), objections=("9亿元 is in no quote",)),
    )
    answer = replace(quoted, text=said[0].text + said[1].text, sentences=said, model="Org/Tiny-1B")
    shown = answer_html(answer, 3, words("en"), {})
    assert words("en").written.format(name="Tiny-1B") in shown
    assert shown.count('class="doubt"') == 1 and "9亿元 is in no quote" in shown
    assert escape(words("en").unsupported) in shown and "<b>9" not in shown
    assert 'data-cite="3-1"' in shown
    quick = quick_html(quoted, words("en"))
    assert words("en").quick in quick and "310亿元" in quick and "data-cite" not in quick
