"""Turns what was read into versions ready to be placed, and says what became of a file that is none.

It decides what a document is called within its source, whether it changed, what its source says for
it, and whether a person must look at it before it serves.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from openbook.errors import OpenbookError
from openbook.hashing import canonical_json, hash_bytes, hash_text
from openbook.ingest import CHUNKER_VERSION, READER_VERSION, chunk, embedding_text, kind_of, read
from openbook.ingest.sanitation import Suspicion, inspect
from openbook.stores.library import DraftVersion, Known
from openbook.types import NOT_SERVED, PUBLIC, UNSAID, Extract, FileOutcome, Metadata, Part, to_plain

PART_MARK = "#//"
FOLDER_MARK = "/**"
"""What a removed folder is told by among removed paths."""
TICKET = "ticket"
"""The kind of a document that was made of a past conversation."""
"""Stands between a file and a part of it: no path of a file has two slashes, and no address of a page a fragment."""

_REVIEWED = "everything from this source waits for approval"
_MARKED_DRAFT = "it is marked as a draft; the version that a person approved keeps serving until this one is approved"


@dataclass(frozen=True)
class Batch:
    """What is to be brought into service.

    Attributes:
        defaults: What the source says of documents that do not say it themselves.
        known: By path what the tables know of the source's documents; follows those that move.
        review: Whether a person approves every change.
        accepted: The hashes of passages that look like instructions and that a person approved.
        removed: The paths, and folders with their mark, that a person removed and that must not
            come back by themselves.
        locales: The languages that paths may name.
    """

    tenant: str
    source_id: str
    defaults: Metadata
    known: dict[str, Known] = field(default_factory=dict)
    review: bool = False
    accepted: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    locales: tuple[str, ...] = ()

    def is_removed(self, path: str) -> bool:
        """Whether a person removed this path, or the folder that it lies in."""
        return is_removed(path, self.removed)

    def paths_in(self, name: str) -> list[str]:
        """The paths of the known documents that came out of this file."""
        return self.by_file.get(name, [])

    def follow(self, old: str, new: str) -> None:
        """Knows a document by its new path; it is read again there, because its name may be its title."""
        self.known[new] = self.known.pop(old)._replace(content_hash="")
        self.by_file.pop(file_of(old), None)
        self.by_file[file_of(new)] = [new]

    @cached_property
    def by_file(self) -> dict[str, list[str]]:
        """The paths of the known documents by their file."""
        found: dict[str, list[str]] = {}
        for path in self.known:
            found.setdefault(file_of(path), []).append(path)
        return found

    @cached_property
    def rules(self) -> str:
        """What besides a file's bytes decides what is made of it."""
        return canonical_json([READER_VERSION, CHUNKER_VERSION, to_plain(self.defaults), list(self.locales)])


def file_of(path: str) -> str:
    """The file that a document's path names."""
    return path.partition(PART_MARK)[0]


def is_removed(path: str, removed: Collection[str]) -> bool:
    """Whether a path is among those removed, or lies in a folder that is."""
    folders = (name.removesuffix(FOLDER_MARK) for name in removed if name.endswith(FOLDER_MARK))
    return path in removed or any(path.startswith(f"{folder}/") for folder in folders)


def part_path(name: str, part: str) -> str:
    """The path of a document out of a file: the file's own where it is the only one."""
    return f"{name}{PART_MARK}{part}" if part else name


def ticket_id(path: str) -> str:
    """What the help desk calls the ticket that a document was made of; empty of other documents."""
    part = path.partition(PART_MARK)[2]
    return part.removeprefix(f"{TICKET} ") if part.startswith(f"{TICKET} ") else ""


def hash_of(batch: Batch, data: bytes) -> str:
    """What is equal as long as the same document would be made of these bytes."""
    return hash_text(hash_bytes(data) + batch.rules)


