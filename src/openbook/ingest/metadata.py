"""Turns the names and values a document carries about itself into `Metadata`.

Front matter, `<meta>` tags and document properties all arrive here as plain strings. A
value that does not fit becomes a notice and is left out, unless it limits who may read the
document or when: then the document is not read at all, for guessing could publish what
should not be. It knows nothing about YAML or HTML.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.cleaning import clean
from openbook.types import Metadata

_TEXTS = ("title", "locale", "product", "status", "url")
_TIMES = ("valid_from", "valid_until", "updated_at")
_LIMITING = ("audience", "status", "valid_from", "valid_until")
_SHOWN_CHARACTERS = 60
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_EVERYBODY_KNOWS = {"public": "public", "internal": "internal"}


@dataclass(frozen=True, slots=True)
class Described:
    """Metadata and what was wrong with the values it was made from."""

    metadata: Metadata
    notices: tuple[str, ...] = ()


def describe(values: Mapping[str, Any]) -> Described:
    """Metadata from named values; unknown names are ignored.

    Times are ISO 8601, taken as UTC where no zone is given. A bare date means its first
    moment, for `valid_until` its last second: "valid until 31 December" includes that day.

    Args:
        values: Strings by name; `audience` (or `audiences`) may also be a list of strings.

    Raises:
        ReadError: A value that limits who may read the document, or when, does not fit.
    """
    values = _as_named(values)
    notices: list[str] = []
    found: dict[str, Any] = {}
    for name in _TEXTS:
        if not _is_missing(values.get(name)):
            found[name] = _text(values[name], name=name, notices=notices)
    for name in _TIMES:
        if not _is_missing(values.get(name)):
            found[name] = _moment(values[name], name=name, notices=notices)
    audience = values.get("audience", values.get("audiences"))
    if not _is_missing(audience):
        found["audiences"] = _audiences(audience, notices=notices)
    for notice in notices:
        if notice.startswith(_LIMITING):
            raise ReadError(
                f"{notice.removesuffix('; it was ignored')}; the document is not published.",
                fix="Correct that line at the top of the file.",
            )
    return Described(Metadata(**found), tuple(notices))


def _as_named(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values under lower-case names, with the usual other ways to say that something is a draft."""
    named = {str(name).strip().lower(): value for name, value in values.items()}
    said = {name: str(named.get(name, "")).strip().lower() for name in ("draft", "published")}
    if said["draft"] in _YES or said["published"] in _NO:
        named["status"] = "draft"
    if isinstance(named.get("status"), str):
        named["status"] = named["status"].strip().lower()
    return named


def parse_moment(value: str, *, end_of_day: bool = False) -> datetime | None:
    """An ISO 8601 date or time as an aware UTC moment, or None if it is neither."""
    try:
        moment = datetime.fromisoformat(value.strip())
        if len(value.strip()) <= len("2026-01-31") and end_of_day:
            moment = datetime.combine(moment, time(23, 59, 59))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_missing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _text(value: Any, *, name: str, notices: list[str]) -> str:
    if not isinstance(value, str):
        notices.append(f"{name}: expected one value, not a {_kind(value)}; it was ignored")
        return ""
    return " ".join(clean(value).split())


def _moment(value: Any, *, name: str, notices: list[str]) -> datetime | None:
    moment = parse_moment(value, end_of_day=name == "valid_until") if isinstance(value, str) else None
    if moment is None:
        shown = clean(value)[:_SHOWN_CHARACTERS] if isinstance(value, str) else f"a {_kind(value)}"
        notices.append(f"{name}: {shown} is not a date such as 2026-01-31; it was ignored")
    return moment


def _audiences(value: Any, *, notices: list[str]) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        notices.append("audience: expected a name or a list of names; it was ignored")
        return ()
    tidy = (" ".join(clean(name).split()) for name in names)
    return tuple(dict.fromkeys(_EVERYBODY_KNOWS.get(name.lower(), name) for name in tidy if name))


def _kind(value: Any) -> str:
    return "list" if isinstance(value, list) else "mapping" if isinstance(value, dict) else type(value).__name__
