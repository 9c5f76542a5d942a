"""Several processes and one desk: one holds the folder, the others have it do their work."""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openbook import Desk
from openbook.errors import FolderInUse, NotFound, UserError
from openbook.types import SourceOptions

EXPORTS = Path(__file__).parents[2] / "examples" / "exports"
QUESTION = "How long is a gift card valid?"
DELIVERY = "# Delivery\n\nStandard delivery to Ireland takes five working days.\n"
HOLD = """
import sys
from openbook import Desk
desk = Desk.open(sys.argv[1], purpose="a long task", must_hold=True)
def on_step(name):
    if name == sys.argv[2]:
        print("at", name, flush=True)
        sys.stdin.read()
desk.parts.publisher.on_step = on_step
print("open", flush=True)
sys.stdin.read()
"""
OPEN_IN_TURN = """
import sys
from openbook import Desk
for line in sys.stdin:
    with Desk.open(line.strip()) as desk:
        outcome = desk.put_document(f"{sys.argv[1]}.md", "# Here\\n\\nThis is all.\\n")
        print(outcome.outcome, flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    with Desk.open(tmp_path / "desk") as desk:
        yield desk


@pytest.fixture
def caller(holder):
    with Desk.open(holder.path) as desk:
        assert not desk.holds
        yield desk


def test_every_verb_gives_the_same_from_another_process(holder, caller, articles):
    assert caller.add(articles).count("read") == 1
    assert caller.sync().count("unchanged") == 1
    assert caller.put_document("delivery.md", DELIVERY).outcome == "read"
    [_, document] = caller.documents()
    answer = caller.ask(QUESTION)
    assert holder.receipt(answer.id).answer.citations == answer.citations != ()
    for look in (
        lambda desk: desk.documents(),
        lambda desk: desk.sources(),
        lambda desk: desk.document(document.id),
        lambda desk: desk.versions(document.id),
        lambda desk: desk.version(document.id, 1),
        lambda desk: desk.receipt(answer.id),
        lambda desk: desk.replay(answer.id),
        lambda desk: desk.search(QUESTION).hits,
        lambda desk: desk.doctor(),
        lambda desk: desk.rebuild_index(),
    ):
        assert look(caller) == look(holder)
    assert caller.remove(document.id).documents == (document.id,)
    assert len(holder.documents()) == 1


def test_what_is_decided_about_knowledge_is_the_same_from_another_process(holder, caller, articles, tmp_path):
    told = []
    (articles / "delivery.md").write_text(f"---\nstatus: draft\nupdated_at: 2020-01-01\n---\n{DELIVERY}", "utf-8")
    report = caller.add(articles, EXPORTS, options=SourceOptions(every_minutes=60), progress=told.append)
    assert (report.count("skipped"), bool(told)) == (0, True)
    assert [source.options.every_minutes for source in holder.sources()] == [60, 60]
    delivery = next(item for item in holder.documents() if item.path == "delivery.md")
    approved = caller.approve("delivery.md")
    assert (approved.id, approved.status) == (delivery.id, "approved")
    (articles / "delivery.md").write_text(DELIVERY, "utf-8")
    caller.sync(str(articles))
    assert caller.revert(delivery.id).version == 1
    holder.add(articles, options=SourceOptions(review=True))
    (articles / "delivery.md").write_text(DELIVERY.replace("five", "four"), "utf-8")
    assert caller.sync(str(articles)).count("waiting") == 1
    caller.add(EXPORTS, audience="internal")
    for look in (
        lambda desk: desk.documents(waiting=True),
        lambda desk: desk.stale(),
        lambda desk: desk.tickets(),
        lambda desk: desk.contradictions(),
        lambda desk: desk.sources(),
    ):
        assert look(caller) == look(holder)
    assert [item.document.path for item in caller.stale()] == ["delivery.md"]
    assert [(count.tickets, count.solved, count.confirmed) for count in caller.tickets()] == [(15, 13, 8)]
    assert caller.export_tickets(tmp_path / "cases.jsonl", form="evaluation") == 8
    assert len((tmp_path / "cases.jsonl").read_text("utf-8").splitlines()) == 8
    assert caller.stop() is False
    with pytest.raises(UserError, match="has no older version"):
        caller.revert("gift-cards.md")


def test_a_reading_is_stopped_from_another_process(holder, caller, articles):
    for number in range(40):
        (articles / f"a{number:02}.md").write_text(f"# A{number}\n\nArticle number {number}.\n", "utf-8")
    stopped = []
    report = holder.add(articles, progress=lambda _: stopped.append(caller.stop(str(articles))))
    assert stopped[0] is True
    assert "was stopped" in report.notices[0]
    assert caller.sync().count("skipped") == 0
    assert len(holder.documents()) == 41


def test_every_command_works_beside_an_open_desk(holder, openbook, articles):
    assert openbook("add", articles)["read"] == 1
    assert "24 months" in holder.ask(QUESTION).text
    (articles / "gift-cards.md").write_text("# Gift cards\n\nA gift card is valid for 36 months.\n", "utf-8")
    assert openbook("sync")["read"] == 1
    answer = openbook("ask", QUESTION)
    assert "36 months" in answer["text"]
    assert openbook("receipt", answer["id"], "--replay")["identical"]
    assert openbook("search", QUESTION)["hits"][0]["version"] == 2
    assert openbook("rebuild-index") == {"chunks": 1}
    assert len(openbook("sources")) == len(openbook("documents")) == 1
    assert {check["state"] for check in openbook("doctor")["checks"]} <= {"ok", "warning"}
    assert openbook("remove", "gift-cards.md")["live_versions_left"] == 0
    assert holder.documents() == ()


def test_progress_is_told_over_the_line(caller, articles):
    told = []
    caller.add(articles, progress=told.append)
    assert [(step.done, step.total, step.unit) for step in told] == [(1, 1, "files")]
    told.clear()
    caller.rebuild_index(progress=told.append)
    assert [(step.done, step.total, step.unit) for step in told] == [(1, 1, "documents")]


def test_an_error_over_the_line_keeps_its_class_its_message_and_its_mend(holder, caller):
    for verb, kind in (
        (lambda desk: desk.receipt("ans_none"), NotFound),
        (lambda desk: desk.add("/nowhere/at-all"), UserError),
        (lambda desk: desk.put_document("a.xyz", "?"), UserError),
        (lambda desk: desk.ask("x" * 100_000), UserError),
    ):
        with pytest.raises(kind) as here:
            verb(holder)
        with pytest.raises(kind) as there:
            verb(caller)
        assert type(there.value) is type(here.value)
        assert (there.value.message, there.value.fix) == (here.value.message, here.value.fix)


def test_two_callers_may_ask_at_once(holder, caller, articles):
    holder.add(articles)
    with Desk.open(holder.path) as other, ThreadPoolExecutor(2) as threads:
        asking = [threads.submit(lambda desk: [desk.ask(QUESTION) for _ in range(5)], desk) for desk in (caller, other)]
        answers = [answer for work in asking for answer in work.result()]
    assert len({answer.id for answer in answers}) == 10
    assert {answer.text for answer in answers} == {holder.ask(QUESTION).text}


def test_who_needs_the_desk_for_itself_learns_which_process_has_it(tmp_path, process):
    other = process(HOLD, tmp_path / "desk", "")
    assert other.stdout.readline() == "open\n"
    with pytest.raises(FolderInUse, match=rf"process {other.pid} \(a long task\) holds the folder"):
        Desk.open(tmp_path / "desk", must_hold=True)
    with Desk.open(tmp_path / "desk") as desk, pytest.raises(FolderInUse):
        _ = desk.parts


def test_when_the_holder_is_killed_the_next_call_takes_the_folder_over(tmp_path, process):
    other = process(HOLD, tmp_path / "desk", "")
    assert other.stdout.readline() == "open\n"
    with Desk.open(tmp_path / "desk") as desk:
        assert desk.put_document("delivery.md", DELIVERY).outcome == "read"
        assert not desk.holds
        other.kill()
        other.wait()
        assert [document.path for document in desk.documents()] == ["delivery.md"]
        assert desk.holds
        assert desk.doctor().ok


@pytest.mark.parametrize(("step", "versions"), [("flip", ["live", "abandoned"]), ("done", ["live"])])
def test_a_call_whose_holder_is_killed_in_the_middle_is_done_by_the_next(tmp_path, process, step, versions):
    other = process(HOLD, tmp_path / "desk", step)
    assert other.stdout.readline() == "open\n"
    with Desk.open(tmp_path / "desk") as desk, ThreadPoolExecutor(1) as thread:
        putting = thread.submit(desk.put_document, "delivery.md", DELIVERY)
        assert other.stdout.readline() == f"at {step}\n"
        other.kill()
        assert putting.result(timeout=60).outcome == ("read" if step == "flip" else "unchanged")
        [document] = desk.documents()
        assert [version.state for version in desk.versions(document.id)] == versions
        assert desk.doctor().ok


@pytest.mark.parametrize("erase", [False, True])
def test_a_removal_whose_holder_is_killed_in_the_middle_is_finished_by_the_next(tmp_path, process, erase):
    with Desk.open(tmp_path / "desk") as desk:
        desk.put_document("delivery.md", DELIVERY)
        [document] = desk.documents()
    other = process(HOLD, tmp_path / "desk", "settle")
    assert other.stdout.readline() == "open\n"
    with Desk.open(tmp_path / "desk") as desk, ThreadPoolExecutor(1) as thread:
        removing = thread.submit(desk.remove, "delivery.md", erase=erase)
        assert other.stdout.readline() == "at settle\n"
        other.kill()
        failure = removing.exception(timeout=60)
        assert failure is None if erase else isinstance(failure, NotFound)  # nothing is left that could be removed
        assert desk.documents() == ()
        [version] = desk.versions(document.id)
        assert (version.state, version.source_text is None) == ("withdrawn", erase)
        assert desk.doctor().ok


def test_a_holder_that_closes_leaves_its_callers_to_each_other(holder, caller, articles):
    with Desk.open(holder.path) as other:
        holder.close()
        assert caller.add(articles).count("read") == 1
        assert caller.holds
        assert len(other.documents()) == 1
        assert not other.holds


def test_a_socket_that_nobody_listens_at_is_replaced(tmp_path):
    data = tmp_path / "desk" / "data"
    data.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(data / "s"))
    (data / "s").rename(data / "openbook.sock")
    with Desk.open(tmp_path / "desk") as holder, Desk.open(tmp_path / "desk") as caller:
        assert holder.holds
        assert caller.documents() == ()
        assert not caller.holds


def test_a_folder_with_a_path_too_long_for_a_socket_is_shared_all_the_same(tmp_path):
    folder = tmp_path / ("a-very-long-name-" * 8) / "desk"
    with Desk.open(folder) as holder, Desk.open(folder) as caller:
        assert caller.put_document("delivery.md", DELIVERY).outcome == "read"
        assert [document.path for document in holder.documents()] == ["delivery.md"]
        assert not caller.holds


def test_two_processes_may_open_a_fresh_folder_at_the_same_moment(tmp_path, process):
    both = [process(OPEN_IN_TURN, name) for name in ("one", "two")]
    for turn in range(8):
        for other in both:
            print(tmp_path / f"desk-{turn}", file=other.stdin, flush=True)
        assert [other.stdout.readline() for other in both] == ["read\n"] * 2
        for other in both:
            print(file=other.stdin, flush=True)
    for turn in range(7):
        with Desk.open(tmp_path / f"desk-{turn}") as desk:
            assert [document.path for document in desk.documents()] == ["one.md", "two.md"]
            assert desk.doctor().ok
