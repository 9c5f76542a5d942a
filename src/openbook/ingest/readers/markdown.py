"""Reads Markdown and MDX: front matter into metadata, the rest by way of HTML into blocks.

CommonMark with tables and strikethrough, rendered by markdown-it-py and then walked like
any page, so HTML inside Markdown needs no rules of its own. What tools and MDX add is taken
out before. A page without a body is made of the texts in its front matter. It knows nothing
about other files, so what a page includes is missing here.
"""

import re
from dataclasses import replace
from functools import cache
from typing import Any

from openbook.ingest.composer import Composer
from openbook.ingest.decoding import decode
from openbook.ingest.markup.dialects import plain_markdown
from openbook.ingest.markup.front_matter import split_front_matter, text_in_front_matter
from openbook.ingest.markup.mdx import mdx_to_markdown
from openbook.ingest.markup.tree import parse_html
from openbook.ingest.markup.visibility import apply_style_sheets, hidden_notices, is_hidden
from openbook.ingest.markup.walker import Walker
from openbook.types import Extract

_NESTING_LIMIT = 60
_PARAGRAPH_LIMIT = 20_000
_ATTRIBUTE_LINE = re.compile(r"^ {0,3}\{:[ .#][^{}\n]*\}[ \t]*$", re.MULTILINE)
_HEADING_WITH_ATTRIBUTES = re.compile(r"^ {0,3}#{1,6} .*\}[ \t]*$", re.MULTILINE)
_SWALLOWING = re.compile(
    r"<(/?)(script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|template)\b", re.IGNORECASE
)


def read(data: bytes, *, path: str) -> Extract:
    """The extract of a Markdown or MDX file.

    Raises:
        ReadError: The bytes are no text, or the front matter does not say who may read it.
    """
    decoded = decode(data, path=path)
    composer = Composer()
    composer.notices.extend(decoded.notices)
    front = split_front_matter(decoded.text)
    composer.notices.extend(front.described.notices)
    is_mdx = path.lower().endswith(".mdx")
    plain = plain_markdown(front.body, values=front.values)
    if not plain.text.strip():
        plain = replace(plain, text=plain_markdown(text_in_front_matter(front.values), values={}).text)
    composer.notices.extend(f"includes {name}, which is read as its own file" for name in plain.included)
    tree = parse_html(_render(mdx_to_markdown(plain.text) if is_mdx else plain.text, is_mdx=is_mdx))
    composer.notices.extend(tree.notices)
    if tree.root is not None:
        apply_style_sheets(tree.root)
        walker = Walker(composer, is_dropped=is_hidden)
        walker.walk(tree.root)
        composer.notices.extend(hidden_notices(walker.dropped))
    return composer.finish(front.described.metadata, path=path)


def _render(text: str, *, is_mdx: bool) -> str:
    """The HTML of a Markdown text, without the attributes that some writers put on lines and headings."""
    text = _HEADING_WITH_ATTRIBUTES.sub(_bare_heading, _ATTRIBUTE_LINE.sub("", text))
    return str(_parser(is_mdx=is_mdx).render(text))


def _bare_heading(found: re.Match[str]) -> str:
    """A heading line without the `{#id}` or `{: .class}` at its end."""
    heading, _, attributes = found[0].rpartition("{")
    return heading.rstrip() if attributes[:1] in (":", "#") else found[0]


@cache
def _parser(*, is_mdx: bool) -> Any:
    """The parser; in MDX an indent makes no code, for components indent what they hold."""
    from markdown_it import MarkdownIt  # deferred: 120 ms that a start without Markdown does not need

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _NESTING_LIMIT}).enable(["table", "strikethrough"])
    parser.core.ruler.before("inline", "bound", _leave_giants_unparsed)
    if is_mdx:
        parser.disable("code")
    parser.add_render_rule("html_block", _raw_html)
    parser.add_render_rule("html_inline", _inline_html)
    return parser


def _leave_giants_unparsed(state: Any) -> None:
    """Takes a paragraph of absurd length as plain text: looking for links in it takes quadratic time."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > _PARAGRAPH_LIMIT:
            token.type = "text"


def _raw_html(_renderer: Any, tokens: Any, index: int, _options: Any, _environment: Any) -> str:
    """A block of HTML, with what it leaves open closed where the rest of the page would vanish in it."""
    content: str = tokens[index].content
    opened = [name.lower() for slash, name in _SWALLOWING.findall(content) if not slash]
    closed = [name.lower() for slash, name in _SWALLOWING.findall(content) if slash]
    missing = "".join(f"</{name}>" for name in dict.fromkeys(opened) if opened.count(name) > closed.count(name))
    comment = "-->" if content.rfind("<!--") > content.rfind("-->") else ""
    return content + comment + missing


def _inline_html(_renderer: Any, tokens: Any, index: int, _options: Any, environment: Any) -> str:
    """A tag inside running text; one that would swallow the rest of the page needs its closing tag."""
    content: str = tokens[index].content
    found = _SWALLOWING.match(content)
    if not found or found[1]:
        return content
    key = f"last closing tags of {id(tokens)}"
    if key not in environment:
        environment[key] = _last_closing_tags(tokens)
    return content if environment[key].get(found[2].lower(), -1) > index else ""


def _last_closing_tags(tokens: Any) -> dict[str, int]:
    """Where among the tokens of a paragraph each kind of swallowing element is closed last."""
    tags = ((index, _SWALLOWING.match(token.content)) for index, token in enumerate(tokens))
    return {found[2].lower(): index for index, found in tags if found and found[1]}
