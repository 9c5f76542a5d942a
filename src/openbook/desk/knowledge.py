"""The verbs that bring knowledge in, decide about it, list it and take it out."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from openbook.desk import verbs
from openbook.desk.parts import Parts
from openbook.desk.previewing import QUESTIONS
from openbook.errors import NotFound
from openbook.ingest.web.links import normalise
from openbook.search.intake import quiet
from openbook.search.places import is_address
from openbook.types import (
    MAIN_TENANT,
    PUBLIC,
    UNSAID,
    USUAL,
    DeletionReceipt,
    Dispute,
    Document,
    FileOutcome,
    Metadata,
    Preview,
    ProgressListener,
    Source,
    SourceOptions,
    Stale,
    SyncReport,
    TicketCount,
    Version,
)

P = ParamSpec("P")
T = TypeVar("T")

DISPUTES = 20


class KnowledgeVerbs(Protocol):
    """One method a verb; `Desk` says where each is done."""

    def _do(self, verb: Callable[Concatenate[Parts, P], T], *_: P.args, **arguments: P.kwargs) -> T:
        """Does a verb here, or has the process do it that holds the folder."""
        ...

    def add(
        self,
        *locations: Path | str,
        tenant: str = MAIN_TENANT,
        audience: str = "",
        locale: str = "",
        product: str = "",
        title: str = "",
        options: SourceOptions = USUAL,
        progress: ProgressListener = quiet,
    ) -> SyncReport:
        """Reads files, folders and web pages into the knowledge and keeps them as sources.

        Args:
            locations: Files, folders, or addresses of web pages and sitemaps.
            tenant: Whose knowledge.
            audience: Who may see documents that do not say it themselves; `public` by default.
            locale: Their language, where they do not say it.
            product: What they are about, where they do not say it.
            title: A title for a single file.
            options: How they are read.
            progress: Told what is done, as it is done.

        Raises:
            UserError: A location does not exist. Files that cannot be read are outcomes instead.
        """
        defaults = Metadata(title=title, audiences=names_in(audience), locale=locale, product=product)
        reports: list[SyncReport] = [
            self._do(verbs.add, tenant=tenant, location=place, defaults=defaults, options=options, progress=progress)
            for place in [_located(location) for location in locations]
        ]
        return SyncReport.joined(reports, seconds=sum(report.seconds for report in reports))

    def sync(self, source: str = "", *, tenant: str = MAIN_TENANT, progress: ProgressListener = quiet) -> SyncReport:
        """Reads registered sources again; what is gone is removed."""
        return self._do(verbs.sync, tenant=tenant, name=_named(source), progress=progress)

    def stop(self, source: str = "", *, tenant: str = MAIN_TENANT) -> bool:
        """Stops the reading of a source, or of all; what was read stays, and the next sync goes on.

        Returns:
            Whether anything was being read.
        """
        return self._do(verbs.stop, tenant=tenant, name=_named(source))

    def put_document(
        self,
        path: str,
        text: str,
        *,
        tenant: str = MAIN_TENANT,
        metadata: Metadata = UNSAID,
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
        return _by_name(lambda called: self._do(verbs.remove, tenant=tenant, name=called, erase=erase), name)

    def approve(self, name: str, *, version: int | None = None, tenant: str = MAIN_TENANT) -> Document:
        """Makes a version live that waits for a person, or a draft.

        Args:
            name: The document's id, path or address.
            version: Which version; the newest that waits by default.
            tenant: Whose knowledge.
        """
        return _by_name(lambda called: self._do(verbs.approve, tenant=tenant, name=called, number=version), name)

    def revert(self, name: str, *, version: int | None = None, tenant: str = MAIN_TENANT) -> Document:
        """Brings an older version of a document back, until its source brings another.

        Args:
            name: The document's id, path or address.
            version: Which version; the one before the live one by default.
            tenant: Whose knowledge.
        """
        return _by_name(lambda called: self._do(verbs.revert, tenant=tenant, name=called, number=version), name)

    def preview(
        self,
        file: Path | str,
        *,
        text: str | None = None,
        document: str = "",
        limit: int = QUESTIONS,
        tenant: str = MAIN_TENANT,
        progress: ProgressListener = quiet,
    ) -> Preview:
        """Which past answers would change if this edit were published. Nothing is published.

        Args:
            file: The edited file, or its name where `text` is given.
            text: The edited text itself.
            document: The document that it replaces, by id, path or address; found by the file's name otherwise.
            limit: How many past questions are asked.
            tenant: Whose knowledge.
            progress: Told what is done.
        """
        path = str(file) if text is not None else _located(file)
        return self._do(
            verbs.preview, tenant=tenant, path=path, text=text, document=document, limit=limit, progress=progress
        )

    def sources(self, *, tenant: str = MAIN_TENANT) -> tuple[Source, ...]:
        """Every source with its age and its number of documents."""
        return self._do(verbs.sources, tenant=tenant)

    def documents(self, *, waiting: bool = False, tenant: str = MAIN_TENANT) -> tuple[Document, ...]:
        """Every live document with version, age, audience and how many answers rest on it.

        Args:
            waiting: The versions that wait for a person instead.
            tenant: Whose knowledge.
        """
        return self._do(verbs.documents, tenant=tenant, waiting=waiting)

    def stale(self, *, tenant: str = MAIN_TENANT) -> tuple[Stale, ...]:
        """The documents that may be out of date, those first on which most answers rest."""
        return self._do(verbs.stale, tenant=tenant)

    def contradictions(
        self, *, limit: int = DISPUTES, tenant: str = MAIN_TENANT, progress: ProgressListener = quiet
    ) -> tuple[Dispute, ...]:
        """Statements of different documents that seem to contradict each other, the surest first."""
        return self._do(verbs.contradictions, tenant=tenant, limit=limit, progress=progress)

    def tickets(self, *, tenant: str = MAIN_TENANT) -> tuple[TicketCount, ...]:
        """How many past tickets each source brought."""
        return self._do(verbs.tickets, tenant=tenant)

    def export_tickets(self, file: Path | str, *, form: str = "tickets", tenant: str = MAIN_TENANT) -> int:
        """Writes the tickets into a file of JSON Lines, for evaluation or training; returns how many.

        Args:
            file: The file; one that is there is replaced.
            form: `tickets`, `evaluation` or `training`.
            tenant: Whose tickets.
        """
        return self._do(verbs.export_tickets, tenant=tenant, target=Path(file).absolute(), form=form)

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


def names_in(audience: str) -> tuple[str, ...]:
    """The names in a list of audiences as people write it."""
    return tuple(name.strip() for name in audience.split(",") if name.strip())


def _by_name(verb: Callable[[str], T], name: str) -> T:
    """Does something to what lies at a place, or else to what is only called so."""
    place = _named(name)
    try:
        return verb(place)
    except NotFound:
        if place == name:
            raise
        return verb(name)


def _named(source: str) -> str:
    """A source as it is stored: an id as it is, an address in its usual form, a path made absolute."""
    if is_address(source):
        return normalise(source) or source
    is_there = bool(source) and os.path.exists(source)  # noqa: PTH110 - false for names that no disk can have
    return str(Path(source).absolute()) if is_there else source


def _located(location: Path | str) -> str:
    """A location as it is stored: an address as it is, a path made absolute."""
    if is_address(str(location)):
        return str(location)
    return os.path.normpath(Path(location).absolute())
