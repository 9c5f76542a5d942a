"""Reads single values out of a record, whatever their type in this export; it knows no layout.

Exports differ in their types: an id is a number or a string, a time is ISO 8601 or seconds, what is
absent is null, "" or not there at all.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from openbook.ingest.cleaning import clean
from openbook.ingest.metadata import parse_moment

_PERSON_NAMES = ("name", "first_name", "last_name", "display_name", "alias", "email", "address", "phone", "mobile")
_SPACED_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}")
_MILLISECONDS_FROM = 100_000_000_000
_SHOWN_CHARACTERS = 60


def text_at(record: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds a text or a number, as clean text; else an empty string."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            text = clean(str(value)).strip()
            if text:
                return text
    return ""


def mapping_at(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object in a field; an empty one if there is none."""
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def mappings_at(record: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """The objects in the list of a field, in their order."""
    value = record.get(name)
    return tuple(item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()


def texts_at(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts in the list of a field, or in a text that lists them with commas."""
    value = record.get(name)
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    texts = (clean(item).strip() for item in items if isinstance(item, str))
    return tuple(dict.fromkeys(filter(None, texts)))


def language_at(record: Mapping[str, Any], *names: str) -> str:
    """The first of these fields, if it is a language tag such as "de" or "pt-BR"; else an empty string."""
    text = text_at(record, *names)
    return text if _LANGUAGE_TAG.fullmatch(text) else ""


def moment_at(record: Mapping[str, Any], *names: str) -> datetime | None:
    """The first of these fields that holds a time: ISO 8601, or seconds or milliseconds since 1970."""
    found = (moment_of(text) for name in names if (text := text_at(record, name)))
    return next((moment for moment in found if moment is not None), None)


def moment_of(text: str) -> datetime | None:
    """A time as it stands in exports, aware, in UTC; None if it is in no known form."""
    if text.isascii() and text.isdigit() and len(text) <= 14:
        number = int(text)
        try:
            return datetime.fromtimestamp(number / 1_000 if number >= _MILLISECONDS_FROM else number, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    plain = text.removesuffix("UTC").removesuffix("GMT").strip()
    return parse_moment(_SPACED_ZONE.sub("", plain))


def iso_at(record: Mapping[str, Any], *names: str) -> str:
    """Like `moment_at`, as the text that `ingest.metadata.describe` takes."""
    moment = moment_at(record, *names)
    return moment.isoformat() if moment else ""


def people_of(*persons: Mapping[str, Any]) -> Iterator[str]:
    """The names, addresses and numbers in the objects that describe persons."""
    for person in persons:
        yield from filter(None, (text_at(person, name) for name in _PERSON_NAMES))


def shown(names: Collection[str]) -> str:
    """The names of a record's fields, as far as an error message has room for them."""
    listed = ", ".join(str(name)[:_SHOWN_CHARACTERS] for name in list(names)[:20])
    return listed + (" ..." if len(names) > 20 else "")
