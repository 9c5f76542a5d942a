"""What goes wrong with an open database: spoilt pages, a full disk, a rival, a closing in the middle of writes."""

import sqlite3
import threading

import pytest
from sqlalchemy.exc import IntegrityError

from openbook.errors import StoreDamaged, SystemFault
from openbook.stores import Database, open_engine
from openbook.stores.properties import get_property, set_property
from openbook.stores.schema import properties


def opened(place):
    return Database(open_engine(f"sqlite:///{place}"))


@pytest.fixture
def place(tmp_path):
    """The file of a closed database with two hundred properties in it."""
    database = opened(tmp_path / "openbook.db")
    rows = [{"tenant": "main", "name": f"name {number}", "value": "value " * 20} for number in range(200)]
    database.write(lambda connection: connection.execute(properties.insert(), rows))
    database.close()
    return tmp_path / "openbook.db"


@pytest.fixture
def torn(place):
    """A database that opens, though the pages of one table are spoilt."""
    connection = sqlite3.connect(place)
    [[page]] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'properties'")
    [[size]] = connection.execute("PRAGMA page_size")
    connection.close()
    data = bytearray(place.read_bytes())
    data[(page - 1) * size : page * size] = b"\xff" * size
    place.write_bytes(data)
    database = opened(place)
    yield database
    database.close()


def test_damage_found_while_reading_is_named_with_its_mend(torn):
    with pytest.raises(StoreDamaged, match="malformed") as caught:
        get_property(torn, "name 7")
    assert "backup of openbook.db" in caught.value.fix


def test_damage_found_while_writing_is_named_with_its_mend(torn):
    with pytest.raises(StoreDamaged, match="malformed") as caught:
        set_property(torn, "name 7", "again")
    assert "backup of openbook.db" in caught.value.fix


def test_a_full_disk_is_named_and_what_was_written_before_is_kept(place):
    database = opened(place)
    database.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
    with pytest.raises(StoreDamaged, match="is full") as caught:
        set_property(database, "long", "value " * 100_000)
    assert "Make room on its disk" in caught.value.fix
    assert get_property(database, "name 7").startswith("value")
    assert get_property(database, "long") == ""
    database.close()


def test_when_the_disk_is_full_nothing_is_acknowledged_that_is_not_kept(place):
    """SQLite gives up the whole transaction then, also for writes of the same group that went well."""
    database = opened(place)
    database.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
    begun, go_on = threading.Event(), threading.Event()
    acknowledged = []

    def hold(_):
        begun.set()
        go_on.wait(30)

    def write(name, value):
        try:
            set_property(database, name, value)
            acknowledged.append(name)
        except StoreDamaged:
            pass

    threads = [threading.Thread(target=database.write, args=(hold,))]
    threads[0].start()
    assert begun.wait(30)
    for name, value in (("before", "x"), ("long", "value " * 100_000), ("after", "x")):
        threads.append(threading.Thread(target=write, args=(name, value)))
        threads[-1].start()
        threads[-1].join(0.1)  # so that they wait in this order
    go_on.set()
    for thread in threads:
        thread.join()
    assert [name for name in acknowledged if get_property(database, name) != "x"] == []
    set_property(database, "later", "x")
    assert get_property(database, "later") == "x"
    database.close()


def test_a_file_that_another_program_locks_is_named(place):
    database = opened(place)
    database.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout = 10"))
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreDamaged, match="locked") as caught:
        set_property(database, "colour", "red")
    assert "Another program uses the file" in caught.value.fix
    other.close()
    set_property(database, "colour", "red")
    database.close()


def test_a_broken_rule_of_the_tables_is_no_damage(database):
    row = {"tenant": "main", "name": "twice", "value": ""}
    with pytest.raises(IntegrityError):
        database.write(lambda connection: [connection.execute(properties.insert().values(**row)) for _ in range(2)])


def test_a_write_that_meets_the_closing_never_waits_for_ever(tmp_path):
    for attempt in range(10):
        database = opened(tmp_path / f"{attempt}.db")
        outcomes = []

        def write(database=database, outcomes=outcomes):
            try:
                outcomes.append(set_property(database, "late", "value"))
            except SystemFault as refusal:
                outcomes.append(refusal)

        threads = [threading.Thread(target=work) for work in (write, database.close, write)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(outcomes) == 2
