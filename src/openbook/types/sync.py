"""What became of a sync or a removal, file by file, and its progress."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from openbook.types.record import Record, to_plain

Outcome = Literal["read", "unchanged", "moved", "removed", "skipped", "waiting"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class FileOutcome(Record):
    """What became of one document: `read`, `unchanged`, `removed`, `skipped` or `waiting`, with the reason.

    One that is `waiting` was read and serves nobody until a person approves it.
    """

    path: str
    outcome: Outcome
    reason: str = ""
    document_id: str = ""
    version: int = 0
    chunks: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncReport(Record):
    """What one `add` or `sync` did, file by file.

    Attributes:
        old_chunks_left: Chunks of versions that were replaced or removed and still are in the
            index, looked for afterwards.
        notices: What a person should know of a source as a whole.
    """

    source_ids: tuple[str, ...]
    files: tuple[FileOutcome, ...]
    seconds: float
    old_chunks_left: int = 0
    notices: tuple[str, ...] = ()

    def count(self, outcome: str) -> int:
        """How many files had this outcome."""
        return sum(1 for file in self.files if file.outcome == outcome)

    def to_dict(self) -> dict[str, Any]:
        """The counts first, then every file."""
        counts: dict[str, Any] = {name: self.count(name) for name in OUTCOMES}
        about = {"seconds": self.seconds, "old_chunks_left": self.old_chunks_left, "notices": list(self.notices)}
        return {"source_ids": list(self.source_ids), **counts, **about, "files": to_plain(self.files)}

    @classmethod
    def joined(cls, reports: Sequence[Self], *, seconds: float) -> Self:
        """Several reports as one."""
        return cls(
            tuple(identifier for report in reports for identifier in report.source_ids),
            tuple(file for report in reports for file in report.files),
            seconds,
            sum(report.old_chunks_left for report in reports),
            tuple(notice for report in reports for notice in report.notices),
        )


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """A step of long work: `done` of `total` units (0: unknown) and what is at hand."""

    done: int
    total: int
    unit: str
    detail: str = ""


ProgressListener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class DeletionReceipt(Record):
    """Proof, by looking again, of what a removal left behind in everything that serves.

    Attributes:
        searches_that_find_it: Of searches for the old text, by those who could see it.
        texts_left: Texts that history keeps for auditors; none once they are erased.
        vectors_left: Vectors of such texts, which serve nobody; none once they are erased.
        seconds: From the request until the last look.
    """

    documents: tuple[str, ...]
    versions_withdrawn: int
    chunks_removed: int
    live_versions_left: int
    index_points_left: int
    searches_that_find_it: int
    erased: bool
    texts_left: int
    vectors_left: int
    receipts_erased: int
    seconds: float
