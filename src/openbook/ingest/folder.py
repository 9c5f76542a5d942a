"""Finds the files to read under a location, in a stable order, and says why others are left out.

Hidden files and the folders of tools are passed over in silence; everything else that is not
readable is named with its problem. It opens no file and knows nothing about their content.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openbook.ingest.reader import SUFFIXES

_IGNORED_NAMES = frozenset(
    {"node_modules", "__pycache__", "__MACOSX", "venv", "bower_components", "lost+found", "Thumbs.db", "desktop.ini"}
)
_DEPTH_LIMIT = 64


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file under a location.

    Attributes:
        path: Where it is.
        name: Its path relative to the location, with `/`; its own name if the location is a
            file. Printable, also where the name on disk is not valid UTF-8.
        problem: Why it cannot be read; empty if nothing is known against it.
    """

    path: Path
    name: str
    problem: str = ""


def walk(location: Path, *, suffixes: tuple[str, ...] = SUFFIXES) -> Iterator[FoundFile]:
    """The files under a folder, or the one file, sorted by name; what is unreadable has a problem.

    A link is followed if its target lies inside the location, and no folder is entered twice.

    Args:
        location: A folder or a file.
        suffixes: The endings that can be read, in lower case.
    """
    if not location.exists():
        yield FoundFile(location, _printable(location.name), problem="does not exist")
    elif not location.is_dir():
        yield _judged(location, name=_printable(location.name), suffixes=suffixes)
    else:
        root = location.resolve()
        yield from _walk_folder(location, root=root, location=location, seen={root}, suffixes=suffixes)


def _walk_folder(
    folder: Path, *, root: Path, location: Path, seen: set[Path], suffixes: tuple[str, ...]
) -> Iterator[FoundFile]:
    """One folder's files and then, by recursion bounded by depth, its folders' files in name order."""
    name = _printable(folder.relative_to(location).as_posix())
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield FoundFile(folder, name, problem=f"the folder cannot be opened: {error.strerror}")
        return
    if len(folder.relative_to(location).parts) >= _DEPTH_LIMIT:
        yield FoundFile(folder, name, problem=f"the folder is nested more than {_DEPTH_LIMIT} deep")
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.name in _IGNORED_NAMES:
            continue
        name = _printable(entry.relative_to(location).as_posix())
        problem = _link_problem(entry, root=root)
        if problem:
            yield FoundFile(entry, name, problem=problem)
        elif not entry.is_dir():
            yield _judged(entry, name=name, suffixes=suffixes)
        elif (real := entry.resolve()) not in seen:
            seen.add(real)
            yield from _walk_folder(entry, root=root, location=location, seen=seen, suffixes=suffixes)


def _link_problem(entry: Path, *, root: Path) -> str:
    """Why a link is not followed; empty for anything that is no link."""
    try:
        if not entry.is_symlink():
            return ""
        target = entry.resolve(strict=True)
    except PermissionError:
        return "no permission to look at it"
    except (OSError, RuntimeError):
        return "a link whose target does not exist or cannot be reached"
    return "" if target.is_relative_to(root) else "a link to a place outside the folder"


def _judged(path: Path, *, name: str, suffixes: tuple[str, ...]) -> FoundFile:
    """The file with what can be said against it without reading it."""
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        return FoundFile(path, name, problem=f"unsupported kind {_printable(suffix) or '(no file name ending)'}")
    if not path.is_file():
        return FoundFile(path, name, problem="not a regular file")
    if not os.access(path, os.R_OK):
        return FoundFile(path, name, problem="no permission to read it")
    return FoundFile(path, name)


def _printable(name: str) -> str:
    """A name that can be shown and stored: what is no UTF-8 or not printable is replaced by a mark."""
    decoded = os.fsencode(name).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in decoded)
