"""PDF files with tables whose cells are known, and with prose that holds none, made with reportlab.

Every layout was written before the reader was tuned. `TUNED` may be looked at while working on the
reader; `HELD_OUT` differs in letters, widths, rules and order, and is only reported.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, FrameBreak, PageTemplate, Paragraph, Spacer, Table

from pdf_cells import (
    DELIVERY,
    DEVICES,
    ERRORS,
    HOTLINE,
    LIMITS,
    PARTS,
    PAYMENT,
    PICKUP,
    PLANS,
    PROSE,
    RETURNS,
    SHOES,
    SIZES,
    TRANSFER,
    TROUBLES,
    Cells,
)

Style = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Sample:
    """A PDF file and the table in it.

    Attributes:
        kind: What is special about its layout.
        make: Makes the file.
        rows: The table as a person reads it, its header first, merged cells said in each row they
            belong to; empty for prose.
        keys: How many of the first columns tell a row from the others.
    """

    kind: str
    make: Callable[[], bytes]
    rows: Cells = ()
    keys: int = 1


def _words(size: float = 10, font: str = "Helvetica") -> ParagraphStyle:
    return ParagraphStyle("words", fontName=font, fontSize=size, leading=size * 1.2, spaceAfter=size * 0.7)


def _title(text: str, font: str = "Helvetica-Bold") -> Paragraph:
    return Paragraph(text, ParagraphStyle("title", fontName=font, fontSize=18, leading=22, spaceAfter=10))


def _wrapped(rows: Cells, style: ParagraphStyle) -> list[list[Paragraph]]:
    """Cells that break into lines where their column is narrow."""
    cell = ParagraphStyle("cell", parent=style, spaceAfter=0)
    return [[Paragraph(text, cell) for text in row] for row in rows]


def _document(
    story: Sequence[Flowable],
    *,
    frames: int = 1,
    page: tuple[float, float] = A4,
    margin: float = 60,
    gutter: float = 20,
) -> bytes:
    """A file of flowing content in columns of equal width."""
    out = io.BytesIO()
    width = (page[0] - 2 * margin - gutter * (frames - 1)) / frames
    columns = [
        Frame(margin + n * (width + gutter), margin, width, page[1] - 2 * margin, 0, 0, 0, 0) for n in range(frames)
    ]
    document = BaseDocTemplate(out, pagesize=page, invariant=1)
    document.addPageTemplates([PageTemplate(frames=columns)])
    document.build(list(story))
    return out.getvalue()


def _around(table: Flowable, *, style: ParagraphStyle | None = None, title: str = "Good to know") -> list[Flowable]:
    """A title, a paragraph, the table, another paragraph."""
    words = style or _words()
    return [_title(title), Paragraph(PROSE[0], words), Spacer(1, 8), table, Spacer(1, 12), Paragraph(PROSE[1], words)]


def _ruled_grid() -> bytes:
    style: Style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")]
    return _document(_around(Table(DELIVERY, style=style)))


def _filled_rectangles() -> bytes:
    """Cells painted as boxes and rules painted as thin filled boxes, as word processors do."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(70, 760, "Our plans and what they cost are listed here.")
    widths, height, top = (140, 80, 90), 22, 730
    for number, row in enumerate(PLANS):
        left, bottom = 70.0, top - (number + 1) * height
        for width, text in zip(widths, row, strict=True):
            if number == 0:
                canvas.setFillColorRGB(0.85, 0.9, 1)
                canvas.rect(left, bottom, width, height, stroke=0, fill=1)
            canvas.setFillColorRGB(0, 0, 0)
            for rule in ((left, bottom, width, 0.6), (left, bottom, 0.6, height), (left + width, bottom, 0.6, height)):
                canvas.rect(*rule, stroke=0, fill=1)
            canvas.drawString(left + 5, bottom + 7, text)
            left += width
    canvas.rect(70, top, sum(widths), 0.6, stroke=0, fill=1)
    canvas.drawString(70, 590, "All prices are in euro and without tax. You can change your plan at any time.")
    canvas.save()
    return out.getvalue()


def _horizontal_rules() -> bytes:
    style: Style = [
        ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
        ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
        ("FONTNAME", (0, 0), (-1, -1), "Times-Roman"),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
    ]
    return _document(_around(Table(RETURNS, style=style), style=_words(11, "Times-Roman")))


