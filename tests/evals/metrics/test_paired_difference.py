import pytest

from openbook.evals.metrics import paired_difference


def test_the_difference_is_the_mean_gain_and_p_its_chance_between_equals():
    # Gains 1 and 0: a draw is 0, 1/2, 1/2 or 1, so |draw - 1/2| >= 1/2 in every second one.
    found = paired_difference([0, 0.5], [1, 0.5])
    assert (found.difference, found.low, found.high) == (0.5, 0.0, 1.0)
    assert found.p == pytest.approx(0.5, abs=0.04)


def test_equal_runs_do_not_differ_and_a_gain_everywhere_is_no_chance():
    assert paired_difference([0.2, 0.7], [0.2, 0.7]).p == 1.0
    gained = paired_difference([0, 0, 0], [1, 1, 1], draws=999)
    assert (gained.difference, gained.low, gained.high) == (1.0, 1.0, 1.0)
    assert gained.p == pytest.approx(1 / 1000)


def test_a_loss_is_as_improbable_as_the_gain_it_mirrors():
    first, second = [0, 1, 1, 0, 1, 0, 0, 0], [1, 1, 1, 1, 0, 1, 1, 0]
    assert paired_difference(first, second).p == paired_difference(second, first).p
    assert paired_difference(first, second).difference == -paired_difference(second, first).difference == 0.375


def test_questions_of_one_conversation_are_no_evidence_of_their_own():
    # Two conversations of ten questions, gained as a whole or not at all: two cases, as in the first test.
    baseline, candidate = [0] * 20, [1] * 10 + [0] * 10
    apart = paired_difference(baseline, candidate)
    together = paired_difference(baseline, candidate, clusters=[1] * 10 + [2] * 10)
    assert (together.low, together.high) == (0.0, 1.0)
    assert together.p == pytest.approx(0.5, abs=0.04)
    assert apart.p < 0.01
