"""The attributes of live products: for who may see them, as long as they serve."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from openbook.stores import library
from openbook.stores.products import live_products
from stores.drafts import drafted, published, read

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ATTRIBUTES = (("price", "9 EUR"), ("colour", "red"))


def product(name, **said):
    """A product as a feed would bring it."""
    made = drafted(f"feed.csv#/{name}.md", f"# {name}\n\nNice.\n", **said)
    metadata = replace(made.extract.metadata, attributes=ATTRIBUTES)
    return replace(made, kind="product", extract=replace(made.extract, metadata=metadata))


def names(database, *audiences, at=NOW, tenant="main"):
    """The products that an audience may see at a moment."""
    found = read(database, live_products, tenant, audiences=audiences or ("public",))
    return [each.title for each in found if each.is_valid(at)]


def test_a_live_product_comes_with_its_attributes_as_they_are_written(database):
    [placed] = published(database, product("Cap"))
    [found] = read(database, live_products, "main", audiences=("public",))
    assert (found.document_id, found.version) == placed.pair
    assert (found.title, found.attributes) == ("Cap", ATTRIBUTES)


def test_only_what_serves_an_audience_of_this_tenant_is_read(database):
    published(database, product("Cap"), drafted())
    published(database, product("Secret", audiences=("internal",)))
    published(database, product("Sketch", status="draft"), product("Old", status="archived"))
    database.write(lambda connection: library.place(connection, "main", [product("Unfinished")]))
    assert names(database) == ["Cap"]
    assert names(database, "internal", "public") == ["Cap", "Secret"]
    assert names(database, tenant="other") == []


def test_validity_begins_with_its_first_moment_and_ends_before_its_last(database):
    published(database, product("Day", valid_from=NOW, valid_until=NOW + DAY))
    moment = timedelta(microseconds=1)
    found = {at: names(database, at=at) for at in (NOW - moment, NOW, NOW + DAY - moment, NOW + DAY)}
    assert list(found.values()) == [[], ["Day"], ["Day"], []]


def test_a_newer_version_takes_the_place_of_the_older_and_what_is_withdrawn_is_gone(database):
    published(database, product("Cap"))
    newer = product("Cap")
    [placed] = published(database, replace(newer, content_hash="another"))
    [found] = read(database, live_products, "main", audiences=("public",))
    assert found.version == placed.number == 2
    database.write(lambda connection: library.withdraw(connection, "main", [placed.document_id]))
    assert names(database) == []
