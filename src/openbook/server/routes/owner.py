"""`/owner`: signing in and out, and a page of what the desk knows, how it is and what is to be done."""

import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from openbook.desk.doorkeeping import SESSION_LASTS
from openbook.server.attempts import Attempts
from openbook.server.door import Door
from openbook.server.forms import check_form, read_form
from openbook.server.guests import SESSION_COOKIE, Guest, form_token
from openbook.server.knowledge import documents_for
from openbook.server.owner_pages import HOME, OwnerPages, landing, own_place
from openbook.server.problems import Refused, too_many_attempts
from openbook.server.rendering import Pages
from openbook.server.upkeep import stale_for
from openbook.types import utc_now

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.requests import Request
    from starlette.responses import Response

FORM_COOKIE = "openbook_form"
_LINK_IS_OVER = "This link was used already or is too old. Start the server again for a new one, or use the password."


def owner_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of signing in and out and of the overview."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import RedirectResponse, Response

    router = APIRouter(include_in_schema=False, prefix=HOME)
    owner_pages = OwnerPages(door, pages)
    accounts = Attempts()

    @router.get("")
    async def owner(request: Request, next: str = "") -> Response:
        guest = await door.guest(request)
        if not guest.in_person:
            return await _sign_in_page(door, pages, request, wanted=next)
        if own_place(next):
            return RedirectResponse(next, 303)
        return await owner_pages.show(guest, "owner.html", **await door.read(partial(_overview, door, guest)))

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await read_form(request)
        check_form(form, request, request.cookies.get(FORM_COOKIE, ""))
        email, wanted = form.get("email", "").strip(), form.get("next", "")
        account = f"account {email.lower()}"
        address = slowed_down(door, request)
        _wait(accounts, account)
        fits = partial(door.doorkeeper.sign_in, form.get("password", ""), email=email, address=address)
        session = await door.read(fits)
        if session is None:
            door.attempts.failed(address)
            accounts.failed(account)
            wrong = "E-mail address and password do not fit together." if email else "The password does not fit."
            filled = {"wrong": wrong, "email": email, "wanted": wanted}
            return await _sign_in_page(door, pages, request, status=403, **filled)
        return await let_in(door, request, session, wanted=wanted)

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        session = request.cookies.get(SESSION_COOKIE, "")
        check_form(await read_form(request), request, session)
        await door.read(partial(door.doorkeeper.sign_out, session))
        response = RedirectResponse(HOME, 303)
        response.delete_cookie(SESSION_COOKIE)
        return response

    @router.get("/{token}")
    async def link(token: str, request: Request) -> Response:
        address = slowed_down(door, request)
        session = await door.read(partial(door.doorkeeper.spend_link, token, address=address))
        if session is None:
            door.attempts.failed(address)
            return await _sign_in_page(door, pages, request, wrong=_LINK_IS_OVER, status=403)
        return await let_in(door, request, session)

    return router


def _overview(door: Door, guest: Guest) -> dict[str, Any]:
    """What the first page shows: of the knowledge what the guest may see, of its care what the guest may do."""
    documents, now = documents_for(door.desk, guest), utc_now()
    shown = {
        "articles": len(documents),
        "serving": sum(document.serves(now) for document in documents),
        "stale": len(stale_for(door.desk, guest)),
        "sources": (),
        "noticed": [],
        "health": door.desk.doctor() if guest.may("see_behaviour") else None,
    }
    if guest.may("manage_knowledge"):
        sources = door.desk.sources(tenant=guest.tenant)
        shown |= {"sources": sources, "noticed": [source for source in sources if source.notice]}
    return shown


async def _sign_in_page(
    door: Door,
    pages: Pages,
    request: "Request",
    *,
    wrong: str = "",
    email: str = "",
    wanted: str = "",
    status: int = 200,
) -> "Response":
    """The form for signing in, filled in as far as it was."""
    has_password = await door.read(door.doorkeeper.has_any_password)
    values = {"wrong": wrong, "email": email, "next_place": own_place(wanted), "has_password": has_password}
    return show_to_strangers(pages, request, "sign_in.html", status=status, **values)


def show_to_strangers(
    pages: Pages, request: "Request", template: str, /, *, status: int = 200, **values: Any
) -> "Response":
    """A page with a form for who has not signed in, bound to a cookie so that no other site can send it for them."""
    cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    response = pages.show(template, status=status, form_token=form_token(cookie), **values)
    response.set_cookie(FORM_COOKIE, cookie, httponly=True, samesite="strict", secure=_is_https(request), path=HOME)
    return response


async def let_in(door: Door, request: "Request", session: str, *, wanted: str = "") -> "Response":
    """Sets the session's cookie and leads on. Lax, because the first way in is a link from outside the browser."""
    # deferred: the web framework, which only a running server needs
    from starlette.responses import RedirectResponse

    caller = await door.read(partial(door.doorkeeper.session_caller, session))
    response = RedirectResponse(landing(caller.role if caller else "", wanted), 303)
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_https(request),
    )
    return response


def slowed_down(door: Door, request: "Request") -> str:
    """The caller's address, which must not have failed too often.

    Raises:
        Refused: It has.
    """
    address = request.client.host if request.client else "unknown"
    _wait(door.attempts, address)
    return address


def _wait(attempts: Attempts, who: str) -> None:
    if seconds := attempts.wait_seconds(who):
        raise Refused(too_many_attempts(seconds))


def _is_https(request: "Request") -> bool:
    return request.url.scheme == "https"
