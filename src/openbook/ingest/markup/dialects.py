"""Turns what tools add to Markdown into plain Markdown: includes, template tags, admonitions, tabs.

These are the notations of Jekyll, Hugo, MkDocs, Docusaurus, VitePress, DocFX and GitHub. A mark
goes and the text that it is about stays; a line that stands for another file goes too, and the
file is named, for that file is read by itself. Code is left alone. It knows nothing about JSX.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(?P<mark>`{3,}(?=[^`]*\Z)|~{3,})")
_SNIPPET = re.compile(r"[ \t]*-{1,}8<-{1,}[ \t]*[\"']?(?P<name>[^\"'\s]+)[\"']?.*")
_INCLUDES = (
    re.compile(r"\{%-?[ \t]*(?:include(?:_relative|_cached)?|render)[ \t]+(?P<name>[^%\n]{1,300}?)-?%\}"),
    re.compile(r"^[ \t]*\.\.[ \t]+(?:include|literalinclude)::[ \t]+(?P<name>\S+)[ \t]*$", re.MULTILINE),
    re.compile(r"\{\{#(?:include|rustdoc_include|playground)[ \t]+(?P<name>[^}\n]{1,300}?)\}\}"),
    re.compile(r"\{\{[<%][ \t]*(?:include|readfile|snippet)[ \t]+(?P<name>[^\n]{1,300}?)[%>]\}\}"),
    re.compile(r"\[!INCLUDE[ \t]*\[[^\]\n]*\]\((?P<name>[^)\n]+)\)[ \t]*\]", re.IGNORECASE),
)
_NAMED = re.compile(r"[\"']?(?:\w+=[\"']?)?(?P<name>[^\"'\s]+)")
_PAGE_VALUE = re.compile(r"\bpage\.(\w+)")
_LINK_TAG = re.compile(r"\{%-?[ \t]*(?:link|post_url)[ \t]+([^%\s]+)[ \t]*-?%\}")
_TEMPLATE_TAG = re.compile(r"\{%-?[^%\n]{0,500}-?%\}")
_SHORTCODE = re.compile(r"\{\{[<%][ \t]*/?[ \t]*[\w./-]+(?P<attributes>[^\n]{0,500}?)[%>]\}\}")
_TITLE = re.compile(r"\b(?:title|name|header|label)[ \t]*=[ \t]*[\"](?P<title>[^\"\n]*)[\"]")
_ALERT = re.compile(r"^((?:[ \t]*>)+[ \t]*)\[![A-Za-z]+\][+-]?[ \t]*", re.MULTILINE)
_SPAN_ATTRIBUTES = re.compile(r"(?<=[)\]*_`])\{(?:[:.#][^{}\n]{0,300}|[\w-]{1,50}=[^{}\n]{0,300})\}")
_CODE_SPAN = re.compile(r"(`[^`\n]+`)")
_FENCED_NOTE = re.compile(
    r"^(?P<indent>[ \t]*+):{3,}+[ \t]*+(?:[\w-]++)?+(?:\[(?P<label>[^\]\n]*+)\])?+"
    r"(?P<title>[ \t]++[^{\n]*+)?+(?:\{[^\n]*\})?[ \t]*+$",
    re.MULTILINE,
)
_INDENTED_NOTE = re.compile(
    r"(?P<indent>[ ]*)(?:!!!|\?\?\?\+?|===[+!]?)[ \t]+[\w \t-]*+(?:\"(?P<title>[^\"\n]*)\")?[ \t]*"
)
_NOTE_INDENT = 4


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in plain Markdown and the names of the files that it includes."""

    text: str
    included: tuple[str, ...] = ()


def plain_markdown(text: str, *, values: Mapping[str, Any]) -> Plain:
    """The text with other tools' marks taken out.

    Args:
        text: The Markdown below the front matter.
        values: The front matter; a list or text in it that an include shows is put in its place.
    """
    included: list[str] = []

    def change(part: str) -> str:
        part = _SPAN_ATTRIBUTES.sub("", _FENCED_NOTE.sub(_note, _ALERT.sub(r"\1", part)))
        return "".join(each if _CODE_SPAN.fullmatch(each) else change_prose(each) for each in _CODE_SPAN.split(part))

    def change_prose(part: str) -> str:
        for pattern in _INCLUDES:
            part = pattern.sub(lambda found: _include(found["name"], values, included), part)
        return _SHORTCODE.sub(_shortcode, _TEMPLATE_TAG.sub("", _LINK_TAG.sub(r"\1", part)))

    lines = []
    for line in _without_indented_notes(text.split("\n")):
        snippet = _SNIPPET.fullmatch(line)
        if snippet:
            included.append(snippet["name"])
        lines.append("" if snippet else line)
    text = outside_code("\n".join(lines), change)
    return Plain(text, tuple(dict.fromkeys(included)))


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with every part between its fenced code blocks changed."""
    return "\n".join(part if is_code else change(part) for part, is_code in _parts(text.split("\n")))


def _parts(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Runs of lines, and whether they are a fenced code block."""
    run: list[str] = []
    fence = ""
    for line in lines:
        was_open = bool(fence)
        fence = _fence_after(line, fence)
        if fence and not was_open and run:
            yield "\n".join(run), False
            run = []
        run.append(line)
        if was_open and not fence:
            yield "\n".join(run), True
            run = []
    if run:
        yield "\n".join(run), bool(fence)


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after a line, given the one before it; empty for none."""
    if fence:
        mark = line.strip(" \t>")
        return "" if mark and not mark.strip(fence[0]) and len(mark) >= len(fence) else fence
    found = _FENCE.match(line)
    return found["mark"] if found else ""


def _include(arguments: str, values: Mapping[str, Any], included: list[str]) -> str:
    """What stands in the place of an include: the texts of the front matter that it shows, else nothing."""
    shown = [values[name] for name in _PAGE_VALUE.findall(arguments) if values.get(name)]
    texts = [_as_markdown(value) for value in shown]
    if any(texts):
        return "\n\n" + "\n\n".join(texts) + "\n\n"
    named = _NAMED.match(arguments.strip())
    included.append(named["name"] if named else arguments.strip())
    return ""


def _as_markdown(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(f"- {' '.join(item.split())}" for item in value if isinstance(item, str))
    return value if isinstance(value, str) else ""


def _shortcode(found: re.Match[str]) -> str:
    title = _TITLE.search(found["attributes"])
    return f"\n\n{title['title']}\n\n" if title else ""


def _note(found: re.Match[str]) -> str:
    """The title of an admonition between colons, or an empty line."""
    title = (found["label"] or found["title"] or "").strip()
    return f"\n{found['indent']}{title}\n" if title else ""


def _without_indented_notes(lines: list[str]) -> Iterator[str]:
    """The lines with the titles of MkDocs' admonitions and tabs as text, and what they hold moved out."""
    depths: list[int] = []
    fence = ""
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        while depths and line.strip() and indent < depths[-1]:
            depths.pop()
        line = line[_NOTE_INDENT * len(depths) :] if line.strip() else ""
        found = None if fence else _INDENTED_NOTE.fullmatch(line)
        fence = _fence_after(line, fence)
        if found is None:
            yield line
            continue
        depths.append(indent + _NOTE_INDENT)
        yield from ("", f"{found['indent']}{found['title'] or ''}", "")
