"""What the engine on disk promises beyond the shared contract: it is still there later, or says why not."""

import threading

import pytest

from openbook.errors import IndexDamaged, SystemFault
from openbook.stores import EdgeIndex
from openbook.stores.index import Point, Scope
from stores.points import SIZE, found, found_ids, point


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def written(folder):
    """A folder with one tenant of three points, closed."""
    index = EdgeIndex(folder, size=SIZE)
    index.upsert("main", [point(number, "refund of an order") for number in (1, 2, 3)])
    index.close()
    return folder


def _reopened(folder):
    return EdgeIndex(folder, size=SIZE)


def test_what_was_written_is_there_after_closing_and_opening_again(folder):
    index = _reopened(folder)
    index.upsert("main", [point(1, "refund of an order"), point(2, "order", audiences=["staff"])])
    before = found(index)
    index.close()
    again = _reopened(folder)
    assert again.count("main") == 2
    assert again.ids("main") == {1, 2}
    assert found(again) == before
    again.close()


def test_a_deletion_and_a_drop_outlast_closing(written):
    index = _reopened(written)
    index.upsert("other", [point(9)])
    index.delete("main", [1])
    index.drop("other")
    index.close()
    again = _reopened(written)
    assert again.ids("main") == {2, 3}
    assert again.ids("other") == set()
    again.close()


def test_closing_twice_does_nothing(written):
    index = _reopened(written)
    assert found_ids(index) == [1, 2, 3]
    index.close()
    index.close()


def _garble(place):
    place.write_bytes(b"\x00garbage")


def _empty(place):
    place.write_bytes(b"")


@pytest.mark.parametrize("spoil", [_garble, _empty])
def test_a_damaged_configuration_is_named_with_its_mend(written, spoil):
    for place in written.glob("*/edge_config.json"):
        spoil(place)
    index = _reopened(written)
    with pytest.raises(IndexDamaged, match="cannot be opened") as caught:
        found(index)
    assert "openbook rebuild-index" in caught.value.fix
    index.close()


def test_a_folder_of_damaged_segments_is_named_with_its_mend(written):
    for place in written.glob("*/segments/*/segment.json"):
        _garble(place)
    index = _reopened(written)
    with pytest.raises(IndexDamaged, match="cannot be opened") as caught:
        index.count("main")
    assert "openbook rebuild-index" in caught.value.fix
    index.close()


def test_a_folder_without_its_configuration_is_named_rather_than_taken_for_empty(written):
    for place in written.glob("*/edge_config.json"):
        place.unlink()
    index = _reopened(written)
    with pytest.raises(IndexDamaged):
        index.count("main")
    index.close()


def test_a_damaged_tenant_can_be_dropped_and_made_anew_while_another_serves(written):
    index = _reopened(written)
    index.upsert("other", [point(7)])
    index.close()
    for place in written.glob("*/edge_config.json"):
        if place.parent == index._place("main"):
            _garble(place)
    again = _reopened(written)
    assert again.ids("other") == {7}
    with pytest.raises(IndexDamaged):
        found(again)
    again.drop("main")
    again.upsert("main", [point(4)])
    assert found_ids(again) == [4]
    again.close()


def test_vectors_of_another_length_are_refused_with_the_mend(written):
    index = EdgeIndex(written, size=SIZE + 1)
    with pytest.raises(IndexDamaged, match="rebuild-index"):
        index.upsert("main", [point(9, towards=point(9).vector[:2])])
    index.close()


def test_a_closed_index_is_not_opened_again_by_a_late_call(written):
    index = _reopened(written)
    index.close()
    with pytest.raises(SystemFault, match="The desk is closed"):
        index.upsert("main", [point(4)])
    again = _reopened(written)
    assert again.ids("main") == {1, 2, 3}
    again.close()


def test_an_index_that_is_just_being_let_go_of_is_waited_for(written):
    first = _reopened(written)
    assert first.count("main") == 3
    letting_go = threading.Timer(0.2, first.close)
    letting_go.start()
    second = _reopened(written)
    assert second.count("main") == 3
    letting_go.join()
    second.close()


def test_scores_are_the_same_whether_or_not_points_were_deleted_before(tmp_path):
    """The engine's own word counts are used only while they are right."""
    everybody, words = Scope(("public",), covers_all=True), "red jacket pocket"
    texts = [f"{colour} {thing} {part}" for colour in ("red", "blue") for thing in ("jacket", "boot") for part in "abc"]
    points = [Point(number, None, text, ("public",), "", "") for number, text in enumerate(texts, start=1)]
    kept, index = points[:5], EdgeIndex(tmp_path / "index", size=4, tidy=True)
    index.upsert("main", kept)
    alone = index.search("main", vector=None, words=words, scope=everybody, limit=9)
    index.upsert("main", points[5:])
    index.delete("main", [point.id for point in points[5:]])
    assert index.search("main", vector=None, words=words, scope=everybody, limit=9) == alone
    index.upsert("main", kept)
    assert index.search("main", vector=None, words=words, scope=everybody, limit=9) == alone
    index.close()
    again = EdgeIndex(tmp_path / "index", size=4, tidy=True)
    assert again.search("main", vector=None, words=words, scope=everybody, limit=9) == alone
    again.close()
