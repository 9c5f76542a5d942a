"""Reads where a site places a page: its breadcrumbs, from structured data or from the list that visitors see.

It knows nothing about the page's text.
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

_BYTES_READ = 200_000
_ITEMS_LIMIT = 12
_ELEMENTS_LIMIT = 40
_LONGEST = 120
_SEPARATORS = "›»>/|→·• \n\t\r\u00a0"
_LISTS = (
    "//*[contains(translate(@aria-label, 'BREADCUMS', 'breadcums'), 'breadcrumb')]"
    " | //*[contains(@itemtype, 'BreadcrumbList')]"
    " | //nav[contains(@class, 'crumb')] | //ol[contains(@class, 'crumb')] | //ul[contains(@class, 'crumb')]"
    " | //div[contains(@class, 'crumb')]"
)


def breadcrumbs(root: Any, *, title: str = "") -> tuple[str, ...]:
    """The names above a page, outermost first, without the page's own; empty if it shows none.

    Args:
        root: The page's lxml tree.
        title: The page's own name.
    """
    found = next((names for names in (*_structured(root), *_visible(root)) if names), ())
    return found[:-1] if found and found[-1].casefold() == title.casefold() else found


def _structured(root: Any) -> Iterator[tuple[str, ...]]:
    """The lists in JSON-LD (schema.org/BreadcrumbList)."""
    for script in root.xpath("//script[@type='application/ld+json']"):
        text = script.text or ""
        if "BreadcrumbList" not in text or len(text) > _BYTES_READ:
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for each in _objects(value):
            if each.get("@type") == "BreadcrumbList" and isinstance(each.get("itemListElement"), list):
                yield _tidy(_item_name(item) for item in each["itemListElement"])


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects at the top of a JSON-LD text, in its list or in its graph."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield each
            graph = each.get("@graph")
            yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()


def _item_name(item: Any) -> str:
    if not isinstance(item, dict):
        return ""
    inner = item.get("item")
    name = item.get("name") or (inner.get("name") if isinstance(inner, dict) else "")
    return name if isinstance(name, str) else ""


def _visible(root: Any) -> Iterator[tuple[str, ...]]:
    """The lists that visitors see, whether of items or of links and plain names side by side."""
    for element in root.xpath(_LISTS)[:3]:
        items = list(islice(element.iter("li"), _ELEMENTS_LIMIT))
        beside = (each for each in islice(element.iter("a", "span"), _ELEMENTS_LIMIT) if _is_name(each))
        yield _tidy("".join(item.itertext()) for item in items or beside)


def _is_name(element: Any) -> bool:
    """Whether a link or span is a name by itself: not a span around a link, or inside of one."""
    if element.tag == "a":
        return True
    return element.find(".//a") is None and next(element.iterancestors("a"), None) is None


def _tidy(names: Iterator[str]) -> tuple[str, ...]:
    plain = (" ".join(name.split()).strip(_SEPARATORS)[:_LONGEST] for name in names)
    return tuple(dict.fromkeys(name for name in plain if name))[:_ITEMS_LIMIT]
