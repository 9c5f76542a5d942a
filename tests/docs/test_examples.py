import contextlib
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from docs.markdown_pages import PAGES, ROOT, blocks_of, name_of
from openbook.errors import EncoderMissing
from openbook.models.weights import find_weights

LIMIT_SECONDS = 100
TRIES = 300
USUAL_ADDRESS = "127.0.0.1:8080"
RUNNABLE = ("python", "sh")
SHOWCASES = {"README.md": "€6.95", "quickstart.md": "€6.95"}
"""Pages whose Python example must be answered and cited, with what both say."""


def pages_with_examples():
    return [page for page in PAGES if any(block.language in RUNNABLE for block in blocks_of(page))]


class Terminal:
    """Runs the blocks of one page in a folder of its own; a server that a page starts runs until the page ends."""

    def __init__(self, folder, errors):
        self.folder = folder
        self.address = f"127.0.0.1:{free_port()}"
        self.servers = contextlib.ExitStack()
        self._errors = errors
        own = {name: value for name, value in os.environ.items() if not name.startswith("OPENBOOK_")}
        path = os.pathsep.join([str(Path(sys.executable).parent), own.get("PATH", "")])
        self.environment = {**own, "PATH": path, "OPENBOOK_SERVER__PORT": self.address.rpartition(":")[2]}

    def run(self, block):
        if block.language == "python":
            return self.command([sys.executable, "-W", "error", "-c", block.text])
        lines = (line for line in block.text.splitlines() if line.strip() and not line.startswith("#"))
        return "".join(self.line(line.replace(USUAL_ADDRESS, self.address)) for line in lines)

    def line(self, line):
        words = shlex.split(line)
        words[0] = shutil.which(words[0], path=self.environment["PATH"]) or pytest.skip(f"{words[0]} is not installed")
        return self.serve(words) if words[1:2] == ["serve"] else self.command(words)

    def command(self, words):
        done = subprocess.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=LIMIT_SECONDS
        )
        assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def serve(self, words):
        log = self.servers.enter_context(self._errors.open("w"))
        server = subprocess.Popen(words, cwd=self.folder, env=self.environment, stdout=log, stderr=log)
        self.servers.callback(stop, server)
        for _ in range(TRIES):
            assert server.poll() is None, self._errors.read_text()
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"http://{self.address}/healthz", timeout=5).close()
                return ""
            time.sleep(0.1)
        raise AssertionError(f"the server does not answer:\n{self._errors.read_text()}")


def stop(server):
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


@pytest.fixture
def terminal(tmp_path):
    try:
        find_weights()
    except EncoderMissing as error:
        pytest.skip(f"the encoder's weights are not installed: {error.fix}")
    shutil.copytree(ROOT / "examples" / "shop", tmp_path / "examples" / "shop")
    terminal = Terminal(tmp_path, tmp_path / "server.log")
    with terminal.servers:
        yield terminal


@pytest.mark.examples
@pytest.mark.parametrize("page", pages_with_examples(), ids=name_of)
def test_the_examples_of_a_page_run_from_top_to_bottom(terminal, page):
    shown = {block: terminal.run(block) for block in blocks_of(page) if block.language in RUNNABLE}
    if page.name in SHOWCASES:
        [example] = [text for block, text in shown.items() if block.language == "python"]
        assert example.startswith("send ")
        assert example.count(SHOWCASES[page.name]) >= 2, "in the answer and in its citation"
