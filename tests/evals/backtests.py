"""Tickets with a rehearsal each, for tests of what is made of them."""

from datetime import UTC, datetime, timedelta

from openbook.types import Answer, Citation, Decision, Rehearsal, Ticket, TicketMessage, Tokens

START = datetime(2025, 1, 20, tzinfo=UTC)
TOLD = "Pull the red strip at the side of the box to open it."
ELSE = "Rinse the filter of the kettle with vinegar once a week."


def ticket(number, *, told=TOLD, asked="How do I open the red box?", queue="boxes"):
    at = START + timedelta(days=number)
    said = [TicketMessage("customer", asked, at)] + ([TicketMessage("operator", told, at)] if told else [])
    return Ticket(str(number), "", tuple(said), at, queue=queue)


def rehearsal(confidence, *, said=TOLD, threshold=0.7, decision=None, reason="", sendable=True, title="Boxes"):
    decided = decision or (Decision.SEND if confidence >= threshold and sendable else Decision.HAND_OFF)
    citation = Citation("doc_1", 1, title, "", START - timedelta(days=9), said, 0, len(said))

    def answer(decision, text, citations, limit):
        return Answer(
            id="ans_1", conversation_id="con_1", decision=decision, text=text, confidence=confidence,
            threshold=limit, claims=(), citations=citations, confidence_parts={},
            reason=reason or f"Confidence {confidence} is below the threshold.", handoff=None, writer="extractive",
            cost_micro_usd=0, tokens=Tokens(), timings_ms={"total": 5.0},
        )  # fmt: skip

    sent = decided is Decision.SEND
    return Rehearsal(
        answer(decided, said if sent else "I have passed it on.", (citation,) if sent else (), threshold),
        answer(Decision.SEND if sendable else decided, said if sendable else "No.", (citation,), 0.0),
        (),
    )
