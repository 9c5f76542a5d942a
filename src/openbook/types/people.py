"""People, their roles, keys and the audit log, as results show them; and the one table of who may do what.

A role is a word, an action is a word, and `may` joins them by `RIGHTS`. This module knows no password, no
session and no page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from openbook.types.record import Record

OWNER, CONTENT, OPERATOR, LEAD, AUDITOR = "owner", "content", "operator", "lead", "auditor"
ROLES = (OWNER, CONTENT, OPERATOR, LEAD, AUDITOR)
"""Every role that a person may have, in the order in which people are shown them."""

KEY_ROLES = (CONTENT, OPERATOR, LEAD, AUDITOR)
"""Every role that a key may have: a program is never the owner."""

CONSOLE = "console"
"""The role of whoever runs commands on the desk's own folder, which holds everything there is."""

INBOX_AREA = "inbox"
"""The area of the audit log that a lead reads: the actions that are called `inbox.…`."""

RIGHTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "see_overview": ROLES,
        "read_knowledge": ROLES,
        "manage_knowledge": (OWNER, CONTENT),
        "correct": (OWNER, OPERATOR, LEAD),
        "read_inbox": (OWNER, OPERATOR, LEAD, AUDITOR),
        "work_inbox": (OWNER, OPERATOR, LEAD),
        "take_over": (OWNER, LEAD),
        "manage_macros": (OWNER, LEAD),
        "read_receipts": (OWNER, CONTENT, LEAD, AUDITOR),
        "read_stats": (OWNER, CONTENT, LEAD, AUDITOR),
        "read_inbox_audit": (OWNER, LEAD, AUDITOR),
        "read_audit": (OWNER, AUDITOR),
        "see_behaviour": (OWNER, LEAD, AUDITOR),
        "change_behaviour": (OWNER, LEAD),
        "invite_operators": (OWNER, LEAD),
        "manage_people": (OWNER,),
        "export": (OWNER, LEAD, AUDITOR),
    }
)
"""The whole table: every action, and the roles that may do it. What reads begins with `read` or `see`."""


def may(role: str, action: str) -> bool:
    """Whether a role may do something; a role that is none may do nothing.

    Raises:
        KeyError: `action` is not in the table, which is a mistake of the one who asks.
    """
    return role in RIGHTS[action]


def only_reads(action: str) -> bool:
    """Whether an action changes nothing."""
    return action.startswith(("read_", "see_"))


def may_invite(role: str, invited: str) -> bool:
    """Whether somebody of one role may add and invite people of another."""
    return may(role, "manage_people") or (invited == OPERATOR and may(role, "invite_operators"))


@dataclass(frozen=True, slots=True)
class Person(Record):
    """One of the company's own people.

    Attributes:
        email: In small letters; empty for the owner that the desk began with, who needs none to sign in.
        name: As others see it; may be empty.
        audiences: What the person may see.
        has_password: Whether the person can sign in.
        invited_until: How long an invitation lets the person set a password; None where none is open.
    """

    id: str
    email: str
    name: str
    role: str
    audiences: tuple[str, ...]
    active: bool
    has_password: bool
    created_at: datetime
    invited_until: datetime | None = None

    @property
    def called(self) -> str:
        """What to call the person: the name, or else the address."""
        return self.name or self.email


@dataclass(frozen=True, slots=True)
class Invitation(Record):
    """A way to set a password, once. The token is nowhere else.

    Attributes:
        path: Where the invitation is opened, on the server of the desk.
    """

    person: Person
    token: str
    path: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Key(Record):
    """An API key without its secret."""

    id: str
    name: str
    role: str
    audiences: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewKey(Record):
    """A key that was made just now, with its secret, which is nowhere else."""

    key: Key
    secret: str


@dataclass(frozen=True, slots=True)
class AuditEntry(Record):
    """Who did what to what, and when.

    Attributes:
        id: In the order in which things happened, without gaps: `aud_000000000042`.
        person_id: A person or a key; empty for the command line and for nobody known.
        name: What they are called today; empty where that is not known.
        role: The role at that time.
        action: Area and deed, such as `people.invited`.
        object: The id of what it was done to, or its place; may be empty.
        detail: Short facts beside; never a secret, never words of a customer.
    """

    id: str
    created_at: datetime
    person_id: str
    name: str
    role: str
    action: str
    object: str
    detail: dict[str, Any] = field(default_factory=dict)
