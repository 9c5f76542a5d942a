"""Reading sources again by itself: when, what is left out, and that nothing stops it but the end."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from openbook.server.readings import Readings
from openbook.server.schedule import Schedule, is_due
from openbook.stores.schema import sources
from openbook.types import Source, SourceOptions, utc_now

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATIENCE_SECONDS = 30


def source(*, kind="folder", every=0, synced=NOON):
    return Source("src_1", "/a", kind, (), "", "", "", 0, NOON, synced, options=SourceOptions(every_minutes=every))


@pytest.mark.parametrize(
    ("one", "usual", "after", "due"),
    [
        (source(), 0, 10_000, False),
        (source(), 30, 29, False),
        (source(), 30, 30, True),
        (source(every=60), 30, 30, False),
        (source(every=60), 0, 60, True),
        (source(kind="sent"), 30, 10_000, False),
        (source(synced=None), 30, 30, True),
    ],
)
def test_a_source_is_due_when_its_time_has_passed(one, usual, after, due):
    assert is_due(one, NOON + timedelta(minutes=after), usual_minutes=usual) is due


@pytest.fixture
def schedule(workshop):
    return Schedule(workshop, Readings(workshop, closing=threading.Event()), look_seconds=0.01)


@pytest.fixture
def hourly(workshop, articles):
    """A folder that is due after an hour."""
    folder = articles(maps="# Maps\n\nA map costs 6 pounds.")
    [source_id] = workshop.add(folder, options=SourceOptions(every_minutes=60)).source_ids
    yield source_id, folder
    workshop.remove(source_id)


def kept(workshop, source_id):
    return next(item for item in workshop.sources() if item.id == source_id)


def test_what_is_due_is_read_and_the_rest_is_not(workshop, schedule, hourly):
    source_id, folder = hourly
    (folder / "globes.md").write_text("# Globes\n\nA globe costs 25 pounds.", "utf-8")
    assert schedule.read_due(utc_now()) == 0
    assert schedule.read_due(utc_now() + timedelta(hours=2)) >= 1
    assert kept(workshop, source_id).documents == 2


def test_a_source_that_is_gone_keeps_its_documents_and_the_next_is_read(workshop, schedule, hourly, tmp_path):
    source_id, folder = hourly
    folder.rename(tmp_path / "elsewhere")
    schedule.read_due(utc_now() + timedelta(hours=2))
    assert "nothing at" in kept(workshop, source_id).notice
    assert kept(workshop, source_id).documents == 1
    (tmp_path / "elsewhere").rename(folder)
    schedule.read_due(utc_now() + timedelta(hours=4))
    assert kept(workshop, source_id).notice == ""


@pytest.fixture
def failing(workshop):
    """Publishing fails until this is called."""

    def fail(_):
        raise RuntimeError("the disk is on fire")

    publisher, before = workshop.parts.publisher, workshop.parts.publisher.on_step
    publisher.on_step = fail

    def mend():
        publisher.on_step = before

    yield mend
    mend()


def test_a_failure_that_nobody_expected_is_in_the_notice_and_stops_nothing(workshop, schedule, hourly, failing, caplog):
    source_id, folder = hourly
    (folder / "maps.md").write_text("# Maps\n\nA map costs 7 pounds.", "utf-8")
    assert schedule.read_due(utc_now() + timedelta(hours=2)) >= 1
    notice = kept(workshop, source_id).notice
    assert "Reference: err_" in notice and "on fire" not in notice
    assert "on fire" in caplog.text
    failing()
    schedule.read_due(utc_now() + timedelta(hours=4))
    assert kept(workshop, source_id).notice == ""


def test_a_source_that_somebody_else_reads_is_left_to_them(workshop, hourly):
    source_id, _ = hourly
    held = kept(workshop, source_id)
    readings = Readings(workshop, closing=threading.Event())
    told, go_on = threading.Event(), threading.Event()

    def tell(_):
        told.set()
        go_on.wait(PATIENCE_SECONDS)

    reading = threading.Thread(target=readings.sync, args=("main", held), kwargs={"tell": tell})
    reading.start()
    assert told.wait(PATIENCE_SECONDS)
    before = kept(workshop, source_id)
    elsewhere = Schedule(workshop, Readings(workshop, closing=threading.Event()))
    elsewhere.read_due(utc_now() + timedelta(hours=2))
    assert kept(workshop, source_id) == before
    go_on.set()
    reading.join(PATIENCE_SECONDS)


def test_its_thread_reads_what_is_due_and_ends_when_it_is_told(workshop, schedule, hourly):
    source_id, folder = hourly
    (folder / "charts.md").write_text("# Charts\n\nA chart costs 8 pounds.", "utf-8")
    long_ago = update(sources).where(sources.c.id == source_id).values(synced_at=utc_now() - timedelta(hours=2))
    workshop.parts.database.write(lambda connection: connection.execute(long_ago))
    schedule.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while kept(workshop, source_id).documents < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert kept(workshop, source_id).documents == 2
    schedule.stop()
    assert schedule.read_due(utc_now() + timedelta(hours=2)) == 0
