"""What a desk can do, one function a verb, over wired parts. Thin: the floors below do the work.

Arguments and results are values of `openbook.types`, so that every verb can be called over the
desk's private line as well; `VERBS` names those that may.
"""

from dataclasses import replace
from pathlib import Path

from openbook.conversation import fetch_receipt, forget, run_turn
from openbook.conversation import replay as replay_receipt
from openbook.desk.checkup import checkup
from openbook.desk.parts import Parts, set_index_model
from openbook.errors import NotFound
from openbook.search.intake import quiet
from openbook.stores import catalogue
from openbook.stores.tenants import list_tenants
from openbook.types import (
    Answer,
    AskRequest,
    DeletionReceipt,
    Document,
    FileOutcome,
    Health,
    Metadata,
    Progress,
    ProgressListener,
    Query,
    Receipt,
    Replay,
    SearchResult,
    Source,
    SyncReport,
    Version,
)


def add(
    parts: Parts, tenant: str, location: Path, defaults: Metadata, progress: ProgressListener = quiet
) -> SyncReport:
    """Registers a folder or file and reads it."""
    return parts.sync.add(tenant, location, defaults, progress=progress)


def sync(parts: Parts, tenant: str, name: str, progress: ProgressListener = quiet) -> SyncReport:
    """Reads one source, or all, again."""
    return parts.sync.sync(tenant, name, progress=progress)


def put_document(
    parts: Parts, tenant: str, path: str, text: str, defaults: Metadata, allowed: tuple[str, ...] | None
) -> FileOutcome:
    """Publishes one document that was sent."""
    return parts.sync.put(tenant, path, text.encode("utf-8", "replace"), defaults, allowed=allowed)


def remove(parts: Parts, tenant: str, name: str, erase: bool) -> DeletionReceipt:
    """Withdraws a document or source, and proves it."""
    return parts.sync.remove(tenant, name, erase=erase)


def sources(parts: Parts, tenant: str) -> tuple[Source, ...]:
    """Every source."""
    with parts.database.read() as connection:
        return tuple(catalogue.list_sources(connection, tenant))


def documents(parts: Parts, tenant: str) -> tuple[Document, ...]:
    """Every live document."""
    with parts.database.read() as connection:
        return tuple(catalogue.list_documents(connection, tenant))


def document(parts: Parts, tenant: str, document_id: str) -> Document:
    """One live document."""
    with parts.database.read() as connection:
        found = catalogue.list_documents(connection, tenant, ids=[document_id])
    if not found:
        raise NotFound(f"There is no live document {document_id!r}.", fix="`openbook documents` lists them.")
    return found[0]


def versions(parts: Parts, tenant: str, document_id: str) -> tuple[Version, ...]:
    """Every version of a document, the newest first."""
    with parts.database.read() as connection:
        found = catalogue.list_versions(connection, tenant, document_id)
    if not found:
        raise NotFound(f"There is no document {document_id!r}.", fix="`openbook documents` lists the live ones.")
    return tuple(found)


def version(parts: Parts, tenant: str, document_id: str, number: int, audiences: tuple[str, ...]) -> Version:
    """One version with its text, for a caller with these audiences; a hidden one reads as absent."""
    with parts.database.read() as connection:
        allowed = catalogue.audiences_of(connection, tenant, document_id, number)
        found = catalogue.get_version(connection, tenant, document_id, number)
    if found is None or not set(allowed).intersection(audiences):
        raise NotFound(
            f"There is no version {number} of document {document_id!r}.", fix="Follow the link of a citation."
        )
    return found


def search(parts: Parts, query: Query) -> SearchResult:
    """The best hits for a query."""
    return parts.searcher.search(query)


def ask(parts: Parts, request: AskRequest) -> Answer:
    """One answer: the last event of a turn."""
    *_, last = run_turn(parts.turn, request)
    answer: Answer = last.data
    return answer


def rehearse(parts: Parts, request: AskRequest) -> Answer:
    """One answer as `ask` would give it, of which nothing is kept."""
    *_, last = run_turn(replace(parts.turn, keep=forget), request)
    answer: Answer = last.data
    return answer


def receipt(parts: Parts, tenant: str, receipt_id: str) -> Receipt:
    """Everything behind one answer."""
    return fetch_receipt(parts.turn, tenant, receipt_id)


def replay(parts: Parts, tenant: str, receipt_id: str) -> Replay:
    """One answer made again from its receipt."""
    return replay_receipt(parts.turn, fetch_receipt(parts.turn, tenant, receipt_id))


def rebuild_index(parts: Parts, progress: ProgressListener = quiet) -> int:
    """Makes the index anew from the tables; returns its number of chunks."""
    points = 0
    for tenant in list_tenants(parts.database):
        points += parts.publisher.rebuild(
            tenant, progress=lambda done, total: progress(Progress(done, total, "documents"))
        )
    set_index_model(parts.database, parts.embedder)
    return points


def doctor(parts: Parts) -> Health:
    """Every setting with its origin, every part with its health."""
    return checkup(parts)


VERBS = {
    verb.__name__: verb
    for verb in (
        add,
        sync,
        put_document,
        remove,
        sources,
        documents,
        document,
        versions,
        version,
        search,
        ask,
        rehearse,
        receipt,
        replay,
        rebuild_index,
        doctor,
    )
}
