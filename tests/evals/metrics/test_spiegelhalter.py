import math

import pytest

from openbook.evals.metrics import spiegelhalter


def test_z_says_how_much_worse_the_brier_score_is_than_promised():
    test = spiegelhalter([0.8, 0.8], [True, False])
    # (1 - 0.8)(1 - 1.6) + (0 - 0.8)(1 - 1.6) = -0.12 + 0.48 = 0.36; variance 2 * 0.6^2 * 0.16 = 0.1152.
    # z = 0.36 / sqrt(0.1152) = 1.060660 = 0.75 * sqrt(2), so p = erfc(0.75) = 0.288844.
    assert test.z == pytest.approx(1.060660, abs=1e-6)
    assert test.p == pytest.approx(0.288844, abs=1e-6)


def test_nothing_can_be_said_of_confidences_that_promise_nothing():
    assert math.isnan(spiegelhalter([0.5, 1.0], [False, True]).p)


def test_a_refuted_certainty_is_not_calibrated():
    assert spiegelhalter([1.0, 0.5], [False, True]).z == math.inf
    assert spiegelhalter([1.0, 0.5], [False, True]).p == 0.0
