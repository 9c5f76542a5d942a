"""Opens the SQL database, brings its schema up to date, and says clearly when it cannot.

SQLite in write-ahead mode by default, PostgreSQL by the same tables where `store.url` names it.
This module knows no table's meaning.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, IntegrityError, ProgrammingError
from sqlalchemy.pool import QueuePool

from openbook.errors import Busy, DiskFull, SettingsError, StoreDamaged
from openbook.stores.writer import Writer

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0005"
_ROOM_BYTES = 64_000_000

_FAILURES = (
    ("unable to open", "opened", "Check that the folder exists and that you may write in it."),
    ("is full", "written", "Make room on its disk; everything that was acknowledged is kept."),
    ("locked", "written", "Another program uses the file: close that one and try again."),
)
_DAMAGED = (
    "read",
    "Stop Openbook, keep a copy of the folder, and put back the latest backup of openbook.db "
    "(the sqlite3 tool's `.recover` may save what is left).",
)
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA cache_size = -65536",
    "PRAGMA mmap_size = 268435456",
    "PRAGMA temp_store = MEMORY",
)


class Database:
    """Reads by snapshots on any thread, writes through one thread.

    Args:
        engine: An engine from `open_engine`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = Writer(engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database throughout.

        Raises:
            StoreDamaged: The file is damaged.
        """
        with translated(self.engine), self.engine.connect() as connection:
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in a transaction and returns its result once it is durable.

        Raises:
            StoreDamaged: The file is damaged, or its disk is full.
            Exception: Whatever `work` raised; nothing of it is kept.
        """
        with translated(self.engine):
            return self._writer.run(work)

    def require_room(self) -> None:
        """Makes sure that the disk of the file, where the index lies as well, has room for a group of versions.

        The index is memory-mapped: a disk that is full in mid-write would end the process without a word.

        Raises:
            DiskFull: There is too little.
        """
        if self.engine.url.database and self.engine.dialect.name == "sqlite":
            folder = Path(self.engine.url.database).parent
            left = shutil.disk_usage(folder).free
            if left < _ROOM_BYTES:
                raise DiskFull(
                    f"The disk of {folder} has {left / 1e6:.0f} MB left; publishing needs {_ROOM_BYTES / 1e6:.0f} MB.",
                    fix="Make room on it, and do the same again; everything that was read before is kept.",
                )

    def compact(self) -> None:
        """Writes the log back into the file and empties it, so that erased text is in neither.

        Raises:
            Busy: Somebody reads an older state all along, so the log must be kept.
        """
        if self.engine.dialect.name == "sqlite":
            connection = self.engine.raw_connection()
            try:
                busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()
            if busy:
                raise Busy(
                    "The database's log could not be emptied, because an older state is being read; "
                    "what was erased is out of service but may still be in the log.",
                    fix="Do the same again in a moment.",
                )

    def close(self) -> None:
        """Finishes pending writes and lets the file go."""
        self._writer.close()
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """Connects, migrates to the newest schema and returns the engine.

    Args:
        url: An SQLAlchemy address, such as `sqlite:////srv/desk/openbook.db`.

    Raises:
        SettingsError: `url` is no address of a database that can be used here.
        StoreDamaged: The file is no database, is damaged, or was made by a newer Openbook.
    """
    try:
        engine = create_engine(url, poolclass=QueuePool, pool_size=8, max_overflow=24)
    except (ArgumentError, ImportError) as error:
        raise SettingsError(
            f"The setting store.url cannot be {url!r}: {error}.",
            fix="Leave it empty for openbook.db in the desk's data folder, or name sqlite:////FOLDER/FILE.",
        ) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        with translated(engine):
            revision = _revision(engine)
            if revision != HEAD:
                migrate(engine, revision)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    """Sets the pragmas, and lets SQLAlchemy rather than the driver begin transactions."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(engine: Engine, revision: str | None = None) -> None:
    """Applies every migration that is missing.

    Raises:
        StoreDamaged: `revision` is unknown here: a newer Openbook made the folder.
    """
    # deferred: alembic costs a quarter of a second and is needed only when the schema is behind
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreDamaged(
            f"The database has schema {revision!r}, which this version of Openbook does not know.",
            fix="Install the newer Openbook that made this folder, or restore a backup made by this version.",
        )
    with engine.connect().execution_options(writes=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turns the driver's errors about the database as a whole into ours; those about one statement pass."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except (DatabaseError, sqlite3.DatabaseError) as error:
        said = str(getattr(error, "orig", error))
        what, mend = next((told for sign, *told in _FAILURES if sign in said), _DAMAGED)
        place = str(engine.url).removeprefix("sqlite:///")
        raise StoreDamaged(f"The database {place} cannot be {what}: {said}.", fix=mend) from error
