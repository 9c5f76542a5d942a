"""When the files of a git checkout were last changed, as its history says.

The times on the disk of a checkout are those of the checkout, not of the text. It reads the history
with git itself, where git is installed, and runs nothing that the repository names: no hooks, and no
transports that would fetch what is missing.
"""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

_SECONDS = 20
_ALONE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
_LOG = ("log", "--no-renames", "--no-show-signature", "--format=%x01%ct", "--name-only", "--relative", "-z", "--", ".")


def last_changes(folder: Path) -> dict[str, datetime]:
    """By path under a folder the time of the last commit that changed it; empty where there is no history."""
    git = shutil.which("git")
    if git is None or not any((place / ".git").exists() for place in (folder, *folder.parents)):
        return {}
    usual = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, and the folder only as a place to stand in
            [git, *_QUIET, *_LOG], cwd=folder, env=usual | _ALONE, capture_output=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return _first_times(done.stdout.decode("utf-8", "replace"))


def _first_times(log: str) -> dict[str, datetime]:
    """The log is newest first: a path's first time is that of its last change."""
    changed: dict[str, datetime] = {}
    for commit in log.split("\x01")[1:]:
        seconds, _, names = commit.partition("\0")
        moment = datetime.fromtimestamp(int(seconds.strip() or 0), UTC)
        for name in names.split("\0"):
            if name := name.strip("\n"):
                changed.setdefault(name, moment)
    return changed
