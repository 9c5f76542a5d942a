from datetime import UTC, datetime

import pytest

from openbook.errors import ReadError
from openbook.ingest.readers.markdown import read
from openbook.types import BlockKind, Metadata

PAGE = """---
title: Delivery
audience: [public, trade]
locale: no
product: Ember
status: published
valid_from: 2026-01-01
valid_until: 2026-12-31
updated_at: 2026-02-18T09:30:00+01:00
url: https://help.example/delivery
layout: wide
---

# Delivery

Costs **£3.95**, see [prices](prices.md) and `Settings`.
A soft break. ![gear](gear.png) Tap.\\
A hard break.

## Steps

1. Open *it*.
2. Choose:
   - a
   - b

     More on b.

- one
- two

> Quoted.

| Zone | Price |
| ---- | ----: |
| UK   | £3.95 |
| EU   |       |

```python
def f():

    return 1
```

![only a picture](x.png)
"""


def read_text(text: str) -> str:
    return read(text.encode(), path="page.md").text


def test_a_page_becomes_text_without_markup():
    assert read_text(PAGE) == (
        "Delivery\n\n"
        "Costs £3.95, see prices and Settings. A soft break. gear Tap.\nA hard break.\n\n"
        "Steps\n\n"
        "1. Open it.\n2. Choose:\n  - a\n  - b\n    More on b.\n\n"
        "- one\n- two\n\n"
        "Quoted.\n\n"
        "Zone | Price\nUK | £3.95\nEU |\n\n"
        "def f():\n\n    return 1"
    )


def test_blocks_say_what_they_are():
    extract = read(PAGE.encode(), path="page.md")
    assert [(block.kind.value, block.level, len(block.parts)) for block in extract.blocks] == [
        ("heading", 1, 0),
        ("paragraph", 0, 0),
        ("heading", 2, 0),
        ("steps", 0, 2),
        ("list", 0, 2),
        ("paragraph", 0, 0),
        ("table", 0, 3),
        ("code", 0, 0),
    ]


def test_nested_items_belong_to_their_top_item():
    extract = read(PAGE.encode(), path="page.md")
    steps = next(block for block in extract.blocks if block.kind is BlockKind.STEPS)
    assert [part.of(extract.text) for part in steps.parts] == [
        "1. Open it.",
        "2. Choose:\n  - a\n  - b\n    More on b.",
    ]


def test_the_header_of_a_table_is_its_first_row():
    extract = read(PAGE.encode(), path="page.md")
    table = next(block for block in extract.blocks if block.kind is BlockKind.TABLE)
    assert table.header == table.parts[0]
    assert table.header.of(extract.text) == "Zone | Price"


def test_front_matter_becomes_metadata():
    assert read(PAGE.encode(), path="page.md").metadata == Metadata(
        title="Delivery",
        audiences=("public", "trade"),
        locale="no",
        product="Ember",
        status="published",
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        valid_until=datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
        updated_at=datetime(2026, 2, 18, 8, 30, tzinfo=UTC),
        url="https://help.example/delivery",
    )


def test_a_wrong_value_is_a_notice_and_spoils_nothing_else():
    extract = read(b"---\ntitle: T\nupdated_at: 2026-02-30\nurl: [a]\n---\nText", path="a.md")
    assert extract.metadata == Metadata(title="T")
    assert extract.notices == (
        "url: expected one value, not a list; it was ignored",
        "updated_at: 2026-02-30 is not a date such as 2026-01-31; it was ignored",
    )


@pytest.mark.parametrize("line", ["audience: {staff: yes}", "audience: [[a]]", "valid_from: soon", "status: [draft]"])
def test_a_wrong_value_that_limits_readers_keeps_the_document_back(line):
    with pytest.raises(ReadError, match="not published"):
        read(f"---\n{line}\n---\nText".encode(), path="a.md")


def test_broken_front_matter_keeps_the_document_back():
    with pytest.raises(ReadError, match="not valid YAML"):
        read(b"---\naudience: internal\ntitle: [\n---\nText", path="a.md")


def test_prose_between_two_rules_is_no_front_matter():
    assert read_text("---\nJust a line\n---\n\nText") == "Just a line\n\nText"


def test_a_title_falls_back_to_the_main_heading_and_then_to_the_file_name():
    assert read(b"# Main\n\nText", path="x/some-page.md").metadata.title == "Main"
    assert read(b"## Second\n\nText", path="x/some-page.md").metadata.title == "Some page"


def test_html_inside_is_read_like_a_page():
    text = (
        "Press <kbd>F1</kbd><!-- no --> now<a name='x'></a>.\n\n<div>\n<h3>Inside</h3>\n<p>In <b>a</b> box.</p>\n</div>"
    )
    assert read_text(text) == "Press F1 now.\n\nInside\n\nIn a box."


def test_scripts_and_hidden_parts_are_left_out():
    extract = read(b"Seen <span hidden>not</span> too\n\n<script>\nx\n\ny\n</script>\n\nEnd", path="a.md")
    assert extract.text == "Seen too\n\nEnd"
    assert extract.notices == ("1 hidden part was left out",)


def test_an_unclosed_tag_swallows_nothing():
    assert read_text("One <textarea> two\n\n<title>\n\n<div><!--\n\nThree") == "One two\n\nThree"


def test_attributes_of_lines_and_headings_are_dropped_but_code_is_kept():
    assert read_text("## Head ## {#id}\n\nText\n{: .note}\n\n```\nx {:a}\n```") == "Head\n\nText\n\nx {:a}"


def test_invisible_characters_are_dropped_even_when_written_as_entities():
    assert read_text("a\u200bb &#8238;c&nbsp;d \U000e0041e") == "ab c d e"


def test_deeply_nested_quotes_do_not_crash():
    assert "end" in read_text("> " * 3_000 + "deep\n\nend")
