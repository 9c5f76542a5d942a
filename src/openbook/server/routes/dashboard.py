"""`/dashboard` and `/v1/stats`: what became of conversations in a period, as a page without scripts and as JSON.

Draws nothing but the bars of the days; every number comes from the desk with its meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from openbook.desk.stats import MOST_DAYS, USUAL_DAYS
from openbook.server.door import Door
from openbook.server.guests import known
from openbook.server.owner_pages import OwnerPages
from openbook.server.rendering import Pages
from openbook.types.stats import FEW, LABELS, OUTCOMES, TOO_FEW, Stats, Tally, in_words

if TYPE_CHECKING:
    from fastapi import APIRouter

PERIODS = (7, 30, 90)
CHART_HEIGHT = 120.0
CHART_WIDTH = 720.0
SERIES = {
    "confirmed": ("confirmed",),
    "assumed": ("assumed",),
    "handed_over": ("handed_over",),
    "others": ("rejected", "reopened", "abandoned", "unknown"),
    "young": ("young",),
}
"""What a bar is made of, from the bottom up; together it is every conversation of the day."""

_GAP = 0.2
_LONGEST_DAY = 32


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, in the chart's own units, from the top left corner."""

    series: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart: where it stands, what it is made of, and what it says."""

    x: float
    width: float
    words: str
    pieces: tuple[Piece, ...]


def stats_routes(door: Door) -> "APIRouter":
    """The route of the numbers."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Query, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["numbers"], prefix="/v1")
    Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]  # noqa: N806 - a type
    Day = Annotated[str, Query(max_length=_LONGEST_DAY)]  # noqa: N806 - a type

    @router.get(
        "/stats",
        summary="What became of the conversations that began in a period",
        description="The last `days` days, or from the day `since` to the day `until`, both in it, in UTC. "
        "`meaning` says what each number is.",
    )
    async def stats(request: Request, days: Days = USUAL_DAYS, since: Day = "", until: Day = "") -> Response:
        guest = known(await door.guest(request), "read_stats")
        look = partial(door.desk.stats, days=days, since=since, until=until, tenant=guest.tenant)
        return JSONResponse((await door.read(look)).to_dict())

    return router


def dashboard_routes(door: Door, pages: Pages) -> "APIRouter":
    """The route of the page."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import Response

    router = APIRouter(include_in_schema=False)
    staff = OwnerPages(door, pages)

    @router.get("/dashboard")
    async def dashboard(request: Request, days: str = "") -> Response:
        guest = await staff.guest(request, "read_stats")
        wanted = _days(days)
        found = await door.read(partial(door.desk.stats, days=wanted, tenant=guest.tenant))
        return await staff.show(guest, "dashboard.html", days=wanted, **shown(found))

    return router


def shown(found: Stats) -> dict[str, Any]:
    """What the page needs of the numbers, and the words around them."""
    return {
        "stats": found,
        "bars": bars(found.by_day),
        "highest": max((day.conversations for day in found.by_day), default=0),
        "chart": (CHART_WIDTH, CHART_HEIGHT),
        "series": SERIES,
        "legend": {name: LABELS.get(name, "Anything else") for name in SERIES},
        "labels": LABELS,
        "outcomes": OUTCOMES,
        "periods": PERIODS,
        "few": FEW,
        "too_few": TOO_FEW,
        "in_words": in_words,
    }


def bars(days: Sequence[Tally]) -> tuple[Bar, ...]:
    """A bar for each day, as high as its conversations; none at all where there was no conversation."""
    highest = max((day.conversations for day in days), default=0)
    if not highest:
        return ()
    step = CHART_WIDTH / len(days)
    return tuple(
        Bar(
            x=round((place + _GAP / 2) * step, 2),
            width=round((1 - _GAP) * step, 2),
            words=f"{day.name}: {day.conversations} conversation{'s' * (day.conversations != 1)}",
            pieces=_pieces(day, CHART_HEIGHT / highest),
        )
        for place, day in enumerate(days)
    )


def _pieces(day: Tally, unit: float) -> tuple[Piece, ...]:
    pieces, top = [], CHART_HEIGHT
    for series, names in SERIES.items():
        if count := sum(getattr(day, name) for name in names):
            top -= count * unit
            pieces.append(Piece(series, round(top, 2), round(count * unit, 2)))
    return tuple(pieces)


def _days(written: str) -> int:
    """How many days a link asks for; the usual period for anything that is no such number."""
    days = int(written) if written.isascii() and written.isdecimal() and len(written) <= 3 else 0
    return days if 1 <= days <= MOST_DAYS else USUAL_DAYS
