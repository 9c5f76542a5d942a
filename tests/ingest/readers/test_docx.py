import io
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from openbook.ingest.readers.docx import read
from openbook.types import BlockKind, Extract

WORD = nsdecls("w")


def document() -> docx.document.Document:
    made = docx.Document()
    made.core_properties.title = "Returns policy"
    made.core_properties.modified = datetime(2026, 2, 3, 4, 5)
    return made


def saved(made: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def read_document(made: docx.document.Document) -> Extract:
    return read(saved(made), path="returns.docx")


def with_part(data: bytes, name: str, change) -> bytes:
    """The file with one of its parts changed; a part that is not there begins empty."""
    source = zipfile.ZipFile(io.BytesIO(data))
    parts = {each: source.read(each) for each in source.namelist()}
    parts[name] = change(parts.get(name, b""))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for each, content in parts.items():
            target.writestr(each, content)
    return stream.getvalue()


def body_of(xml: str) -> Extract:
    """What is read of a document with this XML in its body."""
    made = document()
    for element in parse_xml(f"<w:body {WORD} {nsdecls('wp', 'a')}>{xml}</w:body>"):
        made.element.body.insert(len(made.element.body) - 1, element)
    return read_document(made)


def test_headings_lists_tables_and_properties_are_kept():
    made = document()
    made.add_heading("Returns", 0)
    made.add_heading("How long", 1)
    made.add_paragraph("You have 30 days.\nReally.")
    made.add_paragraph("Open the app", style="List Number")
    made.add_paragraph("on the phone", style="List Bullet 2")
    made.add_paragraph("Press return", style="List Number")
    made.add_heading("Prices", 2)
    table = made.add_table(3, 3)
    for row, texts in zip(
        table.rows, (["Zone", "Country", "Price"], ["EU", "France", "3"], ["", "Spain", "4"]), strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    extract = read_document(made)
    assert extract.text.split("\n\n") == [
        "Returns",
        "How long",
        "You have 30 days.\nReally.",
        "1. Open the app\n  - on the phone\n2. Press return",
        "Prices",
        "Zone | Country | Price\nEU | France | 3\nEU | Spain | 4",
    ]
    assert [block.level for block in extract.blocks] == [1, 1, 0, 0, 2, 0]
    assert extract.blocks[3].kind is BlockKind.STEPS
    assert extract.blocks[5].header == extract.blocks[5].parts[0]
    assert extract.metadata.title == "Returns policy"
    assert extract.metadata.updated_at == datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
    assert extract.notices == ()


def test_a_heading_style_of_another_language_is_known_by_its_outline_level():
    made = document()
    style = made.styles.add_style("Überschrift eigen", 1)
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), "1")
    style.element.get_or_add_pPr().append(outline)
    child = made.styles.add_style("Kapitel", 1)
    child.base_style = style
    made.add_paragraph("Rückgabe", style="Kapitel")
    made.add_paragraph("Text.")
    assert [(block.kind, block.level) for block in read_document(made).blocks] == [
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
    ]


def test_hidden_and_deleted_text_is_left_out_and_inserted_text_is_read():
    extract = body_of(
        "<w:p><w:r><w:t>Seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r>"
        "<w:ins><w:r><w:t> new</w:t></w:r></w:ins><w:del><w:r><w:delText> old</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t> moved</w:t></w:r></w:moveFrom>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t xml:space="preserve"> shown</w:t></w:r></w:p>'
    )
    assert extract.text == "Seen new shown"
    assert extract.notices == (
        "hidden text was left out in 1 place",
        "there are tracked changes: insertions were read, deletions were not",
    )


def test_a_text_box_follows_its_paragraph_once():
    box = "<w:txbxContent><w:p><w:r><w:t>In the box</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    extract = body_of(
        f"<w:p><w:r><w:t>Before</w:t></w:r><w:r><mc:AlternateContent {mc}><mc:Choice Requires='wps'><w:drawing>{box}"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:p><w:r><w:t>After</w:t></w:r></w:p>"
    )
    assert extract.text == "Before\n\nIn the box\n\nAfter"


def test_a_footnote_stands_below_the_paragraph_that_refers_to_it():
    made = document()
    paragraph = made.add_paragraph("You have 30 days.")
    paragraph.add_run()._r.append(parse_xml(f'<w:footnoteReference {WORD} w:id="2"/>'))
    paragraph.add_run(" Then it ends.")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode()
    data = with_part(saved(made), "word/_rels/document.xml.rels", lambda xml: xml.replace(b"</Relationships>", link))
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>Except food.</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {WORD}>{note}</w:footnotes>"
    data = with_part(data, "word/footnotes.xml", lambda _: notes.encode())
    assert read(data, path="a.docx").text == "You have 30 days[1]. Then it ends.\n\n[1] Except food."


def test_a_table_that_only_places_text_is_read_cell_by_cell():
    made = document()
    outer = made.add_table(1, 2)
    outer.cell(0, 0).text = "Left"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "a", "b"
    assert read_document(made).text == "Left\n\na | b"


def test_a_title_over_all_columns_is_one_cell():
    made = document()
    table = made.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Prices"
    for column, text in enumerate("abc"):
        table.cell(1, column).text = text
    assert read_document(made).text == "Prices\na | b | c"


def test_numbers_are_written_as_word_counts_them():
    made = document()
    numbering = made.part.numbering_part.element
    level = '<w:lvl w:ilvl="{}"><w:start w:val="{}"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    forms = ((0, 3, "decimal", "%1."), (1, 1, "lowerLetter", "%1.%2)"), (2, 4, "upperRoman", "%3"))
    levels = "".join(level.format(*form) for form in forms)
    numbering.insert(0, parse_xml(f'<w:abstractNum {WORD} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {WORD} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
    for text, depth in (("one", 0), ("two", 1), ("three", 2), ("four", 1), ("five", 0), ("six", 1)):
        made.add_paragraph(text)._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {WORD}><w:ilvl w:val="{depth}"/><w:numId w:val="91"/></w:numPr>')
        )
    assert read_document(made).text == "3. one\n  3.a) two\n    IV three\n  3.b) four\n4. five\n  4.a) six"


def test_a_table_of_contents_and_empty_form_fields_are_furniture():
    made = document()
    made.styles.add_style("toc 1", 1)
    made.add_paragraph("Returns ..... 3", style="toc 1")
    made.add_paragraph("Text.")
    field = (
        "<w:sdt {}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        "<w:p><w:r><w:t>Click here</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    made.element.body.insert(0, parse_xml(field.format(WORD)))
    assert read_document(made).text == "Text."


def test_the_strict_form_of_the_format_is_read_as_well():
    made = document()
    made.add_heading("Returns", 1)
    transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    data = with_part(saved(made), "word/document.xml", lambda xml: xml.replace(transitional, strict))
    assert [block.level for block in read(data, path="a.docx").blocks] == [1]


@pytest.mark.parametrize("name", ["word/styles.xml", "word/numbering.xml", "docProps/core.xml"])
def test_parts_that_are_only_help_may_be_missing(name):
    made = document()
    made.add_paragraph("Text.", style="List Bullet")
    source = zipfile.ZipFile(io.BytesIO(saved(made)))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
    assert "Text." in read(stream.getvalue(), path="a.docx").text
