"""A desk's private line: one process holds the folder, others call it over a Unix socket.

The socket lies in the folder and only its owner may use it. A call is one line of JSON, the
replies are lines too: any number of progress reports, then a result or an error. The line knows
no verb; it carries a name and plain arguments to a function and brings back what that returns.
"""

import json
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openbook.codec import decode
from openbook.errors import ERRORS, OpenbookError, SystemFault, UserError
from openbook.types import Progress, ProgressListener, to_plain

Answering = Callable[[str, dict[str, Any], ProgressListener], Any]
_LONGEST_PATH = 100


class LineBroken(Exception):
    """Nobody answers, or the holder went away in the middle; the caller may look for a new one."""


class LineServer:
    """Answers calls on a socket until closed.

    Args:
        path: Where the socket is made; an old one there is replaced.
        answer: Called on a thread per connection with verb, arguments and a progress listener.
    """

    def __init__(self, path: Path, answer: Answering) -> None:
        self._path = path
        self._answer = answer
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            self._socket.bind(_short(path))
        finally:
            os.umask(before)
        self._socket.listen(64)
        threading.Thread(target=self._accept, name="openbook-line", daemon=True).start()

    def close(self) -> None:
        """Takes no more calls."""
        self._path.unlink(missing_ok=True)
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), name="openbook-call", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:

            def send(message: dict[str, Any]) -> None:
                stream.write(json.dumps(message).encode() + b"\n")
                stream.flush()

            try:
                for line in stream:
                    send(self._reply(json.loads(line), send))
            except OSError:
                return

    def _reply(self, call: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        try:
            result = self._answer(
                call["verb"], call["arguments"], lambda progress: send({"progress": to_plain(progress)})
            )
        except OpenbookError as error:
            return {"error": {"kind": type(error).__name__, "message": error.message, "fix": error.fix}}
        except OSError:
            raise
        except Exception as error:
            message = f"The process that holds the desk failed on this call: {type(error).__name__}: {error}."
            return {"error": {"kind": "SystemFault", "message": message, "fix": "See its log; try again."}}
        return {"result": to_plain(result)}


def call(path: Path, verb: str, arguments: dict[str, Any], progress: ProgressListener) -> Any:
    """Makes one call and returns its plain result.

    Raises:
        LineBroken: Nobody listens there, or the listener went away before it answered.
        OpenbookError: What the holder raised.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(_short(path))
            with connection.makefile("rwb") as stream:
                stream.write(json.dumps({"verb": verb, "arguments": to_plain(arguments)}).encode() + b"\n")
                stream.flush()
                for line in stream:
                    message = json.loads(line)
                    if "progress" in message:
                        progress(decode(Progress, message["progress"]))
                    else:
                        return _result(message)
        except (OSError, ValueError) as error:
            raise LineBroken(str(error)) from error
    raise LineBroken("the holder closed the line before it answered")


def _result(message: dict[str, Any]) -> Any:
    if "error" in message:
        error = message["error"]
        raise ERRORS.get(error["kind"], SystemFault)(error["message"], fix=error["fix"])
    return message["result"]


def _short(path: Path) -> str:
    """The socket's address, which the operating system allows only about a hundred bytes."""
    absolute, relative = str(path.absolute()), os.path.relpath(path)
    shortest = min(absolute, relative, key=len)
    if len(os.fsencode(shortest)) > _LONGEST_PATH:
        raise UserError(
            f"The desk's folder has too long a path for a socket: {path.parent}.",
            fix="Use a folder with a shorter path, or change into its parent folder first.",
        )
    return shortest
