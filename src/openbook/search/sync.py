"""Keeps sources in step: adds them, reads them again, says what became of each document.

A source is a folder, a file, web pages, or what was sent over HTTP. Reading it again costs nothing
where nothing changed. A source that cannot be read keeps its last good state and says so; what is
gone is withdrawn after a second look, and when most of a source is gone at once, only after a
second reading. Reading can be stopped and goes on where it was.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from openbook.errors import Busy, NotAllowed, NotFound, UserError
from openbook.search.absence import emptied, halved, kept, outcomes_of, told_moves
from openbook.search.drafting import FOLDER_MARK, Batch, draft, file_of, is_removed
from openbook.search.folders import FolderReading
from openbook.search.intake import Intake, Item, Settled, quiet
from openbook.search.places import FILE, FOLDER, SENT, SITE, check_place, enclosing, inherited, inner, outer
from openbook.search.publisher import Publisher
from openbook.search.sites import USUAL_MANNERS, Manners, SiteReading, start_address
from openbook.stores import Database, VectorIndex, catalogue, library
from openbook.stores.sightings import drop_sightings
from openbook.stores.tickets import put_tickets
from openbook.types import (
    UNSAID,
    USUAL,
    FileOutcome,
    Metadata,
    ProgressListener,
    Source,
    SourceOptions,
    SyncReport,
    Ticket,
)

_MANY = 20
_MOST = 0.5
_STOPPED = "The reading was stopped; `openbook sync` goes on from there."
_TICKETS_AT_ONCE = 200
_PATIENCE_SECONDS = 0.05


class Reading(Protocol):
    """One reading of a source of some kind.

    Attributes:
        moved: By old path the new one of documents that moved.
        notice: Why it ended early; empty if it did not.
        remarks: What else a person should know of the source as a whole.
    """

    moved: dict[str, str]
    notice: str
    remarks: tuple[str, ...]

    def items(self) -> Iterable[Item]:
        """What is there."""
        ...

    def total(self) -> int:
        """How many items there are, as far as is known by now."""
        ...

    def settle(self, settled: Sequence[Settled]) -> None:
        """Remembers what is durable now."""
        ...

    def gone(self, outcomes: Sequence[FileOutcome]) -> list[str]:
        """The known documents that are there no longer, after a second look."""
        ...

    def close(self) -> None:
        """Writes down how far it came, however it ended."""
        ...


class Sync:
    """Adds and syncs on one desk.

    Args:
        database: The truth.
        index: Looked at again when something was replaced.
        publisher: Brings versions into service and takes them out.
        manners: How it behaves towards web sites.
        locales: The languages of the articles, which their paths may name.
    """

    def __init__(
        self,
        database: Database,
        index: VectorIndex,
        publisher: Publisher,
        *,
        manners: Manners = USUAL_MANNERS,
        locales: Sequence[str] = (),
    ) -> None:
        self._database = database
        self._index = index
        self._publisher = publisher
        self._intake = Intake(publisher, self._keep_tickets)
        self._manners = manners
        self._locales = locales
        self._under_way: dict[tuple[str, str], threading.Event] = {}
        self._lock = threading.Lock()

    def add(
        self,
        tenant: str,
        location: Path | str,
        defaults: Metadata,
        options: SourceOptions = USUAL,
        *,
        progress: ProgressListener = quiet,
    ) -> SyncReport:
        """Registers a folder, a file or web pages as a source and reads it.

        A file inside a folder that is a source already is read as part of that folder, unless
        something is said for it. A folder inside a folder, or a file with something said, becomes a
        source of its own and belongs to the outer one no longer: what was said for it holds, and what
        was not said is as it was said for the outer one.

        Raises:
            UserError: There is nothing at that place, or it is neither a folder nor a file.
        """
        if isinstance(location, str):
            address = start_address(location)
            source_id = self._register(tenant, address, SITE, defaults, options)
            self._include(tenant, source_id, address)
            return self._read(tenant, self._source(tenant, source_id), progress)
        check_place(location)
        if defaults.title and location.is_dir():
            raise UserError(
                f"The title {defaults.title!r} is for a single file, and {location} is a folder.",
                fix="Leave --title out, or add the file by itself.",
            )
        is_plain = (defaults, options) == (UNSAID, USUAL)
        source = enclosing(self._sources(tenant), location) if is_plain else None
        name = location.relative_to(source.location).as_posix() if source else ""
        if source is not None and not self._lies_in_removed(tenant, source.id, name):
            self._include(tenant, source.id, name)
            return self._read(tenant, source, progress, only=name)
        kind = FOLDER if location.is_dir() else FILE
        defaults, options = inherited(self._sources(tenant), location, defaults, options)
        source_id = self._register(tenant, str(location), kind, defaults, options)
        if kind == FILE:
            self._include(tenant, source_id, location.name)
        self._take_over(tenant, location)
        return self._read(tenant, self._source(tenant, source_id), progress)

    def sync(self, tenant: str, name: str = "", *, progress: ProgressListener = quiet) -> SyncReport:
        """Reads sources again: the one of this id or location, or all.

        Raises:
            NotFound: There is no such source.
        """
        every = self._sources(tenant)
        chosen = [source for source in every if source.kind != SENT and name in ("", source.id, source.location)]
        if name and not chosen:
            raise NotFound(
                f"There is no source {name!r}.", fix="`openbook sources` lists them; `openbook add` makes one."
            )
        started = time.perf_counter()
        reports = [self._read_or_keep(tenant, source, progress, patient=not name) for source in chosen]
        return SyncReport.joined(reports, seconds=time.perf_counter() - started)

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
        source_id = self._register(tenant, SENT, SENT, UNSAID, USUAL)
        batch = self._batch(tenant, source_id, defaults)
        version = draft(batch, path, data)
        if version is None:
            known = batch.known[path]
            return FileOutcome(path, "unchanged", document_id=known.document_id, version=known.number)
        named = version.extract.metadata.audiences
        beyond = set(named).difference(named if allowed is None else allowed)
        if beyond:
            raise NotAllowed(
                f"The document {path!r} names the audience {min(beyond)!r}, which is not open to you.",
                fix="Change `audience` at its top, or send it with a key that has this audience.",
            )
        [placed] = self._publisher.publish(tenant, [version], self._publisher.embed(tenant, [version]))
        return FileOutcome(
            path,
            "waiting" if version.hold else "read",
            version.hold,
            document_id=placed.document_id,
            version=placed.number,
            chunks=len(placed.chunk_ids),
            notices=version.extract.notices,
        )

    def stop(self, tenant: str, name: str = "") -> bool:
        """Stops the reading of a source, or of all; what was read stays, and the next reading goes on.

        Returns:
            Whether anything was being read.
        """
        ids = {source.id for source in self._sources(tenant) if name in ("", source.id, source.location)}
        with self._lock:
            stopped = [
                event for (whose, source_id), event in self._under_way.items() if whose == tenant and source_id in ids
            ]
        for event in stopped:
            event.set()
        return bool(stopped)

    def halt(self, tenant: str, name: str) -> None:
        """Stops the reading of a source and waits until it has ended."""
        while self.stop(tenant, name):
            time.sleep(_PATIENCE_SECONDS)

    # ------------------------------------------------------------- one source

    def _read_or_keep(self, tenant: str, source: Source, progress: ProgressListener, *, patient: bool) -> SyncReport:
        """Reads a source, or says why it keeps its last state; with `patient` also where it is being read already."""
        try:
            if source.kind != SITE:
                check_place(Path(source.location))
        except UserError as error:
            notice = f"{error.message} Its {source.documents} documents keep their last good state."
            self._mark_synced(tenant, source, notice)
            skipped = FileOutcome(source.location, "skipped", f"{notice} {error.fix}")
            return SyncReport((source.id,), (skipped,), 0.0, notices=(notice,))
        try:
            return self._read(tenant, source, progress)
        except Busy as busy:
            if not patient:
                raise
            skipped = FileOutcome(source.location, "skipped", busy.message)
            return SyncReport((source.id,), (skipped,), 0.0, notices=(busy.message,))

    def _read(self, tenant: str, source: Source, progress: ProgressListener, *, only: str = "") -> SyncReport:
        with self._alone(tenant, source) as stop:
            started = time.perf_counter()
            batch = self._batch(tenant, source.id, source.defaults, review=source.options.review)
            reading = self._reading_of(source, batch, stop, only=only)
            with closing(reading):
                outcomes = self._intake.bring(
                    batch,
                    _until(stop, reading.items()),
                    progress=progress,
                    total=reading.total,
                    settled=reading.settle,
                )
                notice = _STOPPED if stop.is_set() else reading.notice
                if not stop.is_set():
                    is_empty = not only and all(item.outcome == "skipped" for item in outcomes)
                    is_empty = is_empty and not any(place.exists() for place in inner(self._sources(tenant), source))
                    removed, kept = self._withdraw_gone(source, batch, reading.gone(outcomes), is_empty=is_empty)
                    outcomes, notice = told_moves(outcomes, reading.moved) + removed, notice or kept
            self._mark_synced(tenant, source, notice)
            left = self._old_chunks_left(tenant, outcomes)
            notices = (*((notice,) if notice else ()), *reading.remarks)
            return SyncReport((source.id,), tuple(outcomes), time.perf_counter() - started, left, notices)

    def _reading_of(self, source: Source, batch: Batch, stop: threading.Event, *, only: str) -> Reading:
        if source.kind == SITE:
            return SiteReading(self._database, source, batch, stop=stop, manners=self._manners)
        places = inner(self._sources(batch.tenant), source)
        return FolderReading(self._database, source, batch, inner=places, locales=self._locales, only=only)

    def _withdraw_gone(
        self, source: Source, batch: Batch, gone: Sequence[str], *, is_empty: bool
    ) -> tuple[list[FileOutcome], str]:
        """Withdraws what is gone, unless so much is gone at once that it must be gone at the next reading too."""
        with self._database.read() as connection:
            before = catalogue.gone_before(connection, batch.tenant, source.id)
        all_gone = is_empty and bool(gone) and len(gone) == len(batch.known) and source.kind == FOLDER
        most = len(gone) > _MANY and len(gone) > _MOST * len(batch.known)
        if all_gone or (most and not before.issuperset(gone)):
            self._note_gone(batch, gone)
            return kept(batch, gone, is_empty=all_gone), emptied(source) if all_gone else halved(batch, gone)
        if before:
            self._note_gone(batch, ())
        if gone:
            self._publisher.withdraw(batch.tenant, [batch.known[path].document_id for path in gone])
        return outcomes_of(batch, gone, "removed", "it is no longer there"), ""

    def _note_gone(self, batch: Batch, gone: Sequence[str]) -> None:
        note = partial(catalogue.note_gone, tenant=batch.tenant, source_id=batch.source_id, paths=gone)
        self._database.write(note)

    def _keep_tickets(self, batch: Batch, found: Sequence[Ticket]) -> None:
        for start in range(0, len(found), _TICKETS_AT_ONCE):
            some = found[start : start + _TICKETS_AT_ONCE]
            self._database.write(partial(put_tickets, tenant=batch.tenant, source_id=batch.source_id, found=some))

    def _old_chunks_left(self, tenant: str, outcomes: Sequence[FileOutcome]) -> int:
        """Looks for chunks of versions that were replaced or removed just now."""
        read_again = [item for item in outcomes if item.outcome in ("read", "moved") and item.version > 1]
        removed = [item for item in outcomes if item.outcome == "removed"]
        changed = [item.document_id for item in (*read_again, *removed) if item.document_id]
        if not changed:
            return 0
        with self._database.read() as connection:
            old = library.old_chunk_ids(connection, tenant, changed)
        return len(self._index.ids(tenant).intersection(old))

    # ------------------------------------------------------------ the tables

    @contextmanager
    def _alone(self, tenant: str, source: Source) -> Iterator[threading.Event]:
        """Lets one reading of a source at a time go on, until it is done or the event is set."""
        key, stop = (tenant, source.id), threading.Event()
        with self._lock:
            if key in self._under_way:
                raise Busy(f"{source.location} is being read already.", fix="Wait until that is done, and try again.")
            self._under_way[key] = stop
        try:
            yield stop
        finally:
            with self._lock:
                del self._under_way[key]

    def _take_over(self, tenant: str, location: Path) -> None:
        """Withdraws what an outer source published of this place, before it is read for itself."""
        for source in outer(self._sources(tenant), location):
            with self._database.read() as connection:
                known = library.known_documents(connection, tenant, source.id)
            inside = [path for path in known if (Path(source.location) / file_of(path)).is_relative_to(location)]
            if inside:
                self._publisher.withdraw(tenant, [known[path].document_id for path in inside])

    def _register(self, tenant: str, location: str, kind: str, defaults: Metadata, options: SourceOptions) -> str:
        return self._database.write(
            lambda connection: catalogue.register_source(connection, tenant, location, kind, defaults, options)
        )

    def _sources(self, tenant: str) -> list[Source]:
        with self._database.read() as connection:
            return catalogue.list_sources(connection, tenant)

    def _source(self, tenant: str, source_id: str) -> Source:
        return next(item for item in self._sources(tenant) if item.id == source_id)

    def _mark_synced(self, tenant: str, source: Source, notice: str) -> None:
        mark = partial(catalogue.mark_synced, tenant=tenant, source_id=source.id, notice=notice)
        self._database.write(mark)

    def _batch(self, tenant: str, source_id: str, defaults: Metadata, *, review: bool = False) -> Batch:
        with self._database.read() as connection:
            known = library.known_documents(connection, tenant, source_id)
            accepted = library.accepted_passages(connection, tenant)
            removed = frozenset(catalogue.excluded_paths(connection, tenant, source_id))
        return Batch(tenant, source_id, defaults, known, review, accepted, removed, tuple(self._locales))

    def _lies_in_removed(self, tenant: str, source_id: str, name: str) -> bool:
        """Whether a file lies in a folder that was a source of its own and was removed: it becomes one too."""
        with self._database.read() as connection:
            removed = catalogue.excluded_paths(connection, tenant, source_id)
        return is_removed(name, {path for path in removed if path.endswith(FOLDER_MARK)})

    def _include(self, tenant: str, source_id: str, name: str) -> None:
        """Lets a file or page, and what it holds, come back after a person removed it."""

        def work(connection: Connection) -> None:
            removed = catalogue.excluded_paths(connection, tenant, source_id)
            still = {path for path in removed if file_of(path) != name}
            if still != removed:
                catalogue.exclude_paths(connection, tenant, source_id, still)
                drop_sightings(connection, tenant, source_id, [name])

        self._database.write(work)


def _until(stop: threading.Event, items: Iterable[Item]) -> Iterator[Item]:
    """The items, as long as nobody says stop."""
    for item in items:
        if stop.is_set():
            return
        yield item
