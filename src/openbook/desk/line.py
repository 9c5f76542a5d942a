"""A desk's private line: one process holds the folder, others call it over a Unix socket.

The socket lies in the folder and only its owner may use it. A call is one line of JSON, the
replies are lines too: any number of progress reports, then a result or an error. The line knows
no verb; it carries a name and plain arguments to a function and brings back what that returns.
"""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, get_type_hints

from openbook.codec import decode
from openbook.errors import ERRORS, OpenbookError, SystemFault
from openbook.types import Progress, ProgressListener, to_plain

T = TypeVar("T")
Verb = Callable[..., Any]
_LONGEST_PATH = 100


class LineBroken(Exception):
    """Nobody answers, or the holder went away in the middle; the caller may look for a new one."""


class LineServer:
    """Answers calls on a socket until closed.

    Args:
        path: Where the socket is made; an old one there is replaced.
        verbs: What may be called, by name.
        do: Does a verb with these arguments; called on a thread per connection.
        last_calls_seconds: How long closing waits for the calls that are being done.
    """

    def __init__(
        self,
        path: Path,
        verbs: Mapping[str, Verb],
        do: Callable[[Verb, Mapping[str, Any]], Any],
        *,
        last_calls_seconds: float = 10.0,
    ) -> None:
        self._path = path
        self._verbs = verbs
        self._do = do
        self._last_calls_seconds = last_calls_seconds
        self._closing = False
        self._calls = 0
        self._quiet = threading.Condition()
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            with _address(path) as address:
                self._socket.bind(address)
        finally:
            os.umask(before)
        self._socket.listen(64)
        threading.Thread(target=self._accept, name="openbook-line", daemon=True).start()

    def close(self) -> None:
        """Takes no more calls, and gives those that are being done a moment to end.

        A call that fails from now on is left without an answer: its caller finds the next holder.
        """
        self._closing = True
        self._path.unlink(missing_ok=True)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # closing alone does not wake a thread that accepts
        self._socket.close()
        with self._quiet:
            self._quiet.wait_for(lambda: self._calls == 0, timeout=self._last_calls_seconds)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), name="openbook-call", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, LineBroken), connection, connection.makefile("rwb") as stream:

            def send(message: dict[str, Any]) -> None:
                try:
                    stream.write(json.dumps(message).encode() + b"\n")
                    stream.flush()
                except OSError as error:
                    raise LineBroken(str(error)) from error

            for line in stream:
                with self._counted():
                    reply = self._reply(line, send)
                    if self._closing and "error" in reply:
                        return
                    send(reply)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Counts a call while it is being done, so that closing can wait for it."""
        with self._quiet:
            self._calls += 1
        try:
            yield
        finally:
            with self._quiet:
                self._calls -= 1
                self._quiet.notify_all()

    def _reply(self, line: bytes, send: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        try:
            call = json.loads(line)
            verb = self._verbs[call["verb"]]
            hints = get_type_hints(verb)
            arguments = {name: decode(hints[name], value) for name, value in call["arguments"].items()}
            if "progress" in hints:
                arguments["progress"] = lambda progress: send({"progress": to_plain(progress)})
            result = self._do(verb, arguments)
        except OpenbookError as error:
            return {"error": {"kind": type(error).__name__, "message": error.message, "fix": error.fix}}
        except LineBroken:
            raise
        except Exception as error:
            message = f"The process that holds the desk failed on this call: {type(error).__name__}: {error}."
            return {"error": {"kind": "SystemFault", "message": message, "fix": "See its log; try again."}}
        return {"result": to_plain(result)}


def call(path: Path, verb: Callable[..., T], arguments: Mapping[str, Any]) -> T:
    """Has the listener at `path` do a verb, and returns what that returned.

    Args:
        path: The socket.
        verb: The verb, called there by its name.
        arguments: Its arguments; a progress listener among them is told what comes over the line.

    Raises:
        LineBroken: Nobody listens there, or the listener went away before it answered.
        OpenbookError: What the holder raised.
    """
    sent = {name: value for name, value in arguments.items() if name != "progress"}
    said = json.dumps({"verb": verb.__name__, "arguments": to_plain(sent)}, default=os.fspath)
    message = _converse(path, said.encode() + b"\n", arguments.get("progress", lambda _: None))
    result: T = decode(get_type_hints(verb)["return"], _result(message))
    return result


def _converse(path: Path, said: bytes, progress: ProgressListener) -> dict[str, Any]:
    """Says one line and listens until the message that ends the call."""
    for message in _messages(path, said):
        if "progress" not in message:
            return message
        progress(decode(Progress, message["progress"]))
    raise LineBroken("the holder closed the line before it answered")


def _messages(path: Path, said: bytes) -> Iterator[dict[str, Any]]:
    """Every message that comes back; whatever a listener to them raises is not the line's."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            with _address(path) as address:
                connection.connect(address)
            with connection.makefile("rwb") as stream:
                stream.write(said)
                stream.flush()
                yield from map(json.loads, stream)
    except (OSError, ValueError) as error:
        raise LineBroken(str(error)) from error


def _result(message: dict[str, Any]) -> Any:
    if "error" in message:
        error = message["error"]
        raise ERRORS.get(error["kind"], SystemFault)(error["message"], fix=error["fix"])
    return message["result"]


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """The socket's address. The operating system allows about a hundred bytes: a longer one goes by a private link."""
    if len(os.fsencode(path.absolute())) <= _LONGEST_PATH:
        yield str(path.absolute())
        return
    with TemporaryDirectory(prefix="openbook-") as folder:
        link = Path(folder) / "data"
        link.symlink_to(path.parent.absolute(), target_is_directory=True)
        yield str(link / path.name)
