"""A copy of what serves, to try an edit in: everything that an answer needs, and no word beside."""

import pytest
from sqlalchemy import select

from openbook.stores import Database, catalogue, library, open_engine
from openbook.stores.copying import copy_live
from openbook.stores.schema import texts
from openbook.stores.tickets import put_tickets
from openbook.types import USUAL, Metadata, Ticket
from stores.drafts import REFUNDS, drafted, published, read


@pytest.fixture
def copied(database, tmp_path):
    """A database with old, withdrawn and waiting texts, and the copy of what serves of it."""
    for tenant in ("main", "other"):
        register = (tenant, "shop", "folder", Metadata(), USUAL)
        database.write(lambda connection, register=register: catalogue.register_source(connection, *register))
    published(database, drafted(text="# Old\n\nThe old words.\n"))
    published(database, drafted(), drafted("gone.md", "# Gone\n\nThe withdrawn words.\n"))
    [gone] = read(database, catalogue.find_documents, "main", "gone.md")
    database.write(lambda connection: library.settle(connection, "main", library.withdraw(connection, "main", [gone])))
    published(database, drafted(text="# Other\n\nThe words of others.\n"), tenant="other")
    ticket = Ticket("1", "The words of a customer", ())
    database.write(lambda connection: put_tickets(connection, "main", "src_shop", [ticket]))
    copy = Database(open_engine(f"sqlite:///{tmp_path / 'copy.db'}"))
    copy_live(database, copy, "main")
    yield copy
    copy.close()


def test_what_serves_is_the_same_in_the_copy(database, copied):
    for look in (catalogue.list_documents, catalogue.list_sources, library.count_live_chunks):
        assert read(copied, look, "main") == read(database, look, "main")
    [document] = read(copied, catalogue.list_documents, "main")
    version = (document.id, document.version)
    for there in (database, copied):
        assert read(there, catalogue.get_version, "main", *version).source_text.startswith("Refunds")
    assert read(copied, catalogue.get_version, "main", *version) == read(
        database, catalogue.get_version, "main", *version
    )


def test_no_other_words_are_in_the_copy(copied):
    with copied.read() as connection:
        bodies = " ".join(connection.execute(select(texts.c.body)).scalars())
    assert "five working days" in bodies
    assert not any(word in bodies for word in ("old words", "withdrawn words", "words of others", "of a customer"))


def test_what_is_placed_in_the_copy_is_numbered_after_what_is_there(database, copied):
    [before] = read(database, catalogue.list_documents, "main")
    highest = max(read(database, library.chunk_ids, "main", [(before.id, before.version)]))
    [placed] = published(copied, drafted(text=REFUNDS.replace("five", "nine")))
    assert (placed.document_id, placed.number) == (before.id, before.version + 1)
    assert min(placed.chunk_ids) > highest
    assert [item.version for item in read(database, catalogue.list_documents, "main")] == [before.version]
