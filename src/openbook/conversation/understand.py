"""Makes a question fit to be searched for: what is cut, what is cleaned, what is refused."""

import re

from openbook.errors import UserError

LONGEST_QUESTION = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def understand(question: str) -> str:
    """The question as it is read: no control characters, single spaces, no empty lines.

    Raises:
        UserError: It is longer than `LONGEST_QUESTION`.
    """
    if len(question) > LONGEST_QUESTION:
        raise UserError(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} are read.",
            fix="Send the part that asks something, or add the rest as a document.",
        )
    keepable = question.encode("utf-8", "replace").decode("utf-8")  # half a character cannot be kept, nor replayed
    clean = _CONTROL.sub(" ", _LINE_END.sub("\n", keepable))
    return _LINES.sub("\n", _SPACE.sub(" ", clean)).strip()
