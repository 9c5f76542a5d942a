"""`/inbox`: the list of hand-offs, each with its packet on one screen, and the stream that keeps both up to date.

Everything is done by plain links and forms; the script only makes it live. What operators keep, ready-made
replies and corrections, has its pages in `inbox_kept`.
"""

import secrets
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

from openbook.errors import Busy, NotFound, OpenbookError
from openbook.server.door import Door
from openbook.server.event_stream import event_stream
from openbook.server.guests import Guest
from openbook.server.inbox_acts import ACTS, NOTE, REPLY, act
from openbook.server.inbox_view import KEPT_AS, listed, screen_of
from openbook.server.owner_pages import INBOX, OwnerPages
from openbook.server.problems import Problem, Refused, problem_of
from openbook.server.rendering import Pages
from openbook.server.streaming import event_bytes
from openbook.stores.handoffs import OPEN_STATES
from openbook.types import HandoffState

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.requests import Request
    from starlette.responses import Response

FILTERS = {
    "waiting": tuple(state.value for state in HandoffState if state.waits),
    "mine": OPEN_STATES,
    "open": OPEN_STATES,
    "done": tuple(state.value for state in HandoffState if not state.is_open),
    "all": (),
}
"""What the list can be narrowed to, and the states of each."""

_LONGEST_WORDS = 200
_LOOK_AGAIN_SECONDS = 60.0
_QUIET = ("typing",)


def inbox_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the inbox."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import RedirectResponse, Response

    router = APIRouter(include_in_schema=False)
    staff = OwnerPages(door, pages)

    @router.get(INBOX)
    async def inbox(request: Request, show: str = "", queue: str = "", q: str = "") -> Response:
        guest = await staff.guest(request, "read_inbox")
        look = partial(_list, door, guest, show=show, queue=queue, words=q[:_LONGEST_WORDS])
        return await staff.show(guest, "inbox.html", **await door.read(look))

    @router.get(f"{INBOX}/events")
    async def events(request: Request) -> Response:
        guest = await door.guest(request)
        if not _reads(guest):
            return Response(status_code=204)  # the one answer after which a browser's stream does not come back
        if door.hub.full():
            raise Busy("Every place for a live view is taken.", fix="Load the page again in a moment.")
        return event_stream(_changes(door, request, guest))

    @router.get(f"{INBOX}/{{handoff_id}}")
    async def handoff(handoff_id: str, request: Request, use: str = "") -> Response:
        guest = await staff.guest(request, "read_inbox")
        return await _show(door, staff, guest, handoff_id, use=use)

    @router.post(f"{INBOX}/{{handoff_id}}/{{what}}")
    async def do(handoff_id: str, what: str, request: Request) -> Response:
        if what not in ACTS:
            raise NotFound(f"Nothing is called {what[:40]!r} here.", fix="Use the buttons of the page.")
        guest, form = await staff.form(request, "work_inbox")
        text, key = form.get("text", ""), form.get("key", "")
        try:
            await door.read(partial(act, door.desk, guest, handoff_id, what, text=text, key=key))
        except (OpenbookError, Refused) as error:
            problem = error.problem if isinstance(error, Refused) else problem_of(error)
            return await _show(door, staff, guest, handoff_id, problem=problem, written={what: text})
        return RedirectResponse(f"{INBOX}/{handoff_id}#last", 303)

    return router


async def _show(
    door: Door,
    staff: OwnerPages,
    guest: Guest,
    handoff_id: str,
    *,
    use: str = "",
    problem: Problem | None = None,
    written: Mapping[str, str] | None = None,
) -> "Response":
    """A hand-off on one screen.

    Args:
        door: What every route works with.
        staff: The pages for staff.
        guest: Who looks.
        handoff_id: Which.
        use: What is put into the reply: "suggestion", or the id of a ready-made reply.
        problem: What went wrong just now.
        written: What was written and not sent, under `reply` or `note`.
    """
    screen = await door.read(partial(screen_of, door.desk, guest, handoff_id))
    texts = dict(written or {})
    if use == "suggestion" and screen.packet.suggestion:
        texts[REPLY] = screen.packet.suggestion.text
    if macro := next((one for one in screen.macros if one.id == use), None):
        texts[REPLY] = macro.body
    return await staff.show(
        guest,
        "inbox_conversation.html",
        status=problem.status if problem else 200,
        screen=screen,
        problem=problem,
        reply=texts.get(REPLY, ""),
        note=texts.get(NOTE, ""),
        keys=(secrets.token_urlsafe(12), secrets.token_urlsafe(12)),
        kept_as=KEPT_AS,
    )


def _list(door: Door, guest: Guest, *, show: str, queue: str, words: str) -> dict[str, Any]:
    """What the list shows; where words are looked for and nothing else is said, in everything."""
    chosen = show if show in FILTERS else "all" if words.strip() else "open"
    found = door.desk.inbox(
        states=FILTERS[chosen],
        queue=queue,
        holder=guest.person_id if chosen == "mine" else "",
        words=words,
        tenant=guest.tenant,
    )
    rows = listed(found.rows, guest)
    return {"rows": rows, "waiting": found.waiting, "more": found.more, "show": chosen, "queue": queue, "words": words}


def _reads(guest: Guest) -> bool:
    return guest.in_person and guest.may("read_inbox")


async def _changes(door: Door, request: "Request", guest: Guest) -> AsyncGenerator[bytes, None]:
    """That something happened, and where; ends when the reader's session has."""
    looked = time.monotonic()
    async with aclosing(door.hub.notices(guest.tenant)) as notices:
        async for notice in notices:
            if notice.what in _QUIET:
                continue
            if time.monotonic() - looked > _LOOK_AGAIN_SECONDS:
                if not _reads(await door.guest(request)):
                    return
                looked = time.monotonic()
            yield event_bytes("changed", {"conversation_id": notice.conversation_id, "what": notice.what})
