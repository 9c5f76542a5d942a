"""Runs the server until it is told to stop, and gives the owner a first way in.

Knows uvicorn and signals; the application itself is `app`.
"""

import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from openbook.desk import Desk
from openbook.errors import UserError
from openbook.server.app import create_app
from openbook.server.exposure import check_exposure

_STOP_SECONDS = 10
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(desk: Desk, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves a desk until SIGINT or SIGTERM; turns under way are finished first.

    Args:
        desk: The open desk, held by this process; it stays the caller's to close.
        host: The address to listen on.
        port: The port; 0 for any free one.
        ready: Called with the server's address, such as `http://127.0.0.1:8080`, once it answers.

    Raises:
        NotAllowed: Other machines could come in and the owner has no password.
        UserError: The address cannot be listened on.
    """
    # deferred: the HTTP server, which only this command needs
    import uvicorn

    check_exposure(desk.doorkeeper, host)
    listener = _listen(host, port)
    with listener:
        address = _address(listener, host)
        app = create_app(desk, turns=desk.settings.values.server.turns, host=host)

        class Announcing(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                desk.describe(address=address)
                ready(address)

            async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                app.state.door.stop()  # else those who wait for long work would hold the server up
                app.state.door.hub.close()  # and those who listen
                await super().shutdown(sockets)

        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,  # paths may hold one-time links and questions
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        with _signals_only_stop_the_server():
            Announcing(config).run(sockets=[listener])


def owner_link(desk: Desk, address: str) -> str | None:
    """A link that lets the owner in once within a day, or None when a password is set.

    Args:
        desk: The open desk, held by this process.
        address: The server's address, as `serve` tells it.
    """
    doorkeeper = desk.doorkeeper
    return None if doorkeeper.has_password() else f"{address}/owner/{doorkeeper.new_link()}"


def set_owner_password(desk: Desk, password: str) -> None:
    """Sets the owner's password and ends every session.

    Raises:
        UserError: It is too short.
        FolderInUse: Another process holds the desk, such as a running server.
    """
    desk.doorkeeper.set_password(password)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is bound already, so that a taken port is found before anything is built."""
    name = host.strip("[]")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UserError(
            f"{host} is no address of this machine: {error.strerror or error}.", fix="Use --host 127.0.0.1."
        ) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise _cannot_listen(host, port, error) from error
    return listener


def _cannot_listen(host: str, port: int, error: OSError | OverflowError) -> UserError:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return UserError(
            f"Port {port} on {host} is taken by another program.",
            fix=f"Stop that one, or use another port: `openbook serve --port {port + 1}` (0 finds a free one).",
        )
    if number == errno.EACCES:
        return UserError(
            f"Port {port} may not be used by this user.", fix="Use a port above 1023, such as --port 8080."
        )
    return UserError(f"{host} port {port} cannot be listened on: {error}.", fix="Use --host 127.0.0.1 --port 8080.")


def _address(listener: socket.socket, host: str) -> str:
    name = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"http://{name}:{listener.getsockname()[1]}"


@contextmanager
def _signals_only_stop_the_server() -> Iterator[None]:
    """Keeps a signal from ending the process after the server stopped, so that the desk is closed in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stay(_number: int, _frame: Any) -> None:
        """The server has stopped by this signal already."""

    before = {number: signal.signal(number, stay) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
