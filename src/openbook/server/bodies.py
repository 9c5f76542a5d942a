"""The bodies that routes read: strict, so that a wrong or unknown field is said and not ignored."""

import difflib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from openbook.desk import QUESTIONS
from openbook.server.problems import Problem
from openbook.types import MAIN_TENANT, SourceOptions
from openbook.types.ticket import Author

LONGEST_NAME = 200
LONGEST_QUERY = 20_000
LONGEST_SAID = 5_000
MOST_SAID = 20
_Name = Annotated[str, Field(max_length=LONGEST_NAME)]


_SURROGATE = re.compile("[\ud800-\udfff]")


class Body(BaseModel):
    """What every body is: strict, and without fields that nobody knows."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @field_validator("*")
    @classmethod
    def _is_text(cls, value: Any) -> Any:
        """Refuses half a character, which JSON can write and nothing can store."""
        if isinstance(value, str) and _SURROGATE.search(value):
            raise PydanticCustomError("no_text", "Half a character (a lone surrogate) is no text")
        return value


class Filters(Body):
    """What the knowledge is narrowed to."""

    product: _Name = Field(default="", description="Only this product, and documents about none in particular.")
    since: AwareDatetime | None = Field(
        default=None,
        strict=False,
        ge=datetime(1900, 1, 1, tzinfo=UTC),
        le=datetime(9000, 1, 1, tzinfo=UTC),
        description="Only documents that were changed at or after this moment.",
    )


class SaidBody(Body):
    """One earlier message."""

    author: Author = Field(description="Who said it.")
    text: str = Field(max_length=LONGEST_SAID, description="Its words.")


class AskBody(Body):
    """One question."""

    question: str = Field(description="The customer's words.", examples=["Can I return a jacket I have worn once?"])
    conversation_id: _Name = Field(default="", description="Goes on with a conversation; empty begins one.")
    tenant: _Name = Field(default=MAIN_TENANT, description="The brand that is asked.")
    audience: _Name = Field(default="", description="Narrows what the caller may see; it never widens it.")
    locale: _Name = Field(default="", description="Only this language, such as `en`; empty for all.")
    filters: Filters = Field(default=Filters(), description="What the knowledge is narrowed to.")
    history: list[SaidBody] = Field(
        default=[],
        max_length=MOST_SAID,
        description="What was said before, oldest first, where no `conversation_id` names a conversation.",
    )
    channel: Literal["web", "api", "voice", "email"] = Field(default="api", description="Where the question came in.")
    visitor: str = Field(default="", max_length=8_000, description="A visitor's token, where the header has none.")


class SearchBody(Body):
    """One search."""

    query: str = Field(max_length=LONGEST_QUERY, description="What to look for.", examples=["return worn jacket"])
    tenant: _Name = Field(default=MAIN_TENANT, description="The brand that is asked.")
    audience: _Name = Field(default="", description="Narrows what the caller may see; it never widens it.")
    locale: _Name = Field(default="", description="Only this language; empty for all.")
    filters: Filters = Field(default=Filters(), description="What the knowledge is narrowed to.")
    limit: int | None = Field(default=None, ge=1, le=50, description="How many hits; by default `search.limit`.")


class DocumentText(Body):
    """A document's text and what it does not say about itself."""

    text: str = Field(description="The whole text, in the format that the ending of its path names.")
    title: str = Field(default="", max_length=1_000, description="Its title, where the text has none.")
    audience: _Name = Field(default="", description="Who may see it; `public` by default. Several with commas.")
    locale: _Name = Field(default="", description="Its language.")
    product: _Name = Field(default="", description="What it is about.")
    url: str = Field(default="", max_length=2_000, description="Where customers can read it.")


class DocumentBody(DocumentText):
    """A document to publish."""

    path: str = Field(
        min_length=1,
        max_length=1_000,
        description="Its name; the ending says what it is. The same path replaces it.",
        examples=["returns/worn-items.md"],
    )


class SourceBody(Body):
    """A place to read documents from, and how."""

    location: str = Field(
        min_length=1,
        max_length=4_000,
        description="A folder or file on the server, or the address of a web page or sitemap.",
        examples=["https://help.shop.example/"],
    )
    title: str = Field(default="", max_length=1_000, description="A title for a single file.")
    audience: _Name = Field(default="", description="Who may see documents that do not say it themselves.")
    locale: _Name = Field(default="", description="Their language.")
    product: _Name = Field(default="", description="What they are about.")
    crawl: bool = Field(default=False, description="Follow the links of a web page through its site.")
    review: bool = Field(default=False, description="New and changed documents wait for approval.")
    private: bool = Field(default=False, description="The site may lie in your own network.")
    every_minutes: int = Field(
        default=0, ge=0, le=525_600, description="How often it is read again by itself; 0: `sync.every_minutes`."
    )

    @property
    def options(self) -> SourceOptions:
        """How it is read."""
        return SourceOptions(self.crawl, self.review, self.private, self.every_minutes)


class VersionBody(Body):
    """Which version of a document is meant."""

    version: int | None = Field(default=None, ge=1, le=2**31, description="Its number; left out: see the route.")


class PreviewBody(Body):
    """An edit to try out."""

    path: str = Field(min_length=1, max_length=1_000, description="Its name; the ending says what it is.")
    text: str = Field(description="The whole text as it would be published.")
    document: str = Field(
        default="", max_length=4_000, description="The document it replaces, by id, path or address; else by its name."
    )
    limit: int = Field(default=QUESTIONS, ge=1, le=1_000, description="How many past questions are asked.")


_BODIES = (AskBody, SearchBody, DocumentBody, SourceBody, VersionBody, PreviewBody)
_FIELDS = sorted({name for body in _BODIES for name in body.model_fields})


def problem_of_body(errors: Sequence[Any]) -> Problem:
    """The problem with a body or a parameter, from what the checking of it found."""
    first = errors[0]
    if first["type"] == "json_invalid":
        return Problem(
            400,
            "invalid_json",
            f"The body is not JSON: {first.get('ctx', {}).get('error', first['msg'])}.",
            "Send one JSON object with the header Content-Type: application/json.",
        )
    found = [{"field": _place(error), "message": _meaning(error)} for error in errors]
    return Problem(
        422,
        "invalid_request",
        f"{found[0]['field']}: {found[0]['message']}.",
        _mend(first),
        extra={"errors": found},
    )


def _place(error: Any) -> str:
    where, *steps = error["loc"]
    return ".".join(str(step) for step in steps) or str(where)


def _meaning(error: Any) -> str:
    return "There is no such field" if error["type"] == "extra_forbidden" else str(error["msg"]).rstrip(".")


def _mend(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _FIELDS, n=1)
        return f"Did you mean `{near[0]}`? /openapi.json lists every field." if near else "Leave it out."
    if error["type"] in ("model_attributes_type", "dict_type"):
        return "Send one JSON object with the header Content-Type: application/json."
    return "Correct the field; /openapi.json lists every field with its type."
