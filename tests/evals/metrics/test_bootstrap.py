import math

import pytest

from openbook.errors import UserError
from openbook.evals.metrics import auroc, bootstrapped, bootstrapped_mean, mean


def test_the_interval_holds_the_value_and_narrows_with_cases():
    few = bootstrapped("share", 20, lambda chosen: mean([index % 2 for index in chosen]))
    many = bootstrapped("share", 2_000, lambda chosen: mean([index % 2 for index in chosen]), draws=500)
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low
    assert few == bootstrapped("share", 20, lambda chosen: mean([index % 2 for index in chosen]))


def test_no_case_has_no_figure():
    assert math.isnan(bootstrapped("share", 0, lambda chosen: mean(list(chosen))).value)


def test_the_interval_of_a_mean_is_as_wide_as_its_formula_says():
    # 400 cases, half of them 1: standard error sqrt(0.25 / 400) = 0.025; 0.5 -+ 1.96 * 0.025 = 0.451 and 0.549.
    found = bootstrapped_mean("share", [0, 1] * 200)
    assert found.value == 0.5
    assert (found.low, found.high) == (pytest.approx(0.451, abs=0.005), pytest.approx(0.549, abs=0.005))


def test_conversations_are_drawn_whole():
    # 100 conversations of 4 questions, all right or all wrong, are worth 100 cases and not 400:
    # standard error sqrt(0.25 / 100) = 0.05; 0.5 -+ 1.96 * 0.05 = 0.402 and 0.598.
    values = [conversation % 2 for conversation in range(100) for _ in range(4)]
    clusters = [f"con_{conversation}" for conversation in range(100) for _ in range(4)]
    found = bootstrapped_mean("share", values, clusters=clusters)
    assert (found.low, found.high) == (pytest.approx(0.402, abs=0.01), pytest.approx(0.598, abs=0.01))


@pytest.mark.parametrize("clusters", [None, ["b", "a", "b", "c", "b", "a"]])
def test_the_fast_way_to_a_mean_gives_the_same(clusters):
    values = [0.1, 0.9, 0.4, 0.7, 0.0, 0.2]
    slow = bootstrapped("m", 6, lambda chosen: mean([values[index] for index in chosen]), clusters=clusters, draws=300)
    fast = bootstrapped_mean("m", values, clusters=clusters, draws=300)
    assert (fast.value, fast.low, fast.high) == (slow.value, pytest.approx(slow.low), pytest.approx(slow.high))


def test_draws_in_which_the_figure_is_undefined_are_left_out():
    labels = [True, False]
    found = bootstrapped("auroc", 2, lambda chosen: auroc([1, 0], [labels[index] for index in chosen]), draws=50)
    assert found.value == 1.0
    assert not math.isnan(found.low)


def test_every_case_has_a_cluster():
    with pytest.raises(UserError, match="There are 1 clusters and 2 cases"):
        bootstrapped_mean("share", [0, 1], clusters=["con_1"])
