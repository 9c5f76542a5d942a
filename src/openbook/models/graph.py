"""Builds the encoder's ONNX graph from its weights, and keeps the built file.

One graph serves both precisions; they differ in `_linear` and in how the word embeddings are
stored. It takes the word pieces of one text, without padding and hence without a mask, and
gives two outputs: `vectors`, the mean of the token vectors at unit length, and `tokens`, those
token vectors themselves. Asking for the first alone costs nothing for the second.

The operators are ONNX Runtime's fused ones (domain `com.microsoft`) except for the layer norm,
which is spelled out because its fused kernel takes four times as long; see
`docs/decisions/0003-encoder.md`. The model is BERT (Devlin et al., 2019). Knows no tokeniser.
"""

import contextlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from openbook.errors import SystemFault
from openbook.models.weights import BertShape, Weights

Precision = Literal["int8", "fp32"]
Array = np.ndarray[tuple[int, ...], np.dtype[Any]]

GRAPH_REVISION = 1
"""Part of every fingerprint: raised whenever the graph would give other numbers."""

FINGERPRINT_KEY = "openbook.fingerprint"
_OPERATORS, _FUSED_OPERATORS, _FORMAT = 18, 1, 9
_LARGEST = 63


def write_graph(weights: Weights, place: Path, *, precision: Precision, fingerprint: str) -> None:
    """Builds the graph and puts it at `place`, whole or not at all.

    Args:
        weights: Where the numbers are.
        place: The file to write; its folder is made.
        precision: `int8` for speed, `fp32` for the original's numbers.
        fingerprint: Kept inside the file, so that a foreign one is recognised.

    Raises:
        SystemFault: The file cannot be written.
    """
    from safetensors.numpy import load_file  # deferred: only needed to build, which happens once

    model = _GraphBuilder(load_file(weights.tensors), weights.shape, precision).build()
    entry = model.metadata_props.add()
    entry.key, entry.value = FINGERPRINT_KEY, fingerprint
    write_whole(place, model.SerializeToString())


def write_whole(place: Path, content: bytes) -> None:
    """Writes a file so that a reader sees all of it or what was there before.

    Raises:
        SystemFault: The folder or the file cannot be written.
    """
    beside = ""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).replace(place)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(beside).unlink()
        raise SystemFault(
            f"The encoder's graph cannot be written to {place}: {error}.",
            fix=f"Make {place.parent} writable, or free space on its disk.",
        ) from error


