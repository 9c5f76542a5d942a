"""The repository's pages as the tests see them: their code blocks, links and anchors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")))

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code with the language it names."""

    language: str
    text: str


def name_of(page: Path) -> str:
    """A page's path from the repository's root."""
    return page.relative_to(ROOT).as_posix()


def blocks_of(page: Path) -> list[Block]:
    """The code blocks of a page, in order."""
    return [Block(language, text) for language, text in _FENCE.findall(page.read_text("utf-8"))]


def prose_of(page: Path) -> str:
    """A page without its code blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def links_of(page: Path) -> Iterator[str]:
    """Where the links of a page lead, as they are written."""
    yield from _LINK.findall(_CODE.sub("", prose_of(page)))


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    titles = (heading.lower().replace(" ", "-") for heading in _HEADING.findall(prose_of(page)))
    return {re.sub(r"[^\w-]", "", title) for title in titles}


def in_code(page: Path) -> set[str]:
    """Every word that a page writes as inline code."""
    return {found.strip("`") for found in _CODE.findall(prose_of(page))}
