"""Puts the server together: routes, middleware, and what is said when something is refused."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from openbook.answer.policies import judge
from openbook.conversation.outcomes import close_silent
from openbook.desk import Desk
from openbook.errors import NotFound, OpenbookError
from openbook.server.bodies import problem_of_body
from openbook.server.clock import Clock, Duty
from openbook.server.deliveries import Courier, MailServer, WebhookTarget
from openbook.server.door import Door, open_door
from openbook.server.exposure import is_loopback
from openbook.server.middleware import BodyLimit, Faults, HostCheck, SecurityHeaders
from openbook.server.origins import OriginLock
from openbook.server.owner_pages import SignInFirst
from openbook.server.problems import Problem, Refused, problem_of
from openbook.server.rendering import Pages
from openbook.server.routes.ask import ask_routes
from openbook.server.routes.conversations import conversation_routes
from openbook.server.routes.dashboard import dashboard_routes, stats_routes
from openbook.server.routes.documents import document_routes
from openbook.server.routes.handoffs import handoff_routes
from openbook.server.routes.health import health_routes
from openbook.server.routes.home import home_routes
from openbook.server.routes.inbox import inbox_routes
from openbook.server.routes.inbox_kept import inbox_kept_routes
from openbook.server.routes.leads import lead_routes
from openbook.server.routes.owner import owner_routes
from openbook.server.routes.owner_articles import owner_article_routes
from openbook.server.routes.owner_behaviour import owner_behaviour_routes
from openbook.server.routes.owner_contradictions import owner_contradiction_routes
from openbook.server.routes.owner_people import owner_people_routes
from openbook.server.routes.owner_preview import owner_preview_routes
from openbook.server.routes.owner_sources import owner_source_routes
from openbook.server.routes.owner_waiting import owner_waiting_routes
from openbook.server.routes.receipts import receipt_routes
from openbook.server.routes.search import search_routes
from openbook.server.routes.source_page import source_page_routes
from openbook.server.routes.sources import source_routes
from openbook.server.routes.upkeep import decision_routes, upkeep_routes
from openbook.server.routes.visitors import visitor_routes
from openbook.server.routes.widget_script import widget_script_routes
from openbook.server.schedule import Schedule
from openbook.server.telling import Telling
from openbook.types import USUAL_BEHAVIOUR, Signals
from openbook.version import VERSION

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

_ROUTES = (
    ask_routes,
    upkeep_routes,  # before those of single documents, whose ids would take its names
    decision_routes,
    document_routes,
    source_routes,
    receipt_routes,
    visitor_routes,
    conversation_routes,
    lead_routes,
    handoff_routes,
    stats_routes,
    health_routes,
)
_PAGES = (
    search_routes,
    home_routes,
    source_page_routes,
    widget_script_routes,
    owner_source_routes,
    owner_waiting_routes,
    owner_article_routes,
    owner_contradiction_routes,
    owner_preview_routes,
    owner_behaviour_routes,
    owner_people_routes,
    inbox_kept_routes,  # before single hand-offs, whose ids would take their names
    inbox_routes,
    dashboard_routes,
    owner_routes,  # after the other pages of the owner, whose names would be taken for one-time links
)
STATIC = Path(__file__).parent / "static"
_FOR_MACHINES = ("/v1", "/healthz", "/readyz", "/metrics", "/openapi.json")
_DESCRIPTION = """Answers customers' questions from your own help content, and proves every sentence.

