import pytest

from openbook.evals.metrics import calibration_error, expected_calibration_error_if_perfect


def test_the_error_is_the_gap_in_each_bin_by_its_share_of_cases():
    confidences, right = [0.9, 0.9, 0.3, 0.35], [True, False, False, True]
    # Bin [0.9, 1]: stated 0.9, right 1/2, gap 0.4. Bin [0.3, 0.4): stated 0.325, right 1/2, gap 0.175.
    # 2/4 * 0.4 + 2/4 * 0.175 = 0.2875.
    assert calibration_error(confidences, right) == pytest.approx(0.2875)


def test_bins_of_equal_mass_hold_equal_numbers_of_cases():
    confidences, right = [0.7, 0.1, 0.6, 0.2], [True, False, True, True]
    # {0.1, 0.2}: stated 0.15, right 1/2, gap 0.35. {0.6, 0.7}: stated 0.65, right 1, gap 0.35.
    assert calibration_error(confidences, right, bins=2, equal_mass=True) == pytest.approx(0.35)


def test_equal_confidences_share_a_bin_whatever_their_order():
    # {0.5, 0.5, 0.5}: right 1/3, gap 1/6. {0.9}: right, gap 0.1. 3/4 * 1/6 + 1/4 * 0.1 = 0.15.
    for right in ([True, False, False, True], [False, False, True, True]):
        found = calibration_error([0.5, 0.5, 0.5, 0.9], right, bins=2, equal_mass=True)
        assert found == pytest.approx(0.15)


def test_certainty_that_is_right_has_no_error_and_0_and_1_have_a_bin():
    assert calibration_error([0.0, 1.0], [False, True]) == 0.0


def test_even_a_perfect_model_shows_an_error():
    # One case of 0.8: the error is 0.2 in 8 of 10 draws and 0.8 in 2, 0.32 on average.
    perfect = expected_calibration_error_if_perfect([0.8], draws=20_000)
    assert perfect.value == pytest.approx(0.32, abs=0.02)
    assert (perfect.low, perfect.high) == (pytest.approx(0.2), pytest.approx(0.8))


def test_the_error_of_a_perfect_model_follows_the_seed():
    # 0.1 and 0.9 in a bin of one: the error is 0 if one of both is right (0.82), else 1/2: 0.09 on average.
    confidences = [0.1, 0.9]
    perfect = expected_calibration_error_if_perfect(confidences, draws=20_000, bins=1)
    assert perfect.value == pytest.approx(0.09, abs=0.01)
    assert perfect == expected_calibration_error_if_perfect(confidences, draws=20_000, bins=1)
    assert perfect != expected_calibration_error_if_perfect(confidences, draws=20_000, bins=1, seed=1)


def test_the_error_of_a_perfect_model_is_counted_bin_by_bin():
    # {0.1, 0.1}: 0, 1 or 2 right in 0.81, 0.18 and 0.01 of the draws, 0.2, 0.8 or 1.8 off: 0.324 on average.
    # {0.9}: 0.1 off in 0.9 of the draws, 0.9 in 0.1: 0.18. (0.324 + 0.18) / 3 = 0.168.
    perfect = expected_calibration_error_if_perfect([0.1, 0.9, 0.1], draws=20_000, bins=2, equal_mass=True)
    assert perfect.value == pytest.approx(0.168, abs=0.005)


def test_draws_in_several_blocks_are_all_counted():
    perfect = expected_calibration_error_if_perfect([0.0, 0.5, 1.0] * 1_000, draws=2_000)
    # Only the confidences of 0.5 are uncertain: the error is |hits - 500| / 3,000 with hits binomial
    # (1,000, 1/2), on average sqrt(2 / pi) * sqrt(250) / 3,000 = 0.7979 * 15.81 / 3,000 = 0.004205.
    assert perfect.value == pytest.approx(0.004205, abs=0.0002)
    assert perfect.cases == 3_000
