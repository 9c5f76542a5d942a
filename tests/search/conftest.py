"""An open shelf for every test."""

import shutil

import pytest

from search.shelf import Shelf


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """The file of an empty database, made once, because the migrations take their time."""
    shelf = Shelf.open(tmp_path_factory.mktemp("empty"))
    shelf.close()
    return shelf.folder / "openbook.db"


@pytest.fixture
def shelf(tmp_path, empty_database):
    """An empty shelf."""
    (tmp_path / "shelf").mkdir()
    shutil.copy(empty_database, tmp_path / "shelf")
    opened = Shelf.open(tmp_path / "shelf")
    yield opened
    opened.close()


@pytest.fixture
def articles(tmp_path):
    """An empty folder for articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder
