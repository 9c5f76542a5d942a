"""Tables and columns in PDF files: what is read as rows of cells, and what stays running text."""

import pytest

from ingest.pdf_writer import Printed, Shown, Stroke, grid, lines, pdf
from openbook.ingest.readers.pdf import read
from openbook.types import Extract

PROSE = [
    "A parcel leaves our warehouse on",
    "the day you order it if the order",
    "reaches us before two o'clock and",
    "the carrier has room for it. You",
    "get a message with a link to see",
    "where the parcel is on its way to",
    "you, and when it will be there.",
]


def tables(extract: Extract) -> list[list[str]]:
    """The rows of each table, its header first; without a header an empty row comes first."""
    found = []
    for block in extract.blocks:
        if block.kind.value == "table":
            rows = [part.of(extract.text) for part in block.parts]
            found.append(rows if block.header else ["", *rows])
    return found


def row(top: float, *cells: str, lefts: tuple[float, ...] = (72, 200, 300, 400), bold: bool = False) -> list[Shown]:
    return [Printed(cell, top, left, bold=bold) for cell, left in zip(cells, lefts, strict=False) if cell]


def test_a_ruled_table_keeps_its_columns_and_the_lines_of_its_cells():
    data = pdf(
        [
            Printed("Fees and what they are for.", 750),
            *grid([70, 195, 295, 400], [715, 695, 660, 640]),
            *row(700, "Region", "Price", "Note"),
            *row(680, "Islands", "7.95", "Ferry on"),
            Printed("weekdays", 667, 300),
            *row(645, "Mainland", "3.95", ""),
            Printed("All prices are in euro.", 600),
        ]
    )
    extract = read(data, path="fees.pdf")
    assert tables(extract) == [["Region | Price | Note", "Islands | 7.95 | Ferry on weekdays", "Mainland | 3.95 |"]]
    assert [block.kind.value for block in extract.blocks] == ["paragraph", "table", "paragraph"]


def test_merged_header_cells_are_said_with_each_column():
    merged = (Stroke(295, 635, 295, 715), Stroke(70, 695, 400, 695))
    strokes = [stroke for stroke in grid([70, 195, 295, 400], [715, 695, 675, 655, 635]) if stroke not in merged]
    data = pdf(
        [
            *strokes,
            Stroke(295, 635, 295, 695),
            Stroke(195, 695, 400, 695),
            *row(690, "Model"),
            Printed("Ember 300", 700, 270),
            *row(680, "", "Home", "Office"),
            *row(660, "Weight", "4.1 kg", "4.3 kg"),
            *row(640, "Power", "900 W", "950 W"),
        ]
    )
    assert tables(read(data, path="a.pdf")) == [
        ["Model | Ember 300 Home | Ember 300 Office", "Weight | 4.1 kg | 4.3 kg", "Power | 900 W | 950 W"]
    ]


def test_a_merged_cell_is_said_in_each_row():
    strokes = [stroke for stroke in grid([70, 195, 295], [715, 695, 675, 655]) if stroke != Stroke(70, 675, 295, 675)]
    data = pdf(
        [
            *strokes,
            Stroke(195, 675, 295, 675),
            *row(700, "City", "Shop"),
            *row(671, "Bern"),
            *row(680, "", "Station"),
            *row(660, "", "Market"),
        ]
    )
    assert tables(read(data, path="a.pdf")) == [["City | Shop", "Bern | Station", "Bern | Market"]]


def test_level_lines_alone_make_a_table():
    data = pdf(
        [
            *(Stroke(70, y, 400, y) for y in (714, 696, 630)),
            *row(700, "Goods", "Days"),
            *row(680, "Shoes", "45"),
            *row(666, "Software", "14"),
            *row(652, "Clearance", "none"),
        ]
    )
    assert tables(read(data, path="a.pdf")) == [["Goods | Days", "Shoes | 45", "Software | 14", "Clearance | none"]]


def test_numbers_under_a_bold_header_make_a_table_without_lines():
    data = pdf(
        [
            *lines("Sizes are measured on the body.", top=750),
            *row(700, "Size", "Chest", "Waist", bold=True),
            *(line for n in range(4) for line in row(684 - 16 * n, "SMLX"[n], str(88 + 6 * n), str(72 + 6 * n))),
        ]
    )
    assert tables(read(data, path="a.pdf")) == [
        ["Size | Chest | Waist", "S | 88 | 72", "M | 94 | 78", "L | 100 | 84", "X | 106 | 90"]
    ]


def test_lines_of_a_cell_are_told_from_rows_by_their_distance():
    data = pdf(
        [
            *row(700, "Symptom", "Cause", "Remedy", bold=True),
            *row(680, "No light", "The plug", "Push it"),
            *row(667, "at all", "is loose.", ""),
            *row(647, "No steam", "No water.", "Fill the"),
            *row(634, "", "", "tank."),
        ]
    )
    assert tables(read(data, path="a.pdf")) == [
        [
            "Symptom | Cause | Remedy",
            "No light at all | The plug is loose. | Push it",
            "No steam | No water. | Fill the tank.",
        ]
    ]


def test_a_table_that_goes_on_is_read_on_each_page_under_its_header():
    def parts(first: int, *, header: bool) -> list[Shown]:
        named = row(760, "Part", "Price", bold=True) if header else []
        return named + [
            line for n in range(4) for line in row(740 - 16 * n, f"SP-{first + n}", f"{first + n}.50", lefts=(72, 200))
        ]

    repeated = read(pdf(parts(10, header=True), parts(20, header=True), parts(30, header=True)), path="a.pdf")
    once = read(pdf(parts(10, header=True), parts(20, header=False), parts(30, header=False)), path="a.pdf")
    for extract in (repeated, once):
        assert [table[:2] for table in tables(extract)] == [
            ["Part | Price", f"SP-{first} | {first}.50"] for first in (10, 20, 30)
        ]
        assert [block.locator for block in extract.blocks] == ["page 1", "page 2", "page 3"]


@pytest.mark.parametrize("by_line", [False, True])
def test_columns_of_prose_are_read_one_after_the_other(by_line):
    left = [Printed(text, 700 - 14 * n) for n, text in enumerate(PROSE)]
    right = [Printed(text.upper(), 700 - 14 * n, 330) for n, text in enumerate(PROSE)]
    printed = [line for pair in zip(left, right, strict=True) for line in pair] if by_line else [*left, *right]
    text = " ".join(PROSE)
    extract = read(pdf(printed), path="a.pdf")
    assert " ".join(extract.text.split()) == f"{text} {text.upper()}"
    assert not tables(extract)


@pytest.mark.parametrize(
    "cells",
    [
        [("1.", "Open the lid."), ("2.", "Fill the tank."), ("3.", "Close the lid."), ("4.", "Press the key.")],
        [("Order:", "FH-20418"), ("Date:", "3 March 2026"), ("Amount:", "84.90 EUR"), ("Due:", "17 March")],
    ],
)
def test_markers_and_labels_make_no_table(cells):
    printed = [line for n, pair in enumerate(cells) for line in row(700 - 14 * n, *pair, lefts=(72, 130))]
    extract = read(pdf(printed), path="a.pdf")
    assert extract.text.split("\n") == [" ".join(pair) for pair in cells]
    assert not tables(extract)


def test_a_frame_around_text_is_no_table():
    extract = read(pdf([*grid([60, 400], [720, 640]), *lines(*PROSE[:4], top=700)]), path="a.pdf")
    assert [block.kind.value for block in extract.blocks] == ["paragraph"]
