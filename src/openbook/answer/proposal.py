"""Proposes an answer: composed from a draft, with its confidence and the decision on it; and what rules make of it.

The same draft, threshold, behaviour and language give the same proposal; a replay relies on that.
"""

from dataclasses import dataclass, replace

from openbook.answer import wording
from openbook.answer.compose import Composed, compose
from openbook.answer.confidence import SHIPPED, confidence
from openbook.answer.decision import decide
from openbook.answer.draft import Draft
from openbook.answer.parts import confidence_parts
from openbook.answer.policies import wording_of
from openbook.answer.promises import unbacked
from openbook.types import USUAL_BEHAVIOUR, Behaviour, Citation, Claim, ConfidenceModel, Decision, Ruling


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything of an answer that follows from question, hits and threshold."""

    decision: Decision
    reason: str
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    confidence: float
    threshold: float
    confidence_parts: dict[str, float]
    options: tuple[str, ...] = ()


def propose(  # noqa: PLR0913 - what decides a turn comes from nine places, and each is named where it is given
    message: str,
    draft: Draft,
    *,
    threshold: float,
    may_clarify: bool = True,
    filters: str = "",
    model: ConfidenceModel = SHIPPED,
    continues: bool = False,
    behaviour: Behaviour = USUAL_BEHAVIOUR,
    language: str = "en",
) -> Proposal:
    """Composes, judges and decides; nothing is cited unless it is sent.

    Args:
        message: What the customer typed.
        draft: What would be answered.
        threshold: What the confidence must reach.
        may_clarify: False where the question was asked back about already.
        filters: What narrowed the search, in words.
        model: What makes the confidence of its parts.
        continues: Whether the message goes on from earlier ones.
        behaviour: How the bot behaves.
        language: Of the customer, such as "de".
    """
    parts = confidence_parts(draft, model=model, continues=continues)
    sure = confidence(parts, model=model)
    verdict = decide(
        message,
        draft,
        parts,
        confidence=sure,
        threshold=threshold,
        may_clarify=may_clarify,
        filters=filters,
        model=model,
    )
    if verdict.decision is Decision.SEND:
        composed = compose(draft, length=behaviour.length)
    else:
        composed = Composed(verdict.text(language=language, tone=behaviour.tone), (), ())
    return Proposal(
        decision=verdict.decision,
        reason=verdict.reason,
        text=composed.text,
        claims=composed.claims,
        citations=composed.citations,
        confidence=sure,
        threshold=threshold,
        confidence_parts=parts,
        options=verdict.options,
    )


def ruled(proposal: Proposal, ruling: Ruling, *, behaviour: Behaviour, language: str) -> Proposal:
    """The hand-off that a policy makes of a proposal: its reason, its wording, nothing cited.

    Args:
        proposal: What would be said.
        ruling: What the policy decided.
        behaviour: How the bot behaves.
        language: Of the customer, such as "de".
    """
    text = wording.say(wording_of(ruling.rule), language=language, tone=behaviour.tone)
    return _handed_over(proposal, ruling.reason, text)


def dressed(proposal: Proposal, *, behaviour: Behaviour, first: bool) -> Proposal:
    """A sent text with the greeting before it and the closing after it; claims and citations stay as they are.

    Args:
        proposal: What would be said.
        behaviour: Has greeting and closing; an empty one is left out.
        first: Whether this answers the first message of a conversation; only then it is greeted.
    """
    if proposal.decision is not Decision.SEND:
        return proposal
    said = (behaviour.greeting if first else "", proposal.text, behaviour.closing)
    return replace(proposal, text="\n\n".join(words.strip() for words in said if words.strip()))


def kept_to_sources(proposal: Proposal, *, behaviour: Behaviour, language: str) -> Proposal:
    """A proposal that promises nothing but what a source says; a sent one that does becomes a hand-off.

    Args:
        proposal: What would be said, greeting and closing included.
        behaviour: How the bot behaves.
        language: Of the customer, such as "de".
    """
    if proposal.decision is not Decision.SEND:
        return proposal
    promised = unbacked(proposal.text, proposal.claims)
    if not promised:
        return proposal
    reason = f"The answer would promise something that no source says: {promised[0]}"
    return _handed_over(proposal, reason, wording.say("hand_off", language=language, tone=behaviour.tone))


def _handed_over(proposal: Proposal, reason: str, text: str) -> Proposal:
    return replace(proposal, decision=Decision.HAND_OFF, reason=reason, text=text, claims=(), citations=(), options=())
