"""Two runs on the same cases: differences by hand, over the cases that say something."""

from dataclasses import replace

import pytest

from evals.pages.samples import held, outcome, wrong
from openbook.errors import UserError
from openbook.evals.comparing import compare_outcomes

EARLIER = (outcome("a"), wrong("b", page_rank=4), held("c"), wrong("d", answerable=False, decision="send", ndcg=None))
LATER = (
    outcome("a", page_rank=2),
    outcome("b"),
    held("c", page_rank=None),
    outcome("d", answerable=False, decision="hand_off", would_be_right=False, ndcg=None),
)


def test_differences_are_those_counted_by_hand():
    found = {item.name: item for item in compare_outcomes(EARLIER, LATER)}
    counted = {name: (item.earlier, item.later, item.cases) for name, item in found.items()}
    assert counted == {
        "recall_at_1": (2 / 3, 1 / 3, 3),
        "recall_at_5": (1.0, 2 / 3, 3),
        "mrr": (pytest.approx((1 + 1 / 4 + 1) / 3), pytest.approx((1 / 2 + 1) / 3), 3),
        "share_sent": (3 / 4, 2 / 4, 4),
        "right": (1 / 4, 3 / 4, 4),
        "draft_right_of_answerable": (2 / 3, 1.0, 3),
    }
    for item in found.values():
        assert item.difference == pytest.approx(item.later - item.earlier)
        assert item.low <= item.difference <= item.high


def test_a_difference_in_every_one_of_many_cases_is_no_chance_and_none_is():
    names = [str(place) for place in range(30)]
    found = compare_outcomes([wrong(name) for name in names], [outcome(name) for name in names])
    p = {item.name: item.p for item in found}
    assert p["right"] == pytest.approx(len(found) * 2 * 0.5**30)
    assert p["share_sent"] == 1.0


def test_a_run_compared_with_itself_shows_no_difference():
    assert {(item.difference, item.p) for item in compare_outcomes(EARLIER, EARLIER)} == {(0.0, 1.0)}


@pytest.mark.parametrize("other", [[], [outcome("z")], [replace(LATER[0], question="Something else?")]])
def test_runs_without_a_case_in_common_are_refused(other):
    with pytest.raises(UserError, match="no case in common"):
        compare_outcomes(EARLIER, other)
