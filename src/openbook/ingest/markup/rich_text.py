"""Writes a text that stands inside a record — HTML, Markdown or plain — into a composer.

The existing readers read it, and their blocks are written again under the record's own headings. It
knows nothing about records; where nobody says what a text is, its look decides.
"""

import re
from typing import Literal

from openbook.ingest.cleaning import clean
from openbook.ingest.composer import Composer
from openbook.ingest.readers import html, markdown, plain
from openbook.types import Block, BlockKind, Extract, Metadata

Form = Literal["html", "markdown", "text"]

_DEEPEST = 6
_LONGEST_GUESSED = 100_000
_TAG_NAMES = (
    "a|b|blockquote|body|br|code|div|em|h[1-6]|hr|html|i|img|li|main|ol|p|pre|section|span|strong|table|td|th|tr|u|ul"
)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"\A---[ \t]*\n|^ {0,3}(?:#{1,6} \S|```|~~~|[-*+] \S|\d{1,3}[.)] \S|\|?[ \t]*:?-{3,}:?[ \t]*\|)"
    r"|\]\([^)\s]{1,2000}\)|\*\*\S|`[^`\n]{1,200}`",
    re.MULTILINE,
)


def form_of(text: str) -> Form:
    """What a text looks like; Markdown with some tags in it is Markdown, unless it begins with a tag."""
    start = text[:_LONGEST_GUESSED].lstrip()
    if _TAG.match(start) or start[:9].lower() == "<!doctype":
        return "html"
    if _MARKDOWN.search(start):
        return "markdown"
    return "html" if _TAG.search(start) else "text"


def compose_text(text: str, composer: Composer, *, under: int, form: Form | None = None, title: str = "") -> Metadata:
    """Writes the blocks of a text under a heading, and returns what the text says about itself.

    Args:
        text: The text as it stands in the record.
        composer: Takes its blocks and notices.
        under: The level of the heading it stands under; its own headings go below that level.
        form: What it is, where that is known.
        title: A first heading that says the same is left out.

    Raises:
        ReadError: The text says who may read it, and that cannot be understood.
    """
    text = clean(text).strip()
    if not text:
        return Metadata()
    form = form or form_of(text)
    if form == "text" and "\n\n" not in text:
        plain.compose_group(plain.join_wrapped(text.split("\n")), composer)
        return Metadata()
    reader = {"html": html.read, "markdown": markdown.read, "text": plain.read}[form]
    extract = reader(text.encode(), path="text")
    composer.notices.extend(extract.notices)
    _compose(extract, composer, under=under, title=title)
    return extract.metadata


def _compose(extract: Extract, composer: Composer, *, under: int, title: str) -> None:
    blocks = list(extract.blocks)
    if blocks and blocks[0].kind is BlockKind.HEADING and _same(blocks[0].span.of(extract.text), title):
        del blocks[0]
    highest = min((block.level for block in blocks if block.level), default=_DEEPEST)
    lowered = max(0, under + 1 - highest)
    for block in blocks:
        _compose_block(block, extract.text, composer, lowered=lowered)


def _compose_block(block: Block, text: str, composer: Composer, *, lowered: int) -> None:
    written = block.span.of(text)
    parts = [part.of(text) for part in block.parts]
    match block.kind:
        case BlockKind.HEADING:
            composer.heading(written, level=min(_DEEPEST, block.level + lowered))
        case BlockKind.PARAGRAPH:
            composer.paragraph(written)
        case BlockKind.CODE:
            composer.code(written)
        case BlockKind.TABLE:
            composer.table([[part] for part in parts], has_header=block.header is not None)
        case _:
            composer.listing(parts, ordered=block.kind is BlockKind.STEPS)


def _same(first: str, second: str) -> bool:
    return first.split() == clean(second).split()
