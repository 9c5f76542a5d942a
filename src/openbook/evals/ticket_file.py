"""Reads past tickets from a file: JSON Lines of the public form, or any export of a help desk.

Private details are masked on the way and resolutions recognised, exactly as the import does. Articles
in the export are passed over. It keeps nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from openbook.errors import ReadError, UserError
from openbook.ingest.readers.export import read_all
from openbook.types import BrokenPart, Ticket

_FORMS = "Give JSON Lines with one ticket each, or an export of a help desk."


def read_ticket_file(path: Path, *, broken: Callable[[BrokenPart], None] = lambda _: None) -> Iterator[Ticket]:
    """Every ticket of a file in its order, without private details.

    Args:
        path: The file.
        broken: Told of each record that cannot be read, by its id or number; the others go on.

    Raises:
        UserError: The file cannot be read, or holds no ticket that can.
    """
    count = problems = 0
    try:
        with path.open("rb") as stream:
            for item in read_all(stream, path=path.name):
                if isinstance(item, Ticket):
                    count += 1
                    yield item
                elif isinstance(item, BrokenPart):
                    problems += 1
                    broken(item)
    except OSError as error:
        raise UserError(f"The tickets {path} cannot be read: {error.strerror}.", fix="Name another file.") from error
    except ReadError as error:
        raise UserError(f"The tickets {path} cannot be read: {error.message}", fix=error.fix) from error
    if not count:
        also = f"; {problems} of its records cannot be read" if problems else ""
        raise UserError(f"{path} holds no ticket{also}.", fix=_FORMS)
