"""Fits the confidence to labels: weights that never turn negative, pulled towards those there are.

Three ways, from cautious to bold: keep the model, scale it by a slope and an intercept (Platt,
"Probabilistic Outputs for Support Vector Machines", 1999), or fit every weight by logistic
regression with a ridge towards the present model. Which one is taken is decided by cross-validation
over conversations, and the present model stays unless another is clearly better. It knows no desk;
what the parts mean is said in `answer/confidence.py`.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openbook.answer.confidence import confidence
from openbook.hashing import hash_text
from openbook.types import ConfidenceModel, Record

Floats = npt.NDArray[np.float64]

FOLDS = 5
FEWEST_TO_SCALE = 40
FEWEST_TO_FIT = 150
_RIDGES = (30.0, 10.0, 3.0)
_SCALE_RIDGE = 1.0
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Example(Record):
    """The parts of one confidence and whether the answer would have been right.

    Attributes:
        parts: By name, each in [0, 1].
        conversation: Examples of one conversation stay in one fold.
    """

    parts: dict[str, float]
    right: bool
    conversation: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted(Record):
    """A model, how it was made, and the log loss of each way that was tried (the mean over held-out examples)."""

    model: ConfidenceModel
    method: str
    losses: dict[str, float]


def choose_model(examples: Sequence[Example], present: ConfidenceModel) -> Fitted:
    """The model that cross-validation finds best; the present one unless another is better by a standard error.

    Args:
        examples: Labelled answers; too few, or all of one kind, leave the present model as it is.
        present: The model that counts now.
    """
    kept = f"kept as it was: {len(examples)} labels, of which {sum(item.right for item in examples)} right, are too few"
    if min(sum(item.right for item in examples), sum(not item.right for item in examples)) < FOLDS:
        return Fitted(present, kept, {})
    ways = _ways(len(examples))
    if not ways:
        return Fitted(present, kept, {})
    losses = {"kept as it was": held_out_losses(examples, present, lambda _, model: model)}
    for name, way in ways.items():
        losses[name] = held_out_losses(examples, present, way)
    best = min(losses, key=lambda name: float(losses[name].mean()))
    gain = losses["kept as it was"] - losses[best]
    if best != "kept as it was" and gain.mean() <= gain.std() / np.sqrt(len(gain)):
        best = "kept as it was"
    model = ways[best](examples, present) if best in ways else present
    return Fitted(model, best, {name: round(float(loss.mean()), 4) for name, loss in losses.items()})


Way = Callable[[Sequence[Example], ConfidenceModel], ConfidenceModel]


def _ways(count: int) -> dict[str, Way]:
    """The ways to fit that so many labels can carry."""
    ways: dict[str, Way] = {}
    if count >= FEWEST_TO_SCALE:
        ways["scaled"] = scaled
    if count >= FEWEST_TO_FIT:
        ways |= {f"fitted, ridge {ridge:g}": _with_ridge(ridge) for ridge in _RIDGES}
    return ways


def _with_ridge(ridge: float) -> Way:
    return lambda examples, present: fitted(examples, present, ridge=ridge)


def held_out_losses(examples: Sequence[Example], present: ConfidenceModel, way: Way) -> Floats:
    """The log loss of each example under a model fitted on the other folds."""
    folds = np.array([int(hash_text(item.conversation), 16) % FOLDS for item in examples])
    losses = np.zeros(len(examples))
    for fold in range(FOLDS):
        model = way([item for item, place in zip(examples, folds, strict=True) if place != fold], present)
        for place in np.flatnonzero(folds == fold).tolist():
            losses[place] = _loss(examples[place], model)
    return losses


def _loss(example: Example, model: ConfidenceModel) -> float:
    chance = min(1 - _LEAST, max(_LEAST, confidence(example.parts, model=model)))
    return float(-np.log(chance if example.right else 1 - chance))


def scaled(examples: Sequence[Example], present: ConfidenceModel) -> ConfidenceModel:
    """The present model made more or less sure as a whole; the order of answers stays."""
    names = list(present.weights)
    totals = _matrix(examples, names) @ np.array([present.weights[name] for name in names]) + present.bias
    slope, intercept = _minimised(
        totals[:, None], examples, start=np.array([1.0]), bias=0.0, ridge=_SCALE_RIDGE, bias_ridge=_SCALE_RIDGE
    )
    weights = {name: float(slope[0] * weight) for name, weight in present.weights.items()}
    return ConfidenceModel(weights, float(slope[0] * present.bias + intercept))


def fitted(
    examples: Sequence[Example], present: ConfidenceModel, *, ridge: float, held: Collection[str] = ()
) -> ConfidenceModel:
    """Every weight fitted anew, at least 0, with a ridge of this strength towards the present ones.

    Args:
        examples: Labelled answers.
        present: Where the ridge pulls to.
        ridge: Its strength, beside a sum of log losses.
        held: Parts whose weights stay as they are.
    """
    names = list(present.weights)
    start = np.array([present.weights[name] for name in names])
    bounds = [(value, value) if name in held else (0.0, None) for name, value in present.weights.items()]
    weights, bias = _minimised(
        _matrix(examples, names), examples, start=start, bias=present.bias, ridge=ridge, bounds=bounds
    )
    return ConfidenceModel(dict(zip(names, weights.tolist(), strict=True)), bias)


def _matrix(examples: Sequence[Example], names: Sequence[str]) -> Floats:
    rows = [[item.parts.get(name, 0.0) for name in names] for item in examples]
    return np.array(rows).reshape(len(examples), len(names))


def _minimised(
    features: Floats,
    examples: Sequence[Example],
    *,
    start: Floats,
    bias: float,
    ridge: float,
    bounds: Sequence[tuple[float, float | None]] = ((0.0, None),),
    bias_ridge: float = 0.0,
) -> tuple[Floats, float]:
    """Weights within bounds and bias with the least penalised log loss, by L-BFGS-B (Byrd et al., 1995)."""
    # deferred: loading scipy takes longer than answering a question
    from scipy.optimize import minimize
    from scipy.special import expit

    labels = np.array([item.right for item in examples], dtype=float)
    mass = np.array([item.weight for item in examples])

    def loss(values: Floats) -> tuple[float, Floats]:
        weights, offset = values[:-1], values[-1]
        totals = features @ weights + offset
        away, shift = weights - start, offset - bias
        value = (mass * (np.logaddexp(0.0, totals) - labels * totals)).sum()
        error = mass * (expit(totals) - labels)
        slope = np.append(features.T @ error + ridge * away, error.sum() + bias_ridge * shift)
        return value + 0.5 * ridge * away @ away + 0.5 * bias_ridge * shift**2, slope

    limits = [*bounds, (None, None)]
    found = minimize(loss, np.append(start, bias), jac=True, bounds=limits, method="L-BFGS-B")
    return found.x[:-1], float(found.x[-1])
