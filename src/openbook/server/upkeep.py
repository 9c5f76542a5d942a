"""What a guest may know and decide of knowledge that needs a person's eye: old, waiting, contradictory, edited.

What is hidden from a guest is left out whole: a contradiction with a hidden side is none.
"""

from collections.abc import Iterable
from dataclasses import replace

from openbook.desk import Desk
from openbook.errors import NotFound, UserError
from openbook.server.guests import Guest
from openbook.server.knowledge import document_for
from openbook.types import PUBLIC, Dispute, Document, Preview, ProgressListener, Source, Stale

MOST_DISPUTES = 500
"""The most contradictions that are looked at or asked for."""


def stale_for(desk: Desk, guest: Guest) -> list[Stale]:
    """The documents that may be out of date and that a guest may see."""
    return [item for item in desk.stale(tenant=guest.tenant) if guest.sees(item.document.audiences)]


def disputes_for(desk: Desk, guest: Guest, *, limit: int, progress: ProgressListener) -> list[Dispute]:
    """The surest contradictions that a guest may see; see `seen_by`. What is hidden takes no place among them."""
    most = limit if guest.owner else MOST_DISPUTES
    return seen_by(guest, desk.contradictions(limit=most, tenant=guest.tenant, progress=progress))[:limit]


def seen_by(guest: Guest, disputes: Iterable[Dispute]) -> list[Dispute]:
    """Those of which a guest may see both sides; the questions that met both are for the owner alone."""
    seen = [item for item in disputes if guest.sees(item.one.audiences) and guest.sees(item.other.audiences)]
    return seen if guest.owner else [replace(item, questions=()) for item in seen]


def preview_for(
    desk: Desk, guest: Guest, path: str, text: str, *, document: str, limit: int, progress: ProgressListener
) -> Preview:
    """What an edit would change in answers to past questions that a guest may see.

    Raises:
        UserError: A guest other than the owner does not name the document.
        NotFound: There is no such document, or the guest may not see it.
        ReadError: The edit cannot be read.
    """
    if not guest.owner and not document:
        raise UserError("The document that this edit replaces is not named.", fix="Give its id in `document`: doc_….")
    if not guest.owner:
        document_for(desk, guest, document)
    found = desk.preview(path, text=text, document=document, limit=limit, tenant=guest.tenant, progress=progress)
    if guest.owner:
        return found
    seen = tuple(item for item in found.compared if set(item.audiences) <= set(guest.audiences))
    return replace(found, compared=seen, known=len(seen))


def approve(desk: Desk, guest: Guest, document_id: str, *, number: int | None = None) -> Document:
    """Serves a version that waits, or a draft; the newest by default.

    Raises:
        NotFound: There is no such document or version.
        UserError: There is nothing to approve.
    """
    return desk.approve(decidable(desk, guest, document_id).id, version=number, tenant=guest.tenant)


def revert(desk: Desk, guest: Guest, document_id: str, *, number: int | None = None) -> Document:
    """Brings an older version back, the last one by default.

    Raises:
        NotFound: There is no such document or version.
        UserError: There is no older version that can serve.
    """
    return desk.revert(decidable(desk, guest, document_id).id, version=number, tenant=guest.tenant)


def decidable(desk: Desk, guest: Guest, document_id: str) -> Document:
    """A document of which a version waits, or is live; the one that waits where both are.

    Raises:
        NotFound: There is none.
    """
    every = (*desk.documents(waiting=True, tenant=guest.tenant), *desk.documents(tenant=guest.tenant))
    found = next((item for item in every if item.id == document_id), None)
    if found is None or not all(guest.sees(item.audiences) for item in every if item.id == document_id):
        raise NotFound(
            f"There is no document {document_id[:200]!r}.", fix="`openbook documents` lists them, by their ids."
        )
    return found


def source_for(desk: Desk, guest: Guest, source_id: str) -> Source:
    """A source by its id.

    Raises:
        NotFound: There is none.
    """
    found = next((item for item in desk.sources(tenant=guest.tenant) if item.id == source_id), None)
    if found is None or not guest.sees(found.audiences or (PUBLIC,)):
        raise NotFound(f"There is no source {source_id[:200]!r}.", fix="`openbook sources` lists them, by their ids.")
    return found
