"""Proposes an answer: composed from a draft, with its confidence and the decision on it.

The same draft and the same threshold give the same proposal; a replay relies on that.
"""

from dataclasses import dataclass

from openbook.answer.compose import Composed, compose
from openbook.answer.confidence import SHIPPED, confidence
from openbook.answer.decision import decide
from openbook.answer.draft import Draft
from openbook.answer.parts import confidence_parts
from openbook.types import Citation, Claim, ConfidenceModel, Decision


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


def propose(
    message: str,
    draft: Draft,
    *,
    threshold: float,
    may_clarify: bool = True,
    filters: str = "",
    model: ConfidenceModel = SHIPPED,
    continues: bool = False,
) -> Proposal:
    """Composes, judges and decides; nothing is cited unless it is sent. The arguments are those of `decide`."""
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
    composed = compose(draft) if verdict.decision is Decision.SEND else Composed(verdict.text, (), ())
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
