"""Understands one product of a feed: which of its columns is what, whatever the shop calls it.

Feeds name the same facts differently: `sku` or `id`, `body_html` or `description`. Values stay as they
are written. It knows neither files nor units, and takes what a feed says for true.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openbook.ingest.cleaning import clean

Pair = tuple[str, str]

_NAMES = {
    "id": "id sku gtin ean upc mpn item_id product_id item_number article_number artikelnummer artikelnr variant_sku "
    "handle",
    "title": "title name product_name product_title item_name titel bezeichnung artikelbezeichnung produktname",
    "description": "description body_html body_(html) long_description product_description beschreibung "
    "langbeschreibung short_description kurzbeschreibung",
    "link": "link url product_url product_link permalink canonical_url online_store_url",
    "price": "price sale_price preis regular_price variant_price prices verkaufspreis price_range",
    "availability": "availability available in_stock stock stock_status verfügbarkeit lagerbestand",
    "brand": "brand vendor manufacturer marke hersteller",
    "image": "image_link image image_url image_src images additional_image_link featured_image bild media thumbnail",
    "variants": "variants variations skus",
    "group": "item_group_id handle parent_sku",
    "kind": "product_type google_product_category gtin ean product_category",
}
_COLUMNS = {kind: tuple(names.split()) for kind, names in _NAMES.items()}

_UNPUBLISHED_NAMES = """
cost cost_price cost_per_item cost_of_goods_sold purchase_price wholesale_price margin profit einkaufspreis supplier
supplier_sku lieferant
"""
_BOOKKEEPING_NAMES = """
admin_graphql_api_id position image_id variant_ids created_at updated_at published_at published_scope template_suffix
inventory_item_id inventory_management inventory_policy old_inventory_quantity fulfillment_service requires_shipping
taxable product_id mobile_link ads_redirect seo_title seo_description image_position variant_image
variant_inventory_tracker variant_inventory_policy variant_fulfillment_service variant_requires_shipping
variant_taxable image_alt_text
"""
_UNPUBLISHED = frozenset(_UNPUBLISHED_NAMES.split())
_BOOKKEEPING = frozenset(_BOOKKEEPING_NAMES.split())
_NOT_FACTS = frozenset(
    (*_COLUMNS["description"], *_COLUMNS["image"], *_COLUMNS["variants"], *_COLUMNS["link"], "options")
) | (_UNPUBLISHED | _BOOKKEEPING)
_OPTION = re.compile(r"(option\d) name", re.IGNORECASE)
_SPACES = re.compile(r"[\s_-]+")
_AMOUNT_NAMES = ("value", "amount")
_UNIT_NAMES = ("unit", "currency", "currency_code", "unit_code")
_NESTED_LIMIT = 4
_VALUES_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Product:
    """A product as a feed describes it.

    Attributes:
        facts: Names and values as they are written; a name may stand several times.
        variants: The facts of each variant that differ from one to the next.
        withheld: Columns that are not for customers, such as what the product cost the shop.
    """

    id: str
    title: str
    description: str
    url: str
    facts: tuple[Pair, ...]
    variants: tuple[tuple[Pair, ...], ...] = ()
    withheld: tuple[str, ...] = ()

    @property
    def attributes(self) -> tuple[Pair, ...]:
        """All facts, those of its variants among them, each once."""
        return tuple(dict.fromkeys((*self.facts, *(pair for variant in self.variants for pair in variant))))


def column_of(record: Mapping[str, Any], kind: str) -> str | None:
    """The column of a record that holds its "id", "title", "price" and so on, or None.

    One that holds something goes before one that is empty.
    """
    columns = {plain_name(name): name for name in reversed(list(record))}
    named = [columns[name] for name in _COLUMNS[kind] if name in columns]
    return next((name for name in named if text_of(record[name]) or isinstance(record[name], list | dict)), None) or (
        named[0] if named else None
    )


def names_for(kind: str) -> str:
    """What a column of this kind may be called, for a message."""
    return ", ".join(_COLUMNS[kind][:5])


def is_product(record: Mapping[str, Any]) -> bool:
    """Whether a record surely is a product: it has an id, a name, and what only goods have."""
    has = {kind: column_of(record, kind) is not None for kind in _COLUMNS}
    is_sold = has["price"] or has["availability"] or has["brand"] or has["variants"]
    return has["id"] and has["title"] and (is_sold or (has["link"] and (has["image"] or has["kind"])))


def product_of(records: Sequence[Mapping[str, Any]], *, name: str) -> Product:
    """The product that records describe together: one, or several that are its variants.

    Args:
        records: At least one; the first gives title, description and address.
        name: Its id.
    """
    first = records[0]
    title = value_of(first, "title")
    rows = [tuple(_facts(record, title=title)) for record in _with_options_named(records)]
    if len(rows) > 1:
        facts, variants = _apart(rows, is_continued=not any(value_of(record, "title") for record in records[1:]))
    else:
        facts, variants = rows[0], _nested_variants(first)
    return Product(
        id=name,
        title=title,
        description=_description(first),
        url=_address(value_of(first, "link")),
        facts=facts,
        variants=variants,
        withheld=tuple(dict.fromkeys(key for record in records for key in record if plain_name(key) in _UNPUBLISHED)),
    )


def value_of(record: Mapping[str, Any], kind: str) -> str:
    """What a record says of its "id", "title" and so on, on one line; empty where it does not."""
    column = column_of(record, kind)
    return text_of(record[column]) if column else ""


def plain_name(name: str) -> str:
    """A column's name in lower case, with underscores, without a feed's `g:`."""
    return _SPACES.sub("_", str(name).strip().casefold().removeprefix("g:"))


def text_of(value: Any) -> str:
    """A value on one line, as it is written; empty for one that is made of others."""
    if value is None or isinstance(value, list | Mapping):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(clean(str(value)).split())


def _facts(record: Mapping[str, Any], *, title: str) -> Iterator[Pair]:
    named = column_of(record, "title")
    for name, value in record.items():
        is_title = name == named and text_of(value) in ("", title)
        if not is_title and plain_name(name) not in _NOT_FACTS:
            yield from _pairs(_shown(name), value, depth=0)


def _pairs(name: str, value: Any, *, depth: int) -> Iterator[Pair]:
    """The facts in a value: lists give several, amounts with a unit one, other objects one for each name."""
    if depth > _NESTED_LIMIT:
        return
    if isinstance(value, list):
        for each in value[:_VALUES_LIMIT]:
            yield from _named_pairs(name, each, depth=depth)
    elif isinstance(value, Mapping):
        amount = _amount(value)
        if amount:
            yield name, amount
            return
        for inner, each in list(value.items())[:_VALUES_LIMIT]:
            if plain_name(inner) not in _NOT_FACTS:
                yield from _pairs(f"{name} {_shown(inner)}", each, depth=depth + 1)
    elif text := text_of(value):
        yield name, text


def _named_pairs(name: str, value: Any, *, depth: int) -> Iterator[Pair]:
    """The facts in an item of a list; `{"name": "Colour", "value": "blue"}` is the fact it names."""
    inner = text_of(value.get("name")) if isinstance(value, Mapping) else ""
    if inner:
        content = next((value[key] for key in ("value", "values", "options") if key in value), None)
        yield from _pairs(inner, content, depth=depth + 1)
    else:
        yield from _pairs(name, value, depth=depth + 1)


def _amount(value: Mapping[str, Any]) -> str:
    """`49.90 EUR` of `{"amount": "49.90", "currency": "EUR"}`, else nothing."""
    numbers = [text_of(value[name]) for name in _AMOUNT_NAMES if name in value]
    units = [text_of(value[name]) for name in _UNIT_NAMES if name in value]
    return f"{numbers[0]} {units[0]}".strip() if len(value) == 2 and numbers and units else ""


def _apart(
    rows: Sequence[tuple[Pair, ...]], *, is_continued: bool
) -> tuple[tuple[Pair, ...], tuple[tuple[Pair, ...], ...]]:
    """What all rows share, and what differs in each; in continued ones the first speaks for the others."""
    said: dict[str, list[str]] = {}
    for row in rows:
        for name, value in row:
            said.setdefault(name, []).append(value)
    for_all = {name for name, values in said.items() if len(values) == len(rows) and len(set(values)) == 1}
    if is_continued:
        later = {name for row in rows[1:] for name, _ in row}
        for_all |= {name for name, _ in rows[0] if name not in later}
    shared = tuple(pair for pair in rows[0] if pair[0] in for_all)
    variants = (tuple(pair for pair in row if pair[0] not in for_all) for row in rows)
    return shared, tuple(variant for variant in variants if variant)


def _with_options_named(records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The records of a table with `Option1 Name` and `Option1 Value` as a column of that name."""
    named = {name: text_of(value) for name, value in records[0].items() if _OPTION.fullmatch(str(name))}
    renamed = {f"{name[:-4]}Value".casefold(): value for name, value in named.items() if value}
    return [
        {renamed.get(str(name).casefold(), name): value for name, value in record.items() if name not in named}
        for record in records
    ]


def _nested_variants(record: Mapping[str, Any]) -> tuple[tuple[Pair, ...], ...]:
    """The facts of variants inside a product; `option1` has the name that the product gives to its options."""
    column = column_of(record, "variants")
    listed = _mappings(record[column]) if column else []
    names = [text_of(each.get("name")) for each in _mappings(record.get("options"))]
    renamed = {f"option{number}": name for number, name in enumerate(names, start=1) if name}
    rows = []
    for variant in listed:
        facts = (pair for name, value in variant.items() if name != "id" for pair in _variant_pairs(name, value))
        rows.append(tuple((renamed.get(name, name), value) for name, value in facts))
    return tuple(row for row in rows if row)


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _variant_pairs(name: str, value: Any) -> Iterable[Pair]:
    return () if plain_name(name) in _NOT_FACTS else _pairs(_shown(name), value, depth=0)


def _description(record: Mapping[str, Any]) -> str:
    column = column_of(record, "description")
    return str(record[column]) if column and isinstance(record[column], str) else ""


def _shown(name: str) -> str:
    return text_of(str(name)).removeprefix("g:")


def _address(link: str) -> str:
    return link if link.startswith(("https://", "http://")) else ""
