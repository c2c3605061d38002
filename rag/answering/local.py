"""A language model on this machine, through transformers: read once, stopped at any token.

What is fast about it (figures in eval/LOG.md, ``python -m eval bench --generation``):
- int8 weights on a CPU where they are measured to be faster, activations scaled token by token;
- the keys and values of what prompts share (the instructions, and a short text whole) are kept;
- prompt lookup: the next tokens are guessed from the prompt, and the model checks several at once.

``generate`` itself isn't used: with a filled cache its assisted decoding reads the whole prompt
again (transformers 5.23, ``_assisted_decoding``), and stopping it needs a thread. The loop below
is greedy and stops where its consumer stops.
"""

from __future__ import annotations

import copy
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

from rag.answering import weights
from rag.answering.prompts import Prompt
from rag.errors import ModelUnavailable
from rag.queueing import Line

MAX_NEW_TOKENS = 400
GUESSED_TOKENS = 8  # checked at once; nine tokens cost about twice what one does (eval/LOG.md)
LONGEST_MATCH = 3  # tokens that must recur for a guess, at most
KEPT_BYTES = 1_500_000_000  # of keys and values that are kept between questions
_QUESTION = "\u2402QUESTION\u2402"


class LocalModel:
    """One model for everyone in this process; ``line`` is who waits for it."""

    def __init__(self, folder: str, name: str = "", *, loaded: Loaded | None = None) -> None:
        self.name = name or folder
        self.line: Line | None = Line()
        self._folder = folder
        # Not bound to a thread: a stream may be read on from another one.
        self._busy, self._loading = Lock(), Lock()
        self._loaded = loaded
        self._states: OrderedDict[tuple[int, ...], Any] = OrderedDict()

    def count(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._model().encode(text))

    def warm(self, asked: Prompt) -> None:
        """Read what prompts like this one begin with."""
        with self._busy:
            fixed, _ = self._model().rendered(asked)
            self._keep(fixed, self._state(fixed))

    def write(self, asked: Prompt) -> Generator[str]:
        """Yield the continuation in pieces; closing the iterator stops before the next token."""
        with self._busy:
            model = self._model()
            fixed, rest = model.rendered(asked)
            cache = self._state(fixed)
            try:
                yield from model.continued([*fixed, *rest], rest, cache)
            finally:
                self._keep(fixed, cache)

    def _model(self) -> Loaded:
        with self._loading:
            if self._loaded is None:
                self._loaded = read(self._folder, self.name)
            return self._loaded

    def _state(self, fixed: Sequence[int]) -> Any:
        """Take the cache that holds exactly these tokens, or fill a new one."""
        model = self._model()
        cache = self._states.pop(tuple(fixed), None)
        if cache is None:
            cache = model.cache()
            model.forward(list(fixed), cache, 1)
        elif not model.croppable:
            self._states[tuple(fixed)] = cache  # can't be cut back, so a copy is written into
            cache = model.copied(cache)
        return cache

    def _keep(self, fixed: Sequence[int], cache: Any) -> None:
        if self._model().croppable:
            _cut(cache, len(fixed))
        elif tuple(fixed) in self._states:
            return
        else:
            cache = self._state_of(fixed, cache)
        self._states[tuple(fixed)] = cache
        while len(self._states) > 1 and sum(map(_size, self._states.values())) > KEPT_BYTES:
            self._states.popitem(last=False)

    def _state_of(self, fixed: Sequence[int], cache: Any) -> Any:
        """Return a cache of these tokens alone, anew where the given one has read further."""
        if cache.get_seq_length() == len(fixed):
            return cache
        model = self._model()
        cache = model.cache()
        model.forward(list(fixed), cache, 1)
        return cache


