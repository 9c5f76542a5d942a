"""Texts under their owners: kept whole, shared with nobody, destroyed with their owner alone."""

import pytest

from openbook.stores.texts import count_texts, erase_owners, get_texts, put_texts


def _put(database, *bodies, tenant="main"):
    return database.write(lambda connection: put_texts(connection, tenant, bodies))


def _get(database, *keys, tenant="main"):
    with database.read() as connection:
        return dict(get_texts(connection, tenant, keys))


@pytest.mark.parametrize("body", ["", "plain", "two\nlines\r\n", "naïve 漢字 \U0001f600", "\x00\x1b\u202e", "a" * 9999])
def test_a_text_comes_back_character_by_character(database, body):
    [digest] = _put(database, ("doc_1", body))
    assert _get(database, ("doc_1", digest)) == {("doc_1", digest): body}


def test_lone_surrogates_are_replaced_one_by_one_so_that_offsets_hold(database):
    [digest] = _put(database, ("doc_1", "a\ud800b"))
    assert _get(database, ("doc_1", digest)) == {("doc_1", digest): "a?b"}


def test_two_texts_that_differ_in_a_surrogate_alone_have_two_hashes(database):
    first, second = _put(database, ("doc_1", "\ud800"), ("doc_1", "\ud801"))
    assert first != second


def test_hashes_come_in_the_order_of_the_texts_and_equal_texts_share_one(database):
    first, second, third = _put(database, ("doc_1", "one"), ("doc_1", "two"), ("doc_1", "one"))
    assert first == third != second
    assert _put(database, ("doc_1", "one")) == [first]


def test_a_hash_without_its_owner_opens_nothing(database):
    [digest] = _put(database, ("doc_1", "one"))
    assert _get(database, ("doc_2", digest)) == {}
    assert _get(database, ("doc_1", digest), tenant="other") == {}
    assert _get(database) == {}


def test_only_the_pairs_that_were_asked_for_come_back(database):
    [one, two] = _put(database, ("doc_1", "one"), ("doc_2", "two"))
    _put(database, ("doc_1", "two"), ("doc_2", "one"))
    assert _get(database, ("doc_1", one), ("doc_2", two)) == {("doc_1", one): "one", ("doc_2", two): "two"}


def test_erasing_an_owner_leaves_the_same_text_to_others(database):
    [digest, _] = _put(database, ("doc_1", "shared"), ("doc_2", "shared"))
    _put(database, ("doc_1", "shared"), tenant="other")
    assert database.write(lambda connection: erase_owners(connection, "main", ["doc_1"])) == 1
    assert _get(database, ("doc_1", digest), ("doc_2", digest)) == {("doc_2", digest): "shared"}
    assert _get(database, ("doc_1", digest), tenant="other") != {}
    with database.read() as connection:
        assert count_texts(connection, "main", ["doc_1"]) == 0
        assert count_texts(connection, "main", ["doc_1", "doc_2"]) == 1


def test_erasing_nobody_erases_nothing(database):
    _put(database, ("doc_1", "one"))
    assert database.write(lambda connection: erase_owners(connection, "main", [])) == 0
