"""A real server on the sample shop, and visitors who speak HTTP to it as browsers behind a proxy do.

The server is `openbook serve` in a process of its own, on a copy of a desk that is made once. A visitor
sends each message over a fresh connection and listens to an event stream all along. Both go on after a
crash as the widget does: a message is sent again with the same `Idempotency-Key`, a stream from the last
place that was heard. Questions are made of the articles' headings, so no set that judges is touched.
Knows neither TLS nor HTTP/2, which a proxy in front would add.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from measure import CACHE, ROOT
from openbook import Desk

SHOP = ROOT / "examples" / "shop"
READY_SECONDS = 60
STOP_SECONDS = 60
_HOST = "127.0.0.1"
_PATIENCE_SECONDS = 60.0
_AGAIN_SECONDS = 0.2
_HEADING = re.compile(r"^#{1,3} +(.+?)#* *$", re.MULTILINE)
_MARKS = re.compile(r"[*_`\[\]]|\{#.*?\}|\(http[^)]*\)")
_FORMS = (
    "What should I know about {}?",
    "Can you help me with {}?",
    "How does it work: {}?",
    "{} - what are the rules?",
)


# ------------------------------------------------------------------ the shop


def shop_desk() -> Path:
    """A desk with the shop's public articles; made once and kept in `.cache`."""
    folder = CACHE / "shop-public-desk"
    with Desk.open(folder) as desk:
        if not desk.documents():
            desk.add(SHOP / "articles", audience="public")
    return folder


@contextmanager
def shop_copy() -> Iterator[Path]:
    """A copy of the shop's desk that may be written to, and is thrown away."""
    with TemporaryDirectory(prefix="openbook-shop-") as place:
        yield Path(shutil.copytree(shop_desk(), Path(place) / "desk"))


def shop_questions() -> list[str]:
    """The articles' headings as questions, each once."""
    texts = (page.read_text("utf-8", "replace") for page in sorted((SHOP / "articles").rglob("*.md")))
    headings = [_MARKS.sub("", found).strip() for text in texts for found in _HEADING.findall(text)]
    chosen = [heading for heading in dict.fromkeys(headings) if 1 < len(heading.split()) < 12]
    return [_question(heading, place) for place, heading in enumerate(chosen)]


def _question(heading: str, place: int) -> str:
    if heading.endswith("?"):
        return heading
    return _FORMS[place % len(_FORMS)].format(heading[:1].lower() + heading[1:])


# ---------------------------------------------------------------- the server


class ShopServer:
    """One `openbook serve`, which can be killed and started again on the same folder and port.

    Args:
        folder: The desk.
        settings: By their variables' names without the prefix, such as `SERVER__TURNS`.
    """

    def __init__(self, folder: Path, settings: Mapping[str, object]) -> None:
        self.folder = folder
        self.port = _free_port()
        self._settings = {f"OPENBOOK_{name}": str(value) for name, value in settings.items()}
        self._log = folder.parent / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Starts it, and says after how many seconds it was ready."""
        started = time.perf_counter()
        command = [sys.executable, "-m", "openbook", "serve", "--desk", str(self.folder), "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=log, env={**os.environ, **self._settings}
            )
        while not _is_ready(self.port):
            if self._process.poll() is not None or time.perf_counter() - started > READY_SECONDS:
                raise RuntimeError(f"the server did not start:\n{self._log.read_text('utf-8', 'replace')[-2_000:]}")
            time.sleep(0.02)
        return time.perf_counter() - started

    def kill(self) -> None:
        """Ends it by `kill -9`."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Ends it in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(STOP_SECONDS)

    def megabytes(self) -> float:
        """Its resident set."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024

    def busy_seconds(self) -> float:
        """Processor time that it has used since it started."""
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def faults(self) -> int:
        """How many faults it wrote into its log."""
        return self._log.read_text("utf-8", "replace").count("Traceback")


@contextmanager
def serving(folder: Path, settings: Mapping[str, object]) -> Iterator[ShopServer]:
    """A started server, which is ended afterwards whatever happens."""
    server = ShopServer(folder, settings)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as place:
        place.bind((_HOST, 0))
        port: int = place.getsockname()[1]
        return port


def _is_ready(port: int) -> bool:
    try:
        with socket.create_connection((_HOST, port), timeout=5) as line:
            line.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return line.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


# ---------------------------------------------------------------------- HTTP


class Broken(Exception):
    """The connection failed before a whole response was there: nobody knows what the server did."""


@dataclass(frozen=True, slots=True)
class Response:
    """A whole response; `data` is its JSON, or None where it has no body."""

    status: int
    data: Any

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The problem's code, or nothing."""
        return str(self.data.get("code", "")) if isinstance(self.data, dict) else ""


