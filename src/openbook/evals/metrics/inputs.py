"""What every metric asks of its input, and the error that names the value which does not fit.

Sequences and arrays of numpy are both welcome. Nothing here knows what the numbers mean; an empty
input passes, since its figure is merely undefined.
"""

from collections.abc import Mapping, Sequence, Sized

import numpy as np
import numpy.typing as npt

from openbook.errors import UserError

_NUMERIC = "biuf"
Numbers = Sequence[float] | npt.NDArray[np.generic]
Truths = Sequence[bool] | npt.NDArray[np.generic]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


def numbers(values: Numbers, name: str) -> Floats:
    """The values as an array of floats.

    Args:
        values: One number a case.
        name: What one of them is called, for the error.

    Raises:
        UserError: Something is no number, or the list is not flat.
    """
    found = _flat(values, name).astype(np.float64)
    _refuse(found, np.isnan(found), name, "Leave out the cases in which it is undefined.")
    return found


def probabilities(values: Numbers, name: str) -> Floats:
    """The values as an array of floats in [0, 1].

    Raises:
        UserError: A value lies outside; names it.
    """
    found = numbers(values, name)
    _refuse(found, (found < 0) | (found > 1), name, "Give probabilities between 0 and 1.")
    return found


def amounts(values: Numbers, name: str) -> Floats:
    """The values as an array of finite floats that are not negative: times, costs.

    Raises:
        UserError: A value is negative or infinite; names it.
    """
    found = numbers(values, name)
    _refuse(found, (found < 0) | np.isinf(found), name, "Give finite amounts of 0 or more.")
    return found


def truths(values: Truths, name: str) -> Flags:
    """The values as an array of truth values; 0 and 1 count as such.

    Raises:
        UserError: A value is neither; names it.
    """
    found = _flat(values, name)
    _refuse(found, (found != 0) & (found != 1), name, "Give true or false.")
    return found.astype(np.bool_)


def judged(confidences: Numbers, labels: Truths) -> tuple[Floats, Flags]:
    """Confidences in [0, 1] with one label each.

    Raises:
        UserError: A confidence or a label does not fit, or there are not as many of both.
    """
    same_length({"confidences": confidences, "labels": labels})
    return probabilities(confidences, "confidence"), truths(labels, "label")


def same_length(lists: Mapping[str, Sized]) -> None:
    """Raises a UserError that counts each list by its name, unless all are of one length."""
    if len({len(values) for values in lists.values()}) > 1:
        counts = " and ".join(f"{len(values)} {name}" for name, values in lists.items())
        raise UserError(f"There are {counts}.", fix="Give one of each for every case, in the same order.")


def share_of(successes: int, cases: int, *, level: float) -> float:
    """`successes / cases`, for an interval of this level; not a number without cases.

    Raises:
        UserError: The successes are not between 0 and the cases, or the level not inside (0, 1).
    """
    if not 0 <= successes <= cases:
        raise UserError(f"There are {successes} successes in {cases} cases.", fix="Count successes among the cases.")
    if not 0 < level < 1:
        raise UserError(f"`level` is {level}.", fix="Set `level` between 0 and 1, such as 0.95.")
    return successes / cases if cases else float("nan")


def at_least_one(value: int, name: str) -> None:
    """Raises a UserError for a number below 1 where things are counted."""
    if value < 1:
        raise UserError(f"`{name}` is {value}.", fix=f"Set `{name}` to 1 or more.")


def _flat(values: Numbers | Truths, name: str) -> npt.NDArray[np.generic]:
    try:
        found = np.asarray(values)
    except ValueError as error:
        raise UserError(f"The {name} of some cases is a list.", fix="Give one number a case.") from error
    if found.ndim != 1:
        raise UserError(f"The values of {name} have {found.ndim} dimensions.", fix="Give one number a case.")
    if found.size and found.dtype.kind not in _NUMERIC:
        strange = next((value for value in values if not isinstance(value, float | int | np.generic)), values[0])
        raise UserError(f"The {name} {strange!r} is no number.", fix="Give one number a case.")
    return found


def _refuse(found: npt.NDArray[np.generic], unfit: Flags, name: str, fix: str) -> None:
    """Raises a UserError that names the first unfit value and its place."""
    if unfit.any():
        place = int(np.argmax(unfit))
        raise UserError(f"The {name} at place {place} is {found.tolist()[place]!r}.", fix=fix)
