import pytest

from openbook.errors import UserError
from openbook.evals import Case, read_dataset


def written(tmp_path, text, name="set.jsonl"):
    place = tmp_path / name
    place.write_text(text, "utf-8")
    return place


def test_json_lines_and_csv_give_the_same_cases(tmp_path):
    lines = '{"id": "1", "question": "How long?", "quotes": ["a", "b"], "answerable": false}\n\n'
    table = 'id,question,quotes,answerable\n1,How long?,"[""a"", ""b""]",no\n'
    expected = (Case("1", "How long?", quotes=("a", "b"), answerable=False),)
    assert read_dataset(written(tmp_path, lines)) == expected
    assert read_dataset(written(tmp_path, table, "set.csv")) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no question"),
        ("{", "line 1 is no JSON"),
        ("[]", "line 1 is no JSON object"),
        ('{"id": "1"}', "has no `question`"),
        ('{"id": "1", "question": "a"}\n{"id": "1", "question": "b"}', "'1' twice"),
        ('{"id": "1", "question": "a", "answerable": "maybe"}', "'maybe'"),
        ('{"id": "1", "question": "a", "quotes": 7}', "is no list"),
    ],
)
def test_a_record_that_does_not_fit_is_named(tmp_path, text, said):
    with pytest.raises(UserError, match=said) as caught:
        read_dataset(written(tmp_path, text))
    assert caught.value.fix


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_dataset(tmp_path / "nothing.jsonl")
