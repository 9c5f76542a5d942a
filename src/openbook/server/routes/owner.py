"""`/owner`: signing in and out, and a page of what the desk knows and how it is."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from openbook.desk.doorkeeping import SESSION_LASTS
from openbook.server.door import Door
from openbook.server.guests import SESSION_COOKIE, Guest, form_token, form_token_fits, same_origin
from openbook.server.problems import Refused, forged, too_many_attempts
from openbook.server.rendering import Pages

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.requests import Request
    from starlette.responses import Response

_FORM_COOKIE = "openbook_form"
_HOME = "/owner"


def owner_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the owner's page."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import RedirectResponse, Response

    router = APIRouter(include_in_schema=False, prefix=_HOME)

    @router.get("")
    async def owner(request: Request) -> Response:
        guest = await door.guest(request)
        if guest.owner:
            return await _overview(door, pages, guest)
        return await _sign_in_page(door, pages, request)

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await _form(request)
        _check_form(form, request, request.cookies.get(_FORM_COOKIE, ""))
        address = _slowed_down(door, request)
        session = await door.read(partial(door.doorkeeper.sign_in, form.get("password", "")))
        if session is None:
            door.attempts.failed(address)
            return await _sign_in_page(door, pages, request, wrong="The password does not fit.", status=403)
        return _let_in(RedirectResponse(_HOME, 303), request, session)

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        session = request.cookies.get(SESSION_COOKIE, "")
        _check_form(await _form(request), request, session)
        await door.read(partial(door.doorkeeper.sign_out, session))
        response = RedirectResponse(_HOME, 303)
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
        return _let_in(RedirectResponse(_HOME, 303), request, session)

    return router


async def _overview(door: Door, pages: Pages, guest: Guest) -> "Response":
    documents = await door.read(partial(door.desk.documents, tenant=guest.tenant))
    sources = await door.read(partial(door.desk.sources, tenant=guest.tenant))
    health = await door.read(door.desk.doctor)
    token = form_token(guest.session)
    return pages.show("owner.html", documents=documents, sources=sources, health=health, form_token=token)


async def _sign_in_page(
    door: Door, pages: Pages, request: "Request", *, wrong: str = "", status: int = 200
) -> "Response":
    """The form, bound to a cookie so that nobody can be signed in by another's page."""
    has_password = await door.read(door.doorkeeper.has_password)
    cookie = request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(24)
    response = pages.show(
        "sign_in.html", status=status, wrong=wrong, has_password=has_password, form_token=form_token(cookie)
    )
    response.set_cookie(_FORM_COOKIE, cookie, httponly=True, samesite="strict", secure=_is_https(request), path=_HOME)
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


async def _form(request: "Request") -> dict[str, str]:
    """The fields of a form. Read here, since the framework's reader needs another package."""
    written = (await request.body()).decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(written, keep_blank_values=True, max_num_fields=20).items()}


def _check_form(form: Mapping[str, str], request: "Request", cookie: str) -> None:
    says_origin = "sec-fetch-site" in request.headers or "origin" in request.headers
    if not form_token_fits(form.get("form_token", ""), cookie) or (says_origin and not same_origin(request.headers)):
        raise Refused(forged())
