"""What the pages for staff share: who may see them, whose forms are done, the frame and the menu around each."""

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from openbook.server.door import Door
from openbook.server.forms import check_form, read_form
from openbook.server.guests import Guest, allowed, form_token
from openbook.server.knowledge import documents_for, waiting_for
from openbook.server.long_work import Work, long_events, wants_events
from openbook.server.readings import unseen
from openbook.server.rendering import Pages
from openbook.stores.audit import Fact
from openbook.types.people import OPERATOR, only_reads

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

T = TypeVar("T")
HOME, INBOX = "/owner", "/inbox"
_PLAIN_PLACE = re.compile(r"(?:/[A-Za-z0-9_.~-]+)+/?(?:[?#][A-Za-z0-9_.~%=&+:/?-]*)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu.

    Attributes:
        key: What a template calls its own entry: its `section`.
        action: What a role must allow for the entry to be shown.
    """

    key: str
    place: str
    name: str
    action: str


MENU = (
    Entry("overview", HOME, "Overview", "see_overview"),
    Entry("inbox", INBOX, "Inbox", "read_inbox"),
    Entry("sources", f"{HOME}/sources", "Sources", "manage_knowledge"),
    Entry("waiting", f"{HOME}/waiting", "Waiting", "manage_knowledge"),
    Entry("articles", f"{HOME}/articles", "Articles", "read_knowledge"),
    Entry("contradictions", f"{HOME}/contradictions", "Contradictions", "manage_knowledge"),
    Entry("preview", f"{HOME}/preview", "Preview", "manage_knowledge"),
    Entry("behaviour", f"{HOME}/behaviour", "Behaviour", "see_behaviour"),
    Entry("numbers", "/dashboard", "Numbers", "read_stats"),
    Entry("people", f"{HOME}/people", "People", "invite_operators"),
    Entry("audit", f"{HOME}/audit", "Audit", "read_inbox_audit"),
)
"""Every entry of the menu, in order."""


class SignInFirst(Exception):
    """A page for staff was asked for by nobody who signed in."""


def landing(role: str, wanted: str = "") -> str:
    """Where somebody goes after signing in: where the person was going, if that is a page of ours, or the usual one."""
    return own_place(wanted) or (INBOX if role == OPERATOR else HOME)


def own_place(wanted: str) -> str:
    """A path below an entry of the menu as it is; empty for anything else, such as another site or a one-time link."""
    if not _PLAIN_PLACE.fullmatch(wanted) or "/." in wanted:
        return ""
    path = re.split(r"[?#]", wanted, maxsplit=1)[0]
    known = any(path == entry.place or path.startswith(f"{entry.place}/") for entry in MENU[1:])
    return wanted if known or path == HOME else ""


class OwnerPages:
    """Shows the pages for staff, each to the roles that may see it.

    Args:
        door: What every route works with.
        pages: The templates.
    """

    def __init__(self, door: Door, pages: Pages) -> None:
        self._door = door
        self._pages = pages

    async def guest(self, request: "Request", action: str = "manage_knowledge") -> Guest:
        """The person who asks, whose role must allow what the page is for.

        Args:
            request: What was sent.
            action: One of the table `RIGHTS`.

        Raises:
            SignInFirst: Nobody signed in.
            NotAllowed: The person's role does not allow it.
        """
        guest = await self._door.guest(request)
        if not guest.in_person:
            raise SignInFirst
        return allowed(guest, action)

    async def form(self, request: "Request", action: str = "manage_knowledge") -> tuple[Guest, dict[str, str]]:
        """The person who sent a form, and its fields.

        Args:
            request: What was sent.
            action: One of the table `RIGHTS` that changes something; of one that only reads, nobody's form is done.

        Raises:
            SignInFirst: Nobody signed in.
            NotAllowed: The person's role does not allow it.
            Refused: The form does not come from a page of ours.
        """
        if only_reads(action):
            raise ValueError(f"{action!r} only reads; a form needs an action that changes something")
        guest, form = await self.guest(request, action), await read_form(request)
        check_form(form, request, guest.session)
        return guest, form

    async def note(self, guest: Guest, action: str, object_id: str = "", **detail: Fact) -> None:
        """Writes into the audit log what a form has just changed; see `openbook.stores.audit.note`."""
        await self._door.read(partial(self._door.doorkeeper.note, guest.caller, action, object_id, **detail))

    async def show(self, guest: Guest, name: str, *, status: int = 200, **values: Any) -> "Response":
        """A page within the frame."""
        return self._pages.show(name, status=status, **await self._frame(guest), **values)

    async def show_long(
        self, request: "Request", guest: Guest, name: str, work: Work[T], *, called: str, **values: Any
    ) -> "Response":
        """A page with what long work came to; for a script the events of the work, the last with the page.

        Args:
            request: Who wants it.
            guest: The person.
            name: The template.
            work: The work.
            called: What the template calls its result.
            values: What else the template needs.
        """

        async def page(result: T) -> dict[str, str]:
            return {"html": self._pages.render(name, **await self._frame(guest), **{called: result}, **values)}

        if wants_events(request):
            return long_events(self._door, work, name="page", tell=page)
        values[called] = await self._door.long.run(lambda: work(unseen))
        return await self.show(guest, name, **values)

    async def _frame(self, guest: Guest) -> dict[str, Any]:
        """What the frame needs: `menu`, `viewer` and `may` beside the token of its forms."""

        def count() -> int:
            if not guest.may("manage_knowledge"):
                return 0
            drafts = [one for one in documents_for(self._door.desk, guest) if one.status == "draft"]
            return len(waiting_for(self._door.desk, guest)) + len(drafts)

        return {
            "form_token": form_token(guest.session),
            "waiting_count": await self._door.read(count),
            "menu": [entry for entry in MENU if guest.may(entry.action)],
            "viewer": guest,
            "may": guest.may,
        }
