"""The one thread that writes: durable when it returns, and a failure undoes only its own work."""

import threading

import pytest
from sqlalchemy import func, insert, select

from openbook.errors import SystemFault
from openbook.stores.schema import properties


def _set(name):
    def work(connection):
        connection.execute(insert(properties).values(tenant="main", name=name, value=""))
        return name

    return work


def _names(database):
    with database.read() as connection:
        return set(connection.execute(select(properties.c.name)).scalars())


class Refused(Exception):
    """The work did not want to go on."""


def _set_and_fail(name):
    def work(connection):
        _set(name)(connection)
        raise Refused(name)

    return work


def _all_at_once(database, works):
    """Hands over every work while the writer is held up, so that they are run as one group."""
    release, held = threading.Event(), threading.Event()
    outcomes = {}

    def hold(_):
        held.set()
        release.wait(timeout=60)

    def run(number, work):
        try:
            outcomes[number] = database.write(work)
        except Exception as error:
            outcomes[number] = error

    threads = [threading.Thread(target=database.write, args=(hold,))]
    threads[0].start()
    held.wait(timeout=60)
    threads += [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads[1:]:
        thread.start()
    release.set()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def test_a_write_returns_what_its_work_returned_and_is_seen_by_the_next_read(database):
    assert database.write(_set("one")) == "one"
    assert _names(database) == {"one"}


def test_a_failure_reaches_its_caller_and_undoes_its_own_work(database):
    with pytest.raises(Refused, match="two"):
        database.write(_set_and_fail("two"))
    assert _names(database) == set()
    assert database.write(_set("three")) == "three"


def test_in_a_group_a_failure_undoes_only_its_own_work(database):
    works = [_set_and_fail(f"bad{number}") if number % 3 == 0 else _set(f"good{number}") for number in range(30)]
    outcomes = _all_at_once(database, works)
    good = {f"good{number}" for number in range(30) if number % 3}
    assert _names(database) == good
    assert {outcome for outcome in outcomes.values() if isinstance(outcome, str)} == good
    assert sum(isinstance(outcome, Refused) for outcome in outcomes.values()) == 10


def test_more_works_than_a_group_holds_are_all_done(database):
    _all_at_once(database, [_set(f"{number}") for number in range(150)])
    assert len(_names(database)) == 150


def test_a_broken_rule_of_the_tables_undoes_only_its_own_work(database):
    outcomes = _all_at_once(database, [_set("same"), _set("same"), _set("other")])
    assert _names(database) == {"same", "other"}
    assert sum(isinstance(outcome, Exception) for outcome in outcomes.values()) == 1


def test_a_write_inside_a_write_is_refused_rather_than_waiting_for_itself(database):
    with pytest.raises(RuntimeError, match="a write inside a write"):
        database.write(lambda connection: database.write(_set("inner")))
    assert database.write(_set("outer")) == "outer"
    assert _names(database) == {"outer"}


def test_after_closing_a_write_is_refused_with_its_mend(database):
    database.write(_set("before"))
    database.close()
    with pytest.raises(SystemFault, match="The desk is closed") as caught:
        database.write(_set("after"))
    assert caught.value.fix == "Open the desk again."
    database.close()


def test_closing_finishes_what_was_handed_over(database):
    held, release = threading.Event(), threading.Event()

    def hold(connection):
        held.set()
        release.wait(timeout=60)
        return _set("last")(connection)

    writing = threading.Thread(target=database.write, args=(hold,))
    writing.start()
    held.wait(timeout=60)
    closing = threading.Thread(target=database.close)
    closing.start()
    release.set()
    closing.join(timeout=60)
    writing.join(timeout=60)
    assert _names(database) == {"last"}
    database.engine.dispose()


def test_a_read_sees_one_state_however_much_is_written_meanwhile(database):
    database.write(_set("before"))
    count = select(func.count()).select_from(properties)
    with database.read() as connection:
        assert connection.execute(count).scalar() == 1
        database.write(_set("meanwhile"))
        assert connection.execute(count).scalar() == 1
    assert len(_names(database)) == 2
