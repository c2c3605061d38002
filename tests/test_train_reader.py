"""How the reader's training examples are cut, and how its answers are scored."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertConfig

from rag.concepts import glossary
from train.evidence import temperature
from train.reader import cloze, examples
from train.reader.evaluating import score
from train.reader.examples import (
    RIVALS,
    SIDES,
    Lexicon,
    Mix,
    Reading,
    Sampler,
    collate,
    switched,
    tokens_of,
)
from train.reader.finetuning import loss_of
from train.reader.model import ReaderModel, Words, average, short_attention
from train.reader.pretraining import mask
from train.reader.vocabulary import CLS, MASK, PAD, SEP

SIZE = 60
PIECES = [f"w{i}" for i in range(SIZE)]


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def into_nothing(size: int) -> dict[str, np.ndarray]:
    """Counterparts of no word in any language."""
    return {k: np.zeros(size, np.int32) for chances in examples.INTO.values() for k in chances}


def reading(rng: np.random.Generator, count: int = 20) -> Reading:
    """Contexts of 300 tokens whose answer is three tokens that occur nowhere else in them."""
    contexts, spans, answers = [], [], []
    for _ in range(count):
        context = rng.integers(8, SIZE - 3, 300).astype(np.int32)
        first = int(rng.integers(0, 297))
        context[first : first + 3] = [SIZE - 3, SIZE - 2, SIZE - 1]
        contexts.append(context)
        spans.append((first, first + 2))
        answers.append(context[first : first + 3])
    alike = np.array([[(i + 1) % count] for i in range(count)], np.int32)
    questions = [rng.integers(8, SIZE - 3, 10).astype(np.int32) for _ in range(count)]
    return Reading(questions, list(range(count)), spans, contexts, alike, answers, frozenset())


def sampler(mix: Mix, seed: int = 1) -> Sampler:
    made = {"zh": reading(np.random.default_rng(2))}
    return Sampler(
        PIECES,
        made,
        [],
        Lexicon(into_nothing(SIZE), {}, [], [], np.zeros((len(PIECES), 4), np.float32), {}),
        np.random.default_rng(seed),
        mix,
    )


ONLY = Mix(shares={"zh": 1.0}, elsewhere=0.0, beside=0.0, altered=0.0, switched=0.0)


@pytest.mark.parametrize("seed", range(5))
def test_a_window_holds_the_answer_where_it_says(seed: int) -> None:
    for batch in sampler(ONLY, seed).batch(8, 4):
        for example in batch:
            told = example.passage[example.first : example.last + 1].tolist()
            assert told == [SIZE - 3, SIZE - 2, SIZE - 1]
            assert len(example) <= examples.WINDOW


def test_a_window_beside_never_holds_the_answer() -> None:
    mix = Mix(shares={"zh": 1.0}, elsewhere=0.0, beside=1.0, altered=0.0, switched=0.0)
    missing = [e for batch in sampler(mix).batch(8, 8) for e in batch if e.first < 0]
    assert missing
    for example in missing:
        assert not examples._holds(example.passage, ids(SIZE - 3, SIZE - 2, SIZE - 1))


def test_a_duel_sets_what_answers_against_what_does_not() -> None:
    mix = Mix({"zh": 1.0}, {}, elsewhere=0, beside=0, switched=0, duels=3, duelling={"zh": 1.0})
    answered = reading(np.random.default_rng(2))
    count = len(answered.contexts)
    made = Reading(
        answered.questions + [q + 1 for q in answered.questions],
        [*answered.owners, *answered.owners],
        answered.spans + [None] * count,
        answered.contexts,
        np.array([[(i + k) % count for k in (1, 2, 1, 2)] for i in range(2 * count)], np.int32),
        answered.answers + [ids()] * count,
        frozenset(),
    )
    lexicon = Lexicon(into_nothing(SIZE), {}, [], [], np.zeros((SIZE, 4), np.float32), {})
    drawn = Sampler(PIECES, {"zh": made}, [], lexicon, np.random.default_rng(1), mix)
    same = 0
    for batch in drawn.batch(14, 8):
        assert len(batch) == 14
        for i in range(2, 14, SIDES):
            right, *rivals = batch[i : i + SIDES]
            told = right.passage[right.first : right.last + 1].tolist()
            assert told == [SIZE - 3, SIZE - 2, SIZE - 1]
            for wrong in rivals:
                assert wrong.first < 0
                asked_again = np.array_equal(right.question, wrong.question)
                assert asked_again != np.array_equal(right.passage, wrong.passage)
            same += np.array_equal(right.question, rivals[0].question)
    assert 0 < same < 24


def test_a_duel_is_lost_where_what_answers_is_behind() -> None:
    batch = collate(sampler(ONLY).batch(2 * SIDES, 1)[0])
    flat = torch.zeros(batch["ids"].shape)
    ahead, behind = torch.zeros(2 * SIDES), torch.zeros(2 * SIDES)
    ahead[::SIDES], behind[1::SIDES] = 5.0, 5.0
    won, lost = (loss_of(flat, flat, odds, batch, 2)[1] for odds in (ahead, behind))
    assert won + 1 < lost
    alone = [loss_of(flat, flat, odds, batch)[1] for odds in (ahead, behind)]
    assert torch.isclose(*alone)


def test_the_rivals_of_a_duel_count_as_much_as_what_answers() -> None:
    batch = collate(sampler(ONLY).batch(SIDES, 1)[0])
    batch["first"][1:] = batch["last"][1:] = -1
    flat = torch.zeros(batch["ids"].shape)

    def weigh(row: int) -> float:
        odds = torch.zeros(SIDES, requires_grad=True)
        (slope,) = torch.autograd.grad(loss_of(flat, flat, odds, batch, 1)[1], odds)
        return abs(float(slope[row]))

    assert weigh(0) == pytest.approx(sum(weigh(1 + i) for i in range(RIVALS)))


def test_the_same_seed_draws_the_same_examples() -> None:
    first, second = sampler(Mix(shares={"zh": 1.0})), sampler(Mix(shares={"zh": 1.0}))
    for a, b in zip(first.batch(4, 4), second.batch(4, 4), strict=True):
        assert [e.passage.tolist() for e in a] == [e.passage.tolist() for e in b]


def test_collated_rows_are_question_then_passage() -> None:
    batch = sampler(ONLY).batch(4, 1)[0]
    rows = collate(batch)
    for i, example in enumerate(batch):
        row = rows["ids"][i].tolist()
        begin = len(example.question) + 2
        assert row[0] == CLS
        assert row[begin - 1] == SEP
        assert row[begin : begin + len(example.passage)] == example.passage.tolist()
        assert set(row[len(example) :]) <= {PAD}
        assert int(rows["passage"][i].sum()) == len(example.passage)
        assert row[int(rows["first"][i])] == SIZE - 3


def test_the_loss_is_least_where_the_answer_is() -> None:
    batch = collate(sampler(ONLY).batch(4, 1)[0])
    shape = batch["ids"].shape
    right = torch.zeros(shape)
    right[torch.arange(len(right)), batch["first"]] = 20.0
    ends = torch.zeros(shape)
    ends[torch.arange(len(ends)), batch["last"]] = 20.0
    good, sure = loss_of(right, ends, torch.full((4,), 9.0), batch)
    bad, unsure = loss_of(ends, right, torch.full((4,), -9.0), batch)
    assert good < 0.01 < bad
    assert sure < 0.01 < unsure


@given(st.text(min_size=1, max_size=30), st.data())
def test_tokens_of_a_span_touch_all_its_characters(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    offsets = [(i, min(i + 2, len(text))) for i in range(0, len(text), 2)]
    found = tokens_of(offsets, start, end)
    assert found is not None
    assert offsets[found[0]][0] <= start
    assert offsets[found[1]][1] >= end


def test_switching_leaves_what_has_no_counterpart() -> None:
    to = np.zeros(SIZE, np.int32)
    to[10] = 20
    out = switched(ids(10, 11, 10, 12) * 1, to, np.random.default_rng(0))
    assert set(out.tolist()) <= {10, 11, 12, 20}
    assert out[1] == 11
    assert out[3] == 12


def test_masking_keeps_special_tokens_and_hides_a_share() -> None:
    torch.manual_seed(0)
    rows = torch.randint(5, SIZE, (64, 100))
    rows[:, 0] = CLS
    shown, hidden = mask(rows, torch.ones(SIZE))
    assert not hidden[:, 0].any()
    assert (shown[:, 0] == CLS).all()
    assert 0.15 < hidden.float().mean() < 0.21
    assert 0.7 < (shown[hidden] == MASK).float().mean() < 0.9
    assert (shown[~hidden] == rows[~hidden]).all()


def test_only_the_rows_used_move() -> None:
    rows = torch.randn(10, 4)
    before = rows.clone()
    words = Words(rows, rate=0.1)
    used, places, _ = words.gather(torch.tensor([[2, 5, 2]]))
    used[places].sum().backward()
    words.step(1.0)
    moved = (rows != before).any(dim=1).nonzero().flatten().tolist()
    assert moved == [2, 5]


# By hand from the definitions of the published scripts.
SCORES = [
    ("zh_cmrc2018", "1999年8月", ["1999年8月"], 1.0, 1.0),
    ("zh_cmrc2018", "在北京举行", ["北京"], 0.0, 2 * 2 / (5 + 2)),
    ("zh_cmrc2018", "南京和北京", ["北京", "上海"], 0.0, 2 * 2 / (5 + 2)),
    ("zh_cmrc2018", "《北京》。", ["北京"], 1.0, 1.0),
    ("en_qamr", "the Quick fox", ["quick fox!"], 1.0, 1.0),
    ("en_qamr", "a fox", ["quick fox"], 0.0, 2 * 1 / (1 + 2)),
    ("ko_korquad", "서울 시", ["서울시"], 0.0, 1.0),
    ("ja_jaquad", "東京都", ["東京"], 0.0, 2 * 2 / (3 + 2)),
    ("ja_jaquad", "大阪", ["東京"], 0.0, 0.0),
]


@pytest.mark.parametrize(("name", "answer", "right", "exact", "f1"), SCORES)
def test_scores(name: str, answer: str, right: list[str], exact: float, f1: float) -> None:
    assert score(name, answer, right) == pytest.approx((exact, f1))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from("北京上海ab1 "), min_size=1, max_size=12).map("".join))
def test_a_right_answer_scores_one(text: str) -> None:
    exact, f1 = score("zh_cmrc2018", text, [text])
    assert exact == 1.0
    assert f1 == float(bool(text.strip()))


def test_attention_for_short_texts_is_attention() -> None:
    generator = torch.Generator().manual_seed(1)
    query, key, value = (torch.randn(2, 3, 7, 4, generator=generator) for _ in range(3))
    mask = torch.zeros(2, 1, 1, 7)
    mask[1, :, :, 5:] = torch.finfo(torch.float32).min
    expected = torch.nn.functional.scaled_dot_product_attention(query, key, value, mask)
    found, _ = short_attention(torch.nn.Identity(), query, key, value, mask)
    assert torch.allclose(found, expected.transpose(1, 2), atol=1e-6)


def test_rows_made_from_plain_text_fade_out() -> None:
    lexicon = Lexicon(into_nothing(SIZE), {}, [], [], np.zeros((SIZE, 4), np.float32), {})
    made = {name: reading(np.random.default_rng(2)) for name in ("zh", "zh_cloze")}
    for name, context in (("zh", 9), ("zh_cloze", 10)):
        for row in made[name].contexts:
            row[row == (19 - context)] = context  # tells which of the two it comes from
    nothing = dict.fromkeys(("elsewhere", "beside", "altered", "switched"), 0.0)
    mix = Mix({"zh": 50.0}, {"zh_cloze": 50.0}, **nothing)

    def share(progress: float) -> float:
        drawn = Sampler(PIECES, made, [], lexicon, np.random.default_rng(3), mix)
        rows = [e for batch in drawn.batch(40, 4, progress) for e in batch]
        return float(np.mean([10 in e.passage and 9 not in e.passage for e in rows]))

    assert 0.25 < share(0.0) < 0.6
    assert share(examples.CLOZE_ENDS) == share(1.0) < 0.05


SWAPPED = ["[PAD]", "直播", "收入", "广告", "有", "多少", "9亿元", "live", "streaming", "ads"]


def swaps(first: int = 2, last: int = 2) -> list[tuple[str, str, str]]:
    """Return what becomes of a question and its passage: both, and the answer, "" if there is none.

    Rows of the glossary: 0 直播 "live streaming", 1 广告 "ads", of one kind.
    """
    wordings = [
        {"zh": [ids(1)], "en": [ids(7, 8)]},
        {"zh": [ids(3)], "en": [ids(9)]},
    ]
    places = {(1,): [0], (7, 8): [0], (3,): [1], (9,): [1]}
    lexicon = Lexicon({}, places, wordings, [[1], [0]], np.zeros((10, 4), np.float32), {})
    drawn = Sampler(SWAPPED, {}, [], lexicon, np.random.default_rng(1), Mix({}, {}))
    found = []
    for _ in range(60):
        out = drawn._swap(examples.Example(ids(7, 8, 5), ids(1, 2, 6), first, last))
        told = [SWAPPED[i] for i in out.passage]
        answer = "".join(told[out.first : out.last + 1]) if out.first >= 0 else ""
        found.append((" ".join(SWAPPED[i] for i in out.question), "".join(told), answer))
    return found


def test_swapped_in_both_the_answer_stays_and_in_one_it_goes() -> None:
    assert set(swaps()) == {
        ("ads 多少", "广告收入9亿元", "9亿元"),
        ("ads 多少", "直播收入9亿元", ""),
        ("live streaming 多少", "广告收入9亿元", ""),
    }


def test_what_the_answer_itself_names_is_not_swapped() -> None:
    assert set(swaps(first=0)) == {("live streaming 多少", "直播收入9亿元", "直播收入9亿元")}


def test_half_of_the_swapped_stay_answerable() -> None:
    share = np.mean([bool(answer) for *_, answer in swaps()])
    assert 0.3 < share < 0.7


def test_concepts_that_take_each_others_place_differ_in_meaning_and_are_of_one_kind() -> None:
    siblings, rows = examples._siblings(), glossary()
    assert len(siblings) == len(rows)
    place = {row["en"][0]: i for i, row in enumerate(rows)}
    assert place["operating profit"] not in siblings[place["operating profit"]]
    for i, others in enumerate(siblings[: len(siblings) // 2]):
        forms = {form for forms in rows[i].values() for form in forms}
        assert not any(forms & {f for fs in rows[j].values() for f in fs} for j in others)
        assert all(i in siblings[j] for j in others)


WORDS = [
    "。",
    "?",
    "红",
    "蓝山",
    "绿水",
    "青云",
    "白石",
    "黑土",
    "快",
    "慢",
    "大",
    "小",
    "2024",
    "31",
    "7",
]


def cloze_made(text: str) -> list[tuple[list[str], list[str], tuple[int, int]]]:
    rows = np.array([WORDS.index(word) for word in text.split()], np.int32)
    telling = np.array([len(word) > 1 for word in WORDS])
    asking = [[[WORDS.index("?")]], [[WORDS.index("?")]]]
    made = cloze._made(
        rows, WORDS, telling, np.zeros(len(WORDS), bool), asking, np.random.default_rng(4)
    )
    return [([WORDS[i] for i in q], [WORDS[i] for i in c], s) for q, c, s in made]


def test_a_cloze_question_asks_for_what_another_sentence_repeats() -> None:
    asks = "红 大 蓝山 绿水 青云 小 快 慢 红 大 。"
    tells = "白石 蓝山 绿水 黑土 青云 小 31 。"
    made = cloze_made(f"{asks} 快 慢 大 。 {tells}")
    assert made
    for question, context, (first, last) in made:
        assert {"蓝山", "青云", "绿水"} & set(context[first : last + 1])
        assert not set(context[first : last + 1]) & set(question)
        # The asking sentence is gone; the answering one is whole.
        assert context in (
            [*"快 慢 大 。".split(), *tells.split()],
            [*asks.split(), *"快 慢 大 。".split()],
        )


def test_no_cloze_question_is_made_where_sentences_share_nothing_else() -> None:
    assert cloze_made("红 大 蓝山 小 快 慢 红 大 。 白石 蓝山 黑土 。") == []


def test_a_number_is_found_in_its_translation() -> None:
    pieces = ["[PAD]", "rose", "11", ".", "6", "%", "in", "2019", "增长", "年", "7"]
    lexicon = Lexicon({}, {}, [], [], np.zeros((11, 4), np.float32), {})
    drawn = Sampler(pieces, {}, [], lexicon, np.random.default_rng(1), Mix({}, {}))
    asked, told = ids(1, 2, 3, 4, 5, 6, 7, 6, 10), ids(7, 9, 8, 2, 3, 4, 5, 10, 9, 10)
    # 2019 and 11.6%; 7 is told twice, so which one is meant can't be known.
    assert drawn._aligned(asked, told) == [((1, 4), (3, 6)), ((6, 6), (0, 0))]


def test_a_word_is_found_in_its_translation() -> None:
    pieces = ["[PAD]", "revenue", "company", "营收", "公司", "的"]
    meanings = np.zeros((6, 2), np.float32)
    meanings[[1, 3]], meanings[[2, 4]] = (1, 0), (0, 1)
    lexicon = Lexicon({}, {}, [], [], meanings, {})
    drawn = Sampler(pieces, {}, [], lexicon, np.random.default_rng(1), Mix({}, {}))
    assert drawn._aligned(ids(2, 1), ids(4, 5, 3)) == [((0, 0), (0, 0)), ((1, 1), (2, 2))]


def test_the_mean_of_two_readers_lies_between_them() -> None:
    one, other = (tiny_reader(seed) for seed in (1, 2))
    before = {k: v.clone() for k, v in one.state_dict().items()}
    average(one, other, 0.5)
    theirs = other.state_dict()
    assert any(not torch.equal(v, theirs[k]) for k, v in before.items())
    for name, values in one.state_dict().items():
        torch.testing.assert_close(values, (before[name] + theirs[name]) / 2)


def tiny_reader(seed: int) -> ReaderModel:
    torch.manual_seed(seed)
    return ReaderModel(
        BertConfig(vocab_size=9, hidden_size=8, num_hidden_layers=1, num_attention_heads=1,
                   intermediate_size=8, max_position_embeddings=16)
    )  # fmt: skip


def test_the_temperature_undoes_overconfidence() -> None:
    rng = np.random.default_rng(4)
    truth = rng.normal(0.0, 2.0, 4_000)
    holds = rng.random(4_000) < 1 / (1 + np.exp(-truth))
    pairs = np.column_stack([truth[holds][:1_500], truth[~holds][:1_500]]).ravel()
    assert temperature(pairs) == pytest.approx(1.0, abs=0.15)
    assert temperature(3 * pairs) == pytest.approx(3 * temperature(pairs), rel=0.03)
