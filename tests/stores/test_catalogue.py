"""Sources and documents as a person sees them: listed, found by any of their names, kept out by hand."""

from functools import partial

import pytest

from openbook.stores import catalogue, library
from openbook.types import Metadata
from stores.drafts import drafted, published, read

UNSAID = Metadata()
STAFF = Metadata(audiences=("internal",), locale="en", product="boots", title="Rates")


def registered(database, location, *, kind="folder", defaults=UNSAID, tenant="main"):
    return database.write(lambda connection: catalogue.register_source(connection, tenant, location, kind, defaults))


def test_a_location_is_one_source_however_often_it_is_registered(database):
    first = registered(database, "/shop/help")
    assert registered(database, "/shop/help", defaults=STAFF) == first
    [source] = read(database, catalogue.list_sources, "main")
    assert (source.id, source.location, source.kind) == (first, "/shop/help", "folder")
    assert (source.audiences, source.locale, source.product, source.title) == (("internal",), "en", "boots", "Rates")
    assert source.synced_at is None


def test_sources_are_listed_in_order_of_place_with_their_live_documents(database):
    last, first = registered(database, "/z"), registered(database, "/a")
    published(database, drafted("one.md", source_id=last), drafted("two.md", source_id=last))
    [gone] = published(database, drafted("three.md", source_id=last))
    database.write(lambda connection: library.withdraw(connection, "main", [gone.document_id]))
    listed = read(database, catalogue.list_sources, "main")
    assert [(source.id, source.documents) for source in listed] == [(first, 0), (last, 2)]


def test_a_sync_leaves_its_time_and_its_notice(database):
    source_id = registered(database, "/shop")
    for notice in ("It is gone.", ""):
        database.write(
            lambda connection, notice=notice: catalogue.mark_synced(connection, "main", source_id, notice=notice)
        )
        [source] = read(database, catalogue.list_sources, "main")
        assert source.notice == notice
        assert source.synced_at is not None


def test_excluded_paths_are_kept_until_they_are_written_anew(database):
    source_id = registered(database, "/shop")
    assert read(database, catalogue.excluded_paths, "main", source_id) == set()
    for paths in ({"b.md", "a.md"}, {"a.md"}, set()):
        database.write(partial(catalogue.exclude_paths, tenant="main", source_id=source_id, paths=paths))
        assert read(database, catalogue.excluded_paths, "main", source_id) == paths
    assert read(database, catalogue.excluded_paths, "main", "src_none") == set()


def test_a_forgotten_source_is_listed_no_more(database):
    source_id = registered(database, "/shop")
    registered(database, "/shop", tenant="north")
    database.write(lambda connection: catalogue.forget_source(connection, "main", source_id))
    assert read(database, catalogue.list_sources, "main") == []
    assert len(read(database, catalogue.list_sources, "north")) == 1


def test_a_document_is_shown_as_its_live_version_says(database):
    published(database, drafted(title="Old"))
    [new] = published(database, drafted(title="Rates", audiences=("internal",), locale="en", product="boots"))
    [document] = read(database, catalogue.list_documents, "main")
    assert (document.id, document.version, document.title) == (new.document_id, 2, "Rates")
    assert (document.audiences, document.locale, document.product) == (("internal",), "en", "boots")
    assert (document.path, document.kind, document.chunks, document.answers) == (
        "refunds.md",
        "markdown",
        len(new.chunk_ids),
        0,
    )


def test_documents_are_listed_by_path_and_only_while_they_are_live(database):
    published(database, drafted("b.md"), drafted("a.md"))
    [gone] = published(database, drafted("c.md"))
    database.write(lambda connection: library.place(connection, "main", [drafted("d.md")]))
    database.write(lambda connection: library.withdraw(connection, "main", [gone.document_id]))
    assert [document.path for document in read(database, catalogue.list_documents, "main")] == ["a.md", "b.md"]
    assert read(database, catalogue.list_documents, "main", ids=[gone.document_id]) == []
    assert read(database, catalogue.list_documents, "main", ids=[]) == []


@pytest.fixture
def shop(database):
    """A source with two documents, and a document of the same path in another source."""
    shop, other = registered(database, "/shop"), registered(database, "/other")
    refunds, boots, twin = published(
        database,
        drafted("refunds.md", source_id=shop, url="https://shop.example/refunds"),
        drafted("wear/boots.md", source_id=shop),
        drafted("refunds.md", source_id=other),
    )
    return {"shop": shop, "refunds": refunds.document_id, "boots": boots.document_id, "twin": twin.document_id}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("https://shop.example/refunds", ["refunds"]),
        ("wear/boots.md", ["boots"]),
        ("/shop/wear/boots.md", ["boots"]),
        ("/shop/refunds.md", ["refunds"]),
        ("refunds.md", ["refunds", "twin"]),
        ("/shop", ["refunds", "boots"]),
        ("/other", ["twin"]),
        ("boots.md", []),
        ("%", []),
        ("", []),
    ],
)
def test_a_document_is_found_by_any_of_its_names(database, shop, name, meant):
    assert set(read(database, catalogue.find_documents, "main", name)) == {shop[each] for each in meant}


def test_a_document_and_a_source_are_found_by_their_ids(database, shop):
    assert read(database, catalogue.find_documents, "main", shop["boots"]) == [shop["boots"]]
    assert set(read(database, catalogue.find_documents, "main", shop["shop"])) == {shop["refunds"], shop["boots"]}
    assert read(database, catalogue.find_documents, "north", shop["boots"]) == []


def test_a_withdrawn_document_is_found_only_where_those_are_asked_for(database, shop):
    database.write(lambda connection: library.withdraw(connection, "main", [shop["boots"]]))
    assert read(database, catalogue.find_documents, "main", "wear/boots.md") == []
    assert read(database, catalogue.find_documents, "main", "wear/boots.md", withdrawn=True) == [shop["boots"]]


def test_versions_are_listed_from_the_newest_with_their_text(database):
    for days in ("five", "nine", "two"):
        [placed] = published(database, drafted(text=f"# Refunds\n\nIt takes {days} days.\n"))
    listed = read(database, catalogue.list_versions, "main", placed.document_id)
    assert [(version.number, version.state) for version in listed] == [
        (3, "live"),
        (2, "superseded"),
        (1, "superseded"),
    ]
    assert ["two" in listed[0].source_text, "nine" in listed[1].source_text] == [True, True]
    assert read(database, catalogue.list_versions, "main", "doc_none") == []


def test_who_may_see_a_version_is_told_by_that_version(database):
    [placed] = published(database, drafted(audiences=("internal",)))
    published(database, drafted(audiences=("public",)))
    assert read(database, catalogue.audiences_of, "main", placed.document_id, 1) == ("internal",)
    assert read(database, catalogue.audiences_of, "main", placed.document_id, 2) == ("public",)
    assert read(database, catalogue.audiences_of, "main", placed.document_id, 3) == ()
