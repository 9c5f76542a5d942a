"""Documents that are sent rather than found, by callers with audiences of their own, for tenants strictly apart."""

from datetime import UTC, datetime

import pytest

from openbook.errors import NotAllowed, NotFound, ReadError
from openbook.stores import catalogue, library
from openbook.types import Metadata
from search.shelf import REFUNDS, SECRET, add, write


def test_what_is_sent_is_served_and_replaced_by_the_same_path(shelf):
    first = shelf.put("refunds.md", REFUNDS)
    again = shelf.put("refunds.md", REFUNDS)
    second = shelf.put("refunds.md", REFUNDS.replace("three", "nine"))
    assert [first.outcome, again.outcome, second.outcome] == ["read", "unchanged", "read"]
    assert first.document_id == again.document_id == second.document_id
    assert second.version == 2
    assert "nine days" in " ".join(shelf.found("refund"))


def test_an_audience_that_is_not_allowed_is_refused_wherever_it_is_said(shelf):
    for text, defaults in (
        (REFUNDS, Metadata(audiences=("staff",))),
        (f"---\naudience: staff\n---\n{REFUNDS}", Metadata()),
        (f"---\naudience: staff\n---\n{REFUNDS}", Metadata(audiences=("public",))),
        (f"---\naudience: [public, staff]\n---\n{REFUNDS}", Metadata()),
    ):
        with pytest.raises(NotAllowed, match="'staff', which is not open to you"):
            shelf.put("refunds.md", text, defaults=defaults, allowed=("public",))
    assert shelf.paths() == []


def test_being_public_must_be_allowed_as_well(shelf):
    with pytest.raises(NotAllowed, match="'public'"):
        shelf.put("refunds.md", REFUNDS, allowed=("partner",))
    assert shelf.put("refunds.md", REFUNDS, defaults=Metadata(audiences=("partner",)), allowed=("partner",))


def test_nobody_allowed_means_no_document(shelf):
    with pytest.raises(NotAllowed):
        shelf.put("refunds.md", REFUNDS, allowed=())


def test_a_sent_document_that_cannot_be_read_leaves_the_last_good_one(shelf):
    shelf.put("refunds.html", f"<p>{SECRET}</p>")
    with pytest.raises(ReadError):
        shelf.put("refunds.html", "\x00\x01\x02" * 100)
    assert SECRET in shelf.found("quokka lantern")[0]


def test_a_sync_leaves_sent_documents_alone(shelf):
    shelf.put("refunds.md", REFUNDS)
    assert shelf.sync.sync("main").files == ()
    assert shelf.paths() == ["refunds.md"]


def test_a_sent_document_can_be_removed_and_sent_again(shelf):
    shelf.put("refunds.md", REFUNDS)
    shelf.removal.remove("main", "refunds.md")
    assert shelf.paths() == []
    assert shelf.put("refunds.md", REFUNDS).outcome == "read"
    assert shelf.paths() == ["refunds.md"]


def test_tenants_are_apart(shelf, articles):
    write(articles, refunds=REFUNDS)
    add(shelf, articles)
    add(shelf, articles, tenant="other")
    [mine], [theirs] = shelf.search("refund"), shelf.search("refund", tenant="other")
    assert mine.document_id != theirs.document_id
    shelf.removal.remove("other", "refunds.md", erase=True)
    assert shelf.paths("other") == []
    assert shelf.search("refund", tenant="other") == ()
    assert shelf.search("refund") == (mine,)


def test_another_tenants_document_cannot_be_removed(shelf):
    sent = shelf.put("refunds.md", REFUNDS, tenant="other")
    for name in (sent.document_id, "refunds.md"):
        with pytest.raises(NotFound):
            shelf.removal.remove("main", name, erase=True)
    assert shelf.paths("other") == ["refunds.md"]


def test_a_documents_time_is_kept_to_the_second_it_says(shelf):
    shelf.put("refunds.md", f"---\nupdated_at: 2026-02-01T12:30:00+02:00\n---\n{REFUNDS}")
    [hit] = shelf.search("refund")
    assert hit.updated_at == datetime(2026, 2, 1, 10, 30, tzinfo=UTC)


def test_a_text_with_characters_no_database_keeps_is_served_with_true_offsets(shelf):
    shelf.put("odd.md", "# Odd \U0001f600\n\nA \u202erefund\u202c costs 4 € — 𝔸 lot.\n\nÜber it: naïve.")
    for hit in shelf.search("refund costs"):
        with shelf.database.read() as connection:
            version = catalogue.get_version(connection, "main", hit.document_id, hit.version)
        assert version.source_text[hit.start : hit.end] == hit.text


def test_chunk_ids_are_never_given_twice(shelf):
    seen = set()
    for days in range(3):
        shelf.put("refunds.md", f"A refund takes {days} days.")
        ids = shelf.live_chunk_ids()
        assert not ids & seen
        seen |= ids
    with shelf.database.read() as connection:
        assert library.versions_in(connection, "main", "building") == []
