"""What holds for every file whatever is in it: exact spans, nothing lost, nothing twice, bounded lengths."""

from collections.abc import Iterable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import documents
from ingest.documents import LINES, TEXT
from ingest.office_files import MORE_FILES, excel_file, word_file
from ingest.pdf_writer import lines, pdf
from openbook.errors import ReadError
from openbook.ingest.chunker import chunk
from openbook.ingest.decoding import decode
from openbook.ingest.embedding_text import embedding_text
from openbook.ingest.reader import SUFFIXES, read
from openbook.ingest.sentences import split_sentences
from openbook.types import BlockKind, Extract, Span

FILES = st.one_of(documents.FILES, MORE_FILES)
SETTINGS = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def extract_of(file: tuple[str, bytes]) -> Extract:
    """The extract of a generated file; an empty one where nothing readable was generated."""
    try:
        return read(file[1], path=file[0])
    except ReadError:
        return Extract("", ())


def assert_disjoint_and_ordered(spans: Iterable[Span], *, start: int, end: int) -> None:
    position = start
    for span in spans:
        assert position <= span.start < span.end <= end
        position = span.end


def assert_covers(text: str, spans: Iterable[Span], *, start: int = 0, end: int | None = None) -> None:
    """Every character in the range lies in one of the ordered spans, or is white space."""
    position = start
    for span in spans:
        assert not text[position : span.start].strip()
        position = span.end
    assert not text[position:end].strip()


@SETTINGS
@given(FILES)
def test_the_blocks_of_a_file_hold_all_of_its_text_once_and_in_order(file):
    extract = extract_of(file)
    spans = [block.span for block in extract.blocks]
    assert_disjoint_and_ordered(spans, start=0, end=len(extract.text))
    assert_covers(extract.text, spans)
    for block in extract.blocks:
        assert block.span.of(extract.text) == block.span.of(extract.text).strip()
        assert (block.level > 0) == (block.kind is BlockKind.HEADING)
        assert_disjoint_and_ordered(block.parts, start=block.span.start, end=block.span.end)
        if block.parts:
            assert_covers(extract.text, block.parts, start=block.span.start, end=block.span.end)
        assert block.header is None or block.header == block.parts[0]


@SETTINGS
@given(FILES)
def test_a_source_text_holds_no_invisible_characters(file):
    text = extract_of(file).text
    assert not set(text) & set("\u200b\u200e\u200f\u202a\u202e\u2060\ufeff\r\x00\u00a0")
    assert all(character >= " " or character in "\n\t" for character in text)
    text.encode("utf-8")


@SETTINGS
@given(FILES)
def test_the_chunks_of_a_file_cover_it_once_and_are_bounded(file):
    extract = extract_of(file)
    chunks = chunk(extract)
    assert_disjoint_and_ordered([each.span for each in chunks], start=0, end=len(extract.text))
    assert_covers(extract.text, [each.span for each in chunks])
    assert [each.ordinal for each in chunks] == list(range(len(chunks)))
    for each in chunks:
        assert each.span.end - each.span.start <= (1_600 if whole_kinds(extract, each.span) else 1_200)


def whole_kinds(extract: Extract, span: Span) -> bool:
    """Whether a table or steps lie whole inside the span."""
    kept = (BlockKind.TABLE, BlockKind.STEPS)
    inside = [block for block in extract.blocks if span.start <= block.span.start and block.span.end <= span.end]
    return any(block.kind in kept for block in inside)


@SETTINGS
@given(FILES)
def test_the_sentences_of_a_chunk_cover_it_once(file):
    extract = extract_of(file)
    for each in chunk(extract):
        assert_disjoint_and_ordered(each.sentences, start=each.span.start, end=each.span.end)
        assert_covers(extract.text, each.sentences, start=each.span.start, end=each.span.end)
        assert all(span.of(extract.text) == span.of(extract.text).strip() for span in each.sentences)


@SETTINGS
@given(FILES)
def test_a_header_is_a_row_of_a_table_at_or_before_its_chunk(file):
    extract = extract_of(file)
    headers = {block.header for block in extract.blocks if block.header}
    for each in chunk(extract):
        assert each.header is None or (each.header in headers and each.header.end <= each.span.end)


@SETTINGS
@given(FILES)
def test_an_embedding_text_ends_with_the_chunk(file):
    extract = extract_of(file)
    for each in chunk(extract):
        assert embedding_text(extract.metadata.title, extract.text, each).endswith(each.span.of(extract.text))


@SETTINGS
@given(FILES, st.integers(80, 400), st.integers(80, 600))
def test_other_lengths_are_kept_to_as_well(file, target, limit):
    extract = extract_of(file)
    for each in chunk(extract, target_characters=target, limit_characters=limit):
        assert each.span.end - each.span.start <= limit * 4 // 3


@SETTINGS
@given(st.one_of(TEXT, LINES, st.text(max_size=300)))
def test_sentences_cover_any_text_once(text):
    spans = split_sentences(text)
    assert_disjoint_and_ordered(spans, start=0, end=len(text))
    assert_covers(text, spans)


@SETTINGS
@given(FILES)
def test_reading_and_cutting_twice_gives_the_same(file):
    first, second = extract_of(file), extract_of(file)
    assert first == second
    assert chunk(first) == chunk(second)


@SETTINGS
@given(st.sampled_from(SUFFIXES), st.binary(max_size=600))
def test_random_bytes_are_read_or_refused(suffix, data):
    try:
        assert read(data, path=f"file{suffix}").blocks
    except ReadError as error:
        assert f"file{suffix}" in error.message
        assert error.fix


WHOLE_FILES = {
    "damaged.pdf": pdf(lines("A page about returns.", "It has two lines.")),
    "damaged.docx": word_file(["<w:p><w:r><w:t>A page about returns.</w:t></w:r></w:p>"]),
    "damaged.xlsx": excel_file([["Zone", "Price"], ["EU", "3"]]),
    "damaged.vtt": b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\n<v Anna>A talk about returns.",
    "damaged.rst": b"Returns\n=======\n\n.. note:: :ref:`a <b>`\n\n   * x\n\n=== ===\na   b\n=== ===\n",
    "damaged.mdx": b"---\ntitle: Returns\n---\nimport a from 'b'\n\n<Tab title='x'>{y}\n\n- a\n</Tab>",
}


@SETTINGS
@given(st.sampled_from(sorted(WHOLE_FILES)), st.data())
def test_a_file_with_random_damage_is_read_or_refused(name, data):
    whole = bytearray(WHOLE_FILES[name])
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    whole = whole[: data.draw(st.integers(len(whole) // 2, len(whole)))]
    try:
        assert read(bytes(whole), path=name).blocks
    except ReadError as error:
        assert error.message
        assert error.fix


@SETTINGS
@given(
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
)
def test_a_text_with_a_byte_order_mark_is_decoded_exactly(text, encoding):
    encoded = text.encode(encoding, "replace")
    assert decoded_or_refused(encoded) == decoded_or_refused(encoded.decode(encoding).encode("utf-8"))


def decoded_or_refused(data: bytes) -> str:
    try:
        return decode(data, path="a.txt").text
    except ReadError as error:
        return error.message
