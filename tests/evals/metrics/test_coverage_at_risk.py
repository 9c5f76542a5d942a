import pytest

from openbook.errors import UserError
from openbook.evals.metrics import coverage_at_risk


@pytest.mark.parametrize(("risk", "coverage"), [(0.0, 0.25), (0.3, 0.25), (1 / 3, 0.75), (0.49, 0.75), (0.5, 1.0)])
def test_the_coverage_is_the_largest_whose_risk_is_borne(risk, coverage):
    # 0.9: risk 0. Both 0.8: 1 wrong of 3. 0.4: 2 wrong of 4.
    assert coverage_at_risk([0.9, 0.8, 0.8, 0.4], [False, True, False, True], risk) == coverage


def test_a_mistake_among_the_surest_may_be_outweighed_later():
    # Risks 1, 1/2, 1/3, 1/4: only the last is within 0.25, and none within 0.2.
    confidences, wrong = [0.9, 0.8, 0.7, 0.6], [True, False, False, False]
    assert coverage_at_risk(confidences, wrong, 0.25) == 1.0
    assert coverage_at_risk(confidences, wrong, 0.2) == 0.0


def test_what_cannot_be_answered_covers_nothing_and_counts_in_the_risk():
    confidences, wrong = [0.9, 0.8, 0.7, 0.6], [False, True, False, True]
    answerable = [True, False, True, True]
    # Risks 0, 1/2, 1/3, 1/2 at 1, 1, 2, 3 of the 3 answerable ones.
    assert coverage_at_risk(confidences, wrong, 0.1, of=answerable) == pytest.approx(1 / 3)
    assert coverage_at_risk(confidences, wrong, 0.35, of=answerable) == pytest.approx(2 / 3)
    assert coverage_at_risk(confidences, wrong, 0.5, of=answerable) == 1.0


def test_a_risk_is_a_share():
    with pytest.raises(UserError, match=r"`risk` is 5\."):
        coverage_at_risk([0.9], [True], 5)
