"""Does a certificate keep its promise, what does it cost in labels, and does the watch over it cry wolf?

Labels are drawn from populations that are known to the last answer, so that the true error above any
threshold is known too: confidences that are right, too high, coarse, worst where they are highest, or worth
nothing. A fifth of each draw plans the walk, the rest certifies. A draw breaks the promise if
a certificate is granted above whose threshold more than the promised share of answers is wrong in truth.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta, binomtest

from measure import heading, parser, row, seconds
from openbook.evals.certificate import Certificate, Label, certify, plan_walk
from openbook.evals.drift import watch

_CERTAINTY = 0.95
_LIMITS = (0.1, 0.05, 0.02)
_SIZES = (200, 1_000, 5_000)
_LADDER = (40, 60, 80, 120, 160, 240, 320, 480, 640, 960, 1_280, 1_920, 2_560, 3_840, 5_120)
_SENDABLE = 0.9
_TUNING = 0.2
_ATOMS = (np.arange(1_000) + 0.5) / 1_000
_FLAT = {f"{risk:.2%} wrong everywhere": risk for risk in (0.102, 0.051, 0.0204)}
_SHAPES = ("calibrated", "over-confident", "in tenths", "worst where most confident", *_FLAT)
_IDS = tuple(map(str, range(100_000)))


@dataclass(frozen=True)
class Population:
    """Every confidence there is, how common it is among sendable answers, and how often it is wrong."""

    confidences: np.ndarray
    masses: np.ndarray
    risks: np.ndarray

    def true_error(self, threshold: float) -> float:
        """The share of wrong answers among those sent."""
        sent = self.confidences >= threshold
        return float((self.masses * self.risks)[sent].sum() / self.masses[sent].sum())

    def coverage(self, threshold: float) -> float:
        """The share of sendable answers that is sent."""
        return float(self.masses[self.confidences >= threshold].sum())

    def draw(self, count: int, generator: np.random.Generator) -> list[Label]:
        """Labels drawn one by one; some answers may not be sent, whatever their confidence."""
        chosen = generator.choice(len(self.confidences), size=count, p=self.masses)
        right = generator.random(count) >= self.risks[chosen]
        sendable = generator.random(count) < _SENDABLE
        return list(map(Label, _IDS, self.confidences[chosen].tolist(), sendable.tolist(), right.tolist()))


def population(shape: str) -> Population:
    """One of the populations by its name."""
    masses = 0.7 * beta.pdf(_ATOMS, 6, 0.35) + 0.3 * beta.pdf(_ATOMS, 1.5, 3)
    confidences = np.ceil(_ATOMS * 10) / 10 if shape == "in tenths" else _ATOMS
    risks = 1 - _ATOMS
    if shape == "over-confident":
        risks = 1 - _ATOMS**1.5
    elif shape == "worst where most confident":
        risks = np.where(_ATOMS > 0.98, 0.04, np.where(_ATOMS > 0.6, 0.012, 0.5))
    elif shape in _FLAT:
        risks = np.full(len(_ATOMS), _FLAT[shape])
    return Population(confidences, masses / masses.sum(), risks)


def certified(labels: Sequence[Label], max_error: float) -> Certificate:
    """The whole procedure: the first fifth plans, the rest certifies."""
    cut = int(_TUNING * len(labels))
    tested = labels[cut:]
    walk = plan_walk(
        [label.confidence for label in labels[:cut] if label.sendable],
        expected=sum(label.sendable for label in tested),
        max_error=max_error,
        certainty=_CERTAINTY,
    )
    return certify(tested, max_error=max_error, certainty=_CERTAINTY, walk=walk)


def main() -> None:
    """Prints one table a question."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--draws", type=int, default=1_000)
    draws = arguments.parse_args().draws
    heading(f"Does a certificate keep its promise? {draws:,} draws each, certainty {_CERTAINTY:.0%}")
    show_promises(draws)
    heading("How many labels does a certificate take? Calibrated confidence, 100 draws each")
    for max_error in _LIMITS:
        show_labels(max_error)
    heading("How long does it take?")
    show_time()
    heading(f"Does the watch keep its promise? {draws:,} streams each")
    for max_error in _LIMITS:
        show_watch(max_error, draws)


