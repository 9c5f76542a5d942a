"""Live streams: asynchronous readers of one hub, which hold no thread while nothing happens.

The desk's bulletin calls the hub from whatever thread made the change; the hub wakes the readers that
want to know. A reader that falls behind loses no message, only notices: it reads the tables from the place
of the last message that it has seen.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field

from openbook.conversation import Bulletin, Notice

MOST_READERS = 2_000
LOOKS_AT_ONCE = 2
"""So many streams read the tables at a time; the others wait their turn, and are never refused."""

_WAITING_NOTICES = 64


@dataclass(eq=False, slots=True)
class _Reader:
    tenant: str
    conversation_id: str
    loop: asyncio.AbstractEventLoop
    queue: "asyncio.Queue[Notice | None]" = field(default_factory=lambda: asyncio.Queue(_WAITING_NOTICES))

    def wants(self, notice: Notice) -> bool:
        return notice.tenant == self.tenant and self.conversation_id in ("", notice.conversation_id)

    def offer(self, notice: Notice | None) -> None:
        with suppress(asyncio.QueueFull):  # it has notices enough that tell it to look
            self.queue.put_nowait(notice)


class Hub:
    """Hands notices to streams. Readers belong to the server's event loop.

    Args:
        bulletin: Where the desk tells what happened.
    """

    def __init__(self, bulletin: Bulletin) -> None:
        self._readers: set[_Reader] = set()
        self._end = bulletin.listen(self._on_notice)
        self._closed = False
        self.looking = asyncio.Semaphore(LOOKS_AT_ONCE)

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return len(self._readers)

    def full(self) -> bool:
        """Whether no further stream may begin."""
        return self._closed or len(self._readers) >= MOST_READERS

    async def notices(self, tenant: str, conversation_id: str = "") -> AsyncGenerator[Notice, None]:
        """What happens in a conversation, or in any of the tenant's, from the first step of this iterator on.

        The first item comes at once, so that what happened before is read too. Ends when the hub closes.
        """
        reader = _Reader(tenant, conversation_id, asyncio.get_running_loop())
        self._readers.add(reader)
        try:
            yield Notice(tenant, conversation_id, "begin")
            while not self._closed and (notice := await reader.queue.get()) is not None:
                yield notice
        finally:
            self._readers.discard(reader)

    def close(self) -> None:
        """Ends every stream, so that a stopping server waits for none. To be called on the server's loop."""
        self._closed = True
        self._end()
        for reader in tuple(self._readers):
            with suppress(asyncio.QueueEmpty):
                while reader.queue.full():
                    reader.queue.get_nowait()
            reader.offer(None)

    def _on_notice(self, notice: Notice) -> None:
        """Called on any thread."""
        for reader in tuple(self._readers):
            if reader.wants(notice) and not reader.loop.is_closed():
                reader.loop.call_soon_threadsafe(reader.offer, notice)
