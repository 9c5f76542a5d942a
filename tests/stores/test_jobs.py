"""The outbox: nothing is told that was undone, nothing is lost by a crash, and no words are kept."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from openbook.errors import NotFound, UserError
from openbook.stores.jobs import (
    JobState,
    count_jobs,
    fail_job,
    failed_jobs,
    finish_job,
    forget_done,
    give_back,
    has_due,
    put_job,
    retry_job,
    take_due,
)
from openbook.types import utc_now

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = 60


@pytest.fixture
def put(database):
    """Puts a job of tenant "main" that is due at noon, or as the options say."""

    def work(payload=None, *, tenant="main", kind="webhook", **options):
        job = partial(put_job, tenant=tenant, kind=kind, payload=payload or {"handoff_id": "hnd_1"})
        return database.write(partial(job, **({"run_at": NOON} | options)))

    return work


@pytest.fixture
def take(database):
    def work(now=NOON, *, owner="one", limit=10, kind=""):
        return database.write(partial(take_due, owner=owner, now=now, lease_seconds=LEASE, limit=limit, kind=kind))

    return work


def counted(database, tenant="main"):
    with database.read() as connection:
        return {state.value: count for state, count in count_jobs(connection, tenant).items() if count}


def seconds(number):
    return timedelta(seconds=number)


def test_a_job_waits_for_its_time_is_taken_once_and_is_done(database, put, take):
    job_id = put({"handoff_id": "hnd_1", "event": "handoff.alarm", "number": 2})
    assert take(NOON - seconds(1)) == []
    [job] = take()
    assert (job.id, job.tenant, job.kind, job.attempts) == (job_id, "main", "webhook", 0)
    assert job.payload == {"handoff_id": "hnd_1", "event": "handoff.alarm", "number": 2}
    assert (job.state, job.lease_owner) == (JobState.LEASED, "one")
    assert take(owner="two") == []
    database.write(partial(finish_job, job=job))
    assert counted(database) == {"done": 1}
    assert take(NOON + timedelta(days=400)) == []


def test_a_job_is_due_at_once_unless_told_otherwise(put, take):
    put(run_at=None)
    assert len(take(utc_now())) == 1


def test_what_is_undone_is_not_told(database, take):
    def work(connection):
        put_job(connection, "main", "webhook", {"handoff_id": "hnd_1"}, run_at=NOON)
        raise UserError("It was not so.", fix="Nothing.")

    with pytest.raises(UserError):
        database.write(work)
    assert take() == []


def test_a_key_gives_the_job_of_then_within_its_tenant(database, put):
    first = put(idempotency_key="alarm:1")
    assert put({"other": 1}, idempotency_key="alarm:1") == first
    assert put(idempotency_key="alarm:1", tenant="other") != first
    long = "k" * 500
    assert put(idempotency_key=long) == put(idempotency_key=long) != put(idempotency_key=long + "2")
    assert put(idempotency_key="") != put(idempotency_key="")
    assert counted(database) == {"pending": 5}


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "Where is my parcel?"},
        {"text": "two\nlines"},
        {"contact": "ann@mail.example"},
        {"Where is it": 1},
        {"ids": ["hnd_1"]},
        {"more": {"text": "a"}},
        {"text": "x" * 129},
    ],
)
def test_words_are_not_kept_in_a_job(database, put, payload):
    with pytest.raises(ValueError, match="no words"):
        put(payload)
    assert counted(database) == {}


def test_jobs_are_taken_in_the_order_in_which_they_came_due_up_to_the_limit(put, take):
    late, early, other = put(run_at=NOON), put(run_at=NOON - seconds(5)), put(run_at=NOON - seconds(1), kind="email")
    assert [job.id for job in take(limit=1)] == [early]
    assert [job.id for job in take(kind="email")] == [other]
    assert [job.id for job in take()] == [late]


def test_jobs_of_every_tenant_are_taken(put, take):
    put(tenant="one"), put(tenant="two")
    assert {job.tenant for job in take()} == {"one", "two"}


def test_a_look_says_whether_there_is_anything_to_take(database, put, take):
    def due(now, kind):
        with database.read() as connection:
            return has_due(connection, now=now, lease_seconds=LEASE, kind=kind)

    put()
    assert due(NOON, "webhook")
    assert not due(NOON - seconds(1), "webhook")
    assert not due(NOON, "email")
    take()
    assert not due(NOON, "webhook")
    assert due(NOON + seconds(LEASE), "webhook")


def test_a_job_that_failed_comes_back_at_its_time_with_one_attempt_more(database, put, take):
    put()
    [job] = take()
    database.write(partial(fail_job, job=job, error="it is closed", run_at=NOON + seconds(30)))
    assert take(NOON + seconds(29)) == []
    [again] = take(NOON + seconds(30))
    assert (again.id, again.attempts, again.error) == (job.id, 1, "it is closed")


def test_a_job_that_failed_for_good_is_listed_and_can_be_tried_anew(database, put, take):
    job_id = put()
    [job] = take()
    database.write(partial(fail_job, job=job, error="e" * 900))
    assert take(NOON + timedelta(days=400)) == []
    with database.read() as connection:
        [failed] = failed_jobs(connection, "main")
        assert failed_jobs(connection, "other") == []
    assert (failed.id, failed.attempts, failed.state, len(failed.error)) == (job_id, 1, JobState.FAILED, 500)
    database.write(partial(retry_job, tenant="main", job_id=job_id))
    [again] = take(utc_now())
    assert (again.id, again.attempts) == (job_id, 0)


def test_only_what_failed_for_good_can_be_tried_anew(database, put):
    job_id = put()
    with pytest.raises(UserError, match=f"The delivery {job_id} is pending; only one that failed for good"):
        database.write(partial(retry_job, tenant="main", job_id=job_id))
    with pytest.raises(NotFound, match="no delivery 'job_none'"):
        database.write(partial(retry_job, tenant="main", job_id="job_none"))
    with pytest.raises(NotFound, match="no delivery"):
        database.write(partial(retry_job, tenant="other", job_id=job_id))


def test_a_crash_gives_a_job_back_when_its_lease_ends_and_counts_as_an_attempt(put, take):
    put()
    take(owner="crashed")
    assert take(NOON + seconds(LEASE - 1), owner="two") == []
    [job] = take(NOON + seconds(LEASE), owner="two")
    assert (job.attempts, job.lease_owner) == (1, "two")


def test_a_lease_of_a_clock_that_was_set_back_does_not_hold_a_job_for_ever(put, take):
    put()
    take(NOON + timedelta(days=365), owner="from the future")
    [job] = take(NOON, owner="two")
    assert job.lease_owner == "two"


def test_who_lost_a_lease_cannot_spoil_the_attempt_of_who_has_it(database, put, take):
    put()
    [slow] = take(owner="slow")
    [job] = take(NOON + seconds(LEASE), owner="quick")
    database.write(partial(fail_job, job=slow, error="late", run_at=NOON))
    database.write(partial(give_back, job=slow))
    assert take(NOON + seconds(LEASE), owner="three") == []
    database.write(partial(finish_job, job=job))
    database.write(partial(fail_job, job=slow, error="late"))
    assert counted(database) == {"done": 1}


def test_a_lease_that_was_lost_to_oneself_or_given_back_is_lost_as_well(put, take, database):
    put()
    [slow] = take(owner="same")
    [again] = take(NOON + seconds(LEASE), owner="same")
    database.write(partial(give_back, job=slow))
    assert take(NOON + seconds(LEASE), owner="three") == []
    database.write(partial(give_back, job=again))
    take(NOON + seconds(LEASE), owner="other")
    database.write(partial(give_back, job=again))
    assert take(NOON + seconds(LEASE), owner="three") == []


def test_what_was_told_after_the_lease_was_lost_was_told(database, put, take):
    put()
    [slow] = take(owner="slow")
    take(NOON + seconds(LEASE), owner="quick")
    database.write(partial(finish_job, job=slow))
    assert counted(database) == {"done": 1}


def test_an_attempt_that_was_broken_off_does_not_count(database, put, take):
    put()
    [job] = take()
    database.write(partial(give_back, job=job))
    [again] = take()
    assert (again.id, again.attempts) == (job.id, 0)


def test_jobs_that_are_done_are_forgotten_after_a_while_and_others_never(database, put, take):
    put(idempotency_key="same")
    [job] = take()
    put()
    database.write(partial(finish_job, job=job))
    assert database.write(partial(forget_done, before=utc_now() - timedelta(days=1))) == 0
    assert database.write(partial(forget_done, before=utc_now() + timedelta(days=1))) == 1
    assert counted(database) == {"pending": 1}
    assert put(idempotency_key="same") != job.id
