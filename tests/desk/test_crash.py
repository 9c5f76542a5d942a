import importlib.util
import sys
from pathlib import Path

import pytest

from openbook import Desk

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
STRUCK = ("moment", "index", "flip", "retire", "settle", "opening")


@pytest.fixture
def crash(monkeypatch):
    """The module of `benchmarks/crash.py`, so that both hold a desk to the same promises."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location("crash", BENCHMARKS / "crash.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "crash", module)
    spec.loader.exec_module(module)
    return module


def test_a_desk_keeps_every_promise_through_kills_of_its_process(crash, tmp_path):
    tally = crash.run(tmp_path / "desk", [crash.Kill(mode, seed) for seed, mode in enumerate(STRUCK)])
    assert tally.violations == []
    assert dict(tally.kills) == dict.fromkeys(STRUCK, 1)


def test_the_plan_strikes_half_of_the_time_at_a_step_and_every_step_alike(crash):
    modes = [kill.mode for kill in crash.planned(240)]
    assert [modes.count(step) for step in crash.STEPS] == [20] * 6
    assert modes.count("moment") == 96
    assert modes.count("opening") == 24


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"verb": "put", "path": "shop-1.md", "number": 8, "done": True}, "number 7 is live, not one of [8]"),
        ({"verb": "remove", "path": "shop-3.md", "number": 0, "done": True}, "number 9 is live, not one of [0]"),
        ({"verb": "put", "path": "shop-2.md", "number": 5, "done": True}, "number 0 is live, not one of [5]"),
        ({"verb": "ask", "id": "ans_none", "text": "Yes.", "done": True}, "answer ans_none"),
    ],
)
def test_the_checks_notice_a_promise_that_was_not_kept(crash, shops, said, fault):
    ledger = crash.Ledger()
    for path, number in (("shop-1.md", 7), ("shop-3.md", 9)):
        ledger.hear({"verb": "put", "path": path, "number": number, "done": True})
    assert crash.faults(shops, ledger) == []
    ledger.hear(said)
    assert [fault in found for found in crash.faults(shops, ledger)] == [True]


def test_the_checks_allow_what_was_begun_and_not_acknowledged(crash, shops):
    ledger = crash.Ledger()
    for path, number, done in (("shop-1.md", 6, True), ("shop-1.md", 7, False), ("shop-3.md", 9, False)):
        ledger.hear({"verb": "put", "path": path, "number": number, "done": done})
    assert crash.faults(shops, ledger) == []


def test_the_checks_notice_chunks_that_left_the_index(crash, shops):
    ledger = crash.Ledger()
    for path, number in (("shop-1.md", 7), ("shop-3.md", 9)):
        ledger.hear({"verb": "put", "path": path, "number": number, "done": True})
    shops.parts.index.delete("main", [min(shops.parts.index.ids("main"))])
    assert any("chunks in the index" in fault for fault in crash.faults(shops, ledger))


@pytest.fixture
def shops(crash, tmp_path):
    """A desk with two of the four shops."""
    with Desk.open(tmp_path / "shops") as desk:
        desk.put_document("shop-1.md", crash.text_of("shop-1.md", 7))
        desk.put_document("shop-3.md", crash.text_of("shop-3.md", 9))
        yield desk
