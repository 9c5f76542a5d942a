"""A stop watch with named laps, in milliseconds."""

import time


class Clock:
    """Runs from its making; each lap is the time since the one before."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    @property
    def laps(self) -> dict[str, float]:
        """The laps so far, in milliseconds."""
        return dict(self._laps)

    def lap(self, name: str) -> float:
        """Ends a lap and returns the milliseconds since the start."""
        now = time.perf_counter()
        self._laps[name] = round((now - self._last) * 1e3, 3)
        self._last = now
        return self.total()

    def total(self) -> float:
        """Milliseconds from the start to the end of the last lap."""
        return round((self._last - self._started) * 1e3, 3)

    def with_total(self) -> dict[str, float]:
        """The laps with their sum as `total`."""
        return {**self._laps, "total": self.total()}
