"""What is said of documents that are there no longer, or somewhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openbook.search.drafting import Batch
from openbook.types import FileOutcome, Outcome, Source


def told_moves(outcomes: Sequence[FileOutcome], moved: Mapping[str, str]) -> list[FileOutcome]:
    """The outcomes, where those of moved files say so."""
    old = {new: name for name, new in moved.items()}
    return [
        replace(outcome, outcome="moved", reason=f"it was {old[outcome.path]}")
        if outcome.path in old and outcome.outcome in ("read", "unchanged")
        else outcome
        for outcome in outcomes
    ]


def outcomes_of(batch: Batch, paths: Sequence[str], outcome: Outcome, reason: str) -> list[FileOutcome]:
    """One outcome for all of these documents."""
    return [
        FileOutcome(path, outcome, reason, batch.known[path].document_id, batch.known[path].number) for path in paths
    ]


def kept(batch: Batch, gone: Sequence[str], *, is_empty: bool) -> list[FileOutcome]:
    """That so many documents are gone at once that they serve for now."""
    empty = "the folder is empty now; `openbook remove` it if that is meant"
    return outcomes_of(batch, gone, "skipped", empty if is_empty else "it is gone; sync once more if that is meant")


def halved(batch: Batch, gone: Sequence[str]) -> str:
    """What to tell of a source that lost most of its documents."""
    return f"{len(gone)} of {len(batch.known)} documents are gone at once; they keep serving until a second sync."


def emptied(source: Source) -> str:
    """What to tell of a folder that lost all its documents."""
    return (
        f"{source.location} is empty now. Its {source.documents} documents keep their last good state; "
        f"`openbook remove` it if that is meant."
    )
