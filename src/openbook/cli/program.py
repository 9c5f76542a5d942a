"""The program that commands are added to, and what they share: options, an opened desk, what is said."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from openbook.cli import display
from openbook.desk import DATA_FOLDER, Desk, find_folder
from openbook.errors import UserError
from openbook.types import Record, to_plain

app = typer.Typer(
    name="openbook",
    help="Answers customers' questions from your own help content, and cites the exact sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

DeskOption = Annotated[
    Path | None,
    typer.Option("--desk", help="The desk's folder. Default: OPENBOOK_DESK, the nearest with a settings file, ./desk."),
]
TenantOption = Annotated[str, typer.Option("--tenant", help="The brand whose knowledge is meant.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]


@contextmanager
def opened(
    folder: Path | None, *, create: bool = False, purpose: str = "openbook", must_hold: bool = False
) -> Iterator[Desk]:
    """A desk that is closed afterwards, whatever happens; made when absent only if that is meant."""
    place = find_folder(folder)
    if not create and not (place / DATA_FOLDER).is_dir():
        raise UserError(
            f"There is no desk in {place}.",
            fix=f"Name one with --desk, or make one: openbook add ARTICLES --desk {place}",
        )
    with Desk.open(place, purpose=purpose, must_hold=must_hold) as desk:
        yield desk


def say(result: Any, show: Callable[[Any], None], *, as_json: bool) -> None:
    """Prints a result: for a person, or as one JSON value."""
    if not as_json:
        show(result)
        return
    plain = result.to_dict() if isinstance(result, Record) else to_plain([to_dict(item) for item in result])
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def say_plain(plain: dict[str, Any], words: str, *, as_json: bool) -> None:
    """Prints a small fact: in words, or as one JSON value."""
    if as_json:
        sys.stdout.write(json.dumps(plain) + "\n")
    else:
        display.out.print(words, soft_wrap=True, markup=False)


def to_dict(item: Any) -> Any:
    """A value's public JSON."""
    return item.to_dict() if isinstance(item, Record) else item
