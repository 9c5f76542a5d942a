import json

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from openbook.errors import EncoderMissing
from openbook.models.weights import find_weights

HIDDEN, WIDE, LAYERS, PLACES = 384, 96, 2, 48
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "order", "refund", "is", "late", "return", "##s", "##ed", "."]
CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": HIDDEN,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 12,
    "layer_norm_eps": 1e-12,
}


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A model folder like the real one, of two narrow layers with random numbers."""
    folder = tmp_path_factory.mktemp("tiny-model")
    (folder / "config.json").write_text(json.dumps(CONFIG), "utf-8")
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 32}), "utf-8")
    _tokenizer().save(str(folder / "tokenizer.json"))
    save_file(_tensors(), folder / "model.safetensors")
    return folder


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("encoder-cache")


@pytest.fixture(scope="session")
def real_weights():
    try:
        return find_weights()
    except EncoderMissing as error:
        pytest.skip(f"the encoder's weights are not here: {error.message}")


def _tokenizer():
    tokenizer = Tokenizer(WordPiece({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(mark, WORDS.index(mark)) for mark in ("[CLS]", "[SEP]")]
    )
    return tokenizer


def _tensors():
    draw = np.random.default_rng(11)
    tensors = {
        "embeddings.word_embeddings.weight": draw.normal(0, 0.5, (len(WORDS), HIDDEN)),
        "embeddings.position_embeddings.weight": draw.normal(0, 0.1, (PLACES, HIDDEN)),
        "embeddings.token_type_embeddings.weight": draw.normal(0, 0.1, (2, HIDDEN)),
    }
    shapes = {"attention.output.dense": (HIDDEN, HIDDEN), "intermediate.dense": (WIDE, HIDDEN)}
    shapes |= {"output.dense": (HIDDEN, WIDE)}
    shapes |= {f"attention.self.{part}": (HIDDEN, HIDDEN) for part in ("query", "key", "value")}
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        norms += [f"{name}.attention.output.LayerNorm", f"{name}.output.LayerNorm"]
        for part, shape in shapes.items():
            tensors[f"{name}.{part}.weight"] = draw.normal(0, 0.05, shape)
            tensors[f"{name}.{part}.bias"] = draw.normal(0, 0.05, shape[0])
    for name in norms:
        tensors[f"{name}.weight"] = draw.normal(1, 0.1, HIDDEN)
        tensors[f"{name}.bias"] = draw.normal(0, 0.1, HIDDEN)
    return {name: array.astype(np.float32) for name, array in tensors.items()}
