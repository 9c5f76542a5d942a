"""The facade: one method a verb, for Python, the command line and the server alike.

Opening a desk either holds its folder, with every part wired in this process, or finds another
process holding it and calls that one over the folder's private line. Both look the same from
outside. This module has no logic of its own beyond that choice.
"""

import math
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from openbook.conversation import run_turn
from openbook.desk import verbs
from openbook.desk.doorkeeping import Doorkeeper
from openbook.desk.line import LineBroken, LineServer, call
from openbook.desk.parts import Parts, open_parts, rewired
from openbook.errors import SystemFault, UserError
from openbook.evals import LOOKED_AT, Case, Report, evaluate, read_dataset
from openbook.models import Embedder
from openbook.search.intake import quiet
from openbook.settings import FILE_NAME, LoadedSettings, load_settings
from openbook.stores import Folder
from openbook.stores.ids import new_id
from openbook.types import (
    MAIN_TENANT,
    PUBLIC,
    Answer,
    AskRequest,
    DeletionReceipt,
    Document,
    Event,
    FileOutcome,
    Health,
    Metadata,
    ProgressListener,
    Query,
    Receipt,
    Replay,
    SearchResult,
    Source,
    SyncReport,
    Version,
)

P = ParamSpec("P")
T = TypeVar("T")

DEFAULT_FOLDER, DATA_FOLDER = "desk", "data"
MOST_HITS = 50
_PATIENCE_SECONDS = 15.0
_UNSAID = Metadata()


def find_folder(folder: Path | str | None = None) -> Path:
    """The desk's folder: as given, else `OPENBOOK_DESK`, else the nearest upwards with settings, else `./desk`."""
    if folder is not None:
        return Path(folder).absolute()
    if named := os.environ.get("OPENBOOK_DESK"):
        return Path(named).absolute()
    here = Path.cwd()
    return next((place for place in (here, *here.parents) if (place / FILE_NAME).is_file()), here / DEFAULT_FOLDER)


