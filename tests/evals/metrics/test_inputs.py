"""What all metrics have in common: undefined is not a number, and what does not fit is named."""

import math

import numpy as np
import pytest

from openbook.errors import UserError
from openbook.evals import metrics
from openbook.types import to_plain

OF_CONFIDENCES = [
    metrics.augrc,
    metrics.aurc,
    metrics.brier,
    metrics.brier_parts,
    metrics.calibration_error,
    metrics.reliability,
    metrics.risk_coverage,
    metrics.spiegelhalter,
    lambda confidences, wrong: metrics.coverage_at_risk(confidences, wrong, 0.1),
]


def figures(found):
    """The fractions in a result, whatever its shape."""
    values = [found] if isinstance(found, float) else to_plain(found).values()
    return [value for value in values if isinstance(value, float)]


@pytest.mark.parametrize(
    "empty",
    [
        *(lambda metric=metric: metric([], []) for metric in OF_CONFIDENCES if metric is not metrics.risk_coverage),
        lambda: metrics.answerability_score([], [], []),
        lambda: metrics.auroc([], []),
        lambda: metrics.bootstrapped_mean("share", []),
        lambda: metrics.citation_scores(["Cards are valid."], []),
        lambda: metrics.clopper_pearson(0, 0),
        lambda: metrics.exact_match("24 months", []),
        lambda: metrics.expected_calibration_error_if_perfect([]),
        lambda: metrics.hit_at(["a"], [], 5),
        lambda: metrics.latency([]),
        lambda: metrics.mcnemar([], []),
        lambda: metrics.mean([]),
        lambda: metrics.ndcg_at(["a"], [], 5),
        lambda: metrics.paired_difference([], []),
        lambda: metrics.quote_inside([], ["Cards are valid."]),
        lambda: metrics.recall_at(["a"], [], 5),
        lambda: metrics.token_f1("24 months", []),
        lambda: metrics.wilson(0, 0),
    ],
)
def test_a_figure_of_nothing_is_not_a_number(empty):
    found = empty()
    assert found == () or (figures(found) and all(math.isnan(value) for value in figures(found)))


def test_a_list_of_nothing_is_empty():
    assert metrics.risk_coverage([], []) == metrics.reliability([], []) == metrics.holm([]) == ()
    assert metrics.cost([]).total_micro_usd == 0.0


@pytest.mark.parametrize("metric", OF_CONFIDENCES)
def test_a_confidence_outside_0_to_1_is_named(metric):
    with pytest.raises(UserError, match=r"The confidence at place 1 is 1\.5\.\nFix: Give probabilities"):
        metric([0.5, 1.5], [True, False])
    with pytest.raises(UserError, match="There are 2 confidences and 1 labels"):
        metric([0.5, 0.7], [True])


@pytest.mark.parametrize(
    ("confidences", "right", "words"),
    [
        ([float("nan")], [True], "The confidence at place 0 is nan"),
        ([0.2, "0.5"], [True, True], r"The confidence '0\.5' is no number"),
        ([None], [True], "The confidence None is no number"),
        ([[0.1, 0.2], [0.3]], [True, True], "The confidence of some cases is a list"),
        ([[0.1], [0.2]], [True, True], "The values of confidence have 2 dimensions"),
        ([0.1, 0.2], [True, 2], "The label at place 1 is 2"),
        ([0.1], ["yes"], "The label 'yes' is no number"),
    ],
)
def test_what_is_no_probability_or_no_label_is_named(confidences, right, words):
    with pytest.raises(UserError, match=words):
        metrics.brier(confidences, right)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: metrics.auroc([1, 2], [True]), "There are 2 scores and 1 labels"),
        (lambda: metrics.mcnemar([True], []), "There are 1 labels of the baseline and 0 of the candidate"),
        (lambda: metrics.paired_difference([1], []), "There are 1 figures of the baseline and 0 of the candidate"),
        (lambda: metrics.confusion(["send"], []), "There are 1 expected decisions and 0 decisions"),
        (lambda: metrics.holm([1.2]), r"The p-value at place 0 is 1\.2"),
        (lambda: metrics.calibration_error([0.5], [True], bins=0), "`bins` is 0"),
        (lambda: metrics.recall_at(["a"], ["a"], 0), "`limit` is 0"),
        (lambda: metrics.bootstrapped_mean("share", [1], draws=0), "`draws` is 0"),
        (lambda: metrics.coverage_at_risk([0.5], [True], 0.1, of=[]), "1 confidences and 0 labels of what is to be"),
    ],
)
def test_what_does_not_fit_is_an_error_that_says_so(call, words):
    with pytest.raises(UserError, match=words):
        call()


def test_arrays_are_as_good_as_lists():
    sure, right = np.array([0.8, 0.8, 0.2], dtype=np.float32), np.array([1, 0, 0], dtype=np.int8)
    for metric in OF_CONFIDENCES:
        assert metric(sure, right) == metric(sure.tolist(), right.tolist())
