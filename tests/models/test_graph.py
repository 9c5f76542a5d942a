"""The built graph against the same network written out in numpy."""

from math import erf

import numpy as np
import pytest
from safetensors.numpy import load_file

from openbook.models.graph import GraphBuilder
from openbook.models.session import open_session
from openbook.models.weights import check_weights

IDS = np.array([[2, 4, 5, 7, 8, 1, 12, 3]], dtype=np.int32)


@pytest.fixture
def shape(tiny_model):
    return check_weights(tiny_model).shape


@pytest.fixture
def tensors(tiny_model):
    return load_file(tiny_model / "model.safetensors")


def test_in_float32_the_graph_is_bert(tensors, shape):
    tokens = run(GraphBuilder(tensors, shape, precision="fp32"), "tokens")
    np.testing.assert_allclose(tokens, bert(tensors, shape, IDS[0]), atol=2e-5)


def test_the_vector_is_the_mean_of_the_tokens_at_length_one(tensors, shape):
    builder = GraphBuilder(tensors, shape, precision="fp32")
    model = builder.build().SerializeToString()
    vectors, tokens = open_session(model).run(["vectors", "tokens"], {"ids": IDS})
    mean = tokens[0].mean(axis=0)
    np.testing.assert_allclose(vectors[0], mean / np.linalg.norm(mean), atol=1e-6)


def test_in_int8_the_graph_stays_near_bert(tensors, shape):
    tokens = run(GraphBuilder(tensors, shape, precision="int8"), "tokens")
    assert likeness(tokens, bert(tensors, shape, IDS[0])).min() > 0.99


def test_loud_inputs_multiplied_apart_bring_int8_nearer(tensors, shape):
    name = "encoder.layer.0.intermediate.dense"
    tensors["encoder.layer.0.attention.output.LayerNorm.bias"][[7, 300]] = 40
    tensors[f"{name}.weight"][:, [7, 300]] *= 0.01
    loud = {name: np.array([7, 300])}
    builders = [GraphBuilder(tensors, shape, precision="fp32"), GraphBuilder(tensors, shape, precision="int8")]
    builders.append(GraphBuilder(tensors, shape, precision="int8", loud=loud))
    expected, plain, apart = (run(builder, "encoder.layer.0.active") for builder in builders)
    assert 1 - likeness(apart, expected).mean() < 0.5 * (1 - likeness(plain, expected).mean())


def test_inner_values_can_be_outputs_too(tensors, shape):
    builder = GraphBuilder(tensors, shape, precision="fp32")
    builder.build()
    name = builder.products["encoder.layer.1.output.dense"]
    inner = run(GraphBuilder(tensors, shape, precision="fp32"), name)
    assert inner.shape == (IDS.size, 96)


def test_a_missing_tensor_is_named(tensors, shape):
    del tensors["encoder.layer.1.output.dense.bias"]
    with pytest.raises(KeyError, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        GraphBuilder(tensors, shape, precision="fp32").build()


def run(builder, output):
    model = builder.build(also=[] if output in {"tokens", "vectors"} else [output])
    return open_session(model.SerializeToString()).run([output], {"ids": IDS})[0][0]


def likeness(left, right):
    return (left * right).sum(axis=1) / np.linalg.norm(left, axis=1) / np.linalg.norm(right, axis=1)


def bert(tensors, shape, ids):
    places = tensors["embeddings.position_embeddings.weight"][: len(ids)]
    x = tensors["embeddings.word_embeddings.weight"][ids] + places
    x = normed(tensors, "embeddings.LayerNorm", x + tensors["embeddings.token_type_embeddings.weight"][0])
    for layer in range(shape.layers):
        name = f"encoder.layer.{layer}"
        mixed = dense(tensors, f"{name}.attention.output.dense", attention(tensors, shape, name, x))
        x = normed(tensors, f"{name}.attention.output.LayerNorm", x + mixed)
        wide = dense(tensors, f"{name}.intermediate.dense", x)
        active = wide * (1 + np.vectorize(erf)(wide / np.sqrt(2))) / 2
        x = normed(tensors, f"{name}.output.LayerNorm", x + dense(tensors, f"{name}.output.dense", active))
    return x


def attention(tensors, shape, name, x):
    parts = [dense(tensors, f"{name}.attention.self.{part}", x) for part in ("query", "key", "value")]
    query, key, value = (part.reshape(len(x), shape.heads, -1).swapaxes(0, 1) for part in parts)
    scores = query @ key.swapaxes(1, 2) / np.sqrt(query.shape[-1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True) @ value).swapaxes(0, 1).reshape(x.shape)


def dense(tensors, name, x):
    return x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]


def normed(tensors, name, x):
    even = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-12)
    return even * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]
