"""Finds the part of a web page that holds its content.

Pages that say it themselves (`<main>`, `role="main"`, `<article>`) are believed. Otherwise
the content is where the running text is: starting at the body, it goes down as long as one
child holds nearly all the text outside links that its parent holds. That keeps whole pages
whole: a help page loses more by a missing paragraph than by a stray line.
"""

from typing import Any

from openbook.ingest.markup.visibility import is_left_out

_SHARE = 0.85
_ARTICLE_SHARE = 0.6


def find_main(root: Any) -> Any:
    """The lxml element under `root` that holds the page's main content; `root` itself in doubt."""
    for declared in (list(root.iter("main")), root.xpath("//*[@role='main']")):
        if len(declared) == 1 and any(text.strip() for text in declared[0].itertext()):
            return declared[0]
    body = root.find("body")
    body = root if body is None else body
    lengths = text_lengths(body)
    articles = [each for each in body.iter("article") if lengths.get(each, 0) > _ARTICLE_SHARE * lengths[body]]
    return articles[0] if articles else _densest(body, lengths)


def text_lengths(root: Any) -> dict[Any, int]:
    """For every element, the characters of visible text in it that are outside links."""
    from lxml import etree  # deferred: see walker

    lengths: dict[Any, int] = {}
    context = etree.iterwalk(root, events=("start", "end"))
    for event, element in context:
        if event == "start":
            if element is not root and (element.tag == "a" or is_left_out(element)):
                context.skip_subtree()
                lengths[element] = 0
            else:
                lengths[element] = _length(element.text)
        elif element is not root:
            lengths[element.getparent()] += lengths[element] + _length(element.tail)
    return lengths


def _densest(body: Any, lengths: dict[Any, int]) -> Any:
    """Goes down while one child has nearly all the text and no main heading stands beside it."""
    current = body
    while lengths[current]:
        child = max(current, key=lambda each: lengths.get(each, 0), default=None)
        if child is None or child.tag != "div" or lengths.get(child, 0) < _SHARE * lengths[current]:
            break
        if any(found.getparent() is not None and not _is_inside(found, child) for found in current.iter("h1")):
            break
        current = child
    return current


def _is_inside(element: Any, ancestor: Any) -> bool:
    return element is ancestor or any(each is ancestor for each in element.iterancestors())


def _length(text: str | None) -> int:
    return len(text.strip()) if text else 0
