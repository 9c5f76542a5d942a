"""Vectors by text and model: the very bytes come back, and what nobody needs is forgotten."""

import numpy as np

from openbook.models import HashEmbedder
from openbook.stores.vectors import drop_orphans, get_vectors, put_vectors
from stores.drafts import REFUNDS, drafted, published

MODEL = "hash/2b/384"


def _put(database, found, *, model=MODEL, tenant="main"):
    database.write(lambda connection: put_vectors(connection, tenant, model, found))


def _get(database, hashes, *, model=MODEL, tenant="main"):
    with database.read() as connection:
        return get_vectors(connection, tenant, model, hashes)


def _drop(database, hashes):
    return database.write(lambda connection: drop_orphans(connection, "main", hashes))


def test_the_same_bytes_come_back(database):
    made = HashEmbedder().embed_query("refund")
    _put(database, {"a" * 64: made})
    [back] = _get(database, ["a" * 64]).values()
    assert back.tobytes() == made.tobytes()
    assert back.dtype == np.float32


def test_a_vector_that_is_there_is_never_written_over(database):
    _put(database, {"a": np.ones(4)})
    _put(database, {"a": np.zeros(4), "b": np.zeros(4)})
    assert _get(database, ["a"])["a"].tolist() == [1, 1, 1, 1]
    assert _get(database, ["b"])["b"].tolist() == [0, 0, 0, 0]


def test_another_model_and_another_tenant_have_vectors_of_their_own(database):
    _put(database, {"a": np.ones(4)})
    assert _get(database, ["a"], model="other") == {}
    assert _get(database, ["a"], tenant="other") == {}


def test_more_hashes_than_a_statement_takes_are_all_looked_up(database):
    many = {f"{number:064}": np.full(2, number) for number in range(1201)}
    _put(database, many)
    assert _get(database, [*many, "unknown"]).keys() == many.keys()
    assert _drop(database, many) == 1201


def test_what_a_live_version_needs_is_kept_and_the_rest_is_forgotten(database):
    [old] = published(database, drafted())
    [new] = published(database, drafted(text=REFUNDS.replace("five", "nine")))
    before, after = set(old.draft.embedding_hashes), set(new.draft.embedding_hashes)
    every = {digest: np.ones(4) for digest in before | after}
    _put(database, every)
    assert before - after
    assert _drop(database, every) == len(before - after)
    assert _get(database, every).keys() == after
