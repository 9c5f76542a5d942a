"""Publishing, cut short at every step: a version is visible whole or not at all, and the next start mends the rest."""

import shutil

import pytest

from openbook.stores.index import Point, Scope
from openbook.stores.tenants import ensure_tenant
from search.shelf import Shelf

OLD = "# Refunds\n\nA refund takes three days.\n\n# Vouchers\n\nA voucher never expires."
NEW = (
    "# Refunds\n\nA refund takes nine days.\n\n# Gifts\n\nA gift is wrapped for free.\n\n# Post\n\nParcels leave daily."
)
OTHER = "# Accounts\n\nAn account needs an address."

BEFORE_THE_FLIP = ("place", "index", "flip")
AFTER_THE_FLIP = ("retire", "settle", "done")


class PulledPlug(Exception):
    """The process ended here."""


def _pull_at(step):
    def on_step(name):
        if name == step:
            raise PulledPlug

    return on_step


def _begun(folder, text):
    """A folder where one article says `text` and another article is live too."""
    shelf = Shelf.open(folder)
    shelf.database.write(lambda connection: ensure_tenant(connection, "main"))
    shelf.publish(("refunds.md", text), ("accounts.md", OTHER))
    seen = _served(shelf)
    shelf.close()
    return seen


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A folder with the old version, what is seen of the old one, what is seen of the new one."""
    place = tmp_path_factory.mktemp("begun")
    return place / "old", _begun(place / "old", OLD), _begun(place / "new", NEW)


@pytest.fixture
def folder(begun, tmp_path):
    """A folder of this test's own where the old version is live."""
    place = tmp_path / "shelf"
    place.mkdir(exist_ok=True)
    shutil.copy(begun[0] / "openbook.db", place)
    shelf = Shelf.open(place)
    shelf.publisher.rebuild("main")
    shelf.close()
    return place


def _cut_short(folder, step, work):
    shelf = Shelf.open(folder, on_step=_pull_at(step))
    with pytest.raises(PulledPlug):
        work(shelf)
    return shelf


def _publish_new(shelf):
    shelf.publish(("refunds.md", NEW))


def _served(shelf):
    """What the article that changes is seen to say."""
    hits = shelf.search("refund voucher gift parcels account", limit=50)
    return sorted({hit.text for hit in hits if hit.path == "refunds.md"})


@pytest.mark.parametrize("step", BEFORE_THE_FLIP + AFTER_THE_FLIP)
def test_cut_short_one_version_serves_whole_before_and_after_it_is_mended(begun, folder, step):
    expected = begun[1] if step in BEFORE_THE_FLIP else begun[2]
    cut = _cut_short(folder, step, _publish_new)
    assert _served(cut) == expected
    cut.close()
    again = Shelf.open(folder)
    assert _served(again) == expected
    again.publisher.recover("main", thorough=True)
    assert _served(again) == expected
    again.close()


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("step", BEFORE_THE_FLIP + AFTER_THE_FLIP)
def test_after_recovery_the_index_holds_the_live_chunks_and_nothing_else(folder, step, thorough):
    _cut_short(folder, step, _publish_new).close()
    shelf = Shelf.open(folder)
    shelf.publisher.recover("main", thorough=thorough)
    assert shelf.index.ids("main") == shelf.live_chunk_ids()
    unplaced, undone, finished = ["live"], ["live", "abandoned"], ["superseded", "live"]
    expected = {"place": unplaced, "index": undone, "flip": undone}.get(step, finished)
    assert shelf.states()["refunds.md"] == expected
    shelf.close()


@pytest.mark.parametrize("step", BEFORE_THE_FLIP + AFTER_THE_FLIP)
def test_recovering_again_mends_nothing(folder, step):
    _cut_short(folder, step, _publish_new).close()
    shelf = Shelf.open(folder)
    shelf.publisher.recover("main", thorough=True)
    before = (shelf.states(), shelf.index.ids("main"))
    assert shelf.publisher.recover("main", thorough=True) == 0
    assert (shelf.states(), shelf.index.ids("main")) == before
    shelf.close()


@pytest.mark.parametrize("step", BEFORE_THE_FLIP + AFTER_THE_FLIP)
def test_publishing_what_was_cut_short_once_more_ends_with_it_live(folder, step):
    _cut_short(folder, step, _publish_new).close()
    shelf = Shelf.open(folder)
    shelf.publisher.recover("main", thorough=False)
    _publish_new(shelf)
    assert "A refund takes nine days." in " ".join(_served(shelf))
    assert "three days" not in " ".join(_served(shelf))
    assert shelf.index.ids("main") == shelf.live_chunk_ids()
    shelf.close()


