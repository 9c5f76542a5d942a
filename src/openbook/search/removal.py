"""Takes documents out of everything that serves, and proves by looking again that they are gone.

Withdrawn, the text stays in history for auditors; erased, it is destroyed there too, and in every
answer that quotes it.
"""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from openbook.errors import NotFound, UserError
from openbook.search.drafting import FOLDER_MARK, ticket_id
from openbook.search.places import FILE, FOLDER, outer
from openbook.search.publisher import Publisher
from openbook.search.searcher import Searcher
from openbook.stores import Database, VectorIndex, catalogue, library
from openbook.stores.chunks import load_chunks
from openbook.stores.history import erase_answers_of
from openbook.stores.sightings import drop_sightings
from openbook.stores.texts import count_texts, erase_owners
from openbook.stores.tickets import drop_ticket, drop_tickets
from openbook.stores.vectors import count_orphans, drop_orphans
from openbook.types import DeletionReceipt, Document, Query, Source

_ASKED_FOR = 8
_LONGEST_QUERY = 300


class Removal:
    """Removes on one desk.

    Args:
        database: The truth.
        index: Looked at again afterwards.
        publisher: Takes versions out of service.
        searcher: Asked for the old text afterwards.
    """

    def __init__(self, database: Database, index: VectorIndex, publisher: Publisher, searcher: Searcher) -> None:
        self._database = database
        self._index = index
        self._publisher = publisher
        self._searcher = searcher

    def remove(self, tenant: str, name: str, *, erase: bool = False) -> DeletionReceipt:
        """Withdraws a document, or all of a source, from everything that serves.

        Args:
            tenant: Whose knowledge.
            name: A document's id, path or address, or a source's id or location.
            erase: Also destroy the text in history and in the answers that quote it.

        Raises:
            NotFound: Nothing of that name is live or waits.
        """
        started = time.perf_counter()
        with self._database.read() as connection:
            ids = catalogue.find_documents(connection, tenant, name, withdrawn=erase)
            sources = [item for item in catalogue.list_sources(connection, tenant) if name in (item.id, item.location)]
            removed = catalogue.list_documents(connection, tenant, ids=ids)
            waiting = catalogue.list_documents(connection, tenant, ids=ids, waiting=True)
        if not ids and not sources:
            raise NotFound(
                f"No {'' if erase else 'live '}document or source is called {name!r}.",
                fix="`openbook documents` and `openbook sources` list them; an id, path or address will do.",
            )
        _refuse_several(name, ids, sources, [*removed, *waiting])
        queries = self._texts(tenant, removed)
        retired = self._publisher.withdraw(tenant, ids)
        for source in sources:
            self._leave_to_nobody(tenant, source)
            self._database.write(partial(_forget_source, tenant=tenant, source_id=source.id))
        if not sources:
            for document in {item.id: item for item in (*removed, *waiting)}.values():
                self._database.write(partial(_exclude, tenant=tenant, source_id=document.source_id, path=document.path))
        receipts = self._erase(tenant, ids) if erase else 0
        found = self._still_found(ids, queries)
        return self._look_again(tenant, ids, retired, erased=erase, receipts=receipts, found=found, started=started)

    def sources_of(self, tenant: str, name: str) -> list[str]:
        """The ids of the sources that a name means, or that bring the document that it means."""
        with self._database.read() as connection:
            ids = catalogue.find_documents(connection, tenant, name)
            sources = [
                item.id for item in catalogue.list_sources(connection, tenant) if name in (item.id, item.location)
            ]
            return sorted({*sources, *(source_id for source_id, _ in library.places_of(connection, tenant, ids))})

    def _leave_to_nobody(self, tenant: str, source: Source) -> None:
        """Keeps the folders around a removed place from taking its files over, with their own audience."""
        with self._database.read() as connection:
            around = outer(catalogue.list_sources(connection, tenant), Path(source.location))
        for other in around if source.kind in (FOLDER, FILE) else ():
            name = Path(source.location).relative_to(other.location).as_posix()
            path = f"{name}{FOLDER_MARK}" if source.kind == FOLDER else name
            self._database.write(partial(_exclude, tenant=tenant, source_id=other.id, path=path))

    def _texts(self, tenant: str, documents: Sequence[Document]) -> list[Query]:
        """Searches for what the text says, from places all over it, by those who can see it."""
        queries = []
        with self._database.read() as connection:
            for document in documents:
                chunks = library.chunk_ids(connection, tenant, [(document.id, document.version)])
                spread = chunks[:: max(1, len(chunks) * len(documents) // _ASKED_FOR)]
                queries += [
                    Query(stored.text[:_LONGEST_QUERY], tenant=tenant, audiences=document.audiences, whole=True)
                    for stored in load_chunks(connection, tenant, spread).values()
                ]
        return queries[:_ASKED_FOR]

    def _still_found(self, ids: Sequence[str], queries: Sequence[Query]) -> int:
        """How many of these searches still find one of the documents."""
        gone = set(ids)
        return sum(any(hit.document_id in gone for hit in self._searcher.search(query).hits) for query in queries)

    def _erase(self, tenant: str, ids: Sequence[str]) -> int:
        def work(connection: Connection) -> int:
            for source_id, path in library.places_of(connection, tenant, ids):
                if name := ticket_id(path):
                    drop_ticket(connection, tenant, source_id, name)
            hashes = library.embedding_hashes(connection, tenant, ids)
            drop_orphans(connection, tenant, hashes)
            erase_owners(connection, tenant, ids)
            library.blank_words(connection, tenant, ids)
            return erase_answers_of(connection, tenant, ids)

        erased = self._database.write(work)
        self._database.compact()
        return erased

    def _look_again(
        self,
        tenant: str,
        ids: Sequence[str],
        retired: Sequence[tuple[str, int]],
        *,
        erased: bool,
        receipts: int,
        found: int,
        started: float,
    ) -> DeletionReceipt:
        with self._database.read() as connection:
            chunk_ids = library.chunk_ids(connection, tenant, retired)
            live = catalogue.list_documents(connection, tenant, ids=ids)
            texts = count_texts(connection, tenant, ids)
            vectors = count_orphans(connection, tenant, library.embedding_hashes(connection, tenant, ids))
        return DeletionReceipt(
            documents=tuple(ids),
            versions_withdrawn=len(retired),
            chunks_removed=len(chunk_ids),
            live_versions_left=len(live),
            index_points_left=len(self._index.ids(tenant).intersection(chunk_ids)),
            searches_that_find_it=found,
            erased=erased,
            texts_left=texts,
            vectors_left=vectors,
            receipts_erased=receipts,
            seconds=time.perf_counter() - started,
        )


def _refuse_several(name: str, ids: Sequence[str], sources: Sequence[Source], documents: Sequence[Document]) -> None:
    """Makes sure that a name means one document, or one source and nothing else."""
    pages = [document.id for document in documents if sources and name == document.path and len(ids) > 1]
    if (len(ids) > 1 and not sources) or pages:
        raise UserError(
            f"{name!r} means {len(ids)} documents{' and a source' if sources else ''}.",
            fix="Name one by its id: `openbook documents` and `openbook sources` list them.",
        )


def _forget_source(connection: Connection, tenant: str, source_id: str) -> None:
    catalogue.forget_source(connection, tenant, source_id)
    drop_sightings(connection, tenant, source_id)
    drop_tickets(connection, tenant, source_id)


def _exclude(connection: Connection, tenant: str, source_id: str, path: str) -> None:
    paths = catalogue.excluded_paths(connection, tenant, source_id) | {path}
    catalogue.exclude_paths(connection, tenant, source_id, paths)
