"""Counts what the server does, in the text format of Prometheus.

Fed by the answers of turns and by responses; knows neither questions nor callers. The format:
https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import threading
from bisect import bisect_left
from collections import Counter

from openbook.types import Decision
from openbook.version import VERSION

BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counters since the server started. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: Counter[str] = Counter()
        self._responses: Counter[int] = Counter()
        self._errors: Counter[str] = Counter()
        self._buckets = [0] * (len(BUCKETS_SECONDS) + 1)
        self._seconds = 0.0

    def count_turn(self, decision: Decision, seconds: float) -> None:
        """One turn that was recorded."""
        with self._lock:
            self._turns[decision.value] += 1
            self._buckets[bisect_left(BUCKETS_SECONDS, seconds)] += 1
            self._seconds += seconds

    def count_response(self, status: int) -> None:
        """One response of any route."""
        with self._lock:
            self._responses[status] += 1

    def count_error(self, code: str) -> None:
        """One problem, by its code."""
        with self._lock:
            self._errors[code] += 1

    def text(self) -> str:
        """Everything counted so far."""
        with self._lock:
            lines = [
                *_family("openbook_info", "gauge", "The version that runs.", {f'version="{VERSION}"': 1}),
                *_family(
                    "openbook_turns_total",
                    "counter",
                    "Questions answered, by decision.",
                    {f'decision="{kind.value}"': self._turns[kind.value] for kind in Decision},
                ),
                *_family(
                    "openbook_responses_total",
                    "counter",
                    "Responses, by HTTP status.",
                    {f'status="{status}"': count for status, count in sorted(self._responses.items())},
                ),
                *_family(
                    "openbook_errors_total",
                    "counter",
                    "Problems told to callers, by code.",
                    {f'code="{code}"': count for code, count in sorted(self._errors.items())},
                ),
                *self._histogram(),
            ]
        return "\n".join(lines) + "\n"

    def _histogram(self) -> list[str]:
        name = "openbook_turn_seconds"
        lines = [f"# HELP {name} Time from question to recorded answer.", f"# TYPE {name} histogram"]
        total = 0
        for bound, count in zip((*BUCKETS_SECONDS, "+Inf"), self._buckets, strict=True):
            total += count
            lines.append(f'{name}_bucket{{le="{bound}"}} {total}')
        return [*lines, f"{name}_sum {self._seconds:.6f}", f"{name}_count {total}"]


def _family(name: str, kind: str, meaning: str, samples: dict[str, int]) -> list[str]:
    return [
        f"# HELP {name} {meaning}",
        f"# TYPE {name} {kind}",
        *(f"{name}{{{labels}}} {value}" for labels, value in samples.items()),
    ]
