"""All commands together, and the way in."""

import sys
from typing import Annotated

import typer

from openbook.cli import answers, corrections, display, knowledge, operations, people, quality, support
from openbook.cli.program import app
from openbook.errors import OpenbookError
from openbook.version import VERSION

__all__ = ["answers", "app", "corrections", "knowledge", "main", "operations", "people", "quality", "support"]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"openbook {VERSION}")
        raise typer.Exit


@app.callback()
def openbook(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Answers customers' questions from your own help content, and cites the exact sentence."""


def main() -> None:
    """Runs the command line; errors of ours become two lines and an exit status."""
    try:
        app()
    except OpenbookError as error:
        display.err.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
