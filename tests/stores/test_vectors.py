"""Vectors by text and model: the very bytes come back, and what nobody needs is forgotten."""

import numpy as np
import pytest

from openbook.models import HashEmbedder
from openbook.stores.chunks import load_chunks
from openbook.stores.vectors import TextVectors, drop_orphans, get_vectors, put_vectors
from stores.drafts import REFUNDS, drafted, published, read

MODEL = "hash/2b/384"


def _put(database, found, *, model=MODEL, tenant="main"):
    database.write(lambda connection: put_vectors(connection, tenant, model, found))


def _get(database, hashes, *, model=MODEL, tenant="main"):
    return read(database, get_vectors, tenant, model, hashes)


def _of_chunks(database, ids, *, model=MODEL, tenant="main"):
    with database.read() as connection:
        found = load_chunks(connection, tenant, ids, model=model)
    return {identifier: chunk.vectors for identifier, chunk in found.items() if chunk.vectors}


def _drop(database, hashes):
    return database.write(lambda connection: drop_orphans(connection, "main", hashes))


def _plain(number, size=4):
    return TextVectors(np.full(size, number, dtype=np.float32))


def test_the_same_bytes_come_back(database):
    made = HashEmbedder().embed_query("refund")
    _put(database, {"a" * 64: TextVectors(made)})
    [back] = _get(database, ["a" * 64]).values()
    assert back.vector.tobytes() == made.tobytes()
    assert back.vector.dtype == np.float32
    assert (back.ranges, back.closeness(made)) == ((), {})


def test_the_vectors_of_sentences_come_back_of_unit_length_within_a_hundredth(database):
    texts = ["A refund takes five working days.", "It goes to the card that paid.", "£4.99"]
    ranges = ((0, 33), (34, 64), (70, 75), (80, 90))
    rows = np.vstack([HashEmbedder().embed(texts), np.eye(384, dtype=np.float32)[7]])
    question = HashEmbedder().embed_query("How many working days does a refund take?")
    _put(database, {"a": TextVectors(question, ranges, rows)})
    back = _get(database, ["a"])["a"]
    assert back.ranges == ranges
    np.testing.assert_allclose(np.linalg.norm(back.sentences, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(back.sentences, rows, atol=0.01)
    assert back.closeness(question) == pytest.approx(dict(zip(ranges, rows @ question, strict=True)), abs=0.01)


def test_a_vector_that_is_there_is_never_written_over(database):
    _put(database, {"a": _plain(1)})
    _put(database, {"a": _plain(0), "b": _plain(0)})
    assert _get(database, ["a"])["a"].vector.tolist() == [1, 1, 1, 1]
    assert _get(database, ["b"])["b"].vector.tolist() == [0, 0, 0, 0]


def test_another_model_and_another_tenant_have_vectors_of_their_own(database):
    _put(database, {"a": _plain(1)})
    assert _get(database, ["a"], model="other") == {}
    assert _get(database, ["a"], tenant="other") == {}


def test_a_chunk_has_the_vectors_of_its_text_by_model_and_tenant(database):
    [placed] = published(database, drafted())
    first, *others = zip(placed.chunk_ids, placed.draft.embedding_hashes, strict=True)
    sentence = np.eye(4, dtype=np.float32)[1]
    _put(database, {first[1]: TextVectors(_plain(1).vector, ((0, 5),), sentence[None])})
    _put(database, {first[1]: _plain(2)}, model="other")
    _put(database, {first[1]: _plain(3)}, tenant="other")
    assert others
    found = _of_chunks(database, placed.chunk_ids)
    assert found.keys() == {first[0]}
    assert found[first[0]].vector.tolist() == [1, 1, 1, 1]
    assert found[first[0]].closeness(sentence) == {(0, 5): 1.0}
    assert _of_chunks(database, placed.chunk_ids, model="other")[first[0]].vector.tolist() == [2, 2, 2, 2]
    assert _of_chunks(database, placed.chunk_ids, tenant="other") == {}
    assert _of_chunks(database, []) == {}


def test_more_hashes_than_a_statement_takes_are_all_looked_up(database):
    many = {f"{number:064}": _plain(number, 2) for number in range(1201)}
    _put(database, many)
    assert _get(database, [*many, "unknown"]).keys() == many.keys()
    assert _drop(database, many) == 1201


def test_what_a_live_version_needs_is_kept_and_the_rest_is_forgotten(database):
    [old] = published(database, drafted())
    [new] = published(database, drafted(text=REFUNDS.replace("five", "nine")))
    before, after = set(old.draft.embedding_hashes), set(new.draft.embedding_hashes)
    every = {digest: _plain(1) for digest in before | after}
    _put(database, every)
    assert before - after
    assert _drop(database, every) == len(before - after)
    assert _get(database, every).keys() == after
