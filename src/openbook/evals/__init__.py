"""Measures: datasets and what became of them, the promise on the confidence, causes of failures, past tickets."""

from openbook.evals.calibrate import CalibrationReport, calibrate
from openbook.evals.dataset import Case, read_dataset
from openbook.evals.evaluate import evaluate
from openbook.evals.metrics import Metric
from openbook.evals.outcome import Outcome
from openbook.evals.report import Report

__all__ = [
    "CalibrationReport",
    "Case",
    "Metric",
    "Outcome",
    "Report",
    "calibrate",
    "evaluate",
    "read_dataset",
]
