"""What a support desk can do, one function a verb, over wired parts; the floors below do the work."""

from sqlalchemy import Connection

from openbook.conversation.handoff import unknown_handoff
from openbook.conversation.packet import packet_of
from openbook.conversation.rescue import rescue as rescue_turn
from openbook.desk.behaving import preview_behaviour
from openbook.desk.parts import Parts
from openbook.errors import NotFound, UserError
from openbook.stores import conversations, erasure, handoffs, jobs
from openbook.stores.audit import note as audit_note
from openbook.stores.facts import Fact, FactKind, put_facts
from openbook.stores.history import get_receipt
from openbook.types import (
    Answer,
    AskRequest,
    Conversation,
    Decision,
    HandoffDetail,
    HandoffState,
    Message,
    Packet,
    utc_now,
)

LONGEST_NAME, LONGEST_ADDRESS = 200, 254


def conversation(parts: Parts, tenant: str, conversation_id: str, with_notes: bool) -> Conversation:
    """A conversation with its messages."""
    with parts.database.read() as connection:
        found = conversations.get_conversation(connection, tenant, conversation_id, with_notes=with_notes)
    return _known(found, conversation_id)


def messages_behind(
    parts: Parts, tenant: str, conversation_id: str, ordinal: int, with_notes: bool
) -> tuple[Message, ...]:
    """The messages of a conversation behind a place."""
    with parts.database.read() as connection:
        return conversations.messages_of(connection, tenant, conversation_id, behind=ordinal, with_notes=with_notes)


def rescue(parts: Parts, request: AskRequest, why: str) -> Answer:
    """Keeps a message that got no answer, and hands it over."""
    answer = rescue_turn(parts.turn, request, why=why)
    parts.bulletin.tell(request.tenant, answer.conversation_id, "message")
    return answer


def fetch_person(
    parts: Parts, tenant: str, conversation_id: str, begins: bool, visitor_id: str, channel: str, locale: str
) -> HandoffDetail:
    """Hands a conversation over by its customer's wish."""
    if not begins:
        conversation(parts, tenant, conversation_id, with_notes=False)
    return parts.handoffs.fetch_person(tenant, conversation_id, visitor_id=visitor_id, channel=channel, locale=locale)


def leave_contact(parts: Parts, tenant: str, conversation_id: str, name: str, contact: str) -> Conversation:
    """Keeps how a customer can be reached."""
    named, address = " ".join(name.split())[:LONGEST_NAME], contact.strip()
    if address and not is_address(address):
        raise UserError(f"{address[:80]!r} is no e-mail address.", fix="Write it as name@example.com.")
    conversation(parts, tenant, conversation_id, with_notes=False)
    parts.database.write(
        lambda connection: conversations.put_person_of(connection, tenant, conversation_id, name=named, contact=address)
    )
    parts.bulletin.tell(tenant, conversation_id, "contact")
    return conversation(parts, tenant, conversation_id, with_notes=False)


def is_address(written: str) -> bool:
    """Whether this looks like one e-mail address; whether it exists only a letter tells."""
    name, at, host = written.partition("@")
    plain = written.isprintable() and not any(sign in written for sign in ' <>,;:"\\()[]')
    return (
        bool(name and at and "." in host.strip(".") and "@" not in host) and plain and len(written) <= LONGEST_ADDRESS
    )


def feedback(parts: Parts, tenant: str, answer_id: str, helpful: bool, visitor_id: str) -> None:
    """Keeps what a customer says of an answer that was sent."""
    with parts.database.read() as connection:
        receipt = get_receipt(connection, tenant, answer_id)
    if receipt is None or receipt.decision is not Decision.SEND or receipt.visitor_id != visitor_id:
        raise NotFound(f"There is no answer {answer_id!r} to say anything of.", fix="Use the `id` of an answer.")
    kind = FactKind.CONFIRMED if helpful else FactKind.REJECTED
    where = receipt.answer.conversation_id if receipt.answer else ""
    fact = Fact(kind, where, answer_id, utc_now(), "", receipt.channel)
    parts.database.write(lambda connection: put_facts(connection, tenant, [fact]))


