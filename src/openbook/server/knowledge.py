"""What a guest may know and change of the documents; what is hidden reads as absent."""

from openbook.desk import Desk
from openbook.errors import NotAllowed, NotFound, UserError
from openbook.server.bodies import DocumentText
from openbook.server.guests import Guest
from openbook.types import NOT_SERVED, PUBLIC, DeletionReceipt, Document, FileOutcome, Metadata, Version, utc_now

_READABLE = ("live", "superseded")


def documents_for(desk: Desk, guest: Guest) -> list[Document]:
    """The live documents that a guest may see."""
    return [document for document in desk.documents(tenant=guest.tenant) if guest.sees(document.audiences)]


def waiting_for(desk: Desk, guest: Guest) -> list[Document]:
    """The versions that wait for a person and that a guest may see, as well as what they would replace."""
    waiting = [item for item in desk.documents(waiting=True, tenant=guest.tenant) if guest.sees(item.audiences)]
    live = {item.id: item for item in desk.documents(tenant=guest.tenant)} if waiting else {}
    return [item for item in waiting if item.id not in live or guest.sees(live[item.id].audiences)]


def document_for(desk: Desk, guest: Guest, document_id: str) -> Document:
    """One live document.

    Raises:
        NotFound: There is none, or the guest may not see it.
    """
    document = desk.document(document_id, tenant=guest.tenant)
    if not guest.sees(document.audiences):
        raise NotFound(f"There is no live document {document_id!r}.", fix="`openbook documents` lists them.")
    return document


def versions_for(desk: Desk, guest: Guest, document_id: str) -> list[Version]:
    """The versions of a document that a guest may see, the newest first.

    What was for everybody once and is for others now is as absent as they are; those of a withdrawn
    document are for the owner alone.

    Raises:
        NotFound: There is none.
    """
    if not guest.owner:
        document_for(desk, guest, document_id)
    every = desk.versions(document_id, tenant=guest.tenant)
    seen = [version for version in every if _sees_version(desk, guest, version)]
    if not seen:
        raise NotFound(f"There is no document {document_id!r}.", fix="`openbook documents` lists the live ones.")
    return seen


def readable_version(desk: Desk, guest: Guest, document_id: str, number: int) -> tuple[Document, Version]:
    """A version that customers may read: of a live document, and once live itself; drafts only for staff.

    Raises:
        NotFound: There is none, or it is not for this guest.
    """
    document = document_for(desk, guest, document_id)
    version = desk.version(document_id, number, tenant=guest.tenant, audiences=guest.audiences)
    hidden = not guest.caller.staff and not (document.serves(utc_now()) and _has_served(version))
    if hidden or version.state not in _READABLE or version.source_text is None:
        raise NotFound(
            f"There is no version {number} of document {document_id!r}.", fix="Follow the link of a citation."
        )
    return document, version


def _has_served(version: Version) -> bool:
    """Whether customers could ever read a version: it was no draft, and its time has come."""
    return version.status not in NOT_SERVED and (version.valid_from is None or version.valid_from <= utc_now())


def put_document(desk: Desk, guest: Guest, path: str, body: DocumentText) -> FileOutcome:
    """Publishes a document that a guest sent; the same path replaces it.

    Raises:
        NotAllowed: It is for an audience that the guest may not see, or would replace such a document.
        ReadError: It cannot be read.
    """
    sent = _sent_sources(desk, guest)
    waiting = desk.documents(waiting=True, tenant=guest.tenant)
    for document in (*desk.documents(tenant=guest.tenant), *waiting):
        if document.path == path and document.source_id in sent and not guest.sees(document.audiences):
            raise NotAllowed(
                f"A document {path!r} that you may not see would be replaced.",
                fix="Choose another path, or use a key with its audience.",
            )
    audiences = guest.narrowed(body.audience) if body.audience.strip() else _usual_audiences(guest)
    metadata = Metadata(title=body.title, audiences=audiences, locale=body.locale, product=body.product, url=body.url)
    allowed = None if guest.owner else guest.audiences
    return desk.put_document(path, body.text, tenant=guest.tenant, metadata=metadata, allowed=allowed)


def replace_document(desk: Desk, guest: Guest, document_id: str, body: DocumentText) -> FileOutcome:
    """Publishes a new version of a document that was sent; what the body leaves out stays as it is.

    Raises:
        NotFound: There is none, or the guest may not see it.
        UserError: It was not sent but found in a source.
    """
    document = document_for(desk, guest, document_id)
    if document.source_id not in _sent_sources(desk, guest):
        raise UserError(
            f"The document {document.path!r} was found in a source; a sync would undo the change.",
            fix="Edit it there and run `openbook sync`, or `openbook remove` it and send it from then on.",
        )
    kept = body.model_copy(
        update={
            "audience": body.audience.strip() or ",".join(document.audiences),
            "locale": body.locale or document.locale,
            "product": body.product or document.product,
            "url": body.url or document.url,
        }
    )
    return put_document(desk, guest, document.path, kept)


def remove_document(desk: Desk, guest: Guest, document_id: str, *, erase: bool) -> DeletionReceipt:
    """Withdraws a document.

    Raises:
        NotFound: There is none, or the guest may not see it.
    """
    if all(document.id != document_id for document in waiting_for(desk, guest)):
        document_for(desk, guest, document_id)
    return desk.remove(document_id, tenant=guest.tenant, erase=erase)


def _sees_version(desk: Desk, guest: Guest, version: Version) -> bool:
    try:
        desk.version(version.document_id, version.number, tenant=guest.tenant, audiences=guest.audiences)
    except NotFound:
        return False
    return True


def _sent_sources(desk: Desk, guest: Guest) -> set[str]:
    return {source.id for source in desk.sources(tenant=guest.tenant) if source.kind == "sent"}


def _usual_audiences(guest: Guest) -> tuple[str, ...]:
    """Nothing said means public, unless the guest has no say about what is public."""
    return () if PUBLIC in guest.audiences else guest.audiences
