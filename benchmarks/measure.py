"""What every benchmark needs: the data, the machine, quantiles with intervals, rows of a table.

Figures are quoted as medians with a 95 % bootstrap interval over the repetitions of one run;
shared machines are noisy, so what is compared is compared as ratios inside one run.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from openbook import Desk

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "benchmarks"
_DRAWS = 2_000


def data_folder() -> Path:
    """The folder of public data that `OPENBOOK_DATA` names; ends the run with the reason where it is absent."""
    named = os.environ.get("OPENBOOK_DATA", "")
    folder = Path(named)
    if not named or not (folder / "aws-docs" / "documents").is_dir():
        sys.stdout.write("skipped: OPENBOOK_DATA names no folder with aws-docs/documents in it\n")
        sys.exit(0)
    return folder


def machine() -> str:
    """One line about where this runs."""
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {platform.machine()}, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"


def parser(about: str) -> argparse.ArgumentParser:
    """A command line that shows a benchmark's own description."""
    return argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def quantile(values: Sequence[float], share: float) -> tuple[float, float, float]:
    """A quantile of the values with its 95 % bootstrap interval (fixed seed)."""
    found = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(0).choice(found, size=(_DRAWS, len(found)))
    low, high = np.quantile(np.quantile(drawn, share, axis=1), [0.025, 0.975])
    return float(np.quantile(found, share)), float(low), float(high)


def shown(values: Sequence[float], share: float = 0.5, *, unit: str = "", digits: int = 2) -> str:
    """A quantile as text, such as `6.41 ms [6.20, 6.77]`."""
    middle, low, high = quantile(values, share)
    return f"{middle:.{digits}f}{unit and ' ' + unit} [{low:.{digits}f}, {high:.{digits}f}]"


def row(figure: str, goal: str, measured: str) -> None:
    """Prints one row of a Markdown table."""
    sys.stdout.write(f"| {figure} | {goal} | {measured} |\n")
    sys.stdout.flush()


def heading(about: str) -> None:
    """Prints what is measured, where, and the head of the table."""
    sys.stdout.write(f"\n{about} ({machine()})\n\n| figure | goal | measured |\n|---|---|---|\n")


def aws_desk() -> Path:
    """A desk with all pages of aws-docs; made once and kept in `.cache`."""
    folder = CACHE / "aws-desk"
    pages = data_folder() / "aws-docs" / "documents"
    with Desk.open(folder) as desk:
        if not desk.documents():
            sys.stderr.write("Reading aws-docs into a desk; this is done once and takes some minutes ...\n")
            desk.add(pages, progress=lambda step: sys.stderr.write(f"\r{step.done} of {step.total} {step.unit}"))
            sys.stderr.write("\n")
    return folder
