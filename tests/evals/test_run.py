"""A run in a file: gone on from where it was cut off, and never mixed with another."""

import pytest

from evals.rehearsals import labels, rehearsal
from openbook.errors import UserError
from openbook.evals.evaluate import outcomes
from openbook.evals.run import Entry, RunHead, dataset_hash, interrupted, is_run, read_run, written

CASES = tuple(labels(6, answerable=lambda place: place != 3))


def head_of(cases=CASES, *, state="s"):
    return RunHead(dataset_hash(cases), len(cases), state, "1.0")


def run(path, *, cases=CASES):
    """Runs as `evaluate --run` does; returns every entry and the questions that were asked."""
    asked = []

    def rehearse(case):
        asked.append(case.id)
        return rehearsal(case, 0.2 * int(case.id[1:]))

    head = head_of(cases)
    known = interrupted(path, head)
    done = {entry.case.id: entry.outcome for entry in known}
    fresh = map(Entry, cases, outcomes(cases, rehearse=rehearse, known=done))
    return list(written(path, head, known, fresh)), asked


@pytest.mark.parametrize("cut", [0.95, 0.5, 0.3])
def test_a_run_that_was_cut_off_in_a_line_goes_on_and_ends_the_same(tmp_path, cut):
    path = tmp_path / "run.jsonl"
    whole, asked = run(path)
    assert asked == [case.id for case in CASES]
    full = path.read_bytes()
    path.write_bytes(full[: int(cut * len(full))])
    kept = [entry.case.id for entry in read_run(path)[1]]
    again, asked = run(path)
    assert asked == [case.id for case in CASES][len(kept) :]
    assert asked
    assert again == whole
    assert path.read_bytes() == full
    assert run(path)[1] == []


def test_a_run_may_be_cut_off_within_a_letter(tmp_path):
    path = tmp_path / "run.jsonl"
    cases = [CASES[0], labels(1, intent="Rücksendung")[0]]
    run(path, cases=[CASES[0]])
    run(path.with_name("other"), cases=cases[1:])
    line = path.with_name("other").read_bytes().splitlines()[1]
    with path.open("ab") as file:
        file.write(line[: line.index("ü".encode()) + 1])
    assert len(read_run(path)[1]) == 1


def test_a_line_separator_in_a_question_cuts_no_entry_in_two(tmp_path):
    path = tmp_path / "run.jsonl"
    cases = labels(2, answer="one\u2028two\x85three")
    whole, _ = run(path, cases=cases)
    assert list(read_run(path)[1]) == whole


@pytest.mark.parametrize("head", [head_of(CASES[1:]), head_of(state="knowledge that changed")])
def test_a_run_of_something_else_is_not_gone_on_from(tmp_path, head):
    path = tmp_path / "run.jsonl"
    run(path)
    with pytest.raises(UserError, match="of other questions, or of knowledge or settings that changed") as caught:
        interrupted(path, head)
    assert "remove this one" in caught.value.fix


@pytest.mark.parametrize("place", ["none/run.jsonl", "file/run.jsonl", f"{'long' * 100}.jsonl", "."])
def test_a_file_that_cannot_be_written_is_said_before_anything_is_asked(tmp_path, place):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UserError, match=r"cannot be (written|read)"):
        run(tmp_path / place)
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("text", ["", "{}", '{"id": "1", "question": "What is an openbook run?"}', "\xff"])
def test_what_is_no_run_is_not_taken_for_one(tmp_path, text):
    path = tmp_path / "set.jsonl"
    path.write_text(text, "latin-1")
    assert not is_run(path)
    with pytest.raises(UserError, match="is no run of an evaluation"):
        read_run(path)


def test_what_is_no_file_is_no_run(tmp_path):
    assert not is_run(tmp_path)
    with pytest.raises(UserError, match="cannot be read"):
        read_run(tmp_path / "none")
