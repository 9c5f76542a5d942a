"""`/healthz`, `/readyz`, `/metrics`: for whoever runs the server."""

from typing import TYPE_CHECKING

from openbook.server.door import Door

if TYPE_CHECKING:
    from fastapi import APIRouter

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def health_routes(door: Door) -> "APIRouter":
    """The routes of health."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Whether the process is alive")
    async def alive() -> Response:
        return JSONResponse({"status": "alive"})

    @router.get("/readyz", summary="Whether the desk can be used")
    async def ready() -> Response:
        await door.read(door.desk.sources)  # which shows that the tables can be read
        return JSONResponse({"status": "ready"})

    @router.get("/metrics", summary="Counters in the text format of Prometheus")
    async def metrics() -> Response:
        return Response(door.metrics.text(), media_type=_PROMETHEUS)

    return router
