"""What a desk can do, one function a verb, over wired parts. Thin: the floors below do the work.

Arguments and results are values of `openbook.types`, so that every verb can be called over the
desk's private line as well; `VERBS` names those that may.
"""

from dataclasses import replace
from pathlib import Path

from openbook.conversation import answered_or_rescued, fetch_receipt, settings_under
from openbook.conversation import rehearse as rehearse_turn
from openbook.conversation import replay as replay_receipt
from openbook.desk.checkup import checkup
from openbook.desk.corrections import CORRECTION_VERBS
from openbook.desk.disputes import list_disputes
from openbook.desk.parts import Parts, machinery_of, set_index_model
from openbook.desk.people import PEOPLE_VERBS
from openbook.desk.previewing import preview_edit
from openbook.desk.reviewing import keep_review
from openbook.desk.stats import NUMBER_VERBS
from openbook.desk.support_verbs import SUPPORT_VERBS
from openbook.errors import NotFound
from openbook.evals.backtest import Backtest
from openbook.evals.material import write_tickets
from openbook.hashing import canonical_json, hash_text
from openbook.search.intake import quiet, read_file
from openbook.search.places import is_address
from openbook.search.staleness import stale_documents
from openbook.stores import catalogue, library
from openbook.stores.ids import new_id
from openbook.stores.tenants import list_tenants
from openbook.stores.tickets import count_tickets, read_tickets
from openbook.types import (
    Answer,
    AskRequest,
    Calibration,
    ConfidenceModel,
    DeletionReceipt,
    Dispute,
    Document,
    FileOutcome,
    Health,
    Metadata,
    Preview,
    Progress,
    ProgressListener,
    Query,
    Receipt,
    Rehearsal,
    Replay,
    Review,
    SearchResult,
    Source,
    SourceOptions,
    Stale,
    SyncReport,
    TicketCount,
    Version,
    utc_now,
)
from openbook.version import VERSION


def add(
    parts: Parts,
    tenant: str,
    location: str,
    defaults: Metadata,
    options: SourceOptions,
    progress: ProgressListener = quiet,
) -> SyncReport:
    """Registers a folder, a file or web pages and reads them."""
    place = location if is_address(location) else Path(location)
    return parts.sync.add(tenant, place, defaults, options, progress=progress)


def sync(parts: Parts, tenant: str, name: str, progress: ProgressListener = quiet) -> SyncReport:
    """Reads one source, or all, again."""
    return parts.sync.sync(tenant, name, progress=progress)


def stop(parts: Parts, tenant: str, name: str) -> bool:
    """Stops the reading of a source; False if it was not being read."""
    return parts.sync.stop(tenant, name)


def put_document(
    parts: Parts, tenant: str, path: str, text: str, defaults: Metadata, allowed: tuple[str, ...] | None
) -> FileOutcome:
    """Publishes one document that was sent."""
    return parts.sync.put(tenant, path, text.encode("utf-8", "replace"), defaults, allowed=allowed)


def remove(parts: Parts, tenant: str, name: str, erase: bool) -> DeletionReceipt:
    """Withdraws a document or source, and proves it; a source that is being read is stopped before."""
    for source_id in parts.removal.sources_of(tenant, name) if name else ():
        parts.sync.halt(tenant, source_id)
    return parts.removal.remove(tenant, name, erase=erase)


def sources(parts: Parts, tenant: str) -> tuple[Source, ...]:
    """Every source."""
    with parts.database.read() as connection:
        return tuple(catalogue.list_sources(connection, tenant))


def documents(parts: Parts, tenant: str, waiting: bool) -> tuple[Document, ...]:
    """Every live document, or every one that waits for a person."""
    with parts.database.read() as connection:
        return tuple(catalogue.list_documents(connection, tenant, waiting=waiting))


def stale(parts: Parts, tenant: str) -> tuple[Stale, ...]:
    """The documents that may be out of date."""
    with parts.database.read() as connection:
        live = catalogue.list_documents(connection, tenant)
        unread = {source.id for source in catalogue.list_sources(connection, tenant) if source.notice}
    after = parts.settings.values.sync.stale_after_days
    return tuple(stale_documents(live, at=utc_now(), after_days=after, unread=unread))


