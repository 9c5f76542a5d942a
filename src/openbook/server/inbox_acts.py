"""What somebody of the staff does with a hand-off, for pages and programs alike; who has it already is named.

Two people never collide: the state machine decides within one transaction, and here the loser is told by whom.
"""

from openbook.desk import Desk
from openbook.errors import UserError
from openbook.hashing import hash_text
from openbook.server.guests import Guest, allowed
from openbook.server.problems import Problem, Refused
from openbook.types import HandoffDetail, HandoffEvent, Message
from openbook.types.handoff import belongs_to_another

CLAIM, TAKE_OVER, RELEASE, REPLY, NOTE = "claim", "take_over", "release", "reply", "note"
RETURN, RESOLVE = "return", "resolve"
WRITTEN = (REPLY, NOTE)
"""What is done with words."""

ACTS = (CLAIM, TAKE_OVER, RELEASE, REPLY, NOTE, RETURN, RESOLVE)
_EVENTS = {
    CLAIM: HandoffEvent.CLAIM,
    RELEASE: HandoffEvent.RELEASE,
    REPLY: HandoffEvent.REPLY,
    RETURN: HandoffEvent.RETURN,
    RESOLVE: HandoffEvent.RESOLVE,
}
"""What only the holder may do."""

_KEY_LETTERS = 64


def act(
    desk: Desk, guest: Guest, handoff_id: str, what: str, *, text: str = "", key: str = ""
) -> HandoffDetail | Message:
    """Does one of `ACTS`.

    Args:
        desk: The desk.
        guest: Who does it.
        handoff_id: Which hand-off.
        what: One of `ACTS`.
        text: What is written, for a reply or a note.
        key: Makes a repeat of a reply or note no second one; empty for none.

    Returns:
        The hand-off as it is now; of a reply or a note the message.

    Raises:
        NotAllowed: The guest's role does not allow it.
        NotFound: There is no such hand-off.
        Refused: Somebody else has it; names whom.
        UserError: The hand-off has moved on, or the text is empty or too long.
    """
    allowed(guest, "take_over" if what == TAKE_OVER else "work_inbox")
    try:
        return _done(desk, guest, handoff_id, what, text=text, key=_own(key, guest, handoff_id, text))
    except UserError:
        detail = desk.handoff(handoff_id, tenant=guest.tenant)
        event = _EVENTS.get(what)
        if event and belongs_to_another(detail.state, event, holder=detail.claimed_by, person_id=guest.person_id):
            raise Refused(_taken(desk, guest, detail)) from None
        raise


def _done(desk: Desk, guest: Guest, handoff_id: str, what: str, *, text: str, key: str) -> HandoffDetail | Message:
    tenant, person_id = guest.tenant, guest.person_id
    if what in WRITTEN:
        write = desk.reply if what == REPLY else desk.note
        return write(handoff_id, text, person_id=person_id, idempotency_key=key, tenant=tenant)
    if what in (CLAIM, TAKE_OVER):
        return desk.claim(handoff_id, person_id=person_id, take_over=what == TAKE_OVER, tenant=tenant)
    if what == RELEASE:
        return desk.release(handoff_id, person_id=person_id, tenant=tenant)
    end = desk.resolve if what == RESOLVE else desk.return_to_bot
    return end(handoff_id, person_id=person_id, tenant=tenant)


def _own(key: str, guest: Guest, handoff_id: str, text: str) -> str:
    """A key that only this person can repeat, with the same words in this hand-off: other words are another reply."""
    return hash_text(f"{handoff_id}\n{guest.person_id}\n{key}\n{text}")[:_KEY_LETTERS] if key else ""


def _taken(desk: Desk, guest: Guest, detail: HandoffDetail) -> Problem:
    name = desk.staff([detail.claimed_by], tenant=guest.tenant).get(detail.claimed_by) or "Somebody else"
    mend = "Take it over, if that is agreed" if guest.may("take_over") else "Ask a lead to take it over"
    return Problem(
        409,
        "already_claimed",
        f"Already claimed: {name} has this conversation.",
        f"Choose another one, or write a note. {mend}.",
        extra={"claimed_by": detail.claimed_by, "claimed_by_name": name},
    )
