"""One verb, three doors: Python, the command line and HTTP give the same answer."""

import json
import subprocess
import sys

QUESTION = "How long do I have to return an item?"


def without_what_may_differ(answer):
    kept = {name: value for name, value in answer.items() if name not in ("id", "conversation_id", "timings_ms")}
    if kept["handoff"]:
        kept["handoff"] = {name: kept["handoff"][name] for name in ("state", "reason")}
    return kept


def test_the_three_doors_give_the_same_answer(desk, anonymous):
    here = json.loads(json.dumps(desk.ask(QUESTION).to_dict()))
    command = [sys.executable, "-m", "openbook", "ask", QUESTION, "--json", "--desk", str(desk.path)]
    there = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
    over_http = anonymous.post("/v1/ask", json={"question": QUESTION}).json()
    assert without_what_may_differ(there) == without_what_may_differ(here)
    assert without_what_may_differ(over_http) == without_what_may_differ(here)


def test_the_three_doors_find_the_same_hits(desk, anonymous):
    here = json.loads(json.dumps(desk.search(QUESTION).to_dict()))["hits"]
    command = [sys.executable, "-m", "openbook", "search", QUESTION, "--audience", "public", "--json"]
    done = subprocess.run([*command, "--desk", str(desk.path)], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout)["hits"] == here
    assert anonymous.post("/v1/search", json={"query": QUESTION}).json()["hits"] == here
