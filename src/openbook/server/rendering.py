"""Renders pages from their templates; everything that comes from documents is escaped."""

import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openbook.server.differences import differences
from openbook.server.problems import Problem
from openbook.types import utc_now

if TYPE_CHECKING:
    from markupsafe import Markup
    from starlette.responses import HTMLResponse

_CODE = re.compile(r"`([^`]+)`")
_BLANK_LINES = re.compile(r"\n\s*\n")

TEMPLATES = Path(__file__).parent / "pages"


class Pages:
    """The templates, ready to be filled.

    Args:
        stale_after_days: The age from which a source is marked as old.
    """

    def __init__(self, *, stale_after_days: int) -> None:
        # deferred: the template engine, which only a running server needs
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        filters = (day, moment, instant, age, ago, every, percent, single_spaced, web_address, coded)
        self._templates.filters.update({each.__name__: each for each in filters})
        self._templates.globals["differences"] = differences
        self._templates.filters["old"] = lambda value: old(value, after_days=stale_after_days)

    def show(self, name: str, *, status: int = 200, **values: Any) -> "HTMLResponse":
        """A page as a response."""
        # deferred: the web framework, which only a running server needs
        from starlette.responses import HTMLResponse

        return HTMLResponse(self.render(name, **values), status)

    def render(self, name: str, **values: Any) -> str:
        """A page as text."""
        return self._templates.get_template(name).render(values)

    def problem(self, problem: Problem) -> "HTMLResponse":
        """A refusal as a page for people."""
        response = self.show("problem.html", status=problem.status, problem=problem)
        response.headers.update(problem.headers)
        return response


def day(value: datetime | None) -> str:
    """A date as people write it, such as "11 March 2026"; empty for none."""
    return f"{value.day} {value:%B %Y}" if value else ""


def moment(value: datetime | None) -> str:
    """A date as machines read it; empty for none."""
    return value.astimezone(UTC).date().isoformat() if value else ""


def instant(value: datetime) -> str:
    """A moment as machines read it, to the second."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


def ago(value: datetime) -> str:
    """How long ago something happened: "just now", "12 minutes ago", "3 days ago"."""
    seconds = int((utc_now() - value).total_seconds())
    for length, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if count := max(0, seconds) // length:
            return f"{count} {name}{'s' * (count > 1)} ago"
    return "just now"


def every(minutes: int) -> str:
    """How often something happens: "every hour", "every 90 minutes"; empty for never."""
    for length, name in ((10_080, "week"), (1_440, "day"), (60, "hour"), (1, "minute")):
        if minutes and minutes % length == 0:
            return f"every {name}" if minutes == length else f"every {minutes // length} {name}s"
    return ""


def age(value: datetime | None) -> str:
    """How long ago that was, in days or years; empty for none."""
    if value is None:
        return ""
    days = (utc_now() - value).days
    if days < 1:
        return "today"
    return f"{days} day{'s' * (days > 1)}" if days < 730 else f"{days // 365} years"


def old(value: datetime | None, *, after_days: int) -> str:
    """How old something is that is older than `after_days`, such as "more than a year old"; empty for the rest."""
    days = 0 if value is None else (utc_now() - value).days
    if days < after_days:
        return ""
    years, months = days // 365, days // 30
    if years:
        return "more than a year old" if years == 1 else f"more than {years} years old"
    return f"more than {months} months old" if months > 1 else f"{days} day{'s' * (days != 1)} old"


def percent(value: float) -> int:
    """A share as a whole number of hundredths, rounded down: 0.699 is not 70."""
    return math.floor(100 * value + 1e-9)


def single_spaced(value: str) -> str:
    """A text without its blank lines."""
    return _BLANK_LINES.sub("\n", value)


def coded(value: str) -> "Markup":
    """A text in which what stands between backticks is shown as code; everything in it is escaped."""
    # deferred: comes with the template engine
    from markupsafe import Markup, escape

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(value))))  # noqa: S704 - it was escaped before


def web_address(value: str) -> str:
    """An address that a link may lead to; empty for any other than http and https."""
    return value if value.lower().startswith(("https://", "http://")) else ""
