"""A run: what became of every case, in a file that an interrupted evaluation goes on from.

JSON Lines: first what was asked of what, then an outcome a line, each written whole and durably
before the next is begun. A run of other questions, or of other knowledge, is never gone on from.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from openbook.codec import decode
from openbook.errors import UserError
from openbook.evals.dataset import Case
from openbook.evals.outcome import Outcome
from openbook.hashing import canonical_json, hash_text
from openbook.types import Record, to_plain

T = TypeVar("T")
_KIND = "openbook run"


@dataclass(frozen=True, slots=True)
class RunHead(Record):
    """What a run was made of; equal heads give equal outcomes.

    Attributes:
        dataset: Hash of the cases.
        cases: How many there are.
        state: Hash of everything that decides about answers: knowledge, settings, models, calibration.
    """

    dataset: str
    cases: int
    state: str
    openbook_version: str
    kind: str = _KIND


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """A case and what became of it."""

    case: Case
    outcome: Outcome


def dataset_hash(cases: Sequence[Case]) -> str:
    """One hash of all cases in order."""
    return hash_text(canonical_json([to_plain(case) for case in cases]))


def is_run(path: Path) -> bool:
    """Whether a file begins as a run does."""
    try:
        with path.open("rb") as file:
            return _head(file.readline()) is not None
    except OSError:
        return False


def read_run(path: Path) -> tuple[RunHead, tuple[Entry, ...]]:
    """A run as far as it was written; a last line that was cut off is left out.

    Raises:
        UserError: The file cannot be read or is no run.
    """
    try:
        first, *others = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UserError(f"The run {path} cannot be read: {error}.", fix="Name a file that --run wrote.") from error
    head = _head(first)
    if head is None:
        raise UserError(f"{path} is no run of an evaluation.", fix="Name a file that `openbook evaluate --run` wrote.")
    found = (_decoded(Entry, line) for line in others)
    return head, tuple(entry for entry in found if entry is not None)


def read_whole_run(path: Path) -> tuple[RunHead, tuple[Entry, ...]]:
    """A run that was ended.

    Raises:
        UserError: The file cannot be read, is no run, or of a run that was interrupted.
    """
    head, entries = read_run(path)
    if len(entries) < head.cases:
        raise UserError(
            f"The run {path} was interrupted: {len(entries)} of {head.cases} questions are in it.",
            fix=f"Go on with it: openbook evaluate DATASET --run {path}",
        )
    return head, entries


def interrupted(path: Path, head: RunHead) -> tuple[Entry, ...]:
    """What an interrupted run of the very same is gone on from; nothing where there is no file yet.

    Raises:
        UserError: The file holds another run, or something else.
    """
    try:
        known, entries = read_run(path)
    except UserError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return ()
        raise
    if known != head:
        raise UserError(
            f"{path} holds a run of other questions, or of knowledge or settings that changed since.",
            fix="Name another file, or remove this one.",
        )
    return entries


def written(path: Path, head: RunHead, known: Sequence[Entry], fresh: Iterable[Entry]) -> Iterator[Entry]:
    """Passes entries on, each kept durably before the next is made.

    Args:
        path: The file; begun anew with what is known.
        head: What the run is of.
        known: Entries of the interrupted run.
        fresh: All entries in order, those known among them.

    Raises:
        UserError: The file cannot be written.
    """
    done = {entry.case.id for entry in known}
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(_line(head))
            file.writelines(map(_line, known))
        unfinished.replace(path)
        with path.open("a", encoding="utf-8") as file:
            for entry in fresh:
                if entry.case.id not in done:
                    file.write(_line(entry))
                    file.flush()
                    os.fsync(file.fileno())
                yield entry
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise UserError(f"The run {path} cannot be written: {error.strerror}.", fix="Name another file.") from error


def _line(record: RunHead | Entry) -> str:
    return json.dumps(to_plain(record), ensure_ascii=False) + "\n"


def _head(line: bytes) -> RunHead | None:
    head = _decoded(RunHead, line)
    return head if head is not None and head.kind == _KIND else None


def _decoded(kind: type[T], line: bytes) -> T | None:
    try:
        return decode(kind, json.loads(line))
    except (ValueError, RecursionError):
        return None
