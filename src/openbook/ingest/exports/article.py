"""Turns an article of a help centre, HTML with its fields, into a document; it knows no layout."""

from collections.abc import Mapping
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.composer import Composer
from openbook.ingest.markup.tree import parse_html
from openbook.ingest.markup.visibility import apply_style_sheets, hidden_notices, is_hidden, reveal_panels
from openbook.ingest.markup.walker import Walker
from openbook.ingest.metadata import describe
from openbook.types import Part


def article_part(name: str, html: str, values: Mapping[str, Any]) -> Part:
    """The document of one article.

    Args:
        name: Its id, stable from one export to the next.
        html: Its body.
        values: What is known of it, under the names of `Metadata`.

    Raises:
        ReadError: It holds no text, or a value that limits who may read it does not fit.
    """
    composer = Composer()
    described = describe(values)
    composer.notices.extend(described.notices)
    tree = parse_html(html)
    composer.notices.extend(tree.notices)
    if tree.root is not None:
        reveal_panels(tree.root)
        apply_style_sheets(tree.root)
        walker = Walker(composer, is_dropped=is_hidden)
        walker.walk(tree.root)
        composer.notices.extend(hidden_notices(walker.dropped))
    extract = composer.finish(described.metadata, path=name)
    if not extract.blocks:
        raise ReadError("it holds no text that a visitor could see.", fix="Write the article, or delete it.")
    return Part(name, "article", extract)
