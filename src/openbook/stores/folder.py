"""A desk's folder on disk: who holds it, which Openbook made it, whether it was left in order.

Exactly one process holds an embedded folder, by a lock that the operating system drops when the
process ends, however it ends. The folder also says which layout it has, so that a folder made by
a newer Openbook is refused rather than spoilt.
"""

import fcntl
import json
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from openbook.errors import FolderInUse, StoreDamaged, UserError

LAYOUT = 1
_LOCK, _LAYOUT, _DIRTY = "openbook.lock", "layout.json", "in-use"


class Folder:
    """A desk's data folder.

    Args:
        path: The folder; made when absent.

    Raises:
        UserError: The place cannot be a folder or may not be written.
        StoreDamaged: A newer Openbook made it, or its layout file is no JSON.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None
        self._make()
        self._check_layout()

    @property
    def database(self) -> Path:
        """The SQL database's file."""
        return self.path / "openbook.db"

    @property
    def index(self) -> Path:
        """The folder of the vector index."""
        return self.path / "index"

    @property
    def cache(self) -> Path:
        """The folder of what can be made again, such as the encoder's graph."""
        return self.path / "cache"

    @property
    def socket(self) -> Path:
        """Where the holder listens for other processes."""
        return self.path / "openbook.sock"

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UserError(
                f"The desk's folder {self.path} cannot be made: {error.strerror}.",
                fix="Name a folder that you may write in with --desk FOLDER or OPENBOOK_DESK.",
            ) from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise UserError(
                f"The desk's folder {self.path} may not be written by this user.",
                fix="Change its owner or permissions, or name another with --desk FOLDER.",
            )

    def _check_layout(self) -> None:
        place = self.path / _LAYOUT
        if not place.exists():
            write_whole(place, json.dumps({"layout": LAYOUT}) + "\n")
            return
        try:
            layout = json.loads(place.read_text("utf-8"))["layout"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreDamaged(
                f"The file {place} is not readable as a desk's layout.",
                fix=f'If this folder is a desk, write {{"layout": {LAYOUT}}} into that file; '
                "otherwise name another folder with --desk.",
            ) from error
        if layout != LAYOUT:
            raise StoreDamaged(
                f"The folder {self.path} has layout {layout}; this version of Openbook knows layout {LAYOUT}.",
                fix="Install the Openbook version that made it, or name another folder with --desk.",
            )

    def hold(self, purpose: str) -> bool:
        """Tries to become the holder; True when this process holds the folder now."""
        lock = (self.path / _LOCK).open("a+", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        self.describe(purpose)
        return True

    def describe(self, purpose: str, **details: Any) -> None:
        """Leaves word of who holds the folder, for whoever finds it held."""
        assert self._lock is not None
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(json.dumps({"pid": os.getpid(), "purpose": purpose, **details}))
        self._lock.flush()

    def holder(self) -> dict[str, Any]:
        """What the holder said of itself; empty when nothing is known."""
        try:
            said = json.loads((self.path / _LOCK).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    def in_use(self, wish: str) -> FolderInUse:
        """The error for a wish that only the holder can grant."""
        said = self.holder()
        address = f" at {said['address']}" if said.get("address") else ""
        return FolderInUse(
            f"{wish}: process {said.get('pid', 'unknown')} ({said.get('purpose', 'openbook')}{address}) "
            f"holds the folder {self.path}.",
            fix="Use that one, stop it first, or name another folder with --desk.",
        )

    def mark_dirty(self) -> bool:
        """Notes that the folder is in use; True when the last holder left it without closing."""
        marker = self.path / _DIRTY
        left = marker.exists()
        write_whole(marker, "")
        return left

    def release(self, *, clean: bool) -> None:
        """Lets the folder go; `clean` says that everything was written out."""
        if self._lock is None:
            return
        if clean:
            (self.path / _DIRTY).unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)
        self._lock.close()
        self._lock = None


def write_whole(place: Path, text: str) -> None:
    """Writes a file so that it is there whole or not at all."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, prefix=f".{place.name}.", delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name, too, outlasts a crash of the machine
    finally:
        os.close(folder)
