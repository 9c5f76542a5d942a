"""Understands one article of a list: which of its keys is what, whatever the source calls it.

Values of metadata are brought into the words that `metadata.describe` knows: a visibility into an
audience, a state into a status, seconds since 1970 into a date. It knows neither files nor documents.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from openbook.ingest.cleaning import clean
from openbook.ingest.markup.rich_text import Form
from openbook.types.record import INTERNAL, PUBLIC

Record = Mapping[str, Any]

_TITLE_NAMES = "title question heading name subject headline titel frage überschrift betreff"
_BODY_NAMES = """
body_html html body_markdown markdown body content text answer acceptedAnswer solution antwort inhalt article_body
articleBody
"""
_SECTION_NAMES = """
sections faqs faq questions mainEntity items entries children articles subsections blocks paragraphs answers
"""
_DRAFT_WORDS = """
draft unpublished pending in_review review scheduled hidden private work_in_progress wip inactive entwurf
"""
TITLE_KEYS = tuple(_TITLE_NAMES.split())
BODY_KEYS = tuple(_BODY_NAMES.split())
_SECTION_KEYS = tuple(_SECTION_NAMES.split())
_DRAFT = frozenset(_DRAFT_WORDS.split())
_NAME_KEYS = ("id", "_id", "uuid", "article_id", "external_id", "slug", "url", "html_url", "@id")
_META_KEYS = {
    "locale": ("locale", "language", "lang", "inLanguage"),
    "url": ("html_url", "url", "public_url", "web_url", "permalink", "canonical_url", "link"),
    "updated_at": ("updated_at", "updatedAt", "modified_at", "modified", "last_updated", "dateModified", "edited_at"),
    "valid_from": ("valid_from", "validFrom"),
    "valid_until": ("valid_until", "validUntil", "expires_at"),
    "audience": ("audience", "audiences", "visibility"),
    "product": ("product", "product_name"),
    "status": ("status", "state"),
}
_LABEL_KEYS = ("labels", "label_names", "tags", "keywords")
_EVERYONE = ("public", "everyone", "all", "anyone", "world", "external")
_STAFF = ("internal", "private", "staff", "agents", "operators", "restricted", "team", "employees")
_ARCHIVED = ("archived", "deleted", "trashed", "trash", "retired", "obsolete", "outdated", "archiviert")
_FORMS: dict[str, Form] = {
    "body_html": "html",
    "html": "html",
    "rendered": "html",
    "body_markdown": "markdown",
    "markdown": "markdown",
}
_INNER_KEYS = ("rendered", "html", "markdown", "text", "value", "body", "content")
_MILLISECONDS_FROM = 100_000_000_000


def title_of(record: Record) -> str:
    """The title, question or heading of a record, on one line; empty where it has none."""
    return next(filter(None, (text_of(record.get(key)) for key in TITLE_KEYS)), "")


def body_of(record: Record) -> tuple[str, Form | None]:
    """The text of a record, and what form its key says it has; empty where it has none."""
    for key in BODY_KEYS:
        text, form = _body(record.get(key), form=_FORMS.get(key))
        if text.strip():
            return text, form
    return "", None


def sections_of(record: Record) -> Iterator[Record]:
    """The records inside a record: its sections, or its questions with their answers."""
    for key in (*_SECTION_KEYS, *BODY_KEYS):
        value = record.get(key)
        if isinstance(value, list):
            yield from (each for each in value if isinstance(each, Mapping))


def is_article(record: Record) -> bool:
    """Whether a record has a title and something to read."""
    return bool(title_of(record)) and (bool(body_of(record)[0]) or any(map(_says_something, sections_of(record))))


def name_of(record: Record) -> str:
    """What tells a record from the others in its file: its id, slug, address or title."""
    return next(filter(None, (text_of(record.get(key)) for key in _NAME_KEYS)), "") or title_of(record)


def values_of(record: Record) -> dict[str, Any]:
    """What a record says about itself, in the names and words of `metadata.describe`."""
    values: dict[str, Any] = {name: _first(record, keys) for name, keys in _META_KEYS.items()}
    values["title"] = title_of(record)
    values["locale"] = text_of(values["locale"]).replace("_", "-")
    values["url"] = next(filter(_is_address, (text_of(record.get(key)) for key in _META_KEYS["url"])), "")
    values["product"] = _words(values["product"])
    values["status"] = _status(record, values["status"])
    values["audience"] = _audiences(values["audience"])
    for name in ("updated_at", "valid_from", "valid_until"):
        values[name] = _moment(values[name])
    return values


def labels_of(record: Record) -> tuple[str, ...]:
    """The labels of a record, each once."""
    listed = (record.get(key) for key in _LABEL_KEYS)
    found = [_words(each) for value in listed for each in (value if isinstance(value, list) else _split(value))]
    return tuple(dict.fromkeys(filter(None, found)))


def text_of(value: Any) -> str:
    """A scalar, or what is `rendered` of an object, on one line; empty for anything else."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in _INNER_KEYS if isinstance(value.get(key), str)), None)
    if value is None or isinstance(value, list | Mapping | bool):
        return ""
    return " ".join(clean(str(value)).split())


def _body(value: Any, *, form: Form | None) -> tuple[str, Form | None]:
    """The text of a value: itself, the text inside an object, or the texts of a list as paragraphs."""
    if isinstance(value, Mapping):
        key = next((key for key in _INNER_KEYS if isinstance(value.get(key), str)), "")
        return (value[key], _FORMS.get(key, form)) if key else ("", None)
    if isinstance(value, list):
        return "\n\n".join(each for each in value if isinstance(each, str)), form
    return (value, form) if isinstance(value, str) else ("", None)


def _says_something(record: Record) -> bool:
    return bool(title_of(record) or body_of(record)[0])


def _first(record: Record, keys: tuple[str, ...]) -> Any:
    return next((record[key] for key in keys if record.get(key) not in (None, "", [], {})), None)


def _words(value: Any) -> str:
    """A scalar, or the name of an object."""
    return text_of(value.get("name", value.get("title"))) if isinstance(value, Mapping) else text_of(value)


def _split(value: Any) -> list[str]:
    return text_of(value).split(",")


def _status(record: Record, written: Any) -> str:
    """The state of a record in the words that decide whether it is served; others stay as they are."""
    status = text_of(written)
    word = status.casefold().replace(" ", "_").replace("-", "_")
    if word in _ARCHIVED or _is_true(record.get("archived")):
        return "archived"
    is_unpublished = record.get("published") is False or _is_true(record.get("is_draft"))
    return "draft" if word in _DRAFT or _is_true(record.get("draft")) or is_unpublished else status


def _is_true(value: Any) -> bool:
    return value is True or text_of(value).casefold() in ("true", "yes", "1")


def _audiences(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else _split(value)
    return [_audience(_words(each)) for each in listed if _words(each)]


def _audience(name: str) -> str:
    word = name.casefold()
    return PUBLIC if word in _EVERYONE else INTERNAL if word in _STAFF else name


def _moment(value: Any) -> Any:
    """A date as it is written; seconds or milliseconds since 1970 as a date."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    try:
        return datetime.fromtimestamp(value / 1_000 if value > _MILLISECONDS_FROM else value, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return str(value)


def _is_address(link: str) -> bool:
    return link.startswith(("https://", "http://"))
