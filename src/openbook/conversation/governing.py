"""Puts the house's rules around what a model of confidence proposes: policies, tone, promises kept to sources.

Rules decide, and always in the same way: the same message, proposal, behaviour and signals give the same
result, which a replay relies on. Knows no tables.
"""

from dataclasses import replace

from openbook.answer import Proposal, wording
from openbook.answer.policies import ANGER, gives_up, judge
from openbook.answer.proposal import dressed, kept_to_sources, ruled
from openbook.types import Behaviour, Decision, Ruling, Signals

_CALMING = (Decision.SEND, Decision.ABSTAIN)
_WITHOUT_AN_ANSWER = (Decision.ABSTAIN, Decision.CLARIFY)


def govern(
    proposal: Proposal, message: str, *, behaviour: Behaviour, signals: Signals, language: str
) -> tuple[Proposal, Ruling | None]:
    """What is done with a proposal in the end, and the policy that decided it if one did.

    Args:
        proposal: What would be said.
        message: What the customer typed.
        behaviour: How the bot behaves.
        signals: What the conversation has come to.
        language: Of the customer.
    """
    ruling = judge(message, behaviour, signals)
    if ruling is not None and ruling.rule == ANGER and not signals.anger and proposal.decision in _CALMING:
        ruling = None  # a first rude word does not hide a question; anger that lasts fetches a person
    if ruling is None and proposal.decision in _WITHOUT_AN_ANSWER:
        ruling = gives_up(behaviour, signals)
    if ruling is not None:
        proposal = ruled(proposal, ruling, behaviour=behaviour, language=language)
    proposal = dressed(proposal, behaviour=behaviour, first=signals.first)
    proposal = kept_to_sources(proposal, behaviour=behaviour, language=language)
    if proposal.decision is Decision.HAND_OFF and signals.waiting and ruling is None:
        proposal = replace(proposal, text=wording.say("added", language=language, tone=behaviour.tone))
    return proposal, ruling
