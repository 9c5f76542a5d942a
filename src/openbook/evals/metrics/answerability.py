"""The answerability-conditioned score: quality where there is an answer, silence where there is none.

    answerable question:   the quality of the answer if it was sent, 0 if it was withheld
    unanswerable question: 1 if nothing was sent, else 0

and the mean over all questions and over each half. Katsis et al., "MTRAG: A Multi-Turn
Conversational Benchmark for Evaluating Retrieval-Augmented Generation Systems" (2025), where a model
tells whether an answer says "I don't know"; here the decision says whether one was sent.
"""

from dataclasses import dataclass

import numpy as np

from openbook.evals.metrics.inputs import Floats, Numbers, Truths, probabilities, same_length, truths
from openbook.evals.metrics.mean import mean
from openbook.types import Record


@dataclass(frozen=True, slots=True)
class AnswerabilityScore(Record):
    """The mean over all questions and over both halves; not a number for a half without questions."""

    total: float
    answerable: float
    unanswerable: float


def answerability_score(answerable: Truths, sent: Truths, quality: Numbers) -> AnswerabilityScore:
    """The score of a run; the mean of `answerability_scores` and of its halves.

    Args:
        answerable: Whether each question can be answered.
        sent: Whether an answer was sent.
        quality: Of each answer in [0, 1]; looked at only where the question is answerable and the answer sent,
            so that it may be not a number elsewhere.

    Raises:
        UserError: A value does not fit, or the lists differ in length.
    """
    scores = answerability_scores(answerable, sent, quality)
    can = truths(answerable, "answerable")
    return AnswerabilityScore(mean(scores), mean(scores[can]), mean(scores[~can]))


def answerability_scores(answerable: Truths, sent: Truths, quality: Numbers) -> Floats:
    """The score of each question, in [0, 1]; arguments and errors as `answerability_score`."""
    same_length({"answerable": answerable, "sent": sent, "qualities": quality})
    can, went = truths(answerable, "answerable"), truths(sent, "sent")
    scores = np.where(can, 0.0, ~went)
    answered = can & went
    scores[answered] = probabilities([quality[place] for place in np.flatnonzero(answered).tolist()], "quality")
    return scores
