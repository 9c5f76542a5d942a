"""The certificate: a threshold on the confidence above which at most so many answers are wrong, with so much certainty.

A walk through thresholds, strict to lax, is fixed first; then labels that had no say in it are counted at each
of them, an exact binomial test decides, and the walk ends at the first test that fails. The last threshold that
passed is certified. This is fixed-sequence Learn-then-Test (Angelopoulos et al. 2021, arXiv:2110.01052) for the
selective risk (Geifman & El-Yaniv 2017, arXiv:1705.08500): the first threshold of the walk whose true error is above
the limit passes with a probability of at most 1 - certainty, and beyond it nothing is tested unless it passed. So
many thresholds cost no certainty, whatever the confidence is worth and whether the error rises along the walk or not.

What it does not know: whether the labels are a fair sample of the questions to come, and drawn one by one (the same
question in other words is no new label); whether the labels are right; whether the world stays as it is
(`openbook.evals.drift` watches that); and how often it was tried. The certainty is that of one try: whoever tests
again after a refusal, with some of the same labels, must ask for more certainty each time, such as halving what is
left to 1.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from openbook.errors import UserError
from openbook.types import Record

STEPS = 20
START = 1.5
START_SHARE = 0.125
_MOST_LABELS = 1_000_000
_FINENESS = 2_000


@dataclass(frozen=True, slots=True)
class Label(Record):
    """One question whose answer was judged, whether or not it was sent.

    Attributes:
        confidence: The calibrated confidence, from 0 to 1.
        sendable: Whether the rules of decision would let it be sent if the threshold allowed.
        right: Whether it would be right if it were sent. A question that cannot be answered never is.
        group: What it is certified apart by; must be known when a question comes in, such as its language.
    """

    id: str
    confidence: float
    sendable: bool
    right: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Certificate(Record):
    """What the labels allow to promise; one shape whether it is granted or not.

    Where it is not granted, `answered` to `upper_error` tell of the threshold of the walk that came nearest.

    Attributes:
        threshold: Answers of this confidence or more may be sent; None if not granted.
        max_error: The share of sent answers that may be wrong.
        certainty: How likely at least it is that a test like this grants nothing wrongly.
        labels: How many labels were tested, sendable or not.
        answered: How many of them would be sent at the threshold.
        errors: How many of those would be wrong.
        coverage: `answered` as a share of `labels`.
        observed_error: `errors` as a share of `answered`; not a number where nothing is answered.
        upper_error: Exact upper bound (Clopper & Pearson 1934) of the true error at this certainty, for this threshold
            alone. Only `max_error` is promised, since the threshold was chosen along a walk.
        more_labels: About how many more labels of the same kind it takes; 0 if granted, None where
            no number of them would do.
        reason: The same in words, for whoever leads the support.
        group: The group that it holds for; empty for all.
    """

    granted: bool
    threshold: float | None
    max_error: float
    certainty: float
    labels: int
    answered: int
    errors: int
    coverage: float
    observed_error: float
    upper_error: float
    more_labels: int | None
    reason: str
    group: str = ""


WalkOf = Callable[[Collection[str], int, float], Sequence[float]]
"""Plans the walk for some groups tested together: their names, how many of their labels are sendable, the certainty."""


@dataclass(frozen=True, slots=True)
class _Point:
    """What the labels say at one threshold of the walk."""

    threshold: float
    answered: int
    errors: int
    passes: bool
    upper_error: float

    @property
    def observed_error(self) -> float:
        return self.errors / self.answered if self.answered else math.nan


def plan_walk(
    confidences: Sequence[float], *, expected: int, max_error: float, certainty: float, steps: int = STEPS
) -> tuple[float, ...]:
    """Fixes the thresholds, strict to lax, before the labels that certify are looked at.

    The walk must not follow from which of the certifying labels are right: a threshold that was picked because
    they look good there looks better than it is, and the test's certainty is lost. How many of them are sendable
    is no such knowledge. Nor need the answers behind `confidences` be judged, so past questions do as well.

    It begins where about 1.5 times as many labels are expected to be answered as a certificate without a
    single error needs: where fewer are, one unlucky label ends the walk at once. With plenty of labels it begins at
    an eighth of them, for the same reason; with scarce ones halfway between what is needed and all; with too few
    for any certificate it starts strict, so that the refusal can say what is missing. It goes on in even steps
    of coverage down to everything.

    Args:
        confidences: Of sendable answers that are not among the certifying labels.
        expected: How many of the certifying labels are sendable.
        max_error: The share of sent answers that may be wrong.
        certainty: Of the promise.
        steps: How many thresholds at most.

    Returns:
        Different thresholds, each the confidence of one of the answers, falling; without any answer, 1 alone.

    Raises:
        UserError: A confidence is no number from 0 to 1, or another number does not fit.
    """
    check_promise(max_error, certainty)
    if steps < 1:
        raise UserError(f"A walk of {steps} steps tests nothing.", fix="Plan at least one step.")
    _check_shares(confidences, "A confidence to plan thresholds from")
    if not len(confidences):
        return (1.0,)
    needed = _clean_answers(max_error, certainty)
    first = min(START * needed, (needed + expected) / 2) if expected >= needed else 0.0
    falling = np.sort(np.asarray(confidences, dtype=float))[::-1]
    shares = np.linspace(1.0, max(START_SHARE, first / max(1, expected)), steps)[::-1]
    places = np.clip(np.ceil(shares * len(falling)).astype(int) - 1, 0, len(falling) - 1)
    return tuple(dict.fromkeys(falling[places].tolist()))


def certify(labels: Sequence[Label], *, max_error: float, certainty: float, walk: Sequence[float]) -> Certificate:
    """Tests the thresholds of the walk, strict to lax, until one fails; the last that passed is certified.

    At each, `errors` among `answered` labels pass if so few would be as unlikely as 1 - certainty at an
    error rate of `max_error`: P(Bin(answered, max_error) <= errors) <= 1 - certainty. Labels among which
    nothing is wrong grant nothing: such a world cannot be told from a sample that was picked.

    Args:
        labels: None of which had a say in the walk or in the fit of the confidence.
        max_error: The share of sent answers that may be wrong.
        certainty: Of the promise.
        walk: Falling thresholds, as `plan_walk` gives them.

    Raises:
        UserError: There are no labels, two have the same id, a confidence is no number from 0 to 1, or
            the walk does not fall.
    """
    check_promise(max_error, certainty)
    _check_labels(labels)
    _check_walk(walk)
    points = _points(labels, walk, max_error, certainty)
    failed = next((place for place, point in enumerate(points) if not point.passes), len(points))
    if not failed:
        return _refused(labels, points, max_error, certainty)
    point = points[failed - 1]
    if all(label.right for label in labels):
        return _certificate(labels, point, max_error, certainty, reason=_picked(len(labels)))
    reason = _promised(point, len(labels), max_error, certainty)
    return _certificate(labels, point, max_error, certainty, reason=reason, granted=True)


def certify_groups(
    labels: Sequence[Label], *, max_error: float, certainty: float, walk_of: WalkOf, fewest: int
) -> tuple[Certificate, ...]:
    """Certifies each group with enough labels by itself, and the other groups together.

    The promise holds for all of them at once: what may go wrong, 1 - certainty, is shared evenly by the tests
    (Bonferroni), so each certificate's own certainty is higher. The groups with few labels are pooled among themselves,
    not with the others, whose many answers would cover up for them; each gets the pooled certificate, and its reason
    says so. A group that is unknown here is covered by none.

    Args:
        labels: Of all groups.
        max_error: The share of sent answers that may be wrong, in each group.
        certainty: Of all promises together.
        walk_of: Plans the walk of a test; see `WalkOf`.
        fewest: With how many labels a group is tested by itself.

    Returns:
        One certificate for each group, by name.

    Raises:
        UserError: As `certify` does.
    """
    check_promise(max_error, certainty)
    _check_labels(labels)
    sizes = Counter(label.group for label in labels)
    pooled = tuple(sorted(name for name, size in sizes.items() if size < fewest))
    tests = [(name,) for name in sorted(sizes) if name not in pooled] + ([pooled] if pooled else [])
    each = 1 - (1 - certainty) / len(tests)
    certificates = []
    for names in tests:
        chosen = [label for label in labels if label.group in names]
        walk = walk_of(names, sum(label.sendable for label in chosen), each)
        found = certify(chosen, max_error=max_error, certainty=each, walk=walk)
        why = f" This is one of {len(tests)} tests, which hold together with {_percent(certainty)} certainty."
        for name in names:
            apart = f"“{name}” has {sizes[name]} labels, fewer than {fewest}, and is judged with all such groups. "
            reason = f"{apart if names is pooled else ''}{found.reason}{why if len(tests) > 1 else ''}"
            certificates.append(replace(found, group=name, reason=reason))
    return tuple(sorted(certificates, key=lambda item: item.group))


def check_promise(max_error: float, certainty: float) -> None:
    """Refuses what cannot be promised.

    Raises:
        UserError: One of the two does not lie between 0 and 1.
    """
    for name, value, usual in (("largest error", max_error, 0.02), ("certainty", certainty, 0.95)):
        if not _is_share(value) or value in (0, 1):
            raise UserError(f"The {name} is {value!r}, not between 0 and 1.", fix=f"Give a share, such as {usual}.")


def _clean_answers(max_error: float, certainty: float) -> float:
    """How many answers carry a certificate if none is wrong: (1 - max_error)^n = 1 - certainty."""
    return max(1.0, math.log(1 - certainty) / math.log1p(-max_error))


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and 0 <= value <= 1 and not isinstance(value, bool)


def _check_shares(values: Iterable[float], what: str) -> None:
    for value in values:
        if not _is_share(value):
            raise UserError(f"{what} is {value!r}, no number from 0 to 1.", fix="Give each answer its confidence.")


def _check_labels(labels: Sequence[Label]) -> None:
    if not labels:
        raise UserError("There are no labels to certify with.", fix="Label some answers, right and wrong ones.")
    _check_shares((label.confidence for label in labels), "The confidence of a label")
    if len({label.id for label in labels}) == len(labels):
        return
    seen: dict[str, Label] = {}
    for label in labels:
        before = seen.setdefault(label.id, label)
        if before.right != label.right:
            raise UserError(f"Label {label.id!r} is both right and wrong.", fix="Decide which, and keep that one.")
    twice = Counter(label.id for label in labels).most_common(1)[0][0]
    raise UserError(f"Label {twice!r} is there more than once.", fix="Keep one: the same question counts once.")


def _check_walk(walk: Sequence[float]) -> None:
    _check_shares(walk, "A threshold")
    if not walk or any(lax >= strict for strict, lax in pairwise(walk)):
        raise UserError(f"The thresholds {tuple(walk)} do not fall.", fix="Plan them with `plan_walk`.")


def _points(labels: Sequence[Label], walk: Sequence[float], max_error: float, certainty: float) -> list[_Point]:
    """What the labels say at each threshold, in order of the walk."""
    from scipy.special import bdtr, betaincinv  # deferred: slow to import

    sendable = [label for label in labels if label.sendable]
    confidences = np.array([label.confidence for label in sendable], dtype=float)
    wrong = np.array([not label.right for label in sendable], dtype=bool)
    below = np.searchsorted(np.sort(confidences), walk, side="left")
    wrong_below = np.searchsorted(np.sort(confidences[wrong]), walk, side="left")
    answered, errors = len(sendable) - below, int(wrong.sum()) - wrong_below
    passes = bdtr(errors.astype(float), answered, max_error) <= 1 - certainty
    upper = np.where(errors < answered, betaincinv(errors + 1, np.maximum(answered - errors, 1), certainty), 1.0)
    columns = (values.tolist() for values in (answered, errors, passes, upper))
    return [_Point(*values) for values in zip(walk, *columns, strict=True)]


def _refused(labels: Sequence[Label], points: Sequence[_Point], max_error: float, certainty: float) -> Certificate:
    """A certificate that is not granted, with what is missing at the threshold that comes nearest."""
    estimates = [(_more_labels(point, len(labels), max_error, certainty), point) for point in points]
    hopeful = [(more, -point.answered, point) for more, point in estimates if more is not None]
    if not hopeful:
        point = min((point for point in points if not point.passes), key=lambda point: point.upper_error)
        return _certificate(labels, point, max_error, certainty, reason=_hopeless(point, max_error))
    more, _, point = min(hopeful, key=lambda item: item[:2])
    rounded = math.ceil(more / 10) * 10 if more > 10 else more
    reason = (
        f"Not certified. {_counted(point)}, which can carry at best {_percent(point.upper_error, digits=4)} with "
        f"{_percent(certainty)} certainty. About {rounded} more labels of the same kind are needed for "
        f"{_percent(max_error)}."
    )
    return _certificate(labels, point, max_error, certainty, reason=reason, more_labels=more)


def _more_labels(point: _Point, labels: int, max_error: float, certainty: float) -> int | None:
    """How many more labels would let this threshold pass, if it went on as it did; None if none would.

    The error rate to go on with is meant to be too low as often as too high, so 0.7 is added to the errors: about
    there lies the median of the Poisson means that could have led to them. And it is drawn towards rates below
    the limit, as much as 1 / max_error answers would, since few answers tell little either way. A threshold
    that passes by itself but was never reached tells nothing of what is missing before it.
    """
    from scipy.special import bdtr  # deferred: slow to import

    if point.passes or not point.observed_error < max_error:
        return None
    rate = (point.errors + 0.7) / (point.answered + 1 / max_error)
    answers = np.unique(np.geomspace(1, _MOST_LABELS, _FINENESS).astype(int))
    enough = answers[bdtr(np.round(rate * answers), answers, max_error) <= 1 - certainty]
    if not len(enough):
        return None
    return max(1, math.ceil(int(enough[0]) * labels / point.answered) - labels)


def _certificate(
    labels: Sequence[Label],
    point: _Point,
    max_error: float,
    certainty: float,
    *,
    reason: str,
    granted: bool = False,
    more_labels: int | None = None,
) -> Certificate:
    return Certificate(
        granted=granted,
        threshold=point.threshold if granted else None,
        max_error=max_error,
        certainty=certainty,
        labels=len(labels),
        answered=point.answered,
        errors=point.errors,
        coverage=point.answered / len(labels),
        observed_error=point.observed_error,
        upper_error=point.upper_error,
        more_labels=0 if granted else more_labels,
        reason=reason,
    )


def _promised(point: _Point, labels: int, max_error: float, certainty: float) -> str:
    return (
        f"Certified. With {_percent(certainty)} certainty at most {_percent(max_error)} of the answers sent at a "
        f"confidence of {point.threshold:.6g} or more are wrong. {_counted(point)}, and "
        f"{_percent(point.answered / labels, digits=3)} of the questions would be answered."
    )


def _picked(labels: int) -> str:
    return (
        f"Not certified. None of the {labels} labels is wrong or unanswerable, and a sample without any error cannot "
        "be told from one that was picked. Label questions as they came in, also those that nothing answers."
    )


def _hopeless(point: _Point, max_error: float) -> str:
    if not point.answered:
        return (
            "Not certified. None of the labelled answers would be sent at any threshold that was tried: they are too "
            "few, or rules hold them back."
        )
    return (
        f"Not certified. {_counted(point)} at a confidence of {point.threshold:.6g} or more, which is not clearly "
        f"below {_percent(max_error)}. More labels will not change that; better articles or a confidence fitted anew "
        "may."
    )


def _counted(point: _Point) -> str:
    verb = "were" if point.errors > 1 else "was"
    return f"Of {point.answered} labelled answers {point.errors or 'none'} {verb} wrong"


def _percent(share: float, *, digits: int = 6) -> str:
    return f"{100 * share:.{digits}g} %"