class Loaded:
    """Weights and tokenizer in memory."""

    def __init__(self, model: Any, tokenizer: Any, name: str) -> None:
        self.model, self.tokenizer = model, tokenizer
        if not self.tokenizer.chat_template:
            raise ModelUnavailable(
                f"The model {name} has no chat template, so it can't be asked. Choose one tuned "
                "for chat (its name often ends in Instruct, or it is a Qwen3)."
            )
        self.device, self.dtype = device()
        fitted(self.model, self.device, self.dtype)
        self.croppable = _all_plain(self.cache())
        self._ends = _ends(self.model, self.tokenizer)
        self._specials = sorted(
            {str(t) for t in self.tokenizer.all_special_tokens if len(str(t)) > 2},
            key=len, reverse=True,
        )  # fmt: skip

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def rendered(self, asked: Prompt) -> tuple[list[int], list[int]]:
        """Return the tokens that the next prompts share, and the rest."""
        shared = self._harmless(asked.passages) if asked.reusable else ""
        own = "" if asked.reusable else self._harmless(asked.passages)
        text = self._templated(asked.system, shared + _QUESTION)
        fixed, _, after = text.partition(_QUESTION)
        rest = own + self._harmless(asked.question) + after
        return self.encode(fixed), self.encode(rest)

    def _harmless(self, text: str) -> str:
        """Break up what this tokenizer takes for a sign of its own."""
        for sign in self._specials:
            if sign in text:
                text = text.replace(sign, f"{sign[0]} {sign[1:]}")
        return text

    def _templated(self, system: str, user: str) -> str:
        from jinja2 import TemplateError

        roles = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        options = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": False}
        try:
            text: str = self.tokenizer.apply_chat_template(roles, **options)
        except TemplateError:  # Gemma's knows no system
            one = [{"role": "user", "content": f"{system}\n\n{user}"}]
            text = self.tokenizer.apply_chat_template(one, **options)
        return text

    def cache(self) -> Any:
        """Return an empty cache; plain layers get room to grow into."""
        from transformers import DynamicCache

        made = DynamicCache(config=self.model.config)
        if _all_plain(made):
            made.layers = [_roomy()() for _ in made.layers]
        elif hasattr(made, "activate_past_recording"):
            made.activate_past_recording()
        return made

    def copied(self, cache: Any) -> Any:
        """Return a cache of the same tokens that can be written into."""
        import torch

        with torch.inference_mode():
            return copy.deepcopy(cache)

    def forward(self, ids: list[int], cache: Any, keep: int) -> Any:
        """Read tokens into the cache; return the likeliest next token after the last ``keep``."""
        import torch

        with torch.inference_mode():
            put = torch.tensor([ids], device=self.device)
            out = self.model(
                input_ids=put, past_key_values=cache, use_cache=True, logits_to_keep=keep
            )
            return out.logits[0, -keep:].argmax(-1).tolist()

    def continued(self, ids: list[int], unread: list[int], cache: Any) -> Generator[str]:
        """Yield text, greedily; ``unread`` are the last tokens of ``ids``, not in the cache yet."""
        written: list[int] = []
        told = ""
        new = self.forward(unread, cache, 1)
        while new:
            new = new[: MAX_NEW_TOKENS - len(written)]
            ended = next((i for i, token in enumerate(new) if token in self._ends), None)
            written += new[:ended]
            ids += new[:ended]
            text = self.tokenizer.decode(written, skip_special_tokens=True)
            if not text.endswith("\ufffd"):  # else half a character, the rest is to come
                if text[len(told) :]:
                    yield text[len(told) :]
                told = text
            if ended is not None or len(written) >= MAX_NEW_TOKENS:
                return
            guessed = lookup(ids, GUESSED_TOKENS)
            picked = self.forward([ids[-1], *guessed], cache, len(guessed) + 1)
            right = 0
            while right < len(guessed) and guessed[right] == picked[right]:
                right += 1
            if right < len(guessed):
                cache.crop(right - len(guessed))
            new = picked[: right + 1]