@pytest.mark.parametrize("step", ["retire", "settle"])
def test_a_withdrawal_cut_short_serves_nothing_and_is_finished_later(folder, step):
    def withdraw(shelf):
        shelf.publisher.withdraw("main", [hit.document_id for hit in shelf.search("refund", limit=1)])

    cut = _cut_short(folder, step, withdraw)
    assert _served(cut) == []
    cut.close()
    shelf = Shelf.open(folder)
    shelf.publisher.recover("main", thorough=True)
    assert _served(shelf) == []
    assert shelf.paths() == ["accounts.md"]
    assert shelf.index.ids("main") == shelf.live_chunk_ids()
    shelf.close()


def test_a_version_is_live_in_the_moment_that_publishing_it_returns(shelf):
    shelf.database.write(lambda connection: ensure_tenant(connection, "main"))
    for days in range(1, 4):
        [placed] = shelf.publish(("refunds.md", f"A refund takes {days} days."))
        assert placed.number == days
        assert shelf.found("refund") == [f"A refund takes {days} days."]


def test_each_step_is_told_in_its_order(tmp_path):
    steps = []
    shelf = Shelf.open(tmp_path / "shelf", on_step=steps.append)
    shelf.publish(("refunds.md", OLD))
    shelf.publish(("refunds.md", NEW))
    assert steps == ["place", "index", "flip", "retire", "done", "place", "index", "flip", "retire", "settle", "done"]
    shelf.close()


def test_points_lost_by_the_index_are_written_again(folder):
    shelf = Shelf.open(folder)
    before = _served(shelf)
    shelf.index.delete("main", sorted(shelf.live_chunk_ids())[:1])
    assert shelf.publisher.recover("main", thorough=False) > 0
    assert shelf.index.ids("main") == shelf.live_chunk_ids()
    assert _served(shelf) == before
    shelf.close()


def test_a_lost_point_hidden_by_a_stranger_is_found_by_a_thorough_look(folder):
    shelf = Shelf.open(folder)
    [lost, *_] = sorted(shelf.live_chunk_ids())
    stranger = Point(9999, shelf.embedder.embed_query("refund"), "refund", ("public",), "", "")
    shelf.index.delete("main", [lost])
    shelf.index.upsert("main", [stranger])
    assert shelf.publisher.recover("main", thorough=True) > 0
    assert shelf.index.ids("main") == shelf.live_chunk_ids()
    shelf.close()


def test_the_whole_index_is_made_anew_when_its_folder_is_gone(folder):
    shelf = Shelf.open(folder)
    before = _served(shelf)
    shelf.index.drop("main")
    shelf.publisher.recover("main", thorough=False)
    assert shelf.index.ids("main") == shelf.live_chunk_ids()
    assert _served(shelf) == before
    shelf.close()


def _candidates(shelf, words):
    return shelf.index.search(
        "main", vector=shelf.embedder.embed_query(words), words=words, scope=Scope(("public",)), limit=50
    )


def test_a_rebuilt_index_gives_the_same_candidates_and_encodes_nothing(folder):
    shelf = Shelf.open(folder)
    shelf.publish(("refunds.md", NEW))
    words = ("refund", "gift voucher", "how many days", "account address", "")
    before = [_candidates(shelf, text) for text in words]
    encoded = len(shelf.embedder.texts)
    told = []
    points = shelf.publisher.rebuild("main", progress=lambda done, total: told.append((done, total)))
    assert points == len(shelf.live_chunk_ids())
    assert [_candidates(shelf, text) for text in words] == before
    assert len(shelf.embedder.texts) == encoded
    assert told == [(2, 2)]
    shelf.close()


def test_a_rebuild_is_possible_without_any_index_left(folder):
    shelf = Shelf.open(folder)
    before = [_candidates(shelf, text) for text in ("refund", "voucher")]
    shelf.close()
    shutil.rmtree(folder / "index")
    again = Shelf.open(folder)
    again.publisher.rebuild("main")
    assert [_candidates(again, text) for text in ("refund", "voucher")] == before
    again.close()


def test_recovering_a_tenant_that_has_nothing_does_nothing(shelf):
    assert shelf.publisher.recover("main", thorough=True) == 0
    assert shelf.publisher.rebuild("main") == 0


def test_publishing_nothing_changes_nothing(folder):
    shelf = Shelf.open(folder)
    before = shelf.states()
    assert shelf.publisher.publish("main", [], {}) == []
    assert shelf.publisher.withdraw("main", []) == []
    assert shelf.states() == before
    shelf.close()
