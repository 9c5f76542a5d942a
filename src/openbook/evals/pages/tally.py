"""Counts what would have become of questions, and says it in words for whoever leads the support."""

from collections.abc import Sequence
from dataclasses import dataclass

from openbook.evals.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Tally:
    """Four kinds of questions, which add up to all.

    Attributes:
        right: Answered, and rightly.
        wrong: Answered, and wrongly.
        held_right: Held back, though the answer would have been right.
        held: Held back for want of a right answer.
    """

    name: str
    right: int
    wrong: int
    held_right: int
    held: int

    @property
    def sent(self) -> int:
        """How many would be answered."""
        return self.right + self.wrong

    @property
    def cases(self) -> int:
        """How many there are."""
        return self.sent + self.held_right + self.held

    @property
    def share_right(self) -> float:
        """The share of the answered ones that was right; not a number where none was answered."""
        return self.right / self.sent if self.sent else float("nan")


def tally(outcomes: Sequence[Outcome], *, name: str = "") -> Tally:
    """Counts the kinds."""
    kept = [item for item in outcomes if not item.sent]
    right = sum(item.sent and item.right for item in outcomes)
    held_right = sum(item.would_be_right for item in kept)
    return Tally(name, right, len(outcomes) - len(kept) - right, held_right, len(kept) - held_right)


def by_group(outcomes: Sequence[Outcome]) -> tuple[Tally, ...]:
    """A tally for each group, by name; those without a group are "no group"."""
    groups: dict[str, list[Outcome]] = {}
    for item in outcomes:
        groups.setdefault(item.group or "no group", []).append(item)
    return tuple(tally(members, name=name) for name, members in sorted(groups.items()))


def in_words(found: Tally) -> tuple[str, str]:
    """What would be answered and how well, and what would be held back and why."""
    if not found.cases:
        return "No question was asked.", "Write a dataset with at least one question, and evaluate again."
    return _answered(found), _held(found)


def _answered(found: Tally) -> str:
    asked = "The one question" if found.cases == 1 else f"Of {found.cases:,} questions, {found.sent or 'none'}"
    if not found.sent:
        return "The one question would not be answered." if found.cases == 1 else f"{asked} would be answered."
    if found.cases == 1:
        return f"{asked} would be answered, {'rightly' if found.right else 'wrongly'}."
    if not found.wrong or not found.right:
        which = "and" if found.sent == 1 else "all of them"
        return f"{asked} would be answered, {which} {'wrongly' if found.wrong else 'rightly'}."
    return f"{asked} would be answered, {found.right:,} of them rightly and {found.wrong:,} wrongly."


def _held(found: Tally) -> str:
    total = found.held + found.held_right
    if not total:
        return "Nothing would be held back."
    rest = f"{total:,} would be held back for a person or a question back"
    if not found.held_right:
        return f"{rest}; for none of them was a right answer at hand."
    if not found.held:
        return f"{rest}, though a right answer was at hand for all of them."
    return f"{rest}. For {found.held_right:,} of them a right answer was at hand, for {found.held:,} there was none."
