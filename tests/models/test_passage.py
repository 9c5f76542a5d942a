"""A passage and the pieces of it: pooled from the passage's own word pieces, in one pass."""

import numpy as np
import pytest

from openbook.models import HashEmbedder
from openbook.models.minilm import MiniLM
from openbook.models.passage import Passage, pool, unit

VECTORS = np.array([[9, 9], [3, 0], [1, 4], [0, 2], [9, 9]], dtype=np.float32)
OFFSETS = np.array([[0, 0], [0, 4], [5, 9], [9, 10], [0, 0]], dtype=np.int64)
TEXT = "The ORDER is late. A refund is returned.\nIs it \ud83d late?"
RANGES = ((0, 18), (19, 40), (41, 54))


def test_a_range_is_the_mean_of_the_word_pieces_that_touch_it():
    pooled = pool(VECTORS, OFFSETS, ((0, 4), (0, 10), (3, 6), (9, 10)))
    expected = {
        (0, 4): [1, 0],
        (0, 10): np.array([4, 6]) / np.sqrt(52),
        (3, 6): np.array([4, 4]) / np.sqrt(32),
        (9, 10): [0, 1],
    }
    assert pooled.keys() == expected.keys()
    for place, vector in expected.items():
        np.testing.assert_allclose(pooled[place], vector, atol=1e-6)
        assert pooled[place].dtype == np.float32


@pytest.mark.parametrize("place", [(10, 30), (4, 5), (0, 0), (5, 5)])
def test_a_range_that_no_word_piece_touches_has_no_vector(place):
    assert pool(VECTORS, OFFSETS, (place,)) == {}


def test_the_marks_at_the_ends_belong_to_no_range():
    assert pool(VECTORS[[0, 4]], OFFSETS[[0, 4]], ((0, 10),)) == {}


def test_zeros_stay_zeros():
    assert unit(np.zeros(3, dtype=np.float32)).tolist() == [0, 0, 0]
    assert unit(np.array([3, 4], dtype=np.float32)).tolist() == pytest.approx([0.6, 0.8])


@pytest.fixture(scope="module", params=["hash", "tiny", "real"])
def embedder(request, cache_folder):
    if request.param == "hash":
        return HashEmbedder()
    tiny = request.param == "tiny"
    folder = request.getfixturevalue("tiny_model") if tiny else request.getfixturevalue("real_weights").folder
    return MiniLM(folder, cache_folder=cache_folder, threads=2)


def test_the_vector_of_a_passage_is_the_one_of_its_text(embedder):
    texts = [TEXT, "", "Where is my refund?", TEXT]
    passages = [Passage(TEXT, RANGES), Passage("", ((0, 0),)), Passage("Where is my refund?"), Passage(TEXT)]
    made = embedder.embed_passages(passages)
    np.testing.assert_array_equal([item.vector for item in made], embedder.embed(texts))
    assert made[0].pieces.keys() == set(RANGES)
    assert made[2].pieces == made[3].pieces == {}
    for vector in made[0].pieces.values():
        assert vector.shape == (embedder.size,) and vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_no_passages_give_no_vectors(embedder):
    assert embedder.embed_passages([]) == []


def test_a_piece_that_is_the_whole_text_is_near_the_texts_vector(embedder):
    text = "The order is late."
    [made] = embedder.embed_passages([Passage(text, ((0, len(text)),))])
    assert made.pieces[0, len(text)] @ made.vector > 0.8


def test_a_piece_beyond_what_the_encoder_reads_has_no_vector(tiny_model, cache_folder):
    text = "order " * 40 + "the refund is late."
    [made] = MiniLM(tiny_model, cache_folder=cache_folder).embed_passages([Passage(text, ((0, 60), (240, 259)))])
    assert list(made.pieces) == [(0, 60)]


def test_a_piece_is_read_in_the_light_of_what_stands_around_it(tiny_model, cache_folder):
    encoder = MiniLM(tiny_model, cache_folder=cache_folder)
    first, second = (
        Passage(f"{before} It is late.", ((len(before) + 1, len(before) + 12),)) for before in ("refund.", "the order.")
    )
    one, other = encoder.embed_passages([first, second])
    assert not np.allclose(*one.pieces.values(), *other.pieces.values())
