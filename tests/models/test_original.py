"""The encoder beside the original it stands for: the same weights on torch, in this process.

Needs the training extra: `make test-train`.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from openbook.errors import EncoderMissing
from openbook.models.minilm import MiniLM
from openbook.models.weights import find_weights

pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("ignore")]

TEXTS = json.loads((Path(__file__).parent / "reference_texts.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def folder():
    try:
        return find_weights().folder
    except EncoderMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def original(folder):
    """The original's vectors of all texts, each encoded alone."""
    transformers = pytest.importorskip("sentence_transformers", reason="the training extra is not installed")
    model = transformers.SentenceTransformer(str(folder), device="cpu")
    return model.encode(TEXTS, batch_size=1, normalize_embeddings=True)


@pytest.mark.parametrize(("precision", "least"), [("fp32", 0.999), ("int8", 0.98)])
def test_the_vectors_are_the_original_s(folder, original, tmp_path, precision, least):
    ours = MiniLM(folder, cache_folder=tmp_path, precision=precision).embed(TEXTS)
    assert (ours * original).sum(axis=1).min() >= least


def test_the_reference_on_file_is_what_the_original_says(original):
    kept = np.load(Path(__file__).parent / "reference.npz")["vectors"].astype(np.float32)
    assert (kept * original).sum(axis=1).min() >= 0.9999
