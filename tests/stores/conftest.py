"""A fresh database for every test."""

import shutil

import pytest

from openbook.stores import Database, open_engine


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """The file of an empty database, made once, because the migrations take their time."""
    place = tmp_path_factory.mktemp("empty") / "openbook.db"
    Database(open_engine(f"sqlite:///{place}")).close()
    return place


@pytest.fixture
def database(tmp_path, empty_database):
    """An empty database with the newest schema."""
    shutil.copy(empty_database, tmp_path / "openbook.db")
    opened = Database(open_engine(f"sqlite:///{tmp_path / 'openbook.db'}"))
    yield opened
    opened.close()
