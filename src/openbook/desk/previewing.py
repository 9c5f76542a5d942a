"""Tries an edit out in a copy of the knowledge and compares the answers to past questions."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

from openbook.conversation import TurnParts, forget, run_turn
from openbook.desk.parts import Parts
from openbook.desk.scratch import scratch_of
from openbook.errors import NotFound, ReadError, UserError
from openbook.evals.preview import compare_answers
from openbook.ingest import kind_of, read
from openbook.search.drafting import Batch, draft_part
from openbook.search.places import SENT
from openbook.stores import catalogue, library
from openbook.stores.library import DraftVersion
from openbook.stores.past import past_questions
from openbook.types import (
    NOT_SERVED,
    UNSAID,
    Answer,
    AskRequest,
    Document,
    Metadata,
    Part,
    Preview,
    ProgressListener,
)

QUESTIONS = 200
_NEW = "preview"
_NOTHING_ASKED = "No question was asked yet, so there is nothing to compare: ask some, or add a help-desk export."


def preview_edit(
    parts: Parts, tenant: str, path: str, data: bytes, *, document: str, limit: int, progress: ProgressListener
) -> Preview:
    """Which past answers would change if this were published.

    Args:
        parts: The desk, which stays as it is.
        tenant: Whose knowledge.
        path: The name of the edited file; says which document it replaces unless `document` does.
        data: Its content.
        document: The document that it replaces, by id, path or address; empty: by the file's name.
        limit: How many past questions are asked.
        progress: Told what is done.

    Raises:
        NotFound: There is no such document.
        ReadError: The edit cannot be read.
    """
    target = _target(parts, tenant, path, document)
    version = _drafted(parts, tenant, path, data, target)
    with parts.database.read() as connection:
        requests, known = past_questions(connection, tenant, near=target.id if target else "", limit=limit)
    with scratch_of(parts, tenant, progress) as scratch:
        served = _as_published(version)
        scratch.publisher.publish(tenant, [served], scratch.publisher.embed(tenant, [served]))
        compared = compare_answers(
            requests,
            before=lambda request: _asked(replace(parts.turn, keep=forget), request),
            after=lambda request: _asked(scratch.turn, request),
            progress=progress,
        )
    notices = version.extract.notices if requests else (*version.extract.notices, _NOTHING_ASKED)
    return Preview(version.path, target.id if target else "", version.hold, known, compared, notices)


def _as_published(version: DraftVersion) -> DraftVersion:
    """The version as a person would approve it."""
    metadata = version.extract.metadata
    status = "approved" if metadata.status in NOT_SERVED else metadata.status
    return replace(version, hold="", extract=replace(version.extract, metadata=replace(metadata, status=status)))


def _asked(turn: TurnParts, request: AskRequest) -> Answer:
    *_, last = run_turn(turn, request)
    answer: Answer = last.data
    return answer


def _drafted(parts: Parts, tenant: str, path: str, data: bytes, target: Document | None) -> DraftVersion:
    """The edit as its source would bring it, read by its own name."""
    name = PurePosixPath(path).name
    part = Part("", kind_of(name, data), read(data, path=name))
    said = Metadata(url=target.url, locale=target.locale) if target else UNSAID
    version = draft_part(_batch(parts, tenant, target), target.path if target else name, part, said=said)
    if not isinstance(version, DraftVersion):
        raise ReadError(f"{path} says what is live already.", fix="Edit it first.")
    return version


def _batch(parts: Parts, tenant: str, target: Document | None) -> Batch:
    """What is known of the source that would bring the edit; nothing where the document is new."""
    with parts.database.read() as connection:
        accepted = library.accepted_passages(connection, tenant)
        if target is None:
            return Batch(tenant, _NEW, UNSAID, accepted=accepted)
        known = library.known_documents(connection, tenant, target.source_id)
        [source] = [item for item in catalogue.list_sources(connection, tenant) if item.id == target.source_id]
    defaults = source.defaults
    if source.kind == SENT:  # whoever sent it said this with it, and will say it again
        defaults = Metadata(audiences=target.audiences, locale=target.locale, product=target.product)
    return Batch(tenant, source.id, defaults, known, source.options.review, accepted)


def _target(parts: Parts, tenant: str, path: str, document: str) -> Document | None:
    """The live document that an edit replaces, or None if it would be a new one."""
    with parts.database.read() as connection:
        found = catalogue.find_documents(connection, tenant, document or str(Path(path).absolute()))
        if document and not found:
            raise NotFound(f"There is no document {document!r}.", fix="`openbook documents` lists them.")
        live = catalogue.list_documents(connection, tenant)
    chosen = [item for item in live if item.id in found]
    if not chosen and not document:
        chosen = [item for item in live if PurePosixPath(item.path).name == PurePosixPath(path).name]
    if len(chosen) > 1:
        raise UserError(f"{document or path!r} means {len(chosen)} documents.", fix="Name one: --document ID.")
    return chosen[0] if chosen else None
