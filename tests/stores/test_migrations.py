"""What is unique and what is indexed, in the schema and in a migrated database."""

import pytest
from sqlalchemy import inspect

from openbook.stores.schema import metadata

TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


def test_every_constraint_and_index_of_the_schema_is_in_a_migrated_database(database):
    with database.engine.connect() as connection:
        seen = inspect(connection)
        for table in metadata.sorted_tables:
            unique = {tuple(item["column_names"]) for item in seen.get_unique_constraints(table.name)}
            wanted = {tuple(item.columns.keys()) for item in table.constraints if "uq_" in str(item.name)}
            assert unique == wanted, table.name
            indexes = {tuple(item["column_names"]) for item in seen.get_indexes(table.name)}
            assert indexes == {tuple(item.columns.keys()) for item in table.indexes}, table.name


@pytest.mark.parametrize("table", TABLES)
def test_whatever_is_unique_is_unique_within_a_tenant(table):
    for constraint in table.constraints:
        assert not list(constraint.columns) or constraint.columns.keys()[0] == "tenant"