async def call(
    port: int, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: object = None
) -> Response:
    """One request over a connection of its own.

    Raises:
        Broken: There is no whole response.
    """
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection(_HOST, port)
            try:
                writer.write(_request(method, path, headers or {}, body))
                status, told = await _head(reader)
                data = await reader.readexactly(int(told.get("content-length", "0")))
            finally:
                writer.close()
    except (OSError, EOFError, TimeoutError, ValueError, IndexError) as error:
        raise Broken(repr(error)) from error
    return Response(status, json.loads(data) if data else None)


def _request(method: str, path: str, headers: Mapping[str, str], body: object) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    lines = {"Host": "localhost", "Connection": "close", **headers}
    if body is not None:
        lines |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


async def events(port: int, path: str, headers: Mapping[str, str]) -> AsyncGenerator[dict[str, str], None]:
    """The fields of each server-sent event, until the stream ends.

    Raises:
        Broken: It could not be opened, or ended in the middle.
    """
    try:
        reader, writer = await asyncio.open_connection(_HOST, port)
        try:
            writer.write(_request("GET", path, {**headers, "Accept": "text/event-stream"}, None))
            status, _ = await asyncio.wait_for(_head(reader), _PATIENCE_SECONDS)
            if status != 200:
                raise Broken(f"status {status}")
            rest = b""
            while size := int(await reader.readuntil(b"\r\n"), 16):
                rest += (await reader.readexactly(size + 2))[:-2]
                *blocks, rest = rest.split(b"\n\n")
                for block in blocks:
                    yield dict(line.split(": ", 1) for line in block.decode().split("\n") if line[:1] not in ("", ":"))
        finally:
            writer.close()
    except (OSError, EOFError, TimeoutError, ValueError) as error:
        raise Broken(repr(error)) from error


# ------------------------------------------------------------------ visitors


@dataclass(slots=True)
class Visitor:
    """One visitor: a token, a conversation, and what came in over its stream.

    Attributes:
        number: Gives it a network address of its own, which a proxy would tell.
        heard: How often each message came in, by its id; answers by theirs as well.
        heard_at: When it came in first, by the event loop's clock.
        last: The place of the last message that was heard.
        reopened: How often its stream had to be opened again.
    """

    port: int
    number: int
    token: str = ""
    conversation_id: str = ""
    heard: Counter[str] = field(default_factory=Counter)
    heard_at: dict[str, float] = field(default_factory=dict)
    last: int = -1
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    reopened: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """Who it is, as a proxy passes it on."""
        known = {"Authorization": f"Visitor {self.token}"} if self.token else {}
        return {"X-Forwarded-For": f"198.18.{self.number // 250 % 250}.{self.number % 250 + 1}", **known}

    async def arrive(self) -> None:
        """Gets a token."""
        response = await insistent(lambda: call(self.port, "POST", "/v1/visitors", headers=self.headers, body={}))
        self.token = response.data["visitor"]

    async def write(self, text: str, key: str) -> Response:
        """Sends a message; the first one begins the conversation.

        Raises:
            Broken: There is no whole response.
        """
        path = f"/v1/conversations/{self.conversation_id or 'new'}/messages"
        headers = {**self.headers, "Idempotency-Key": key}
        response = await call(self.port, "POST", path, headers=headers, body={"text": text})
        if response.ok:
            self.conversation_id = response.data["conversation_id"]
        return response

    async def listen(self) -> None:
        """Hears what comes in, opening the stream again whenever it ends, until it is cancelled."""
        path = f"/v1/conversations/{self.conversation_id}/events"
        while True:
            behind = {"Last-Event-ID": str(self.last)} if self.last >= 0 else {}
            try:
                async with aclosing(events(self.port, path, {**self.headers, **behind})) as stream:
                    async for event in stream:
                        self._hear(event)
            except Broken:
                pass
            self.reopened += 1
            await asyncio.sleep(_AGAIN_SECONDS)

    async def look(self) -> list[dict[str, Any]]:
        """The messages of its conversation, as they are kept."""
        path = f"/v1/conversations/{self.conversation_id}"
        response = await insistent(lambda: call(self.port, "GET", path, headers=self.headers))
        messages: list[dict[str, Any]] = response.data["messages"]
        return messages

    def _hear(self, event: dict[str, str]) -> None:
        self.opened.set()
        if event.get("event") != "message":
            return
        message = json.loads(event["data"])
        self.last = message["ordinal"]
        for name in filter(None, (message["id"], message["answer_id"])):
            self.heard[name] += 1
            self.heard_at.setdefault(name, asyncio.get_running_loop().time())


async def insistent(send: Callable[[], Awaitable[Response]], *, tries: Counter[str] | None = None) -> Response:
    """The response to a request that is sent again until the server does or refuses it, as the widget does.

    Args:
        send: Sends the request once, with the same key each time.
        tries: Counts how often it was sent again, under `again`.
    """
    while True:
        try:
            response = await send()
            if response.status < 500:
                return response
        except Broken:
            pass
        if tries is not None:
            tries["again"] += 1
        await asyncio.sleep(_AGAIN_SECONDS)
