"""Runs any `ask` over a dataset and reports metrics with their uncertainty."""

from openbook.evals.dataset import Case, read_dataset
from openbook.evals.evaluate import LOOKED_AT, Outcome, Report, evaluate
from openbook.evals.metrics import Metric

__all__ = ["LOOKED_AT", "Case", "Metric", "Outcome", "Report", "evaluate", "read_dataset"]
