"""`GET /widget.js`: the chat widget as one script. `GET /widget-demo`: a page that shows it, with its tag to copy.

The script is joined once, when the server starts, from the parts in `static/widget`; nothing is minified.
Knows neither visitors nor conversations.
"""

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

from openbook.hashing import hash_text
from openbook.server.door import Door
from openbook.server.rendering import Pages

if TYPE_CHECKING:
    from fastapi import APIRouter

PARTS = Path(__file__).parents[1] / "static" / "widget"
NAMES = ("page", "keeping", "server", "answers", "view", "forms", "sending", "chat")
"""The parts in the order in which they are joined: what runs at once stands behind what it uses."""

_MEDIA_TYPE = "text/javascript; charset=utf-8"
_CACHE = "public, max-age=300, stale-while-revalidate=86400"


def widget_script() -> str:
    """The whole script: the strings, the style sheet and the parts, in a scope of their own."""
    strings = json.loads((PARTS / "strings.json").read_text("utf-8"))
    look = (PARTS / "look.css").read_text("utf-8")
    given = f"const STRINGS = {_literal(strings)};\nconst LOOK = {_literal(look)};\n"
    parts = [(PARTS / f"{name}.js").read_text("utf-8") for name in NAMES]
    return '(() => {\n"use strict";\n' + "\n".join([given, *parts]) + "})();\n"


def widget_script_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the script and of its demonstration."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import Response

    router = APIRouter(include_in_schema=False)
    plain = widget_script().encode()
    packed = gzip.compress(plain, 9, mtime=0)
    tag = hash_text(plain.decode())[:32]
    origins = door.desk.settings.values.widget.origins

    @router.get("/widget.js")
    async def script(request: Request) -> Response:
        small = "gzip" in request.headers.get("accept-encoding", "")
        etag = f'"{tag}-gzip"' if small else f'"{tag}"'
        headers = {"ETag": etag, "Vary": "Accept-Encoding", "Cache-Control": _CACHE}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if small:
            headers["Content-Encoding"] = "gzip"
        return Response(packed if small else plain, headers=headers, media_type=_MEDIA_TYPE)

    @router.get("/widget-demo")
    async def demonstration(request: Request) -> Response:
        return pages.show("widget_demo.html", script=f"{request.base_url}widget.js", origins=origins)

    return router


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
