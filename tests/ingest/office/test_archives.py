import io
import zipfile

import docx
import openpyxl
import pytest

from openbook.errors import ReadError
from openbook.ingest.office import archives
from openbook.ingest.office.archives import open_archive, parse_xml
from openbook.ingest.reader import read

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    b'<!ENTITY d SYSTEM "file:///etc/hostname">]><a>&c;&d;</a>'
)


def archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


def word() -> bytes:
    stream = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("Text.")
    made.save(stream)
    return stream.getvalue()


def excel() -> bytes:
    stream = io.BytesIO()
    made = openpyxl.Workbook()
    made.active.append(["Text"])
    made.save(stream)
    return stream.getvalue()


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(data))
    return archive({each: source.read(each) for each in source.namelist()} | {name: content})


def refusal(data: bytes, path: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read(data, path=path)
    return caught.value


@pytest.mark.parametrize(
    ("name", "data", "message", "fix"),
    [
        ("a.xlsx", b"<html><table><tr><td>1", "a.xlsx is a web page, not .xlsx.", "Give it the ending .html."),
        ("a.xlsx", b"Question,Answer\nHow?,So.", "a.xlsx is plain text, not .xlsx.", "Give it the ending .csv."),
        ("a.docx", OLE, "a.docx is an old .doc file, not .docx.", "Open it and save it as .docx."),
        ("a.xlsx", OLE, "a.xlsx is an old .xls file, not .xlsx.", "Open it and save it as .xlsx."),
        ("a.docx", b"{\\rtf1 text}", "a.docx is an RTF text, not .docx.", "Open it and save it as .docx."),
        ("a.docx", b"%PDF-1.7", "a.docx is a PDF, not .docx.", "Give it the ending .pdf."),
        ("a.docx", b"\x00\x01\x02", "a.docx is damaged or cut off: it does not start like .docx.", "Save or download"),
        (
            "a.docx",
            b"PK\x03\x04torn",
            "a.docx is damaged or cut off: its list of contents",
            "Save or download it again.",
        ),
    ],
)
def test_what_only_has_the_ending_says_what_it_is(name, data, message, fix):
    error = refusal(data, name)
    assert error.message.startswith(message)
    assert error.fix.startswith(fix)


def test_an_encrypted_office_file_asks_for_its_password():
    error = refusal(OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx")
    assert error.message == "a.docx is encrypted and asks for a password."
    assert error.fix == "Save it without a password and add it again."


def test_one_office_file_under_the_name_of_another_says_so():
    assert refusal(excel(), "a.docx").message == "a.docx is .xlsx, not .docx."
    assert refusal(word(), "a.xlsx").message == "a.xlsx is .docx, not .xlsx."
    assert refusal(archive({"mimetype": b"x"}), "a.docx").message == "a.docx is an OpenDocument file, not .docx."
    assert "without the parts of .docx" in refusal(archive({"a.txt": b"x"}), "a.docx").message


@pytest.mark.parametrize(
    ("made", "path", "name"), [(word, "a.docx", "word/document.xml"), (excel, "a.xlsx", "xl/workbook.xml")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_neither_expanded_nor_fetched(made, path, name, encoding):
    bomb = BOMB.decode().encode(encoding)
    error = refusal(replaced(made(), name, bomb), path)
    assert error.message == f"{path} is not safe to read: {name} declares a document type, which can hide entities."


def test_entities_in_a_sheet_are_refused_before_it_is_streamed():
    error = refusal(replaced(excel(), "xl/worksheets/sheet1.xml", BOMB), "a.xlsx")
    assert "declares a document type" in error.message


def test_a_member_that_is_compressed_beyond_belief_is_not_unpacked():
    error = refusal(replaced(word(), "word/document.xml", b" " * 20_000_000), "a.docx")
    assert error.message == "a.docx unpacks to 20 MB, more than such a file may hold."


def test_the_limits_hold_for_what_is_declared_and_for_what_comes_out(monkeypatch):
    data = archive({"a": b"x" * 900, "b": b"y" * 900})
    monkeypatch.setattr(archives, "UNPACKED_LIMIT", 1_000)
    with pytest.raises(ReadError, match="unpacks to"):
        open_archive(data, path="a.docx", suffix=".docx")
    lying = data.replace((900).to_bytes(4, "little"), (90).to_bytes(4, "little"))
    opened = open_archive(lying, path="a.docx", suffix=".docx")
    with pytest.raises(ReadError, match="a cannot be unpacked"):
        opened.read("a")
    monkeypatch.setattr(archives, "UNPACKED_LIMIT", 2_000)
    opened = open_archive(data, path="a.docx", suffix=".docx")
    assert opened.read("a") + opened.read("b") == b"x" * 900 + b"y" * 900
    with pytest.raises(ReadError, match="unpacks to"):
        opened.read("a")


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MEMBERS_LIMIT", 2)
    with pytest.raises(ReadError, match=r"a\.docx holds 3 files inside, more than 2"):
        open_archive(archive({"a": b"", "b": b"", "c": b""}), path="a.docx", suffix=".docx")


def test_xml_with_too_many_tags_is_refused_before_it_is_parsed():
    with pytest.raises(ReadError, match=r"a\.xml has more than 6 million tags"):
        parse_xml(b"<a>" + b"<b/>" * 6_000_001 + b"</a>", path="a.docx", name="a.xml")


def test_a_missing_or_broken_member_is_named():
    data = word()
    assert (
        "word/document.xml is not valid XML" in refusal(replaced(data, "word/document.xml", b"<a>"), "a.docx").message
    )
    source = zipfile.ZipFile(io.BytesIO(data))
    kept = archive({name: source.read(name) for name in source.namelist() if name != "word/document.xml"})
    assert "word/document.xml is missing" in refusal(kept, "a.docx").message
