"""The life of a version in the tables: placed, live, retiring, settled; and what of it may be shown."""

from datetime import UTC, datetime, timedelta

import pytest

from openbook.stores import library
from openbook.stores.catalogue import get_version, list_versions
from openbook.stores.chunks import live_places, load_chunks
from openbook.stores.rows import counted
from stores.drafts import REFUNDS, drafted, published, read

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def placed_only(database, *drafts, tenant="main"):
    return database.write(lambda connection: library.place(connection, tenant, drafts))


def shown(database, placed, *, audiences=("public",), at=NOW, tenant="main"):
    """Which chunks of a placed version may be shown, in order."""
    return sorted(read(database, live_places, tenant, placed.chunk_ids, audiences=audiences, at=at))


def states(database, document_id):
    """The states of a document's versions, the oldest first."""
    return [version.state for version in reversed(read(database, list_versions, "main", document_id))]


def test_a_placed_version_is_written_whole_and_shown_to_nobody(database):
    [placed] = placed_only(database, drafted())
    assert shown(database, placed) == []
    version = read(database, get_version, "main", placed.document_id, 1)
    assert (version.state, version.source_text) == ("building", placed.draft.extract.text)
    assert version.chunks == placed.draft.chunks


def test_the_flip_shows_all_chunks_of_the_new_version_and_none_of_the_old(database):
    [old] = published(database, drafted())
    assert shown(database, old) == sorted(old.chunk_ids)
    [new] = placed_only(database, drafted(text=REFUNDS.replace("five", "nine")))
    assert shown(database, old) == sorted(old.chunk_ids)
    retiring = database.write(lambda connection: library.make_live(connection, "main", [new.pair]))
    assert retiring == [(old.document_id, 1)]
    assert shown(database, old) == []
    assert shown(database, new) == sorted(new.chunk_ids)
    assert states(database, new.document_id) == ["retiring", "live"]
    database.write(lambda connection: library.settle(connection, "main", retiring))
    assert states(database, new.document_id) == ["superseded", "live"]


def test_a_withdrawn_document_is_shown_no_more_and_can_come_back(database):
    [placed] = published(database, drafted())
    retiring = database.write(lambda connection: library.withdraw(connection, "main", [placed.document_id]))
    assert shown(database, placed) == []
    database.write(lambda connection: library.settle(connection, "main", retiring))
    assert states(database, placed.document_id) == ["withdrawn"]
    [again] = published(database, drafted())
    assert (again.document_id, again.number) == (placed.document_id, 2)
    assert shown(database, again) == sorted(again.chunk_ids)


def test_withdrawing_what_is_not_live_does_nothing(database):
    [placed] = placed_only(database, drafted())
    for name in (placed.document_id, "doc_none"):
        assert database.write(lambda connection, name=name: library.withdraw(connection, "main", [name])) == []
    assert states(database, placed.document_id) == ["building"]


def test_documents_are_told_apart_by_source_and_path(database):
    drafts = [drafted("a.md"), drafted("b.md"), drafted("a.md", source_id="src_other")]
    placed = published(database, *drafts)
    assert len({each.document_id for each in placed}) == 3
    assert [each.number for each in placed] == [1, 1, 1]


def test_chunk_ids_are_never_given_twice_within_a_tenant(database):
    given = [
        identifier for _ in range(3) for placed in published(database, drafted()) for identifier in placed.chunk_ids
    ]
    assert len(given) == len(set(given))
    [elsewhere] = published(database, drafted(), tenant="north")
    assert elsewhere.chunk_ids[0] == 1


def test_placing_nothing_is_nothing(database):
    assert placed_only(database) == []


def test_every_change_of_what_serves_advances_the_generation(database):
    seen = [read(database, counted, "main", "generation")]
    [placed] = placed_only(database, drafted())
    seen.append(read(database, counted, "main", "generation"))
    database.write(lambda connection: library.make_live(connection, "main", [placed.pair]))
    seen.append(read(database, counted, "main", "generation"))
    database.write(lambda connection: library.withdraw(connection, "main", [placed.document_id]))
    seen.append(read(database, counted, "main", "generation"))
    assert seen == [0, 0, 1, 2]


@pytest.mark.parametrize(
    ("audiences", "caller", "seen"),
    [
        (("public",), ("public",), True),
        (("internal",), ("public",), False),
        (("internal", "partners"), ("partners", "press"), True),
        (("public",), (), False),
    ],
)
def test_only_a_shared_audience_shows_a_chunk(database, audiences, caller, seen):
    [placed] = published(database, drafted(audiences=audiences))
    assert bool(shown(database, placed, audiences=caller)) is seen


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "seen"),
    [
        (None, None, True),
        (NOW, None, True),
        (NOW + DAY, None, False),
        (None, NOW + DAY, True),
        (None, NOW, False),
        (NOW - DAY, NOW + DAY, True),
        (NOW - 2 * DAY, NOW - DAY, False),
    ],
)
def test_only_what_is_valid_at_that_moment_is_shown(database, valid_from, valid_until, seen):
    [placed] = published(database, drafted(valid_from=valid_from, valid_until=valid_until))
    assert bool(shown(database, placed)) is seen


@pytest.mark.parametrize(("status", "seen"), [("approved", True), ("", True), ("draft", False), ("archived", False)])
def test_what_is_a_draft_or_archived_is_not_shown(database, status, seen):
    [placed] = published(database, drafted(status=status))
    assert bool(shown(database, placed)) is seen


def test_chunks_are_loaded_with_their_very_text_and_where_it_stands(database):
    [placed] = published(database, drafted(title="Refunds at a glance", url="https://shop.example/refunds"))
    found = read(database, load_chunks, "main", placed.chunk_ids)
    for identifier, chunk in zip(placed.chunk_ids, placed.draft.chunks, strict=True):
        stored = found[identifier]
        assert stored.chunk == chunk
        assert stored.text == chunk.span.of(placed.draft.extract.text)
        assert (stored.title, stored.path, stored.version) == ("Refunds at a glance", "refunds.md", 1)
        assert stored.url == "https://shop.example/refunds"


def test_a_text_beyond_the_basic_plane_keeps_its_offsets(database):
    [placed] = published(database, drafted(text="# Größe 🧥\n\nDie Jacke 🧥🧥 passt. Das 𝒳 bleibt.\n"))
    found = read(database, load_chunks, "main", placed.chunk_ids)
    whole = "\n".join(found[identifier].text for identifier in placed.chunk_ids)
    assert "Die Jacke 🧥🧥 passt. Das 𝒳 bleibt." in whole


def test_a_superseded_chunk_can_still_be_loaded_for_a_receipt(database):
    [old] = published(database, drafted())
    published(database, drafted(text="# Refunds\n\nNo refunds.\n"))
    assert "five working days" in read(database, load_chunks, "main", old.chunk_ids)[old.chunk_ids[0]].text


def test_another_tenant_sees_none_of_it(database):
    [placed] = published(database, drafted())
    assert shown(database, placed, tenant="north") == []
    assert read(database, load_chunks, "north", placed.chunk_ids) == {}
    assert read(database, get_version, "north", placed.document_id, 1) is None
    assert database.write(lambda connection: library.withdraw(connection, "north", [placed.document_id])) == []
    assert shown(database, placed) == sorted(placed.chunk_ids)
