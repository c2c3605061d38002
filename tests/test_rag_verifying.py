"""The number guard: what it must pass, what it must stop."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag.numbers import find, same
from rag.verifying import verify

REPORT = "云帆公司第三季度营收310亿元，同比增长11.6%，净利润3.2亿元，环比下降4%，于8月20日公布。"
NEWS = (
    "Harbor Foods said on 14 May 2023 that sales rose 7.5% to $3.5 billion, "
    "while costs fell 2.1 percentage points to 48% and it served 395 million users."
)
QUOTES = (REPORT, NEWS)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("营收310亿元[1]。", REPORT),
        ("Revenue was RMB 31.0 billion [1].", REPORT),
        ("Revenue was 31,000 million yuan.", REPORT),
        ("Der Umsatz betrug 31,0 Milliarden RMB.", REPORT),
        ("Los ingresos fueron de 31.000 millones de RMB.", REPORT),
        ("매출은 310억 위안이다.", REPORT),
        ("It rose 11.6% year on year in the third quarter.", REPORT),
        ("Net profit fell 4% quarter-on-quarter.", REPORT),
        ("It was published on 20 August.", REPORT),
        ("约12%的增长", REPORT),
        ("销售额升7.5%，至35亿美元。", NEWS),
        ("2023年5月14日", NEWS),
        ("３９５ million users", NEWS),
        ("用户达3.95亿。", NEWS),
        ("Nothing with a figure.", NEWS),
        ("3%", "增长3%-5%"),
        ("", NEWS),
    ],
)
def test_what_the_quotes_hold_is_supported(statement: str, quote: str) -> None:
    assert verify(statement, [quote]).reasons == ()


@pytest.mark.parametrize(
    ("statement", "quote", "offender"),
    [
        ("净利润3.9亿元", REPORT, "3.9亿元"),
        ("Revenue was RMB 31 million.", REPORT, "RMB 31 million"),
        ("营收310亿美元", REPORT, "310亿美元"),
        ("营收310万元", REPORT, "310万元"),
        ("第二季度营收310亿元", REPORT, "第二季度"),
        ("8月21日公布", REPORT, "8月21日"),
        ("同比下降11.6%", REPORT, "11.6%"),
        ("环比增长11.6%", REPORT, "11.6%"),
        ("Profit rose 4% quarter on quarter.", REPORT, "4%"),
        ("Sales fell 7.5%.", NEWS, "7.5%"),
        ("costs 48 percentage points", NEWS, "48 percentage points"),
        ("on 14 May 2022", NEWS, "14 May 2022"),
        ("增长3%-5%", "增长3%", "3%-5%"),
        ("A200芯片", "A100芯片", "200"),
        ("11.6%", "营收310亿元", "11.6%"),
        ("10亿元", REPORT, "10亿元"),
        ("310亿元", "", "310亿元"),
    ],
)
def test_what_the_quotes_do_not_hold_is_named(statement: str, quote: str, offender: str) -> None:
    verdict = verify(statement, [quote])
    assert not verdict.supported
    assert any(reason.startswith(offender) for reason in verdict.reasons)


def test_figures_may_come_from_different_quotes() -> None:
    assert verify("310亿元 and $3.5 billion", QUOTES).supported
    assert not verify("310亿元 and $3.5 billion", [NEWS]).supported


def test_a_person_must_be_named_by_a_quote() -> None:
    quote = "云帆公司董事长林知远表示，营收增长5%。"
    assert verify("Chairman Lin Zhiyuan said revenue rose 5%.", [quote]).supported
    assert verify("董事长林知远表示增长5%", [quote]).supported
    assert verify("董事長林知遠表示增長5%", [quote]).supported
    assert not verify("董事长周明宇表示增长5%", [quote]).supported
    assert not verify("Chairman Zhou Mingyu said revenue rose 5%.", [quote]).supported


@given(st.sampled_from(QUOTES), st.data())
@settings(deadline=None)
def test_a_slice_of_a_quote_that_cuts_no_figure_is_supported(
    quote: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(quote)))
    end = data.draw(st.integers(start, len(quote)))
    assume(not any(f.start < cut < f.end for f in find(quote) for cut in (start, end)))
    assert verify(quote[start:end], QUOTES).supported


@given(st.sampled_from(QUOTES), st.data())
@settings(deadline=None)
def test_changing_one_digit_makes_a_statement_unsupported(quote: str, data: st.DataObject) -> None:
    places = [i for i, c in enumerate(quote) if c.isdigit()]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("0123456789"))
    changed = quote[:place] + digit + quote[place + 1 :]
    originals = find(quote)
    assume(any(not any(same(f, q) for q in originals) for f in find(changed)))
    assume(digit != quote[place])
    assert not verify(changed, [quote]).supported


@given(st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_judged_without_failing(statement: str, quote: str) -> None:
    verdict = verify(statement, [quote])
    assert verdict.supported == (not verdict.reasons)
    assert verify(statement, [statement]).supported
