"""How sure an answer is: the model behind the number, the promise that may stand on it, and its reviews."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from openbook.types.record import Record


@dataclass(frozen=True, slots=True)
class ConfidenceModel(Record):
    """A logistic model without negative weights: the probability that an answer would be right.

    Attributes:
        weights: By name of a part, each at least 0.
        bias: What is added to the weighted sum of the parts.
    """

    weights: Mapping[str, float]
    bias: float


@dataclass(frozen=True, slots=True)
class Calibration(Record):
    """One version of what decides how sure answers are, and from where on they are sent.

    Attributes:
        id: Empty for what Openbook brings along.
        number: From 1, in order of time; 0 for what Openbook brings along.
        model: What makes the confidence out of its parts.
        threshold: The certified one, or None where the one of the settings counts.
        method: How the model was fitted, in words.
        labels: How many labelled questions it rests on.
        certificate: What is promised, as `openbook calibrate` printed it; None where nothing is.
        made_with: Hash of the encoder, the settings of the search and the version of Openbook that it was made with.
        state: `withdrawn` if reviewed answers broke the promise; then `reason` says how.
    """

    id: str
    number: int
    model: ConfidenceModel
    threshold: float | None = None
    method: str = ""
    labels: int = 0
    certificate: Mapping[str, Any] | None = None
    made_with: str = ""
    state: Literal["active", "replaced", "withdrawn"] = "active"
    reason: str = ""
    created_at: datetime | None = None

    def threshold_or(self, usual: float) -> float:
        """From which confidence on answers are sent.

        Args:
            usual: The threshold of the settings; after a withdrawal the stricter of both counts.
        """
        if self.threshold is None:
            return usual
        return max(self.threshold, usual) if self.state == "withdrawn" else self.threshold

    def reused(self, *, without: Collection[Mapping[str, Any] | None] = ()) -> "Calibration":
        """The same to be kept anew.

        Args:
            without: Promises that were withdrawn; they are left behind.
        """
        if self.certificate is None or self.certificate not in without:
            return self
        return replace(self, threshold=None, certificate=None, reason="")


@dataclass(frozen=True, slots=True)
class Review(Record):
    """What a person said of an answer that was sent, and what follows from all that was said.

    Attributes:
        reviewed: How many answers were reviewed that were sent under the calibration that counts.
        wrong: How many of them were wrong.
        calibration: The one that counts after this review; withdrawn if the reviews broke its promise.
        evidence: How strongly the reviews speak against the promise, from 1 (not at all); at
            1 / (1 - certainty) it is withdrawn. 0 where nothing is promised.
    """

    answer_id: str
    right: bool
    reviewed: int
    wrong: int
    calibration: Calibration
    evidence: float
