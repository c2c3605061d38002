"""Write a trained reader: int8 rows for ``transformers`` and the graphs that ONNX Runtime runs.

The graphs hold no weights; they are handed in from ``model.safetensors``, so each is stored once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.answering.reader import (
    CONFIG_FILE,
    EXACT_GRAPH_FILE,
    GRAPH_FILE,
    PROBE,
    PROBE_TOKENS,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    WINDOW,
    layer_weights,
)
from train.reader.model import ReaderModel

Floats = NDArray[np.float32]
_PLAIN = ("qa_outputs.weight", "answerable.weight")  # a thousand numbers, not worth rounding


def write(model: ReaderModel, tokenizer_file: Path, out: Path) -> None:
    """Write config, weights, tokenizer and graphs into ``out``."""
    from safetensors.numpy import save_file

    out.mkdir(parents=True, exist_ok=True)
    stored: dict[str, NDArray[Any]] = {}
    for name, tensor in model.state_dict().items():
        values = tensor.detach().float().numpy()
        if values.ndim == 2 and name not in _PLAIN:
            stored[name], stored[f"{name}.scale"] = rounded(values)
        elif values.ndim:
            stored[name] = values
    stored.pop("bert.embeddings.position_ids", None)
    save_file(stored, out / WEIGHTS_FILE)
    (out / WEIGHTS_FILE).chmod(0o644)
    config = {**model.config.to_dict(), "quantization": "int8-rows", "window": WINDOW}
    config["architectures"] = ["BertForQuestionAnswering"]
    config["hidden_dropout_prob"] = 0.0  # a round of training's, not the reader's
    for local in ("_name_or_path", "dtype", "_attn_implementation_autoset"):
        config.pop(local, None)
    (out / CONFIG_FILE).write_text(
        json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )
    if tokenizer_file.resolve() != (out / TOKENIZER_FILE).resolve():
        (out / TOKENIZER_FILE).write_bytes(tokenizer_file.read_bytes())
    settings = model.config
    for name in (GRAPH_FILE, EXACT_GRAPH_FILE):
        made = graph(
            settings.num_hidden_layers, settings.hidden_size, settings.num_attention_heads,
            settings.intermediate_size, settings.layer_norm_eps, exact=name == EXACT_GRAPH_FILE,
        )  # fmt: skip
        (out / name).write_bytes(made)


def rounded(values: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return int8 rows and their scales: ``values ≈ rows * scales[:, None]``."""
    scales = np.maximum(np.abs(values).max(axis=1), 1e-12) / 127.0
    return np.round(values / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def graph(
    layers: int, hidden: int, heads: int, inner: int, epsilon: float, *, exact: bool
) -> bytes:
    """Return the ONNX graph from embeddings (length, hidden) to last hidden states.

    One text at a time, so that nothing is padded and a text's result never depends on others.

    ``exact`` multiplies float32 by the weights as stored; without it each token's numbers are
    rounded to 8 bits before every product. The body has a few channels of ten times the others'
    size, and tokens that have more of them than others: with one scale for a whole text the
    log-odds were off by 0.11 on average, with one a token by 0.02.
    """
    from onnx import TensorProto, helper

    nodes: list[Any] = []
    stored: dict[str, tuple[int, tuple[int, ...]]] = {}  # type and shape
    size = hidden // heads
    initializers = [
        helper.make_tensor("split", TensorProto.INT64, [3], [0, heads, size]),
        helper.make_tensor("joined", TensorProto.INT64, [2], [0, hidden]),
        helper.make_tensor("scale", TensorProto.FLOAT, [], [size**-0.5]),
    ]
    outputs = [("hidden", ["length", hidden])]

    def add(kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def by_bytes(source: str, weight: str, scale: str, output: str) -> str:
        inputs = [source, weight, scale]
        return add("DynamicQuantizeMatMul", inputs, output, domain="com.microsoft")

    def unit(source: str) -> tuple[str, str]:
        """Return each token's numbers over its largest, and the largest, (length, 1)."""
        largest = add("ReduceMax", [add("Abs", [source], f"{source}.sizes"), "last"],
                      f"{source}.most", keepdims=1)  # fmt: skip
        largest = add("Max", [largest, "least"], f"{source}.largest")
        return add("Div", [source, largest], f"{source}.unit"), largest

    def dense(source: tuple[str, str], name: str, rows: int, columns: int) -> str:
        weight = f"{name}.weight"
        stored[f"{name}.bias"] = TensorProto.FLOAT, (columns,)
        if exact:
            stored[weight] = TensorProto.FLOAT, (rows, columns)
            product = add("MatMul", [source[0], weight], f"{name}.product")
        else:
            stored[weight] = TensorProto.INT8, (rows, columns)
            stored[f"{name}.scale"] = TensorProto.FLOAT, (columns,)
            product = by_bytes(source[0], weight, f"{name}.scale", f"{name}.unit")
            product = add("Mul", [product, source[1]], f"{name}.product")
        return add("Add", [product, f"{name}.bias"], f"{name}.out")

    def normed(source: str, name: str) -> str:
        for kind in ("weight", "bias"):
            stored[f"{name}.{kind}"] = TensorProto.FLOAT, (hidden,)
        inputs = [source, f"{name}.weight", f"{name}.bias"]
        return add("LayerNormalization", inputs, f"{name}.out", epsilon=epsilon)

    def ready(source: str) -> tuple[str, str]:
        return (source, "") if exact else unit(source)

    if not exact:
        initializers += [
            helper.make_tensor("last", TensorProto.INT64, [1], [-1]),
            helper.make_tensor("least", TensorProto.FLOAT, [], [1e-9]),
            helper.make_tensor("ones", TensorProto.FLOAT, [1, PROBE_TOKENS], [1.0] * PROBE_TOKENS),
            helper.make_tensor("most", TensorProto.INT8, [PROBE_TOKENS, 1], [127] * PROBE_TOKENS),
            helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0]),
        ]
        by_bytes("ones", "most", "one", PROBE)
        outputs.append((PROBE, [1, 1]))
    state = "embedded"
    for i in range(layers):
        at = f"{i}."
        split = {}
        source = ready(state)
        for part in ("query", "key", "value"):
            flat = dense(source, at + part, hidden, hidden)
            cut = add("Reshape", [flat, "split"], f"{at}{part}.cut")
            order = [1, 2, 0] if part == "key" else [1, 0, 2]
            split[part] = add("Transpose", [cut], f"{at}{part}.heads", perm=order)
        scores = add("MatMul", [split["query"], split["key"]], at + "scores")
        scaled = add("Mul", [scores, "scale"], at + "scaled")
        weights = add("Softmax", [scaled], at + "weights", axis=-1)
        mixed = add("MatMul", [weights, split["value"]], at + "mixed")
        turned = add("Transpose", [mixed], at + "turned", perm=[1, 0, 2])
        flat = add("Reshape", [turned, "joined"], at + "joined")
        out = dense(ready(flat), at + "output", hidden, hidden)
        state = normed(add("Add", [out, state], at + "summed"), at + "attention.norm")
        wide = add("Gelu", [dense(ready(state), at + "wide", hidden, inner)], at + "gelu")
        out = dense(ready(wide), at + "narrow", inner, hidden)
        state = normed(add("Add", [out, state], at + "added"), at + "norm")
    add("Identity", [state], "hidden")
    for name, (kind, shape) in stored.items():
        tensor = TensorProto(name=name, data_type=kind, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=WEIGHTS_FILE)
        initializers.append(tensor)
    missing = set(stored) ^ set(layer_weights(layers, exact=exact))
    if missing:
        raise AssertionError(f"the graph and the weights disagree: {sorted(missing)[:3]}")
    made = helper.make_graph(
        nodes, "reader",
        [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, ["length", hidden])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, dims) for name, dims in outputs],
        initializers,
    )  # fmt: skip
    versions = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(made, opset_imports=versions, ir_version=9)
    return bytes(model.SerializeToString())
