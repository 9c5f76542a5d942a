"""Brings files into service: looks at what changed, reads and cuts it, publishes it in groups.

Three things happen at once: one thread reads and cuts files, the caller's thread encodes, one
thread writes; so the encoder, which costs most, is rarely idle. A file that cannot be read is an
outcome with its reason; the rest of the batch goes on, and its last good version keeps serving.
"""

import queue
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from openbook.errors import OpenbookError, ReadError
from openbook.hashing import canonical_json, hash_bytes, hash_text
from openbook.ingest import CHUNKER_VERSION, READER_VERSION, FoundFile, chunk, embedding_text, kind_of, read
from openbook.search.publisher import Publisher
from openbook.stores.library import DraftVersion
from openbook.types import PUBLIC, FileOutcome, Metadata, Progress, ProgressListener, to_plain

_GROUP_CHUNKS = 256
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be brought into service.

    Attributes:
        defaults: What the source says of documents that do not say it themselves.
        known: Per path of a live document its id, content hash and version, as the tables have it.
    """

    tenant: str
    source_id: str
    defaults: Metadata
    known: dict[str, tuple[str, str, int]]


def quiet(_: Progress) -> None:
    """Listens to no progress."""


class Intake:
    """Publishes files and texts through a `Publisher`."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def bring(
        self, batch: Batch, files: Sequence[FoundFile], *, progress: ProgressListener = quiet
    ) -> list[FileOutcome]:
        """Reads what changed and publishes it; returns one outcome a file, in the order given."""
        outcomes: dict[str, FileOutcome] = {}
        done = 0
        with ThreadPoolExecutor(1, thread_name_prefix="openbook-publish") as publishing:
            waiting: Future[list[FileOutcome]] | None = None
            for group in _groups(_ahead(_prepare(batch, files))):
                drafts = [item for item in group if isinstance(item, DraftVersion)]
                vectors = self._publisher.embed(batch.tenant, drafts)
                if waiting is not None:
                    _note(outcomes, waiting.result())
                waiting = publishing.submit(self._publish, batch.tenant, drafts, vectors)
                _note(outcomes, [item for item in group if isinstance(item, FileOutcome)])
                done += len(group)
                progress(Progress(done, len(files), "files", _path(group[-1])))
            if waiting is not None:
                _note(outcomes, waiting.result())
        return [outcomes[file.name] for file in files]

    def _publish(self, tenant: str, drafts: list[DraftVersion], vectors: dict) -> list[FileOutcome]:  # type: ignore[type-arg]
        if not drafts:
            return []
        return [
            FileOutcome(
                path=placed.draft.path,
                outcome="read",
                document_id=placed.document_id,
                version=placed.number,
                chunks=len(placed.chunk_ids),
                notices=placed.draft.extract.notices,
            )
            for placed in self._publisher.publish(tenant, drafts, vectors)
        ]


def _note(outcomes: dict[str, FileOutcome], found: Iterable[FileOutcome]) -> None:
    outcomes.update({outcome.path: outcome for outcome in found})


def _path(item: DraftVersion | FileOutcome) -> str:
    return item.path


def _prepare(batch: Batch, files: Iterable[FoundFile]) -> Iterator[DraftVersion | FileOutcome]:
    for file in files:
        try:
            if file.problem:
                raise ReadError(file.problem, fix="")
            data = _load(file)
            yield draft(batch, file.name, data) or _unchanged(batch, file.name)
        except OpenbookError as error:
            yield _skipped(batch, file.name, error)


def _load(file: FoundFile) -> bytes:
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror}", fix="Check that it exists and may be read.") from error


def draft(batch: Batch, path: str, data: bytes) -> DraftVersion | None:
    """Reads and cuts one file; None when its live version was made from the same content and defaults.

    Raises:
        ReadError: It cannot be read.
    """
    versions = [READER_VERSION, CHUNKER_VERSION, to_plain(batch.defaults)]
    content_hash = hash_text(hash_bytes(data) + canonical_json(versions))
    if path in batch.known and batch.known[path][1] == content_hash:
        return None
    extract = read(data, path=path)
    extract = replace(extract, metadata=merge(extract.metadata, batch.defaults))
    chunks = chunk(extract)
    texts = tuple(embedding_text(extract.metadata.title, extract.text, piece) for piece in chunks)
    return DraftVersion(
        source_id=batch.source_id,
        path=path,
        kind=kind_of(path, data),
        content_hash=content_hash,
        extract=extract,
        chunks=chunks,
        embedding_texts=texts,
        embedding_hashes=tuple(hash_text(text) for text in texts),
    )


def merge(own: Metadata, defaults: Metadata) -> Metadata:
    """What a document says of itself, filled up with its source's defaults; public unless said otherwise."""
    return Metadata(
        title=defaults.title or own.title,
        audiences=own.audiences or defaults.audiences or (PUBLIC,),
        locale=own.locale or defaults.locale,
        product=own.product or defaults.product,
        status=own.status or defaults.status or "approved",
        valid_from=own.valid_from or defaults.valid_from,
        valid_until=own.valid_until or defaults.valid_until,
        updated_at=own.updated_at or defaults.updated_at,
        url=own.url or defaults.url,
    )


def _unchanged(batch: Batch, path: str) -> FileOutcome:
    document_id, _, number = batch.known[path]
    return FileOutcome(path=path, outcome="unchanged", document_id=document_id, version=number)


def _skipped(batch: Batch, path: str, error: OpenbookError) -> FileOutcome:
    document_id, _, number = batch.known.get(path, ("", "", 0))
    kept = f" Its last good version ({number}) keeps serving." if document_id else ""
    mend = f" {error.fix}" if error.fix else ""
    return FileOutcome(
        path=path, outcome="skipped", reason=f"{error.message}{mend}{kept}", document_id=document_id, version=number
    )


def _groups(items: Iterable[DraftVersion | FileOutcome]) -> Iterator[list[DraftVersion | FileOutcome]]:
    """Packs items until a group has enough chunks to keep the encoder busy, or has waited long enough."""
    group: list[DraftVersion | FileOutcome] = []
    chunks, started = 0, time.monotonic()
    for item in items:
        group.append(item)
        chunks += len(item.chunks) if isinstance(item, DraftVersion) else 0
        if chunks >= _GROUP_CHUNKS or time.monotonic() - started > 1.0:
            yield group
            group, chunks, started = [], 0, time.monotonic()
    if group:
        yield group


def _ahead(items: Iterator[DraftVersion | FileOutcome]) -> Iterator[DraftVersion | FileOutcome]:
    """Runs an iterator on a thread of its own, a few groups ahead of whoever takes from it."""
    ready: queue.Queue[DraftVersion | FileOutcome | BaseException | None] = queue.Queue(_AHEAD * 64)
    stopped = threading.Event()

    def produce() -> None:
        try:
            for item in items:
                while not stopped.is_set():
                    try:
                        ready.put(item, timeout=0.2)
                        break
                    except queue.Full:
                        continue
                if stopped.is_set():
                    return
            ready.put(None)
        except BaseException as error:
            ready.put(error)

    threading.Thread(target=produce, name="openbook-read", daemon=True).start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
