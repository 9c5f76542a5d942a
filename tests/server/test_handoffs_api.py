# ruff: noqa: F401, F811 - fixtures are imported
"""`/v1/handoffs`: who may read and work, what two operators at once get, what a repeat does."""

import threading

import httpx
import pytest

from server.inbox_desk import (
    ARTICLES,
    UNKNOWN,
    client_of,
    people,
    session_of,
    sessions,
    support,
    support_address,
    waits,
)

ACTS = ("claim", "release", "reply", "note", "resolve", "return")


@pytest.fixture
def keyed(support, support_address):
    """Makes programs with a role."""
    opened = []

    def make(role):
        secret = support.doorkeeper.new_key(f"{role} program", audiences=("public",), role=role)
        opened.append(httpx.Client(base_url=support_address, headers={"Authorization": f"Bearer {secret}"}))
        return opened[-1]

    yield make
    for client in opened:
        client.close()


def act(client, handoff, what, text="Words", key=""):
    body = {"text": text} if what in ("reply", "note") else None
    return client.post(f"/v1/handoffs/{handoff.id}/{what}", json=body, headers={"Idempotency-Key": key} if key else {})


def test_a_hand_off_goes_from_waiting_to_resolved(support, keyed, waits):
    program, handoff = keyed("operator"), waits(name="Berta")
    [row] = [one for one in program.get("/v1/handoffs").json()["handoffs"] if one["id"] == handoff.id]
    assert (row["state"], row["name"], row["question"], row["rule"]) == ("waiting", "Berta", UNKNOWN, "wants_person")
    claimed = act(program, handoff, "claim")
    assert claimed.status_code == 200 and claimed.json()["state"] == "claimed"
    assert claimed.json()["claimed_by"].startswith("key_")
    replied = act(program, handoff, "reply", "Hello Berta")
    assert (replied.json()["author"], replied.json()["text"]) == ("operator", "Hello Berta")
    assert act(program, handoff, "note", "Nice person").json()["author"] == "note"
    packet = program.get(f"/v1/handoffs/{handoff.id}").json()
    assert packet["handoff"]["state"] == "replied" and packet["name"] == "Berta"
    assert packet["names"] == {claimed.json()["claimed_by"]: "operator program"}
    assert [said["text"] for said in packet["messages"] if said["author"] == "note"] == ["Nice person"]
    assert [step["event"] for step in packet["handoff"]["steps"]] == ["open", "claim", "reply"]
    assert act(program, handoff, "resolve").json()["state"] == "resolved"
    assert handoff.id not in {one["id"] for one in program.get("/v1/handoffs").json()["handoffs"]}
    done = program.get("/v1/handoffs", params={"state": "resolved"}).json()["handoffs"]
    assert handoff.id in {one["id"] for one in done}


def test_the_second_who_claims_is_told_who_was_first(client_of, waits):
    ana, ben, handoff = client_of("Ana"), client_of("Ben"), waits()
    assert act(ana, handoff, "claim").status_code == 200
    assert act(ana, handoff, "claim").status_code == 200
    for what in ("claim", "reply", "resolve", "return", "release"):
        refused = act(ben, handoff, what)
        assert refused.status_code == 409, what
        problem = refused.json()
        assert problem["code"] == "already_claimed" and problem["claimed_by_name"] == "Ana"
        assert problem["detail"] == "Already claimed: Ana has this conversation."
        assert problem["fix"] == "Choose another one, or write a note. Ask a lead to take it over."
    assert act(ben, handoff, "note").status_code == 200


