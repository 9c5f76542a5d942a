"""The samples in `examples/exports`, read."""

from pathlib import Path

from openbook.ingest.readers import export
from openbook.types import Part, Ticket

FOLDER = Path(__file__).parents[3] / "examples" / "exports"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".json", ".jsonl", ".csv"))


def readings(name: str) -> list:
    with (FOLDER / name).open("rb") as stream:
        return list(export.read_all(stream, path=name))


def tickets(name: str) -> dict[str, Ticket]:
    return {each.id: each for each in readings(name) if isinstance(each, Ticket)}


def parts(name: str) -> dict[str, Part]:
    return {each.name: each for each in readings(name) if isinstance(each, Part)}
