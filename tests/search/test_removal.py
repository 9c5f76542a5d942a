"""Removing and erasing: what is taken out serves no more, and what is erased is in no file any more."""

import threading

import pytest
from sqlalchemy import event, select

from openbook.errors import Busy, NotFound
from openbook.stores import catalogue, library
from openbook.stores.points import stored_points
from openbook.stores.schema import vectors
from openbook.stores.sightings import get_sightings
from search.shelf import REFUNDS, SECRET, SHIPPING, add, outcomes, reason, write


def test_a_removed_document_is_found_no_more_and_the_receipt_proves_it(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    add(shelf, articles)
    receipt = shelf.removal.remove("main", "refunds.md")
    assert len(receipt.documents) == 1
    assert (receipt.versions_withdrawn, receipt.chunks_removed) == (1, 1)
    assert (receipt.live_versions_left, receipt.index_points_left) == (0, 0)
    assert (receipt.erased, receipt.texts_left > 0) == (False, True)
    assert shelf.paths() == ["shipping.md"]
    assert all(hit.path == "shipping.md" for hit in shelf.search("refund"))


def test_a_sync_does_not_bring_back_what_was_removed_by_hand(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    add(shelf, articles)
    shelf.removal.remove("main", "refunds.md")
    write(articles, refunds=REFUNDS.replace("three", "nine"))
    report = shelf.sync.sync("main")
    assert outcomes(report)["refunds.md"] == "skipped"
    assert "add this file by name" in reason(report, "refunds.md")
    assert shelf.paths() == ["shipping.md"]


def test_adding_a_removed_file_by_name_brings_it_back_for_good(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    add(shelf, articles)
    shelf.removal.remove("main", "refunds.md")
    add(shelf, articles / "refunds.md")
    assert shelf.paths() == ["refunds.md", "shipping.md"]
    assert outcomes(shelf.sync.sync("main")) == {"refunds.md": "unchanged", "shipping.md": "unchanged"}
    assert len(shelf.sources()) == 1


def test_a_removed_file_that_is_a_source_of_its_own_comes_back_in_the_same_way(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles / "refunds.md")
    shelf.removal.remove("main", "refunds.md")
    assert outcomes(shelf.sync.sync("main")) == {"refunds.md": "skipped"}
    assert outcomes(add(shelf, articles / "refunds.md")) == {"refunds.md": "read"}
    assert shelf.paths() == ["refunds.md"]


def test_a_hidden_file_added_by_name_in_a_known_folder_is_passed_over_in_words(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    (articles / ".notes.md").write_text(SHIPPING, "utf-8")
    report = add(shelf, articles / ".notes.md")
    assert outcomes(report) == {".notes.md": "skipped"}
    assert "hidden" in reason(report, ".notes.md")
    assert shelf.paths() == ["refunds.md"]


def test_a_document_is_removed_by_its_id_its_place_or_its_address(shelf, articles):
    text = f"---\nurl: https://shop.example/refunds\n---\n{REFUNDS}"
    for name in ("id", str(articles / "refunds.md"), "https://shop.example/refunds"):
        write(articles, refunds=text, shipping=SHIPPING)
        add(shelf, articles)
        [file] = [item for item in add(shelf, articles / "refunds.md").files if item.path == "refunds.md"]
        receipt = shelf.removal.remove("main", file.document_id if name == "id" else name)
        assert receipt.documents == (file.document_id,)
        assert shelf.paths() == ["shipping.md"]


def test_removing_a_source_removes_its_documents_and_nothing_else(shelf, articles, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    write(articles, refunds=REFUNDS)
    write(other, shipping=SHIPPING)
    add(shelf, articles)
    add(shelf, other)
    receipt = shelf.removal.remove("main", str(articles))
    assert receipt.versions_withdrawn == 1
    assert shelf.paths() == ["shipping.md"]
    assert [source.location for source in shelf.sources()] == [str(other)]
    assert outcomes(shelf.sync.sync("main")) == {"shipping.md": "unchanged"}


def test_of_a_removed_source_nothing_that_was_seen_is_remembered(shelf, articles, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    write(articles, refunds=REFUNDS)
    write(other, shipping=SHIPPING)
    [removed], [kept] = add(shelf, articles).source_ids, add(shelf, other).source_ids
    shelf.removal.remove("main", removed)
    with shelf.database.read() as connection:
        seen = [get_sightings(connection, "main", source) for source in (removed, kept)]
    assert [list(names) for names in seen] == [[], ["shipping.md"]]


def test_a_removed_source_can_be_added_again(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    shelf.removal.remove("main", str(articles))
    assert outcomes(add(shelf, articles)) == {"refunds.md": "read"}
    assert shelf.search("refund")[0].path == "refunds.md"


def test_removing_what_is_unknown_is_named_with_the_commands_that_list(shelf):
    with pytest.raises(NotFound, match="No live document or source is called 'nothing'") as caught:
        shelf.removal.remove("main", "nothing")
    assert "openbook documents" in caught.value.fix


def test_what_was_removed_cannot_be_removed_again_but_can_still_be_erased(shelf, articles):
    write(articles, refunds=REFUNDS, shipping=SHIPPING)
    add(shelf, articles)
    shelf.removal.remove("main", "refunds.md")
    with pytest.raises(NotFound):
        shelf.removal.remove("main", "refunds.md")
    assert shelf.removal.remove("main", "refunds.md", erase=True).texts_left == 0


def _bytes_on_disk(shelf, pattern="openbook.db*"):
    """Everything that the database's files hold, the log included."""
    return b"".join(place.read_bytes() for place in sorted(shelf.folder.rglob(pattern)) if place.is_file())


@pytest.fixture
def secret(shelf, articles):
    """A shelf with one article that holds the secret in two versions, and one that does not."""
    for days in ("three", "nine"):
        write(articles, secret=f"# {SECRET}\n\n{SECRET} It takes {days} days.", shipping=SHIPPING)
        add(shelf, articles)
    return shelf


def _holds_the_secret(shelf):
    return SECRET.encode() in _bytes_on_disk(shelf)


def _vectors(shelf):
    """The hashes of every text that has a vector."""
    with shelf.database.read() as connection:
        return set(connection.execute(select(vectors.c.text_hash)).scalars())


def _live_points(shelf):
    with shelf.database.read() as connection:
        live = library.versions_in(connection, "main", "live")
        return [point for pair in live for point in stored_points(connection, "main", pair)]


def test_erasing_leaves_no_byte_of_the_text_on_disk(secret):
    assert _holds_the_secret(secret)
    receipt = secret.removal.remove("main", "secret.md", erase=True)
    assert (receipt.versions_withdrawn, receipt.chunks_removed, receipt.searches_that_find_it) == (1, 1, 0)
    assert (receipt.erased, receipt.texts_left, receipt.index_points_left) == (True, 0, 0)
    assert (receipt.live_versions_left, receipt.vectors_left) == (0, 0)
    assert _vectors(secret) == {item.embedding_hash for item in _live_points(secret)}
    assert not _holds_the_secret(secret)
    assert b"quokka" not in _bytes_on_disk(secret, "*")


def test_erasing_leaves_the_vectors_of_what_still_lives_and_no_others(secret):
    secret.removal.remove("main", "secret.md", erase=True)
    secret.embedder.texts.clear()
    before = secret.search("parcel")
    secret.publisher.rebuild("main")
    assert secret.embedder.texts == []
    assert [hit.dense for hit in secret.search("parcel")] == [hit.dense for hit in before]


def test_a_document_that_was_withdrawn_before_can_be_erased(secret):
    secret.removal.remove("main", "secret.md")
    assert _holds_the_secret(secret)
    receipt = secret.removal.remove("main", "secret.md", erase=True)
    assert len(receipt.documents) == 1
    assert receipt.texts_left == 0
    assert not _holds_the_secret(secret)


def test_erasing_a_whole_source_erases_every_document_of_it(secret, articles):
    receipt = secret.removal.remove("main", str(articles), erase=True)
    assert len(receipt.documents) == 2
    assert receipt.texts_left == 0
    assert not _holds_the_secret(secret)
    assert b"A parcel takes two days" not in _bytes_on_disk(secret)


def test_erasing_waits_for_whoever_still_reads_the_older_state(secret):
    reading, leave = threading.Event(), threading.Event()

    def read():
        with secret.database.read() as reader:
            catalogue.list_documents(reader, "main")
            reading.set()
            leave.wait(timeout=60)

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait(timeout=60)
    threading.Timer(0.2, leave.set).start()
    secret.removal.remove("main", "secret.md", erase=True)
    reader.join(timeout=60)
    assert not _holds_the_secret(secret)


def test_an_erasure_that_somebody_holds_up_says_so_and_is_finished_by_doing_it_again(secret):
    @event.listens_for(secret.database.engine, "checkout")
    def soon(connection, *_):
        connection.execute("PRAGMA busy_timeout = 50")

    with secret.database.read() as reader:
        catalogue.list_documents(reader, "main")
        with pytest.raises(Busy, match="may still be in the log") as caught:
            secret.removal.remove("main", "secret.md", erase=True)
    assert "again" in caught.value.fix
    assert secret.removal.remove("main", "secret.md", erase=True).texts_left == 0
    assert not _holds_the_secret(secret)


def test_the_same_sentence_in_another_document_outlives_an_erasure(secret, articles):
    write(articles, copy=f"# Copy\n\n{SECRET}")
    add(secret, articles)
    secret.removal.remove("main", "secret.md", erase=True)
    assert secret.search("quokka lantern")[0].path == "copy.md"
    assert SECRET in secret.search("quokka lantern")[0].text


def test_an_erased_version_still_stands_in_history_without_its_words(secret):
    receipt = secret.removal.remove("main", "secret.md", erase=True)
    versions = secret.versions(receipt.documents[0])
    assert [(version.number, version.source_text, version.title) for version in versions] == [
        (1, None, ""),
        (2, None, ""),
    ]


def test_an_erased_document_does_not_come_back_with_a_sync(secret):
    secret.removal.remove("main", "secret.md", erase=True)
    assert outcomes(secret.sync.sync("main"))["secret.md"] == "skipped"
    assert not _holds_the_secret(secret)