def show_promises(draws: int) -> None:
    """How often a certificate is granted, and how often wrongly, for each population, size and limit."""
    worst = 0
    with ProcessPoolExecutor(max_workers=2) as pool:
        jobs = {(shape, size): pool.submit(granted, shape, size, draws) for shape in _SHAPES for size in _SIZES}
        for (shape, size), job in jobs.items():
            known = population(shape)
            for max_error, thresholds in job.result().items():
                broken = sum(known.true_error(threshold) > max_error for threshold in thresholds)
                coverage = np.mean([known.coverage(threshold) for threshold in thresholds]) if thresholds else 0.0
                measured = f"{_share(broken, draws)}; granted {len(thresholds) / draws:.3f}, coverage {coverage:.2f}"
                row(f"{shape}, {size:,} labels, {max_error:.0%}: promises broken", "<= 0.05", measured)
                worst = max(worst, broken)
    row("the worst of these", "<= 0.05", _share(worst, draws))


def granted(shape: str, size: int, draws: int) -> dict[float, list[float]]:
    """The thresholds that were certified, for each limit."""
    known, generator = population(shape), np.random.default_rng(size)
    thresholds: dict[float, list[float]] = {max_error: [] for max_error in _LIMITS}
    for _ in range(draws):
        labels = known.draw(size, generator)
        for max_error in _LIMITS:
            threshold = certified(labels, max_error).threshold
            if threshold is not None:
                thresholds[max_error].append(threshold)
    return thresholds


def show_labels(max_error: float) -> None:
    """The first rung of the ladder at which half and nine tenths of the draws are granted, and what refusals say."""
    known, generator = population("calibrated"), np.random.default_rng(1)
    shares = {}
    for size in _LADDER:
        shares[size] = np.mean([certified(known.draw(size, generator), max_error).granted for _ in range(100)])
        if shares[size] >= 0.9:
            break
    for wanted in (0.5, 0.9):
        first = next((f"{size:,}" for size, share in shares.items() if share >= wanted), f"over {_LADDER[-1]:,}")
        row(f"{max_error:.0%}: labels with which {wanted:.0%} of draws are granted", "-", first)
    enough = list(_after_refusal(known, max_error, generator))
    row(f"{max_error:.0%}: refused ones granted with as many fresh labels as were said", "-", f"{np.mean(enough):.2f}")


def _after_refusal(known: Population, max_error: float, generator: np.random.Generator) -> Iterator[bool]:
    """For refusals on labels too few, whether a fresh draw of the size that they ask for is granted."""
    size = round(4 / max_error)
    for _ in range(100):
        refused = certified(known.draw(size, generator), max_error)
        if refused.more_labels:
            wanted = round((refused.labels + refused.more_labels) / (1 - _TUNING))
            yield certified(known.draw(min(wanted, 20_000), generator), max_error).granted


def show_time() -> None:
    """Seconds for a walk and a certificate of 10,000 labels, the first call with its imports."""
    labels = population("calibrated").draw(10_000, np.random.default_rng(2))
    times = [seconds(lambda: certified(labels, 0.02)) for _ in range(5)]
    row("10,000 labels, planned and certified", "< 10 s", f"{np.median(times):.3f} s")


def show_watch(max_error: float, draws: int) -> None:
    """False alarms at exactly the limit, and how many reviews an alarm takes once the error has risen."""
    generator = np.random.default_rng(3)
    alarms = [_alarm(generator.random(2_000) < max_error, max_error) for _ in range(draws)]
    row(f"{max_error:.0%}: false alarms in 2,000 reviews", "<= 0.05", _share(sum(map(np.isfinite, alarms)), draws))
    for good in (0, 1_000):
        for times in (2, 3):
            after = np.where(np.arange(good + 5_000) < good, max_error / 2, times * max_error)
            found = [_alarm(generator.random(len(after)) < after, max_error) - good for _ in range(100)]
            since = f" after {good:,} reviews with half as much" if good else ""
            row(f"{max_error:.0%}: reviews until an alarm, error times {times}{since}", "-", f"{np.median(found):.0f}")


def _alarm(wrong: np.ndarray, max_error: float) -> float:
    """Which review withdraws the certificate; infinite if none does."""
    return watch(wrong, max_error=max_error, certainty=_CERTAINTY).at or np.inf


def _share(count: int, of: int) -> str:
    """A share with its exact 95 % interval, Clopper & Pearson (1934)."""
    interval = binomtest(int(count), of).proportion_ci(method="exact")
    return f"{count / of:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


if __name__ == "__main__":
    main()
