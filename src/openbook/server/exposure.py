"""Which addresses only this machine can reach, and what the others need first."""

import ipaddress

from openbook.desk.doorkeeping import Doorkeeper
from openbook.errors import NotAllowed


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_exposure(doorkeeper: Doorkeeper, host: str) -> None:
    """Makes sure that nobody else finds an open door.

    Raises:
        NotAllowed: Others than this machine could reach the server and the owner has no password.
    """
    if not is_loopback(host) and not doorkeeper.has_password():
        raise NotAllowed(
            f"Listening on {host} lets other machines in, and the owner has no password yet.",
            fix="Set one with `openbook serve --set-password`, or listen on 127.0.0.1.",
        )
