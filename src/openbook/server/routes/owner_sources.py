"""`/owner/sources`: adds places to read from, reads them again, stops that, takes them out."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openbook.errors import NotAllowed, OpenbookError, UserError
from openbook.search.places import SENT, is_address
from openbook.server.bodies import SourceBody, problem_of_body
from openbook.server.door import Door
from openbook.server.guests import Guest
from openbook.server.owner_pages import HOME, OwnerPages
from openbook.server.pace import Step
from openbook.server.problems import Problem, Refused, problem_of
from openbook.server.readings import Brought
from openbook.server.rendering import Pages
from openbook.server.sources import add_source, remove_source
from openbook.server.upkeep import source_for
from openbook.types import PUBLIC, Source, SyncReport, TicketCount

if TYPE_CHECKING:
    from fastapi import APIRouter

_PLACE = f"{HOME}/sources"
_WORDS = ("location", "title", "audience", "locale", "product")
_TICKS = ("crawl", "review", "private")
_A_MOMENT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """A source as the page shows it.

    Attributes:
        step: How far its reading is, if it is being read.
        brought: What its last reading came to, if this server did it.
        again: Whether it can be read again.
    """

    source: Source
    step: Step | None
    brought: Brought | None
    tickets: TicketCount | None

    @property
    def again(self) -> bool:
        """Whether it can be read again."""
        return self.source.kind != SENT


def owner_source_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the page of sources."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import JSONResponse, RedirectResponse, Response

    router = APIRouter(include_in_schema=False, prefix=_PLACE)
    owner = OwnerPages(door, pages)

    @router.get("")
    async def sources(request: Request) -> Response:
        guest = await owner.guest(request)
        return await owner.show(guest, "owner_sources.html", **await _listed(door, guest))

    @router.get("/under-way")
    async def under_way(request: Request) -> Response:
        guest = await owner.guest(request)
        return JSONResponse(_steps(door, guest))

    @router.post("")
    async def add(request: Request) -> Response:
        guest, form = await owner.form(request)
        try:
            place = await _add(door, guest, form)
        except (OpenbookError, Refused) as error:
            problem = error.problem if isinstance(error, Refused) else problem_of(error)
            listed = await _listed(door, guest, form=form, problem=problem)
            return await owner.show(guest, "owner_sources.html", status=problem.status, **listed)
        await owner.note(guest, "sources.added", place)
        return RedirectResponse(_PLACE, 303)

    @router.post("/{source_id}/sync")
    async def sync(source_id: str, request: Request) -> Response:
        guest, _ = await owner.form(request)
        source = await door.read(partial(source_for, door.desk, guest, source_id))
        await _for_a_moment(door, partial(door.readings.sync, guest.tenant, source))
        await owner.note(guest, "sources.synced", source.id)
        return RedirectResponse(f"{_PLACE}#{source.id}", 303)

    @router.post("/{source_id}/stop")
    async def stop(source_id: str, request: Request) -> Response:
        guest, _ = await owner.form(request)
        source = await door.read(partial(_stop, door, guest, source_id))
        await owner.note(guest, "sources.stopped", source.id)
        return RedirectResponse(f"{_PLACE}#{source.id}", 303)

    @router.get("/{source_id}/remove")
    async def ask_first(source_id: str, request: Request) -> Response:
        guest = await owner.guest(request)
        source = await door.read(partial(source_for, door.desk, guest, source_id))
        return await owner.show(guest, "owner_remove.html", source=source, document=None)

    @router.post("/{source_id}/remove")
    async def remove(source_id: str, request: Request) -> Response:
        guest, form = await owner.form(request)
        receipt = await door.chores.run(partial(remove_source, door, guest, source_id, erase="erase" in form))
        await owner.note(guest, "sources.removed", source_id, erased="erase" in form)
        return await owner.show(guest, "owner_removed.html", receipt=receipt, back=_PLACE)

    return router


async def _add(door: Door, guest: Guest, form: Mapping[str, str]) -> str:
    """Begins to read a new source; returns its place as it may be noted."""
    body = _reachable(guest, _body(form))
    await _for_a_moment(door, partial(add_source, door, guest, body))
    return _plain(body.location)


def _steps(door: Door, guest: Guest) -> dict[str, Any]:
    """How far each reading is, in numbers and words."""
    steps = door.readings.under_way(guest.tenant).items()
    return {place: {**step.to_dict(), "words": step.words} for place, step in steps}


def _stop(door: Door, guest: Guest, source_id: str) -> Source:
    source = source_for(door.desk, guest, source_id)
    door.desk.stop(source.id, tenant=guest.tenant)
    return source


async def _for_a_moment(door: Door, read: Callable[[], SyncReport]) -> None:
    """Begins a reading and waits a moment: what is short is done then, what is wrong is often known.

    Raises:
        OpenbookError: It failed within this moment.
    """
    reading = asyncio.wrap_future(door.long.start(read))
    reading.add_done_callback(lambda done: done.cancelled() or done.exception())  # a later failure is on the page
    done, _ = await asyncio.wait({reading}, timeout=_A_MOMENT_SECONDS)
    if done:
        reading.result()


async def _listed(
    door: Door, guest: Guest, *, form: Mapping[str, str] | None = None, problem: Problem | None = None
) -> dict[str, Any]:
    """What the page shows: every source, and the form as it was filled in."""
    sources = await door.read(partial(door.desk.sources, tenant=guest.tenant))
    tickets = {item.source_id: item for item in await door.read(partial(door.desk.tickets, tenant=guest.tenant))}
    steps, brought = door.readings.under_way(guest.tenant), door.readings.brought(guest.tenant)
    rows = [
        Row(source, steps.get(source.location), brought.get(source.location), tickets.get(source.id))
        for source in sources
        if guest.sees(source.audiences or (PUBLIC,))
    ]
    known = {source.location for source in sources}
    return {
        "rows": rows,
        "others": {place: step for place, step in steps.items() if place not in known},
        "form": defaultdict(str, form or {}),
        "problem": problem,
        "usual_minutes": door.desk.settings.values.sync.every_minutes,
    }


def _reachable(guest: Guest, body: SourceBody) -> SourceBody:
    """A source that the guest may have read: on the server's own disk and network only the owner's.

    Raises:
        NotAllowed: It is on the disk or in a private network, and somebody else asks.
    """
    if not guest.owner and (body.options.private or not is_address(body.location)):
        raise NotAllowed(
            "Only the owner may have files of this server and its own network read.",
            fix="Name a web address, or ask the owner to add it.",
        )
    return body


def _plain(location: str) -> str:
    """A location without what may hold a secret: a path as it is, of an address no user and no query."""
    if not is_address(location):
        return location
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


def _body(form: Mapping[str, str]) -> SourceBody:
    """The form as the body of `POST /v1/sources`.

    Raises:
        UserError: The minutes are no number.
        Refused: A field does not fit.
    """
    # deferred: comes with the web framework
    from pydantic import ValidationError

    minutes = form.get("every_minutes", "").strip() or "0"
    if not minutes.isdecimal():
        raise UserError(f"{minutes[:40]!r} is no number of minutes.", fix="Choose how often it is read again.")
    said: dict[str, Any] = {name: form.get(name, "").strip() for name in _WORDS}
    said |= {name: name in form for name in _TICKS}
    try:
        return SourceBody(**said, every_minutes=int(minutes))
    except ValidationError as error:
        raise Refused(problem_of_body(error.errors())) from error
