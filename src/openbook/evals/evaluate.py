"""Runs a dataset through any rehearsal and reports metrics with their uncertainty.

Knows no desk: it is given a callable.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from openbook.evals.dataset import Case
from openbook.evals.outcome import Outcome, judge
from openbook.evals.report import Report, report
from openbook.types import Progress, ProgressListener, Rehearsal

Rehearse = Callable[[Case], Rehearsal]


def evaluate(cases: Sequence[Case], *, rehearse: Rehearse, progress: ProgressListener = lambda _: None) -> Report:
    """Asks every question once and reports."""
    return report(list(outcomes(cases, rehearse=rehearse, progress=progress)))


def outcomes(
    cases: Sequence[Case],
    *,
    rehearse: Rehearse,
    known: Mapping[str, Outcome] | None = None,
    progress: ProgressListener = lambda _: None,
) -> Iterator[Outcome]:
    """What becomes of each case, in order.

    Args:
        cases: The questions.
        rehearse: Answers one of them without leaving a trace.
        known: Outcomes by the cases' ids that are there already; these are not asked again.
        progress: Told how many are done.
    """
    for done, case in enumerate(cases, start=1):
        yield (known or {}).get(case.id) or judge(case, rehearse(case))
        progress(Progress(done, len(cases), "questions"))
