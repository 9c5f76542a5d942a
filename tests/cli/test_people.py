"""`openbook people`, `openbook keys` and `openbook audit`: what they do and what they print."""

import pytest


@pytest.fixture
def team(called):
    """A desk that is made already."""
    called("init")
    return called


def test_somebody_is_added_invited_changed_and_let_go(team, data):
    assert "Nobody is here yet" in team("people", "list")
    person = data("people", "add", "Ann@x.example", "--name", "Ann [bold]Lee", "--role", "lead")
    assert (person["email"], person["role"], person["has_password"]) == ("ann@x.example", "lead", False)
    listed = team("people", "list")
    assert "Ann [bold]Lee" in listed and "no password yet" in listed
    invitation = data("people", "invite", "ann@x.example")
    assert invitation["path"].endswith(invitation["token"])
    said = team("people", "invite", "ann@x.example", "--address", "https://help.x.example/")
    assert said.startswith("https://help.x.example/owner/invitation/")
    assert "127.0.0.1:8080" in team("people", "invite", person["id"])
    assert "invited until" in team("people", "list")
    assert data("people", "role", "ann@x.example", "auditor")["role"] == "auditor"
    assert "deactivated" in team("people", "deactivate", "ann@x.example")
    assert data("people", "activate", "ann@x.example")["active"] is True


def test_a_key_is_made_listed_and_revoked(team, data):
    assert "There are no keys" in team("keys", "list")
    made = data("keys", "add", "website", "--role", "operator", "--audience", "public", "--audience", "a,b")
    assert made["secret"].startswith("ob_") and made["key"]["audiences"] == ["public", "a", "b"]
    assert made["key"]["role"] == "operator"
    listed = team("keys", "list")
    assert "website" in listed and made["secret"] not in listed
    assert team("keys", "add", "other").startswith("ob_")
    assert data("keys", "revoke", "website")["revoked_at"] is not None
    assert [key["revoked_at"] is None for key in data("keys", "list")] == [True, False]


def test_the_audit_log_says_what_was_done_on_the_command_line(team, data):
    assert "No entry is like that" in team("audit")
    for number in range(3):
        team("people", "add", f"p{number}@x.example")
    team("keys", "add", "website")
    entries = data("audit", "--limit", "2")
    assert [entry["action"] for entry in entries] == ["keys.added", "people.added"]
    assert {entry["role"] for entry in entries} == {"console"}
    assert len(data("audit", "--before", entries[-1]["id"])) == 2
    assert [entry["action"] for entry in data("audit", "--action", "keys")] == ["keys.added"]
    assert data("audit", "--person", "per_nobody") == []
    listed = team("audit")
    assert "people.added" in listed and "role=operator" in listed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("people", "add", "no address"), "is no e-mail address"),
        (("people", "add", "ann@x.example", "--role", "agent"), "There is no role 'agent'"),
        (("people", "invite", "nobody@x.example"), "There is nobody called"),
        (("keys", "add", "site", "--role", "owner"), "There is no role 'owner'"),
        (("keys", "revoke", "site"), "There is no key 'site'"),
        (("audit", "--limit", "0"), "0 entries cannot be asked for"),
    ],
)
def test_a_mistake_is_told_with_its_mend(team, words, said):
    told = team(*words, status=2)
    assert said in told and "Fix:" in told


def test_the_last_owner_stays(team):
    team("people", "add", "ann@x.example", "--role", "owner")
    assert "is the last owner and cannot be deactivated" in team("people", "deactivate", "ann@x.example", status=2)
