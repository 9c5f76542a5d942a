"""Many threads of one process that open one fresh folder, or close it, at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from openbook import Desk
from openbook.models import HashEmbedder

NAMES = ("one", "two", "three")


@pytest.mark.parametrize("attempt", range(5))
def test_threads_that_open_a_fresh_folder_at_once_share_it(tmp_path, attempt):
    together, done = threading.Barrier(len(NAMES)), threading.Barrier(len(NAMES))

    def work(name):
        together.wait(30)
        with Desk.open(tmp_path / "desk", embedder=HashEmbedder()) as desk:
            outcome = desk.put_document(f"{name}.md", f"# {name}\n\nThis is all.\n")
            done.wait(30)
            return desk.holds, outcome.outcome

    with ThreadPoolExecutor(len(NAMES)) as threads:
        outcomes = list(threads.map(work, NAMES))
    assert [outcome for _, outcome in outcomes] == ["read"] * len(NAMES)
    assert sum(holds for holds, _ in outcomes) == 1
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder(), must_hold=True) as desk:
        assert [document.path for document in desk.documents()] == ["one.md", "three.md", "two.md"]
        assert desk.doctor().ok


def test_whoever_closes_first_leaves_the_rest_a_desk_that_works(tmp_path):
    together = threading.Barrier(len(NAMES))

    def work(name):
        together.wait(30)
        for number in range(4):
            with Desk.open(tmp_path / "desk", embedder=HashEmbedder()) as desk:
                desk.put_document(f"{name}.md", f"# {name}\n\nThis is edition {number}.\n")

    with ThreadPoolExecutor(len(NAMES)) as threads:
        list(threads.map(work, NAMES))
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder()) as desk:
        assert {hit.text.split("\n")[-1] for hit in desk.search("edition").hits} == {"This is edition 3."}
        assert {document.version for document in desk.documents()} == {4}
        assert desk.doctor().ok


def test_one_desk_may_be_closed_while_others_work_with_it(tmp_path):
    """A call that comes too late is refused, and whatever was acknowledged is there."""
    desk = Desk.open(tmp_path / "desk", embedder=HashEmbedder())
    begun = threading.Event()
    acknowledged = []

    def work():
        for number in range(1000):
            try:
                desk.put_document("fees.md", f"The fee is {number} crowns.")
            except Exception as refusal:
                return refusal
            acknowledged.append(number)
            begun.set()
        return None

    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(work)
        assert begun.wait(30)
        desk.close()
        refusal = working.result()
    assert "closed" in str(refusal)
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder(), must_hold=True) as again:
        [hit] = again.search("What is the fee?").hits
        assert hit.text in {f"The fee is {number} crowns." for number in (acknowledged[-1], acknowledged[-1] + 1)}
        assert again.doctor().ok
