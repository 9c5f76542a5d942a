"""Parses HTML into an lxml tree, whatever its state: no network, no entity expansion, bounded depth.

It knows nothing about what the elements mean.
"""

import re
from dataclasses import dataclass
from typing import Any

_GIANT = re.compile(r"[^<]{4000000}")
"""The parser drops a piece of text of ten million characters; a break that shows nothing makes it several."""
_LARGE = 4_000_000


@dataclass(frozen=True, slots=True)
class Tree:
    """The root element of a parsed text, None if there is nothing in it, and what was lost."""

    root: Any | None
    notices: tuple[str, ...] = ()


def parse_html(text: str) -> Tree:
    """The tree of an HTML text, without comments. What stands too deep is lost, with a notice.

    That is below 255 levels, in large texts below 2,047.
    """
    from lxml import etree  # deferred: 80 ms that a start without HTML or Markdown does not need

    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        huge_tree=len(text) > _LARGE,
        remove_comments=True,
        remove_pis=True,
        recover=True,
    )
    try:
        root = etree.fromstring(_GIANT.sub(r"\g<0><wbr>", text).encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return Tree(None)
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        return Tree(root, ("the page is nested too deeply; its text from that place on was left out",))
    return Tree(root)
