"""Tells an e-mail address, through the mail server of the settings, under TLS with the certificate checked.

A message is plain text and says that a machine sent it (RFC 3834); its Message-ID is made of the job's id, so that
one that comes twice can be recognised. What a server says about a recipient or a message is kept as its codes
only, because its words may repeat an address. Knows no job's meaning.
"""

import ipaddress
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Literal

from openbook.errors import SettingsError, UserError
from openbook.ingest.web.addresses import plain_host
from openbook.server.deliveries.told import Attempt, BrokenOff, TimeIsOver, Told, within
from openbook.stores.jobs import Job
from openbook.types import utc_now

_WAIT_SECONDS = 10.0
_LONGEST_SUBJECT = 200
_LOCAL_PART = re.compile(r"[^\s@,;:<>()\[\]\\\"\x00-\x20\x7f-\x9f]{1,64}")
_NAMED = re.compile(r"(?P<name>[^<>\x00-\x1f\x7f]*)<(?P<address>[^<>]*)>")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, who writes through it, and to whom.

    Attributes:
        security: "starttls", "tls", or "none", which is only for a server on this machine.
        user: Who signs in there; empty: nobody does.
        sender: `help@shop.example` or `The Shop <help@shop.example>`.
        to: The one address that gets what names no other; empty: only what names one is sent.
        longest_seconds: The longest that one attempt may take in all.
        trust: The TLS context that certificates are checked with; the system's unless given.

    Raises:
        SettingsError: An address is none, or the connection would be open for all to read.
    """

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    to: str = ""
    longest_seconds: float = 30.0
    trust: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        if self.security == "none" and not _is_here(self.host):
            raise SettingsError(
                f"The setting smtp.security is none, and the mail server {self.host!r} is not on this machine: "
                "everybody between could read the messages and the password.",
                fix="Set smtp.security to starttls or tls.",
            )
        for name, value in (("smtp.sender", self.sender), ("handoff.email_to", self.to)):
            if value or name == "smtp.sender":
                try:
                    read_address(value)
                except UserError as error:
                    raise SettingsError(f"The setting {name} cannot be used. {error.message}", fix=error.fix) from error

    def attempt(self, job: Job, told: Told, *, stopped: threading.Event) -> Attempt:
        """Sends a job once.

        Raises:
            BrokenOff: `stopped` was set meanwhile.
        """
        if not (told.to or self.to):
            return Attempt("nobody is named who should get it: handoff.email_to is empty", may_heal=False)
        try:
            message = message_of(job, told, sender=self.sender, to=told.to or self.to)
        except UserError:
            return Attempt("the recipient's address is no e-mail address", may_heal=False)
        exchange = _Exchange(self, message)
        try:
            within(self.longest_seconds, exchange.run, stopped=stopped, cut=exchange.cut)
        except (TimeIsOver, BrokenOff):
            if not exchange.accepted.is_set():
                if stopped.is_set():
                    raise BrokenOff from None
                return Attempt("the mail server did not answer in time")
        except (smtplib.SMTPException, UnicodeError, OSError) as error:
            return judged(error)
        return Attempt()


class _Exchange:
    """One conversation with a mail server, which another thread may cut off."""

    def __init__(self, server: MailServer, message: EmailMessage) -> None:
        self._server = server
        self._message = message
        self._clients: list[smtplib.SMTP] = []
        self.accepted = threading.Event()

    def run(self) -> None:
        """Connects, proves itself, hands the message over. What happens after that does not matter."""
        server = self._server
        trust = server.trust or (None if server.security == "none" else ssl.create_default_context())
        options: dict[str, Any] = {
            "host": server.host,
            "port": server.port,
            "local_hostname": read_address(server.sender).domain,
            "timeout": min(_WAIT_SECONDS, server.longest_seconds),
        }
        hold = self._clients.append
        client = _TlsClient(hold, context=trust, **options) if server.security == "tls" else _Client(hold, **options)
        try:
            if server.security == "starttls":
                client.starttls(context=trust)
            if server.user:
                client.login(server.user, server.password)
            client.send_message(self._message)
            self.accepted.set()
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
        finally:
            client.close()

    def cut(self) -> None:
        """Ends the connection under the thread that waits on it."""
        for client in self._clients:
            connection = client.sock
            if connection is not None:
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)  # not that of TLS, which would say good-bye


class _Client(smtplib.SMTP):
    """A client that is known before it connects, so that it can be cut off meanwhile."""

    def __init__(self, hold: Callable[[smtplib.SMTP], None], **options: Any) -> None:
        hold(self)
        super().__init__(**options)


class _TlsClient(smtplib.SMTP_SSL):
    """The same under TLS from the first byte."""

    def __init__(self, hold: Callable[[smtplib.SMTP], None], **options: Any) -> None:
        hold(self)
        super().__init__(**options)


def message_of(job: Job, told: Told, *, sender: str, to: str) -> EmailMessage:
    """The message of a job. Line breaks and controls in the subject become spaces, so that no header can be added.

    Raises:
        UserError: `to` is no e-mail address.
    """
    origin = read_address(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = origin
    message["To"] = read_address(to)
    message["Subject"] = one_line(told.subject)
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = f"<{job.id}@{origin.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    text = told.text.replace("\r\n", "\n").replace("\r", "\n")
    message.set_content(_CONTROL.sub("", _encodable(text)))
    return message


def one_line(text: str) -> str:
    """A text as one short line, fit for a header."""
    line = " ".join(_CONTROL.sub(" ", _encodable(text)).split())
    return line if len(line) <= _LONGEST_SUBJECT else line[: _LONGEST_SUBJECT - 1] + "…"


def read_address(text: str) -> Address:
    """Exactly one e-mail address, with a name before it or without.

    Raises:
        UserError: It is none, or several; the text does not repeat it, since it may be a customer's.
    """
    named = _NAMED.fullmatch(text.strip())
    name, bare = (named["name"].strip(' "'), named["address"]) if named else ("", text.strip())
    local, _, domain = bare.rpartition("@")
    host = plain_host(domain)
    is_local = _LOCAL_PART.fullmatch(local) and not (local.startswith(".") or local.endswith(".") or ".." in local)
    if not is_local or not host or len(bare) > 254:
        raise UserError(
            "It is not one plain e-mail address.", fix="Give one address such as help@shop.example; a list has its own."
        )
    return Address(one_line(name), username=local, domain=host)


def judged(error: Exception) -> Attempt:
    """What a failure means: whether a later attempt may go better, in words without anybody's address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return Attempt(f"the mail server refused the recipient ({_codes(code, reply)})", may_heal=code < 500)
    if isinstance(error, smtplib.SMTPDataError):
        said = _codes(error.smtp_code, error.smtp_error)
        return Attempt(f"the mail server refused the message ({said})", may_heal=error.smtp_code < 500)
    if isinstance(error, smtplib.SMTPSenderRefused):
        said = _codes(error.smtp_code, error.smtp_error)
        return Attempt(f"the mail server refused the sender ({said}): check smtp.sender, smtp.user and smtp.password")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = _codes(error.smtp_code, error.smtp_error)
        return Attempt(f"the mail server did not accept smtp.user and smtp.password ({said})")
    if isinstance(error, smtplib.SMTPResponseException):
        return Attempt(f"the mail server answered {_codes(error.smtp_code, error.smtp_error)}")
    if isinstance(error, UnicodeError):
        return Attempt("smtp.user or smtp.password has letters that the mail server's sign-in cannot carry")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Attempt(f"the mail server's certificate is not trusted: {error.verify_message}")
    return Attempt(f"the mail server cannot be used: {str(error)[:200] or type(error).__name__}")


def _codes(code: int, reply: bytes | str) -> str:
    found = _ENHANCED.match(reply.encode("utf-8", "replace") if isinstance(reply, str) else reply)
    return f"{code} {found[0].decode()}" if found else str(code)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_here(host: str) -> bool:
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
