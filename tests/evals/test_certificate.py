import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.errors import UserError
from openbook.evals.certificate import Label, certify, certify_groups, plan_walk

UNANSWERABLE = Label("unanswerable", 0.1, sendable=False, right=False)


def labels_at(confidence, answered, errors, *, group=""):
    """So many sendable labels of one confidence, the first of them wrong."""
    return [
        Label(f"{group}{confidence}-{place}", confidence, sendable=True, right=place >= errors, group=group)
        for place in range(answered)
    ]


def certificate(labels, *, max_error=0.02, certainty=0.95, walk=(0.9,)):
    return certify(labels, max_error=max_error, certainty=certainty, walk=walk)


@pytest.mark.parametrize(
    ("max_error", "answered", "errors"),
    [(0.02, 149, 0), (0.02, 236, 1), (0.02, 313, 2), (0.05, 59, 0), (0.05, 93, 1), (0.1, 29, 0), (0.1, 167, 10)],
)
def test_so_many_answers_carry_a_certificate_and_one_fewer_does_not(max_error, answered, errors):
    enough = certificate([*labels_at(0.9, answered, errors), UNANSWERABLE], max_error=max_error)
    assert (enough.granted, enough.threshold, enough.answered, enough.errors) == (True, 0.9, answered, errors)
    assert enough.upper_error <= max_error
    assert enough.coverage == answered / (answered + 1)
    short = certificate([*labels_at(0.9, answered - 1, errors), UNANSWERABLE], max_error=max_error)
    assert not short.granted
    assert short.threshold is None
    assert short.upper_error > max_error
    assert 1 <= short.more_labels <= answered


def test_the_walk_ends_at_the_first_failure_even_if_a_laxer_threshold_would_pass():
    labels = [*labels_at(0.9, 200, 0), *labels_at(0.8, 100, 4), *labels_at(0.7, 700, 0)]
    assert certificate(labels, walk=(0.7,)).granted
    assert certificate(labels, walk=(0.9, 0.8, 0.7)).threshold == 0.9
    assert not certificate(labels, walk=(0.95, 0.9, 0.7)).granted


def test_answers_of_the_same_confidence_are_sent_together_or_not_at_all():
    labels = [*labels_at(0.9, 149, 0), *labels_at(0.8, 50, 50)]
    found = certificate(labels, walk=(0.85, 0.8))
    assert (found.threshold, found.answered, found.errors) == (0.85, 149, 0)
    assert not certificate(labels, walk=(0.8,)).granted


def test_what_the_rules_would_not_send_counts_neither_for_nor_against():
    barred = [Label(f"barred-{place}", 0.99, sendable=False, right=False) for place in range(300)]
    found = certificate([*labels_at(0.9, 149, 0), *barred])
    assert (found.granted, found.answered, found.labels) == (True, 149, 449)
    alone = certificate(barred)
    assert (alone.granted, alone.answered, alone.more_labels) == (False, 0, None)
    assert math.isnan(alone.observed_error)
    assert alone.reason.startswith("Not certified. None of the labelled answers would be sent at any threshold")


def test_the_reason_says_it_to_a_support_lead():
    granted = certificate([*labels_at(0.9, 412, 1), UNANSWERABLE])
    assert granted.reason == (
        "Certified. With 95 % certainty at most 2 % of the answers sent at a confidence of 0.9 or more are wrong. "
        "Of 412 labelled answers 1 was wrong, and 99.8 % of the questions would be answered."
    )
    missing = certificate([*labels_at(0.9, 57, 0), UNANSWERABLE])
    assert missing.reason == (
        "Not certified. Of 57 labelled answers none was wrong, which can carry at best 5.12 % with 95 % certainty. "
        f"About {math.ceil(missing.more_labels / 10) * 10} more labels of the same kind are needed for 2 %."
    )
    assert 149 - 57 < missing.more_labels < 386 - 57


def test_where_too_much_is_wrong_no_number_of_labels_is_promised():
    found = certificate([*labels_at(0.9, 100, 5), UNANSWERABLE])
    assert found.more_labels is None
    assert "5 were wrong at a confidence of 0.9 or more" in found.reason
    assert "More labels will not change that" in found.reason
    unreached = certificate([*labels_at(0.9, 100, 5), *labels_at(0.7, 900, 0)], walk=(0.9, 0.7))
    assert (unreached.granted, unreached.answered, unreached.more_labels) == (False, 100, None)


def test_labels_without_a_single_error_grant_nothing():
    found = certificate(labels_at(0.9, 500, 0))
    assert (found.granted, found.threshold, found.more_labels) == (False, None, None)
    assert "cannot be told from one that was picked" in found.reason
    few = certificate(labels_at(0.9, 20, 0))
    assert (few.granted, few.more_labels > 0) == (False, True)


@pytest.mark.parametrize(
    ("labels", "options", "said"),
    [
        ([], {}, "There are no labels to certify with."),
        ([UNANSWERABLE], {"max_error": 0}, "The largest error is 0, not between 0 and 1."),
        ([UNANSWERABLE], {"max_error": math.nan}, "The largest error is nan, not between 0 and 1."),
        ([UNANSWERABLE], {"certainty": 1}, "The certainty is 1, not between 0 and 1."),
        ([UNANSWERABLE], {"certainty": "95 %"}, "The certainty is '95 %', not between 0 and 1."),
        ([UNANSWERABLE], {"walk": ()}, "The thresholds () do not fall."),
        ([UNANSWERABLE], {"walk": (0.5, 0.5)}, "The thresholds (0.5, 0.5) do not fall."),
        ([UNANSWERABLE], {"walk": (math.inf,)}, "A threshold is inf, no number from 0 to 1."),
        ([Label("a", math.nan, True, True)], {}, "The confidence of a label is nan, no number from 0 to 1."),
        ([Label("a", "high", True, True)], {}, "The confidence of a label is 'high', no number from 0 to 1."),
        ([Label("a", 1.5, True, True)], {}, "The confidence of a label is 1.5, no number from 0 to 1."),
        ([UNANSWERABLE, Label("unanswerable", 0.1, False, True)], {}, "is both right and wrong."),
        ([Label("a", 0.5, True, True), Label("a", 0.5, True, True)], {}, "Label 'a' is there more than once."),
    ],
)
def test_what_cannot_be_certified_is_refused_with_its_mend(labels, options, said):
    with pytest.raises(UserError) as refused:
        certificate(labels, **options)
    assert said in refused.value.message
    assert refused.value.fix


