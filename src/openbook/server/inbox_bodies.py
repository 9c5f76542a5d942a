"""The bodies that the routes of hand-offs read, as strict as all others."""

from pydantic import Field

from openbook.server.bodies import Body

LONGEST_TEXT = 20_000


class ClaimBody(Body):
    """How a hand-off is taken."""

    take_over: bool = Field(default=False, description="Take it from whoever has it; for leads and the owner.")


class TextBody(Body):
    """What is written in a hand-off."""

    text: str = Field(
        max_length=LONGEST_TEXT,
        description="The words: to the customer, or for colleagues only in a note.",
        examples=["Hello, your parcel left our warehouse this morning."],
    )
