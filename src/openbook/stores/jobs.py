"""The outbox: what is to be told outside, put down in the transaction in which it happened, told later.

A job names things by their ids and holds no words: those are read when it is told, so that an erasure
reaches what still waits. Whoever tells takes a lease; a crash gives the job back when the lease ends, so
a job is told at least once. Knows no receiver, and no clock but the one it is handed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from openbook.errors import NotFound, UserError
from openbook.hashing import hash_text
from openbook.stores.ids import new_id
from openbook.stores.rows import insert_missing
from openbook.stores.schema import jobs, tenants
from openbook.stores.tenants import ensure_tenant
from openbook.types import Record, utc_now

_NAME = re.compile(r"[\w.:-]{0,128}", re.ASCII)
_LONGEST_KEY = 128
_LONGEST_ERROR = 500


class JobState(StrEnum):
    """Where a job is."""

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job(Record):
    """Something that is to be told.

    Attributes:
        kind: Who tells it, such as "webhook" or "email".
        payload: Ids and names of events; never words.
        attempts: How often it was tried in vain.
        run_at: Not before.
        error: Why the last attempt was in vain; empty before one was.
        lease_owner: Who has it at present; empty for nobody.
    """

    tenant: str
    id: str
    kind: str
    payload: dict[str, Any]
    state: JobState
    attempts: int
    run_at: datetime
    error: str
    created_at: datetime
    updated_at: datetime
    lease_owner: str = ""


def put_job(
    connection: Connection,
    tenant: str,
    kind: str,
    payload: Mapping[str, Any],
    *,
    run_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> str:
    """Puts a job down and returns its id; a key that was used before gives the job of then, and adds none.

    Args:
        connection: Of the transaction in which it happens: what is undone is not told.
        tenant: Whose it is.
        kind: Who is to tell it.
        payload: Numbers, ids and names, flat: what looks like words is refused.
        run_at: Not before; at once by default.
        idempotency_key: Makes it unique within the tenant, for as long as the job is kept.

    Raises:
        ValueError: The payload holds something else, which would outlive an erasure.
    """
    plain = _checked(payload)
    ensure_tenant(connection, tenant)  # whose jobs are looked for
    now = utc_now()
    key = idempotency_key or None
    if key is not None and len(key) > _LONGEST_KEY:
        key = hash_text(key)
    row = {
        "tenant": tenant,
        "id": new_id("job"),
        "kind": kind,
        "payload": plain,
        "state": JobState.PENDING.value,
        "attempts": 0,
        "idempotency_key": key,
        "run_at": run_at or now,
        "error": "",
        "created_at": now,
        "updated_at": now,
    }
    if key is None:
        connection.execute(insert(jobs).values(row))
        return str(row["id"])
    insert_missing(connection, jobs, [row])
    same = select(jobs.c.id).where(jobs.c.tenant == tenant, jobs.c.idempotency_key == key)
    return str(connection.execute(same).scalar_one())


def has_due(connection: Connection, *, now: datetime, lease_seconds: float, kind: str = "") -> bool:
    """Whether `take_due` would find any: a look that writes nothing."""
    query = select(jobs.c.id).where(*_due(now, lease_seconds, kind)).limit(1)
    return connection.execute(query).first() is not None


def take_due(
    connection: Connection, *, owner: str, now: datetime, lease_seconds: float, limit: int, kind: str = ""
) -> list[Job]:
    """Takes jobs whose time has come, of all tenants, the longest due first.

    A job whose lease ended comes back with one attempt more: whoever had it never said how it went.

    Args:
        connection: Of a transaction that writes.
        owner: Who takes them; a name that no other taker has.
        now: The present moment.
        lease_seconds: For how long they are the owner's; the same for all owners of a kind.
        limit: The most that are taken.
        kind: Only jobs of this kind; empty for all.
    """
    query = select(jobs).where(*_due(now, lease_seconds, kind)).order_by(jobs.c.run_at, jobs.c.id).limit(limit)
    rows = connection.execute(query.with_for_update(skip_locked=True)).all()
    until = now + timedelta(seconds=lease_seconds)
    return [_lease(connection, row, owner, until) for row in rows]


def finish_job(connection: Connection, job: Job) -> None:
    """Notes that a job was told, or that there was nothing left to tell."""
    values = {"state": JobState.DONE.value, "error": "", "lease_owner": None, "lease_until": None}
    connection.execute(update(jobs).where(*_this(job)).values(updated_at=utc_now(), **values))


def fail_job(connection: Connection, job: Job, *, error: str, run_at: datetime | None = None) -> None:
    """Notes that an attempt was in vain, unless the lease was lost and somebody else has the job.

    Args:
        connection: Of a transaction that writes.
        job: As it was taken.
        error: Why, for the owner; without words of customers.
        run_at: When it is tried again; None: it failed for good.
    """
    state = JobState.FAILED if run_at is None else JobState.PENDING
    values = {"state": state.value, "attempts": job.attempts + 1, "error": error[:_LONGEST_ERROR]}
    _let_go(connection, job, run_at=run_at or job.run_at, **values)


def give_back(connection: Connection, job: Job) -> None:
    """Puts a job back as it was before it was taken: the attempt was broken off and does not count."""
    _let_go(connection, job, state=JobState.PENDING.value)


def count_jobs(connection: Connection, tenant: str) -> dict[JobState, int]:
    """How many jobs a tenant has in each state; of those that are done, only those still kept."""
    query = select(jobs.c.state, func.count()).where(jobs.c.tenant == tenant).group_by(jobs.c.state)
    found = {row[0]: row[1] for row in connection.execute(query)}
    return {state: int(found.get(state.value, 0)) for state in JobState}


def failed_jobs(connection: Connection, tenant: str, *, limit: int = 100) -> list[Job]:
    """The jobs that failed for good, the last one first."""
    query = select(jobs).where(jobs.c.tenant == tenant, jobs.c.state == JobState.FAILED.value)
    return [_job(row) for row in connection.execute(query.order_by(jobs.c.updated_at.desc(), jobs.c.id).limit(limit))]


def retry_job(connection: Connection, tenant: str, job_id: str) -> None:
    """Lets a job that failed for good be tried anew, with all its attempts.

    Raises:
        NotFound: There is no such job.
        UserError: It did not fail for good.
    """
    mine = (jobs.c.tenant == tenant, jobs.c.id == job_id)
    state = connection.execute(select(jobs.c.state).where(*mine)).scalar()
    if state is None:
        raise NotFound(f"There is no delivery {job_id[:200]!r}.", fix="Look at the list of failed deliveries again.")
    if state != JobState.FAILED.value:
        raise UserError(
            f"The delivery {job_id} is {state}; only one that failed for good can be tried anew.",
            fix="Look at the list of failed deliveries again.",
        )
    now = utc_now()
    values = {"state": JobState.PENDING.value, "attempts": 0, "run_at": now, "updated_at": now}
    connection.execute(update(jobs).where(*mine).values(values))


def forget_done(connection: Connection, *, before: datetime) -> int:
    """Takes out jobs that were done before a moment, with their idempotency keys; returns how many."""
    done = (jobs.c.state == JobState.DONE.value, jobs.c.updated_at < before)
    return connection.execute(delete(jobs).where(*done)).rowcount


def _due(now: datetime, lease_seconds: float, kind: str) -> tuple[ColumnElement[bool], ...]:
    """A lease that ends later than any that could be taken now is of a clock that was set back: it is over too."""
    beyond = now + 2 * timedelta(seconds=lease_seconds)
    free = or_(
        jobs.c.state == JobState.PENDING.value,
        jobs.c.lease_until <= now,
        jobs.c.lease_until > beyond,
    )
    indexed = (
        jobs.c.tenant.in_(select(tenants.c.tenant)),
        jobs.c.state.in_([JobState.PENDING.value, JobState.LEASED.value]),
        jobs.c.run_at <= now,
    )
    return (*indexed, free, jobs.c.kind == kind) if kind else (*indexed, free)


def _lease(connection: Connection, row: Row[Any], owner: str, until: datetime) -> Job:
    attempts = row.attempts + (row.state == JobState.LEASED.value)
    values = {"state": JobState.LEASED.value, "attempts": attempts, "lease_owner": owner, "lease_until": until}
    this = (jobs.c.tenant == row.tenant, jobs.c.id == row.id)
    connection.execute(update(jobs).where(*this).values(updated_at=utc_now(), **values))
    return _job(connection.execute(select(jobs).where(*this)).one())


def _let_go(connection: Connection, job: Job, **values: Any) -> None:
    """Ends a lease, if it is still the one under which the job was taken."""
    held = (
        jobs.c.state == JobState.LEASED.value,
        jobs.c.lease_owner == job.lease_owner,
        jobs.c.attempts == job.attempts,
    )
    change = update(jobs).where(*_this(job), *held)
    connection.execute(change.values(lease_owner=None, lease_until=None, updated_at=utc_now(), **values))


def _this(job: Job) -> tuple[ColumnElement[bool], ...]:
    return jobs.c.tenant == job.tenant, jobs.c.id == job.id


def _checked(payload: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in payload.items():
        is_name = isinstance(value, str) and _NAME.fullmatch(value)
        if not (_NAME.fullmatch(name) and (is_name or value is None or isinstance(value, int | float))):
            raise ValueError(f"the payload of a job holds ids and numbers, no words; {name!r} holds something else")
    return dict(payload)


def _job(row: Row[Any]) -> Job:
    return Job(
        tenant=row.tenant,
        id=row.id,
        kind=row.kind,
        payload=row.payload,
        state=JobState(row.state),
        attempts=row.attempts,
        run_at=row.run_at,
        error=row.error,
        created_at=row.created_at,
        updated_at=row.updated_at,
        lease_owner=row.lease_owner or "",
    )
