"""What is unique and what is indexed, in the schema and in a migrated database, and what a migration keeps."""

from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert, inspect, select, text

from evals.rehearsals import labels, rehearsal
from openbook.hashing import canonical_json
from openbook.stores import Database, open_engine
from openbook.stores.calibrations import active_calibration, put_review, reviews_under
from openbook.stores.database import HEAD, MIGRATIONS
from openbook.stores.history import get_receipt
from openbook.stores.schema import metadata, receipts, texts
from openbook.stores.texts import put_texts
from openbook.stores.turns import TurnRecord, _receipt_row
from openbook.stores.vectors import TextVectors, get_vectors, put_vectors
from openbook.types import AskRequest, to_plain

TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]
_OLD_VECTOR = text(
    "INSERT INTO vectors (tenant, text_hash, model, numbers, created_at)"
    " VALUES ('main', 'a', 'hash', x'0000803f', '2026-01-01 00:00:00')"
)


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


@contextmanager
def old_database(url, revision):
    """A connection to a new database with the schema of that time."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        yield connection
        connection.commit()
    engine.dispose()


@pytest.fixture
def first_schema(tmp_path):
    """The address of a database of the first schema, with a text and a vector in it."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    with old_database(url, "0001") as connection:
        put_texts(connection, "main", [("doc_1", "A refund takes three days.")])
        connection.execute(_OLD_VECTOR)
    return url


@pytest.fixture
def answered():
    """A turn that ended with an answer."""
    return TurnRecord(
        request=AskRequest("How long is a gift card valid?"),
        answer=rehearsal(labels(1)[0], 0.9).answer,
        hits=(),
        query={},
        settings={"threshold": 0.7},
        generation=1,
        model_ids=(),
        openbook_version="0.1.0",
        answer_digest="0" * 64,
        message_ids=("msg_1", "msg_2"),
        asked_at=datetime(2026, 6, 1, tzinfo=UTC),
    )


def test_a_database_of_the_first_schema_is_brought_up_to_date_with_its_other_rows_kept(first_schema):
    database = Database(open_engine(first_schema))
    with database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        [kept] = connection.execute(select(texts)).all()
        assert (kept.owner, kept.body) == ("doc_1", "A refund takes three days.")
    database.close()


def write_receipt(connection, turn):
    """What older versions wrote too of a turn: the texts and the receipt."""
    words = [("con_1", turn.request.question), (turn.answer.id, canonical_json(to_plain(turn.answer)))]
    connection.execute(insert(receipts).values(_receipt_row(turn, *put_texts(connection, "main", words))))


def test_a_receipt_of_the_third_schema_is_kept_and_may_be_reviewed(tmp_path, answered):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    with old_database(url, "0003") as connection:
        write_receipt(connection, answered)
    database = Database(open_engine(url))
    database.write(lambda connection: put_review(connection, "main", answered.answer.id, right=False))
    with database.read() as connection:
        assert get_receipt(connection, "main", answered.answer.id).answer == answered.answer
        assert active_calibration(connection, "main") is None
        assert list(reviews_under(connection, "main", {""})) == [False]
    database.close()


def test_vectors_of_the_first_schema_are_dropped_and_can_be_made_again(first_schema):
    database = Database(open_engine(first_schema))
    made = TextVectors(np.ones(1, dtype=np.float32), ((0, 5),), np.ones((1, 1), dtype=np.float32))
    with database.read() as connection:
        assert get_vectors(connection, "main", "hash", ["a"]) == {}
    database.write(lambda connection: put_vectors(connection, "main", "hash", {"a": made}))
    with database.read() as connection:
        assert get_vectors(connection, "main", "hash", ["a"])["a"].ranges == ((0, 5),)
    database.close()
