from openbook.ingest.readers.plain import read

LETTER = """TRADE ORDERS

Fernhill Trade is for organisations that order at least ten pieces or
goods for 750 pounds or more. Write to us
before you order.

Discounts:
  750 to 1,499      5 %
  1,500 to 3,999    8 %

How to apply
------------

1) Send your name.
2) Wait for our
   answer.

* one
• two
"""


def test_a_letter_becomes_blocks():
    extract = read(LETTER.encode(), path="trade.txt")
    assert extract.text == (
        "TRADE ORDERS\n\n"
        "Fernhill Trade is for organisations that order at least ten pieces or goods for 750 pounds or more. "
        "Write to us\nbefore you order.\n\n"
        "Discounts:\n750 to 1,499      5 %\n1,500 to 3,999    8 %\n\n"
        "How to apply\n\n"
        "1. Send your name.\n2. Wait for our\n  answer.\n\n"
        "- one\n- two"
    )
    assert [(block.kind.value, block.level) for block in extract.blocks] == [
        ("heading", 1),
        ("paragraph", 0),
        ("paragraph", 0),
        ("heading", 2),
        ("steps", 0),
        ("list", 0),
    ]


def test_the_first_short_line_is_the_title():
    extract = read(b"Delivery to PO boxes\n\nWe do not deliver there.", path="po-boxes.txt")
    assert extract.metadata.title == "Delivery to PO boxes"


def test_without_a_heading_the_file_name_is_the_title():
    extract = read(b"We do not deliver there.\n", path="po-boxes.txt")
    assert (extract.text, extract.metadata.title) == ("We do not deliver there.", "Po boxes")


def test_a_western_encoding_is_recognised_with_a_notice():
    extract = read("Costs £750 – “net” for 2½ years.".encode("cp1252"), path="a.txt")
    assert extract.text == "Costs £750 – “net” for 2½ years."
    assert extract.notices == ("decoded as windows-1252",)


def test_all_line_ends_become_line_feeds():
    assert read(b"Short one:\r\na\rb\n\r\nNext part.", path="a.txt").text == "Short one:\na\nb\n\nNext part."