def draft(batch: Batch, path: str, data: bytes) -> DraftVersion | None:
    """Reads and cuts a file that is one document; None when it did not change.

    Raises:
        ReadError: It cannot be read.
    """
    digest = hash_of(batch, data)
    if path in batch.known and batch.known[path].content_hash == digest:
        return None
    made = draft_part(batch, path, Part("", kind_of(path, data), read(data, path=path)), content_hash=digest)
    assert isinstance(made, DraftVersion)
    return made


def draft_part(
    batch: Batch,
    name: str,
    part: Part,
    *,
    said: Metadata = UNSAID,
    outline: tuple[str, ...] = (),
    content_hash: str = "",
) -> DraftVersion | FileOutcome:
    """Cuts what was read of a file.

    Args:
        batch: Where it belongs.
        name: The file.
        part: One document out of it.
        said: What its place says of it.
        outline: Headings above the whole document, outermost first.
        content_hash: Of the whole file, where that is one document; else made of what was read.
    """
    path = part_path(name, part.name)
    if part.name or not content_hash:
        content_hash = hash_text(canonical_json(to_plain(part.extract)) + batch.rules)
    known = batch.known.get(path)
    if known is not None and known.content_hash == content_hash:
        return unchanged(batch, path)
    extract = replace(part.extract, metadata=merge(part.extract.metadata, said, batch.defaults))
    suspicions = tuple(_plain_suspicion(item, extract) for item in inspect(extract))
    chunks = tuple(replace(piece, heading_path=(*outline, *piece.heading_path)) for piece in chunk(extract))
    texts = tuple(embedding_text(extract.metadata.title, extract.text, piece) for piece in chunks)
    return DraftVersion(
        source_id=batch.source_id,
        path=path,
        kind=part.kind,
        content_hash=content_hash,
        extract=extract,
        chunks=chunks,
        embedding_texts=texts,
        embedding_hashes=tuple(hash_text(text) for text in texts),
        hold=_hold(batch, extract, known, suspicions),
        suspicions=suspicions,
    )


def _plain_suspicion(item: Suspicion, extract: Extract) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(item)
    return {**plain, "hash": hash_text(item.span.of(extract.text))}


def _hold(batch: Batch, extract: Extract, known: Known | None, suspicions: tuple[dict[str, Any], ...]) -> str:
    """Why a person must look at a version before it serves; empty if nobody must."""
    doubtful = [item for item in suspicions if item["hash"] not in batch.accepted]
    if doubtful:
        more = f" (and {len(doubtful) - 1} more)" if len(doubtful) > 1 else ""
        return f"{doubtful[0]['reason']}{more}"
    if known is not None and known.approved and extract.metadata.status in NOT_SERVED:
        return _MARKED_DRAFT
    return _REVIEWED if batch.review else ""


def merge(own: Metadata, said: Metadata, defaults: Metadata) -> Metadata:
    """What a document says of itself, filled up by its place and its source; public unless said otherwise."""
    return Metadata(
        title=defaults.title or own.title,
        audiences=own.audiences or defaults.audiences or (PUBLIC,),
        locale=own.locale or said.locale or defaults.locale,
        product=own.product or defaults.product,
        status=own.status or defaults.status or "approved",
        valid_from=own.valid_from or defaults.valid_from,
        valid_until=own.valid_until or defaults.valid_until,
        updated_at=own.updated_at or said.updated_at or defaults.updated_at,
        url=own.url or said.url or defaults.url,
        attributes=own.attributes,
    )


def unchanged(batch: Batch, path: str) -> FileOutcome:
    """What becomes of a document that stays as it is."""
    known = batch.known[path]
    return FileOutcome(path=path, outcome="unchanged", document_id=known.document_id, version=known.number)


def refused(batch: Batch, path: str, error: OpenbookError) -> FileOutcome:
    """What becomes of a file or record that cannot be read."""
    known = batch.known.get(path)
    kept = f" Its last good version ({known.number}) keeps serving." if known else ""
    mend = f" {error.fix}" if error.fix else ""
    return FileOutcome(
        path=path,
        outcome="skipped",
        reason=f"{error.message}{mend}{kept}",
        document_id=known.document_id if known else "",
        version=known.number if known else 0,
    )
