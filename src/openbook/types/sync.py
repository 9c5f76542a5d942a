"""What became of a sync or a removal, file by file, and its progress."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from openbook.types.record import Record, to_plain


@dataclass(frozen=True, slots=True)
class FileOutcome(Record):
    """What became of one file: `read`, `unchanged`, `removed` or `skipped` with the reason."""

    path: str
    outcome: Literal["read", "unchanged", "removed", "skipped"]
    reason: str = ""
    document_id: str = ""
    version: int = 0
    chunks: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncReport(Record):
    """What one `add` or `sync` did, file by file."""

    source_ids: tuple[str, ...]
    files: tuple[FileOutcome, ...]
    seconds: float

    def count(self, outcome: str) -> int:
        """How many files had this outcome."""
        return sum(1 for file in self.files if file.outcome == outcome)

    def to_dict(self) -> dict[str, Any]:
        """The counts first, then every file."""
        counts = {name: self.count(name) for name in ("read", "unchanged", "removed", "skipped")}
        return {"source_ids": list(self.source_ids), **counts, "seconds": self.seconds, "files": to_plain(self.files)}


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
    """Proof, by looking again, of what a removal left behind in everything that serves."""

    documents: tuple[str, ...]
    versions_withdrawn: int
    chunks_removed: int
    live_versions_left: int
    index_points_left: int
    erased: bool
    texts_left: int
    receipts_erased: int
    seconds: float
