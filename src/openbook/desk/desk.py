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

from openbook.conversation import answered_or_rescued
from openbook.desk import verbs
from openbook.desk.corrections import CorrectionVerbs
from openbook.desk.doorkeeping import Doorkeeper
from openbook.desk.line import LineBroken, LineServer, call
from openbook.desk.parts import Parts, open_parts, rewired
from openbook.desk.people import PeopleVerbs
from openbook.desk.stats import NumberVerbs
from openbook.desk.support import SupportVerbs
from openbook.errors import SystemFault, UserError
from openbook.models import Embedder
from openbook.search.intake import quiet
from openbook.settings import FILE_NAME, LoadedSettings, load_settings
from openbook.stores import Folder
from openbook.stores.ids import new_id
from openbook.types import (
    MAIN_TENANT,
    Answer,
    AskRequest,
    Event,
    Health,
    ProgressListener,
    Query,
    Receipt,
    Replay,
    SearchResult,
)

P = ParamSpec("P")
T = TypeVar("T")

DEFAULT_FOLDER, DATA_FOLDER = "desk", "data"
MOST_HITS = 50
_PATIENCE_SECONDS = 15.0


def find_folder(folder: Path | str | None = None) -> Path:
    """The desk's folder: as given, else `OPENBOOK_DESK`, else the nearest upwards with settings, else `./desk`."""
    if folder is not None:
        return Path(folder).absolute()
    if named := os.environ.get("OPENBOOK_DESK"):
        return Path(named).absolute()
    here = Path.cwd()
    return next((place for place in (here, *here.parents) if (place / FILE_NAME).is_file()), here / DEFAULT_FOLDER)


class Desk(SupportVerbs, PeopleVerbs, CorrectionVerbs, NumberVerbs):
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
            return answered_or_rescued(self._parts.turn, request)
        return iter([Event("recorded", self.ask(request), 0.0)])

    def receipt(self, answer_id: str, *, tenant: str = MAIN_TENANT) -> Receipt:
        """Everything behind one answer."""
        return self._do(verbs.receipt, tenant=tenant, receipt_id=answer_id)

    def replay(self, answer_id: str, *, tenant: str = MAIN_TENANT) -> Replay:
        """One answer made again from its receipt and compared with it."""
        return self._do(verbs.replay, tenant=tenant, receipt_id=answer_id)

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


def _repeatable(request: AskRequest) -> AskRequest:
    """A request that may be sent twice: when a holder dies in mid-answer the next gives the same one."""
    return request if request.idempotency_key else replace(request, idempotency_key=new_id("req"))
