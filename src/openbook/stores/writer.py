"""One thread that writes: every change is one durable transaction, grouped while others wait.

Callers hand over a function of a connection and wait for its result. Whatever waits when the
thread comes round is run together, each in its own savepoint, and committed once: under load a
hundred turns cost one sync of the disk, and a failure undoes only its own work. When `run`
returns, the change survives a crash of the process and of the machine.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from openbook.errors import SystemFault

T = TypeVar("T")
Work = Callable[[Connection], Any]

_LARGEST_GROUP = 64


class Writer:
    """The only writer of a database.

    Args:
        engine: The database; nobody else may write through it while this lives.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="openbook-writer", daemon=True)
        self._closed = False
        self._lock = threading.Lock()
        self._thread.start()

    def run(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in a transaction and returns its result once it is durable.

        Raises:
            Exception: Whatever `work` raised; its changes are undone, others' are kept.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("a write inside a write would wait for itself; pass the connection on instead")
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise SystemFault("The desk is closed and cannot be written to.", fix="Open the desk again.")
            self._queue.put((work, future))
        return future.result()

    def close(self) -> None:
        """Finishes what was handed over and stops the thread."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        with self._engine.connect().execution_options(writes=True) as connection:
            while (first := self._queue.get()) is not None:
                group = [first]
                stop = False
                while len(group) < _LARGEST_GROUP and not self._queue.empty():
                    item = self._queue.get()
                    if item is None:
                        stop = True
                        break
                    group.append(item)
                _commit_group(connection, group)
                if stop:
                    return


def _commit_group(connection: Connection, group: list[tuple[Work, Future[Any]]]) -> None:
    """Runs each piece in a savepoint, commits once, and only then tells the callers."""
    outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
    try:
        with connection.begin():
            for work, future in group:
                savepoint = connection.begin_nested()
                try:
                    result = work(connection)
                except Exception as error:
                    if not _still_open(connection):
                        raise  # nothing of the whole group is kept, so nobody may be told that it is
                    savepoint.rollback()
                    outcomes.append((future, None, error))
                else:
                    savepoint.commit()
                    outcomes.append((future, result, None))
    except Exception as error:
        for _, future in group:
            future.set_exception(error)
        return
    for future, result, failure in outcomes:
        if failure is None:
            future.set_result(result)
        else:
            future.set_exception(failure)


def _still_open(connection: Connection) -> bool:
    """Whether the transaction outlived a failure: SQLite gives it up by itself when, say, its disk is full."""
    return bool(getattr(connection.connection.driver_connection, "in_transaction", True))
