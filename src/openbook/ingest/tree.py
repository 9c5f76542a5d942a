"""Parses HTML into an lxml tree, whatever its state: no network, no entity expansion, bounded size.

It knows nothing about what the elements mean.
"""

from typing import Any


def parse_html(text: str) -> Any | None:
    """The root element of an HTML text, without comments, or None if there is nothing in it."""
    from lxml import etree  # deferred: 80 ms that a start without HTML or Markdown does not need

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
