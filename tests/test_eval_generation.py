"""The measurement of generation, on a model of a small shape."""

from __future__ import annotations

from typing import Any

import pytest

from eval import generation


def _small() -> Any:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=151936, hidden_size=16, intermediate_size=16, num_hidden_layers=1,
            num_attention_heads=2, num_key_value_heads=1, head_dim=8, eos_token_id=1,
            bos_token_id=None, pad_token_id=1,
        )
    ).eval()  # fmt: skip


def test_both_are_measured_and_what_is_told_is_what_was_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(generation, "_random_model", _small)
    monkeypatch.setattr(generation, "PLAIN_TOKENS", 3)
    said: list[str] = []
    monkeypatch.setattr(
        generation, "_answers", lambda: said or said.append("总营收310亿元[3]。") or said
    )
    found = {m.name: m.value for m in generation.measured()}
    assert {"plain_first_token_seconds", "ours_first_token_seconds", "decode_ratio"} <= set(found)
    # Rates are of differences that a busy machine can turn around; the seconds themselves can't be.
    assert all(value > 0 for name, value in found.items() if name.endswith("_seconds"))
    assert found["ours_tokens_per_step"] >= 1