class _GraphBuilder:
    """Collects nodes and constants; each method adds one part and returns its output's name."""

    def __init__(self, weights: Mapping[str, Array], shape: BertShape, precision: Precision) -> None:
        self._weights = weights
        self._shape = shape
        self._precision = precision
        self._nodes: list[Any] = []
        self._constants: dict[str, Array] = {}

    def build(self) -> Any:
        """The whole model as an `onnx.ModelProto`."""
        x = self._embeddings("ids")
        for layer in range(self._shape.layers):
            x = self._layer(f"encoder.layer.{layer}", x, last=layer == self._shape.layers - 1)
        self._pooled(x)
        return self._model()

    def _embeddings(self, ids: str) -> str:
        words = self._rows_of_words(ids)
        places = self._weights["embeddings.position_embeddings.weight"]
        only_type = self._weights["embeddings.token_type_embeddings.weight"][0]
        length = self._add("Shape", [ids], "length", start=1, end=2)
        zero = self._constant("zero", np.zeros(1, np.int64))
        table = self._constant("places", places + only_type)
        here = self._add("Slice", [table, zero, length, zero], "places.here")
        self._add("ConstantOfShape", [length], "row.scale", value=_one_value(1.0))
        self._add("ConstantOfShape", [length], "row.shift", value=_one_value(0.0))
        return self._normed_sum(words, here, "embeddings.LayerNorm", "embeddings")

    def _rows_of_words(self, ids: str) -> str:
        table = self._weights["embeddings.word_embeddings.weight"]
        if self._precision == "fp32":
            return self._add("Gather", [self._constant("words", table), ids], "words.here")
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), np.float32(1e-12)) / np.float32(127)
        whole = self._constant("words", np.rint(table / scale).astype(np.int8))
        found = self._add("Gather", [whole, ids], "words.whole")
        real = self._add("Cast", [found], "words.real", to=1)
        scales = self._add("Gather", [self._constant("words.scale", scale), ids], "words.scales")
        return self._add("Mul", [real, scales], "words.here")

    def _layer(self, name: str, x: str, *, last: bool) -> str:
        mixed = self._attention(f"{name}.attention.self", x)
        projected = self._dense(f"{name}.attention.output.dense", mixed)
        x = self._normed_sum(projected, x, f"{name}.attention.output.LayerNorm", f"{name}.attended")
        wide = self._linear(x, self._matrix(f"{name}.intermediate.dense"), None, f"{name}.wide")
        bias = self._constant(f"{name}.wide.bias", self._weights[f"{name}.intermediate.dense.bias"])
        active = self._add("BiasGelu", [wide, bias], f"{name}.active", fused=True)
        narrow = self._dense(f"{name}.output.dense", active)
        return self._normed_sum(narrow, x, f"{name}.output.LayerNorm", "tokens" if last else f"{name}.out")

    def _attention(self, name: str, x: str) -> str:
        """Self-attention over all tokens; the three projections are one product."""
        parts = ("query", "key", "value")
        matrix = np.concatenate([self._matrix(f"{name}.{part}") for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{name}.{part}.bias"] for part in parts])
        joined = self._linear(x, matrix, bias, f"{name}.joined")
        outputs = [f"{name}.{part}" for part in parts]
        self._add("Split", [joined], *outputs, axis=-1, num_outputs=3)
        return self._add("MultiHeadAttention", outputs, f"{name}.mixed", fused=True, num_heads=self._shape.heads)

    def _dense(self, name: str, x: str) -> str:
        return self._linear(x, self._matrix(name), self._weights[f"{name}.bias"], name)

    def _linear(self, x: str, matrix: Array, bias: Array | None, name: str) -> str:
        """`x @ matrix + bias`; in int8 with one scale a column, and one for `x` found as it runs.

        Whole numbers reach only to 63: processors without VNNI add pairs of products in 16
        bits, which larger ones would overflow, so the same text would have other numbers there.
        """
        extra = [] if bias is None else [self._constant(f"{name}.bias", bias)]
        if self._precision == "int8":
            scale = np.maximum(np.abs(matrix).max(axis=0), np.float32(1e-12)) / np.float32(_LARGEST)
            whole = self._constant(f"{name}.whole", np.rint(matrix / scale).astype(np.int8))
            inputs = [x, whole, self._constant(f"{name}.scale", scale), "", *extra]
            return self._add("DynamicQuantizeMatMul", inputs, f"{name}.product", fused=True)
        product = self._add("MatMul", [x, self._constant(f"{name}.matrix", matrix)], f"{name}.product")
        return self._add("Add", [product, *extra], f"{name}.sum") if extra else product

    def _normed_sum(self, left: str, right: str, weights: str, output: str) -> str:
        """Layer norm of a sum. A token's row is an instance norm's channel, whose kernel is fast."""
        total = self._add("Add", [left, right], f"{output}.total")
        inputs = [total, "row.scale", "row.shift"]
        even = self._add("InstanceNormalization", inputs, f"{output}.even", epsilon=self._shape.epsilon)
        scale = self._constant(f"{weights}.scale", self._weights[f"{weights}.weight"])
        shift = self._constant(f"{weights}.shift", self._weights[f"{weights}.bias"])
        scaled = self._add("Mul", [even, scale], f"{output}.scaled")
        return self._add("Add", [scaled, shift], output)

    def _pooled(self, tokens: str) -> None:
        total = self._add("ReduceSum", [tokens, self._constant("one", np.ones(1, np.int64))], "sum", keepdims=0)
        self._add("LpNormalization", [total], "vectors", axis=1, p=2)

    def _matrix(self, name: str) -> Array:
        return np.ascontiguousarray(self._weights[f"{name}.weight"].T)

    def _constant(self, name: str, value: Array) -> str:
        self._constants[name] = value
        return name

    def _add(self, operator: str, inputs: Sequence[str], *outputs: str, fused: bool = False, **attributes: Any) -> str:
        import onnx  # deferred: only needed to build, which happens once

        domain = "com.microsoft" if fused else ""
        node = onnx.helper.make_node(operator, inputs, outputs, name=outputs[0], domain=domain, **attributes)
        self._nodes.append(node)
        return outputs[0]

    def _model(self) -> Any:
        import onnx  # deferred: only needed to build, which happens once

        kinds, tensor = onnx.TensorProto, onnx.helper.make_tensor_value_info
        graph = onnx.helper.make_graph(
            self._nodes,
            "encoder",
            [tensor("ids", kinds.INT32, [1, "pieces"])],
            [
                tensor("vectors", kinds.FLOAT, [1, self._shape.hidden]),
                tensor("tokens", kinds.FLOAT, [1, "pieces", self._shape.hidden]),
            ],
            [onnx.numpy_helper.from_array(value, name) for name, value in self._constants.items()],
        )
        versions = [
            onnx.helper.make_opsetid("", _OPERATORS),
            onnx.helper.make_opsetid("com.microsoft", _FUSED_OPERATORS),
        ]
        return onnx.helper.make_model(graph, opset_imports=versions, ir_version=_FORMAT)


def _one_value(number: float) -> Any:
    import onnx  # deferred: only needed to build, which happens once

    return onnx.numpy_helper.from_array(np.array([number], np.float32))
