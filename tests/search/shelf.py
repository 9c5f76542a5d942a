"""Everything below a desk, put together from its real parts on a folder: tables, index, encoder, both directions."""

from dataclasses import dataclass
from pathlib import Path

from openbook.models import HashEmbedder
from openbook.search import Approval, Batch, Publisher, Removal, Searcher, Sync
from openbook.search.drafting import draft
from openbook.search.sites import Manners
from openbook.stores import Database, EdgeIndex, catalogue, library, open_engine
from openbook.types import Metadata, Query

REFUNDS = "# Refunds\n\nA refund takes three days."
SHIPPING = "# Shipping\n\nA parcel takes two days."
SECRET = "The quokka keeps the seventeenth lantern lit."

BATCH = Batch("main", "src_shelf", Metadata(), {})
HASTY = Manners(delay_seconds=0, private=True, second_look_seconds=0)
"""Manners towards a site of the test's own."""


class CountingEmbedder(HashEmbedder):
    """Remembers every text it was asked to encode."""

    def __init__(self):
        self.texts = []

    def embed_passages(self, passages):
        self.texts += [passage.text for passage in passages]
        return super().embed_passages(passages)


@dataclass
class Shelf:
    """Opened parts over one folder; `close` lets the folder go so that another can open it."""

    folder: Path
    database: Database
    index: EdgeIndex
    embedder: HashEmbedder | None
    publisher: Publisher
    sync: Sync
    searcher: Searcher
    removal: Removal
    approval: Approval

    @classmethod
    def open(cls, folder, *, embedder=None, keyword_only=False, on_step=lambda _: None, manners=HASTY):
        """Opens what is in the folder, or begins it."""
        embedder = None if keyword_only else embedder or CountingEmbedder()
        folder.mkdir(parents=True, exist_ok=True)
        database = Database(open_engine(f"sqlite:///{folder / 'openbook.db'}"))
        index = EdgeIndex(folder / "index", size=HashEmbedder.size)
        publisher = Publisher(database, index, embedder, on_step=on_step)
        searcher = Searcher(database, index, embedder, dense_weight=0.6)
        sync = Sync(database, index, publisher, manners=manners)
        removal, approval = Removal(database, index, publisher, searcher), Approval(database, publisher)
        return cls(folder, database, index, embedder, publisher, sync, searcher, removal, approval)

    def close(self):
        """Lets everything go."""
        self.index.close()
        self.database.close()

    def publish(self, *articles, tenant="main"):
        """Publishes (path, text) pairs as one group."""
        drafts = [draft(BATCH, path, text.encode()) for path, text in articles]
        return self.publisher.publish(tenant, drafts, self.publisher.embed(tenant, drafts))

    def put(self, path, text, *, tenant="main", defaults=Metadata(), allowed=None):  # noqa: B008
        """Sends one text as a document."""
        return self.sync.put(tenant, path, text.encode(), defaults, allowed=allowed)

    def search(self, text, **options):
        """The hits of one query."""
        return self.searcher.search(Query(text, **options)).hits

    def found(self, text, **options):
        """The texts of the hits of one query."""
        return [hit.text for hit in self.search(text, **options)]

    def paths(self, tenant="main"):
        """The paths of what is live."""
        with self.database.read() as connection:
            return [document.path for document in catalogue.list_documents(connection, tenant)]

    def documents(self, tenant="main", *, waiting=False):
        """What is live, or what waits for a person."""
        with self.database.read() as connection:
            return catalogue.list_documents(connection, tenant, waiting=waiting)

    def states(self, tenant="main"):
        """By path the states of every version, the oldest first."""
        with self.database.read() as connection:
            named = {item.id: item.path for item in catalogue.list_documents(connection, tenant)}
            return {
                path: [version.state for version in reversed(catalogue.list_versions(connection, tenant, identifier))]
                for identifier, path in named.items()
            }

    def versions(self, document_id, tenant="main"):
        """Every version of a document, the oldest first."""
        with self.database.read() as connection:
            return list(reversed(catalogue.list_versions(connection, tenant, document_id)))

    def sources(self, tenant="main"):
        """Every source."""
        with self.database.read() as connection:
            return catalogue.list_sources(connection, tenant)

    def live_chunk_ids(self, tenant="main"):
        """The ids of the chunks of all live versions."""
        with self.database.read() as connection:
            return set(library.chunk_ids(connection, tenant, library.versions_in(connection, tenant, "live")))


def write(folder, **texts):
    """Writes articles by name."""
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")


def add(shelf, location, defaults=Metadata(), *, tenant="main"):  # noqa: B008
    """Adds a folder or a file as a source."""
    return shelf.sync.add(tenant, location, defaults)


def outcomes(report):
    """By path what became of it."""
    return {file.path: file.outcome for file in report.files}


def reason(report, path):
    """Why a file was passed over."""
    return next(file.reason for file in report.files if file.path == path)
