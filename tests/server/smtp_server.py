"""A small real mail server on a thread, which can be told to be difficult."""

import base64
import socketserver
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy

USUAL = {
    "CONNECT": "220 mail.example ready",
    "EHLO": "250 mail.example",
    "MAIL": "250 2.1.0 fine",
    "RCPT": "250 2.1.5 fine",
    "DATA": "354 go on",
    "END": "250 2.0.0 taken",
    "QUIT": "221 2.0.0 bye",
    "AUTH": "235 2.7.0 welcome",
    "STARTTLS": "220 2.0.0 go on",
}


@dataclass
class Mailbox:
    """What a mail server was told, and where it is."""

    port: int
    messages: list = field(default_factory=list)
    envelopes: list = field(default_factory=list)
    commands: list = field(default_factory=list)
    logins: list = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    came: threading.Event = field(default_factory=threading.Event)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.secure = False
        self.recipient = ""
        with suppress(OSError):
            if self.server.tls:
                self.wrap()
            self.talk()

    def finish(self):
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def wrap(self):
        self.rfile.close()
        self.wfile.close()
        self.connection = self.server.trust.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.secure = True

    def talk(self):
        box = self.server.box
        going = self.say("CONNECT")
        while going and (line := self.rfile.readline()):
            verb, _, rest = line.decode("utf-8").strip().partition(" ")
            box.commands.append(verb.upper())
            going = self.obey(verb.upper(), rest)

    def obey(self, verb, rest):
        if verb == "EHLO":
            return self.greet()
        if verb == "RCPT":
            self.recipient = rest.partition(":")[2].strip("<>")
        if verb == "AUTH":
            words = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
            self.server.box.logins.append((*words[1:], self.secure))
        if not self.say(verb):
            return False
        if verb == "STARTTLS":
            self.wrap()
        if verb == "DATA" and self.server.replies["DATA"].startswith("354"):
            return self.take()
        return verb != "QUIT"

    def greet(self):
        offers = [offer for offer in self.server.offers if not (self.secure and offer == "STARTTLS")]
        lines = ["mail.example", *offers]
        for number, line in enumerate(lines):
            self.wfile.write(f"250{'-' if number < len(lines) - 1 else ' '}{line}\r\n".encode())
        return True

    def take(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        box = self.server.box
        box.messages.append(message_from_bytes(b"".join(lines), policy=policy.default))
        box.envelopes.append(self.recipient)
        box.came.set()
        return self.say("END")

    def say(self, step):
        """Answers a step as the test wants it: with a line, with nothing until the end, by dripping, by hanging up."""
        self.server.box.asked.set()
        reply = self.server.replies.get(step, "502 what?")
        reply = reply() if callable(reply) else reply
        if reply == "hang":
            self.server.over.wait(60)
        elif reply == "drip":
            while not self.server.over.wait(0.02):
                self.wfile.write(b"220-still busy\r\n")
        elif reply != "close":
            self.wfile.write(f"{reply}\r\n".encode())
            return True
        return False


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A client that gives up is no error here."""


@contextmanager
def mail_server(replies=None, *, trust=None, tls=False, offers=("STARTTLS", "AUTH PLAIN", "8BITMIME")):
    """A mail server; `replies` by step: a line, "hang", "drip", "close", or a function that gives one."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.box = Mailbox(server.server_address[1])
        server.replies, server.trust, server.tls, server.offers = USUAL | (replies or {}), trust, tls, offers
        server.over = threading.Event()
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server.box
        finally:
            server.over.set()
            server.shutdown()
