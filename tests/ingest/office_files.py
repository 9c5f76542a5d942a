"""Strategies that generate Word and Excel files, subtitles, reStructuredText and MDX, from tidy to hostile."""

import io
import re
import zipfile
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from ingest.documents import LINES, SENTENCES, TEXT

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_xml(text: str) -> str:
    """A text as it may stand in XML."""
    return escape(_NOT_XML.sub("", text))


def package(parts: dict[str, str], *, main: str) -> bytes:
    """An office file of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        link = f'<Relationship Id="r" Type="{_RELATIONS}/officeDocument" Target="{main}"/>'
        made.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}">{link}</Relationships>')
        for name, xml in parts.items():
            made.writestr(name, xml.encode("utf-8", "replace"))
    return stream.getvalue()


def word_file(blocks: list[str]) -> bytes:
    """A Word file with this XML in its body."""
    body = f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(blocks)}</w:body></w:document>'
    return package({"word/document.xml": body}, main="word/document.xml")


def excel_file(rows: list[list[str]]) -> bytes:
    """An Excel file with one sheet of texts."""
    cells = ("".join(f'<c t="inlineStr"><is><t>{text_xml(text)}</t></is></c>' for text in row) for row in rows)
    links = f'<Relationship Id="s" Type="{_RELATIONS}/worksheet" Target="sheet.xml"/>'
    workbook = (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}"><sheets><sheet name="S" r:id="s"/></sheets></workbook>'
    )
    parts = {
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
        "xl/sheet.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{"".join(f"<row>{row}</row>" for row in cells)}'
        "</sheetData></worksheet>",
    }
    return package(parts, main="xl/workbook.xml")


_RUN_PROPERTIES = st.sampled_from(["", "", "", "<w:rPr><w:vanish/></w:rPr>"])
_RUNS = st.builds(lambda look, text: f"<w:r>{look}<w:t>{text_xml(text)}</w:t></w:r>", _RUN_PROPERTIES, LINES)
_LOOKS = st.sampled_from(
    [
        "",
        '<w:outlineLvl w:val="1"/>',
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>',
        '<w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>',
    ]
)
_PARAGRAPHS = st.builds(
    lambda look, wrap, runs: f"<w:p><w:pPr>{look}</w:pPr>{wrap[0]}{''.join(runs)}{wrap[1]}</w:p>",
    _LOOKS,
    st.sampled_from(
        [
            ("", ""),
            ("<w:del>", "</w:del>"),
            ("<w:ins>", "</w:ins>"),
            ("<w:r><w:txbxContent><w:p>", "</w:p></w:txbxContent></w:r>"),
        ]
    ),
    st.lists(_RUNS, max_size=3),
)
_CELLS = st.builds(
    lambda merge, inside: f"<w:tc><w:tcPr>{merge}</w:tcPr>{''.join(inside)}</w:tc>",
    st.sampled_from(["", "", "<w:vMerge/>", '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="3"/>']),
    st.lists(_PARAGRAPHS, max_size=2),
)
_TABLES = st.lists(st.lists(_CELLS, max_size=4), max_size=4).map(
    lambda rows: "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"
)
WORD_FILES = st.lists(st.one_of(_PARAGRAPHS, _TABLES), max_size=8).map(word_file)
EXCEL_FILES = st.lists(st.lists(st.one_of(LINES, st.just("")), max_size=5), max_size=12).map(excel_file)

_CUES = st.builds(
    lambda start, length, text: f"{start // 60:02}:{start % 60:02}.000 --> {(start + length) // 60:02}:00.000\n{text}",
    st.integers(0, 3_000),
    st.integers(0, 9),
    st.one_of(SENTENCES.map("<v Anna>{}".format), SENTENCES, LINES),
)
SUBTITLES = st.lists(st.one_of(_CUES, st.just("NOTE x"), LINES), max_size=12).map(
    lambda cues: "\n\n".join(["WEBVTT", "00:00.000 --> 00:01.000\nHello", *cues])
)

_DIRECTIVES = st.builds(
    lambda name, argument, inside: f".. {name}:: {argument}\n\n   " + inside.replace("\n", "\n   "),
    st.sampled_from(["note", "code-block", "toctree", "tab", "include", "only", "list-table", "versionadded", "raw"]),
    LINES,
    TEXT,
)
RST = st.lists(
    st.one_of(
        TEXT, _DIRECTIVES, SENTENCES.map(lambda text: f"{text}\n{'=' * len(text)}"), st.just(":ref:`a <b>` |c| d_")
    ),
    max_size=4,
).map("\n\n".join)

_MDX_PIECES = st.sampled_from(
    [
        "<Tab title='a'>",
        "</Tab>",
        "{x}",
        "{/* y",
        "export const a = {",
        'import a from "b"',
        "<div onClick={() => x}>",
        "    deep",
        ":::note[T]",
        '!!! note "T"',
        "<",
        "{",
    ]
)
MDX = st.lists(st.one_of(SENTENCES, _MDX_PIECES, _MDX_PIECES, st.just("- item"), st.just("")), max_size=16).map(
    "\n".join
)


def _named(name: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, bytes]]:
    return texts.map(lambda text: (name, text.encode("utf-8", "replace")))


MORE_FILES = st.one_of(
    _named("a.mdx", MDX),
    _named("a.rst", RST),
    _named("a.vtt", SUBTITLES),
    WORD_FILES.map(lambda data: ("a.docx", data)),
    EXCEL_FILES.map(lambda data: ("a.xlsx", data)),
)
"""A name and the bytes of a file of that kind."""
