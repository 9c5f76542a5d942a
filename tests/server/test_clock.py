"""The clock: every duty for every tenant, faults that stop nothing, and stored moments that outlive every jump."""

import logging
import threading
from datetime import timedelta
from functools import partial

import pytest

from openbook.server.clock import Clock
from openbook.stores import handoffs
from openbook.stores.conversations import open_conversation
from openbook.stores.facts import FactKind, facts_of
from openbook.stores.tenants import ensure_tenant
from server.outbox import NOON, PATIENCE_SECONDS, eventually, opened_outbox

MINUTES = timedelta(minutes=1)
ALARM_AFTER = 10 * MINUTES


@pytest.fixture
def database(tmp_path):
    with opened_outbox(tmp_path) as opened:
        opened.write(partial(ensure_tenant, name="main"))
        yield opened


@pytest.fixture
def waiting(database):
    """A hand-off that waits since noon and whose alarm is due ten minutes later."""

    def work(connection):
        options = {"channel": "web", "visitor_id": "", "locale": "en"}
        open_conversation(connection, "main", "con_1", **options)
        detail = handoffs.fresh_detail("con_1", "", reason="unsure", at=NOON, due_at=NOON + ALARM_AFTER)
        return handoffs.open_handoff(connection, "main", detail)

    return database.write(work)


def alarms(database):
    """A duty that raises the alarms that are due, and again after a while."""

    def raise_alarms(tenant, now):
        def work(connection):
            due = handoffs.alarms_due(connection, tenant, now)
            for detail in due:
                handoffs.raise_alarm(connection, tenant, detail, at=now, next_at=now + ALARM_AFTER)
            return len(due)

        return database.write(work)

    return raise_alarms


def raised(database):
    with database.read() as connection:
        return sum(fact.kind is FactKind.ALARMED for fact in facts_of(connection, "main", "con_1"))


def test_every_duty_is_done_for_every_tenant_in_order(database):
    database.write(partial(ensure_tenant, name="other"))
    calls = []

    def duty(name, done):
        return lambda tenant, now: calls.append((tenant, name, now)) or done

    assert Clock(database, [duty("first", 2), duty("second", 3)]).look(NOON) == 10
    assert calls == [(tenant, name, NOON) for tenant in ("main", "other") for name in ("first", "second")]


def test_an_alarm_is_raised_when_it_is_due_and_again_when_it_is_due_again(database, waiting):
    clock = Clock(database, [alarms(database)])
    found = [clock.look(NOON + number * MINUTES) for number in range(31)]
    assert [number for number, done in enumerate(found) if done] == [10, 20, 30]
    assert raised(database) == 3


def test_looking_twice_at_one_moment_raises_it_once(database, waiting):
    clock = Clock(database, [alarms(database)])
    assert [clock.look(NOON + ALARM_AFTER) for _ in range(3)] == [1, 0, 0]


def test_a_clock_that_is_set_forwards_raises_what_is_due_once(database, waiting):
    clock = Clock(database, [alarms(database)])
    assert clock.look(NOON) == 0
    assert clock.look(NOON + timedelta(days=1)) == 1
    assert clock.look(NOON + timedelta(days=1, seconds=5)) == 0


def test_a_clock_that_is_set_back_raises_nothing_twice_and_goes_on(database, waiting):
    clock = Clock(database, [alarms(database)])
    assert clock.look(NOON + 10 * MINUTES) == 1
    back = [clock.look(NOON + number * MINUTES) for number in range(-5, 20)]
    assert sum(back) == 0
    assert clock.look(NOON + 20 * MINUTES) == 1


def test_what_came_due_while_no_server_ran_is_found_by_the_next(database, waiting):
    Clock(database, [alarms(database)]).look(NOON + 10 * MINUTES)
    assert Clock(database, [alarms(database)]).look(NOON + 3 * ALARM_AFTER) == 1
    assert raised(database) == 2


def test_a_duty_that_fails_is_noted_once_until_it_works_again_and_the_others_are_done(database, waiting, caplog):
    broken = [True]

    def failing_duty(tenant, now):
        if broken[0]:
            raise RuntimeError("no shelf for this")
        return 0

    clock = Clock(database, [failing_duty, alarms(database)])
    assert clock.look(NOON + ALARM_AFTER) == 1
    clock.look(NOON + ALARM_AFTER)
    assert caplog.text.count("the duty failing_duty of main failed") == 1
    assert "err_" in caplog.text
    broken[0] = False
    clock.look(NOON + ALARM_AFTER)
    broken[0] = True
    clock.look(NOON + ALARM_AFTER)
    assert caplog.text.count("the duty failing_duty of main failed") == 2


def test_a_duty_needs_no_name_of_its_own(database, caplog):
    def fail(tenant, now, *, more):
        raise RuntimeError(more)

    assert Clock(database, [partial(fail, more="x")]).look(NOON) == 0
    assert "the duty partial of main failed" in caplog.text


def test_its_thread_looks_at_once_and_ends_when_it_is_told(database, waiting):
    clock = Clock(database, [alarms(database)], look_seconds=PATIENCE_SECONDS)
    before = set(threading.enumerate())
    clock.start()
    eventually(lambda: raised(database) == 1)
    clock.stop()
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "openbook-clock"]
    assert clock.look(NOON + timedelta(days=400_000)) == 0


def test_it_looks_again_and_again_whatever_goes_wrong(database, caplog):
    looked = []
    clock = Clock(database, [lambda tenant, now: looked.append(now) or 0], look_seconds=0.01)
    database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE tenants RENAME TO away"))
    with caplog.at_level(logging.ERROR):
        clock.start()
        eventually(lambda: "looking for what is due failed" in caplog.text)
    database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE away RENAME TO tenants"))
    eventually(lambda: len(looked) >= 3)
    clock.stop()
    assert looked == sorted(looked)
    assert all(moment.tzinfo is not None for moment in looked)
