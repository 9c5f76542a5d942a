"""The figures of a report and its gates, ready for a page: named, explained, in order, judged."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openbook.evals.metrics import Metric
from openbook.evals.pages.meanings import TOPICS, Meaning, meaning
from openbook.evals.pages.words import say


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with what it means."""

    metric: Metric
    meaning: Meaning

    @property
    def has_interval(self) -> bool:
        """Whether an interval belongs to it."""
        return math.isfinite(self.metric.low) and self.metric.low != self.metric.high


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure that has to reach a value.

    Attributes:
        needed: The value, in words.
        found: What was reached, in words.
        state: Whether that is enough; `unknown` where nothing was measured.
    """

    meaning: Meaning
    needed: str
    found: str
    state: Literal["reached", "missed", "unknown"]


def by_topic(metrics: Iterable[Metric]) -> dict[str, list[Score]]:
    """The measured figures under their headings; headings without figures are left out."""
    scores = [Score(metric, meaning(metric.name)) for metric in metrics if math.isfinite(metric.value)]
    topics = {topic: [score for score in scores if score.meaning.topic == topic] for topic in TOPICS}
    return {topic: members for topic, members in topics.items() if members}


def unsaid(metrics: Iterable[Metric]) -> list[str]:
    """The names of the figures that the questions say nothing about."""
    return [meaning(metric.name).label for metric in metrics if not math.isfinite(metric.value)]


def judged_gates(gates: Mapping[str, float], metrics: Sequence[Metric]) -> tuple[Gate, ...]:
    """Each gate held against its figure: at least the value, or at most where less is better; 0 is no gate."""
    values = {metric.name: metric.value for metric in metrics}
    return tuple(_gate(name, limit, values.get(name, math.nan)) for name, limit in gates.items() if limit)


def _gate(name: str, limit: float, value: float) -> Gate:
    known = meaning(name)
    at_most = known.better == "less"
    passed = value <= limit if at_most else value >= limit
    measured = math.isfinite(value) and math.isfinite(limit)
    return Gate(
        known,
        f"{'at most' if at_most else 'at least'} {say(limit, known.kind)}",
        say(value, known.kind),
        ("reached" if passed else "missed") if measured else "unknown",
    )


def gates_in_words(gates: Sequence[Gate]) -> str:
    """How many gates are reached, and which are not; empty without gates."""
    if not gates:
        return ""
    failed = [gate.meaning.label for gate in gates if gate.state != "reached"]
    if not failed:
        return "The gate is reached." if len(gates) == 1 else f"All {len(gates)} gates are reached."
    verb = "is" if len(failed) == 1 else "are"
    return f"{len(failed)} of {len(gates)} gates {verb} not reached: {', '.join(failed)}."