def _borderless() -> bytes:
    style: Style = [("ALIGN", (1, 0), (-1, -1), "CENTER"), ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")]
    return _document(_around(Table(SIZES, style=style, colWidths=[60, 75, 75, 75, 75])))


def _lines_in_cells() -> bytes:
    style: Style = [("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    return _document(_around(Table(_wrapped(ERRORS, _words(9)), style=style, colWidths=[50, 170, 200])))


def _merged_header() -> bytes:
    rows = [("Property", "Ember 300", "", "Ember 500", ""), ("", "Home", "Office", "Home", "Office"), *DEVICES[1:]]
    style: Style = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("SPAN", (0, 0), (0, 1)),
        ("SPAN", (1, 0), (2, 0)),
        ("SPAN", (3, 0), (4, 0)),
        ("ALIGN", (1, 0), (-1, 0), "CENTER"),
        ("BACKGROUND", (0, 0), (-1, 1), colors.lightgrey),
        ("FONTNAME", (0, 0), (-1, 1), "Helvetica-Bold"),
    ]
    return _document(_around(Table(rows, style=style)))


def _continued() -> bytes:
    style: Style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")]
    return _document(_around(Table(PARTS, style=style, repeatRows=1)))


def _beside_prose() -> bytes:
    words = _words(9)
    style: Style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTSIZE", (0, 0), (-1, -1), 9)]
    left = [Paragraph(text, words) for text in PROSE * 2]
    right = [Paragraph(PROSE[2], words), Table(PAYMENT, style=style), Spacer(1, 8), Paragraph(PROSE[3], words)]
    return _document([*left, FrameBreak(), *right], frames=2)


def _right_aligned() -> bytes:
    style: Style = [
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.7, colors.black),
        ("FONTNAME", (0, 0), (-1, -1), "Times-Roman"),
    ]
    return _document(_around(Table(TRANSFER, style=style), style=_words(10, "Times-Roman")))


def _borderless_lines_in_cells() -> bytes:
    rows = _wrapped(TROUBLES, _words(10))
    rows[0] = [Paragraph(f"<b>{text}</b>", _words(10)) for text in TROUBLES[0]]
    style: Style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("BOTTOMPADDING", (0, 0), (-1, -1), 6)]
    return _document(_around(Table(rows, style=style, colWidths=[90, 160, 170])))


def _zebra() -> bytes:
    style: Style = [
        ("ROWBACKGROUNDS", (0, 0), (-1, -1), (colors.white, colors.whitesmoke)),
        ("FONTNAME", (0, 0), (-1, -1), "Courier"),
        ("FONTSIZE", (0, 0), (-1, -1), 9),
    ]
    return _document(_around(Table(PAYMENT, style=style, hAlign="LEFT"), style=_words(9, "Courier")), page=letter)


