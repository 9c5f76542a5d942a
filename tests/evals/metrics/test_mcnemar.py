import pytest

from openbook.evals.metrics import mcnemar


def test_only_cases_in_which_the_runs_differ_count():
    baseline = [True] + [False] * 6 + [True] * 5
    candidate = [False] + [True] * 6 + [True] * 5
    found = mcnemar(baseline, candidate)
    # 1 and 6: 2 * (C(7,0) + C(7,1)) / 2^7 = 2 * 8 / 128 = 0.125.
    assert (found.only_baseline, found.only_candidate) == (1, 6)
    assert found.p == pytest.approx(0.125)


def test_runs_that_never_differ_or_as_often_either_way_are_equal():
    assert mcnemar([True, False], [True, False]).p == 1.0
    assert mcnemar([True, False], [False, True]).p == 1.0