def list_handoffs(parts: Parts, tenant: str, states: tuple[str, ...], limit: int) -> tuple[HandoffDetail, ...]:
    """Hand-offs in these states; all that are open by default."""
    known = {state.value for state in HandoffState}
    if unknown := [state for state in states if state not in known]:
        raise UserError(f"There is no state {unknown[0]!r} of a hand-off.", fix=f"Use {', '.join(sorted(known))}.")
    with parts.database.read() as connection:
        return handoffs.list_handoffs(connection, tenant, states=states or handoffs.OPEN_STATES, limit=limit)


def handoff(parts: Parts, tenant: str, handoff_id: str) -> HandoffDetail:
    """One hand-off with its steps."""
    with parts.database.read() as connection:
        found = handoffs.get_handoff(connection, tenant, handoff_id)
    if found is None:
        raise unknown_handoff(handoff_id)
    return found


def packet(parts: Parts, tenant: str, handoff_id: str) -> Packet:
    """Everything a person needs to take a hand-off over."""
    return packet_of(parts.turn, tenant, handoff_id)


def retry_deliveries(parts: Parts, tenant: str) -> int:
    """Lets every delivery that failed for good be tried anew; returns how many."""

    def work(connection: Connection) -> int:
        failed = jobs.failed_jobs(connection, tenant, limit=10_000)
        for job in failed:
            jobs.retry_job(connection, tenant, job.id)
        return len(failed)

    return parts.database.write(work)


def erase_conversation(parts: Parts, tenant: str, conversation_id: str, person_id: str) -> int:
    """Destroys every word of a conversation; returns how many texts."""
    conversation(parts, tenant, conversation_id, with_notes=False)

    def work(connection: Connection) -> int:
        audit_note(connection, tenant, person_id, "", "inbox.erased", conversation_id)
        return erasure.erase_conversation(connection, tenant, conversation_id)

    destroyed = parts.database.write(work)
    parts.bulletin.tell(tenant, conversation_id, "erased")
    return destroyed


def claim(parts: Parts, tenant: str, handoff_id: str, person_id: str, take_over: bool) -> HandoffDetail:
    """Takes a hand-off."""
    return parts.handoffs.claim(tenant, handoff_id, person_id=person_id, take_over=take_over)


def release(parts: Parts, tenant: str, handoff_id: str, person_id: str) -> HandoffDetail:
    """Puts a hand-off back."""
    return parts.handoffs.release(tenant, handoff_id, person_id=person_id)


def reply(parts: Parts, tenant: str, handoff_id: str, text: str, person_id: str, idempotency_key: str) -> Message:
    """Writes to the customer."""
    return parts.handoffs.reply(tenant, handoff_id, text, person_id=person_id, idempotency_key=idempotency_key)


def note(parts: Parts, tenant: str, handoff_id: str, text: str, person_id: str, idempotency_key: str) -> Message:
    """Writes an internal note."""
    return parts.handoffs.note(tenant, handoff_id, text, person_id=person_id, idempotency_key=idempotency_key)


def return_to_bot(parts: Parts, tenant: str, handoff_id: str, person_id: str) -> HandoffDetail:
    """Lets the bot answer again."""
    return parts.handoffs.return_to_bot(tenant, handoff_id, person_id=person_id)


def resolve(parts: Parts, tenant: str, handoff_id: str, person_id: str) -> HandoffDetail:
    """Ends a hand-off."""
    return parts.handoffs.resolve(tenant, handoff_id, person_id=person_id)


def _known(found: Conversation | None, conversation_id: str) -> Conversation:
    if found is None:
        raise NotFound(
            f"There is no conversation {conversation_id!r}.", fix="Leave the conversation out to begin a new one."
        )
    return found


SUPPORT_VERBS = (
    conversation,
    messages_behind,
    rescue,
    fetch_person,
    leave_contact,
    feedback,
    list_handoffs,
    handoff,
    packet,
    claim,
    release,
    reply,
    note,
    return_to_bot,
    resolve,
    retry_deliveries,
    erase_conversation,
    preview_behaviour,
)
