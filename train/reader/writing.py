"""Write a trained reader: int8 rows for ``transformers`` and the graph that ONNX Runtime runs.

The graph holds no weights; they are handed in from ``model.safetensors``, so each is stored once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.answering.reader import (
    CONFIG_FILE,
    GRAPH_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    WINDOW,
    layer_weights,
)
from train.reader.model import ReaderModel

Floats = NDArray[np.float32]
_PLAIN = ("qa_outputs.weight", "answerable.weight")  # a thousand numbers, not worth rounding


def write(model: ReaderModel, tokenizer_file: Path, out: Path) -> None:
    """Write config, weights, tokenizer and graph into ``out``."""
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
    for local in ("_name_or_path", "dtype", "_attn_implementation_autoset"):
        config.pop(local, None)
    (out / CONFIG_FILE).write_text(
        json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )
    if tokenizer_file.resolve() != (out / TOKENIZER_FILE).resolve():
        (out / TOKENIZER_FILE).write_bytes(tokenizer_file.read_bytes())
    settings = model.config
    (out / GRAPH_FILE).write_bytes(
        graph(
            settings.num_hidden_layers, settings.hidden_size, settings.num_attention_heads,
            settings.intermediate_size, settings.layer_norm_eps,
        )
    )  # fmt: skip


def rounded(values: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return int8 rows and their scales: ``values ≈ rows * scales[:, None]``."""
    scales = np.maximum(np.abs(values).max(axis=1), 1e-12) / 127.0
    return np.round(values / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def graph(layers: int, hidden: int, heads: int, inner: int, epsilon: float) -> bytes:
    """Return the ONNX graph from embeddings (length, hidden) to last hidden states.

    One text at a time, so that nothing is padded and a text's result never depends on others.
    """
    from onnx import TensorProto, helper

    nodes: list[Any] = []
    shapes: dict[str, tuple[int, ...]] = {}
    size = hidden // heads
    constants = [
        helper.make_tensor("split", TensorProto.INT64, [3], [0, heads, size]),
        helper.make_tensor("joined", TensorProto.INT64, [2], [0, hidden]),
        helper.make_tensor("scale", TensorProto.FLOAT, [], [size**-0.5]),
    ]

    def add(kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def dense(source: str, name: str, rows: int, columns: int) -> str:
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = (rows, columns), (columns,)
        product = add("MatMul", [source, f"{name}.weight"], f"{name}.product")
        return add("Add", [product, f"{name}.bias"], f"{name}.out")

    def normed(source: str, name: str) -> str:
        shapes[f"{name}.weight"] = shapes[f"{name}.bias"] = (hidden,)
        inputs = [source, f"{name}.weight", f"{name}.bias"]
        return add("LayerNormalization", inputs, f"{name}.out", epsilon=epsilon)

    state = "embedded"
    for i in range(layers):
        at = f"{i}."
        split = {}
        for part in ("query", "key", "value"):
            flat = dense(state, at + part, hidden, hidden)
            cut = add("Reshape", [flat, "split"], f"{at}{part}.cut")
            order = [1, 2, 0] if part == "key" else [1, 0, 2]
            split[part] = add("Transpose", [cut], f"{at}{part}.heads", perm=order)
        scores = add("MatMul", [split["query"], split["key"]], at + "scores")
        scaled = add("Mul", [scores, "scale"], at + "scaled")
        weights = add("Softmax", [scaled], at + "weights", axis=-1)
        mixed = add("MatMul", [weights, split["value"]], at + "mixed")
        turned = add("Transpose", [mixed], at + "turned", perm=[1, 0, 2])
        flat = add("Reshape", [turned, "joined"], at + "joined")
        state = add("Add", [dense(flat, at + "output", hidden, hidden), state], at + "summed")
        state = normed(state, at + "attention.norm")
        wide = add("Gelu", [dense(state, at + "wide", hidden, inner)], at + "gelu")
        state = add("Add", [dense(wide, at + "narrow", inner, hidden), state], at + "added")
        state = normed(state, at + "norm")
    add("Identity", [state], "hidden")
    initializers = constants
    for name, shape in shapes.items():
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=WEIGHTS_FILE)
        initializers.append(tensor)
    made = helper.make_graph(
        nodes, "reader",
        [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, ["length", hidden])],
        [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["length", hidden])],
        initializers,
    )  # fmt: skip
    missing = set(shapes) ^ set(layer_weights(layers))
    if missing:
        raise AssertionError(f"the graph and the weights disagree: {sorted(missing)[:3]}")
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    return bytes(model.SerializeToString())
