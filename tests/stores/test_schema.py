"""The tables: made by the migrations as declared, each under its tenant, times with their zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.exc import StatementError

from openbook.stores.database import HEAD, MIGRATIONS, migrate
from openbook.stores.schema import metadata, tenants
from stores.drafts import read


def test_the_migrations_make_exactly_the_declared_tables(database):
    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)

    assert read(database, differences) == []


def test_the_newest_migration_is_the_one_that_opening_expects():
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_a_database_is_made_from_nothing_and_migrating_again_changes_nothing(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    migrate(engine)
    made = set(inspect(engine).get_table_names())
    migrate(engine, HEAD)
    assert set(inspect(engine).get_table_names()) == made == {*metadata.tables, "alembic_version"}
    engine.dispose()


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_key_begins_with_the_tenant(table):
    assert next(iter(table.primary_key.columns)).name == "tenant"
    for index in table.indexes:
        assert next(iter(index.columns)).name == "tenant"


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_the_made_key_begins_with_the_tenant_too(database, table):
    made = read(database, lambda connection: inspect(connection).get_pk_constraint(table.name))
    assert made["constrained_columns"][0] == "tenant"


def test_a_time_without_a_zone_is_refused(database):
    row = {"tenant": "north", "name": "North", "created_at": datetime(2026, 3, 1, 12, 0)}
    with pytest.raises(StatementError, match="a stored time needs a time zone"):
        database.write(lambda connection: connection.execute(tenants.insert().values(**row)))


def test_a_time_of_any_zone_comes_back_as_the_same_moment_in_utc(database):
    moment = datetime(2026, 3, 1, 12, 0, 30, 250_000, tzinfo=timezone(timedelta(hours=-7)))
    row = {"tenant": "north", "name": "North", "created_at": moment}
    database.write(lambda connection: connection.execute(tenants.insert().values(**row)))
    stored = read(database, lambda connection: connection.execute(select(tenants.c.created_at)).scalar())
    assert stored == moment
    assert stored.tzinfo is UTC
