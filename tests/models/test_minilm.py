import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from openbook.errors import EncoderMissing
from openbook.models.minilm import MiniLM, open_embedder

HERE = Path(__file__).parent


@pytest.mark.parametrize(("precision", "lowest"), [("fp32", 0.999), ("int8", 0.98)])
def test_vectors_are_those_of_the_original(real_weights, cache_folder, precision, lowest):
    texts = json.loads((HERE / "reference_texts.json").read_text("utf-8"))
    original = np.load(HERE / "reference.npz")["vectors"].astype(np.float32)
    ours = MiniLM(real_weights.folder, cache_folder=cache_folder, precision=precision).embed(texts)
    assert len(texts) == len(original) == 200
    assert ((ours * original).sum(axis=1) / np.linalg.norm(original, axis=1)).min() >= lowest


def test_likeness_in_meaning_needs_no_common_word(real_weights, cache_folder):
    encoder = open_embedder(real_weights.folder, cache_folder=cache_folder)
    question, near, far = encoder.embed(["Where is my parcel?", "Track a shipment", "Vegetarian recipes"])
    assert question @ near > 0.4 > question @ far


def test_what_follows_the_last_piece_that_is_read_changes_nothing(tiny_model, cache_folder):
    encoder = MiniLM(tiny_model, cache_folder=cache_folder)
    read = "order " * 30
    np.testing.assert_array_equal(encoder.embed_query(read), encoder.embed_query(read + "refund is late"))
    assert not np.array_equal(encoder.embed_query(read), encoder.embed_query("order " * 29))


def test_the_fingerprint_names_model_and_precision(tiny_model, cache_folder):
    int8, fp32 = (
        MiniLM(tiny_model, cache_folder=cache_folder, precision=kind).fingerprint for kind in ("int8", "fp32")
    )
    assert int8.startswith("all-MiniLM-L6-v2/int8/") and fp32.startswith("all-MiniLM-L6-v2/fp32/")
    assert int8[-8:] != fp32[-8:]


def test_token_vectors_pool_to_the_texts_vector(tiny_model, cache_folder):
    encoder = MiniLM(tiny_model, cache_folder=cache_folder)
    text = "The ORDER \ud83d returned."
    tokens = encoder.embed_tokens(text)
    mean = tokens.vectors.mean(axis=0)
    np.testing.assert_allclose(mean / np.linalg.norm(mean), encoder.embed_query(text), atol=1e-6)
    pieces = [text[start:end] for start, end in tokens.offsets]
    assert pieces == ["", "The", "ORDER", "\ud83d", "return", "ed", ".", ""]


def test_a_folder_that_is_named_is_the_only_one_looked_at(tmp_path):
    with pytest.raises(EncoderMissing, match=r"has no config\.json"):
        open_embedder(tmp_path, cache_folder=tmp_path)


def test_a_tokenizer_that_cannot_be_read_says_so(tiny_model, tmp_path):
    model = shutil.copytree(tiny_model, tmp_path / "model")
    (model / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(EncoderMissing, match=r"tokenizer\.json cannot be read"):
        MiniLM(model, cache_folder=tmp_path / "cache")


def test_importing_the_floor_loads_no_runtime():
    heavy = "{'onnx', 'onnxruntime', 'tokenizers', 'safetensors', 'torch'}"
    code = f"import openbook.models, openbook.models.minilm, sys; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "set()"
