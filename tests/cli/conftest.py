"""A folder with an article, and `openbook` run in it as a process of its own."""

import json
import os
import subprocess
import sys

import pytest

from openbook.cli import main
from openbook.errors import EncoderMissing
from openbook.models.weights import find_weights

GIFT_CARDS = "# Gift cards\n\nA gift card is valid for 24 months from the day of purchase.\n"


@pytest.fixture
def run(tmp_path):
    """Runs `openbook` in a folder of its own."""

    def call(*words, status=0, stdin="", **variables):
        command = [sys.executable, "-m", "openbook", *words]
        there = {"cwd": tmp_path, "env": os.environ | variables}
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, **there)
        assert done.returncode == status, done.stderr
        return done

    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "gift-cards.md").write_text(GIFT_CARDS, "utf-8")
    return call


@pytest.fixture
def encoder():
    """Skips where the encoder's weights are missing."""
    try:
        find_weights()
    except EncoderMissing as error:
        pytest.skip(f"the encoder's weights are not here: {error.message}")


@pytest.fixture
def called(tmp_path, monkeypatch, capsys):
    """Runs `openbook` in this process, in a folder of its own and without an encoder: quick, for many commands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBOOK_ENCODER__PATH", str(tmp_path / "no-encoder"))
    monkeypatch.setenv("OPENBOOK_THRESHOLD", "0.002")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "gift-cards.md").write_text(GIFT_CARDS, "utf-8")

    def call(*words, status=0):
        monkeypatch.setattr(sys, "argv", ["openbook", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert (ended.value.code or 0) == status, said.err
        return " ".join((said.err if status == 2 else said.out).split())

    return call


@pytest.fixture
def data(called):
    """Runs `openbook … --json` in this process and reads the one value that it prints, in strict JSON."""
    return lambda *words, status=0: json.loads(called(*words, "--json", status=status), parse_constant=pytest.fail)
