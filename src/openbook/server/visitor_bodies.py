"""The bodies that visitors' routes read. A visitor's token comes in a header, or in the field `visitor`."""

from typing import Annotated

from pydantic import Field

from openbook.server.bodies import LONGEST_NAME, Body

LONGEST_MESSAGE = 20_000
LONGEST_PAGE = 4_000
MOST_FIELDS = 50
_Token = Annotated[str, Field(description="The visitor's token, where no header `Authorization: Visitor` has it.")]
_Locale = Annotated[
    str,
    Field(
        max_length=LONGEST_NAME,
        pattern=r"^([A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*)?$",
        description="The language of the visitor's page, such as `en` or `pt-BR`.",
    ),
]


class VisitorBody(Body):
    """Who wants to be a visitor."""

    identity: str = Field(default="", description="What your own server says of the visitor: a JWT, HS256.")
    visitor: _Token = ""


class MessageBody(Body):
    """One message of a visitor."""

    text: str = Field(min_length=1, max_length=LONGEST_MESSAGE, pattern=r"\S", description="The visitor's words.")
    locale: _Locale = ""
    page: str = Field(
        default="", max_length=LONGEST_PAGE, description="The address of the page that the visitor reads."
    )
    visitor: _Token = ""


class PersonBody(Body):
    """A wish for a person."""

    locale: _Locale = ""
    visitor: _Token = ""


class FeedbackBody(Body):
    """A word about an answer."""

    answer_id: str = Field(max_length=LONGEST_NAME, description="The answer.")
    helpful: bool = Field(description="Whether it helped.")
    visitor: _Token = ""


class ContactBody(Body):
    """How a visitor can be reached."""

    name: str = Field(default="", max_length=LONGEST_NAME, description="What to call the visitor.")
    email: str = Field(max_length=LONGEST_NAME, description="The address to write to.")
    visitor: _Token = ""


class LeadBody(Body):
    """A contact form."""

    fields: dict[str, str] = Field(
        max_length=MOST_FIELDS, description="What was filled in, by the names of the fields."
    )
    consent: bool = Field(default=False, description="Whether the visitor agreed to the words of `leads.consent`.")
    conversation_id: str = Field(default="", max_length=LONGEST_NAME, description="The conversation it belongs to.")
    visitor: _Token = ""
