"""Decides what is done with a draft: send it, ask back, abstain, or hand over, and says why in words.

The rules are those of `docs/reference/answer.md`, in order; the first that fits decides. They look
only at the question, at what was found and at numbers, so they are the same every time.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openbook.answer import wording
from openbook.answer.confidence import SHIPPED
from openbook.answer.draft import Draft, Section, context
from openbook.answer.explanation import shortfalls
from openbook.answer.listing import introduction
from openbook.answer.message import attacks, insults, readable, wants_person
from openbook.answer.readings import readings
from openbook.answer.wholeness import cuts_condition
from openbook.search.identifiers import codes, has_identifier
from openbook.search.question import asks_too_much
from openbook.types import ConfidenceModel, Decision
from openbook.types.behaviour import Tone
from openbook.types.search import Selection

_LOOKED_AT = 1_000
_FAR = 0.26
_DISTANT = 0.4
_STRANGE_WORDS = 0.45
_UNCOVERED = 0.125


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision, why, and what the customer reads unless it is sent.

    Attributes:
        reason: For an operator.
        key: Which of the house's sentences the customer reads; empty if the answer is sent.
        values: What is put into its places.
        rows: What is told in a row in one of its places, after the word between: "and" or "or".
        options: What the customer may pick from.
    """

    decision: Decision
    reason: str
    key: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    options: tuple[str, ...] = ()

    def text(self, *, language: str, tone: Tone) -> str:
        """What the customer reads; empty if the answer is sent.

        Args:
            language: Of the customer, such as "de".
            tone: Of the house.
        """
        if not self.key:
            return ""
        rows = {
            place: wording.joined(names, word=word, language=language, tone=tone)
            for place, (word, *names) in self.rows.items()
        }
        return wording.say(self.key, language=language, tone=tone, **self.values, **rows)


def decide(
    message: str,
    draft: Draft,
    parts: dict[str, float],
    *,
    confidence: float,
    threshold: float,
    may_clarify: bool = True,
    filters: str = "",
    model: ConfidenceModel = SHIPPED,
) -> Verdict:
    """Applies the rules in order; the first that fits decides.

    Args:
        message: What the customer typed.
        draft: What would be answered.
        parts: The confidence's parts.
        confidence: What follows from them.
        threshold: What it must reach.
        may_clarify: False where the question was asked back about already.
        filters: What narrowed the search, in words.
        model: What made the confidence of the parts.
    """
    ends = message if len(message) <= 2 * _LOOKED_AT else f"{message[:_LOOKED_AT]}\n{message[-_LOOKED_AT:]}"
    verdict = _by_message(ends) or _by_choice(draft) or _by_codes(draft) or _by_scope(ends, draft, parts, filters)
    if verdict is not None:
        return verdict
    if any(asks_too_much(section.question) for section in draft.sections):
        return Verdict(Decision.HAND_OFF, "The message asks more things than are answered at once.", "too_many")
    if confidence >= threshold:
        if not confidence:
            return Verdict(Decision.HAND_OFF, "Nothing that could be quoted was found.", "hand_off")
        if cuts_condition(draft.quotes):
            return Verdict(Decision.HAND_OFF, "The passage breaks off before a condition of the answer.", "hand_off")
        return Verdict(Decision.SEND, f"Confidence {_said(confidence)} reaches the threshold {_limit(threshold)}.")
    names = readings(draft.sections[0]) if may_clarify and len(draft.sections) == 1 else ()
    if names:
        reason = f"The question fits {len(names)} places about equally well: {'; '.join(names)}."
        *others, last = (f"“{name}”" for name in names)
        rows = {"names": ("or", ", ".join(others), last)}
        return Verdict(Decision.CLARIFY, reason, "asking_back", rows=rows, options=names)
    return _hand_off_unsure(draft, shortfalls(parts, model=model), confidence, threshold)


