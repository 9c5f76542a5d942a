"""Evaluation as pages for people: one HTML file each, with everything in it and nothing from elsewhere."""

from openbook.evals.pages.plots import Bar, bar_plot, histogram, line_plot, reliability_plot
from openbook.evals.pages.series import Series

__all__ = ["Bar", "Series", "bar_plot", "histogram", "line_plot", "reliability_plot"]
