"""Reads the YAML block at the start of a Markdown file: what it says about the page, and texts it holds.

Some sites keep whole pages there, as texts under names that their templates know. Which of
them a visitor sees is told by their names and by how they look, for the templates are not here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.metadata import Described, describe

_BLOCK = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_UNREADABLE = re.compile(
    r"\A\s*(?:\+\+\+[ \t]*\n|---[ \t]*\n\s*(?:title|audiences?|status|locale|draft|valid_\w+)[ \t]*:)", re.IGNORECASE
)
"""Front matter in TOML, or in YAML that is never closed."""
_CHARACTERS_LIMIT = 100_000
_ABOUT_THE_PAGE = frozenset(
    ["title", "audience", "audiences", "locale", "product", "status", "valid_from", "valid_until", "updated_at", "url"]
)
_NO_TEXT = re.compile(
    r"(?:^|_)(?:class|css|styles?|scripts?|image|images|img|icons?|alt|layout|permalink|redirect|redirects|urls?|href|src|"
    r"id|ids|slug|path|template|keywords|tags?|categor(?:y|ies)|authors?|date|lang|nav|sidenav|aliases|weight|type|card|"
    r"banner_class|sitemap|robots|draft|published|comments?|internal|todo)(?:_|\d*$)"
)
_HEADING = re.compile(r"(?:title|head|heading|header|subheading|question|label)\d*$")
_TEXT = re.compile(r"(?:^|_)(?:description|summary|excerpt|content|body|text|intro|answer|message)\d*$")
_PLACE_NAME = re.compile(r"\S*|[\w./-]+\.(?:png|jpe?g|svg|html?|css|js)", re.IGNORECASE)
_LEVELS = 6
_DEPTH_LIMIT = 10
_VALUES_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before the text of a Markdown file, and the text.

    Attributes:
        described: The metadata.
        body: The text below.
        values: Every value by its name, as strings, lists and mappings.
    """

    described: Described
    body: str
    values: dict[str, Any] = field(default_factory=dict)


def split_front_matter(text: str) -> FrontMatter:
    """What the YAML block at the start says, and the text after it.

    One that is plain prose between two rules is no front matter and stays.

    Raises:
        ReadError: It is not valid YAML: nobody knows for whom the document is.
    """
    found = _BLOCK.match(text)
    if _UNREADABLE.match(text) if not found else len(found[1]) > _CHARACTERS_LIMIT:
        raise ReadError(
            "the front matter cannot be read, so nobody knows who may read it; it is not published.",
            fix="Write it in YAML between two lines of ---, in fewer than 100,000 characters.",
        )
    if not found:
        return FrontMatter(describe({}), text)
    values = _parse_yaml(found[1])
    if isinstance(values, dict):
        return FrontMatter(describe(values), text[found.end() :], values)
    if values is None and found[1].strip():
        raise ReadError(
            "the front matter is not valid YAML, so nobody knows who may read it; it is not published.",
            fix="Correct the lines between the two --- at its top.",
        )
    return FrontMatter(describe({}), text[found.end() :] if values is None else text)


def text_in_front_matter(values: dict[str, Any]) -> str:
    """The Markdown of the texts that front matter holds, under headings where their names say so.

    Names that begin alike are kept together, such as `steps_title` and `steps_body1`: sites
    sort them by kind as often as by place.
    """
    starts = list(dict.fromkeys(name.partition("_")[0] for name in values))
    names = sorted(values, key=lambda name: starts.index(name.partition("_")[0]))
    budget = iter(range(_VALUES_LIMIT))
    shown = {name: values[name] for name in names if name not in _ABOUT_THE_PAGE}
    return "\n\n".join(_texts(shown, name="", depth=0, budget=budget))


def _texts(value: Any, *, name: str, depth: int, budget: Iterator[int]) -> Iterator[str]:
    """The texts of a value as Markdown, in order. The budget bounds values that YAML's aliases multiply."""
    if next(budget, None) is None or depth > _DEPTH_LIMIT:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(key, str) and not _NO_TEXT.search(key.replace("-", "_").casefold()):
                yield from _texts(inner, name=key.replace("-", "_").casefold(), depth=depth + 1, budget=budget)
    elif isinstance(value, list):
        items = [item for item in value if isinstance(item, str)]
        if items and len(items) == len(value):
            yield "\n".join(f"- {' '.join(item.split())}" for item in items if _is_prose(item, name))
        else:
            for item in value:
                yield from _texts(item, name=name, depth=depth, budget=budget)
    elif isinstance(value, str) and _is_prose(value, name):
        is_heading = _HEADING.search(name) and "\n" not in value.strip() and not value.lstrip().startswith("#")
        yield f"{'#' * min(depth + 1, _LEVELS)} {value.strip()}" if is_heading else value.strip()


def _is_prose(value: str, name: str) -> bool:
    """Whether a value is for readers: named like a text or heading, or several words that are no address."""
    words = value.split()
    if not words or value.strip().casefold() in ("true", "false", "yes", "no", "null"):
        return False
    if _HEADING.search(name) or _TEXT.search(name):
        return True
    return len(words) > 1 and not _PLACE_NAME.fullmatch(value.strip())


def _parse_yaml(text: str) -> Any:
    """The value of a YAML text with every scalar as a string; None if it is broken.

    Strings only: `locale: no` stays Norwegian, and one impossible date spoils no other key.
    """
    import yaml  # deferred: 60 ms that only a file with front matter needs

    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds only strings, lists and dicts
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None
