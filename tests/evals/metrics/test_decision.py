import math

import pytest

from openbook.errors import UserError
from openbook.evals.metrics import confusion, decision_scores
from openbook.types import Decision

EXPECTED = ["send", "send", "send", "abstain", "hand_off"]
DECIDED = ["send", "send", "clarify", "send", "hand_off"]


def test_the_confusion_matrix_counts_what_was_taken_where_each_was_due():
    matrix = confusion(EXPECTED, [Decision(name) for name in DECIDED])
    assert matrix["send"] == {"send": 2, "clarify": 1, "abstain": 0, "hand_off": 0}
    assert matrix["abstain"] == {"send": 1, "clarify": 0, "abstain": 0, "hand_off": 0}
    assert sum(matrix["clarify"].values()) == 0


def test_precision_is_of_what_was_taken_and_recall_of_what_was_due():
    send, clarify, abstain, hand_off = decision_scores(EXPECTED, DECIDED)
    # send: due 3 times, taken 3 times, 2 of them due.
    assert (send.due, send.taken, send.precision, send.recall) == (3, 3, 2 / 3, 2 / 3)
    assert clarify.precision == 0.0
    assert math.isnan(clarify.recall)
    assert math.isnan(abstain.precision)
    assert abstain.recall == 0.0
    assert (hand_off.precision, hand_off.recall) == (1.0, 1.0)


def test_an_unknown_decision_is_named():
    with pytest.raises(UserError, match=r"'maybe' is no decision\.\nFix: Write one of send, clarify"):
        confusion(["send"], ["maybe"])
