"""`/owner/articles`: every article with its age and use; one with its versions, and the way back to an older."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from openbook.errors import NotFound
from openbook.server import upkeep
from openbook.server.door import Door
from openbook.server.guests import Guest
from openbook.server.knowledge import documents_for, remove_document, waiting_for
from openbook.server.owner_pages import HOME, OwnerPages
from openbook.server.passages import Part, parts_of
from openbook.server.rendering import Pages
from openbook.types import Document, Span, Stale, Version

if TYPE_CHECKING:
    from fastapi import APIRouter

_PLACE = f"{HOME}/articles"
_ON_A_PAGE = 100
_NOTHING = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Article:
    """One document as the page shows it.

    Attributes:
        live: As it serves; None where nothing does.
        waiting: The version that waits; None where none does.
        versions: Every version, the newest first.
        stale: Why it may be out of date; None where nothing speaks for that.
    """

    id: str
    live: Document | None
    waiting: Document | None
    versions: tuple[Version, ...]
    stale: Stale | None

    @property
    def document(self) -> Document | None:
        """What is known of it as a document."""
        return self.live or self.waiting

    @property
    def title(self) -> str:
        """What people call it."""
        known = self.document
        return (known and (known.title or known.path)) or self.versions[0].title or self.id


def owner_article_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the pages of articles."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import RedirectResponse, Response

    router = APIRouter(include_in_schema=False, prefix=_PLACE)
    owner = OwnerPages(door, pages)

    @router.get("")
    async def articles(request: Request, q: str = "", source: str = "", stale: bool = False, page: int = 1) -> Response:
        guest = await owner.guest(request, "read_knowledge")
        chosen = await door.read(partial(_chosen, door, guest, words=q, source_id=source, only_stale=stale))
        listed = {**chosen, **_page(chosen["found"], page), "words": q, "only_stale": stale}
        return await owner.show(guest, "owner_articles.html", **listed)

    @router.get("/{document_id}")
    async def article(document_id: str, request: Request, reverted: bool = False) -> Response:
        guest = await owner.guest(request, "read_knowledge")
        found = await door.read(partial(_article, door, guest, document_id))
        return await owner.show(guest, "owner_article.html", article=found, reverted=reverted)

    @router.get("/{document_id}/versions/{number}")
    async def version(document_id: str, number: int, request: Request) -> Response:
        guest = await owner.guest(request, "read_knowledge")
        found = await door.read(partial(_article, door, guest, document_id))
        shown, parts = await door.read(partial(_readable, door, guest, found, number))
        return await owner.show(guest, "owner_version.html", article=found, version=shown, parts=parts)

    @router.post("/{document_id}/revert")
    async def revert(document_id: str, request: Request) -> Response:
        guest, form = await owner.form(request)
        number = int(form["version"]) if form.get("version", "").isdecimal() else None
        document = await door.chores.run(partial(upkeep.revert, door.desk, guest, document_id, number=number))
        await owner.note(guest, "articles.reverted", document.id, version=document.version)
        return RedirectResponse(f"{_PLACE}/{document.id}?reverted=true", 303)

    @router.get("/{document_id}/remove")
    async def ask_first(document_id: str, request: Request) -> Response:
        guest = await owner.guest(request)
        document = await door.read(partial(upkeep.decidable, door.desk, guest, document_id))
        return await owner.show(guest, "owner_remove.html", source=None, document=document)

    @router.post("/{document_id}/remove")
    async def remove(document_id: str, request: Request) -> Response:
        guest, form = await owner.form(request)
        work = partial(remove_document, door.desk, guest, document_id, erase="erase" in form)
        receipt = await door.chores.run(work)
        await owner.note(guest, "articles.removed", document_id, erased="erase" in form)
        door.readings.forget(guest.tenant)
        return await owner.show(guest, "owner_removed.html", receipt=receipt, back=_PLACE)

    return router


def _chosen(door: Door, guest: Guest, *, words: str, source_id: str, only_stale: bool) -> dict[str, Any]:
    """The articles of a source, or of all, whose title or path has these words."""
    stale = {item.document.id: item for item in upkeep.stale_for(door.desk, guest)}
    every = documents_for(door.desk, guest)
    source = next((item for item in door.desk.sources(tenant=guest.tenant) if item.id == source_id), None)
    wanted = words.casefold().split()
    found = [
        item
        for item in ([known.document for known in stale.values()] if only_stale else every)
        if (source is None or item.source_id == source.id)
        and all(word in f"{item.title} {item.path}".casefold() for word in wanted)
    ]
    return {"found": found, "every": len(every), "stale": stale, "source": source}


def _page(found: list[Document], number: int) -> dict[str, Any]:
    """One page of what was found; a number beyond the last means the last."""
    pages = max(1, -(-len(found) // _ON_A_PAGE))
    number = min(max(number, 1), pages)
    return {"documents": found[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE], "page": number, "pages": pages}


def _article(door: Door, guest: Guest, document_id: str) -> Article:
    """An article with every version; for others than the owner only one whose present state they may see.

    Raises:
        NotFound: There is none, or it is hidden.
    """
    live = {item.id: item for item in documents_for(door.desk, guest)}.get(document_id)
    waiting = {item.id: item for item in waiting_for(door.desk, guest)}.get(document_id)
    if not guest.owner and (live or waiting) is None:
        raise NotFound(f"There is no document {document_id[:200]!r}.", fix="Choose one from the list of articles.")
    versions = door.desk.versions(document_id, tenant=guest.tenant)
    if not guest.owner:
        versions = tuple(item for item in versions if _may_read(door, guest, item))
    stale = {item.document.id: item for item in upkeep.stale_for(door.desk, guest)}
    return Article(document_id, live, waiting, versions, stale.get(document_id))


def _may_read(door: Door, guest: Guest, version: Version) -> bool:
    """Whether a version was, in its own time, for somebody like this guest."""
    try:
        door.desk.version(version.document_id, version.number, tenant=guest.tenant, audiences=guest.audiences)
    except NotFound:
        return False
    return True


def _readable(door: Door, guest: Guest, article: Article, number: int) -> tuple[Version, list[Part]]:
    """A version in readable parts.

    Raises:
        NotFound: There is no such version.
    """
    version = next((item for item in article.versions if item.number == number), None)
    if version is None:
        raise NotFound(f"There is no version {number} of this article.", fix="Choose one from its list of versions.")
    names = {name for known in (article.live, article.waiting) if known for name in known.audiences}
    with suppress(NotFound):  # an audience that nothing names any more: the text comes without its structure then
        audiences = tuple({*guest.audiences, *names})
        version = door.desk.version(article.id, number, tenant=guest.tenant, audiences=audiences)
    return version, parts_of(version, _NOTHING)