def _vertical_rules() -> bytes:
    style: Style = [
        ("BOX", (0, 0), (-1, -1), 1, colors.black),
        ("INNERGRID", (0, 0), (-1, 0), 0.3, colors.black),
        ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
        ("LINEAFTER", (0, 0), (-2, -1), 0.3, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    table = Table(_wrapped(LIMITS, _words(9, "Times-Roman")), style=style, colWidths=[70, 60, 90, 130])
    return _document(_around(table, style=_words(12, "Times-Roman")))


def _ruled_groups() -> bytes:
    rows = [("Country", "Weekdays", "", "Weekend", ""), ("", "Opens", "Closes", "Opens", "Closes"), *HOTLINE[1:]]
    style: Style = [
        ("LINEABOVE", (0, 0), (-1, 0), 1.2, colors.black),
        ("LINEBELOW", (1, 0), (2, 0), 0.4, colors.black),
        ("LINEBELOW", (3, 0), (4, 0), 0.4, colors.black),
        ("LINEBELOW", (0, 1), (-1, 1), 0.6, colors.black),
        ("LINEBELOW", (0, -1), (-1, -1), 1.2, colors.black),
        ("SPAN", (1, 0), (2, 0)),
        ("SPAN", (3, 0), (4, 0)),
        ("ALIGN", (1, 0), (-1, -1), "CENTER"),
        ("FONTNAME", (0, 0), (-1, -1), "Times-Roman"),
        ("FONTSIZE", (0, 0), (-1, -1), 12),
    ]
    return _document(_around(Table(rows, style=style, colWidths=[110, 80, 80, 80, 80])), page=landscape(A4))


def _small_and_gappy() -> bytes:
    style: Style = [
        ("ALIGN", (0, 0), (-1, -1), "RIGHT"),
        ("FONTSIZE", (0, 0), (-1, -1), 7),
        ("LEADING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), 0.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
        ("LINEBELOW", (0, 0), (-1, 0), 0.25, colors.grey),
    ]
    return _document(_around(Table(SHOES, style=style), style=_words(8)), page=letter, margin=90)


def _between_columns() -> bytes:
    rows = [PICKUP[0], PICKUP[1], ("", *PICKUP[2][1:]), PICKUP[3], ("", *PICKUP[4][1:]), ("", *PICKUP[5][1:])]
    style: Style = [
        ("LINEABOVE", (0, 0), (-1, 0), 0.5, colors.black),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
        ("LINEBELOW", (1, 1), (-1, -1), 0.25, colors.grey),
        ("LINEBELOW", (0, 2), (0, 2), 0.25, colors.grey),
        ("LINEBELOW", (0, 5), (0, 5), 0.25, colors.grey),
        ("SPAN", (0, 1), (0, 2)),
        ("SPAN", (0, 3), (0, 5)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("FONTSIZE", (0, 0), (-1, -1), 8),
    ]
    words = _words(8)
    filling = [Paragraph(text, words) for text in PROSE * 3]
    middle = [Paragraph(PROSE[3], words), Table(rows, style=style), Spacer(1, 8), Paragraph(PROSE[1], words)]
    page = landscape(A4)
    return _document([*filling, FrameBreak(), *middle, FrameBreak(), *filling[:5]], frames=3, page=page, margin=40)


def _two_columns() -> bytes:
    return _document([_title("Delivery and returns"), *(Paragraph(text, _words()) for text in PROSE * 4)], frames=2)


def _letter() -> bytes:
    """A letter with address, contact details and an amount, but no table."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 10)
    left = (
        "Fernhill Outdoor Ltd",
        "14 Mill Lane",
        "Kendal LA9 4DT",
        "",
        "Ms Ada Okafor",
        "3 Harbour View",
        "Leith EH6 6AB",
    )
    right = (
        "Your order: FH-20418",
        "Date: 3 March 2026",
        "Phone: 01632 960 123",
        "Mail: help@example.org",
        "VAT no: none",
    )
    for number, text in enumerate(left):
        canvas.drawString(70, 770 - 14 * number, text)
    for number, text in enumerate(right):
        canvas.drawString(380, 770 - 14 * number, text)
    body = canvas.beginText(70, 620)
    body.setLeading(14)
    for line in (
        "Dear Ms Okafor,",
        "",
        "thank you for your order of 28 February. We have sent the goods today; the amount",
        "of 84.90 EUR is due within 14 days. Please name the number of the order when you",
        "pay. If something is missing, write to us within a week and add a photo of the box.",
        "",
        "Amount due:          84.90 EUR",
        "Pay before:          17 March 2026",
        "",
        "Kind regards",
        "Fernhill Outdoor",
    ):
        body.textLine(line)
    canvas.drawText(body)
    canvas.save()
    return out.getvalue()


_STEPS = (
    (0, "1.", "Unpack the device and take off the foil, also the one below the lid and behind the drip tray."),
    (1, "a)", "Keep the box for the time of the guarantee."),
    (1, "b)", "Put the foil into the bin for plastics."),
    (0, "2.", "Rinse the tank with warm water, fill it up to the upper mark and push it in until it clicks."),
    (1, "•", "Do not use distilled water."),
    (2, "-", "It has no minerals, so the sensor finds none."),
    (2, "-", "It tastes flat."),
    (1, "•", "Soft water needs less descaling."),
    (0, "3.", "Press the key for three seconds and wait for the light."),
    (0, "4.", "Choose a language with the arrows and confirm it with the key in the middle."),
)


def _indented_list() -> bytes:
    """A list in three levels, every marker printed apart from its text."""
    words = _words()
    story: list[Flowable] = [_title("First use"), Paragraph(PROSE[3], words)]
    for depth, marker, text in _STEPS:
        style = ParagraphStyle("item", parent=words, leftIndent=20 + 20 * depth, bulletIndent=20 * depth, spaceAfter=2)
        story.append(Paragraph(text, style, bulletText=marker))
    return _document([*story, Spacer(1, 10), Paragraph(PROSE[2], words)])


def _three_columns() -> bytes:
    return _document(
        [Paragraph(text, _words(8, "Times-Roman")) for text in PROSE * 7], frames=3, page=letter, gutter=14
    )


def _columns_by_line() -> bytes:
    """Two columns whose lines were written from left to right across both, and a sidebar."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("Times-Roman", 11)
    style = _words(11, "Times-Roman")
    columns = [Paragraph(" ".join(PROSE[n:] + PROSE[:n]), style) for n in (0, 2)]
    broken = [[" ".join(line[1]) for line in column.breakLines(210).lines] for column in columns]
    for number, pair in enumerate(zip(*broken, strict=False)):
        for left, text in zip((60, 295), pair, strict=True):
            canvas.drawString(left, 760 - 13 * number, text)
    canvas.save()
    return out.getvalue()


TUNED = (
    Sample("ruled grid", _ruled_grid, DELIVERY),
    Sample("rules painted as boxes", _filled_rectangles, PLANS),
    Sample("horizontal rules", _horizontal_rules, RETURNS),
    Sample("no rules, centred", _borderless, SIZES),
    Sample("several lines in a cell", _lines_in_cells, ERRORS),
    Sample("merged header cells", _merged_header, DEVICES),
    Sample("continued on the next page", _continued, PARTS),
    Sample("in one of two columns", _beside_prose, PAYMENT),
    Sample("numbers to the right", _right_aligned, TRANSFER),
    Sample("no rules, several lines in a cell", _borderless_lines_in_cells, TROUBLES),
)
HELD_OUT = (
    Sample("shaded rows", _zebra, PAYMENT),
    Sample("vertical rules, several lines in a cell", _vertical_rules, LIMITS),
    Sample("ruled groups of columns", _ruled_groups, HOTLINE),
    Sample("small letters, empty cells", _small_and_gappy, SHOES),
    Sample("merged rows in one of three columns", _between_columns, PICKUP, keys=2),
)
PROSE_TUNED = (
    Sample("two columns", _two_columns),
    Sample("letter with addresses", _letter),
    Sample("list in three levels", _indented_list),
)
PROSE_HELD_OUT = (
    Sample("three columns", _three_columns),
    Sample("two columns written line by line", _columns_by_line),
)