Anybody may ask and search what is public. Documents, sources and receipts need an API key
(`Authorization: Bearer ob_…`) or the owner's session. Errors are problem details (RFC 9457) with a
stable `code` and a `fix`."""


def create_app(desk: Desk, *, turns: int, host: str = "127.0.0.1") -> "FastAPI":
    """The server's application over a desk that this process holds.

    Args:
        desk: The open desk; it stays the caller's to close.
        turns: How many questions are answered at once; 16 times as many may wait.
        host: The address that is listened on; a loopback address answers only for its own names.

    Raises:
        FolderInUse: Another process holds the desk.
    """
    # deferred: the web framework, which only a running server needs
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    door = open_door(desk, turns=turns)
    pages = Pages(stale_after_days=desk.settings.values.sync.stale_after_days)
    schedule = Schedule(desk, door.readings)
    courier, clock = _courier(desk), Clock(desk.parts.database, duties_of(desk))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        for worker in (schedule, courier, clock):
            worker.start()
        door.reads.start(
            lambda: judge("Hello.", USUAL_BEHAVIOUR, Signals())
        )  # makes the patterns before they are needed
        yield
        door.hub.close()
        door.stop()
        for worker in (schedule, courier, clock):
            worker.stop()
        door.close()

    app = FastAPI(
        title="Openbook",
        version=VERSION,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.door = door
    for routes in _ROUTES:
        app.include_router(routes(door))
    for page_routes in _PAGES:
        app.include_router(page_routes(door, pages))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _add_refusals(app, door, pages)
    app.add_middleware(BodyLimit, refuse=door.refuse)
    app.add_middleware(OriginLock, origins=desk.settings.values.widget.origins, refuse=door.refuse)
    names = [name.lower() for name in desk.settings.values.server.names]
    if is_loopback(host):
        app.add_middleware(HostCheck, hosts=[host, *names], refuse=door.refuse)
    app.add_middleware(Faults, metrics=door.metrics, refuse=door.refuse)
    app.add_middleware(SecurityHeaders)
    return app


def _courier(desk: Desk) -> Courier:
    """Who tells outside what happens, as far as the settings name somebody to be told."""
    told, smtp = desk.settings.values.handoff, desk.settings.values.smtp
    return Courier(
        desk.parts.database,
        webhook=WebhookTarget(told.webhook_url, told.webhook_secret) if told.webhook_url else None,
        mail=MailServer(smtp.host, smtp.port, smtp.security, smtp.user, smtp.password, smtp.sender, told.email_to)
        if smtp.host
        else None,
        tell=Telling(desk, address=desk.settings.values.server.url),
    )


def duties_of(desk: Desk) -> tuple[Duty, ...]:
    """What the clock sees to: alarms, forgotten claims, silent hand-offs, what silence says of conversations."""
    handoffs = desk.parts.handoffs
    close = partial(close_silent, desk.parts.database)
    return (handoffs.raise_alarms, handoffs.release_forgotten, handoffs.expire_silent, close)


def _add_refusals(app: "FastAPI", door: Door, pages: Pages) -> None:
    """Says every refusal as a problem to programs and as a page to people."""
    # deferred: the web framework, which only a running server needs
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException
    from starlette.responses import RedirectResponse

    def said(request: "Request", problem: Problem) -> "Response":
        if request.url.path.startswith(_FOR_MACHINES):
            return door.refuse(problem)
        door.metrics.count_error(problem.code)
        return pages.problem(problem)

    def on_sign_in(_: "Request", error: Exception) -> "Response":
        assert isinstance(error, SignInFirst)
        return RedirectResponse("/owner", 303)

    def on_house_error(request: "Request", error: Exception) -> "Response":
        assert isinstance(error, OpenbookError)
        return said(request, problem_of(error))

    def on_refused(request: "Request", error: Exception) -> "Response":
        assert isinstance(error, Refused)
        return said(request, error.problem)

    def on_invalid(request: "Request", error: Exception) -> "Response":
        assert isinstance(error, RequestValidationError)
        return said(request, problem_of_body(error.errors()))

    def on_http(request: "Request", error: Exception) -> "Response":
        assert isinstance(error, HTTPException)
        return said(request, _problem_of_http(request, error.status_code, error.headers or {}))

    app.add_exception_handler(SignInFirst, on_sign_in)
    app.add_exception_handler(OpenbookError, on_house_error)
    app.add_exception_handler(Refused, on_refused)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)


def _problem_of_http(request: "Request", status: int, headers: Mapping[str, str]) -> Problem:
    """What the framework itself refuses: an unknown route, a wrong method, a body it cannot read."""
    allowed = {name: value for name, value in headers.items() if name.lower() == "allow"}
    place = request.url.path
    if status == NotFound.status:
        return Problem(404, NotFound.code, f"There is nothing at {place}.", "/openapi.json lists every route.")
    if status == 405:
        ways = ", ".join(allowed.values()) or "another method"
        return Problem(
            405, "method_not_allowed", f"{request.method} does not work on {place}.", f"Use {ways}.", allowed
        )
    return Problem(
        status, "bad_request", f"The request to {place} cannot be read.", "Send what /openapi.json describes."
    )
