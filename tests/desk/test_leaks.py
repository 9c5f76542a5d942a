"""Nobody learns of what they may not see: a small run of `benchmarks/leaks.py`, at every door."""

import importlib.util
import sys
from pathlib import Path

import pytest

from openbook.models import HashEmbedder

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
STEP = 9
HISTORY = "/versions"


@pytest.fixture(scope="module")
def leaks():
    """The module of `benchmarks/leaks.py`, so that both hold a desk to the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        patch.setenv("COLUMNS", "200")
        spec = importlib.util.spec_from_file_location("leaks", BENCHMARKS / "leaks.py")
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, "leaks", module)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def attempts(leaks, tmp_path_factory):
    """What somebody unknown and the holder of a key were told."""
    callers = [leaks.CALLERS[0], leaks.CALLERS[3]]
    folder = tmp_path_factory.mktemp("leaks")
    tally = leaks.run(folder, each=1, callers=callers, embedder=HashEmbedder(), step=STEP)
    return tally.attempts


def test_nobody_is_told_anything_of_what_they_may_not_see(attempts):
    told = [attempt for attempt in attempts if attempt.traces and attempt.form != "a document by its id"]
    assert told == []
    assert len(attempts) > 300


def test_answers_and_hits_are_the_same_without_the_documents_that_are_for_others(leaks, attempts):
    asked = [attempt for attempt in attempts if attempt.caller != "anonymous" and attempt.door in leaks.ASKING]
    assert {attempt.door for attempt in asked} == set(leaks.ASKING)
    assert [attempt for attempt in asked if attempt.difference == "differs"] == []


def test_a_document_that_is_for_others_is_as_absent(attempts):
    by_id = [attempt for attempt in attempts if attempt.form in ("a document by its id", "a change by id")]
    assert len(by_id) > 50
    assert [attempt for attempt in by_id if _is_telling(attempt) and HISTORY not in attempt.door] == []


def test_the_history_of_a_document_that_is_for_others_now_is_as_absent(attempts):
    assert [attempt for attempt in attempts if _is_telling(attempt) and HISTORY in attempt.door] == []


def _is_telling(attempt):
    return attempt.traces or attempt.difference == "differs"


def test_a_trace_is_noticed_unless_the_caller_wrote_it_itself(leaks):
    forbidden = ["zyxabedo", "zq-1176-873", "482113"]
    told = leaks.traces_in("<b>Zyxabedo</b>: ZQ-1176-873, 482113 crowns", forbidden, written="What is zq-1176-873?")
    assert told == ("zyxabedo", "482113")
    assert leaks.traces_in("score 0.482113, 14821139", forbidden, written="") == ()


def test_a_difference_is_noticed_where_it_is_more_than_ids_and_times(leaks):
    one, other = f"doc_{'a' * 26}", f"doc_{'b' * 26}"
    said = '{"id": "%s", "generation": %d, "timings_ms": {"find": %s}, "score": %s}'
    names = {one: "help/a.md", other: "help/a.md"}
    assert leaks.difference(said % (one, 3, "1.5", "0.25"), said % (other, 3, "1.7", "0.25"), names) == ""
    assert leaks.difference(said % (one, 3, "1.5", "0.25"), said % (other, 4, "1.5", "0.25"), names) == "generation"
    assert leaks.difference(said % (one, 3, "1.5", "0.25"), said % (one, 3, "1.5", "0.26"), names) == "differs"
    assert leaks.difference(said % (one, 3, "1.5", "0.25"), said % (other, 3, "1.5", "0.25"), {}) == ""
