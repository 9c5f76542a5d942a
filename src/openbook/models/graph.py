"""Builds the encoder's ONNX graph from its weights.

The graph takes word pieces (`ids`, shape `(texts, pieces)`): of one text, or of texts of exactly
the same length, since there is no mask and hence no padding. It has two outputs: `vectors`, the
mean of each text's token vectors at unit length, shape `(texts, hidden)`, and `tokens`, those
token vectors, shape `(texts, pieces, hidden)`. Asking for one alone costs nothing for the other.

The operators are ONNX Runtime's fused ones (domain `com.microsoft`), except for the layer norm,
which is spelled out because its fused kernel takes four times as long, and for the products in
int8, which keep their few loud inputs apart; `docs/decisions/0003-encoder.md` has the figures.
The network is BERT: Devlin et al. (2019). This module knows no file, tokeniser or session.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from openbook.models.weights import BertShape

Precision = Literal["int8", "fp32"]
Array = np.ndarray[tuple[int, ...], np.dtype[Any]]

GRAPH_REVISION = 2
"""Part of every fingerprint: raised whenever the graph would give other numbers."""

_OPERATORS, _FUSED_OPERATORS, _FORMAT = 18, 1, 9
_WEIGHT_STEPS = 63
_WORD_STEPS = 127
_SMALLEST = np.float32(1e-12)


class GraphBuilder:
    """Collects nodes and constants; each private method adds one part and names its output.

    Args:
        weights: The model's tensors by their published names.
        shape: The network's dimensions.
        loud: For int8: the inputs of each product, by its name, that are multiplied in float32.

    Attributes:
        products: The input's name of each product with a weight matrix, by the product's name.
    """

    def __init__(
        self,
        weights: Mapping[str, Array],
        shape: BertShape,
        *,
        precision: Precision,
        loud: Mapping[str, Array] | None = None,
    ) -> None:
        self.products: dict[str, str] = {}
        self._weights = weights
        self._shape = shape
        self._precision = precision
        self._loud = loud or {}
        self._nodes: list[Any] = []
        self._constants: dict[str, Array] = {}

    def build(self, *, also: Sequence[str] = ()) -> Any:
        """The whole model as an `onnx.ModelProto`.

        Args:
            also: Inner values by name that shall be outputs too.

        Raises:
            KeyError: The weights lack a tensor.
        """
        x = self._embeddings("ids")
        for layer in range(self._shape.layers):
            x = self._layer(f"encoder.layer.{layer}", x)
        self._add("Identity", [x], "tokens")
        total = self._add("ReduceSum", [x, self._constant("one", np.ones(1, np.int64))], "sum", keepdims=0)
        self._add("LpNormalization", [total], "vectors", axis=1, p=2)
        return self._model(also)

    def _embeddings(self, ids: str) -> str:
        words = self._word_rows(ids)
        places = self._weights["embeddings.position_embeddings.weight"]
        only_type = self._weights["embeddings.token_type_embeddings.weight"][0]
        length = self._add("Shape", [ids], "length", start=1, end=2)
        self._add("ConstantOfShape", [length], "row.scale", value=_single(1.0))
        self._add("ConstantOfShape", [length], "row.shift", value=_single(0.0))
        zero = self._constant("zero", np.zeros(1, np.int64))
        table = self._constant("places", places + only_type)
        here = self._add("Slice", [table, zero, length, zero], "places.here")
        return self._normed_sum(words, here, "embeddings.LayerNorm")

    def _word_rows(self, ids: str) -> str:
        """The words' vectors; in int8 kept with one scale a word, as the table is half the model."""
        table = self._weights["embeddings.word_embeddings.weight"]
        if self._precision == "fp32":
            return self._add("Gather", [self._constant("words", table), ids], "words.here")
        whole, scale = _whole_numbers(table, axis=1, steps=_WORD_STEPS)
        found = self._add("Gather", [self._constant("words", whole), ids], "words.whole")
        real = self._add("Cast", [found], "words.real", to=1)
        scales = self._add("Gather", [self._constant("words.scale", scale), ids], "words.scales")
        return self._add("Mul", [real, scales], "words.here")

    def _layer(self, name: str, x: str) -> str:
        mixed = self._attention(f"{name}.attention.self", x)
        projected = self._dense(f"{name}.attention.output.dense", mixed)
        x = self._normed_sum(projected, x, f"{name}.attention.output.LayerNorm")
        wide = f"{name}.intermediate.dense"
        bias = self._constant(f"{wide}.after", self._weights[f"{wide}.bias"])
        active = self._add("BiasGelu", [self._product(wide, x, self._matrix(wide)), bias], f"{name}.active", fused=True)
        return self._normed_sum(self._dense(f"{name}.output.dense", active), x, f"{name}.output.LayerNorm")

    def _attention(self, name: str, x: str) -> str:
        """Self-attention over all tokens; the three projections are one product."""
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        matrix = np.concatenate([self._matrix(part) for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        self._add("Split", [self._product(name, x, matrix, bias)], *parts, axis=-1, num_outputs=3)
        return self._add("MultiHeadAttention", parts, f"{name}.mixed", fused=True, num_heads=self._shape.heads)

    def _dense(self, name: str, x: str) -> str:
        return self._product(name, x, self._matrix(name), self._weights[f"{name}.bias"])

    def _product(self, name: str, x: str, matrix: Array, bias: Array | None = None) -> str:
        """`x @ matrix + bias`, where a missing bias is added by whoever comes next."""
        self.products[name] = x
        loud = self._loud.get(name)
        if self._precision == "int8" and loud is not None:
            return self._split_product(name, x, matrix, bias, loud)
        if self._precision == "int8":
            return self._whole_product(name, x, matrix, bias)
        product = self._add("MatMul", [x, self._constant(f"{name}.matrix", matrix)], f"{name}.product")
        return product if bias is None else self._add("Add", [product, self._bias(name, bias)], f"{name}.sum")

    def _split_product(self, name: str, x: str, matrix: Array, bias: Array | None, loud: Array) -> str:
        """A product whose loud inputs are multiplied in float32 and the others in int8.

        A handful of inputs reach ten times as far as all others and would set the scale for
        them. Dettmers et al., "LLM.int8()" (2022); here the inputs are chosen when building.
        """
        kept = np.ones(len(matrix), np.float32)
        kept[loud] = 0
        quiet = self._add("Mul", [x, self._constant(f"{name}.kept", kept)], f"{name}.quiet")
        most = self._whole_product(name, quiet, matrix * kept[:, None], bias)
        heard = self._add("Gather", [x, self._constant(f"{name}.loud", loud)], f"{name}.heard", axis=-1)
        rest = self._add("MatMul", [heard, self._constant(f"{name}.matrix", matrix[loud])], f"{name}.rest")
        return self._add("Add", [most, rest], f"{name}.sum")

    def _whole_product(self, name: str, x: str, matrix: Array, bias: Array | None) -> str:
        """A product in int8 with one scale a column, and one for `x` that is found as it runs.

        Weights reach only to 63: processors without VNNI add pairs of products in 16 bits,
        which larger ones could overflow, so the same text would have other numbers there.
        """
        whole, scale = _whole_numbers(matrix, axis=0, steps=_WEIGHT_STEPS)
        inputs = [x, self._constant(f"{name}.whole", whole), self._constant(f"{name}.scale", scale[0]), ""]
        inputs += [] if bias is None else [self._bias(name, bias)]
        return self._add("DynamicQuantizeMatMul", inputs, f"{name}.product", fused=True)

    def _normed_sum(self, left: str, right: str, name: str) -> str:
        """Layer norm of a sum. A token's row is an instance norm's channel, whose kernel is fast."""
        total = self._add("Add", [left, right], f"{name}.total")
        rows = [total, "row.scale", "row.shift"]
        even = self._add("InstanceNormalization", rows, f"{name}.even", epsilon=self._shape.epsilon)
        scale = self._constant(f"{name}.scale", self._weights[f"{name}.weight"])
        shift = self._constant(f"{name}.shift", self._weights[f"{name}.bias"])
        return self._add("Add", [self._add("Mul", [even, scale], f"{name}.scaled"), shift], f"{name}.out")

    def _matrix(self, name: str) -> Array:
        return self._weights[f"{name}.weight"].T

    def _bias(self, name: str, bias: Array) -> str:
        return self._constant(f"{name}.bias", bias)

    def _constant(self, name: str, value: Array) -> str:
        self._constants[name] = np.ascontiguousarray(value)
        return name

    def _add(self, operator: str, inputs: Sequence[str], *outputs: str, fused: bool = False, **attributes: Any) -> str:
        import onnx  # deferred: only needed to build, which happens once

        domain = "com.microsoft" if fused else ""
        node = onnx.helper.make_node(operator, inputs, outputs, name=f"make {outputs[0]}", domain=domain, **attributes)
        self._nodes.append(node)
        return outputs[0]

    def _model(self, also: Sequence[str]) -> Any:
        import onnx  # deferred: only needed to build, which happens once

        kinds, value = onnx.TensorProto, onnx.helper.make_tensor_value_info
        outputs = [value("vectors", kinds.FLOAT, ["texts", self._shape.hidden])]
        outputs += [value(name, kinds.FLOAT, ["texts", "pieces", None]) for name in ("tokens", *also)]
        constants = [onnx.numpy_helper.from_array(array, name) for name, array in self._constants.items()]
        ids = value("ids", kinds.INT32, ["texts", "pieces"])
        graph = onnx.helper.make_graph(self._nodes, "encoder", [ids], outputs, constants)
        versions = [("", _OPERATORS), ("com.microsoft", _FUSED_OPERATORS)]
        imports = [onnx.helper.make_opsetid(domain, version) for domain, version in versions]
        return onnx.helper.make_model(graph, opset_imports=imports, ir_version=_FORMAT)


def _whole_numbers(matrix: Array, *, axis: int, steps: int) -> tuple[Array, Array]:
    """Whole numbers up to `steps`, and the scales along `axis` that make them `matrix` again."""
    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), _SMALLEST) / np.float32(steps)
    return np.rint(matrix / scale).astype(np.int8), scale


def _single(number: float) -> Any:
    import onnx  # deferred: only needed to build, which happens once

    return onnx.numpy_helper.from_array(np.array([number], np.float32))
