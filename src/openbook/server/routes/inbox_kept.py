"""`/inbox/macros` and `/inbox/corrections`: what operators keep: ready-made replies, and what should have been said."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from openbook.desk.corrections import EXPORTED
from openbook.errors import NotFound, OpenbookError
from openbook.server.door import Door
from openbook.server.guests import Guest
from openbook.server.inbox_view import KEPT_AS
from openbook.server.owner_pages import INBOX, OwnerPages
from openbook.server.problems import Problem, problem_of
from openbook.server.rendering import Pages
from openbook.types.correction import Correction, CorrectionKind

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.requests import Request

_MACROS = f"{INBOX}/macros"
_CORRECTIONS = f"{INBOX}/corrections"
_SHOWN = 200


def inbox_kept_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of ready-made replies and of corrections."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter

    router, staff = APIRouter(include_in_schema=False), OwnerPages(door, pages)
    _add_macros(router, door, staff)
    _add_corrections(router, door, staff)
    return router


def _add_macros(router: "APIRouter", door: Door, staff: OwnerPages) -> None:
    # deferred: the web framework, which only a running server needs
    from fastapi import Request
    from starlette.responses import RedirectResponse, Response

    @router.get(_MACROS)
    async def macros(request: Request, saved: str = "") -> Response:
        guest = await staff.guest(request, "read_inbox")
        return await staff.show(guest, "inbox_macros.html", **await door.read(partial(_macros, door, guest, saved)))

    @router.post(_MACROS)
    async def save(request: Request) -> Response:
        guest, form = await staff.form(request, "manage_macros")
        name, body, macro_id = (form.get(field, "") for field in ("name", "body", "macro_id"))
        work = partial(door.desk.put_macro, name, body, person_id=guest.person_id, macro_id=macro_id)
        try:
            saved = await door.read(partial(work, tenant=guest.tenant))
        except OpenbookError as error:
            problem = problem_of(error)
            shown = await door.read(partial(_macros, door, guest, "", form=form, problem=problem))
            return await staff.show(guest, "inbox_macros.html", status=problem.status, **shown)
        return RedirectResponse(f"{_MACROS}?saved={saved.id}", 303)

    @router.post(f"{_MACROS}/{{macro_id}}/remove")
    async def remove(macro_id: str, request: Request) -> Response:
        guest, _ = await staff.form(request, "manage_macros")
        work = partial(door.desk.remove_macro, macro_id, person_id=guest.person_id, tenant=guest.tenant)
        await door.read(work)
        return RedirectResponse(_MACROS, 303)


def _add_corrections(router: "APIRouter", door: Door, staff: OwnerPages) -> None:
    # deferred: the web framework, which only a running server needs
    from fastapi import Request
    from starlette.responses import JSONResponse, RedirectResponse, Response

    @router.get(_CORRECTIONS)
    async def corrections(request: Request) -> Response:
        guest = await staff.guest(request, "read_inbox")
        found = await door.read(partial(door.desk.corrections, tenant=guest.tenant))
        counts = {kind: sum(one.kind is kind for one in found) for kind in CorrectionKind}
        newest = found[:_SHOWN]
        return await staff.show(guest, "inbox_corrections.html", corrections=newest, counts=counts, kept_as=KEPT_AS)

    @router.get(f"{_CORRECTIONS}/{{kind}}.jsonl")
    async def download(kind: str, request: Request) -> Response:
        guest = await staff.guest(request, "export")
        if kind not in EXPORTED:
            raise NotFound(f"There is no dataset {kind[:40]!r} of corrections.", fix=f"Use {', '.join(EXPORTED)}.")
        lines = await door.read(partial(door.desk.export_corrections, kind, tenant=guest.tenant))
        await staff.note(guest, "inbox.corrections_exported", kind, lines=len(lines))
        headers = {"Content-Disposition": f'attachment; filename="corrections-{kind}.jsonl"'}
        return Response("".join(f"{line}\n" for line in lines), media_type="application/jsonl", headers=headers)

    @router.post(f"{INBOX}/{{handoff_id}}/corrections")
    async def correct(handoff_id: str, request: Request) -> Response:
        guest, form = await staff.form(request, "correct")
        work = partial(_correct, door, guest, handoff_id, form)
        is_article = form.get("kind") == CorrectionKind.ARTICLE
        try:
            kept = await (door.chores.run(work) if is_article else door.read(work))
        except OpenbookError as error:
            if not _wants_json(request):
                raise
            problem = problem_of(error)
            return JSONResponse(problem.to_dict(), problem.status)
        if _wants_json(request):
            return JSONResponse({"said": said_of(kept), "fresh": kept.fresh, "document_id": kept.document_id})
        return RedirectResponse(f"{INBOX}/{handoff_id}#kept-{kept.answer_id}", 303)


def said_of(kept: Correction) -> str:
    """What somebody is told who kept a correction, or found one."""
    what = KEPT_AS[kept.kind]
    if not kept.fresh:
        return f"It is there already: {what}{f', kept by {kept.name}' if kept.name else ''}."
    waits = ", which waits for approval" if kept.kind is CorrectionKind.ARTICLE else ""
    return f"Kept as {what}{waits}."


def _correct(door: Door, guest: Guest, handoff_id: str, form: Mapping[str, str]) -> Correction:
    """Keeps a correction of an answer in the conversation of a hand-off.

    Raises:
        NotFound: The conversation has no such answer.
        UserError: The text is empty or too long, or there is no such kind.
    """
    detail, answer_id = door.desk.handoff(handoff_id, tenant=guest.tenant), form.get("answer_id", "")
    said = door.desk.conversation(detail.conversation_id, tenant=guest.tenant).messages
    if not answer_id or all(message.answer_id != answer_id for message in said):
        raise NotFound(f"This conversation has no answer {answer_id[:80]!r}.", fix="Load the page again.")
    return door.desk.correct(
        answer_id,
        form.get("kind", ""),
        form.get("reply", ""),
        person_id=guest.person_id,
        title=form.get("title", ""),
        tenant=guest.tenant,
    )


def _macros(
    door: Door, guest: Guest, saved: str, *, form: Mapping[str, str] | None = None, problem: Problem | None = None
) -> dict[str, Any]:
    """What the page of ready-made replies shows; what was written and not kept stays in its form."""
    macros = door.desk.macros(tenant=guest.tenant)
    written = {field: (form or {}).get(field, "") for field in ("macro_id", "name", "body")}
    saved_one = next((macro for macro in macros if macro.id == saved), None)
    return {"macros": macros, "saved": saved_one, "written": written, "problem": problem}


def _wants_json(request: "Request") -> bool:
    return "application/json" in request.headers.get("accept", "")
