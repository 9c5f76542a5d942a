from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from ingest.pdf_writer import Printed, lines, pdf
from openbook.errors import ReadError
from openbook.ingest.readers.pdf import read


def page(number: int, *content: Printed) -> list[Printed]:
    return [Printed("Fernhill help", 800, size=8), *content, Printed(f"Page {number} of 3", 30, size=8)]


GUIDE = pdf(
    page(
        1,
        Printed("Returning goods", 760, size=20),
        *lines(
            "You can return most items within 45 days of deliv-",
            "ery. Keep the label. We refund the price and",
            "the",
            "carriage.",
        ),
        *lines("Final Clearance items cannot be returned at all.", top=640),
        Printed("How it works", 610, bold=True),
        *lines(
            "1. Open the returns page and enter your order", "number and your e-mail.", "2. Print the label.", top=590
        ),
    ),
    page(2, Printed("Prices", 760, size=14), *lines("Region  Price", "Mainland  3.95", "Highlands  7.95", top=740)),
    page(3, *lines("The end of the guide.")),
    properties="/Title (Returns guide) /ModDate (D:20260102030405+01'00')",
)


def test_printed_lines_become_headings_paragraphs_and_steps():
    extract = read(GUIDE, path="guide.pdf")
    assert extract.text == (
        "Returning goods\n\n"
        "You can return most items within 45 days of delivery. Keep the label. We refund the price and\n"
        "the\ncarriage.\n\n"
        "Final Clearance items cannot be returned at all.\n\n"
        "How it works\n\n"
        "1. Open the returns page and enter your order number and your e-mail.\n2. Print the label.\n\n"
        "Prices\n\n"
        "Region Price\nMainland 3.95\nHighlands 7.95\n\n"
        "The end of the guide."
    )


def test_blocks_say_their_page_and_headings_their_level():
    blocks = read(GUIDE, path="guide.pdf").blocks
    assert [(block.kind.value, block.level, block.locator) for block in blocks] == [
        ("heading", 1, "page 1"),
        ("paragraph", 0, "page 1"),
        ("paragraph", 0, "page 1"),
        ("heading", 3, "page 1"),
        ("steps", 0, "page 1"),
        ("heading", 2, "page 2"),
        ("paragraph", 0, "page 2"),
        ("paragraph", 0, "page 3"),
    ]


def test_properties_become_metadata():
    metadata = read(GUIDE, path="guide.pdf").metadata
    assert metadata.title == "Returns guide"
    assert metadata.updated_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)


def test_a_page_without_text_is_a_notice():
    assert read(pdf(lines("Only here."), []), path="a.pdf").notices == ("page 2 has no text (scanned?)",)


def test_a_pdf_without_any_text_is_refused():
    with pytest.raises(ReadError, match="no text on any of its 2 pages: it seems to be scanned"):
        read(pdf([], []), path="scan.pdf")


def test_an_encrypted_pdf_is_refused():
    with pytest.raises(ReadError, match=r"secret\.pdf is encrypted and asks for a password"):
        read(pdf(lines("hidden"), encrypted=True), path="secret.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7 and nothing else", GUIDE[:700], b"no pdf at all"])
def test_a_damaged_pdf_is_refused(data):
    with pytest.raises(ReadError, match=r"broken\.pdf is not a readable PDF"):
        read(data, path="broken.pdf")


def test_many_threads_may_read_at_once():
    with ThreadPoolExecutor(4) as threads:
        extracts = list(threads.map(lambda _: read(GUIDE, path="guide.pdf"), range(16)))
    assert all(extract == extracts[0] for extract in extracts)
