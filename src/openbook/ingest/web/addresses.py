"""Decides what may be reached: which addresses, which hosts, which machines behind them.

A crawler fetches what pages tell it to. Without a gate a page could make it read the machine
it runs on, the network around it, or a cloud's metadata service. So a name is looked up once
for each connection, every answer is judged, and the connection goes to an answer that was
judged: a name that gives another answer a moment later (DNS rebinding) gains nothing.

It knows nothing about HTTP, robots.txt, or what a crawl is meant to cover.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from openbook.errors import ReadError

Resolver = Callable[[str, int], Sequence[str]]
"""Looks up a host name (and port): every IP address it has, as text."""

_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024
_LENGTH_LIMIT = 2_000
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")
_NUMERIC_LABEL = re.compile(r"(?:\d+|0x[0-9a-f]*)\Z", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\Z")

_NEVER_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "224.0.0.0/3",
        "168.63.129.16/32",
        "100.100.100.200/32",
    )
)
"""Unspecified, link-local with the clouds' metadata, protocol assignments, 6to4 relays, multicast, reserved, host
services of two clouds."""
_PRIVATE_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15")
)
_PRIVATE_V6 = (ipaddress.IPv6Network("fc00::/7"), ipaddress.IPv6Network("::1/128"))
_METADATA_V6 = ipaddress.IPv6Network("fd00:ec2::/32")
_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_DOCUMENTATION_V6 = ipaddress.IPv6Network("3fff::/20")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = 0x5EFE


class Reach(StrEnum):
    """What stands behind an IP address."""

    PUBLIC = "public"
    PRIVATE = "private"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Place:
    """An address in its parts; `target` is the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the `Host` header has them: the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt is for."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.target


@lru_cache(maxsize=4_096)
def parse(address: str) -> Place:
    """The parts of a web address, host in ASCII and lower case.

    Raises:
        ReadError: It is no http(s) address, carries a user name, or its host or port is malformed.
    """
    if len(address) > _LENGTH_LIMIT or _CONTROL.search(address) or not address.isascii():
        raise _refused(address, "is no plain web address")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise _refused(address, "is malformed") from error
    if parts.scheme not in _PORTS:
        raise _refused(address, "is not an http or https address")
    if "@" in parts.netloc:
        raise _refused(address, "carries a user name or password")
    host = plain_host(parts.hostname or "")
    if not host or port == 0:
        raise _refused(address, "has no usable host")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, _PORTS[parts.scheme] if port is None else port, target)


def plain_host(host: str) -> str:
    """A host in lower-case ASCII, an IP address in its one usual form; empty if it is neither.

    Numbers in disguise (`0x7f.1`, `2130706433`, `127.1`, `0177.0.0.1`) are hosts for the
    operating system, but nobody's help centre lives there: they are refused.
    """
    if ":" in host:
        return _plain_v6(host)
    host = _in_ascii(host).rstrip(".").lower()
    if len(host) > 253 or not _HOST.match(host) or ".." in host:
        return ""
    if _NUMERIC_LABEL.match(host.rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            return ""
    return host


def _plain_v6(host: str) -> str:
    try:
        return "" if "%" in host else str(ipaddress.IPv6Address(host))
    except ValueError:
        return ""


def _in_ascii(host: str) -> str:
    if host.isascii():
        return host
    import idna  # deferred: its tables are needed only for names with letters beyond ASCII

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def reach(address: str) -> Reach:
    """What stands behind an IP address, also where IPv6 wraps an IPv4 address.

    Unwrapped are mapped and compatible addresses, NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo
    (RFC 4380) and ISATAP (RFC 5214). Of IPv6 only global unicast counts as public.
    """
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return Reach.NEVER
    return _reach_v4(number) if isinstance(number, ipaddress.IPv4Address) else _reach_v6(number)


def _reach_v4(number: ipaddress.IPv4Address) -> Reach:
    if any(number in network for network in _NEVER_V4):
        return Reach.NEVER
    if any(number in network for network in _PRIVATE_V4):
        return Reach.PRIVATE
    return Reach.PUBLIC if number.is_global else Reach.NEVER


def _reach_v6(number: ipaddress.IPv6Address) -> Reach:
    if any(number in network for network in _PRIVATE_V6):
        return Reach.NEVER if number in _METADATA_V6 else Reach.PRIVATE
    wrapped = _wrapped(number)
    if wrapped:
        return max((_reach_v4(each) for each in wrapped), key=list(Reach).index)
    if number not in _UNICAST_V6 or number in _DOCUMENTATION_V6 or not number.is_global:
        return Reach.NEVER
    return Reach.PUBLIC


def _wrapped(number: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address may lead to."""
    if number.ipv4_mapped:
        return (number.ipv4_mapped,)
    if number.sixtofour:
        return (number.sixtofour,)
    if number.teredo:
        return number.teredo
    low = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    is_isatap = (int(number) >> 32) & 0xFCFFFFFF == _ISATAP
    return (low,) if number in _NAT64 or int(number) >> 32 == 0 or is_isatap else ()


def look_up(host: str, port: int) -> Sequence[str]:
    """Every IP address of a host by the operating system's resolver.

    Raises:
        OSError: The name is not known or the resolver does not answer.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


@dataclass(frozen=True, slots=True)
class Gate:
    """What may be reached.

    Attributes:
        allow_private: Also the machine itself and the private networks around it, on any port: for
            intranets and tests. Link-local addresses, where clouds keep credentials, stay closed.
        resolver: Looks up names; `look_up` unless told otherwise.
    """

    allow_private: bool = False
    resolver: Resolver = look_up

    def check(self, address: str) -> Place:
        """The parts of an address that may be asked for, as far as can be said without a look-up.

        Raises:
            ReadError: It may not be reached.
        """
        place = parse(address)
        if not self.allow_private and place.port not in _PORTS.values() and place.port < _FIRST_FREE_PORT:
            raise _refused(address, f"names port {place.port}, which belongs to another service")
        if _is_number(place.host):
            self._judge(place.host, (place.host,))
        return place

    def admit(self, host: str, port: int) -> tuple[str, ...]:
        """The IP addresses of a host, all of them judged; connect to these and to nothing else.

        Raises:
            ReadError: One of its addresses may not be reached.
            OSError: The name is not known or cannot be looked up at the moment.
        """
        answers = tuple(self.resolver(host, port))
        self._judge(host, answers)
        return answers

    def _judge(self, host: str, answers: Sequence[str]) -> None:
        open_to = (Reach.PUBLIC, Reach.PRIVATE) if self.allow_private else (Reach.PUBLIC,)
        for answer in answers:
            found = reach(answer)
            if found not in open_to:
                raise ReadError(
                    f"{host} leads to {answer}, which is {'a private' if found is Reach.PRIVATE else 'no public'} "
                    "address; it was not contacted.",
                    fix="Allow private addresses in the settings if this is your own intranet."
                    if found is Reach.PRIVATE
                    else "Give the public address of the site.",
                )


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _refused(address: str, why: str) -> ReadError:
    shown = address if len(address) <= 200 else address[:200] + "..."
    return ReadError(f"The address {shown!r} {why}.", fix="Give an address such as https://help.example.com/.")
