"""Makes the request of a turn from what a caller sent and who the caller is."""

from openbook.hashing import canonical_json, hash_text
from openbook.server.bodies import AskBody
from openbook.server.guests import Guest
from openbook.types import AskRequest, TicketMessage, to_plain


def ask_request(body: AskBody, guest: Guest, *, idempotency_key: str = "", visitor_id: str = "") -> AskRequest:
    """One question as the turn takes it.

    A repeat is the same key with the same body from the same caller, so that nobody can fetch
    another's answer by guessing a key.

    Raises:
        NotAllowed: An audience is wanted that the guest may not see.
        NotFound: A tenant is named that is not the guest's.
    """
    guest.check_tenant(body.tenant)
    audiences = guest.narrowed(body.audience)
    sent = body.model_dump(mode="json", exclude={"visitor"})
    who = [guest.proof, guest.caller.person_id, visitor_id, to_plain(audiences), sent]
    return AskRequest(
        question=body.question,
        conversation_id=body.conversation_id,
        tenant=guest.tenant,
        audiences=audiences,
        locale=body.locale,
        product=body.filters.product,
        since=body.filters.since,
        channel=body.channel,
        visitor_id=visitor_id,
        history=tuple(TicketMessage(said.author, said.text) for said in body.history),
        idempotency_key=hash_text(canonical_json([idempotency_key, who])) if idempotency_key else "",
    )
