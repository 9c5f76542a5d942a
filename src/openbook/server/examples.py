"""Example questions for an empty page, drawn from the titles of the desk's own articles.

The articles are chosen once a minute. Whether those chosen still serve is looked at each time, so
that no title is shown after its article was removed, replaced or hidden, or has run out.
"""

import re
import threading
import time
from collections.abc import Sequence
from datetime import datetime

from openbook.desk import Desk
from openbook.stores import catalogue
from openbook.stores.rows import counted
from openbook.types import MAIN_TENANT, PUBLIC, Document, utc_now

HOW_MANY = 4
_FRESH_SECONDS = 60.0
_HOW_TO = re.compile(r"how to (.+?)[.?!]*$", re.IGNORECASE)
_LONGEST = 70
_UNKNOWN = -1


class Examples:
    """Looks at every article at most once a minute, and at the chosen ones whenever something changed.

    Args:
        desk: Whose articles; this process holds it.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._looked_at = -_FRESH_SECONDS
        self._generation = _UNKNOWN
        self._count = 0
        self._chosen: list[Document] = []

    def look(self) -> tuple[int, list[str]]:
        """How many articles customers can be answered from, and a few questions to begin with."""
        with self._lock:
            now = utc_now()
            is_old = time.monotonic() - self._looked_at >= _FRESH_SECONDS
            if is_old or not self._count or not self._still_serve(now):
                self._choose(now)
            return self._count, [as_question(document.title) for document in self._chosen]

    def _still_serve(self, now: datetime) -> bool:
        """Whether every chosen article still says what it said, and customers may read it."""
        with self._desk.parts.database.read() as connection:
            generation = counted(connection, MAIN_TENANT, "generation")
            if generation != self._generation:
                ids = [document.id for document in self._chosen]
                today = {item.id: item for item in catalogue.list_documents(connection, MAIN_TENANT, ids=ids)}
                if any(item.id not in today or today[item.id].version != item.version for item in self._chosen):
                    return False
                self._chosen = [today[item.id] for item in self._chosen]
                self._generation = generation
        return all(_is_public(document, now) for document in self._chosen)

    def _choose(self, now: datetime) -> None:
        with self._desk.parts.database.read() as connection:
            self._generation = counted(connection, MAIN_TENANT, "generation")
            every = catalogue.list_documents(connection, MAIN_TENANT)
        public = [document for document in every if _is_public(document, now)]
        locale = self._desk.settings.values.locales[:1]
        self._count, self._chosen = len(public), choose([item for item in public if _speaks(item, locale)])
        self._looked_at = time.monotonic()


def choose(documents: Sequence[Document]) -> list[Document]:
    """Up to `HOW_MANY` with different titles, real questions first, each from another folder where possible."""
    fitting = [document for document in documents if 0 < len(document.title) <= _LONGEST]
    ordered = sorted(fitting, key=lambda document: not as_question(document.title).endswith("?"))
    folders: set[str] = set()
    first: list[Document] = []
    rest: list[Document] = []
    for document in ordered:
        folder = document.path.rpartition("/")[0]
        (rest if folder in folders else first).append(document)
        folders.add(folder)
    different = {as_question(document.title): document for document in reversed(first + rest)}
    return list(reversed(different.values()))[:HOW_MANY]


def as_question(title: str) -> str:
    """A title as somebody would ask it: "How to pair it" becomes "How do I pair it?"."""
    found = _HOW_TO.match(title)
    return f"How do I {found[1]}?" if found else title


def _is_public(document: Document, now: datetime) -> bool:
    return PUBLIC in document.audiences and document.serves(now)


def _speaks(document: Document, locale: Sequence[str]) -> bool:
    return not locale or not document.locale or document.locale.startswith(locale[0])
