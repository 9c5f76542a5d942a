"""`/v1/documents`: publish, list, look at and withdraw documents, with a key or the owner's session."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

from openbook.server import knowledge
from openbook.server.bodies import DocumentBody, DocumentText
from openbook.server.door import Door
from openbook.server.guests import Guest, known

_STATUS = {"read": 201, "waiting": 202}
"""Of a publication, by its outcome; 200 where nothing changed."""

if TYPE_CHECKING:
    from fastapi import APIRouter


def document_routes(door: Door) -> "APIRouter":
    """The routes of documents."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Depends, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["knowledge"], prefix="/v1/documents")

    async def somebody(request: Request) -> Guest:
        action = "read_knowledge" if request.method == "GET" else "manage_knowledge"
        return known(await door.guest(request), action)

    Somebody = Annotated[Guest, Depends(somebody)]  # noqa: N806 - a type

    @router.post("", summary="Publish a document", status_code=201)
    async def publish(body: DocumentBody, guest: Somebody) -> Response:
        work = partial(knowledge.put_document, door.desk, guest, body.path, body)
        outcome = await door.chores.run(work)
        return JSONResponse(outcome.to_dict(), _STATUS.get(outcome.outcome, 200))

    @router.get("", summary="List the live documents; with `waiting=true` the versions that wait for approval")
    async def every(guest: Somebody, waiting: bool = False) -> Response:
        look = knowledge.waiting_for if waiting else knowledge.documents_for
        found = await door.read(partial(look, door.desk, guest))
        return JSONResponse({"documents": [document.to_dict() for document in found]})

    @router.get("/{document_id}", summary="Look at a live document")
    async def one(document_id: str, guest: Somebody) -> Response:
        found = await door.read(partial(knowledge.document_for, door.desk, guest, document_id))
        return JSONResponse(found.to_dict())

    @router.put("/{document_id}", summary="Publish a new version of a document that was sent")
    async def replace(document_id: str, body: DocumentText, guest: Somebody) -> Response:
        work = partial(knowledge.replace_document, door.desk, guest, document_id, body)
        return JSONResponse((await door.chores.run(work)).to_dict())

    @router.delete("/{document_id}", summary="Withdraw a document; with `erase=true` destroy its text in history too")
    async def remove(document_id: str, guest: Somebody, erase: bool = False) -> Response:
        work = partial(knowledge.remove_document, door.desk, guest, document_id, erase=erase)
        return JSONResponse((await door.chores.run(work)).to_dict())

    @router.get("/{document_id}/versions", summary="List the versions of a document, the newest first")
    async def versions(document_id: str, guest: Somebody) -> Response:
        found = await door.read(partial(knowledge.versions_for, door.desk, guest, document_id))
        return JSONResponse({"versions": [version.to_dict() for version in found]})

    return router
