"""Which documents may be out of date, and which of them does the most harm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from openbook.search.staleness import stale_documents
from openbook.types import Document

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FRESH = Document(
    id="doc_fresh",
    source_id="src_a",
    path="fresh.md",
    title="Fresh",
    version=1,
    kind="markdown",
    status="approved",
    audiences=("public",),
    locale="en",
    product="",
    url="",
    valid_from=None,
    valid_until=None,
    updated_at=NOW - timedelta(days=364),
    added_at=NOW,
    chunks=1,
)


def aged(path, days, **values):
    updated_at = None if days is None else NOW - timedelta(days=days)
    return replace(FRESH, path=path, updated_at=updated_at, **values)


def listed(*documents, **options):
    return stale_documents(documents, at=NOW, after_days=365, **options)


def test_only_what_may_be_out_of_date_is_listed():
    ageless, old = aged("ageless.md", None), aged("old.md", 365)
    over = replace(FRESH, path="over.md", valid_until=NOW)
    [first, second] = listed(FRESH, ageless, over, old)
    assert (first.document, first.age_days, first.reasons) == (old, 365, ("not changed for 365 days",))
    assert second.document == over
    assert second.reasons == ("valid only until 2026-03-02; it serves nobody",)


def test_what_many_answers_rest_on_comes_before_what_is_only_older():
    busy, old, older = aged("busy.md", 400, answers=9), aged("old.md", 700), aged("older.md", 2_000)
    found = listed(older, busy, old)
    assert [item.document.path for item in found] == ["busy.md", "older.md", "old.md"]
    assert found[0].damage > found[1].damage > found[2].damage > 0


def test_what_could_not_be_read_again_is_doubtful_whatever_its_age():
    ageless = aged("ageless.md", None)
    [first, second] = listed(FRESH, ageless, unread={"src_a"})
    assert first.reasons == ("its source was not read to its end the last time",)
    assert second.reasons == ("its source was not read to its end the last time", "nobody knows how old it is")
    assert (second.age_days, second.damage > 0) == (None, True)


def test_a_document_of_tomorrow_is_not_older_than_today():
    [item] = listed(aged("tomorrow.md", -1), unread={"src_a"})
    assert item.age_days == 0
