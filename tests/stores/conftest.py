"""A fresh database, folder and index for every test."""

import pytest

from openbook.stores import Database, EdgeIndex, MemoryIndex, open_engine
from stores.points import EMBEDDER


def edge_index(folder):
    return EdgeIndex(folder / "index", size=EMBEDDER.size)


def memory_index(_):
    return MemoryIndex()


@pytest.fixture(params=[memory_index, edge_index], ids=["memory", "edge"])
def index(request, tmp_path):
    """Every implementation of `VectorIndex`, empty."""
    opened = request.param(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def database(tmp_path):
    """An empty database with the newest schema."""
    opened = Database(open_engine(f"sqlite:///{tmp_path / 'openbook.db'}"))
    yield opened
    opened.close()
