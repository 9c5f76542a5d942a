"""Tells, within this process, that something happened in a conversation; whoever wants words reads the tables.

A notice is only a hint to look: nothing is lost when one is missed, because every reader knows the place
of the last message that it has seen.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """Something happened.

    Attributes:
        what: `message`, `typing`, or an event of the hand-off such as `claim`.
    """

    tenant: str
    conversation_id: str
    what: str


Listener = Callable[[Notice], None]


class Bulletin:
    """Who wants to know. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener`, which must be quick, with every notice from now on; returns how to end that."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def end() -> None:
            with self._lock:
                self._listeners = tuple(each for each in self._listeners if each is not listener)

        return end

    def tell(self, tenant: str, conversation_id: str, what: str) -> None:
        """Tells everybody, after the change is durable."""
        notice = Notice(tenant, conversation_id, what)
        for listener in self._listeners:
            listener(notice)