def test_of_many_who_claim_at_once_one_gets_it(keyed, waits):
    handoff, programs = waits(), [keyed("operator") for _ in range(6)]
    came, begin = [], threading.Barrier(len(programs))

    def claim(program):
        begin.wait()
        came.append(act(program, handoff, "claim").status_code)

    threads = [threading.Thread(target=claim, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [200, 409, 409, 409, 409, 409]


def test_a_lead_takes_over_and_an_operator_may_not(client_of, people, waits):
    handoff = waits()
    act(client_of("Ana"), handoff, "claim")
    place, body = f"/v1/handoffs/{handoff.id}/claim", {"take_over": True}
    refused = client_of("Ben").post(place, json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    taken = client_of("Lea").post(place, json=body).json()
    assert taken["claimed_by"] == people["Lea"]
    assert act(client_of("Ana"), handoff, "reply").json()["claimed_by_name"] == "Lea"


def test_an_auditor_reads_and_changes_nothing(client_of, keyed, waits):
    handoff = waits()
    for reader in (client_of("Ada"), keyed("auditor")):
        assert reader.get("/v1/handoffs").status_code == reader.get(f"/v1/handoffs/{handoff.id}").status_code == 200
        for what in ACTS:
            assert act(reader, handoff, what).status_code == 403, what


def test_others_than_the_desk_s_staff_reach_nothing(support_address, client_of, keyed, waits):
    handoff = waits()
    with httpx.Client(base_url=support_address) as anonymous:
        for client, status in ((anonymous, 401), (client_of("Cem"), 403), (keyed("content"), 403)):
            assert client.get("/v1/handoffs").status_code == status
            assert client.get(f"/v1/handoffs/{handoff.id}").status_code == status
            for what in ACTS:
                assert act(client, handoff, what).status_code == status, what


def test_a_change_by_cookie_must_come_from_our_page(support_address, sessions, waits):
    handoff = waits()
    cookies = {"openbook_session": sessions["Ana"]}
    with httpx.Client(base_url=support_address, cookies=cookies, headers={"Origin": "https://evil.example"}) as client:
        refused = act(client, handoff, "claim")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_same_origin")


@pytest.mark.parametrize("what", ["reply", "note"])
def test_a_repeat_with_the_same_key_is_no_second_message(support, client_of, waits, what):
    ana, handoff = client_of("Ana"), waits()
    first, second = (act(ana, handoff, what, "Once only", key="k-1").json() for _ in range(2))
    assert first["id"] == second["id"]
    other = waits()
    assert act(ana, other, what, "Elsewhere", key="k-1").json()["text"] == "Elsewhere"
    said = support.conversation(handoff.conversation_id).messages
    assert sum(message.text == "Once only" for message in said) == 1


def test_a_customer_s_key_never_swallows_a_reply(support, client_of, waits):
    handoff, ana = waits(), client_of("Ana")
    act(ana, handoff, "claim")
    support.ask("My words", conversation_id=handoff.conversation_id, idempotency_key="same")
    assert act(ana, handoff, "reply", "Our words", key="same").json()["text"] == "Our words"


def test_what_is_looked_for_narrows_the_list(client_of, waits):
    handoff, ana = waits("Is the ferret blue?", name="Zenobia"), client_of("Ana")
    for params in (
        {"q": "ferret"},
        {"q": "zenobia"},
        {"q": handoff.id},
        {"state": "waiting", "q": handoff.conversation_id},
    ):
        assert [one["id"] for one in ana.get("/v1/handoffs", params=params).json()["handoffs"]] == [handoff.id]
    assert ana.get("/v1/handoffs", params={"queue": "no such queue"}).json()["handoffs"] == []
    cut = ana.get("/v1/handoffs", params={"limit": 1}).json()
    assert len(cut["handoffs"]) == 1 and cut["more"] and cut["waiting"] >= 1


@pytest.mark.parametrize(
    ("place", "body", "status", "code"),
    [
        ("hnd_none/claim", None, 404, "not_found"),
        ("{id}/reply", {"text": ""}, 400, "bad_request"),
        ("{id}/reply", {"text": "x" * 20_001}, 422, "invalid_request"),
        ("{id}/reply", {"words": "x"}, 422, "invalid_request"),
        ("{id}/reply", None, 422, "invalid_request"),
        ("{id}/claim", {"take_over": "yes"}, 422, "invalid_request"),
        ("{id}/release", None, 400, "bad_request"),
        ("{id}/dance", None, 404, "not_found"),
    ],
)
def test_what_cannot_be_done_is_said(client_of, waits, place, body, status, code):
    refused = client_of("Ana").post(f"/v1/handoffs/{place.format(id=waits().id)}", json=body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["fix"]


@pytest.mark.parametrize("params", [{"state": "asleep"}, {"limit": 0}, {"limit": 501}, {"q": "x" * 201}])
def test_a_list_that_cannot_be_made_is_said(client_of, params):
    assert client_of("Ana").get("/v1/handoffs", params=params).status_code in (400, 422)


def test_the_hand_offs_of_another_tenant_are_absent(support, client_of, waits):
    support.put_document("gift.md", ARTICLES["gift.md"], tenant="other")
    handoff, ana = waits(tenant="other"), client_of("Ana")
    assert ana.get(f"/v1/handoffs/{handoff.id}").status_code == 404
    assert act(ana, handoff, "claim").status_code == 404
    assert ana.get("/v1/handoffs", params={"q": handoff.id}).json()["handoffs"] == []
    assert support.handoff(handoff.id, tenant="other").state == "waiting"
