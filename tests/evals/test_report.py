"""The figures of a report, against those counted by hand on six outcomes."""

import json
import math

import pytest

from evals.pages.samples import held, outcome, wrong
from openbook.evals.gates import missed_gates
from openbook.evals.metrics import CitationScores
from openbook.evals.report import report
from openbook.settings import Settings

UNANSWERABLE = {"answerable": False, "expected": "hand_off", "would_be_right": False, "ndcg": None, "page_rank": None}
SIX = (
    outcome(
        "a", confidence=0.95, citations=CitationScores(1.0, 0.5, 2 / 3), token_f1=0.5, exact=0.0, milliseconds=10.0
    ),
    outcome("b", confidence=0.9, page_rank=2, ndcg=0.6, group="billing", citations=CitationScores(0.5, 0.5, 0.5)),
    wrong("c", confidence=0.8, page_rank=None, ndcg=0.0, quote_rank=None),
    held("d", confidence=0.4, page_rank=6, ndcg=0.0, conversation="c"),
    wrong("e", **UNANSWERABLE, confidence=0.6, milliseconds=40.0),
    outcome("f", **UNANSWERABLE, decision="abstain", confidence=0.1, sendable=False),
)
BY_HAND = {
    "recall_at_1": 1 / 4,
    "recall_at_5": 2 / 4,
    "ndcg_at_5": (1.0 + 0.6) / 4,
    "mrr": (1 + 1 / 2 + 1 / 6) / 4,
    "quote_in_five_hits": 1.0,
    "share_sent": 4 / 6,
    "right_among_sent": 2 / 4,
    "right_sent_of_answerable": 2 / 4,
    "not_sent_of_unanswerable": 1 / 2,
    "decision_as_expected": 3 / 6,
    "draft_right_of_answerable": 3 / 4,
    "citation_cover": 1.0,
    "citation_precision": 0.75,
    "citation_recall": 0.5,
    "answer_token_f1": 0.5,
    "answer_exact": 0.0,
    "answerable_auroc": 7 / 8,
    "right_auroc": 4 / 6,
    "brier": (0.05**2 + 0.1**2 + 0.8**2 + 0.6**2 + 0.6**2) / 5,
    "coverage_at_1_percent_risk": 2 / 4,
    "coverage_at_10_percent_risk": 2 / 4,
    "milliseconds_p50": 20.0,
    "cost_micro_usd": 0.0,
}


@pytest.fixture(scope="module")
def six():
    return report(SIX)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_figure_is_the_one_counted_by_hand(six, name):
    assert six.value(name) == pytest.approx(BY_HAND[name])


def test_every_figure_lies_within_its_interval_and_has_a_name_of_its_own(six):
    names = [metric.name for metric in six.metrics]
    assert len(set(names)) == len(names)
    for metric in six.metrics:
        assert not metric.value < metric.low
        assert not metric.value > metric.high


def test_groups_and_decisions_are_counted(six):
    assert six.groups["billing"] == {"cases": 1, "right": 1.0, "sent": 1.0}
    assert six.groups["all"] == {"cases": 5, "right": 0.4, "sent": 0.6}
    assert six.confusion == {
        "hand_off → abstain": 1,
        "hand_off → send": 1,
        "send → hand_off": 1,
        "send → send": 3,
    }


@pytest.mark.parametrize("outcomes", [(), SIX[:1], SIX[5:]], ids=["nothing", "one", "one that is kept back"])
def test_what_no_case_tells_of_is_not_a_number_and_null_in_strict_json(outcomes):
    found = report(outcomes)
    assert math.isnan(found.value("right_auroc"))
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    told = {metric["name"]: metric["value"] for metric in plain["metrics"]}
    assert told["right_auroc"] is None
    assert {name for name, value in told.items() if value is None} == {
        metric.name for metric in found.metrics if math.isnan(metric.value)
    }


def test_the_same_outcomes_give_the_same_report(six):
    assert str(report(SIX)) == str(six)


def test_every_gate_of_the_settings_is_a_figure_of_the_report(six):
    gates = Settings().gates.model_dump()
    assert gates
    assert missed_gates(six, dict.fromkeys(gates, 1.0)) == tuple(gates)
    assert missed_gates(six, dict.fromkeys(gates, 0.01)) == ()
    assert missed_gates(six, gates) == ()


def test_a_figure_that_is_not_a_number_misses_its_gate():
    assert missed_gates(report(()), {"recall_at_5": 0.01, "share_sent": 0.0}) == ("recall_at_5",)
