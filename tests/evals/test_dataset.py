import pytest

from openbook.errors import UserError
from openbook.evals import Case, read_dataset
from openbook.evals.dataset import history_of
from openbook.types import TicketMessage


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
        ('{"id": "1", "question": "a", "documents": [{}]}', "documents holds something else"),
        ('{"id": "1", "question": "a", "audience": ["staff"]}', "audience is no text"),
    ],
)
def test_a_record_that_does_not_fit_is_named(tmp_path, text, said):
    with pytest.raises(UserError, match=said) as caught:
        read_dataset(written(tmp_path, text))
    assert caught.value.fix


def test_a_line_separator_within_a_question_ends_no_record(tmp_path):
    [case] = read_dataset(written(tmp_path, '{"id": "1", "question": "How\u2028long?"}\r\n'))
    assert case.question == "How\u2028long?"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_dataset(tmp_path / "nothing.jsonl")


def test_a_history_of_words_or_objects_becomes_messages():
    case = Case("1", "And how much?", history=("A studio?", {"from": "bot", "text": "There are two."}))
    assert history_of(case) == (TicketMessage("customer", "A studio?"), TicketMessage("bot", "There are two."))


@pytest.mark.parametrize("entry", [7, None, {"text": "a"}, {"from": "nobody", "text": "a"}, {"from": "bot", "text": 7}])
def test_a_history_of_anything_else_is_refused_by_the_case_s_name(entry):
    with pytest.raises(UserError, match=r"The history of 'case-7'"):
        history_of(Case("case-7", "And how much?", history=(entry,)))


@pytest.mark.parametrize(
    ("line", "said"), [('{"question": "\\ud83d?"}', "half a character"), ("[" * 100_000, "is no JSON")]
)
def test_what_json_cannot_carry_is_said_with_its_line(tmp_path, line, said):
    path = tmp_path / "set.jsonl"
    path.write_text(f'{{"question": "ok"}}\n{line}\n', "utf-8")
    with pytest.raises(UserError, match=f"line 2 .*{said}|line 2 {said}"):
        read_dataset(path)
