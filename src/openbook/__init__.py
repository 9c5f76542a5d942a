"""Openbook answers customers' questions from a company's own help content, and proves every sentence."""

from openbook.desk import Desk
from openbook.errors import OpenbookError
from openbook.types import Answer, AskRequest, Decision, Hit, Metadata, Progress, Query, Receipt
from openbook.version import VERSION

__all__ = [
    "VERSION",
    "Answer",
    "AskRequest",
    "Decision",
    "Desk",
    "Hit",
    "Metadata",
    "OpenbookError",
    "Progress",
    "Query",
    "Receipt",
]
