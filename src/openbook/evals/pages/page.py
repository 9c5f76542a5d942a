"""Fills the templates of this folder: whole pages, each with its style in it and nothing from elsewhere.

A page loads nothing and runs nothing; its Content-Security-Policy says so too. Everything that is put
into a template is escaped, unless it is `Markup`, as plots are.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from openbook.evals.pages.words import count, interval, moment, money, number, percent, say

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: object) -> str:
    """A page, or a part of one, as text that can be written in UTF-8.

    The filters are those of `words.py`, by their names: `percent`, `number`, `interval`, `moment`, `count`, ...

    Args:
        template: A file of `templates/`.
        values: What it is filled with; a name that it needs and does not get is an error of the program.
    """
    page = _templates().get_template(template).render(values)
    return page.encode("utf-8", "replace").decode()


@cache
def _templates() -> "Environment":
    # deferred: the template engine, which only a page needs
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (count, interval, moment, money, number, percent, say)
    templates.filters.update({each.__name__: each for each in filters})
    return templates
