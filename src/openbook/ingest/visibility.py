"""Decides which elements of a page are left out: what a visitor cannot see, and what is not content.

Hidden text is dropped because it is where a page can carry words that its readers never see
but a search would find. The rules look at one element at a time; which part of the page is
its main content is decided in `main_content`.
"""

import re
from typing import Any

_NEVER_SHOWN = (
    "script style template noscript head title meta link base svg math canvas iframe frame frameset object embed "
    "applet audio video map input select textarea datalist progress meter noembed noframes"
)
_NEVER_TEXT = frozenset(_NEVER_SHOWN.split())
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CONTENT = ("main", "article", "body", "html")
_BOILERPLATE_ROLES = frozenset(
    {"navigation", "search", "banner", "contentinfo", "complementary", "dialog", "alertdialog"}
)
_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![\d.]*[1-9])|opacity\s*:\s*0(?![\d.]*[1-9]))",
    re.IGNORECASE,
)
_BOILERPLATE_NAME = re.compile(
    r"(?:cookie|consent|gdpr)[-_ ]?(?:banner|bar|notice|popup|modal|dialog|overlay|law|message|wrapper|container)"
    r"|onetrust|cookiebot|usercentrics|breadcrumb|skip-(?:link|to|nav)",
    re.IGNORECASE,
)
_BESIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?:crumbs?|feedback|helpful|share|sharing|social|pagination|pager)(?:$|[\s_-])|(?:^|\s)print(?:$|\s)",
    re.IGNORECASE,
)
_NOTE_NAME = re.compile(r"note|tip|warn|caution|danger|important|info|admonition|callout|aside--", re.IGNORECASE)


def is_hidden(element: Any) -> bool:
    """Whether a visitor does not see this lxml element: scripts, templates, hidden and unsized parts."""
    if element.tag in _NEVER_TEXT:
        return True
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    if attributes.get("aria-hidden", "").strip().lower() == "true":
        return True
    style = attributes.get("style")
    return bool(style and _HIDING_STYLE.search(style))


def is_left_out(element: Any) -> bool:
    """Whether this lxml element is hidden, or is page furniture: navigation, banners, forms."""
    return is_hidden(element) or _is_furniture(element)


def _is_furniture(element: Any) -> bool:
    if element.tag in _CONTENT:
        return False
    attributes = element.attrib
    if not attributes:
        return _is_furniture_by_tag(element, "")
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    if attributes.get("role", "").lower() in _BOILERPLATE_ROLES or _is_furniture_by_tag(element, names):
        return True
    if _BOILERPLATE_NAME.search(names):
        return not _holds(element, "h1", "main", "article")
    return bool(_BESIDE_NAME.search(names)) and not _is_section(element)


def _is_furniture_by_tag(element: Any, names: str) -> bool:
    """Whether the kind of element says so; `names` are its class and id."""
    tag = element.tag
    if tag == "form":
        return not _holds(element, "h1", "main", "article")
    if tag == "header":
        return not _holds(element, "h1")
    if tag == "button":
        parent = element.getparent()
        return parent is None or parent.tag not in (*_HEADINGS, "summary")
    if tag == "aside":
        return not _NOTE_NAME.search(names) and element.get("role") != "note"
    return tag in ("nav", "footer")


def _is_section(element: Any) -> bool:
    """Whether an element is, or holds, text under a heading rather than a line beside the text."""
    return element.tag in _HEADINGS or _holds(element, *_HEADINGS)


def _holds(element: Any, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def reveal_panels(root: Any) -> None:
    """Unhides the parts of a page that a visible button opens: they are one click away, not secret.

    The button names the part in `aria-controls`, as the accordion and disclosure patterns of
    the ARIA Authoring Practices (w3.org/WAI/ARIA/apg) ask.
    """
    opened = {name for button in root.xpath("//*[@aria-controls]") for name in button.get("aria-controls").split()}
    if not opened:
        return
    for panel in root.xpath("//*[@id][@hidden or @aria-hidden or @style]"):
        if panel.get("id") in opened:
            for attribute in ("hidden", "aria-hidden", "style"):
                panel.attrib.pop(attribute, None)


def hidden_notices(dropped: list[Any]) -> tuple[str, ...]:
    """What to tell about elements that were passed over: those hidden from visitors that hold text."""
    count = sum(
        is_hidden(element) and element.tag not in _NEVER_TEXT and any(text.strip() for text in element.itertext())
        for element in dropped
    )
    parts = "1 hidden part was" if count == 1 else f"{count} hidden parts were"
    return (f"{parts} left out",) if count else ()
