"""Reads web pages: the main content into blocks, the head into metadata.

It knows nothing about fetching: the page's address comes from its own `<link rel=canonical>`
or `og:url`, or not at all.
"""

import re
from typing import Any

from openbook.ingest.composer import Composer
from openbook.ingest.decoding import decode
from openbook.ingest.markup.main_content import find_main
from openbook.ingest.markup.tree import parse_html
from openbook.ingest.markup.visibility import apply_style_sheets, hidden_notices, is_left_out, reveal_panels
from openbook.ingest.markup.walker import Walker
from openbook.ingest.metadata import describe, parse_moment
from openbook.types import Extract

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_DECLARATION_BYTES = 4_096
_MODIFIED_NAMES = ("article:modified_time", "og:updated_time", "last-modified", "dcterms.modified", "date.modified")
_PLAIN_NAMES = ("audience", "locale", "product", "status", "valid_from", "valid_until", "updated_at")


def read(data: bytes, *, path: str) -> Extract:
    """The extract of an HTML page.

    Raises:
        ReadError: The bytes are no text.
    """
    found = _DECLARED.search(data[:_DECLARATION_BYTES])
    decoded = decode(data, path=path, declared=found[1].decode("ascii").lower() if found else "")
    composer = Composer()
    composer.notices.extend(decoded.notices)
    tree = parse_html(decoded.text)
    composer.notices.extend(tree.notices)
    described = describe({} if tree.root is None else page_values(tree.root))
    composer.notices.extend(described.notices)
    if tree.root is not None:
        apply_style_sheets(tree.root)
        reveal_panels(tree.root)
        walker = Walker(composer, is_dropped=is_left_out)
        walker.walk(find_main(tree.root))
        composer.notices.extend(hidden_notices(walker.dropped))
    return composer.finish(described.metadata, path=path)


def page_values(root: Any) -> dict[str, Any]:
    """What the head of a page says about it, under the names of `Metadata`."""
    tags = _meta_tags(root)
    values: dict[str, Any] = {name: tags[name] for name in _PLAIN_NAMES if name in tags}
    values.setdefault("locale", root.get("lang") or root.get("xml:lang") or tags.get("og:locale", "").replace("_", "-"))
    modified = next((tags[name] for name in _MODIFIED_NAMES if parse_moment(tags.get(name, ""))), "")
    values.setdefault("updated_at", modified)
    canonical = root.xpath("string(//link[translate(@rel, 'CANONIL', 'canonil')='canonical'][1]/@href)")
    values["url"] = canonical or tags.get("og:url", "")
    values["title"] = _title(root, tags)
    return values


def _title(root: Any, tags: dict[str, str]) -> str:
    """The page's own name: `og:title`, else the main heading if `<title>` holds it, else `<title>`."""
    named = " ".join(root.xpath("string(//title[1])").split())
    heading = " ".join(root.xpath("string(//h1[1])").split())
    if heading and heading.casefold() in named.casefold():
        return heading
    return tags.get("og:title", "") or named


def _meta_tags(root: Any) -> dict[str, str]:
    tags: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("http-equiv") or ""
        content = (element.get("content") or "").strip()
        if content:
            tags.setdefault(name.strip().lower(), content)
    return tags
