import math

import pytest

from openbook.errors import UserError
from openbook.evals.metrics import answerability_score, answerability_scores


def test_quality_counts_where_there_is_an_answer_and_silence_where_there_is_none():
    answerable = [True, True, True, False, False]
    sent = [True, False, True, False, True]
    quality = [0.5, 0.9, 1.0, None, float("nan")]
    # 0.5 and 1.0 for what was sent, 0 for what was withheld; 1 for silence, 0 for the answer to nothing.
    assert answerability_scores(answerable, sent, quality).tolist() == [0.5, 0.0, 1.0, 1.0, 0.0]
    score = answerability_score(answerable, sent, quality)
    assert score.total == pytest.approx(2.5 / 5)
    assert score.answerable == pytest.approx(1.5 / 3)
    assert score.unanswerable == pytest.approx(1 / 2)


def test_a_half_without_questions_has_no_score():
    score = answerability_score([True], [True], [0.25])
    assert (score.total, score.answerable) == (0.25, 0.25)
    assert math.isnan(score.unanswerable)


def test_the_quality_of_a_sent_answer_must_be_known():
    with pytest.raises(UserError, match="The quality at place 0 is nan"):
        answerability_score([True], [True], [float("nan")])