def _by_message(message: str) -> Verdict | None:
    """What follows from the message alone."""
    if not readable(message):
        return Verdict(Decision.ABSTAIN, "The question has no letter or digit in it.", "empty")
    if wants_person(message):
        return Verdict(Decision.HAND_OFF, "The customer asked for a person.", "wish")
    if attacks(message):
        return Verdict(Decision.ABSTAIN, "The message gives orders to the system and asks nothing.", "attack")
    return None


def _by_choice(draft: Draft) -> Verdict | None:
    """What follows where the customer chooses among products and none surely fits."""
    for section in draft.sections:
        if section.selection is not None and not section.selection.fitting:
            return _none_fits(section.question, section.selection)
    return None


def _none_fits(question: str, selection: Selection) -> Verdict:
    """What follows where no product surely fits what the question asks for."""
    key = "none_surely_fits" if selection.unsure else "none_fits"
    wanted = (f"“{span.of(question)}”" for span in selection.wanted)
    return Verdict(
        Decision.HAND_OFF,
        f"{introduction(question, selection, 0)}.",
        key if selection.compared != 1 else f"{key}_one",
        {"compared": str(selection.compared), "unsure": str(selection.unsure)},
        {"wanted": ("and", *wanted)},
    )


def _by_scope(message: str, draft: Draft, parts: dict[str, float], filters: str) -> Verdict | None:
    """What follows from how far everything that was found is from the question."""
    if not any(section.hits for section in draft.sections):
        if filters:
            return Verdict(Decision.HAND_OFF, f"Nothing in the knowledge fits the filters {filters}.", "hand_off")
        return Verdict(Decision.ABSTAIN, "Nothing was found in the knowledge.", "abstain")
    if not all(_is_far(section) for section in draft.sections):
        return None
    if insults(message):
        return Verdict(Decision.ABSTAIN, "The message insults and asks nothing.", "insult")
    nearest = f"the best passage has similarity {parts['similarity']:.2f}"
    return Verdict(Decision.ABSTAIN, f"Nothing in the knowledge is near the question: {nearest}.", "abstain")


def _is_far(section: Section) -> bool:
    """Whether a part is out of scope: like nothing that was found, and in other words."""
    if section.selection is not None:
        return False
    strange = section.known_words <= _STRANGE_WORDS and section.covered <= _UNCOVERED
    likeness = [hit.dense for hit in section.hits if hit.dense is not None]
    if not likeness:
        return strange
    nearest = max(likeness)
    return (nearest < _FAR and section.known_words < 1.0) or (nearest < _DISTANT and strange)


def _by_codes(draft: Draft) -> Verdict | None:
    """What follows from codes in the question that stand nowhere in what was found."""
    unknown = [
        code
        for section in draft.sections
        for code in codes(section.question)
        if section.hits
        and not section.selection
        and not any(has_identifier(context(hit), code) for hit in section.hits)
    ]
    if not unknown:
        return None
    named = ", ".join(f"“{code}”" for code in unknown)
    return Verdict(Decision.HAND_OFF, f"{named} stands nowhere in the knowledge.", "no_code", {"codes": named})


def _limit(threshold: float) -> str:
    """A threshold with two decimals, or with as many as it needs to differ from what was missed by little."""
    return f"{threshold:.2f}" if round(threshold, 2) == threshold else f"{threshold:.4g}"


def _said(share: float) -> str:
    """A share with two decimals, never rounded up to a threshold that was missed."""
    return f"{math.floor(100 * share + 1e-9) / 100:.2f}"


def _hand_off_unsure(draft: Draft, lacking: Sequence[str], confidence: float, threshold: float) -> Verdict:
    reasons = "; ".join(lacking) or "the parts together are not enough"
    several = f" for the part of {len(draft.sections)} that is answered worst" if len(draft.sections) > 1 else ""
    reason = f"Confidence {_said(confidence)}{several} is below the threshold {_limit(threshold)}: {reasons}."
    return Verdict(Decision.HAND_OFF, reason, "hand_off")
