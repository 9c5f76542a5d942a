from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from ingest.pdf_writer import Picture, Printed, assembled, lines, pdf
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


@pytest.mark.parametrize(("content", "text"), [([], "without text"), ([Printed("Scan 3", 20)], "with hardly any text")])
def test_a_scanned_page_is_named(content, text):
    data = pdf(
        lines("The first page says enough about the goods to be no scanned page."), [Picture(0, 0, 595, 700), *content]
    )
    assert read(data, path="a.pdf").notices == (
        f"page 2 is a scanned picture {text}; run text recognition (OCR) over it",
    )


def test_a_small_picture_makes_no_scan():
    data = pdf([Picture(400, 700, 500, 800), Printed("Logo above.", 600)])
    assert read(data, path="a.pdf").notices == ()


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


FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream"


def pages(kids: str, count: int, *others: str) -> bytes:
    tree = f"<< /Type /Pages /Count {count} /Kids [{kids}] >>"
    return assembled(["<< /Type /Catalog /Pages 2 0 R >>", tree, FONT, "<< >>", "<< >>", *others])


def test_a_page_that_would_take_all_memory_is_left_out_and_the_others_are_read():
    picture = f"q 9 0 0 9 9 9 cm BI /W 500 /H 500 /CS /G /BPC 8 ID {'7' * 250_000} EI Q"
    used = "/Resources << /Font << /F1 3 0 R >> /XObject << /X 10 0 R >> >>"
    data = pages(
        "6 0 R 8 0 R",
        2,
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {used} /Contents 7 0 R >>",
        stream("/X Do"),
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {used} /Contents 9 0 R >>",
        stream("BT /F1 11 Tf 72 700 Td (The second page.) Tj ET"),
        stream(f"{picture} /X Do /X Do", f"/Type /XObject /Subtype /Form /BBox [0 0 600 900] {used}"),
    )
    extract = read(data, path="loop.pdf")
    assert extract.text == "The second page."
    assert extract.notices == ("page 1 could not be read: it takes too long, too much memory, or is damaged",)


def test_a_tree_of_pages_that_holds_itself_is_refused():
    with pytest.raises(ReadError, match=r"tree\.pdf is not a readable PDF"):
        read(pages("2 0 R 2 0 R", 2), path="tree.pdf")


def test_a_pdf_that_claims_too_many_pages_is_refused():
    with pytest.raises(ReadError, match="says that it has 900000 pages: the limit is 20000"):
        read(pages("2 0 R", 900_000), path="many.pdf")


def test_a_page_without_size_is_read():
    data = pdf(lines("Still here.")).replace(b"[0 0 595 842]", b"[0 0 0 0]    ")
    assert read(data, path="a.pdf").text == "Still here."