def test_a_walk_begins_where_a_certificate_is_within_reach_and_goes_on_to_everything():
    confidences = [place / 1_000 for place in range(1_000)]
    walk = plan_walk(confidences, expected=1_000, max_error=0.02, certainty=0.95)
    assert 1.4 * 149 < 1_000 * (1 - walk[0]) < 1.6 * 149
    assert walk[-1] == 0.0
    steps = -np.diff(walk)
    assert steps.max() - steps.min() < 0.002
    assert plan_walk([0.7, 0.3, 0.7], expected=1_000, max_error=0.02, certainty=0.95) == (0.7, 0.3)
    assert plan_walk([0.7], expected=0, max_error=0.02, certainty=0.95, steps=1) == (0.7,)
    assert plan_walk([0.7], expected=9, max_error=5e-324, certainty=1e-300) == (0.7,)
    assert plan_walk([], expected=10, max_error=0.02, certainty=0.95) == (1.0,)


@pytest.mark.parametrize(("confidences", "steps"), [([math.nan], 20), ([True], 20), ([0.5], 0)])
def test_a_walk_that_cannot_be_planned_is_refused(confidences, steps):
    with pytest.raises(UserError):
        plan_walk(confidences, expected=100, max_error=0.02, certainty=0.95, steps=steps)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0]), st.booleans(), st.booleans()), min_size=1))
def test_whatever_the_labels_the_certificate_agrees_with_itself(drawn):
    labels = [Label(str(place), *values) for place, values in enumerate(drawn)]
    walk = plan_walk([0.9, 0.5, 0.3], expected=len(labels), max_error=0.2, certainty=0.8)
    strict = certificate(labels, max_error=0.2, certainty=0.8, walk=walk)
    lax = certificate(labels, max_error=0.3, certainty=0.8, walk=walk)
    assert strict.granted == (strict.threshold is not None) == (strict.more_labels == 0)
    assert not strict.granted or strict.upper_error <= 0.2
    assert not strict.granted or lax.threshold <= strict.threshold
    assert strict.to_dict()["reason"].startswith("Certified." if strict.granted else "Not certified.")


def test_a_promise_is_broken_no_more_often_than_its_certainty_says():
    """One answer in a hundred is wrong at a confidence of 0.7 or more, a quarter below it."""
    generator, broken, granted, draws = np.random.default_rng(7), 0, 0, 250
    for _ in range(draws):
        confidences = generator.random(300)
        right = generator.random(300) >= np.where(confidences >= 0.7, 0.01, 0.25)
        labels = list(map(Label, map(str, range(300)), confidences.tolist(), [True] * 300, right.tolist()))
        walk = plan_walk(confidences[:60].tolist(), expected=240, max_error=0.1, certainty=0.9)
        threshold = certify(labels[60:], max_error=0.1, certainty=0.9, walk=walk).threshold
        granted += threshold is not None
        if threshold is not None and threshold < 0.7:
            broken += (0.01 * 0.3 + 0.25 * (0.7 - threshold)) / (1 - threshold) > 0.1
    assert granted > draws / 2
    assert 0 < broken <= 0.1 * draws


def plain_walk(groups, expected, certainty):
    return (0.9,)


def test_groups_share_what_may_go_wrong():
    labels = [*labels_at(0.9, 160, 1, group="de"), *labels_at(0.9, 160, 1, group="en")]
    found = certify_groups(labels, max_error=0.03, certainty=0.95, walk_of=plain_walk, fewest=100)
    assert [item.group for item in found] == ["de", "en"]
    assert all(certificate(labels_at(0.9, 160, 1), max_error=0.03).granted for _ in found)
    assert not any(item.granted for item in found)
    assert found[0].certainty == pytest.approx(0.975)
    assert "one of 2 tests, which hold together with 95 % certainty" in found[0].reason


def test_groups_with_few_labels_are_pooled_among_themselves():
    english = labels_at(0.9, 400, 1, group="en")
    few = [*labels_at(0.9, 20, 5, group="de"), *labels_at(0.9, 30, 0, group="fr")]
    found = certify_groups([*english, *few], max_error=0.02, certainty=0.95, walk_of=plain_walk, fewest=100)
    assert [(item.group, item.granted, item.answered, item.errors) for item in found] == [
        ("de", False, 50, 5),
        ("en", True, 400, 1),
        ("fr", False, 50, 5),
    ]
    assert found[2].reason.startswith("“fr” has 30 labels, fewer than 100, and is judged with all such groups. Not")


def test_a_group_alone_is_certified_as_all_labels_are():
    labels = labels_at(0.9, 400, 1)
    [found] = certify_groups(labels, max_error=0.02, certainty=0.95, walk_of=plain_walk, fewest=100)
    assert found.granted
    assert found.reason == certificate(labels).reason
