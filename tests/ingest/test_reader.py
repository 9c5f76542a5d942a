import pytest

from openbook.errors import ReadError
from openbook.ingest.reader import SUFFIXES, kind_of, read, read_parts
from openbook.types import BrokenPart


@pytest.mark.parametrize(
    ("name", "data", "message", "fix"),
    [
        ("a.md", b"", "a.md is empty.", "Write some text"),
        ("a.md", b" \n\t", "a.md is empty.", "Write some text"),
        ("a.txt", b"ab\x00\x01cd", "a.txt is not a text file: it holds binary data.", "Save it as Markdown"),
        ("a.txt", b"\x01\x02\x03\x04 text", "a.txt is not a text file: it holds binary data.", "Save it as"),
        ("a.xyz", b"text", "a.xyz is of an unsupported kind: .xyz.", "Convert it to one of .md"),
        ("a.md", b"x" * 101, "a.md is too large: the limit is 0.0 MB.", "Split the file"),
        ("a.html", b"<main><p hidden>x</p></main>", "a.html holds no text that a visitor could see.", "Check that"),
        ("a.md", b"\xff\xfe\x00\xd8", "a.md is in no character encoding", "Save the file as UTF-8"),
    ],
)
def test_what_cannot_be_read_says_why_and_how_to_mend_it(name, data, message, fix):
    with pytest.raises(ReadError) as caught:
        read(data, path=name, limit_bytes=100)
    assert caught.value.message.startswith(message)
    assert caught.value.fix.startswith(fix)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("page.MD", b"x", "markdown"),
        ("README", b"# Title\n\ntext", "markdown"),
        ("notes", b"plain words", "text"),
        ("page", b"\xef\xbb\xbf <!-- c --><!DOCTYPE html><p>x", "html"),
        ("manual", b"%PDF-1.4", "pdf"),
        ("release-2.4", b"plain words", "text"),
        ("faq.json", b'[{"title": "A", "body": "B"}]', "articles"),
        ("tickets.json", b'[{"id": 1, "subject": "A", "status": 2, "conversations": []}]', "export"),
        ("rates.csv", b"zone,price\nEU,3\n", "csv"),
        ("tickets.csv", b"ticket id,subject,description,status\n1,A,B,open\n", "export"),
    ],
)
def test_the_reader_is_chosen_by_name_and_else_by_content(name, data, kind):
    assert kind_of(name, data) == kind


def test_every_ending_has_a_kind():
    kinds = {kind_of(f"a{suffix}", b"x") for suffix in SUFFIXES}
    readers = {"markdown", "rst", "html", "text", "csv", "xlsx", "pdf", "docx", "subtitles"}
    assert kinds == readers | {"articles", "openapi"}


def test_of_a_file_with_many_documents_each_comes_by_itself_and_the_broken_ones_are_named():
    data = b'[{"id": "a", "title": "A", "body": "Of A."}, {"id": "b"}, {"id": "c", "title": "C", "body": "Of C."}]'
    first, broken, last = read_parts(data, path="faq.json")
    assert (first.name, first.kind, last.name) == ("a", "article", "c")
    assert isinstance(broken, BrokenPart)
    assert broken.problem
    with pytest.raises(ReadError, match="holds many documents"):
        read(data, path="faq.json")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_files_are_read_without_a_notice(encoding):
    extract = read("Größe: 配送 — £5".encode(encoding), path="a.txt")
    assert (extract.text, extract.notices) == ("Größe: 配送 — £5", ())


def test_another_plausible_encoding_is_guessed_with_a_notice():
    text = "Вы можете вернуть товар в течение сорока пяти дней после доставки. Деньги вернутся на карту."
    extract = read(text.encode("cp1251"), path="a.txt")
    assert (extract.text, extract.notices) == (text, ("decoded as windows-1251",))
