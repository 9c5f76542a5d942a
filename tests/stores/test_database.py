"""Opening the database: fresh, again, damaged, foreign, newer; and the pragmas that make a write durable."""

import sqlite3

import pytest
from sqlalchemy import text

from openbook.errors import Busy, SettingsError, StoreDamaged
from openbook.stores import Database, open_engine
from openbook.stores.properties import get_property, set_property


def _url(tmp_path):
    return f"sqlite:///{tmp_path / 'openbook.db'}"


def _refused(tmp_path, match):
    with pytest.raises(StoreDamaged, match=match) as caught:
        open_engine(_url(tmp_path))
    return caught.value


def test_what_was_written_is_there_when_it_is_opened_again(tmp_path):
    for expected in ("", "value"):
        database = Database(open_engine(_url(tmp_path)))
        assert get_property(database, "name") == expected
        set_property(database, "name", "value")
        database.close()


def test_closing_leaves_one_file(tmp_path):
    database = Database(open_engine(_url(tmp_path)))
    set_property(database, "name", "value")
    database.close()
    assert [place.name for place in tmp_path.iterdir()] == ["openbook.db"]


@pytest.mark.parametrize("content", [b"This is a text file, not a database.\n" * 40, b"\x00\xff" * 4096])
def test_a_file_that_is_no_database_is_refused_with_the_mend(tmp_path, content):
    (tmp_path / "openbook.db").write_bytes(content)
    error = _refused(tmp_path, "cannot be read")
    assert str(tmp_path / "openbook.db") in error.message
    assert "backup" in error.fix
    assert (tmp_path / "openbook.db").read_bytes() == content


def test_a_database_whose_pages_are_damaged_is_refused_with_the_mend(tmp_path):
    open_engine(_url(tmp_path)).dispose()
    place = tmp_path / "openbook.db"
    sound = place.read_bytes()
    place.write_bytes(sound[:100] + b"\xa5" * (len(sound) - 100))
    assert "backup" in _refused(tmp_path, "cannot be read").fix


def test_a_database_of_an_unknown_schema_is_refused_and_left_alone(tmp_path):
    open_engine(_url(tmp_path)).dispose()
    with sqlite3.connect(tmp_path / "openbook.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = (tmp_path / "openbook.db").read_bytes()
    assert "newer Openbook" in _refused(tmp_path, "schema '9999'").fix
    assert (tmp_path / "openbook.db").read_bytes() == before


def test_a_folder_that_is_not_there_is_named_with_the_mend(tmp_path):
    assert "Check that the folder exists" in _refused(tmp_path / "nowhere", "cannot be opened").fix


@pytest.mark.parametrize("url", ["nonsense", "", "sqlite", "nosuchengine:///file", "://"])
def test_an_address_that_is_none_is_a_wrong_setting(url):
    with pytest.raises(SettingsError, match=r"store\.url") as caught:
        open_engine(url)
    assert "openbook.db" in caught.value.fix


def test_every_connection_of_the_pool_is_durable_and_forgets_what_is_deleted(database):
    wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
    with database.read() as first, database.read() as second:
        for connection in (first, second):
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}
            assert found == wanted
    assert database.write(lambda connection: connection.execute(text("PRAGMA synchronous")).scalar()) == 2


def test_compacting_leaves_nothing_in_the_log(database, tmp_path):
    set_property(database, "name", "a unique value")
    assert b"a unique value" in (tmp_path / "openbook.db-wal").read_bytes()
    database.compact()
    assert (tmp_path / "openbook.db-wal").read_bytes() == b""
    assert b"a unique value" in (tmp_path / "openbook.db").read_bytes()


def test_what_is_deleted_is_overwritten_in_the_file(database, tmp_path):
    set_property(database, "name", "a unique value")
    database.compact()
    set_property(database, "name", "another")
    database.compact()
    assert b"a unique value" not in (tmp_path / "openbook.db").read_bytes()


def test_compacting_while_an_older_state_is_read_says_so(database):
    with database.engine.connect() as pooled:
        pooled.exec_driver_sql("PRAGMA busy_timeout = 50")
    set_property(database, "name", "value")
    with database.engine.connect() as reader:
        reader.execute(text("SELECT * FROM properties")).all()
        with database.engine.connect() as next_in_the_pool:
            next_in_the_pool.exec_driver_sql("PRAGMA busy_timeout = 50")
        with pytest.raises(Busy, match="could not be emptied"):
            database.compact()
    database.compact()
