"""Reads the forms of our own pages, and refuses those of others."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from openbook.errors import UserError
from openbook.server.guests import form_token_fits, same_origin
from openbook.server.problems import Refused, forged

if TYPE_CHECKING:
    from starlette.requests import Request

_MOST_FIELDS = 20


async def read_form(request: "Request") -> dict[str, str]:
    """The fields of a form. Read here, since the framework's reader needs another package.

    Raises:
        UserError: It has more fields than any form of ours.
    """
    written = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qs(written, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise UserError(f"The form cannot be read: {error}.", fix="Send it from the page itself.") from error
    return {name: values[0] for name, values in fields.items()}


def check_form(form: Mapping[str, str], request: "Request", cookie: str) -> None:
    """Makes sure that a form was shown to the holder of this cookie, on a page of this server.

    Raises:
        Refused: It was not.
    """
    says_origin = "sec-fetch-site" in request.headers or "origin" in request.headers
    if not form_token_fits(form.get("form_token", ""), cookie) or (says_origin and not same_origin(request.headers)):
        raise Refused(forged())
