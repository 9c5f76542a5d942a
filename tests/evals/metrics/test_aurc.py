import pytest

from openbook.evals.metrics import aurc


def test_aurc_is_the_mean_of_the_risks_that_the_cases_come_in_with():
    # (0 + 1/3 + 1/3 + 1/2) / 4 = 7/24.
    assert aurc([0.8, 0.4, 0.9, 0.8], [True, True, False, False]) == pytest.approx(7 / 24)
    # Without ties, wrong last: (0 + 0 + 1/3 + 2/4) / 4 = 5/24.
    assert aurc([0.9, 0.8, 0.7, 0.6], [False, False, True, True]) == pytest.approx(5 / 24)
