"""Turns a docutils document tree into the HTML elements that the walker knows.

So a page in reStructuredText gets the same source text as the same page in HTML or Markdown.
Directives and roles that docutils does not know, mostly those of Sphinx, stay in the tree as
raw text; here they are taken apart and their text is kept. It knows nothing about files.
"""

import re
from collections.abc import Callable
from typing import Any

_TAGS = {
    "paragraph": "p", "bullet_list": "ul", "enumerated_list": "ol", "list_item": "li", "definition_list": "dl",
    "field_list": "dl", "option_list": "dl", "docinfo": "dl", "term": "dt", "field_name": "dt", "option_group": "dt",
    "definition": "dd", "field_body": "dd", "description": "dd", "literal_block": "pre", "doctest_block": "pre",
    "math_block": "pre", "table": "table", "thead": "thead", "tbody": "tbody", "row": "tr", "entry": "td",
    "caption": "p", "rubric": "p", "attribution": "p", "block_quote": "blockquote", "line_block": "div",
    "transition": "hr", "image": "img", "footnote": "p", "citation": "p", "legend": "div",
}  # fmt: skip
_NO_TEXT = "comment target substitution_definition pending raw meta label decoration colspec generated"
_LEFT_OUT = frozenset(_NO_TEXT.split())
_ROLE = re.compile(r"(?::(?P<before>[\w.+:-]+):)?`(?P<text>[^`]*)`(?::(?P<after>[\w.+:-]+):)?")
_TARGET = re.compile(r"(?P<title>[^<]*\S)\s*<[^<>]*>\s*\Z")
_REFERENCE = re.compile(r"`(?P<quoted>[^`]*)`__?|\|(?P<name>[^|]+)\|_{0,2}|(?P<word>[\w.-]+?)__?")
_LABEL_ROLES = frozenset({"ref", "numref", "doc"})
_DIRECTIVE = re.compile(r"\.\.\s+(?:\|[^|]*\|\s+)?(?P<name>[\w.:+-]+?)\s*::(?:[ \t]+(?P<argument>[^\n]*))?")
_OPTION = re.compile(r"\s*:[\w-]+:(?:\s|$)")
_NO_TITLE = (
    "index highlight currentmodule module meta tocdepth only ifconfig default-role role raw automodule autoclass "
    "autofunction automethod py:module py:currentmodule sectionauthor codeauthor include"
)
_WORDLESS = frozenset(_NO_TITLE.split())
"""Directives whose argument is no text."""

_CODE = "code code-block sourcecode code-cell literalinclude prompt productionlist parsed-literal console"
_VERBATIM = frozenset(_CODE.split())
_INCLUDING = frozenset({"include", "literalinclude"})
_VERSIONS = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
}
_BEFORE_FIELDS = frozenset({"comment", "target", "meta", "substitution_definition"})
_PLAIN = re.compile(r"[^\W_][\w ,.;()/-]*(?<!_)")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NESTING_LIMIT = 12
_PARSED_LIMIT = 2_000
_MISTAKE = 2  # the levels of docutils: from here on something is written wrongly,
_LOSS = 3  # and from here on its lines are in the message alone
_NOTES = "attention caution danger error hint important note tip warning admonition"
_TAGS |= dict.fromkeys([*_NOTES.split(), "container", "compound", "figure"], "div")


