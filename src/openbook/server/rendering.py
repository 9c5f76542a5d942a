"""Renders pages from their templates; everything that comes from documents is escaped."""

import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openbook.server.problems import Problem
from openbook.types import utc_now

if TYPE_CHECKING:
    from starlette.responses import HTMLResponse

_BLANK_LINES = re.compile(r"\n\s*\n")

TEMPLATES = Path(__file__).parent / "pages"


class Pages:
    """The templates, ready to be filled."""

    def __init__(self) -> None:
        # deferred: the template engine, which only a running server needs
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        filters = (day, moment, age, percent, single_spaced, web_address)
        self._templates.filters.update({each.__name__: each for each in filters})

    def show(self, name: str, *, status: int = 200, **values: Any) -> "HTMLResponse":
        """A page as a response."""
        # deferred: the web framework, which only a running server needs
        from starlette.responses import HTMLResponse

        return HTMLResponse(self._templates.get_template(name).render(values), status)

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


def age(value: datetime | None) -> str:
    """How long ago that was, in days or years; empty for none."""
    if value is None:
        return ""
    days = (utc_now() - value).days
    if days < 1:
        return "today"
    return f"{days} day{'s' * (days > 1)}" if days < 730 else f"{days // 365} years"


def percent(value: float) -> int:
    """A share as a whole number of hundredths, rounded down: 0.699 is not 70."""
    return math.floor(100 * value + 1e-9)


def single_spaced(value: str) -> str:
    """A text without its blank lines."""
    return _BLANK_LINES.sub("\n", value)


def web_address(value: str) -> str:
    """An address that a link may lead to; empty for any other than http and https."""
    return value if value.lower().startswith(("https://", "http://")) else ""
