"""Fits the confidence to a team's labels and derives the threshold that keeps a promise.

One part of the labels fits the model and plans the walk of thresholds; the other part, which had no
say in either, is asked with that model and certifies. See `labels.py` for the parts, `fitting.py` for
the model, `certificate.py` for the promise.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openbook.answer.confidence import confidence
from openbook.evals.certificate import Certificate, Label, certify, certify_groups, check_promise, plan_walk
from openbook.evals.dataset import Case
from openbook.evals.fitting import Example, choose_model
from openbook.evals.labels import check_labels, independent, parted
from openbook.evals.metrics import Metric
from openbook.evals.outcome import Outcome, judge
from openbook.evals.report import confidence_figures
from openbook.types import Calibration, ConfidenceModel, Progress, ProgressListener, Record, Rehearsal

Rehearse = Callable[[Case, ConfidenceModel], Rehearsal]

FEWEST_OF_GROUP = 60
_BROKEN = (
    "Not certified. A promise on these very labels was withdrawn, since reviewed answers were wrong more often: "
    "label questions that were asked since."
)
DRAWS = 200
"""For the intervals before and after; nobody should wait longer for them than for the labels."""


@dataclass(frozen=True, slots=True)
class CalibrationReport(Record):
    """What `openbook calibrate` found.

    Attributes:
        calibration: The new version, as it is kept.
        certificate: What is promised, or why nothing is.
        groups: The same for each group, all promises together; empty with fewer than two groups. They are told
            beside; the threshold that counts is that of `certificate`.
        tuning: How many labels fitted the model and planned the walk.
        losses: The log loss of each way to fit that was tried, on labels that it had not seen.
        before: What the confidence of the model that was fitted anew is worth, on the certifying labels.
        after: The same of what came of it.
        outcomes: What became of the certifying labels; with the certified threshold, where there is one.
    """

    calibration: Calibration
    certificate: Certificate
    groups: tuple[Certificate, ...]
    tuning: int
    losses: dict[str, float]
    before: tuple[Metric, ...]
    after: tuple[Metric, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def is_worse(self) -> bool:
        """Whether the fit made the probabilities worse on the certifying labels."""
        before, after = (
            next(metric.value for metric in figures if metric.name == "brier") for figures in (self.before, self.after)
        )
        return after > before

    def on(self, dataset: str, *, withdrawn: Sequence[Mapping[str, Any] | None]) -> "CalibrationReport":
        """The same with the dataset's name in the promise; without a promise where one on these labels was withdrawn.

        Args:
            dataset: Hash of the labels.
            withdrawn: Promises that reviews have broken.
        """
        if not self.certificate.granted:
            return self
        if any(item is not None and item.get("dataset") == dataset for item in withdrawn):
            refused = replace(self.certificate, granted=False, threshold=None, more_labels=None, reason=_BROKEN)
            return replace(
                self, certificate=refused, calibration=replace(self.calibration, threshold=None, certificate=None)
            )
        return replace(
            self, calibration=replace(self.calibration, certificate=self.certificate.to_dict() | {"dataset": dataset})
        )


def calibrate(
    cases: Sequence[Case],
    *,
    rehearse: Rehearse,
    present: ConfidenceModel,
    max_error: float,
    certainty: float,
    group_of: Callable[[Case], str] = lambda _: "",
    missing: Callable[[Case], Sequence[str]] = lambda _: (),
    progress: ProgressListener = lambda _: None,
) -> CalibrationReport:
    """Fits, plans, tests; keeps nothing.

    Of the labels to certify with, one of each conversation is tested, since the others say little new.

    Args:
        cases: The labels.
        rehearse: Answers a case under a model without leaving a trace.
        present: The model that is fitted anew; it has seen none of the labels.
        max_error: The share of sent answers that may be wrong.
        certainty: Of the promise.
        group_of: What labels are certified apart by as well; empty for all leaves that out.
        missing: The gold documents of a case that are not live.
        progress: Told how many labels were asked.

    Raises:
        UserError: The labels cannot be trusted, or the promise makes no sense.
    """
    check_promise(max_error, certainty)
    check_labels(cases, missing=missing)
    tuning, others = parted(cases)
    certifying = independent(others)
    total = len(tuning) + len(certifying)
    seen = _asked(tuning, rehearse, present, progress, of=total)
    fitted = choose_model([_example(item) for item in seen if item.sendable], present)
    plan = [confidence(item.parts, model=fitted.model) for item in seen if item.sendable]
    tested = _asked(certifying, rehearse, fitted.model, progress, of=total, done=len(tuning))
    groups = {case.id: group_of(case) for case in cases}
    labels = [Label(item.id, item.confidence, item.sendable, item.would_be_right, groups[item.id]) for item in tested]
    certificate = _certified(labels, plan, max_error, certainty)
    threshold = certificate.threshold
    return CalibrationReport(
        calibration=Calibration(
            id="",
            number=0,
            model=fitted.model,
            threshold=threshold,
            method=fitted.method,
            labels=total,
            certificate=certificate.to_dict() if certificate.granted else None,
        ),
        certificate=certificate,
        groups=_by_group(labels, [(groups[item.id], item) for item in seen], fitted.model, max_error, certainty),
        tuning=len(tuning),
        losses=fitted.losses,
        before=confidence_figures(_under(present, tested), draws=DRAWS),
        after=confidence_figures(tested, draws=DRAWS),
        outcomes=tuple(tested if threshold is None else [item.sent_from(threshold) for item in tested]),
    )


def _asked(
    cases: Sequence[Case],
    rehearse: Rehearse,
    model: ConfidenceModel,
    progress: ProgressListener,
    *,
    of: int,
    done: int = 0,
) -> list[Outcome]:
    found = []
    for place, case in enumerate(cases, start=done + 1):
        found.append(judge(case, rehearse(case, model)))
        progress(Progress(place, of, "labels"))
    return found


def _under(model: ConfidenceModel, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes with the confidence that a model gives them."""
    return [replace(item, confidence=confidence(item.parts, model=model)) for item in outcomes]


def _example(item: Outcome) -> Example:
    return Example(item.parts, item.would_be_right, item.conversation)


def _certified(labels: Sequence[Label], plan: Sequence[float], max_error: float, certainty: float) -> Certificate:
    expected = sum(label.sendable for label in labels)
    walk = plan_walk(plan, expected=expected, max_error=max_error, certainty=certainty)
    return certify(labels, max_error=max_error, certainty=certainty, walk=walk)


def _by_group(
    labels: Sequence[Label],
    seen: Sequence[tuple[str, Outcome]],
    model: ConfidenceModel,
    max_error: float,
    certainty: float,
) -> tuple[Certificate, ...]:
    """A certificate for each group; none where there are fewer than two, or none with enough labels."""
    sizes = Counter(label.group for label in labels)
    if len(sizes) < 2 or max(sizes.values()) < FEWEST_OF_GROUP:
        return ()

    def walk_of(names: Collection[str], expected: int, certainty: float) -> Sequence[float]:
        plan = [confidence(item.parts, model=model) for group, item in seen if item.sendable and group in names]
        return plan_walk(plan, expected=expected, max_error=max_error, certainty=certainty)

    return certify_groups(labels, max_error=max_error, certainty=certainty, walk_of=walk_of, fewest=FEWEST_OF_GROUP)
