"""What a language model's answers cost: plain ``transformers`` and ours, on one machine in one run.

Weights are random, of Qwen3-0.6B's exact shape, as speed doesn't depend on what they say. What is
decoded is real: our own answers about the bundled article, which the model is made to give while
it computes every token in full, so that prompt lookup is right exactly as often as on such text.
Text is cut by the shipped encoder's tokenizer; Qwen's cuts Chinese a little more finely.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.bench import Measured
from eval.guard import FOLDER
from rag import bundled
from rag.answering import local
from rag.answering.local import Loaded, LocalModel
from rag.answering.prompts import passages, prompt

PROMPT_TOKENS = 800
PLAIN_TOKENS = 24  # decoded by plain generate: enough for a rate
QUESTIONS = ("二季度总营收是多少？", "直播业务的收入是多少，涨了还是跌了？")
TEMPLATE = (  # ChatML, as Qwen3 is asked with thinking off
    "{%- for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{%- endfor %}<|im_start|>assistant\n<think>\n\n</think>\n\n"
)


class Told(Loaded):
    """A model that computes everything and then says what it is told to."""

    script: list[int]
    begins: int  # the place of the first scripted token

    def forward(self, ids: list[int], cache: Any, keep: int) -> list[int]:
        picked: list[int] = super().forward(ids, cache, keep)
        first = cache.get_seq_length() - keep + 1 - self.begins
        for i in range(keep):
            if 0 <= first + i < len(self.script):
                picked[i] = self.script[first + i]
        return picked


def measured() -> Iterator[Measured]:
    """Measure plain generation, then ours."""
    import torch

    tokenizer = _tokenizer()
    sentences = _sentences(tokenizer)
    model = _random_model()
    loaded = Told.__new__(Told)  # its prompt, before its weights are changed
    loaded.tokenizer, loaded._specials = tokenizer, []
    asked = [prompt(sentences, question, "zh", reusable=True) for question in QUESTIONS]
    fixed, rest = loaded.rendered(asked[1])
    ids = torch.tensor([[*fixed, *rest]])
    note = f"transformers.generate, float32, {ids.shape[1]} tokens of prompt"

    def generated(count: int) -> float:
        began = time.perf_counter()
        model.generate(ids, max_new_tokens=count, min_new_tokens=count, do_sample=False)
        return time.perf_counter() - began

    generated(1)
    plain_first = min(generated(1) for _ in range(2))
    plain_rate = (PLAIN_TOKENS - 1) / (generated(PLAIN_TOKENS) - plain_first)
    yield Measured("plain_first_token_seconds", plain_first, note)
    yield Measured("plain_tokens_per_second", plain_rate, f"{PLAIN_TOKENS} tokens")

    told = Told(model.to(torch.bfloat16), tokenizer, "random weights")
    ours = LocalModel("", "random weights", loaded=told)
    told.script, told.begins = [], 0
    began = time.perf_counter()
    ours.warm(asked[0])
    yield Measured("ours_article_read_seconds", time.perf_counter() - began, "once an article")
    answers = _answers()
    firsts: list[float] = []
    rates: list[float] = []
    alone: list[float] = []
    steps: list[float] = []
    for guessed, kept in ((local.GUESSED_TOKENS, rates), (0, alone)):
        before, local.GUESSED_TOKENS = local.GUESSED_TOKENS, guessed
        for answer in answers if guessed else answers[:2]:
            first, rate, per_step = _run(ours, told, asked[1], answer)
            firsts.append(first)
            kept.append(rate)
            if guessed:
                steps.append(per_step)
        local.GUESSED_TOKENS = before
    first, rate = sum(firsts) / len(firsts), _harmonic(rates)
    yield Measured("ours_first_token_seconds", first, "a second question on the same article")
    yield Measured("ours_tokens_per_second", rate, f"{len(answers)} answers about the article")
    yield Measured("ours_tokens_per_step", _harmonic(steps), "prompt lookup, on those answers")
    yield Measured("ours_tokens_per_second_no_lookup", _harmonic(alone), "int8 and kept states")
    yield Measured("first_token_ratio", first / plain_first, "ours / plain, at most 0.2")
    yield Measured("decode_ratio", rate / plain_rate, "ours / plain, at least 3")


def _run(ours: LocalModel, told: Told, asked: Any, answer: str) -> tuple[float, float, float]:
    """Return seconds to the first token, tokens a second after it, and tokens a step."""
    fixed, rest = told.rendered(asked)
    told.begins = len(fixed) + len(rest)
    told.script = [*told.encode(answer), told.tokenizer.eos_token_id]
    began = time.perf_counter()
    pieces = ours.write(asked)
    next(pieces)
    first = time.perf_counter() - began
    steps = sum(1 for _ in pieces) + 1  # the last one says nothing: it ends the reply
    seconds = time.perf_counter() - began - first
    left = len(told.script) - 1
    return first, left / seconds, left / steps


def _harmonic(rates: list[float]) -> float:
    return len(rates) / sum(1 / rate for rate in rates)


def _random_model() -> Any:
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    config = Qwen3Config(
        vocab_size=151936, hidden_size=1024, intermediate_size=3072, num_hidden_layers=28,
        num_attention_heads=16, num_key_value_heads=8, head_dim=128, tie_word_embeddings=True,
        max_position_embeddings=40960, rope_parameters={"rope_type": "default", "rope_theta": 1e6},
        eos_token_id=1, bos_token_id=None, pad_token_id=1,
    )  # fmt: skip
    return Qwen3ForCausalLM(config).eval()


def _tokenizer() -> Any:
    from transformers import PreTrainedTokenizerFast

    import index

    path = Path(index.__file__).parent / "encoder" / "tokenizer.json"
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(path))
    tokenizer.add_special_tokens({"eos_token": "<|im_end|>"})
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def _sentences(tokenizer: Any) -> list[str]:
    """Return as much of the bundled article as fills the prompt."""
    from index import split

    text = bundled.document().text
    kept: list[str] = []
    for start, end in split(text):
        if not any(c.isalnum() for c in text[start:end]):
            continue
        kept.append(text[start:end].strip())
        length = len(tokenizer(passages(kept), add_special_tokens=False)["input_ids"])
        if length > PROMPT_TOKENS - 150:  # the instructions and the question take the rest
            break
    return kept


def _answers() -> list[str]:
    """Return our own answers: Chinese statements of the guard set, two an answer, marked."""
    rows = (FOLDER / "statements.tsv").read_text(encoding="utf-8").splitlines()
    said = [row.split("\t")[0] for row in rows if ord(row[1]) > 0x2E80][:8]
    marked = [f"{one.rstrip('。')}[{n + 3}]。" for n, one in enumerate(said)]
    return ["".join(marked[i : i + 2]) for i in range(0, len(marked), 2)]
