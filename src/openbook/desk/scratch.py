"""A copy of what serves, in a folder that is thrown away, in which an edit can be tried."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from openbook.conversation import TurnParts, forget
from openbook.desk.parts import VECTOR_SIZE, Parts
from openbook.search import Publisher, Searcher
from openbook.stores import Database, EdgeIndex, open_engine
from openbook.stores.copying import copy_live
from openbook.types import Progress, ProgressListener


@dataclass(frozen=True, slots=True)
class Scratch:
    """The parts of a copy: what publishes into it, and what answers from it."""

    database: Database
    publisher: Publisher
    turn: TurnParts


@contextmanager
def scratch_of(parts: Parts, tenant: str, progress: ProgressListener) -> Iterator[Scratch]:
    """Copies a tenant's live knowledge; nothing done to the copy touches the desk."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(TemporaryDirectory(prefix="openbook-preview-")))
        database = Database(open_engine(f"sqlite:///{folder / 'copy.db'}"))
        closing.callback(database.close)
        copy_live(parts.database, database, tenant)
        index = EdgeIndex(folder / "index", size=parts.embedder.size if parts.embedder else VECTOR_SIZE)
        closing.callback(index.close)
        publisher = Publisher(database, index, parts.embedder)
        publisher.rebuild(tenant, progress=lambda done, total: progress(Progress(done, total, "documents copied")))
        searching = None if parts.keyword_only else parts.embedder
        searcher = Searcher(database, index, searching, dense_weight=parts.settings.values.search.dense_weight)
        turn = replace(parts.turn, database=database, searcher=searcher, keep=forget)
        yield Scratch(database, publisher, turn)
