"""Proposes an answer: composed from a draft, with its confidence and the decision on it.

The same draft and the same threshold give the same proposal; a replay relies on that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openbook.answer.compose import compose
from openbook.answer.confidence import confidence, confidence_parts
from openbook.answer.decision import decide
from openbook.answer.draft import Draft
from openbook.types import Citation, Claim, Decision, Hit


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything of an answer that follows from question, hits and threshold."""

    decision: Decision
    reason: str
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    confidence: float
    confidence_parts: dict[str, float]


def propose(question: str, draft: Draft, hits: Sequence[Hit], *, threshold: float) -> Proposal:
    """Composes, judges and decides; nothing is cited unless it is sent."""
    parts = confidence_parts(draft, hits)
    sure = confidence(parts)
    verdict = decide(question, draft, parts, confidence=sure, threshold=threshold)
    if verdict.decision is not Decision.SEND:
        return Proposal(verdict.decision, verdict.reason, verdict.text, (), (), sure, parts)
    composed = compose(draft)
    return Proposal(verdict.decision, verdict.reason, composed.text, composed.claims, composed.citations, sure, parts)
