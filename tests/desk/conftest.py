"""Other processes, for a desk that is shared between them."""

import json
import subprocess
import sys
from contextlib import ExitStack

import pytest


@pytest.fixture
def articles(tmp_path):
    """A folder with one article."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "gift-cards.md").write_text(
        "# Gift cards\n\nA gift card is valid for 24 months from the day of purchase.\n", "utf-8"
    )
    return folder


@pytest.fixture
def openbook(tmp_path):
    """Runs the command line in a process of its own, on the desk of this test, and reads its JSON."""

    def run(*words, status=0):
        command = [sys.executable, "-m", "openbook", *map(str, words), "--desk", str(tmp_path / "desk"), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout) if status == 0 else done.stderr

    return run


@pytest.fixture
def process():
    """Starts Python processes with pipes for what they are told and what they say; ends those that still live."""
    with ExitStack() as ending:

        def start(script, *arguments):
            command = [sys.executable, "-c", script, *map(str, arguments)]
            other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            ending.callback(other.communicate)
            ending.callback(other.kill)
            return other

        yield start
