"""What the history of a git checkout says of its files, and that nothing in the checkout is run."""

import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from openbook.ingest.checkout import last_changes
from openbook.ingest.folder import walk

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

FIRST, SECOND = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2025, 6, 7, 8, 9, 10, tzinfo=UTC)


class Checkout:
    """A repository in a folder."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet")

    def git(self, *words, at=FIRST):
        named = {f"GIT_{who}_{what}": "A. Writer" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        moment = {"GIT_COMMITTER_DATE": at.isoformat(), "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z"}
        alone = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "PATH": "/usr/bin:/bin"}
        command = ["git", "-c", "commit.gpgSign=false", *words]
        done = subprocess.run(
            command, cwd=self.folder, env=named | moment | alone, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, at, **texts):
        for name, text in texts.items():
            (self.folder / f"{name}.md").write_text(text, "utf-8")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "x", at=at)


@pytest.fixture
def checkout(tmp_path):
    made = Checkout(tmp_path / "checkout")
    (made.folder / "hälp desk").mkdir()
    (made.folder / "hälp desk" / "ünder way.md").write_text("x", "utf-8")
    made.commit(FIRST, refunds="x", shipping="y")
    made.commit(SECOND, refunds="z")
    return made


def test_each_file_is_as_old_as_the_last_commit_that_changed_it(checkout):
    changed = last_changes(checkout.folder)
    assert changed == {"refunds.md": SECOND, "shipping.md": FIRST, "hälp desk/ünder way.md": FIRST}
    assert changed.keys() == {file.name for file in walk(checkout.folder)}


def test_names_are_told_as_from_the_folder_that_is_asked_for(checkout):
    assert last_changes(checkout.folder / "hälp desk") == {"ünder way.md": FIRST}


def test_where_there_is_no_history_nothing_is_said(tmp_path, checkout):
    assert last_changes(tmp_path) == {}
    (checkout.folder / ".git" / "HEAD").write_text("nonsense", "utf-8")
    assert last_changes(checkout.folder) == {}


def test_nothing_that_a_checkout_names_is_run(checkout, tmp_path):
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n", "utf-8")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "diff.external", "core.editor"):
        checkout.git("config", name, str(trap))
    checkout.git("config", "log.showSignature", "true")
    for place in (checkout.folder / ".git" / "hooks").iterdir():
        shutil.copy(trap, place.with_suffix(""))
    assert last_changes(checkout.folder)["refunds.md"] == SECOND
    root = checkout.git("rev-parse", "HEAD^{tree}")
    checkout.git("config", "core.repositoryFormatVersion", "1")
    checkout.git("config", "extensions.partialClone", "origin")
    checkout.git("config", "remote.origin.promisor", "true")
    checkout.git("config", "remote.origin.url", f"ext::{trap}")
    checkout.git("config", "protocol.ext.allow", "always")
    (checkout.folder / ".git" / "objects" / root[:2] / root[2:]).unlink()
    assert last_changes(checkout.folder) == {}
    assert not (tmp_path / "sprung").exists()


def test_variables_of_another_repository_do_not_lead_there(checkout, tmp_path, monkeypatch):
    other = Checkout(tmp_path / "other")
    other.commit(SECOND, elsewhere="x")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    assert "elsewhere.md" not in last_changes(checkout.folder)