def read(folder: str, name: str) -> Loaded:
    """Read a model's weights and tokenizer from a folder.

    Raises:
        ModelUnavailable: they are damaged or of an unknown kind, or there is no chat template.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, dtype=torch.bfloat16
        ).eval()
    except Exception as error:  # safetensors' own class derives from Exception alone
        raise ModelUnavailable(
            f"The model {name} can't be loaded ({str(error).splitlines()[0][:200]}). Fetch it "
            f"again with `hf download {name} --force-download`, name another with --model, or "
            "use the profile embedded, which needs none."
        ) from error
    return Loaded(model, tokenizer, name)


def lookup(ids: Sequence[int], most: int) -> list[int]:
    """Guess what follows: what followed the last few tokens where they stood before.

    The longest match wins, of several the latest (prompt lookup decoding, Saxena 2023).
    """
    for size in range(LONGEST_MATCH, 0, -1):
        if len(ids) <= size:
            continue
        tail = list(ids[-size:])
        for start in range(len(ids) - size - 1, -1, -1):
            if ids[start] == tail[0] and list(ids[start : start + size]) == tail:
                return list(ids[start + size : start + size + most])
    return []


def device() -> tuple[str, Any]:
    """Return where to compute and in which type; float32 on a CPU, where int8 may follow."""
    import torch

    if torch.cuda.is_available():
        return "cuda", torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if torch.backends.mps.is_available():
        return "mps", torch.float16
    return "cpu", torch.float32


def fitted(model: Any, place: str, dtype: Any) -> None:
    """Move a model to its device; on a CPU turn its linear layers to int8 if that pays."""
    import torch

    if place != "cpu":
        model.to(place, dtype)
        return
    table = model.get_input_embeddings()
    if int8_pays(model):
        _to_int8(model)
        for module in model.modules():
            for name, parameter in module.named_parameters(recurse=False):
                if module is not table:
                    setattr(module, name, torch.nn.Parameter(parameter.float(), False))
        # A row is looked up, not multiplied: bfloat16 is exact there and half the memory.
        table.register_forward_hook(lambda module, given, rows: rows.float())
    else:
        model.float()


def int8_pays(model: Any) -> bool:
    """Tell by trying one layer whether int8 weights are faster here than float32."""
    import torch

    linear = max(
        (m for m in model.modules() if isinstance(m, torch.nn.Linear)),
        key=lambda m: (m is not model.get_output_embeddings(), m.weight.numel()),
        default=None,
    )
    if linear is None:
        return False
    row = torch.ones(1, linear.in_features)
    try:
        packed = Int8.made(linear)
    except (RuntimeError, AttributeError):  # no engine for this processor
        return False
    full = linear.weight.float()
    with torch.inference_mode():
        return _fastest(lambda: packed(row)) < _fastest(
            lambda: torch.nn.functional.linear(row, full)
        )


def _fastest(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


class _Int8Maker:
    """``Int8.made(linear)`` makes an int8 layer; torch is imported when it is first called."""

    @staticmethod
    def made(linear: Any) -> Any:
        return _int8_class()(linear)


Int8 = _Int8Maker


@lru_cache(maxsize=1)
def _int8_class() -> Any:
    import torch

    class Int8Linear(torch.nn.Module):
        """A linear layer of int8 weights, one scale a row, activations scaled token by token.

        torch's dynamic kernel scales all tokens of a call alike, so the one enormous activation
        that language models have at their first token (Sun et al. 2024) would round all others
        away; each row is brought to [-1, 1] first and back afterwards.
        """

        def __init__(self, linear: Any) -> None:
            super().__init__()
            weight = linear.weight.detach().float()
            scale = weight.abs().amax(1).clamp(min=1e-8) / 127
            rounded = (weight / scale[:, None]).round().clamp(-127, 127).to(torch.int8)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a later torch without this; then float32 runs
                held = torch._make_per_channel_quantized_tensor(
                    rounded, scale.double(), torch.zeros(len(scale), dtype=torch.long), 0
                )
            self._packed = torch.ops.quantized.linear_prepack(held, None)
            # Without VNNI products of bytes are summed in 16 bits: activations get seven there.
            self._seven_bits = not torch.cpu._is_vnni_supported()
            bias = getattr(linear, "bias", None)
            self._bias = None if bias is None else bias.detach().float()

        def forward(self, rows: Any) -> Any:
            size = rows.abs().amax(-1, keepdim=True).clamp(min=1e-12)
            rows = rows / size
            out = torch.ops.quantized.linear_dynamic(rows, self._packed, self._seven_bits) * size
            return out if self._bias is None else out + self._bias

    return Int8Linear


def _to_int8(model: Any) -> None:
    import torch

    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is torch.nn.Linear:
                setattr(parent, name, Int8.made(child))


@lru_cache(maxsize=1)
def _roomy() -> Any:
    from transformers.cache_utils import DynamicLayer

    class RoomyLayer(DynamicLayer):  # type: ignore[misc]
        """A cache layer with room ahead: transformers' own copies everything at every token."""

        keys: Any
        values: Any

        def update(self, key_states: Any, value_states: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
            if not self.is_initialized:
                self.lazy_initialization(key_states, value_states)
                self._room = None
            held, more = self.get_seq_length(), key_states.shape[-2]
            if self._room is None or self._room[0].shape[-2] < held + more:
                shape = list(key_states.shape)
                shape[-2] = held + more + 512
                room = (
                    key_states.new_empty(shape),
                    value_states.new_empty([*shape[:-1], value_states.shape[-1]]),
                )
                if held:
                    room[0][..., :held, :], room[1][..., :held, :] = self.keys, self.values
                self._room = room
            keys, values = self._room
            keys[..., held : held + more, :] = key_states
            values[..., held : held + more, :] = value_states
            self.keys, self.values = keys[..., : held + more, :], values[..., : held + more, :]
            return self.keys, self.values

    return RoomyLayer


def _all_plain(cache: Any) -> bool:
    from transformers.cache_utils import DynamicLayer

    return bool(cache.layers) and all(
        type(layer) is DynamicLayer or type(layer) is _roomy() for layer in cache.layers
    )


def _cut(cache: Any, length: int) -> None:
    """Cut a cache back to its first ``length`` tokens."""
    beyond = cache.get_seq_length() - length
    if beyond > 0:
        cache.crop(-beyond)


def _size(cache: Any) -> int:
    return sum(
        2 * layer.keys.numel() * layer.keys.element_size()
        for layer in cache.layers
        if layer.is_initialized
    )


def _ends(model: Any, tokenizer: Any) -> frozenset[int]:
    """Return the tokens that end a reply."""
    told = model.generation_config.eos_token_id
    ends = {*(told if isinstance(told, list) else [told]), tokenizer.eos_token_id}
    return frozenset(end for end in ends if end is not None)


@lru_cache(maxsize=1)
def load(name: str) -> LocalModel:
    """Return the one model of this process; its weights are read when it is first asked.

    Raises:
        ModelUnavailable: it is not on this machine.
    """
    return LocalModel(weights.folder_of(name), name)
