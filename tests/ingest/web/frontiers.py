"""What every frontier must do. A test module for another one imports these and gives a fixture `frontier`."""

from dataclasses import replace

from openbook.ingest.web import Entry, Outcome, Priority, Progress

A, B, C = (Entry(f"https://x.example/{name}") for name in "abc")


def test_entries_are_taken_by_priority_then_in_the_order_they_were_put(frontier):
    frontier.put([A, replace(B, priority=Priority.KNOWN), replace(C, priority=Priority.CHANGED)])
    assert [frontier.take().address[-1] for _ in range(3)] == ["c", "b", "a"]
    assert frontier.take() is None


def test_what_was_taken_still_waits_until_it_is_put_as_done(frontier):
    frontier.put([A, B])
    taken = frontier.take()
    assert frontier.progress() == Progress(done=0, total=2)
    frontier.put([replace(taken, is_waiting=False, outcome=Outcome.FETCHED, etag='"1"')])
    assert frontier.progress() == Progress(done=1, total=2)
    assert frontier.find(taken.address).etag == '"1"'
    assert frontier.find("https://x.example/nowhere") is None


def test_an_entry_that_is_put_again_is_taken_again_as_it_is_now(frontier):
    frontier.put([A, B])
    frontier.put([replace(frontier.take(), priority=Priority.SECOND_LOOK)])
    assert [frontier.take().priority for _ in range(2)] == [Priority.NEW, Priority.SECOND_LOOK]
    assert frontier.take() is None


def test_every_field_is_kept(frontier, now):
    whole = Entry(
        "https://x.example/a",
        is_waiting=True,
        priority=Priority.CHANGED,
        depth=3,
        asked="https://x.example/b",
        hops=2,
        is_listed=True,
        outcome=Outcome.UNCHANGED,
        reason="not changed",
        etag='W/"1"',
        last_modified="Mon, 02 Mar 2026 08:00:00 GMT",
        content_hash="1",
        text_hash="2",
        fingerprint="3",
        missing_since=now,
        checked_at=now,
    )
    frontier.put([whole])
    assert frontier.find(whole.address) == frontier.take() == whole
    assert list(frontier.entries()) == [whole]


def test_putting_nothing_changes_nothing(frontier):
    frontier.put([])
    assert frontier.progress() == Progress(done=0, total=0)
