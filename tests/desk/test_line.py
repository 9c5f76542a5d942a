"""The private line by itself: what is said over it, who hangs up, and what a bad caller gets."""

import json
import socket
import stat
import threading

import pytest

from openbook.desk.line import LineBroken, LineServer, call
from openbook.errors import NotFound, SystemFault
from openbook.types import Progress, ProgressListener


def double(number: int) -> int:
    """A verb that works."""
    return 2 * number


def fail(kind: str) -> int:
    """A verb that fails in the way it is told."""
    raise {"ours": NotFound("Nothing there.", fix="Look elsewhere."), "disk": OSError(28, "No space")}.get(
        kind, ZeroDivisionError("division by zero")
    )


def climb(steps: int, progress: ProgressListener) -> int:
    """A verb that tells how far it is."""
    for step in range(1, steps + 1):
        progress(Progress(step, steps, "steps"))
    return steps


VERBS = {verb.__name__: verb for verb in (double, fail, climb)}


def do(verb, arguments):
    return verb(**arguments)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "line.sock"


@pytest.fixture
def server(path):
    opened = LineServer(path, VERBS, do)
    yield opened
    opened.close()


def said(path, line):
    """The answer to a line of bytes that no desk would send."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(30)
        caller.connect(str(path))
        caller.sendall(line)
        with caller.makefile("rb") as stream:
            return json.loads(stream.readline())


@pytest.mark.usefixtures("server")
def test_a_call_returns_what_the_verb_returned(path):
    assert call(path, double, {"number": 21}) == 42


@pytest.mark.usefixtures("server")
def test_only_the_owner_may_use_the_line(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.usefixtures("server")
def test_our_errors_come_back_as_they_are(path):
    with pytest.raises(NotFound) as caught:
        call(path, fail, {"kind": "ours"})
    assert (caught.value.message, caught.value.fix) == ("Nothing there.", "Look elsewhere.")


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(("kind", "words"), [("disk", "OSError: .*No space"), ("sums", "ZeroDivisionError")])
def test_other_errors_come_back_as_a_fault_and_are_not_tried_again(path, kind, words):
    with pytest.raises(SystemFault, match=words):
        call(path, fail, {"kind": kind})


@pytest.mark.usefixtures("server")
def test_progress_is_told_on_the_way(path):
    told = []
    assert call(path, climb, {"steps": 3, "progress": told.append}) == 3
    assert [step.done for step in told] == [1, 2, 3]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    "line", [b"not json\n", b"[]\n", b"{}\n", b"\xff\xfe\n", b'{"verb": "rm", "arguments": {}}\n', b'{"verb": []}\n']
)
def test_a_bad_line_gets_an_error_and_the_next_caller_an_answer(path, line):
    assert said(path, line)["error"]["kind"] == "SystemFault"
    assert call(path, double, {"number": 1}) == 2


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("arguments", [{"number": "many"}, {}, {"number": 1, "colour": "red"}])
def test_arguments_that_do_not_fit_are_an_error(path, arguments):
    with pytest.raises(SystemFault):
        call(path, double, arguments)


@pytest.mark.usefixtures("server")
def test_a_caller_that_hangs_up_harms_nobody(path):
    for line in (b"", b'{"verb": "climb"', b'{"verb": "climb", "arguments": {"steps": 5000}}\n'):
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(path))
            caller.sendall(line)
    assert call(path, double, {"number": 1}) == 2


def test_where_nobody_listens_the_line_is_broken(path, server):
    with pytest.raises(LineBroken):
        call(path.with_name("nobody.sock"), double, {"number": 1})
    server.close()
    with pytest.raises(LineBroken):
        call(path, double, {"number": 1})
    assert not path.exists()


def test_closing_waits_for_the_call_that_is_being_done(path):
    begun, go_on, closed = threading.Event(), threading.Event(), threading.Event()
    answers = []

    def slowly(verb, arguments):
        begun.set()
        assert go_on.wait(30)
        assert not closed.is_set()
        return verb(**arguments)

    def close():
        server.close()
        closed.set()

    server = LineServer(path, VERBS, slowly)
    threads = [threading.Thread(target=lambda: answers.append(call(path, double, {"number": 4})))]
    threads[0].start()
    assert begun.wait(30)
    threads.append(threading.Thread(target=close))
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join()
    assert answers == [8]


def test_a_call_that_fails_because_of_the_closing_is_left_to_the_next_holder(path):
    begun, go_on = threading.Event(), threading.Event()
    broken = []

    def too_slowly(verb, arguments):
        begun.set()
        assert go_on.wait(30)
        raise SystemFault("The desk is closed.", fix="Open it again.")

    def ask():
        try:
            call(path, double, {"number": 4})
        except LineBroken as error:
            broken.append(error)

    server = LineServer(path, VERBS, too_slowly, last_calls_seconds=0.1)
    thread = threading.Thread(target=ask)
    thread.start()
    assert begun.wait(30)
    server.close()
    go_on.set()
    thread.join()
    assert len(broken) == 1


def test_a_closed_line_leaves_no_thread_behind(path):
    before = set(threading.enumerate())  # other tests keep desks open, whose lines live on
    for _ in range(5):
        LineServer(path, VERBS, do).close()
    mine = [thread for thread in threading.enumerate() if thread.name == "openbook-line" and thread not in before]
    for thread in mine:
        thread.join(20)
    assert not any(thread.is_alive() for thread in mine)


def test_a_path_of_any_length_can_be_called(tmp_path):
    folder = tmp_path / ("long" * 60) / ("longer" * 30)
    folder.mkdir(parents=True)
    server = LineServer(folder / "line.sock", VERBS, do)
    assert call(folder / "line.sock", double, {"number": 3}) == 6
    assert stat.S_IMODE((folder / "line.sock").stat().st_mode) == 0o600
    server.close()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("failure", [ZeroDivisionError, BrokenPipeError, ValueError])
def test_what_a_listener_raises_ends_the_call_and_is_no_fault_of_the_line(path, server, failure):
    def stop(_):
        raise failure

    with pytest.raises(failure):
        call(path, climb, {"steps": 200, "progress": stop})
    assert call(path, double, {"number": 1}) == 2
