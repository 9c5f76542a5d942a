"""Keeps sources in step: adds, reads again, removes, and proves that what is removed is gone.

A source is a folder, a file, or what was sent over HTTP. Reading it again costs nothing where
nothing changed. A source that cannot be read keeps its last good state and says so.
"""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from openbook.errors import NotAllowed, NotFound, UserError
from openbook.ingest import FoundFile, walk
from openbook.search.intake import Batch, Intake, draft, quiet
from openbook.search.publisher import Publisher
from openbook.stores import Database, VectorIndex, catalogue, library
from openbook.stores.history import erase_answers_of
from openbook.stores.texts import count_texts, erase_owners
from openbook.stores.vectors import drop_orphans
from openbook.types import DeletionReceipt, FileOutcome, Metadata, ProgressListener, Source, SyncReport

SENT = "sent"
_REMOVED = "it was removed by hand; add this file by name to bring it back"
_PASSED_OVER = "it is hidden, or in a folder that is passed over; copy it elsewhere and add the copy"


class Sync:
    """Adds, syncs and removes on one desk.

    Args:
        database: The truth.
        index: Looked at again when something is removed.
        publisher: Brings versions into service and takes them out.
    """

    def __init__(self, database: Database, index: VectorIndex, publisher: Publisher) -> None:
        self._database = database
        self._index = index
        self._publisher = publisher
        self._intake = Intake(publisher)

    def add(self, tenant: str, location: Path, defaults: Metadata, *, progress: ProgressListener = quiet) -> SyncReport:
        """Registers a folder or file as a source and reads it.

        A file inside a folder that is a source already is read as part of that folder, unless
        something is said for it. A folder inside a folder, or a file with something said, becomes a
        source of its own and belongs to the outer one no longer: what was said for it holds.

        Raises:
            UserError: There is nothing at that place, or it is neither a folder nor a file.
        """
        _check(location)
        source = self._enclosing(tenant, location) if defaults == Metadata() else None
        if source is not None:
            name = location.relative_to(source.location).as_posix()
            self._include(tenant, source.id, name)
            return self._read(tenant, source, progress, only=name)
        kind = "folder" if location.is_dir() else "file"
        source_id = self._database.write(
            lambda connection: catalogue.register_source(connection, tenant, str(location), kind, defaults)
        )
        if kind == "file":
            self._include(tenant, source_id, location.name)
        self._take_over(tenant, location)
        return self._read(tenant, self._source(tenant, source_id), progress)

    def sync(self, tenant: str, name: str = "", *, progress: ProgressListener = quiet) -> SyncReport:
        """Reads sources again: the one of this id or location, or all folders and files.

        Raises:
            NotFound: There is no such source.
        """
        with self._database.read() as connection:
            every = catalogue.list_sources(connection, tenant)
        chosen = [source for source in every if source.kind != SENT and name in ("", source.id, source.location)]
        if name and not chosen:
            raise NotFound(
                f"There is no source {name!r}.", fix="`openbook sources` lists them; `openbook add` makes one."
            )
        started = time.perf_counter()
        reports = [self._read_or_keep(tenant, source, progress) for source in chosen]
        files = tuple(file for report in reports for file in report.files)
        return SyncReport(tuple(source.id for source in chosen), files, time.perf_counter() - started)

    def put(
        self, tenant: str, path: str, data: bytes, defaults: Metadata, *, allowed: Sequence[str] | None = None
    ) -> FileOutcome:
        """Publishes one document that was sent rather than found; the same path replaces it.

        Args:
            tenant: Whose knowledge.
            path: Its name among what was sent; the ending says what it is.
            data: The whole document.
            defaults: What it does not say of itself.
            allowed: The only audiences it may name, or None for any.

        Raises:
            ReadError: It cannot be read.
            NotAllowed: It names another audience than those allowed.
        """
        source_id = self._database.write(
            lambda connection: catalogue.register_source(connection, tenant, SENT, SENT, Metadata())
        )
        batch = self._batch(tenant, source_id, defaults)
        version = draft(batch, path, data)
        if version is None:
            document_id, _, number = batch.known[path]
            return FileOutcome(path, "unchanged", document_id=document_id, version=number)
        beyond = set(version.extract.metadata.audiences).difference(
            version.extract.metadata.audiences if allowed is None else allowed
        )
        if beyond:
            raise NotAllowed(
                f"The document {path!r} names the audience {min(beyond)!r}, which is not open to you.",
                fix="Change `audience` at its top, or send it with a key that has this audience.",
            )
        [placed] = self._publisher.publish(tenant, [version], self._publisher.embed(tenant, [version]))
        return FileOutcome(
            path,
            "read",
            document_id=placed.document_id,
            version=placed.number,
            chunks=len(placed.chunk_ids),
            notices=version.extract.notices,
        )

    def remove(self, tenant: str, name: str, *, erase: bool = False) -> DeletionReceipt:
        """Withdraws a document, or all of a source, from everything that serves.

        Args:
            tenant: Whose knowledge.
            name: A document's id, path or address, or a source's id or location.
            erase: Also destroy the text in history and in the answers that quote it.

        Raises:
            NotFound: Nothing of that name is live.
        """
        started = time.perf_counter()
        with self._database.read() as connection:
            ids = catalogue.find_documents(connection, tenant, name, withdrawn=erase)
            sources = [item for item in catalogue.list_sources(connection, tenant) if name in (item.id, item.location)]
            removed = catalogue.list_documents(connection, tenant, ids=ids)
        if not ids and not sources:
            raise NotFound(
                f"No {'' if erase else 'live '}document or source is called {name!r}.",
                fix="`openbook documents` and `openbook sources` list them; an id, path or address will do.",
            )
        retiring = self._publisher.withdraw(tenant, ids)
        for source in sources:
            self._database.write(partial(catalogue.forget_source, tenant=tenant, source_id=source.id))
        if not sources:
            for document in removed:
                self._exclude(tenant, document.source_id, document.path)
        receipts = self._erase(tenant, ids) if erase else 0
        return self._look_again(tenant, ids, retiring, erased=erase, receipts=receipts, started=started)

    def _erase(self, tenant: str, ids: Sequence[str]) -> int:
        def work(connection: Connection) -> int:
            hashes = library.embedding_hashes(connection, tenant, ids)
            drop_orphans(connection, tenant, hashes)
            erase_owners(connection, tenant, ids)
            library.blank_addresses(connection, tenant, ids)
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
        started: float,
    ) -> DeletionReceipt:
        with self._database.read() as connection:
            chunk_ids = library.chunk_ids(connection, tenant, retired)
            live = catalogue.list_documents(connection, tenant, ids=ids)
            texts = count_texts(connection, tenant, ids)
        return DeletionReceipt(
            documents=tuple(ids),
            versions_withdrawn=len(retired),
            chunks_removed=len(chunk_ids),
            live_versions_left=len(live),
            index_points_left=len(self._index.ids(tenant).intersection(chunk_ids)),
            erased=erased,
            texts_left=texts,
            receipts_erased=receipts,
            seconds=time.perf_counter() - started,
        )

    def _enclosing(self, tenant: str, location: Path) -> Source | None:
        """The innermost folder source that a file lies in, unless the file is a source itself."""
        with self._database.read() as connection:
            own = any(source.location == str(location) for source in catalogue.list_sources(connection, tenant))
        outer = self._outer(tenant, location) if location.is_file() and not own else []
        return max(outer, key=lambda source: len(source.location), default=None)

    def _outer(self, tenant: str, location: Path) -> list[Source]:
        with self._database.read() as connection:
            every = catalogue.list_sources(connection, tenant)
        folders = [source for source in every if source.kind == "folder" and source.location != str(location)]
        return [source for source in folders if location.is_relative_to(source.location)]

    def _inner(self, tenant: str, source: Source) -> list[Path]:
        """The places inside a source that are sources of their own."""
        with self._database.read() as connection:
            every = catalogue.list_sources(connection, tenant)
        places = [Path(other.location) for other in every if other.kind != SENT and other.id != source.id]
        return [place for place in places if place.is_relative_to(source.location)]

    def _take_over(self, tenant: str, location: Path) -> None:
        """Withdraws what an outer source published of this place, before it is read for itself."""
        for source in self._outer(tenant, location):
            with self._database.read() as connection:
                known = library.content_hashes(connection, tenant, source.id)
            inside = [path for path in known if (Path(source.location) / path).is_relative_to(location)]
            if inside:
                self._publisher.withdraw(tenant, [known[path][0] for path in inside])

    def _source(self, tenant: str, source_id: str) -> Source:
        with self._database.read() as connection:
            return next(item for item in catalogue.list_sources(connection, tenant) if item.id == source_id)

    def _batch(self, tenant: str, source_id: str, defaults: Metadata) -> Batch:
        with self._database.read() as connection:
            return Batch(tenant, source_id, defaults, library.content_hashes(connection, tenant, source_id))

    def _excluded(self, tenant: str, source_id: str) -> set[str]:
        with self._database.read() as connection:
            return catalogue.excluded_paths(connection, tenant, source_id)

    def _exclude(self, tenant: str, source_id: str, path: str) -> None:
        paths = self._excluded(tenant, source_id) | {path}
        self._database.write(lambda connection: catalogue.exclude_paths(connection, tenant, source_id, paths))

    def _include(self, tenant: str, source_id: str, path: str) -> None:
        paths = self._excluded(tenant, source_id) - {path}
        self._database.write(lambda connection: catalogue.exclude_paths(connection, tenant, source_id, paths))

    def _read_or_keep(self, tenant: str, source: Source, progress: ProgressListener) -> SyncReport:
        try:
            _check(Path(source.location))
        except UserError as error:
            notice = f"{error.message} Its {source.documents} documents keep their last good state."
            self._database.write(lambda connection: catalogue.mark_synced(connection, tenant, source.id, notice=notice))
            return SyncReport((source.id,), (FileOutcome(source.location, "skipped", f"{notice} {error.fix}"),), 0.0)
        return self._read(tenant, source, progress)

    def _read(self, tenant: str, source: Source, progress: ProgressListener, *, only: str = "") -> SyncReport:
        started = time.perf_counter()
        defaults = Metadata(
            title=source.title, audiences=source.audiences, locale=source.locale, product=source.product
        )
        batch = self._batch(tenant, source.id, defaults)
        excluded = self._excluded(tenant, source.id)
        inner = self._inner(tenant, source)
        walked = [file for file in walk(Path(source.location)) if not any(map(file.path.is_relative_to, inner))]
        files = [_unless(file, excluded) for file in walked if only in ("", file.name)]
        if only and not files:
            files = [FoundFile(Path(source.location) / only, only, _PASSED_OVER)]
        outcomes = self._intake.bring(batch, files, progress=progress)
        gone = [] if only else [path for path in batch.known if path not in {file.name for file in files}]
        outcomes += self._withdraw_gone(batch, gone, emptied=not files)
        notice = _emptied(source) if gone and not files else ""
        self._database.write(lambda connection: catalogue.mark_synced(connection, tenant, source.id, notice=notice))
        return SyncReport((source.id,), tuple(outcomes), time.perf_counter() - started)

    def _withdraw_gone(self, batch: Batch, gone: Sequence[str], *, emptied: bool) -> list[FileOutcome]:
        if emptied:
            reason = "the folder is empty now; `openbook remove` it if that is meant"
            return [FileOutcome(path, "skipped", reason, batch.known[path][0], batch.known[path][2]) for path in gone]
        if gone:
            self._publisher.withdraw(batch.tenant, [batch.known[path][0] for path in gone])
        return [
            FileOutcome(path, "removed", "it is no longer there", batch.known[path][0], batch.known[path][2])
            for path in gone
        ]


def _check(location: Path) -> None:
    try:
        known = location.is_dir() or location.is_file()
        there = location.exists()
    except OSError as error:
        raise UserError(f"{location} cannot be looked at: {error.strerror}.", fix="Check the path.") from error
    if not there:
        raise UserError(f"There is nothing at {location}.", fix="Check the path; it is read from the current folder.")
    if not known:
        raise UserError(f"{location} is neither a folder nor a file.", fix="Name a folder or a file.")


def _unless(file: FoundFile, excluded: set[str]) -> FoundFile:
    return FoundFile(file.path, file.name, _REMOVED) if file.name in excluded else file


def _emptied(source: Source) -> str:
    return f"{source.location} holds no files now; its {source.documents} documents keep their last good state."