def contradictions(parts: Parts, tenant: str, limit: int, progress: ProgressListener = quiet) -> tuple[Dispute, ...]:
    """Statements of different documents that seem to contradict each other."""
    return list_disputes(parts, tenant, limit=limit, progress=progress)


def approve(parts: Parts, tenant: str, name: str, number: int | None) -> Document:
    """Makes a version live that waits, or a draft."""
    return parts.approval.approve(tenant, name, number)


def revert(parts: Parts, tenant: str, name: str, number: int | None) -> Document:
    """Brings an older version back."""
    return parts.approval.revert(tenant, name, number)


def preview(
    parts: Parts,
    tenant: str,
    path: str,
    text: str | None,
    document: str,
    limit: int,
    progress: ProgressListener = quiet,
) -> Preview:
    """Which past answers would change if a file, or a text under its name, were published."""
    data = read_file(Path(path)) if text is None else text.encode("utf-8", "replace")
    return preview_edit(parts, tenant, path, data, document=document, limit=limit, progress=progress)


def tickets(parts: Parts, tenant: str) -> tuple[TicketCount, ...]:
    """How many past tickets each source brought."""
    with parts.database.read() as connection:
        locations = {source.id: source.location for source in catalogue.list_sources(connection, tenant)}
        counted = count_tickets(connection, tenant)
    return tuple(TicketCount(source, locations.get(source, ""), *counts) for source, counts in sorted(counted.items()))


def export_tickets(parts: Parts, tenant: str, target: Path, form: str) -> int:
    """Writes the tickets into a file of JSON Lines; returns how many."""
    with parts.database.read() as connection:
        return write_tickets(read_tickets(connection, tenant), target, form=form)


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
    *_, last = answered_or_rescued(parts.turn, request)
    answer: Answer = last.data
    return answer


def rehearse(parts: Parts, request: AskRequest, model: ConfidenceModel | None) -> Rehearsal:
    """One answer as `ask` would give it, or as another model of the confidence would, of which nothing is kept."""
    return rehearse_turn(parts.turn, request, model=model)


def calibrations(parts: Parts, tenant: str) -> tuple[Calibration, ...]:
    """Every version of the confidence, the newest first; what Openbook brings along is the last."""
    return parts.turn.calibrations.every(tenant)


def activate(parts: Parts, tenant: str, calibration: Calibration) -> Calibration:
    """Keeps a version of the confidence as the one that counts from now on."""
    made_with = calibration.made_with or machinery_of(parts)
    return parts.turn.calibrations.activate(tenant, replace(calibration, id=new_id("cal"), made_with=made_with))


def review(parts: Parts, tenant: str, answer_id: str, right: bool) -> Review:
    """Keeps what a person says of an answer, and withdraws a promise that the reviews have broken."""
    return keep_review(parts, tenant, answer_id, right=right)


def backtest(parts: Parts, tenant: str, path: str, by_time: bool, progress: ProgressListener = quiet) -> Backtest:
    """What would have happened on past tickets."""
    # deferred: it loads the readers of exports, which no other verb should wait for
    from openbook.desk.backtesting import backtest_tickets

    return backtest_tickets(parts, tenant, path, by_time=by_time, progress=progress)


def state(parts: Parts, tenant: str) -> str:
    """A hash of everything that decides about answers; equal states give equal answers."""
    with parts.database.read() as connection:
        live = sorted(library.versions_in(connection, tenant, "live"))
    settings = settings_under(parts.turn.calibrations.active(tenant), parts.turn)
    return hash_text(canonical_json([live, settings, parts.turn.model_ids, VERSION]))


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
        stop,
        put_document,
        remove,
        sources,
        documents,
        stale,
        contradictions,
        approve,
        revert,
        preview,
        tickets,
        export_tickets,
        document,
        versions,
        version,
        search,
        ask,
        rehearse,
        calibrations,
        activate,
        review,
        backtest,
        state,
        receipt,
        replay,
        rebuild_index,
        doctor,
        *SUPPORT_VERBS,
        *PEOPLE_VERBS,
        *CORRECTION_VERBS,
        *NUMBER_VERBS,
    )
}
