"""Example questions for an empty page, drawn from the titles of the desk's own articles."""

import re
import threading
import time
from collections.abc import Sequence

from openbook.desk import Desk
from openbook.types import PUBLIC, Document

HOW_MANY = 4
_FRESH_SECONDS = 60.0
_HOW_TO = re.compile(r"how to (.+?)[.?!]*$", re.IGNORECASE)
_LONGEST = 70


class Examples:
    """Looks the titles up at most once a minute.

    Args:
        desk: Whose articles.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._looked_at = -_FRESH_SECONDS
        self._known: tuple[int, list[str]] = (0, [])

    def look(self) -> tuple[int, list[str]]:
        """How many articles customers can be answered from, and a few questions to begin with."""
        with self._lock:
            if time.monotonic() - self._looked_at >= _FRESH_SECONDS or not self._known[0]:
                locale = self._desk.settings.values.locales[:1]
                public = [document for document in self._desk.documents() if PUBLIC in document.audiences]
                self._known = len(public), choose([d for d in public if _speaks(d, locale)])
                self._looked_at = time.monotonic()
            return self._known


def choose(documents: Sequence[Document]) -> list[str]:
    """Up to `HOW_MANY` titles as questions, real questions first, each from another folder where possible."""
    asked = [(as_question(d.title), d.path.rpartition("/")[0]) for d in documents if 0 < len(d.title) <= _LONGEST]
    ordered = sorted(asked, key=lambda item: not item[0].endswith("?"))
    folders: set[str] = set()
    first: list[str] = []
    rest: list[str] = []
    for question, folder in ordered:
        (rest if folder in folders else first).append(question)
        folders.add(folder)
    return list(dict.fromkeys(first + rest))[:HOW_MANY]


def as_question(title: str) -> str:
    """A title as somebody would ask it: "How to pair it" becomes "How do I pair it?"."""
    found = _HOW_TO.match(title)
    return f"How do I {found[1]}?" if found else title


def _speaks(document: Document, locale: Sequence[str]) -> bool:
    return not locale or not document.locale or document.locale.startswith(locale[0])
