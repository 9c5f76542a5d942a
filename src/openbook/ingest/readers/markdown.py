"""Reads Markdown: front matter into metadata, the rest by way of HTML into blocks.

CommonMark with tables and strikethrough, rendered by markdown-it-py and then walked like
any page, so HTML inside Markdown needs no rules of its own. It knows nothing about files.
"""

import re
from functools import cache
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.composer import Composer
from openbook.ingest.decoding import decode
from openbook.ingest.metadata import Described, describe
from openbook.ingest.tree import parse_html
from openbook.ingest.visibility import hidden_notices, is_hidden
from openbook.ingest.walker import Walker
from openbook.types import Extract

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_MATTER_LIMIT = 100_000
_NESTING_LIMIT = 60
_PARAGRAPH_LIMIT = 20_000
_ATTRIBUTE_LINE = re.compile(r"^ {0,3}\{:[ .#][^{}\n]*\}[ \t]*$", re.MULTILINE)
_HEADING_WITH_ATTRIBUTES = re.compile(r"^ {0,3}#{1,6} .*\}[ \t]*$", re.MULTILINE)
_SWALLOWING = re.compile(
    r"<(/?)(script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|template)\b", re.IGNORECASE
)


def read(data: bytes, *, path: str) -> Extract:
    """The extract of a Markdown file.

    Raises:
        ReadError: The bytes are no text.
    """
    decoded = decode(data, path=path)
    composer = Composer()
    composer.notices.extend(decoded.notices)
    described, body = split_front_matter(decoded.text)
    composer.notices.extend(described.notices)
    tree = parse_html(_render(body))
    composer.notices.extend(tree.notices)
    if tree.root is not None:
        walker = Walker(composer, is_dropped=is_hidden)
        walker.walk(tree.root)
        composer.notices.extend(hidden_notices(walker.dropped))
    return composer.finish(described.metadata, path=path)


def split_front_matter(text: str) -> tuple[Described, str]:
    """What the YAML block at the start says, and the text after it.

    One that is plain prose between two rules is no front matter and stays.

    Raises:
        ReadError: It is not valid YAML: nobody knows for whom the document is.
    """
    found = _FRONT_MATTER.match(text)
    if not found or len(found[1]) > _FRONT_MATTER_LIMIT:
        return Described(describe({}).metadata), text
    values = _parse_yaml(found[1])
    if isinstance(values, dict):
        return describe(values), text[found.end() :]
    if values is None and found[1].strip():
        raise ReadError(
            "the front matter is not valid YAML, so nobody knows who may read it; it is not published.",
            fix="Correct the lines between the two --- at its top.",
        )
    if values is None:
        return Described(describe({}).metadata), text[found.end() :]
    return Described(describe({}).metadata), text


def _parse_yaml(text: str) -> Any:
    """The value of a YAML text with every scalar as a string; None if it is broken.

    Strings only: `locale: no` stays Norwegian, and one impossible date spoils no other key.
    """
    import yaml  # deferred: 60 ms that only a file with front matter needs

    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds only strings, lists and dicts
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None


def _render(text: str) -> str:
    """The HTML of a Markdown text, without the attributes that some writers put on lines and headings."""
    text = _HEADING_WITH_ATTRIBUTES.sub(_bare_heading, _ATTRIBUTE_LINE.sub("", text))
    return str(_parser().render(text))


def _bare_heading(found: re.Match[str]) -> str:
    """A heading line without the `{#id}` or `{: .class}` at its end."""
    heading, _, attributes = found[0].rpartition("{")
    return heading.rstrip() if attributes[:1] in (":", "#") else found[0]


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt  # deferred: 120 ms that a start without Markdown does not need

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _NESTING_LIMIT}).enable(["table", "strikethrough"])
    parser.core.ruler.before("inline", "bound", _leave_giants_unparsed)
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
