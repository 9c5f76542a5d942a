"""The contract of `Embedder`, over every implementation, and what is particular to hashing."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from openbook.models import HashEmbedder
from openbook.models.minilm import MiniLM

KINDS = ("hash", "tiny-int8", "tiny-fp32", "real-int8", "real-fp32")
ODD_TEXTS = {
    "nothing": "",
    "blanks": " \t\n",
    "10,000 characters": "The order is late. " * 527,
    "one long word": "x" * 10_000,
    "Chinese": "如何重置我的密码？",
    "Arabic": "كيف يمكنني إعادة تعيين كلمة المرور؟",
    "emoji": "👍🏽 thanks 🇩🇪",
    "control characters": "a\x00b\x07c\x1b[31m\u202e",
    "a lone surrogate": "broken \ud83d half",
    "marks of the model": "[CLS] [SEP] [PAD] [MASK]",
}


@pytest.fixture(scope="module", params=KINDS)
def embedder(request, cache_folder):
    kind, _, precision = request.param.partition("-")
    if kind == "hash":
        return HashEmbedder()
    folder = request.getfixturevalue("tiny_model") if kind == "tiny" else request.getfixturevalue("real_weights").folder
    return MiniLM(folder, cache_folder=cache_folder, precision=precision, threads=2)


def test_rows_have_the_promised_shape_and_length_one(embedder):
    rows = embedder.embed(["the order", "is late", ""])
    assert rows.shape == (3, embedder.size) and rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_rows_come_in_the_order_of_the_texts(embedder):
    texts = [f"the order {'is late ' * (index % 7)}refund {index % 5}" for index in range(35)]
    rows = embedder.embed(texts)
    assert all(np.array_equal(row, embedder.embed_query(text)) for row, text in zip(rows, texts, strict=True))


def test_a_text_has_the_same_bytes_in_any_company(embedder):
    text = "Where is the refund for my order?"
    alone = embedder.embed_query(text).tobytes()
    assert embedder.embed([text])[0].tobytes() == alone
    assert embedder.embed(["a", "long " * 300, text, ""])[2].tobytes() == alone


def test_threads_do_not_disturb_each_other(embedder):
    texts = [f"refund {'order ' * (index % 9)}" for index in range(24)]
    expected = embedder.embed(texts)
    with ThreadPoolExecutor(4) as pool:
        one_by_one = list(pool.map(embedder.embed_query, texts))
        together = list(pool.map(embedder.embed, [texts] * 3))
    np.testing.assert_array_equal(one_by_one, expected)
    assert all(np.array_equal(rows, expected) for rows in together)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_any_text_gets_a_finite_vector_of_length_one(embedder, text):
    vector = embedder.embed_query(text)
    assert vector.shape == (embedder.size,) and np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_rows(embedder):
    assert embedder.embed([]).shape == (0, embedder.size)


def test_progress_counts_up_to_all_texts(embedder):
    seen = []
    embedder.embed(["refund"] * 5, progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 5


def test_an_error_in_progress_reaches_the_caller_and_harms_nothing(embedder):
    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embedder.embed(["refund"] * 20, progress=stop)
    assert embedder.embed(["refund"]).shape == (1, embedder.size)


def test_words_in_common_bring_texts_nearer_by_hashing():
    question, near, far = HashEmbedder().embed(["returning a jacket", "return the jacket", "opening hours"])
    assert question @ near > 0.2 > question @ far


def test_hashing_gives_the_same_numbers_on_every_machine():
    vector = HashEmbedder().embed_query("return a jacket")
    assert np.flatnonzero(vector)[:4].tolist() == [4, 63, 81, 124]
    assert HashEmbedder().fingerprint == "hash/2b/384"
