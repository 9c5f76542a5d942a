"""Brings files and pages into service: looks at what changed, reads and cuts it, publishes it in groups.

Three things happen at once: one thread reads and cuts, the caller's thread encodes, one thread
writes; so the encoder, which costs most, is rarely idle. What cannot be read is an outcome with its
reason; the rest of the batch goes on, and its last good version keeps serving. A name counts as
settled only when all that it holds is durable.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from openbook.errors import OpenbookError, ReadError
from openbook.ingest import BYTES_LIMIT, read_parts
from openbook.search.drafting import TICKET, Batch, draft_part, hash_of, part_path, refused, unchanged
from openbook.search.publisher import Publisher
from openbook.stores.library import DraftVersion
from openbook.types import UNSAID, FileOutcome, Metadata, Part, Progress, ProgressListener, Ticket

_LOG = logging.getLogger("openbook")
_GROUP_CHUNKS = 256
_GROUP_ITEMS = 400
_GROUP_SECONDS = 0.3
_AHEAD = 256
_REMOVED = "it was removed by hand; add its file by name to bring it back"


@dataclass(frozen=True, slots=True)
class Item:
    """A file or page to be brought into service.

    Attributes:
        name: Its path or address within its source.
        content: Its bytes, or the file that holds them.
        problem: Why it cannot be read; empty if nothing is known against it.
        is_same: It is known not to have changed, so it is not even opened.
        said: What its place says of it, such as its address and last change.
        kind_name: The name that decides how it is read, where `name` does not.
        outline: Where its place puts it, outermost first, such as a page's breadcrumbs.
    """

    name: str
    content: Path | bytes = b""
    problem: str = ""
    is_same: bool = False
    said: Metadata = UNSAID
    kind_name: str = ""
    outline: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """Says that everything of an item came before it.

    Attributes:
        whole: Whether it was read to its end.
        documents: How many documents it holds.
    """

    item: Item
    whole: bool
    documents: int = 0


Step = DraftVersion | FileOutcome | Ticket | Settled


def quiet(_: Progress) -> None:
    """Listens to no progress."""


def unheard(_: Sequence[Settled]) -> None:
    """Is told what is settled, and needs it for nothing."""


class Intake:
    """Publishes files, pages and texts through a `Publisher`.

    Args:
        publisher: Brings versions into service.
        keep_tickets: Keeps the tickets of a batch's source.
    """

    def __init__(self, publisher: Publisher, keep_tickets: Callable[[Batch, Sequence[Ticket]], None]) -> None:
        self._publisher = publisher
        self._keep_tickets = keep_tickets

    def bring(
        self,
        batch: Batch,
        items: Iterable[Item],
        *,
        progress: ProgressListener = quiet,
        total: Callable[[], int] = lambda: 0,
        settled: Callable[[Sequence[Settled]], None] = unheard,
    ) -> list[FileOutcome]:
        """Reads what changed and publishes it.

        Args:
            batch: Where it belongs.
            items: What is to be read, one after another; they may come slowly.
            progress: Told what is done, as it is done.
            total: How many items there are, as far as is known by now.
            settled: Told which items are durable, in groups.

        Returns:
            One outcome for each document, in the order they were read.
        """
        outcomes: list[FileOutcome] = []
        done = 0
        with ThreadPoolExecutor(1, thread_name_prefix="openbook-publish") as publishing:
            waiting: Future[list[FileOutcome]] | None = None
            for group in _groups(_ahead(_steps(batch, items))):
                drafts = [step for step in group if isinstance(step, DraftVersion)]
                vectors = self._publisher.embed(batch.tenant, drafts)
                if waiting is not None:
                    outcomes += waiting.result()
                waiting = publishing.submit(self._settle, batch, group, vectors, settled)
                done += sum(isinstance(step, Settled) for step in group)
                progress(Progress(done, max(done, total()), "files", _name(group[-1])))
            if waiting is not None:
                outcomes += waiting.result()
        return outcomes

    def _settle(
        self,
        batch: Batch,
        group: list[Step],
        vectors: dict,  # type: ignore[type-arg]
        settled: Callable[[Sequence[Settled]], None],
    ) -> list[FileOutcome]:
        drafts = [step for step in group if isinstance(step, DraftVersion)]
        placed = iter(self._publisher.publish(batch.tenant, drafts, vectors) if drafts else ())
        self._keep_tickets(batch, [step for step in group if isinstance(step, Ticket)])
        outcomes = []
        for step in group:
            if isinstance(step, DraftVersion):
                version = next(placed)
                outcomes.append(
                    FileOutcome(
                        path=step.path,
                        outcome="waiting" if step.hold else "read",
                        reason=step.hold,
                        document_id=version.document_id,
                        version=version.number,
                        chunks=len(version.chunk_ids),
                        notices=step.extract.notices,
                    )
                )
            elif isinstance(step, FileOutcome):
                outcomes.append(step)
        settled([step for step in group if isinstance(step, Settled)])
        return outcomes


def _name(step: Step) -> str:
    if isinstance(step, Settled):
        return step.item.name
    return step.id if isinstance(step, Ticket) else step.path


def _steps(batch: Batch, items: Iterable[Item]) -> Iterator[Step]:
    """What each item holds, in order, each item closed by `Settled`."""
    for item in items:
        documents = 0
        try:
            if item.problem:
                raise ReadError(item.problem, fix="")
            for step in _read_item(batch, item):
                documents += isinstance(step, DraftVersion) or bool(getattr(step, "document_id", ""))
                yield step
            yield Settled(item, whole=True, documents=documents)
        except OpenbookError as error:
            yield refused(batch, item.name, error)
            yield Settled(item, whole=False)
        except Exception as failure:  # whatever a parser does with a file, the others go on
            _LOG.warning("The reader of %s failed", item.name, exc_info=True)
            yield refused(batch, item.name, _failed(failure))
            yield Settled(item, whole=False)


def _failed(failure: Exception) -> ReadError:
    return ReadError(
        f"its reader failed ({type(failure).__name__}), which is our mistake.",
        fix="Leave it out, and report it, with the file if you may.",
    )


def _read_item(batch: Batch, item: Item) -> Iterator[Step]:
    if item.is_same:
        yield from (unchanged(batch, path) for path in batch.paths_in(item.name))
        if not batch.paths_in(item.name):
            yield FileOutcome(item.name, "unchanged")
        return
    content = _load(item.content)
    digest = hash_of(batch, content) if isinstance(content, bytes) else ""
    if digest and item.name in batch.known and batch.known[item.name].content_hash == digest:
        yield unchanged(batch, item.name)
        return
    tally = Tally()
    for reading in read_parts(content, path=item.kind_name or item.name):
        if isinstance(reading, Ticket):
            if not batch.is_removed(part_path(item.name, f"{TICKET} {reading.id}")):
                tally.count(reading)
                yield reading
            continue
        path = part_path(item.name, reading.name)
        if batch.is_removed(path):
            yield refused(batch, path, ReadError(_REMOVED, fix=""))
        elif isinstance(reading, Part):
            yield draft_part(batch, item.name, reading, said=item.said, outline=item.outline, content_hash=digest)
        else:
            yield refused(batch, path, ReadError(reading.problem, fix=""))
    if tally.tickets:
        yield FileOutcome(item.name, "read", notices=(tally.words,))


@dataclass(slots=True)
class Tally:
    """Counts the tickets of an export."""

    tickets: int = 0
    solved: int = 0
    confirmed: int = 0

    def count(self, ticket: Ticket) -> None:
        """Counts one ticket."""
        self.tickets += 1
        self.solved += ticket.solved
        self.confirmed += bool(ticket.resolution)

    @property
    def words(self) -> str:
        """What was counted."""
        return f"{self.tickets} tickets, {self.solved} solved, {self.confirmed} of them by a person's confirmed answer"


def _load(content: Path | bytes) -> Path | bytes:
    """The bytes of a file, unless there are too many: then it can only be read as a stream."""
    if isinstance(content, bytes):
        return content
    try:
        is_large = content.stat().st_size > BYTES_LIMIT
    except OSError as error:
        raise _unreadable(error) from error
    return content if is_large else read_file(content)


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        ReadError: It is not there, or may not be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> ReadError:
    return ReadError(f"cannot be read: {error.strerror}", fix="Check that it exists and may be read.")


def _groups(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Packs steps until a group keeps the encoder busy, holds many, or has waited long enough."""
    group: list[Step] = []
    chunks, started = 0, time.monotonic()
    for step in steps:
        group.append(step)
        chunks += len(step.chunks) if isinstance(step, DraftVersion) else 0
        is_full = chunks >= _GROUP_CHUNKS or len(group) >= _GROUP_ITEMS
        if is_full or time.monotonic() - started > _GROUP_SECONDS:
            yield group
            group, chunks, started = [], 0, time.monotonic()
    if group:
        yield group


def _ahead(steps: Iterator[Step]) -> Iterator[Step]:
    """Runs an iterator on a thread of its own, somewhat ahead of whoever takes from it."""
    ready: queue.Queue[Step | BaseException | None] = queue.Queue(_AHEAD)
    stopped = threading.Event()

    def produce() -> None:
        try:
            for step in steps:
                if not _put(ready, step, stopped):
                    return
            _put(ready, None, stopped)
        except BaseException as error:
            _put(ready, error, stopped)

    threading.Thread(target=produce, name="openbook-read", daemon=True).start()
    try:
        while (step := ready.get()) is not None:
            if isinstance(step, BaseException):
                raise step
            yield step
    finally:
        stopped.set()


def _put(
    ready: "queue.Queue[Step | BaseException | None]", step: Step | BaseException | None, stopped: threading.Event
) -> bool:
    """Puts a step into the queue as soon as there is room; False when nobody takes any more."""
    while not stopped.is_set():
        try:
            ready.put(step, timeout=0.2)
            return True
        except queue.Full:
            continue
    return False
