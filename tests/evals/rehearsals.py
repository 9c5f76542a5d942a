"""Labels and rehearsals of a made-up world, in which how good an answer looks is set by hand."""

from openbook.answer.confidence import WEIGHTS, confidence
from openbook.evals.dataset import Case
from openbook.types import Answer, Citation, Decision, Rehearsal, Tokens

QUOTE = "A gift card is valid for 24 months."
USUAL = 0.7


def labels(count, *, answerable=lambda place: True, **values):
    """So many different questions with one gold quote, or none where nothing answers them."""
    return tuple(
        Case(
            id=f"q{place}",
            question=f"Question {place}?",
            quotes=(QUOTE,) if answerable(place) else (),
            answerable=answerable(place),
            **values,
        )
        for place in range(count)
    )


def rehearsal(case, level, *, right=True, sendable=True, model=None):
    """What would be answered if every part of the confidence had this level."""
    parts = dict.fromkeys(WEIGHTS, level)
    sure = confidence(parts, model=model) if model else level
    quote = QUOTE if right and case.answerable else "Something else entirely."
    draft = _answer(Decision.SEND if sendable else Decision.HAND_OFF, sure, 0.0, parts, quote)
    sent = sendable and sure >= USUAL
    return Rehearsal(_answer(Decision.SEND if sent else Decision.HAND_OFF, sure, USUAL, parts, quote), draft, ())


def _answer(decision, sure, threshold, parts, quote):
    sent = decision is Decision.SEND
    citation = Citation(
        document_id="doc_1",
        version=1,
        title="Gift cards",
        url="",
        updated_at=None,
        quote=quote,
        start=0,
        end=len(quote),
    )
    return Answer(
        id="ans_1",
        conversation_id="con_1",
        decision=decision,
        text=quote if sent else "",
        confidence=sure,
        threshold=threshold,
        claims=(),
        citations=(citation,) if sent else (),
        confidence_parts=parts,
        reason="",
        handoff=None,
        writer="extractive",
        cost_micro_usd=0,
        tokens=Tokens(),
        timings_ms={"total": 1.0},
    )
