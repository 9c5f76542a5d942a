"""The command that shows what operators corrected, and writes it as a dataset."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from openbook.cli import display
from openbook.cli.program import DeskOption, JsonOption, TenantOption, app, opened, say, say_plain
from openbook.errors import UserError
from openbook.types import MAIN_TENANT
from openbook.types.correction import Correction

_LONGEST = 72


@app.command()
def corrections(
    kind: Annotated[str, typer.Option("--kind", help="Write this dataset: evaluation or training.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="The file to write; without it, standard output.")] = None,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what operators say should have been answered, or write it as JSON Lines for evaluate and train."""
    if out is not None and not kind:
        raise UserError(f"It is not said what {out} shall hold.", fix="Add --kind evaluation or --kind training.")
    with opened(desk) as here:
        if not kind:
            say(here.corrections(tenant=tenant), _show, as_json=as_json)
            return
        lines = here.export_corrections(kind, tenant=tenant)
    if out is not None:
        _write(out, lines)
        words = f"{len(lines)} line{'s' if len(lines) != 1 else ''} written to {out}."
        say_plain({"kind": kind, "lines": len(lines), "file": str(out)}, words, as_json=as_json)
    elif as_json:
        sys.stdout.write(f"[{', '.join(lines)}]\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines)


def _write(target: Path, lines: tuple[str, ...]) -> None:
    """Writes a file, whole or not at all.

    Raises:
        UserError: It cannot be written.
    """
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        unfinished.replace(target)
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}.", fix="Name another file.") from error


def _show(found: tuple[Correction, ...]) -> None:
    """Every correction on two lines: what was asked, what should have been said."""
    if not found:
        display.err.print("Nothing was corrected yet; operators do that under the bot's answers in /inbox.")
    for correction in found:
        by = f" by {correction.name}" if correction.name else ""
        head = f"{correction.created_at:%Y-%m-%d} {correction.kind}{by}: {_short(correction.question)}"
        display.out.print(head, markup=False, soft_wrap=True)
        display.out.print(f"    {_short(correction.reply)}", markup=False, soft_wrap=True)


def _short(text: str | None) -> str:
    words = "(erased)" if text is None else " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 2]} …"
