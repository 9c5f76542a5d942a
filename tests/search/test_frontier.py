"""The crawl that is kept in the tables: all that every frontier must do, and what another process finds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.web.frontiers import *  # noqa: F403
from openbook.ingest.web import Entry, Outcome, Priority, Progress
from openbook.search.frontier import StoredFrontier
from openbook.stores.tenants import ensure_tenant

A, B, C = (Entry(f"https://x.example/{name}") for name in "abc")


@pytest.fixture
def now():
    return datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def opened(shelf):
    """Opens the frontier anew, as the next process would."""
    shelf.database.write(lambda connection: ensure_tenant(connection, "main"))
    return lambda rules="": StoredFrontier(shelf.database, "main", "src_site", rules=rules)


@pytest.fixture
def frontier(opened):
    return opened()


def test_the_next_process_finds_every_field_of_every_entry(opened, now):
    whole = Entry(
        f"https://x.example/{'long-' * 400}",
        is_waiting=False,
        priority=Priority.SECOND_LOOK,
        depth=3,
        asked="https://x.example/b",
        hops=2,
        is_listed=True,
        outcome=Outcome.GONE,
        reason="the server answered 404",
        etag='W/"1"',
        last_modified="Mon, 02 Mar 2026 08:00:00 GMT",
        content_hash="1",
        text_hash="2",
        fingerprint="3",
        missing_since=now,
        checked_at=now,
    )
    first = opened()
    first.put([whole, A])
    first.flush()
    assert {entry.address: entry for entry in opened().entries()} == {whole.address: whole, A.address: A}


def test_after_a_kill_only_what_was_written_down_counts_as_done(opened):
    first = opened()
    first.put([A, B, C])
    first.put([replace(A, is_waiting=False, outcome=Outcome.FETCHED)])
    first.flush()
    first.put([replace(B, is_waiting=False, outcome=Outcome.FETCHED)])
    second = opened()
    assert second.progress() == Progress(done=1, total=3)
    assert {second.take().address, second.take().address} == {B.address, C.address}


def test_much_is_written_down_by_itself(opened, shelf):
    first = opened()
    first.put(Entry(f"https://x.example/{number}") for number in range(2_500))
    assert opened().progress().total == 2_500


def test_under_other_rules_a_page_is_asked_for_in_full(opened):
    seen = replace(A, etag='"1"', last_modified="x", content_hash="1", text_hash="2", outcome=Outcome.FETCHED)
    first = opened("old")
    first.put([seen])
    first.flush()
    assert opened("old").find(A.address) == seen
    assert opened("new").find(A.address) == replace(seen, etag="", last_modified="", content_hash="")
