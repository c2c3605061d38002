"""Real language models of a few thousand weights, with the chat templates of their families.

Built, and where a reply is wanted trained until they say it, in seconds; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.answering.local import LocalModel
from rag.answering.prompts import Prompt

QWEN = (
    "{%- for m in messages %}"
    "{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
    "{%- if enable_thinking is defined and enable_thinking is false %}"
    "{{ '<think>\n\n</think>\n\n' }}{%- endif %}{%- endif %}"
)
LLAMA = (
    "{{ '<|begin_of_text|>' }}{%- for m in messages %}<|start_header_id|>{{ m['role'] }}"
    "<|end_header_id|>\n\n{{ m['content'] | trim }}<|eot_id|>{%- endfor %}"
    "{%- if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{%- endif %}"
)
GEMMA = (
    "{{ '<bos>' }}{%- if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{%- endif %}{%- for m in messages %}"
    "<start_of_turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ m['content'] | trim }}<end_of_turn>\n{%- endfor %}"
    "{%- if add_generation_prompt %}<start_of_turn>model\n{%- endif %}"
)
# Name: template, what ends a reply, other signs of the family.
FAMILIES = {
    "qwen3": (QWEN, "<|im_end|>", ["<|im_start|>", "<|endoftext|>"]),
    "llama": (
        LLAMA, "<|eot_id|>", ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>"]
    ),
    "gemma3": (GEMMA, "<end_of_turn>", ["<bos>", "<start_of_turn>"]),
}  # fmt: skip
SHAPE = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "max_position_embeddings": 2048,
}


def save(family: str, folder: Path, texts: Sequence[str], seed: int = 0) -> Path:
    """Make a model with random weights and a tokenizer trained on ``texts``."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import (
        Gemma3ForCausalLM,
        Gemma3TextConfig,
        LlamaConfig,
        LlamaForCausalLM,
        PreTrainedTokenizerFast,
        Qwen3Config,
        Qwen3ForCausalLM,
    )

    template, end, others = FAMILIES[family]
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    raw.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=700,
            special_tokens=[end, *others],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token=end, additional_special_tokens=others
    )
    tokenizer.chat_template = template
    shape: dict[str, Any] = {
        **SHAPE,
        "vocab_size": len(tokenizer),
        "eos_token_id": tokenizer.eos_token_id,
        "bos_token_id": None,
        "pad_token_id": tokenizer.eos_token_id,
    }
    torch.manual_seed(seed)
    made: Any
    if family == "qwen3":
        made = Qwen3ForCausalLM(Qwen3Config(**shape, tie_word_embeddings=True))
    elif family == "llama":
        made = LlamaForCausalLM(LlamaConfig(**shape))
    else:
        layers = ["sliding_attention", "full_attention"]
        made = Gemma3ForCausalLM(
            Gemma3TextConfig(**shape, sliding_window=32, layer_types=layers)
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    made.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def teach(folder: Path, lessons: Sequence[tuple[Prompt, str]], steps: int = 400) -> None:
    """Train a saved model until it gives each prompt its reply, word for word."""
    import torch
    from transformers import AutoModelForCausalLM

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # for matrices this small, more cost more
    loaded = LocalModel(str(folder))._model()
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).train()
    rows = []
    for asked, reply in lessons:
        fixed, rest = loaded.rendered(asked)
        answer = [*loaded.encode(reply), loaded.tokenizer.eos_token_id]
        rows.append((fixed + rest, answer))
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.0)
    for _ in range(steps):
        total = 0.0
        for before, answer in rows:
            ids = torch.tensor([before + answer])
            labels = torch.tensor([[-100] * len(before) + answer])
            loss = model(input_ids=ids, labels=labels).loss
            loss.backward()
            total = max(total, float(loss.detach()))
        if total < 0.02:
            break
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
    else:
        raise AssertionError(f"the model did not learn its lesson, loss {total:.3f}")
    torch.set_num_threads(threads)
    model.eval().save_pretrained(folder)