class Desk:
    """One installation: knowledge, answers, receipts. Safe to use from several threads.

    Use `Desk.open`, as a context manager or with `close()`.
    """

    def __init__(self, path: Path, settings: LoadedSettings, *, purpose: str, embedder: Embedder | None = None) -> None:
        self.path = path
        self.settings = settings
        self._purpose = purpose
        self._embedder = embedder
        self._folder = Folder(path / DATA_FOLDER)
        self._parts: Parts | None = None
        self._line: LineServer | None = None
        self._lock = threading.RLock()
        self._closed = False

    @classmethod
    def open(
        cls,
        folder: Path | str | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        purpose: str = "openbook",
        must_hold: bool = False,
        embedder: Embedder | None = None,
    ) -> Self:
        """Opens a desk, and creates it when new.

        Args:
            folder: See `find_folder`.
            settings: Values by dotted name that win over file and environment.
            purpose: What this process does with it, told to whoever finds the folder held.
            must_hold: Fail rather than forward when another process holds the folder.
            embedder: Your own encoder instead of the one that the settings name.

        Raises:
            UserError: The folder or a setting does not fit.
            FolderInUse: `must_hold` is set and another process holds the folder.
            StoreDamaged: What is stored there cannot be opened.
        """
        path = find_folder(folder)
        desk = cls(path, load_settings(path, arguments=settings), purpose=purpose, embedder=embedder)
        if not desk._hold() and must_hold:
            raise desk._folder.in_use("This needs the desk for itself")
        return desk

    @property
    def holds(self) -> bool:
        """Whether this process holds the folder, rather than calling one that does."""
        return self._parts is not None

    @property
    def parts(self) -> Parts:
        """The wired parts, for tests and benchmarks; only the process that holds the folder has them."""
        if self._parts is None:
            raise self._folder.in_use("This needs the desk for itself")
        return self._parts

    @property
    def doorkeeper(self) -> Doorkeeper:
        """Who may come in; only the process that holds the folder may ask."""
        return Doorkeeper(self.parts.database)

    def describe(self, **details: Any) -> None:
        """Tells whoever finds the folder held what this holder is, such as its address."""
        if self.holds:
            self._folder.describe(self._purpose, **details)

    def close(self) -> None:
        """Writes everything out and lets the folder go."""
        with self._lock:
            self._closed = True
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ knowledge

    def add(
        self,
        *locations: Path | str,
        tenant: str = MAIN_TENANT,
        audience: str = "",
        locale: str = "",
        product: str = "",
        title: str = "",
        progress: ProgressListener = quiet,
    ) -> SyncReport:
        """Reads files and folders into the knowledge and keeps them as sources.

        Args:
            locations: Files or folders.
            tenant: Whose knowledge.
            audience: Who may see documents that do not say it themselves; `public` by default.
            locale: Their language, where they do not say it.
            product: What they are about, where they do not say it.
            title: A title for a single file.
            progress: Told what is done, as it is done.

        Raises:
            UserError: A location does not exist. Files that cannot be read are outcomes instead.
        """
        defaults = Metadata(title=title, audiences=_names(audience), locale=locale, product=product)
        places = [_local(location) for location in locations]
        reports = [
            self._do(verbs.add, tenant=tenant, location=place, defaults=defaults, progress=progress) for place in places
        ]
        return SyncReport(
            tuple(identifier for report in reports for identifier in report.source_ids),
            tuple(file for report in reports for file in report.files),
            sum(report.seconds for report in reports),
        )

    def sync(self, source: str = "", *, tenant: str = MAIN_TENANT, progress: ProgressListener = quiet) -> SyncReport:
        """Reads registered sources again; what is gone is removed."""
        return self._do(verbs.sync, tenant=tenant, name=_named(source), progress=progress)

    def put_document(
        self,
        path: str,
        text: str,
        *,
        tenant: str = MAIN_TENANT,
        metadata: Metadata = _UNSAID,
        allowed: tuple[str, ...] | None = None,
    ) -> FileOutcome:
        """Publishes one document from its text; the same path replaces it.

        Args:
            path: Its name; the ending says what it is, such as `.md`.
            text: The whole document.
            tenant: Whose knowledge.
            metadata: What it does not say of itself.
            allowed: The only audiences it may name, or None for any.
        """
        return self._do(verbs.put_document, tenant=tenant, path=path, text=text, defaults=metadata, allowed=allowed)

    def remove(self, name: str, *, tenant: str = MAIN_TENANT, erase: bool = False) -> DeletionReceipt:
        """Withdraws a document or source from everything that serves, and proves it."""
        try:
            return self._do(verbs.remove, tenant=tenant, name=name, erase=erase)
        except UserError:
            if Path(name).absolute() == Path(name) or name == _named(name):
                raise
            return self._do(verbs.remove, tenant=tenant, name=_named(name), erase=erase)

    def sources(self, *, tenant: str = MAIN_TENANT) -> tuple[Source, ...]:
        """Every source with its age and its number of documents."""
        return self._do(verbs.sources, tenant=tenant)

    def documents(self, *, tenant: str = MAIN_TENANT) -> tuple[Document, ...]:
        """Every live document with version, age, audience and how many answers rest on it."""
        return self._do(verbs.documents, tenant=tenant)

    def document(self, document_id: str, *, tenant: str = MAIN_TENANT) -> Document:
        """One live document."""
        return self._do(verbs.document, tenant=tenant, document_id=document_id)

    def versions(self, document_id: str, *, tenant: str = MAIN_TENANT) -> tuple[Version, ...]:
        """Every version of a document, the newest first."""
        return self._do(verbs.versions, tenant=tenant, document_id=document_id)

    def version(
        self, document_id: str, number: int, *, tenant: str = MAIN_TENANT, audiences: tuple[str, ...] = (PUBLIC,)
    ) -> Version:
        """One version with its source text, if one of these audiences may see it."""
        return self._do(verbs.version, tenant=tenant, document_id=document_id, number=number, audiences=audiences)

    # -------------------------------------------------------------- answers

    def search(self, query: str | Query, **options: Any) -> SearchResult:
        """Hits with every part of their scores.

        Args:
            query: What to look for, or a whole query.
            options: Fields of `Query`, such as `audiences` or `limit`.

        Raises:
            UserError: More hits are asked for than are ever given.
        """
        usual = {"limit": self.settings.values.search.limit}
        wanted = query if isinstance(query, Query) else Query(query, **usual | options)
        if not 1 <= wanted.limit <= MOST_HITS:
            raise UserError(f"{wanted.limit} hits cannot be asked for.", fix=f"Ask for 1 to {MOST_HITS}.")
        return self._do(verbs.search, query=wanted)

    def ask(self, question: str | AskRequest, **options: Any) -> Answer:
        """One answer.

        Args:
            question: The customer's words, or a whole request.
            options: Fields of `AskRequest`, such as `conversation_id` or `audiences`.

        Raises:
            UserError: The question is too long, or the conversation unknown.
        """
        request = question if isinstance(question, AskRequest) else AskRequest(question, **options)
        return self._do(verbs.ask, request=request if self.holds else _repeatable(request))

    def ask_events(self, request: AskRequest) -> Iterator[Event]:
        """The events of one turn as they happen; from another process, only the last."""
        if self._parts is not None:
            return run_turn(self._parts.turn, request)
        return iter([Event("recorded", self.ask(request), 0.0)])

    def receipt(self, answer_id: str, *, tenant: str = MAIN_TENANT) -> Receipt:
        """Everything behind one answer."""
        return self._do(verbs.receipt, tenant=tenant, receipt_id=answer_id)

    def replay(self, answer_id: str, *, tenant: str = MAIN_TENANT) -> Replay:
        """One answer made again from its receipt and compared with it."""
        return self._do(verbs.replay, tenant=tenant, receipt_id=answer_id)

    # -------------------------------------------------------------- quality

    def evaluate(self, dataset: Path | str, *, tenant: str = MAIN_TENANT, progress: ProgressListener = quiet) -> Report:
        """Asks every question of a dataset, keeps nothing of it, and reports metrics with their intervals.

        Raises:
            UserError: The dataset cannot be read; names the line.
        """

        def request(case: Case) -> AskRequest:
            return AskRequest(case.question, tenant=tenant, audiences=_names(case.audience), channel="evaluation")

        def search(case: Case) -> SearchResult:
            return self.search(case.question, tenant=tenant, audiences=_names(case.audience), limit=LOOKED_AT)

        def ask(case: Case) -> Answer:
            return self._do(verbs.rehearse, request=request(case))

        return evaluate(read_dataset(Path(dataset)), ask=ask, search=search, progress=progress)

    # ----------------------------------------------------------- operations

    def rebuild_index(self, *, progress: ProgressListener = quiet) -> int:
        """Makes the index anew from the tables; returns its number of chunks."""
        return self._do(verbs.rebuild_index, progress=progress)

    def doctor(self) -> Health:
        """Every setting with its origin, every part with its health and the mend for each fault."""
        return self._do(verbs.doctor)

    # ------------------------------------------------------ here or over there

    def _hold(self) -> bool:
        """Tries to hold the folder and wire the parts; False when another process holds it."""
        with self._lock:
            if self._closed:
                raise SystemFault("The desk is closed.", fix="Open it again.")
            if self._parts is not None:
                return True
            if not self._folder.hold(self._purpose):
                return False
            try:
                self._parts = open_parts(self._folder, self.settings, embedder=self._embedder)
                self._line = LineServer(self._folder.socket, verbs.VERBS, self._do_here)
            except BaseException:
                self._let_go()
                raise
            return True

    def _let_go(self) -> None:
        """Ends the line, closes the parts, leaves the folder to the next."""
        if self._line is not None:
            self._line.close()
        try:
            if self._parts is not None:
                self._parts.close()
        finally:
            self._line = self._parts = None
            self._folder.release(clean=False)  # unless the parts, closed in order, have done it already

    def _do(self, verb: Callable[Concatenate[Parts, P], T], *_: P.args, **arguments: P.kwargs) -> T:
        """Does a verb here, or has the holder do it; finds a new holder when the old one went away."""
        deadline = math.inf
        while True:
            if self._parts is not None or self._hold():
                return self._do_here(verb, arguments)
            try:
                return call(self._folder.socket, verb, arguments)
            except LineBroken as error:
                deadline = min(deadline, time.monotonic() + _PATIENCE_SECONDS)
                if time.monotonic() > deadline:
                    raise self._folder.in_use("The process that holds the desk does not answer") from error
                time.sleep(0.05)

    def _do_here(self, verb: Callable[..., T], arguments: Mapping[str, Any]) -> T:
        try:
            result = verb(self.parts, **arguments)
        except UnicodeEncodeError as error:
            raise UserError(
                f"Half a character (a lone surrogate) is no text: {error.object!r}.", fix="Give the name in Unicode."
            ) from error
        if verb is verbs.rebuild_index:
            self._parts = rewired(self.parts)
        return result


def _names(audience: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in audience.split(",") if name.strip())


def _named(source: str) -> str:
    """A source as it is stored: an id as it is, a path made absolute."""
    return str(Path(source).absolute()) if source and Path(source).exists() else source


def _local(location: Path | str) -> Path:
    if "://" in str(location):
        raise UserError(
            f"Web addresses cannot be read yet: {location}.", fix="Save the pages into a folder and add the folder."
        )
    return Path(os.path.normpath(Path(location).absolute()))


def _repeatable(request: AskRequest) -> AskRequest:
    """A request that may be sent twice: when a holder dies in mid-answer the next gives the same one."""
    return request if request.idempotency_key else replace(request, idempotency_key=new_id("req"))
