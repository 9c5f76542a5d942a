"""Reads folders and files of the disk: what is there, what did not change, what moved, what is gone.

A file whose size and times are those of the last reading is not opened. One that is gone while
another of the same content has come was moved: its document keeps its history.
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from openbook.hashing import hash_text
from openbook.ingest import BYTES_LIMIT, FoundFile, walk
from openbook.ingest.checkout import last_changes
from openbook.search.drafting import Batch, file_of, hash_of
from openbook.search.intake import Item, Settled
from openbook.search.languages import locale_in
from openbook.stores import Database, library
from openbook.stores.sightings import Sighting, drop_sightings, get_sightings, put_sightings
from openbook.types import FileOutcome, Metadata, Source, utc_now

_REMOVED = "it was removed by hand; add this file by name to bring it back"
_PASSED_OVER = "it is hidden, or in a folder that is passed over; copy it elsewhere and add the copy"
_STAT, _RULES, _DOCUMENTS = "stat", "rules", "documents"
_SETTLING = timedelta(seconds=2)
"""A file changed so shortly before it was read may be changed again within the same tick of its clock."""


class FolderReading:
    """One reading of a folder or a file.

    Args:
        database: Remembers what was seen of each file.
        source: The folder or file.
        batch: What is known of its documents.
        inner: Places in it that are left to other sources.
        locales: The languages that its paths may name.
        only: The one name that is wanted, or empty for all.

    Attributes:
        moved: By old path the new one of documents that moved.
        notice: Why it ended early; always empty, because folders are read to their end.
        remarks: Nothing to tell of the folder as a whole.
    """

    notice = ""
    remarks: tuple[str, ...] = ()

    def __init__(
        self,
        database: Database,
        source: Source,
        batch: Batch,
        *,
        inner: Sequence[Path],
        locales: Collection[str] = (),
        only: str = "",
    ) -> None:
        self._database = database
        self._location = Path(source.location)
        self._at = utc_now()
        self._only = only
        with database.read() as connection:
            seen = get_sightings(connection, batch.tenant, source.id)
        items = found_items(self._location, batch=batch, seen=seen, inner=inner, only=only)
        self._items = [_in_language(item, locales) for item in items]
        self._lost = [] if only else _lost(batch, {item.name for item in self._items})
        self._stats = {item.name: stat_of(item.content) for item in self._items if isinstance(item.content, Path)}
        self.moved: dict[str, str] = {}
        self.batch = batch
        self._follow_moves()

    def items(self) -> list[Item]:
        """The files."""
        return self._items

    def total(self) -> int:
        """How many files there are."""
        return len(self._items)

    def settle(self, settled: Sequence[Settled]) -> None:
        """Remembers files that are durable now, so that they are not opened again until they change."""
        stamps = self._stamped(settled)
        if stamps:
            keep = partial(put_sightings, tenant=self.batch.tenant, source_id=self.batch.source_id, seen=stamps)
            self._database.write(keep)

    def gone(self, outcomes: Sequence[FileOutcome]) -> list[str]:
        """The documents that a second look did not find either, and those that their file holds no longer."""
        lost = [path for path in self._lost if path not in self.moved]
        missing = [path for path in lost if not os.path.lexists(self._location / file_of(path))]
        if missing:
            names = [file_of(path) for path in missing]
            forget = partial(drop_sightings, tenant=self.batch.tenant, source_id=self.batch.source_id, names=names)
            self._database.write(forget)
        return missing + no_longer_held(self.batch, outcomes, (item.name for item in self._items))

    def _stamped(self, settled: Iterable[Settled]) -> list[Sighting]:
        rules = hash_text(self.batch.rules)
        return [
            Sighting(
                done.item.name,
                stamp={_STAT: self._stats[done.item.name], _RULES: rules, _DOCUMENTS: done.documents},
                seen_at=self._at,
            )
            for done in settled
            if done.whole and self._stats.get(done.item.name)
        ]

    def _follow_moves(self) -> None:
        """Lets documents follow their files to other names."""
        for old, new in _moves(self.batch, self._lost, self._items).items():
            document_id = self.batch.known[old].document_id
            move = partial(library.move_document, tenant=self.batch.tenant, document_id=document_id, path=new)
            if self._database.write(move):
                self.moved[old] = new
                self.batch.follow(old, new)

    def close(self) -> None:
        """Nothing is left to be written down."""


def found_items(
    location: Path,
    *,
    batch: Batch,
    seen: Mapping[str, Sighting],
    inner: Sequence[Path] = (),
    only: str = "",
) -> list[Item]:
    """The files of a folder, or the one file, as items.

    Args:
        location: The folder or file.
        batch: What is known of its documents.
        seen: What was seen of its files before.
        inner: Places in it that are left to other sources.
        only: The one name that is wanted, or empty for all.
    """
    changed = last_changes(location if location.is_dir() else location.parent)
    walked = [file for file in walk(location) if not any(map(file.path.is_relative_to, inner))]
    items = [
        _item(file, batch=batch, seen=seen, changed=changed.get(file.name))
        for file in walked
        if only in ("", file.name)
    ]
    items = _named_once(items)
    return items or ([Item(only, location / only, _PASSED_OVER)] if only else [])


def _item(file: FoundFile, *, batch: Batch, seen: Mapping[str, Sighting], changed: datetime | None) -> Item:
    if file.problem or batch.is_removed(file.name):
        return Item(file.name, file.path, file.problem or _REMOVED)
    last = seen.get(file.name)
    same = last is not None and _is_same(file, last, batch)
    return Item(file.name, file.path, is_same=same, said=Metadata(updated_at=changed))


def _named_once(items: Sequence[Item]) -> list[Item]:
    """The items, of which none has the name of one before it, as undecodable names may have."""
    names: set[str] = set()
    kept = []
    for item in items:
        if item.name not in names:
            kept.append(item)
        elif not item.problem:
            other = f"{item.name} (another file whose name is shown alike)"
            kept.append(Item(other, item.content, "its name cannot be told from another file's; rename it"))
        names.add(item.name)
    return kept


def _in_language(item: Item, locales: Collection[str]) -> Item:
    return replace(item, said=replace(item.said, locale=locale_in(item.name, locales)))


def _is_same(file: FoundFile, last: Sighting, batch: Batch) -> bool:
    stamp = last.stamp
    return (
        stamp.get(_STAT) == stat_of(file.path, before=last.seen_at)
        and stamp.get(_RULES) == hash_text(batch.rules)
        and stamp.get(_DOCUMENTS) == len(batch.paths_in(file.name))
    )


def stat_of(path: Path, *, before: datetime | None = None) -> str:
    """What the disk says of a file without opening it; empty if it changed too shortly before a moment to tell."""
    try:
        found = path.stat()
    except OSError:
        return ""
    newest = max(found.st_mtime, found.st_ctime)
    if before is not None and newest > (before - _SETTLING).timestamp():
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_ino}"


def _lost(batch: Batch, names: set[str]) -> list[str]:
    """The known documents whose file is not among these names."""
    return [path for path in batch.known if path not in names and file_of(path) not in names]


def no_longer_held(batch: Batch, outcomes: Sequence[FileOutcome], names: Iterable[str]) -> list[str]:
    """Known documents of the files of these names that were read to their end and hold them no longer.

    While a file has a damaged record that nobody can name, that may be any document which seems to be missing.
    """
    told = {outcome.path for outcome in outcomes}
    skipped = [outcome.path for outcome in outcomes if outcome.outcome == "skipped"]
    nameless = {path for path in skipped if path not in batch.known and not batch.is_removed(path)}
    unread = {*skipped, *map(file_of, nameless)}
    read = [name for name in names if name not in unread]
    return [path for name in read for path in batch.paths_in(name) if path not in told]


def _moves(batch: Batch, gone: Iterable[str], items: Iterable[Item]) -> dict[str, str]:
    """By old path the new name of files that hold what a file that is gone held."""
    lost = {digest: path for path in gone if (digest := batch.known[path].content_hash)}
    if not lost:
        return {}
    found: dict[str, str] = {}
    for item in items:
        if item.problem or item.is_same or item.name in batch.known or not isinstance(item.content, Path):
            continue
        old = lost.get(_hash_of_file(batch, item.content))
        if old is not None:
            found.setdefault(old, item.name)
    return found


def _hash_of_file(batch: Batch, path: Path) -> str:
    try:
        return hash_of(batch, path.read_bytes()) if path.stat().st_size <= BYTES_LIMIT else ""
    except OSError:
        return ""
