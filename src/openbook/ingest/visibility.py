"""Decides which elements of a page are left out: what a visitor cannot see, and what is not content.

Hidden text is dropped because it is where a page can carry words that its readers never see
but a search would find. The rules look at one element at a time; which part of the page is
its main content is decided in `main_content`.
"""

import re
from typing import Any

_NEVER_TEXT = frozenset(
    "script style template noscript head title meta link base svg math canvas iframe frame frameset object embed "
    "applet audio video map input select textarea datalist progress meter noembed noframes".split()
)
_BOILERPLATE = frozenset("nav footer form".split())
_BOILERPLATE_ROLES = frozenset("navigation search banner contentinfo complementary dialog alertdialog".split())
_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![\d.]*[1-9])|opacity\s*:\s*0(?![\d.]*[1-9]))",
    re.IGNORECASE,
)
_BOILERPLATE_NAME = re.compile(
    r"(?:cookie|consent|gdpr)[-_ ]?(?:banner|bar|notice|popup|modal|dialog|overlay|law|message|wrapper|container)"
    r"|onetrust|cookiebot|usercentrics|breadcrumb|skip-(?:link|to|nav)",
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
    tag = element.tag
    if tag in ("main", "article", "body", "html"):
        return False
    if tag in _BOILERPLATE:
        return tag != "form" or not _holds(element, "h1", "main", "article")
    if tag == "header":
        return not _holds(element, "h1")
    if tag == "button":
        return element.getparent() is None or element.getparent().tag not in ("h1", "h2", "h3", "h4", "h5", "h6", "summary")
    attributes = element.attrib
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}" if attributes else ""
    if tag == "aside":
        return not _NOTE_NAME.search(names) and attributes.get("role") != "note"
    if attributes.get("role", "").lower() in _BOILERPLATE_ROLES:
        return True
    return bool(_BOILERPLATE_NAME.search(names)) and not _holds(element, "h1", "main", "article")


def _holds(element: Any, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None
