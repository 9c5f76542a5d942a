"""A search in whose middle something is published: the document is found, in its old version or its new one."""

import threading

import pytest

from openbook.search import Publisher, Searcher, Sync
from openbook.stores import Database, MemoryIndex, open_engine
from openbook.types import Metadata, Query
from search.shelf import CountingEmbedder


class MeanwhileIndex(MemoryIndex):
    """Lets something happen after the tables were looked at and before the index is."""

    def __init__(self):
        super().__init__()
        self.meanwhile = []

    def search(self, *arguments, **options):
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().search(*arguments, **options)


@pytest.fixture
def index():
    return MeanwhileIndex()


@pytest.fixture
def database(tmp_path):
    opened = Database(open_engine(f"sqlite:///{tmp_path / 'openbook.db'}"))
    yield opened
    opened.close()


@pytest.fixture
def searcher(database, index):
    return Searcher(database, index, CountingEmbedder(), dense_weight=0.6)


@pytest.fixture
def put(database, index):
    """Publishes an edition of the one document."""
    sync = Sync(database, index, Publisher(database, index, CountingEmbedder()))
    return lambda number: sync.put("main", "fees.md", f"The fee is {number} crowns.".encode(), Metadata())


def found(searcher):
    return [hit.text for hit in searcher.search(Query("What is the fee?")).hits]


@pytest.mark.parametrize("times", [1, 3])
def test_a_document_published_anew_in_the_middle_is_still_found(searcher, index, put, times):
    put(0)
    index.meanwhile = [lambda number=number: put(number) for number in range(times, 0, -1)]
    assert found(searcher) == [f"The fee is {times} crowns."]


def test_the_result_tells_the_generation_it_was_found_in(searcher, index, put):
    put(0)
    index.meanwhile = [lambda: put(1)]
    assert searcher.search(Query("What is the fee?")).generation == 2


def test_a_search_ends_also_where_publishing_never_does(searcher, index, put):
    put(0)
    index.meanwhile = [lambda number=number: put(number) for number in range(20, 0, -1)]
    searcher.search(Query("What is the fee?"))
    assert 0 < len(index.meanwhile) < 20


def test_beside_a_busy_publisher_the_document_is_never_missing(searcher, put):
    put(0)
    over = threading.Event()
    missing = []

    def search():
        while not over.is_set():
            missing.extend([1] if len(found(searcher)) != 1 else [])

    thread = threading.Thread(target=search)
    thread.start()
    for number in range(1, 40):
        put(number)
    over.set()
    thread.join()
    assert missing == []
    assert found(searcher) == ["The fee is 39 crowns."]


def test_what_is_published_while_the_index_is_made_anew_is_in_it(database):
    """The rebuild is begun after the new points are written and before they are live."""
    index = MemoryIndex()
    publisher = Publisher(database, index, CountingEmbedder())
    sync = Sync(database, index, publisher)
    rebuilding = threading.Thread(target=publisher.rebuild, args=("main",))

    def begin_rebuilding(step):
        if step == "flip" and not rebuilding.ident:
            rebuilding.start()
            rebuilding.join(0.2)

    sync.put("main", "fees.md", b"The fee is 1 crown.", Metadata())
    publisher.on_step = begin_rebuilding
    sync.put("main", "fees.md", b"The fee is 2 crowns.", Metadata())
    rebuilding.join()
    searcher = Searcher(database, index, CountingEmbedder(), dense_weight=0.6)
    assert found(searcher) == ["The fee is 2 crowns."]
    assert index.count("main") == 1
