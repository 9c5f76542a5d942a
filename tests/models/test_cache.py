import json
import shutil

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from openbook.errors import EncoderMissing, SystemFault
from openbook.models.cache import cached_digest
from openbook.models.minilm import MiniLM
from openbook.models.weights import check_weights, digest_weights


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model")


def graphs(folder):
    return sorted(folder.glob("*.onnx"))


def test_the_graph_is_built_once(model, tmp_path):
    cache = tmp_path / "deep" / "cache"
    MiniLM(model, cache_folder=cache)
    (graph,) = graphs(cache)
    built = graph.stat()
    MiniLM(model, cache_folder=cache)
    assert (graph.stat().st_ino, graph.stat().st_mtime_ns) == (built.st_ino, built.st_mtime_ns)
    assert sorted(path.name for path in cache.iterdir()) == sorted([graph.name, "weights.json"])


@pytest.mark.parametrize("damage", ["cut short", "foreign", "empty"])
def test_a_graph_that_cannot_be_trusted_is_built_anew(model, tmp_path, damage):
    expected = MiniLM(model, cache_folder=tmp_path).embed_query("the order is late")
    (graph,) = graphs(tmp_path)
    other = MiniLM(model, cache_folder=tmp_path / "other", precision="fp32")
    (foreign,) = graphs(tmp_path / "other")
    content = {"cut short": graph.read_bytes()[:-1000], "foreign": foreign.read_bytes(), "empty": b""}[damage]
    graph.write_bytes(content)
    assert other.fingerprint != MiniLM(model, cache_folder=tmp_path).fingerprint
    assert graph.read_bytes() != content
    np.testing.assert_array_equal(MiniLM(model, cache_folder=tmp_path).embed_query("the order is late"), expected)


def test_two_builds_give_the_same_file(model, tmp_path):
    MiniLM(model, cache_folder=tmp_path / "one")
    MiniLM(model, cache_folder=tmp_path / "two")
    (one,), (two,) = graphs(tmp_path / "one"), graphs(tmp_path / "two")
    assert one.name == two.name and one.read_bytes() == two.read_bytes()


def test_other_weights_have_another_fingerprint(model, tmp_path):
    before = MiniLM(model, cache_folder=tmp_path).fingerprint
    tensors = load_file(model / "model.safetensors")
    tensors["encoder.layer.1.output.dense.bias"][0] += 1
    save_file(tensors, model / "model.safetensors")
    assert MiniLM(model, cache_folder=tmp_path).fingerprint != before


def test_the_digest_is_remembered_and_a_damaged_memory_is_ignored(model, tmp_path):
    weights = check_weights(model)
    cache = tmp_path / "cache"
    digest = cached_digest(weights, cache)
    assert digest == digest_weights(weights)
    memory = cache / "weights.json"
    memory.write_text(json.dumps(json.loads(memory.read_text("utf-8")) | {"digest": "remembered"}), "utf-8")
    assert cached_digest(weights, cache) == "remembered"
    for damage in ("", "[]", '{"files": 1}', "\udcff"):
        memory.write_text(damage, "utf-8", errors="surrogateescape")
        assert cached_digest(weights, cache) == digest


def test_a_cache_folder_that_cannot_be_made_says_so(model, tmp_path):
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(SystemFault, match="cannot be written") as caught:
        MiniLM(model, cache_folder=tmp_path / "file")
    assert "writable" in caught.value.fix


def test_weights_without_a_tensor_say_which_one(model, tmp_path):
    tensors = load_file(model / "model.safetensors")
    del tensors["encoder.layer.1.output.dense.bias"]
    save_file(tensors, model / "model.safetensors")
    with pytest.raises(EncoderMissing, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        MiniLM(model, cache_folder=tmp_path / "cache")
