import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.errors import ReadError
from openbook.ingest import records
from openbook.ingest.records import read_records
from openbook.types import BrokenPart


def read(data, *, path="a.json", limit=records.RECORD_LIMIT):
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_records(stream, path=path, limit_characters=limit))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(['}"', '\\"[', "{", "é\u2028"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.lists(st.fixed_dictionaries({"k": VALUES, "m": VALUES}), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(RECORDS, VALUES, st.sampled_from([None, 2]), st.booleans(), st.integers(1, 60))
def test_records_are_found_however_they_are_written_and_wherever_the_chunks_end(
    expected, beside, indent, is_ascii, chunk
):
    whole, records._CHUNK_BYTES = records._CHUNK_BYTES, chunk
    try:
        for value in (expected, {"beside": beside, "tickets": expected, "next": beside}):
            assert read(json.dumps(value, indent=indent, ensure_ascii=is_ascii)) == expected
        assert read(json.dumps(expected[0], indent=indent)) == expected[:1]
    finally:
        records._CHUNK_BYTES = whole
    assert read("\n".join(map(json.dumps, expected)), path="a.jsonl") == expected


def test_a_list_under_another_name_is_passed_over():
    assert read('{"users": [{"id": 9}], "data": {"tickets": [{"id": 1}]}, "count": 1}') == [{"id": 1}]


def test_an_object_with_an_id_is_a_record_even_if_it_holds_a_list_of_a_usual_name():
    ticket = {"id": 1, "conversations": [{"id": 5}], "subject": "x"}
    assert read(json.dumps(ticket)) == [ticket]


def test_a_damaged_line_costs_only_itself():
    found = read('{"a": 1}\n{"b":\n\n{"c": 3}\nnone\n', path="a.jsonl")
    assert [found[0], found[2]] == [{"a": 1}, {"c": 3}]
    assert [(part.name, part.problem.split(":")[0]) for part in (found[1], found[3])] == [
        ("line 2", "damaged or cut off JSON"),
        ("line 5", "damaged or cut off JSON"),
    ]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("1" * 5_000, "it holds a number of too many digits"),
        ("[" * 5_000 + "]" * 5_000, "its JSON is nested too deeply"),
        ('"' + "x" * 50_000 + '"', "it is larger than 40,000 characters"),
        ("tru", "damaged or cut off JSON: Expecting value at: "),
    ],
)
def test_a_record_that_cannot_be_held_costs_only_itself(value, problem):
    found = read('[{"a": 1}, {"b": ' + value + '}, {"c": NaN, "d": 1e999, "e": 1, "e": 2}]', limit=40_000)
    assert (found[0], found[2]) == ({"a": 1}, {"c": None, "d": None, "e": 2})
    assert found[1].name == "record 2"
    assert found[1].problem.startswith(problem)


def test_a_file_that_ends_too_early_says_so():
    found = read('{"tickets": [{"a": 1}, {"b": ')
    assert found[0] == {"a": 1}
    assert found[1].problem.startswith("damaged or cut off JSON")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("table", ["id;größe\n1;ä, b\n", "id\tgröße\n1\tä, b\n", 'sep=;\nid;größe\n1;"ä, b"\n'])
def test_a_table_is_read_in_its_encoding_and_with_its_delimiter(table, encoding):
    assert read(table.encode(encoding), path="a.csv") == [{"id": "1", "größe": "ä, b"}]


def test_letters_of_another_encoding_far_from_the_start_are_kept():
    table = "id,q\n" + "1,x\n" * 100_000 + "2,Größe\n"
    assert read(table.encode("cp1252"), path="a.csv")[-1] == {"id": "2", "q": "Größe"}


def test_rows_may_lack_cells_but_not_have_more_than_the_header():
    found = read('id,q,q,\n1\n\n2,"a\nb",c,d\n3,4,5,6,7\n', path="a.csv")
    assert found[0] == {"id": "1", "q": "", "q (3)": "", "(4)": ""}
    assert found[1] == {"id": "2", "q": "a\nb", "q (3)": "c", "(4)": "d"}
    assert found[2] == BrokenPart("row 5", "it has 5 cells, the header has 4")


def test_a_quote_that_is_never_closed_spoils_only_its_line():
    assert read('id,q\n1,"open\n2,b\n3,c\n', path="a.csv") == [
        {"id": "1", "q": '"open'},
        {"id": "2", "q": "b"},
        {"id": "3", "q": "c"},
    ]


def test_a_line_that_is_too_long_for_a_row_is_left_out():
    found = read(f"id,q\n1,{'x' * 2_000}\n2,b\n", path="a.csv", limit=1_000)
    assert found == [BrokenPart("row 2", "it is larger than 1,000 characters"), {"id": "2", "q": "b"}]


@pytest.mark.parametrize("data", ["", "no json", "[]", '{"tickets": []}', "[1, 2]"])
def test_a_file_without_records_is_refused(data):
    with pytest.raises(ReadError, match="holds no records"):
        read(data)


def test_a_binary_file_is_refused():
    with pytest.raises(ReadError, match="is not a text file"):
        read(b"\x00\x01[{}]")
