import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.errors import ReadError
from openbook.ingest.readers.feed import read_all, recognises
from openbook.types import BrokenPart

MERCHANT = """\
id,title,description,price,sale_price,brand,colour,availability,link,image_link,item_group_id,cost_per_item
A1,Backpack,<p>Holds <b>30</b> l.</p>,49.90 EUR,,Acme,blue,in stock,https://x.example/a,https://x.example/i,G1,12
A2,Backpack,x,59.90 EUR,,Acme,red,out of stock,https://x.example/a2,,G1,12
B,Cap,One size.,9 EUR,8 EUR,Acme,black,in stock,https://x.example/b,,,3
B,Other,One size.,9 EUR,8 EUR,Acme,black,in stock,,,,3
,Nameless,One size.,9 EUR,8 EUR,Acme,black,in stock,,,,3
C,,One size.,9 EUR,8 EUR,Acme,black,in stock,,,,3
"""

TENT = {
    "id": 77,
    "title": "Tent",
    "body_html": "<h2>Rain</h2><p>Stays dry.</p>",
    "vendor": "Acme",
    "tags": ["camping", "new"],
    "dimensions": {"height": {"value": 1.2, "unit": "m"}},
    "options": [{"name": "Colour", "values": ["green", "red"]}],
    "variants": [
        {"id": 1, "price": "199.00", "option1": "green", "available": True, "position": 1},
        {"id": 2, "price": "209.00", "option1": "red", "available": False, "position": 2},
    ],
    "images": [{"src": "https://x.example/i"}],
}


def read(text, path="feed.csv"):
    return list(read_all(io.BytesIO(text.encode()), path=path))


def test_rows_of_one_group_are_one_product_with_its_variants_as_a_table():
    backpack, *_ = read(MERCHANT)
    assert (backpack.name, backpack.kind) == ("G1", "product")
    assert backpack.extract.text == (
        "Backpack\n\nHolds 30 l.\n\nattribute | value\nbrand | Acme\nitem_group_id | G1\n\nVariants\n\n"
        "id | price | colour | availability\nA1 | 49.90 EUR | blue | in stock\nA2 | 59.90 EUR | red | out of stock"
    )
    assert backpack.extract.metadata.url == "https://x.example/a"
    assert ("colour", "blue") in backpack.extract.metadata.attributes
    assert ("colour", "red") in backpack.extract.metadata.attributes


def test_what_a_product_costs_the_shop_is_withheld_with_a_notice():
    backpack, *_ = read(MERCHANT)
    assert "cost" not in backpack.extract.text
    assert backpack.extract.notices == ("not for customers and left out: cost_per_item",)


def test_one_row_is_a_product_and_a_second_with_its_id_is_refused():
    _, cap, *broken = read(MERCHANT)
    assert cap.extract.metadata.attributes == (
        ("id", "B"),
        ("price", "9 EUR"),
        ("sale_price", "8 EUR"),
        ("brand", "Acme"),
        ("colour", "black"),
        ("availability", "in stock"),
    )
    assert broken == [
        BrokenPart("B", "another product before it has the id B; the first one counts"),
        BrokenPart("product 4", "it has no id; one of id, sku, gtin, ean, upc is needed"),
        BrokenPart("C", "it has no name; one of title, name, product_name, product_title, item_name is needed"),
    ]


def test_a_product_with_nested_variants_is_one_document():
    (tent,) = read(json.dumps({"products": [TENT]}), "shop.json")
    assert tent.name == "77"
    assert tent.extract.text == (
        "Tent\n\nRain\n\nStays dry.\n\nattribute | value\nid | 77\nvendor | Acme\ntags | camping, new\n"
        "dimensions height | 1.2 m\n\nVariants\n\n"
        "price | Colour | available\n199.00 | green | yes\n209.00 | red | no"
    )
    assert tent.extract.metadata.attributes[-3:] == (("price", "209.00"), ("Colour", "red"), ("available", "no"))


def test_rows_that_continue_a_product_without_its_title_are_variants_with_their_options_named():
    text = (
        "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
        "tent,Tent,Acme,Colour,green,T1,199\ntent,,,,red,T2,209\nrope,Rope,Acme,Title,Default,R,5\n"
    )
    tent, rope = read(text)
    assert "vendor | acme" in tent.extract.text.lower()
    assert "Colour | Variant SKU | Variant Price\ngreen | T1 | 199\nred | T2 | 209" in tent.extract.text
    assert rope.name == "R"


@pytest.mark.parametrize(
    ("text", "path", "is_feed"),
    [
        (MERCHANT, "a.csv", True),
        (MERCHANT.replace(",", "\t"), "a.tsv", True),
        (json.dumps({"products": [TENT]}), "a.json", True),
        (json.dumps([TENT, TENT])[:700], "a.json", True),
        ('{"sku": "1", "name": "Rope", "price": 5}\n', "a.jsonl", True),
        ("Question,Answer\nHow much?,5\n", "faq.csv", False),
        ("id,title,answer\n1,How much?,5\n", "faq.csv", False),
        ("Zone,Price\nUK,3\n", "prices.csv", False),
        ("id,title,url,body\n1,Returns,https://x.example,Send it back.\n", "articles.csv", False),
        ('[{"id": 1, "title": "Returns", "body": "Send it back.", "url": "x"}]', "a.json", False),
        ("id,title,price\n", "empty.csv", False),
        (MERCHANT, "a.md", False),
    ],
)
def test_only_what_surely_is_a_feed_is_recognised(text, path, is_feed):
    assert recognises(text.encode(), path=path) is is_feed


def test_a_missing_column_is_named():
    with pytest.raises(ReadError) as caught:
        read("sku,price\n1,5\n")
    assert caught.value.message == "feed.csv has no column for the title of its products; it has sku, price."


WORDS = "id sku title name price description variants options option1 item_group_id tags Handle"
KEYS = st.sampled_from(WORDS.split())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.just("value"), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES), max_size=5))
def test_every_record_of_any_shape_is_a_product_or_has_a_reason(records):
    text = json.dumps([{"id": 0, "title": "x", "price": 1}, *records])
    try:
        parts = read(text, "a.json")
    except ReadError as error:
        assert "a.json" in error.message
        return
    names = [part.name for part in parts if not isinstance(part, BrokenPart)]
    assert len(set(names)) == len(names)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200) | st.text('id,title;"\n\t{}[]:', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    for path in ("a.csv", "a.json", "a.jsonl"):
        recognises(data, path=path)
        try:
            list(read_all(io.BytesIO(data), path=path))
        except ReadError as error:
            assert path in error.message
