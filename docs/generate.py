"""Writes the reference pages that follow from the code: commands, settings, errors.

`python docs/generate.py` writes them; a test fails where a page is no longer what this gives. Only
names, descriptions and defaults come from the code; everything that needs judgement is written by
hand on other pages.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

from openbook.cli.commands import app
from openbook.errors import ERRORS, OpenbookError
from openbook.settings import FILE_NAME, Settings, describe, setting_names

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by docs/generate.py from the code; change it there. -->"


def commands_page() -> str:
    """Every command with its arguments and options, in the order of `openbook --help`."""
    group: Any = get_command(app)
    context = typer.Context(group, info_name="openbook")
    parts = [
        "# Commands",
        NOTE,
        "Every command takes `--help`. With `--json`, where a command has it, standard output carries one JSON "
        "value and nothing else; progress and messages go to standard error.",
        "| Exit status | means |\n|---|---|\n| 0 | done |\n"
        "| 1 | a failure of ours, or a check that did not pass (`doctor`, `receipt --replay`) |\n"
        "| 2 | the request cannot be done as given |",
        "An error is two lines: what happened, with the value, then `Fix:` and what mends it. "
        "[Errors](errors.md) lists them all.",
    ]
    parts += [part for name in group.commands for part in _command(group.commands[name], name, context)]
    return _joined(parts)


def _command(command: Any, name: str, parent: Any) -> Iterator[str]:
    context = typer.Context(command, info_name=name, parent=parent)
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option" and each.name != "help"]
    yield f"## openbook {name}"
    yield (command.help or "").strip()
    yield f"```text\n{' '.join(['openbook', name, *(_usage(each) for each in arguments), '[OPTIONS]'])}\n```"
    rows = [(_usage(each), each.help) for each in arguments]
    rows += [each.get_help_record(context) for each in options]
    if rows:
        yield _table(("argument or option", "meaning"), [(f"`{first}`", second) for first, second in rows])


def _usage(argument: Any) -> str:
    word = argument.name.upper() + ("..." if argument.nargs == -1 else "")
    return word if argument.required else f"[{word}]"


def settings_page() -> str:
    """Every setting with its default, its variable and its one sentence."""
    parts = [
        "# Settings",
        NOTE,
        f"Three places, the later wins: `{FILE_NAME}` in the desk's folder, environment variables, arguments "
        '(`Desk.open(settings={"search.limit": 5})`). `openbook init` writes the file with every default as a '
        "comment; `openbook doctor` shows each value and where it came from. A name that does not exist is an "
        "error that names the nearest one.",
        "In the file a dot is a table: `search.limit` is `limit` under `[search]`. In the environment it is two "
        "underscores. A list is written with commas there.",
    ]
    parts.append(
        _table(
            ("setting", "default", "variable", "meaning"),
            [
                (f"`{name}`", f"`{_default(name)}`", f"`{variable_of(name)}`", describe(name))
                for name in setting_names()
            ],
        )
    )
    parts.append(
        "`OPENBOOK_DESK` is no setting: it names the desk's folder where `--desk` is not given. "
        "Without it, the nearest folder upwards with a settings file is used, else `./desk`."
    )
    return _joined(parts)


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return "OPENBOOK_" + name.upper().replace(".", "__")


def _default(name: str) -> str:
    value: Any = Settings()
    for step in name.split("."):
        value = getattr(value, step)
    return ", ".join(value) if isinstance(value, tuple) else '""' if value == "" else str(value)


def errors_page() -> str:
    """Every error class with its code, its statuses and its sentence."""
    rows = [
        (f"`{name}`", f"`{kind.code}`", str(kind.status), str(kind.exit_code), _ancestor(kind), _first_line(kind))
        for name, kind in ERRORS.items()
    ]
    return _joined(
        [
            "# Errors",
            NOTE,
            "Every error that Openbook raises on purpose is an `OpenbookError` with two attributes: `message` says "
            "what happened, with the value that caused it; `fix` is the command, setting or action that mends it. "
            "The command line prints both and exits with the status below. Over HTTP the same two texts and the code "
            "arrive as problem details.",
            "In Python, catch `UserError` for what the caller can mend and `SystemFault` for what the caller cannot; "
            "both are in `openbook.errors`.",
            _table(("class", "code", "HTTP status", "exit status", "is a", "when"), rows),
        ]
    )


def _ancestor(kind: type[OpenbookError]) -> str:
    return "-" if kind is OpenbookError else f"`{kind.__mro__[1].__name__}`"


def _first_line(kind: type[OpenbookError]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "settings.md": settings_page,
    "errors.md": errors_page,
}


def main() -> None:
    """Writes every generated page and names it."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), "utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")


if __name__ == "__main__":
    main()
