import pytest

from openbook.ingest.readers.table import read
from openbook.types import BlockKind


@pytest.mark.parametrize(
    "file",
    [
        'Question,Answer\nHow long?,"Two days, sometimes\nthree."\nHow much?,£4\n',
        "id;FRAGE;Antwort:\n1;How long?;Two days, sometimes\n2;How much?;£4\n",
        "\ufeffq\ta\nHow long?\tTwo days\nHow much?\t£4\n",
    ],
)
def test_questions_become_headings_over_their_answers(file):
    extract = read(file.encode(), path="faq.csv")
    assert [block.kind.value for block in extract.blocks] == ["heading", "paragraph"] * 2
    assert extract.text.startswith("How long?\n\nTwo days")
    assert extract.text.endswith("\n\nHow much?\n\n£4")
    assert extract.notices == ()


def test_another_table_keeps_its_rows():
    extract = read(b'Zone;Price\n"UK; mainland";3.95\nEU;9\n', path="prices.csv")
    assert extract.text == "Zone | Price\nUK; mainland | 3.95\nEU | 9"
    (table,) = extract.blocks
    assert table.kind is BlockKind.TABLE
    assert table.header == table.parts[0]


def test_a_first_row_with_numbers_is_no_header():
    (table,) = read(b"UK,3.95\nEU,9\n", path="prices.csv").blocks
    assert table.header is None


def test_ragged_rows_are_kept_with_a_notice():
    extract = read(b"a,b\n1\n1,2,3\n", path="x.csv")
    assert extract.text == "a | b\n1\n1 | 2 | 3"
    assert extract.notices == ("2 rows have more or fewer cells than the first, such as row 2",)


def test_an_open_quote_loses_nothing():
    assert "end" in read(b'a,b\n"open,2\nx,end\n', path="x.csv").text
