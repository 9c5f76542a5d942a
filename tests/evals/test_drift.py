from itertools import product
from math import prod

import numpy as np
import pytest

from openbook.errors import UserError
from openbook.evals.drift import Watch, watch


def watched(reviews, *, max_error=0.05, certainty=0.95):
    return watch(reviews, max_error=max_error, certainty=certainty)


def test_no_reviews_say_nothing():
    found = watched([])
    assert found == Watch(reviewed=0, wrong=0, wealth=1.0, peak=1.0, withdrawn=False, at=None)


@pytest.mark.parametrize("max_error", [0.02, 0.3])
def test_wealth_stays_one_in_the_mean_if_the_error_is_at_the_limit(max_error):
    """Over all courses of seven reviews, each as likely as it is; Ville's inequality rests on this."""
    courses = product((True, False), repeat=7)
    mean = sum(
        prod(max_error if wrong else 1 - max_error for wrong in course) * watched(course, max_error=max_error).wealth
        for course in courses
    )
    assert mean == pytest.approx(1.0)


def test_few_alarms_are_false_and_a_risen_error_is_noticed():
    generator = np.random.default_rng(5)
    false = [watched(generator.random(1_000) < 0.05).withdrawn for _ in range(100)]
    assert sum(false) <= 5
    risen = [watched(generator.random(1_000) < 0.15).at for _ in range(40)]
    assert all(risen)
    assert np.median(risen) < 150


def test_a_change_after_a_long_good_time_is_noticed():
    found = watched([False] * 5_000 + [False, False, True] * 30)
    assert found.withdrawn
    assert 5_000 < found.at < 5_060


def test_an_alarm_stays_when_wealth_falls_again():
    found = watched([True, True, True, True] + [False] * 500)
    assert found.withdrawn
    assert found.at <= 4
    assert found.wealth < 20 <= found.peak


def test_reviews_without_end_stay_finite():
    bad, good = watched([True] * 20_000), watched([False] * 20_000)
    assert np.isfinite([bad.wealth, bad.peak, good.wealth]).all()
    assert (bad.withdrawn, good.withdrawn) == (True, False)
    assert bad == watched(iter([True] * 20_000))


@pytest.mark.parametrize("max_error", [5e-324, 1e-9, 0.5, 1 - 1e-16])
def test_every_limit_between_none_and_all_can_be_watched(max_error):
    assert 0 < watched([False, True] * 20, max_error=max_error).wealth < np.inf


@pytest.mark.parametrize(
    ("reviews", "options", "said"),
    [
        ([False, "no"], {}, "Review 2 is 'no', neither wrong nor right."),
        ([None], {}, "Review 1 is None, neither wrong nor right."),
        ([], {"max_error": 1.5}, "The largest error is 1.5, not between 0 and 1."),
        ([], {"certainty": 0}, "The certainty is 0, not between 0 and 1."),
    ],
)
def test_what_cannot_be_watched_is_refused(reviews, options, said):
    with pytest.raises(UserError) as refused:
        watched(reviews, **options)
    assert refused.value.message == said
