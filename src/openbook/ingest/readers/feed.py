"""Reads product feeds: each product is a document with its description, its facts and its variants.

CSV and TSV as shops give them to search engines, JSON and JSON Lines as shop systems export them. Rows
that follow each other with the same group (`item_group_id`, `Handle`) are variants of one product. Images
are not read, and what a product costs the shop is withheld. It does not know what the facts mean.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from openbook.errors import ReadError
from openbook.ingest.composer import Composer
from openbook.ingest.markup.rich_text import compose_text
from openbook.ingest.product import Pair, Product, column_of, is_product, names_for, product_of, value_of
from openbook.ingest.records import first_records, read_records
from openbook.types import BrokenPart, Extract, Metadata, Part, Ticket

_SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson")
_LOOKED_AT = 3
_VARIANTS_LIMIT = 1_000
_SHOWN_COLUMNS = 12

Record = Mapping[str, Any]


def recognises(sample: bytes, *, path: str) -> bool:
    """Whether a file that starts like this surely lists products."""
    if not path.lower().endswith(_SUFFIXES):
        return False
    return any(map(is_product, first_records(sample, path=path, limit=_LOOKED_AT)[:1]))


def read_all(stream: BinaryIO, *, path: str) -> Iterator[Part | BrokenPart | Ticket]:
    """The products of a feed. Of two with the same id the first counts.

    Raises:
        ReadError: The file holds no records, or its first has no column for an id or a name.
    """
    seen: set[str] = set()
    is_first = True
    for number, group in enumerate(_groups(read_records(stream, path=path)), start=1):
        if isinstance(group, BrokenPart):
            yield group
            continue
        if is_first:
            _refuse_missing_columns(group[0], path=path)
            is_first = False
        yield _part(group, number=number, seen=seen, path=path)


def _groups(records: Iterator[Record | BrokenPart]) -> Iterator[list[Record] | BrokenPart]:
    """Records one by one, but those of one group that follow each other together."""
    group: list[Record] = []
    for record in records:
        if isinstance(record, BrokenPart):
            yield record
        elif group and len(group) < _VARIANTS_LIMIT and _group(record) and _group(record) == _group(group[0]):
            group.append(record)
        else:
            if group:
                yield group
            group = [record]
    if group:
        yield group


def _group(record: Record) -> str:
    return value_of(record, "group")


def _part(group: Sequence[Record], *, number: int, seen: set[str], path: str) -> Part | BrokenPart:
    own = value_of(group[0], "id")
    shared = _group(group[0]) if len(group) > 1 else ""
    name = shared if shared and shared not in seen else own
    if not name:
        return BrokenPart(f"product {number}", f"it has no id; one of {names_for('id')} is needed")
    if not value_of(group[0], "title"):
        return BrokenPart(name, f"it has no name; one of {names_for('title')} is needed")
    if name in seen:
        return BrokenPart(name, f"another product before it has the id {name}; the first one counts")
    seen.add(name)
    try:
        return Part(name, "product", _extract(product_of(group, name=name), path=path))
    except ReadError as error:
        return BrokenPart(name, error.message)


def _extract(product: Product, *, path: str) -> Extract:
    composer = Composer()
    composer.heading(product.title, level=1)
    said = compose_text(product.description, composer, under=1, title=product.title)
    composer.table([("attribute", "value"), *_gathered(product.facts)], has_header=True)
    if product.variants:
        composer.heading("Variants", level=2)
        composer.table(_variant_rows(product.variants), has_header=True)
    if product.withheld:
        composer.notices.append(f"not for customers and left out: {', '.join(product.withheld)}")
    metadata = Metadata(title=product.title, url=product.url, attributes=product.attributes)
    return composer.finish(replace(metadata, audiences=said.audiences, status=said.status), path=path)


def _gathered(facts: Sequence[Pair]) -> list[Pair]:
    """One row for each name, its values joined by commas."""
    values: dict[str, list[str]] = {}
    for name, value in facts:
        values.setdefault(name, []).append(value)
    return [(name, ", ".join(each)) for name, each in values.items()]


def _variant_rows(variants: Sequence[Sequence[Pair]]) -> list[list[str]]:
    columns = list(dict.fromkeys(name for variant in variants for name, _ in variant))
    rows = [dict(_gathered(variant)) for variant in variants]
    return [columns, *([row.get(column, "") for column in columns] for row in rows)]


def _refuse_missing_columns(record: Record, *, path: str) -> None:
    """Refuses a file whose first record has no column for what every product needs."""
    for kind in ("id", "title"):
        if column_of(record, kind) is None:
            found = ", ".join(str(name) for name in list(record)[:_SHOWN_COLUMNS])
            raise ReadError(
                f"{path} has no column for the {kind} of its products; it has {found}.",
                fix=f"Name that column {kind}; also known are {names_for(kind)}.",
            )
