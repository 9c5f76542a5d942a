"""Metrics: each in a file that gives its formula and its source, and the intervals and tests around them.

All take flat sequences, one entry a case, and are deterministic. A figure that is undefined is not a
number; input that does not fit is a UserError that names the value. No language model judges anything.
"""

from openbook.evals.metrics.answerability import AnswerabilityScore, answerability_score, answerability_scores
from openbook.evals.metrics.augrc import augrc
from openbook.evals.metrics.aurc import aurc
from openbook.evals.metrics.auroc import auroc
from openbook.evals.metrics.bootstrap import bootstrapped, bootstrapped_mean
from openbook.evals.metrics.brier import BrierParts, brier, brier_parts
from openbook.evals.metrics.calibration_error import calibration_error, expected_calibration_error_if_perfect
from openbook.evals.metrics.citation import CitationScores, citation_scores
from openbook.evals.metrics.clopper_pearson import clopper_pearson
from openbook.evals.metrics.cost import Cost, cost
from openbook.evals.metrics.coverage_at_risk import coverage_at_risk
from openbook.evals.metrics.decision import DecisionScores, confusion, decision_scores
from openbook.evals.metrics.exact_match import exact_match
from openbook.evals.metrics.holm import holm
from openbook.evals.metrics.latency import Latency, latency
from openbook.evals.metrics.mcnemar import McNemar, mcnemar
from openbook.evals.metrics.mean import mean
from openbook.evals.metrics.metric import Interval, Metric
from openbook.evals.metrics.ndcg_at import ndcg_at
from openbook.evals.metrics.paired_difference import Difference, paired_difference
from openbook.evals.metrics.quote_inside import quote_inside
from openbook.evals.metrics.recall_at import hit_at, recall_at
from openbook.evals.metrics.reciprocal_rank import reciprocal_rank
from openbook.evals.metrics.reliability import Bin, reliability
from openbook.evals.metrics.resampling import DRAWS
from openbook.evals.metrics.selective_risk import RiskPoint, risk_coverage
from openbook.evals.metrics.spiegelhalter import Spiegelhalter, spiegelhalter
from openbook.evals.metrics.token_f1 import token_f1
from openbook.evals.metrics.wilson import wilson

__all__ = [
    "DRAWS",
    "AnswerabilityScore",
    "Bin",
    "BrierParts",
    "CitationScores",
    "Cost",
    "DecisionScores",
    "Difference",
    "Interval",
    "Latency",
    "McNemar",
    "Metric",
    "RiskPoint",
    "Spiegelhalter",
    "answerability_score",
    "answerability_scores",
    "augrc",
    "aurc",
    "auroc",
    "bootstrapped",
    "bootstrapped_mean",
    "brier",
    "brier_parts",
    "calibration_error",
    "citation_scores",
    "clopper_pearson",
    "confusion",
    "cost",
    "coverage_at_risk",
    "decision_scores",
    "exact_match",
    "expected_calibration_error_if_perfect",
    "hit_at",
    "holm",
    "latency",
    "mcnemar",
    "mean",
    "ndcg_at",
    "paired_difference",
    "quote_inside",
    "recall_at",
    "reciprocal_rank",
    "reliability",
    "risk_coverage",
    "spiegelhalter",
    "token_f1",
    "wilson",
]