class Converter:
    """Builds the elements of one document.

    Args:
        parse: Turns a reStructuredText into a document tree, for the text inside unknown directives.

    Attributes:
        included: The files that the text names to stand in its place.
        problems: What docutils found wrong, except for directives and roles that are read here.
    """

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self.included: list[str] = []
        self.problems: list[str] = []
        self._parse = parse
        self._nesting = 0
        self._left = _PARSED_LIMIT
        self._labels: dict[str, str] = {}

    def convert(self, document: Any) -> Any:
        """The `body` element for a document tree."""
        from lxml import etree  # deferred: 80 ms that a start without such files does not need

        body = etree.Element("body")
        self._labels |= _labels(document)
        self._add_all(document, body, level=1)
        return body

    def _add_all(self, node: Any, parent: Any, *, level: int) -> None:
        for child in node.children:
            self._add(child, parent, level=level)

    def _add(self, node: Any, parent: Any, *, level: int) -> None:
        kind = type(node).__name__
        if kind == "Text":
            _append(parent, node.astext())
        elif "system-messages" in getattr(node, "attributes", {}).get("classes", ()):
            for message in node.children[1:]:
                self._note(message)
        elif kind == "section" or (kind == "topic" and "contents" not in node["classes"]) or kind == "sidebar":
            self._add_all(node, parent, level=level + 1)
        elif kind in ("title", "subtitle"):
            self._add_all(node, _element(parent, _heading(node, level)), level=level)
        elif kind == "system_message":
            self._add_message(node, parent, level=level)
        elif kind == "problematic":
            _append(parent, self._shown(node.astext()))
        elif kind == "line":
            self._add_all(node, parent, level=level)
            _element(parent, "br")
        elif kind not in _LEFT_OUT and kind != "topic":
            self._add_element(node, kind, parent, level=level)

    def _add_element(self, node: Any, kind: str, parent: Any, *, level: int) -> None:
        """Adds a node that is one element, or none of its own where it is mere running text."""
        tag = _TAGS.get(kind)
        element = parent if tag is None else _element(parent, tag)
        if kind == "enumerated_list" and node.get("start"):
            element.set("start", str(node["start"]))
        elif kind == "image":
            element.set("alt", node.get("alt", ""))
        elif kind == "entry" and type(node.parent.parent).__name__ == "thead":
            element.tag = "th"
        elif kind in ("footnote", "citation"):
            element.text = f"[{node.children[0].astext()}]"
            for child in node.children[1:]:
                _append(element, " ")
                self._add_all(child, element, level=level)
            return
        elif kind in ("footnote_reference", "citation_reference"):
            _append(element, f"[{node.astext()}]")
            return
        elif kind == "option":
            _append(element, " " if len(element) or element.text else "")
        self._add_all(node, element, level=level)

    # ------------------------------------------------- what docutils does not know

    def _shown(self, raw: str) -> str:
        """The text that a role or a reference shows, from how it is written."""
        found = _ROLE.fullmatch(raw)
        if found is None or not (found["before"] or found["after"]):
            reference = _REFERENCE.fullmatch(raw)
            return raw if reference is None else _without_target(next(filter(None, reference.groups()), ""))
        text = found["text"]
        if _TARGET.fullmatch(text):
            return _without_target(text)
        role = (found["before"] or found["after"]).rpartition(":")[2]
        if role in _LABEL_ROLES:
            return self._labels.get(" ".join(text.casefold().split()), _readable(text))
        return text.rpartition(".")[2] if text.startswith("~") else text.removeprefix("!")

    def _add_message(self, node: Any, parent: Any, *, level: int) -> None:
        """Adds what an error of docutils is about: a directive is taken apart, other lines stay as they are."""
        raw = next((each.astext() for each in node.children if type(each).__name__ == "literal_block"), "")
        found = _DIRECTIVE.match(raw)
        if found is not None:
            self._add_directive(found, raw[found.end() :].split("\n")[1:], parent, level=level)
            return
        if raw and node.get("level", 0) >= _LOSS:
            _append(_element(parent, "pre"), raw)
        self._note(node)

    def _note(self, message: Any) -> None:
        """Keeps what docutils says about the text, unless it is about a role, which is read here."""
        words = message.children[0].astext().split("\n")[0] if message.children else ""
        if message.get("level", 0) >= _MISTAKE and "nterpreted text role" not in words and "role entry" not in words:
            self.problems.append(f"line {message.get('line', '?')}: {words}")

    def _add_directive(self, found: re.Match[str], lines: list[str], parent: Any, *, level: int) -> None:
        """Adds the title and the content of a directive, unless its name says that they are no text."""
        name = found["name"].casefold()
        argument = (found["argument"] or "").strip()
        options, content = _options(lines)
        if name in _INCLUDING or "file" in options:
            self.included.append(options.get("file", argument))
        if name == "toctree":
            content = [f"* {line[: line.index('<')].strip()}" for line in content if _TARGET.fullmatch(line.strip())]
        title = options.get("caption", "") if name in _VERBATIM or name == "toctree" else argument
        if name not in _WORDLESS:
            self._add_parsed(f"{_VERSIONS.get(name, '')} {title}".strip(), parent, level=level)
        if name in _VERBATIM:
            _append(_element(parent, "pre"), "\n".join(content))
        elif name not in ("raw", "meta", "include"):
            self._add_parsed("\n".join(content), parent, level=level)

    def _add_parsed(self, text: str, parent: Any, *, level: int) -> None:
        """Adds a text inside a directive; one nested too deeply, or one of too many, stays as it is written."""
        if not text:
            return
        if _PLAIN.fullmatch(text):
            _append(_element(parent, "p"), text)
            return
        if self._nesting >= _NESTING_LIMIT or self._left <= 0:
            _append(_element(parent, "pre"), text)
            return
        self._nesting += 1
        self._left -= 1
        self._add_all(self._parse(text), _element(parent, "div"), level=level)
        self._nesting -= 1


def _labels(document: Any) -> dict[str, str]:
    """The titles of the sections that the text has labels for."""
    titles = {}
    for name, identifier in document.nameids.items():
        node = document.ids.get(identifier)
        if type(node).__name__ == "section" and type(node.children[0]).__name__ == "title":
            titles[name] = node.children[0].astext()
    return titles


def _options(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """The options of a directive by name, and its content without the common indent."""
    options: dict[str, str] = {}
    place = 0
    while place < len(lines) and _OPTION.match(lines[place]):
        _, name, value = lines[place].split(":", 2)
        options[name] = value.strip()
        place += 1
    content = lines[place:]
    indent = min((len(line) - len(line.lstrip()) for line in content if line.strip()), default=0)
    return options, [line[indent:] for line in content]


def _heading(node: Any, level: int) -> str:
    parent = type(node.parent).__name__
    if parent == "table":
        return "caption"
    return f"h{max(1, min(level - 1, 6))}" if parent in ("section", "document") else "p"


def _without_target(text: str) -> str:
    found = _TARGET.fullmatch(text)
    return found["title"] if found else text


def _readable(label: str) -> str:
    """The words in a label such as `/guide/reset-password`."""
    return re.sub(r"[-_]+", " ", label.strip().rpartition("/")[2]).strip()


def _element(parent: Any, tag: str) -> Any:
    from lxml import etree  # deferred: see above

    return etree.SubElement(parent, tag)


def _append(parent: Any, text: str) -> None:
    """Adds running text at the end of an element."""
    text = _NOT_XML.sub("", text)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def take_fields(document: Any) -> list[tuple[str, str]]:
    """Takes out the fields at the top of a document, before anything else, and returns names and values."""
    for node in document.children:
        kind = type(node).__name__
        if kind == "field_list":
            document.remove(node)
            return [(entry.children[0].astext(), entry.children[1].astext()) for entry in node.children]
        if kind not in _BEFORE_FIELDS:
            break
    return []
