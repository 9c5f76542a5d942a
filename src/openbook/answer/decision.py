"""Decides what is done with a draft: send it, abstain, or hand over, and says why in words.

First form of the rules in `docs/reference/answer.md`: nothing that can be read, or nothing like
it in the knowledge, is abstained from; a wish for a person and everything below the threshold
goes to a person. Rules look only at the question and at numbers, so they are the same every time.
"""

import re
from dataclasses import dataclass

from openbook.answer.draft import Draft
from openbook.types import Decision

_LETTERS = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"\d")
_FAR = 0.2
_WISH = re.compile(
    r"\b((speak|talk|chat)\s+(to|with)\s+(a|an|some|the|your)?\s*(human|person|someone|somebody|agent|operator|"
    r"advisor|adviser|representative|colleague|employee|staff|manager)|(real|actual)\s+(human|person)|"
    r"(human|person|operator|representative)\s*,?\s*please|"
    r"(mit\s+(einem|einer)\s+)(menschen|mitarbeiter(in)?|person)\s+(sprechen|reden|chatten))\b",
    re.IGNORECASE,
)

ABSTAIN_TEXT = "I can only help with questions about our products and services, and found nothing on this."
EMPTY_TEXT = "I could not read a question there. Please write what you would like to know."
HANDOFF_TEXT = "I am not sure enough to answer this myself, so I have passed your question to a person."
WISH_TEXT = "I have passed your request to a person."


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision, its reason for an operator, and what the customer reads unless it is sent."""

    decision: Decision
    reason: str
    text: str = ""


def readable(question: str) -> bool:
    """Whether there is anything to search for: a letter of any script, or a digit."""
    return bool(_LETTERS.search(question) or _CODE.search(question))


def wants_person(question: str) -> bool:
    """Whether the customer asks for a person in so many words."""
    return bool(_WISH.search(question))


def decide(question: str, draft: Draft, parts: dict[str, float], *, confidence: float, threshold: float) -> Verdict:
    """Applies the rules in order; the first that fits decides."""
    if not readable(question):
        return Verdict(Decision.ABSTAIN, "The question has no letter or digit in it.", EMPTY_TEXT)
    if wants_person(question):
        return Verdict(Decision.HAND_OFF, "The customer asked for a person.", WISH_TEXT)
    if not draft.quotes:
        return Verdict(Decision.ABSTAIN, "Nothing was found in the knowledge.", ABSTAIN_TEXT)
    if parts["similarity"] < _FAR and parts["question_coverage"] < _FAR:
        return Verdict(Decision.ABSTAIN, _words("Nothing in the knowledge is near the question", parts), ABSTAIN_TEXT)
    if confidence < threshold:
        reason = f"Confidence {confidence:.2f} is below the threshold {threshold:.2f}"
        return Verdict(Decision.HAND_OFF, _words(reason, parts), HANDOFF_TEXT)
    return Verdict(Decision.SEND, f"Confidence {confidence:.2f} reaches the threshold {threshold:.2f}.")


def _words(reason: str, parts: dict[str, float]) -> str:
    covered = round(100 * parts["question_coverage"])
    return (
        f"{reason}: the best passage has similarity {parts['similarity']:.2f} "
        f"and its quoted text has {covered} % of what was asked."
    )
