"""`GET /v1/receipts/{id}`: everything behind one answer, and the answer made again."""

from functools import partial
from typing import TYPE_CHECKING

from openbook.errors import NotFound
from openbook.server.door import Door
from openbook.server.guests import Guest, known
from openbook.types import Receipt, Replay

if TYPE_CHECKING:
    from fastapi import APIRouter


def receipt_routes(door: Door) -> "APIRouter":
    """The route of receipts."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["answers"])

    @router.get("/v1/receipts/{receipt_id}", summary="Everything behind one answer; with `replay=true` made again")
    async def receipt(receipt_id: str, request: Request, replay: bool = False) -> Response:
        guest = known(await door.guest(request), "read_receipts")
        found = await door.turns.run(partial(_replayed if replay else _receipt, door, guest, receipt_id))
        return JSONResponse(found.to_dict())

    return router


def _receipt(door: Door, guest: Guest, receipt_id: str) -> Receipt:
    """A receipt whose search looked at nothing that is hidden from the guest; another reads as absent."""
    found = door.desk.receipt(receipt_id, tenant=guest.tenant)
    if not set(found.query.get("audiences", ())) <= set(guest.audiences):
        raise NotFound(
            f"There is no receipt {receipt_id!r} for tenant {guest.tenant!r}.", fix="Use the `id` of an answer, ans_…."
        )
    return found


def _replayed(door: Door, guest: Guest, receipt_id: str) -> Replay:
    return door.desk.replay(_receipt(door, guest, receipt_id).id, tenant=guest.tenant)
