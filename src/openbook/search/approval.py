"""What a person decides about versions: which one that waits becomes live, which older one comes back."""

import math
from collections.abc import Sequence

from openbook.errors import NotFound, UserError
from openbook.search.publisher import Publisher
from openbook.stores import Database, catalogue
from openbook.types import NOT_SERVED, Document, Version

_LISTS = "`openbook documents` lists them, and `openbook documents --waiting` those that wait."


class Approval:
    """Approves and reverts on one desk.

    Args:
        database: The truth.
        publisher: Brings versions into service.
    """

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database = database
        self._publisher = publisher

    def approve(self, tenant: str, name: str, number: int | None = None) -> Document:
        """Makes a version live that waits, or serves a live one that is marked as a draft.

        Args:
            tenant: Whose knowledge.
            name: The document's id, path or address.
            number: The version; the newest that waits by default.

        Raises:
            NotFound: There is no such document or version.
            UserError: There is nothing to approve.
        """
        document_id = self._document(tenant, name)
        with self._database.read() as connection:
            waiting = catalogue.list_documents(connection, tenant, ids=[document_id], waiting=True)
            live = catalogue.list_documents(connection, tenant, ids=[document_id])
        drafts = [item.version for item in live if item.status in NOT_SERVED]
        chosen = number or max([item.version for item in waiting] + drafts, default=0)
        if not chosen:
            raise UserError(
                f"Nothing of {name!r} waits for approval; version {live[0].version} is live.",
                fix="`openbook documents --waiting` lists what waits.",
            )
        if self._version(tenant, document_id, chosen).state not in ("waiting", "live"):
            raise UserError(
                f"Version {chosen} of {name!r} does not wait.",
                fix=f"`openbook revert {name} --version {chosen}` brings an older version back.",
            )
        return self._serve(tenant, document_id, chosen)

    def revert(self, tenant: str, name: str, number: int | None = None) -> Document:
        """Brings an older version back; it serves until its source brings another.

        Args:
            tenant: Whose knowledge.
            name: The document's id, path or address.
            number: The version; the one that served last before the live one by default.

        Raises:
            NotFound: There is no such document or version.
            UserError: There is no older version, it never served, or its text was erased.
        """
        document_id = self._document(tenant, name)
        with self._database.read() as connection:
            versions = catalogue.list_versions(connection, tenant, document_id)
            live = catalogue.list_documents(connection, tenant, ids=[document_id])
        now = live[0].version if live else math.inf
        older = [version.number for version in versions if version.state == "superseded" and version.number < now]
        chosen = number or max(older, default=0)
        if not chosen:
            raise UserError(f"{name!r} has no older version.", fix="Edit the article itself.")
        version = self._version(tenant, document_id, chosen)
        if version.state not in ("superseded", "withdrawn"):
            raise UserError(f"Version {chosen} of {name!r} is {version.state}.", fix="Name one that served before.")
        if version.source_text is None:
            raise UserError(f"The text of version {chosen} of {name!r} was erased.", fix="Add the article again.")
        self._refuse_widening(tenant, name, version, live)
        return self._serve(tenant, document_id, chosen)

    def _refuse_widening(self, tenant: str, name: str, version: Version, live: Sequence[Document]) -> None:
        """Makes sure that an older version is not for more people than the live one."""
        with self._database.read() as connection:
            named = catalogue.audiences_of(connection, tenant, version.document_id, version.number)
        wider = set(named).difference(*(document.audiences for document in live)) if live else set()
        if wider:
            raise UserError(
                f"Version {version.number} of {name!r} was for {min(wider)} as well, and the document is not any more.",
                fix="Edit the article instead, or change its audience first.",
            )

    def _serve(self, tenant: str, document_id: str, number: int) -> Document:
        self._publisher.serve(tenant, (document_id, number))
        with self._database.read() as connection:
            return catalogue.list_documents(connection, tenant, ids=[document_id])[0]

    def _document(self, tenant: str, name: str) -> str:
        with self._database.read() as connection:
            found = catalogue.find_documents(connection, tenant, name)
        if not found:
            raise NotFound(f"There is no document {name!r}.", fix=_LISTS)
        if len(found) > 1:
            raise UserError(f"{name!r} means {len(found)} documents.", fix="Name one by its id. " + _LISTS)
        return found[0]

    def _version(self, tenant: str, document_id: str, number: int) -> Version:
        with self._database.read() as connection:
            found = catalogue.get_version(connection, tenant, document_id, number)
        if found is None:
            raise NotFound(f"There is no version {number} of this document.", fix="Name another version.")
        return found
