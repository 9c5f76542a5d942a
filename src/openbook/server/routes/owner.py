"""`/owner`: signing in and out, and a page of what the desk knows, how it is and what is to be done."""

import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from openbook.desk.doorkeeping import SESSION_LASTS
from openbook.server.door import Door
from openbook.server.forms import check_form, read_form
from openbook.server.guests import SESSION_COOKIE, Guest, form_token
from openbook.server.owner_pages import HOME, OwnerPages
from openbook.server.problems import Refused, too_many_attempts
from openbook.server.rendering import Pages
from openbook.types import utc_now

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.requests import Request
    from starlette.responses import Response

_FORM_COOKIE = "openbook_form"


def owner_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the owner's page."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import RedirectResponse, Response

    router = APIRouter(include_in_schema=False, prefix=HOME)
    owner_pages = OwnerPages(door, pages)

    @router.get("")
    async def owner(request: Request) -> Response:
        guest = await door.guest(request)
        if guest.owner:
            return await owner_pages.show(guest, "owner.html", **await door.read(partial(_overview, door, guest)))
        return await _sign_in_page(door, pages, request)

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await read_form(request)
        check_form(form, request, request.cookies.get(_FORM_COOKIE, ""))
        address = _slowed_down(door, request)
        session = await door.read(partial(door.doorkeeper.sign_in, form.get("password", "")))
        if session is None:
            door.attempts.failed(address)
            return await _sign_in_page(door, pages, request, wrong="The password does not fit.", status=403)
        return _let_in(RedirectResponse(HOME, 303), request, session)

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
        address = _slowed_down(door, request)
        session = await door.read(partial(door.doorkeeper.spend_link, token))
        if session is None:
            door.attempts.failed(address)
            wrong = (
                "This link was used already or is too old. Start the server again for a new one, or use the password."
            )
            return await _sign_in_page(door, pages, request, wrong=wrong, status=403)
        return _let_in(RedirectResponse(HOME, 303), request, session)

    return router


def _overview(door: Door, guest: Guest) -> dict[str, Any]:
    documents, now = door.desk.documents(tenant=guest.tenant), utc_now()
    sources = door.desk.sources(tenant=guest.tenant)
    return {
        "articles": len(documents),
        "serving": sum(document.serves(now) for document in documents),
        "stale": len(door.desk.stale(tenant=guest.tenant)),
        "sources": sources,
        "noticed": [source for source in sources if source.notice],
        "health": door.desk.doctor(),
    }


async def _sign_in_page(
    door: Door, pages: Pages, request: "Request", *, wrong: str = "", status: int = 200
) -> "Response":
    """The form, bound to a cookie so that nobody can be signed in by another's page."""
    has_password = await door.read(door.doorkeeper.has_password)
    cookie = request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(24)
    response = pages.show(
        "sign_in.html", status=status, wrong=wrong, has_password=has_password, form_token=form_token(cookie)
    )
    response.set_cookie(_FORM_COOKIE, cookie, httponly=True, samesite="strict", secure=_is_https(request), path=HOME)
    return response


def _let_in(response: "Response", request: "Request", session: str) -> "Response":
    """Sets the session's cookie. Lax, because the first way in is a link from outside the browser."""
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_https(request),
    )
    return response


def _is_https(request: "Request") -> bool:
    return request.url.scheme == "https"


def _slowed_down(door: Door, request: "Request") -> str:
    """The caller's address, which must not have failed too often."""
    address = request.client.host if request.client else "unknown"
    if seconds := door.attempts.wait_seconds(address):
        raise Refused(too_many_attempts(seconds))
    return address
