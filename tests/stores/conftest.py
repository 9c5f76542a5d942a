"""A fresh database for every test."""

import pytest

from openbook.stores import Database, open_engine


@pytest.fixture
def database(tmp_path):
    """An empty database with the newest schema."""
    opened = Database(open_engine(f"sqlite:///{tmp_path / 'openbook.db'}"))
    yield opened
    opened.close()
