"""Decides which elements of a page are left out: what a visitor cannot see, and what is not content.

Hidden text is dropped because it is where a page can carry words that its readers never see
but a search would find. The rules look at one element at a time; what the page's own style
sheets hide is first written down to its elements (`apply_style_sheets`). Which part of the page
is its main content is decided in `main_content`.

Text for screen readers alone (`sr-only`, `visually-hidden`) stays: it is written for customers, a
quote of it is true, and whatever stays is inspected for orders to a machine (`sanitation`).
Comments and text for browsers without scripts (`<noscript>`) go without a notice, since nearly
every page has some. Linked style sheets, scripts and inherited colours are not known here.
"""

import re
from collections import Counter
from collections.abc import Iterator
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

_HIDDEN, _OFF_SCREEN, _CUT, _TINY = "hidden", "moved off the screen", "cut to nothing", "too small to read"
_UNCOLOURED = "in the colour of their background"
_FOR_SCREEN_READERS = re.compile(r"\b(?:sr-only|visually-?hidden|hidden-visually|screen-?reader)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_DECLARATION = re.compile(r"([\w-]{1,40})\s*:\s*([^;{}]{1,1000})")
_LENGTH = re.compile(r"(-?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9}))(px|pt|r?em|ch|%|v[wh])?")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|[a-z]+")
_NAMED_COLOURS = {"white": "#ffffff", "black": "#000000"}
_NO_COLOUR = re.compile(r"transparent|#[0-9a-f]{3}0|#[0-9a-f]{6}00|rgba?\([^)]*[,/]\s*0?\.?0*%?\s*\)", re.IGNORECASE)
_FAR = {"px": 500.0, "": 500.0, "pt": 400.0, "em": 50.0, "rem": 50.0, "ch": 50.0}
_FAR_SHARE = 100.0
_TINY_LETTERS = {"px": 1.0, "": 1.0, "pt": 1.0, "em": 0.1, "rem": 0.1, "ch": 0.1}
_TINY_SHARE = 10.0
_CLIPPED = re.compile(r"rect\((?:\s*[01](?:px)?[\s,]*){4}\)")
_CLIP_PATHS = re.compile(r"inset\(\s*(?:50|100)%|circle\(\s*0")
_FLATTENED = re.compile(r"scale[xy]?\(\s*0(?![\d.]*[1-9])")
_MOVES = ("text-indent", "margin-left", "margin-top", "transform", "translate")
_SHIFTS = ("left", "top", "right", "bottom", "inset", "inset-inline-start")
_SHOWING = ("display", "visibility", "opacity", "position", "clip", "clip-path", "height", "width", *_MOVES, *_SHIFTS)
_ALWAYS_APPLIED = re.compile(r"@(?:layer|supports)\b.*|@media\s+(?:only\s+)?(?:screen|all)", re.IGNORECASE | re.DOTALL)
_ONE_CLASS = re.compile(r"[a-z]*\d?\.((?:[\w-])+)", re.IGNORECASE)
_ANY_CLASS = re.compile(r"\.([\w-]+)")
_SHEET_LIMIT = 500_000


def is_hidden(element: Any) -> bool:
    """Whether a visitor does not see this lxml element: scripts, templates, hidden and unsized parts."""
    return element.tag in _NEVER_TEXT or bool(element.attrib and _why_unseen(element))


def _why_unseen(element: Any) -> str:
    """In what way its own attributes hide an element; empty if they do not."""
    attributes = element.attrib
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return _HIDDEN
    if attributes.get("aria-hidden", "").strip().lower() == "true":
        return _HIDDEN
    style = attributes.get("style")
    why = _why_hidden_by(_declarations(style)) if style else ""
    for_listeners = why in (_OFF_SCREEN, _CUT) and _FOR_SCREEN_READERS.search(attributes.get("class", ""))
    return "" if for_listeners else why


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
    silent = (element for element in dropped if element.tag not in _NEVER_TEXT and element.attrib)
    counts = Counter(_why_unseen(element) for element in silent if any(text.strip() for text in element.itertext()))
    counts.pop("", None)
    return tuple(_notice(why, count) for why, count in sorted(counts.items()))


def _notice(why: str, count: int) -> str:
    what = "hidden part{}" if why == _HIDDEN else f"part{{}} {why}"
    one, several = f"1 {what.format('')} was".replace("their", "its"), f"{count} {what.format('s')} were"
    return f"{one if count == 1 else several} left out"


# ------------------------------------------------------------------- styles


def _declarations(style: str) -> dict[str, str]:
    """What a style declares, the last of a name counting."""
    found = _DECLARATION.findall(_COMMENT.sub("", style).lower())
    return {name: value.replace("!important", "").strip() for name, value in found}


def _why_hidden_by(declared: dict[str, str]) -> str:
    """In what way these declarations hide an element from sight; empty if they do not."""
    if _is_switched_off(declared):
        return _HIDDEN
    if _is_off_screen(declared):
        return _OFF_SCREEN
    if _is_cut(declared):
        return _CUT
    if _is_within(declared.get("font-size", ""), _TINY_LETTERS, _TINY_SHARE):
        return _TINY
    return _UNCOLOURED if _is_uncoloured(declared) else ""


def _is_switched_off(declared: dict[str, str]) -> bool:
    return (
        declared.get("display", "") == "none"
        or declared.get("visibility", "") == "hidden"
        or any(_is_zero(declared.get(name, "")) for name in ("font-size", "opacity"))
    )


def _is_zero(value: str) -> bool:
    found = _LENGTH.fullmatch(value)
    return found is not None and float(found[1]) == 0


def _is_off_screen(declared: dict[str, str]) -> bool:
    moves = [declared[name] for name in _MOVES if name in declared]
    if declared.get("position") in ("absolute", "fixed", "relative"):
        moves += [declared[name] for name in _SHIFTS if name in declared]
    return any(
        float(number) <= -_FAR.get(unit, _FAR_SHARE) for value in moves for number, unit in _LENGTH.findall(value)
    )


def _is_cut(declared: dict[str, str]) -> bool:
    if _CLIPPED.match(declared.get("clip", "")) or _CLIP_PATHS.match(declared.get("clip-path", "")):
        return True
    if _FLATTENED.search(declared.get("transform", "")) or _is_zero(declared.get("scale", "")):
        return True
    overflowing = declared.get("overflow", "") in ("hidden", "clip")
    return overflowing and any(
        _is_within(declared.get(side, ""), {"px": 1.0, "": 1.0}, 0.0) for side in ("width", "height")
    )


def _is_within(value: str, limits: dict[str, float], limit_of_shares: float) -> bool:
    """Whether a value is one length, not above the limit for its unit."""
    found = _LENGTH.fullmatch(value)
    return found is not None and float(found[1]) <= limits.get(found[2] or "", limit_of_shares)


def _is_uncoloured(declared: dict[str, str]) -> bool:
    """Whether the letters have no colour, or that of the background declared beside them."""
    colour = declared.get("color", "")
    if _NO_COLOUR.fullmatch(colour):
        return True
    behind = f"{declared.get('background-color', '')} {declared.get('background', '')}"
    if not colour or "url(" in behind or "gradient(" in behind:
        return False
    return _same_colour(colour) in {_same_colour(each) for each in _COLOUR.findall(behind)}


def _same_colour(written: str) -> str:
    """One way of writing a colour for the commonest ways."""
    written = _NAMED_COLOURS.get(written, written)
    if written.startswith("rgb"):
        parts = re.findall(r"\d{1,3}", written)[:3]
        return "#" + "".join(f"{int(part):02x}" for part in parts)
    if re.fullmatch(r"#[0-9a-f]{3}", written):
        return "#" + "".join(2 * digit for digit in written[1:])
    return written


# ------------------------------------------------------------- style sheets


def apply_style_sheets(root: Any) -> None:
    """Writes into `style` what the page's own `<style>` blocks hide by a single class.

    A class that another rule shows again (`.panel.open { display: block }`) is opened by a click,
    as in tabs and accordions, and is left as it is. So are rules for print or for some widths.
    """
    sheets = (element.text or "" for element in root.iter("style"))
    hiding = _hiding_classes("\n".join(sheets)[:_SHEET_LIMIT])
    if not hiding:
        return
    for element in root.xpath("//*[@class]"):
        found = [hiding[name] for name in element.get("class").split() if name in hiding]
        if found:
            element.set("style", ";".join((*found, element.get("style", ""))))


def _hiding_classes(sheet: str) -> dict[str, str]:
    """The classes that a style sheet hides, each with the declarations that do it."""
    hiding: dict[str, str] = {}
    shown: set[str] = set()
    for selectors, body, always in _rules(_COMMENT.sub("", sheet)):
        declared = _declarations(body)
        hides = bool(_why_hidden_by(declared))
        if not hides and any(name in declared for name in _SHOWING):
            shown.update(_ANY_CLASS.findall(selectors))
        elif hides and always:
            single = (_ONE_CLASS.fullmatch(selector.strip()) for selector in selectors.split(","))
            hiding |= {found[1]: body for found in single if found}
    return {name: body for name, body in hiding.items() if name not in shown}


def _rules(sheet: str) -> Iterator[tuple[str, str, bool]]:
    """Every rule's selectors and declarations, and whether it applies on every screen."""
    around: list[str] = []
    text = ""
    for piece in re.split(r"([{}])", sheet):
        if piece == "{":
            around.append(text.rpartition(";")[2].strip())
        elif piece == "}" and around:
            selectors = around.pop()
            if text.strip() and not selectors.startswith("@"):
                yield selectors, text, all(map(_ALWAYS_APPLIED.fullmatch, around))
        text = "" if piece in "{}" else piece
