"""Versions ready to be placed, read and cut by the real readers."""

from openbook.search.drafting import Batch, draft
from openbook.stores import library
from openbook.types import Metadata

REFUNDS = "# Refunds\n\nA refund takes five working days.\n\n## By card\n\nIt goes to the card that paid.\n"


def drafted(path="refunds.md", text=REFUNDS, *, source_id="src_shop", **said):
    """One document as a source would bring it; `said` is what its metadata says."""
    return draft(Batch("main", source_id, Metadata(**said), {}), path, text.encode())


def published(database, *drafts, tenant="main"):
    """Places drafts and makes them live, all the way; returns them placed."""
    placed = database.write(lambda connection: library.place(connection, tenant, drafts))
    retiring = database.write(
        lambda connection: library.make_live(connection, tenant, [version.pair for version in placed])
    )
    database.write(lambda connection: library.settle(connection, tenant, retiring))
    return placed


def read(database, question, *arguments, **options):
    """What a function of the stores says on a connection of its own."""
    with database.read() as connection:
        return question(connection, *arguments, **options)
