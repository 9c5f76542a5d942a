"""Gates: what an evaluation must reach, by the names of its metrics. 0 is no gate."""

from collections.abc import Mapping

from openbook.evals.report import Report


def missed_gates(report: Report, gates: Mapping[str, float]) -> tuple[str, ...]:
    """The gates that were missed; a figure that no case says anything about misses its gate."""
    return tuple(name for name, goal in gates.items() if goal and not report.value(name) >= goal)
