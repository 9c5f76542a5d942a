"""Where sources lie on the disk: which one a file belongs to, and which lies inside which."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from openbook.errors import UserError
from openbook.types import Metadata, Source, SourceOptions

SENT, SITE, FOLDER, FILE = "sent", "site", "folder", "file"
"""The kinds of sources: what was sent over HTTP, web pages, and what lies on the disk."""


def is_address(location: str) -> bool:
    """Whether a location is the address of a web page rather than a place on the disk."""
    return "://" in location


def check_place(location: Path) -> None:
    """Makes sure that something readable lies there.

    Raises:
        UserError: There is nothing at that place, or it is neither a folder nor a file.
    """
    try:
        known = location.is_dir() or location.is_file()
        there = location.exists()
    except OSError as error:
        raise UserError(f"{location} cannot be looked at: {error.strerror}.", fix="Check the path.") from error
    if not there:
        raise UserError(f"There is nothing at {location}.", fix="Check the path; it is read from the current folder.")
    if not known:
        raise UserError(f"{location} is neither a folder nor a file.", fix="Name a folder or a file.")


def enclosing(sources: Sequence[Source], location: Path) -> Source | None:
    """The innermost folder source that a file lies in, unless the file is a source itself."""
    own = any(source.location == str(location) for source in sources)
    around = outer(sources, location) if location.is_file() and not own else []
    return max(around, key=lambda source: len(source.location), default=None)


def outer(sources: Sequence[Source], location: Path) -> list[Source]:
    """The folder sources that a place lies in."""
    folders = [source for source in sources if source.kind == FOLDER and source.location != str(location)]
    return [source for source in folders if location.is_relative_to(source.location)]


def inherited(
    sources: Sequence[Source], location: Path, defaults: Metadata, options: SourceOptions
) -> tuple[Metadata, SourceOptions]:
    """What is said for a new place, filled up by what was said for the folder around it.

    So a place inside a staff folder is for staff, and one inside a reviewed folder is reviewed, unless
    something else is said for it.
    """
    around = max(outer(sources, location), key=lambda source: len(source.location), default=None)
    if around is None or any(source.location == str(location) for source in sources):
        return defaults, options
    said = replace(
        defaults,
        audiences=defaults.audiences or around.audiences,
        locale=defaults.locale or around.locale,
        product=defaults.product or around.product,
    )
    return said, replace(options, review=options.review or around.options.review)


def inner(sources: Sequence[Source], source: Source) -> list[Path]:
    """The places inside a source that are sources of their own."""
    places = [Path(other.location) for other in sources if other.kind in (FOLDER, FILE) and other.id != source.id]
    return [place for place in places if place.is_relative_to(source.location)]
