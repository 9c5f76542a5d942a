import io
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from openbook.errors import ReadError
from openbook.ingest.office.number_formats import shown
from openbook.ingest.readers.xlsx import read
from openbook.types import Extract


def sheet(*rows: list, title: str = "Prices") -> Worksheet:
    made = openpyxl.Workbook().active
    made.title = title
    for row in rows:
        made.append(row)
    return made


def saved(made: Worksheet) -> bytes:
    stream = io.BytesIO()
    made.parent.save(stream)
    return stream.getvalue()


def read_sheet(made: Worksheet) -> Extract:
    return read(saved(made), path="prices.xlsx")


def with_rows(xml: bytes) -> bytes:
    """A file whose sheet has these rows in XML."""
    source = zipfile.ZipFile(io.BytesIO(saved(sheet(["x"]))))
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {name: source.read(name) for name in source.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (space, xml)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return stream.getvalue()


def test_a_sheet_is_a_section_with_its_table_and_header():
    made = sheet(
        ["Price list 2026"], [], ["Zone", "Price", "From", None], ["EU", 3.5, date(2026, 1, 31)], [None, 4, None]
    )
    made["B4"].number_format = '#,##0.00 "€"'
    made["C5"].number_format = "0.00"
    made["Z90"].number_format = "0.00"
    made.merge_cells("A4:A5")
    made.parent.properties.title = "Shop prices"
    made.parent.properties.modified = datetime(2026, 2, 3)
    extract = read_sheet(made)
    assert extract.text.split("\n\n") == [
        "Prices",
        "Price list 2026",
        "Zone | Price | From\nEU | 3.50 € | 2026-01-31\nEU | 4",
    ]
    assert [(block.level, block.locator) for block in extract.blocks] == [
        (2, "sheet Prices"),
        *[(0, "sheet Prices")] * 2,
    ]
    assert extract.blocks[2].header == extract.blocks[2].parts[0]
    assert extract.metadata.title == "Shop prices"
    assert extract.notices == ()


def test_questions_become_headings_over_their_answers_even_after_empty_rows():
    extract = read_sheet(sheet(["Question", "Answer"], ["How?", "So."], [], ["Why?", "Because."], title="FAQ"))
    assert extract.text == "FAQ\n\nHow?\n\nSo.\n\nWhy?\n\nBecause."
    assert [block.level for block in extract.blocks] == [2, 3, 0, 3, 0]


def test_tables_that_stand_apart_are_tables_of_their_own():
    extract = read_sheet(
        sheet(["Zone", "Price", "Days"], ["EU", 3, 2], [], ["Contacts"], ["Name", "Phone"], ["Ada", "555"])
    )
    assert extract.text == "Prices\n\nZone | Price | Days\nEU | 3 | 2\n\nContacts\n\nName | Phone\nAda | 555"


def test_what_is_hidden_is_left_out_with_a_notice():
    made = sheet(["Zone", "Price", "Cost"], ["EU", 3, 1], ["secret", 4, 1], ["UK", 5, 1])
    made.row_dimensions[3].hidden = True
    made.column_dimensions["C"].hidden = True
    other = made.parent.create_sheet("Margins")
    other.append(["secret"])
    other.sheet_state = "veryHidden"
    made["A9"] = "=A1"
    extract = read_sheet(made)
    assert extract.text == "Prices\n\nZone | Price\nEU | 3\nUK | 5"
    assert extract.notices == (
        "the sheet Margins is hidden; it was left out",
        "1 hidden row was left out of the sheet Prices",
        "1 hidden column was left out of the sheet Prices",
        "1 formula has no value in the sheet Prices; opening and saving the file computes them",
    )


def test_a_formula_shows_the_value_it_was_saved_with():
    formulas = b'<c><f>1+1</f><v>2</v></c><c t="str"><f>"a"</f><v>b</v></c>'
    cells = b"<row>" + formulas + b'<c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>'
    assert read(with_rows(cells), path="a.xlsx").text == "Prices\n\n2 | b | TRUE | #N/A"


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (0.195, "0.0%", "19.5%"),
        (-5, '#,##0.00\\ "€";[Red]-#,##0.00\\ "€"', "-5.00 €"),
        (0, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', "$-"),
        (46000, "dd.mm.yyyy", "09.12.2025"),
        (46000.5, "m/d/yy h:mm AM/PM", "12/9/25 12:00 PM"),
        (46000, "[$-407]d. mmmm yyyy", "2025-12-09"),
        (46000, "[$-409]d mmm yyyy", "9 Dec 2025"),
        (1.5, "[h]:mm", "36:00"),
        (0.1 + 0.2, "", "0.3"),
        (5551234, "000-0000", "555-1234"),
        (1_500_000, '0.0,,"M"', "1.5M"),
        (2.675, "0.00", "2.68"),
        (12345, "0.00E+00", "1.23E+04"),
        (7, '0 "days"', "7 days"),
        (0.5, "# ?/?", "0.5"),
        (1e9, "yyyy", "1000000000"),
        (1, "%" * 250 + "0", "1"),
    ],
)
def test_numbers_and_dates_are_written_as_they_are_seen(value, code, text):
    assert shown(value, code) == text


def test_dates_of_both_calendars_and_times_are_read():
    made = sheet([datetime(2026, 1, 31, 9, 30), time(18, 15)])
    assert read_sheet(made).text == "Prices\n\n2026-01-31 9:30:00 | 18:15:00"
    made.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert read_sheet(made).text == "Prices\n\n2026-01-31 9:30:00 | 18:15:00"


def test_a_hundred_thousand_empty_rows_add_nothing():
    rows = b"".join(b'<row r="%d" spans="1:2"/>' % number for number in range(1, 100_001))
    last = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>end</t></is></c></row>'
    assert read(with_rows(rows + last), path="a.xlsx").text == "Prices\n\nend"


def test_a_table_that_is_nearly_all_gaps_is_refused():
    diagonal = b"".join(
        b'<row><c r="%s1"><v>1</v></c><c r="A1"><v>1</v></c></row>' % openpyxl.utils.get_column_letter(column).encode()
        for column in range(2, 5_000)
    )
    with pytest.raises(ReadError) as caught:
        read(with_rows(diagonal), path="a.xlsx")
    assert caught.value.message == "a.xlsx has a table of 4998 rows and 4999 columns, which is too large."
