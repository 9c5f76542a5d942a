"""`/owner/people`, `/owner/audit`, `/owner/invitation`: who is there and may do what, who did what, the way in.

Secrets are shown on the page that made them and on no other. Opening an invitation spends nothing, since
mail scanners open links; only its form does.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from openbook.desk.knowledge import names_in
from openbook.desk.people import ENTRIES, INVITATIONS
from openbook.errors import OpenbookError, UserError
from openbook.server.door import Door
from openbook.server.forms import check_form, read_form
from openbook.server.guests import Guest
from openbook.server.owner_pages import HOME, OwnerPages
from openbook.server.problems import Problem, problem_of
from openbook.server.rendering import Pages
from openbook.server.routes.owner import FORM_COOKIE, let_in, show_to_strangers, slowed_down
from openbook.types import PUBLIC
from openbook.types.people import CONTENT, INBOX_AREA, KEY_ROLES, OPERATOR, ROLES, Invitation, may_invite

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.requests import Request
    from starlette.responses import Response

_PLACE = f"{HOME}/people"
_MANAGE, _INVITE = "manage_people", "invite_operators"
_UNTOLD: Mapping[str, Any] = {
    "form": {},
    "key_form": {},
    "problem": None,
    "key_problem": None,
    "invitation": None,
    "new_key": None,
    "server": "",
}
"""What the page of people shows of the last form: how it was filled in, why it was refused, what it made."""


def owner_people_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of people, keys, invitations and the audit log."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter

    router = APIRouter(include_in_schema=False)
    owner = OwnerPages(door, pages)
    for routes in (_people_routes(door, owner), _key_routes(door, owner), _audit_routes(door, owner)):
        router.include_router(routes)
    router.include_router(_invitation_routes(door, pages))
    return router


def _people_routes(door: Door, owner: OwnerPages) -> "APIRouter":
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import RedirectResponse, Response

    router = APIRouter(prefix=_PLACE)

    @router.get("")
    async def people(request: Request) -> Response:
        return await _show(door, owner, await owner.guest(request, _INVITE))

    @router.post("")
    async def add(request: Request) -> Response:
        guest, form = await owner.form(request, _INVITE)
        try:
            invitation = await door.chores.run(partial(_add, door, guest, form))
        except UserError as error:
            return await _show(door, owner, guest, form=form, problem=problem_of(error))
        return await _show(door, owner, guest, invitation=invitation, server=_server(request))

    @router.post("/{person_id}/invite")
    async def invite(person_id: str, request: Request) -> Response:
        guest, _ = await owner.form(request, _INVITE)
        work = partial(door.desk.invite, person_id, by=guest.caller, tenant=guest.tenant)
        invitation, problem = await _tried(door, work)
        return await _show(door, owner, guest, problem=problem, invitation=invitation, server=_server(request))

    @router.post("/{person_id}/role")
    async def role(person_id: str, request: Request) -> Response:
        guest, form = await owner.form(request, _MANAGE)
        work = partial(door.desk.change_role, person_id, form.get("role", ""), by=guest.caller, tenant=guest.tenant)
        _, problem = await _tried(door, work)
        return await _show(door, owner, guest, problem=problem) if problem else RedirectResponse(_PLACE, 303)

    @router.post("/{person_id}/deactivate")
    async def deactivate(person_id: str, request: Request) -> Response:
        guest, _ = await owner.form(request, _MANAGE)
        work = partial(door.desk.deactivate, person_id, by=guest.caller, tenant=guest.tenant)
        _, problem = await _tried(door, work)
        return await _show(door, owner, guest, problem=problem) if problem else RedirectResponse(_PLACE, 303)

    @router.post("/{person_id}/activate")
    async def activate(person_id: str, request: Request) -> Response:
        guest, _ = await owner.form(request, _MANAGE)
        await door.chores.run(partial(door.desk.activate, person_id, by=guest.caller, tenant=guest.tenant))
        return RedirectResponse(_PLACE, 303)

    return router


def _key_routes(door: Door, owner: OwnerPages) -> "APIRouter":
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import RedirectResponse, Response

    router = APIRouter(prefix=f"{_PLACE}/keys")

    @router.post("")
    async def add(request: Request) -> Response:
        guest, form = await owner.form(request, _MANAGE)
        seen = names_in(form.get("audience", "")) or (PUBLIC,)
        name, role = form.get("name", ""), form.get("role", CONTENT)
        made, problem = await _tried(
            door, partial(door.desk.add_key, name, role, seen, by=guest.caller, tenant=guest.tenant)
        )
        return await _show(door, owner, guest, key_form=form if problem else {}, key_problem=problem, new_key=made)

    @router.post("/{key_id}/revoke")
    async def revoke(key_id: str, request: Request) -> Response:
        guest, _ = await owner.form(request, _MANAGE)
        await door.chores.run(partial(door.desk.revoke_key, key_id, by=guest.caller, tenant=guest.tenant))
        return RedirectResponse(f"{_PLACE}#keys-title", 303)

    return router


def _audit_routes(door: Door, owner: OwnerPages) -> "APIRouter":
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import Response

    router = APIRouter(prefix=f"{HOME}/audit")

    @router.get("")
    async def audit(request: Request, person: str = "", action: str = "", before: str = "") -> Response:
        guest = await owner.guest(request, "read_inbox_audit")
        shown = await door.read(partial(_entries, door, guest, person=person, action=action, before=before))
        return await owner.show(guest, "owner_audit.html", **shown)

    return router


def _invitation_routes(door: Door, pages: Pages) -> "APIRouter":
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import Response

    router = APIRouter(prefix=INVITATIONS)
    show = partial(show_to_strangers, pages)

    @router.get("/{token}")
    async def look(token: str, request: Request) -> Response:
        address = slowed_down(door, request)
        person = await door.read(partial(door.doorkeeper.invited, token))
        if person is None:
            door.attempts.failed(address)
        values = {"person": person, "called": person.name if person else "", "token": token, "problem": None}
        return show(request, "accept_invitation.html", status=200 if person else 403, **values)

    @router.post("/{token}")
    async def accept(token: str, request: Request) -> Response:
        form = await read_form(request)
        check_form(form, request, request.cookies.get(FORM_COOKIE, ""))
        address, name = slowed_down(door, request), form.get("name", "")
        person, problem, session = await door.read(partial(door.doorkeeper.invited, token)), None, None
        try:
            accept = partial(door.doorkeeper.accept_invitation, token, name=name, password=form.get("password", ""))
            session = await door.read(partial(accept, address=address))
        except UserError as error:
            problem = problem_of(error)
        if session is not None:
            return await let_in(door, request, session)
        if person is None or problem is None:  # unknown from the first, or over in between
            door.attempts.failed(address)
            person = None
        values = {"person": person, "called": name, "token": token, "problem": problem}
        return show(request, "accept_invitation.html", status=problem.status if problem else 403, **values)

    return router


async def _tried(door: Door, work: Any) -> tuple[Any, Problem | None]:
    """What a change came to, or why it was refused."""
    try:
        return await door.chores.run(work), None
    except OpenbookError as error:
        return None, problem_of(error)


def _add(door: Door, guest: Guest, form: Mapping[str, str]) -> Invitation:
    """Adds a person and invites at once."""
    email, name, role = form.get("email", ""), form.get("name", ""), form.get("role", OPERATOR)
    person = door.desk.add_person(email, name, role, by=guest.caller, tenant=guest.tenant)
    return door.desk.invite(person.id, by=guest.caller, tenant=guest.tenant)


def _server(request: "Request") -> str:
    """The address of this server as the browser knows it, such as `https://help.example.com`."""
    return str(request.base_url).rstrip("/")


async def _show(door: Door, owner: OwnerPages, guest: Guest, **told: Any) -> "Response":
    """The page of people, with what a form just came to: see `_UNTOLD` for what may be told."""
    listed = await door.read(partial(_listed, door, guest))
    values = {**_UNTOLD, **told}
    refused = values["problem"] or values["key_problem"]
    for name in ("form", "key_form"):
        values[name] = defaultdict(str, values[name])
    return await owner.show(guest, "owner_people.html", status=refused.status if refused else 200, **listed, **values)


def _listed(door: Door, guest: Guest) -> dict[str, Any]:
    """Everybody, what roles the guest may give, and for whoever manages people the keys."""
    people = door.desk.people(tenant=guest.tenant)
    return {
        "people": people,
        "roles": [role for role in ROLES if may_invite(guest.role, role)],
        "key_roles": KEY_ROLES,
        "invitable": {item.id for item in people if item.active and item.email and may_invite(guest.role, item.role)},
        "keys": door.desk.keys(tenant=guest.tenant) if guest.may(_MANAGE) else (),
    }


def _entries(door: Door, guest: Guest, *, person: str, action: str, before: str) -> dict[str, Any]:
    """One page of the audit log, and what it can be narrowed to; a lead sees the inbox's part of it."""
    area = "" if guest.may("read_audit") else INBOX_AREA
    asked = action if action.startswith(f"{area}.") or not area else area
    found = door.desk.audit_log(ENTRIES + 1, before, person_id=person, action=asked, tenant=guest.tenant)
    everybody = [(item.id, item.called) for item in door.desk.people(tenant=guest.tenant)]
    everybody += [(item.id, f"{item.name} (key)") for item in door.desk.keys(tenant=guest.tenant)]
    return {
        "entries": found[:ENTRIES],
        "more": len(found) > ENTRIES,
        "person": person,
        "action": action,
        "before": before,
        "everybody": everybody,
        "called": dict(everybody),
        "actions": door.desk.audit_actions(area=area, tenant=guest.tenant),
        "area": area,
    }
