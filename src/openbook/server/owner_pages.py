"""What the owner's pages share: who may see them, whose forms are done, the frame around each."""

from typing import TYPE_CHECKING, Any, TypeVar

from openbook.server.door import Door
from openbook.server.forms import check_form, read_form
from openbook.server.guests import Guest, form_token
from openbook.server.long_work import Work, long_events, wants_events
from openbook.server.readings import unseen
from openbook.server.rendering import Pages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

T = TypeVar("T")
HOME = "/owner"


class SignInFirst(Exception):
    """A page of the owner's was asked for by somebody else."""


class OwnerPages:
    """Shows the owner's pages, and lets nobody else in.

    Args:
        door: What every route works with.
        pages: The templates.
    """

    def __init__(self, door: Door, pages: Pages) -> None:
        self._door = door
        self._pages = pages

    async def guest(self, request: "Request") -> Guest:
        """The owner.

        Raises:
            SignInFirst: It is somebody else.
        """
        guest = await self._door.guest(request)
        if not guest.owner:
            raise SignInFirst
        return guest

    async def form(self, request: "Request") -> tuple[Guest, dict[str, str]]:
        """The owner, and the fields of the form that was sent.

        Raises:
            SignInFirst: It is somebody else.
            Refused: The form does not come from a page of ours.
        """
        guest, form = await self.guest(request), await read_form(request)
        check_form(form, request, guest.session)
        return guest, form

    async def show(self, guest: Guest, name: str, *, status: int = 200, **values: Any) -> "Response":
        """A page within the owner's frame."""
        return self._pages.show(name, status=status, **await self._frame(guest), **values)

    async def show_long(
        self, request: "Request", guest: Guest, name: str, work: Work[T], *, called: str, **values: Any
    ) -> "Response":
        """A page with what long work came to; for a script the events of the work, the last with the page.

        Args:
            request: Who wants it.
            guest: The owner.
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
        def count() -> int:
            return len(self._door.desk.documents(waiting=True, tenant=guest.tenant))

        return {"form_token": form_token(guest.session), "waiting_count": await self._door.read(count)}
