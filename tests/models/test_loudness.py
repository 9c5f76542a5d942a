import numpy as np
import pytest
from safetensors.numpy import load_file

from openbook.models.loudness import find_loud_inputs
from openbook.models.weights import check_weights

SAMPLES = [np.array([[2, 4, 5, 7, 3]], dtype=np.int32), np.array([[2, 3]], dtype=np.int32)]


def test_inputs_that_reach_far_are_found(tiny_model):
    tensors = load_file(tiny_model / "model.safetensors")
    tensors["encoder.layer.0.attention.output.LayerNorm.bias"][[7, 300]] = 40
    loud = find_loud_inputs(tensors, check_weights(tiny_model).shape, SAMPLES)
    assert {7, 300} <= set(loud["encoder.layer.0.intermediate.dense"].tolist())


def test_every_product_but_the_attentions_output_has_some_in_ascending_order(tiny_model):
    loud = find_loud_inputs(load_file(tiny_model / "model.safetensors"), check_weights(tiny_model).shape, SAMPLES)
    products = ("attention.self", "intermediate.dense", "output.dense")
    assert set(loud) == {f"encoder.layer.{layer}.{product}" for layer in (0, 1) for product in products}
    assert all((np.diff(channels) > 0).all() for channels in loud.values())


def test_a_missing_tensor_is_named(tiny_model):
    with pytest.raises(KeyError, match=r"embeddings\.word_embeddings\.weight"):
        find_loud_inputs({}, check_weights(tiny_model).shape, SAMPLES)
