"""`openbook stats` and `openbook handoffs`: what they print, and what they refuse."""

import pytest

from openbook.types.stats import OUTCOMES


@pytest.fixture
def asked(called):
    """A desk on which one question was handed over."""
    called("add", "articles")
    called("ask", "Can I talk to a human being, please?")
    return called


def test_stats_shows_outcomes_and_times_with_their_meaning_and_no_share_of_few(asked, data):
    said = asked("stats")
    assert "1 conversation began from" in said
    assert "1 of them are less than 24 hours old; they are in no share." in said
    assert "Only assumed 0 too few to say" in said
    assert "1 hand-offs, 0 times one came back, 0 alarms; 1 wait now" in said
    assert "Never added to what was confirmed." not in said
    assert "Never added to what was confirmed." in asked("stats", "--meaning")
    found = data("stats", "--days", "7")
    assert (found["total"]["conversations"], found["total"]["young"], len(found["by_day"])) == (1, 1, 7)
    assert set(OUTCOMES) <= set(found["rates"]) & set(found["meaning"])
    assert "Ask for other days" in asked("stats", "--since", "2020-01-01", "--until", "2020-01-31")
    assert "`since` is 'yesterday', which is no day." in asked("stats", "--since", "yesterday", status=2)


def test_handoffs_lists_those_that_are_open_and_shows_one(asked, data):
    [found] = data("handoffs")
    said = asked("handoffs")
    assert "waiting" in said and found["id"] in said
    assert data("handoffs", "--state", "resolved,expired") == []
    assert "nobody waits like that" in asked("handoffs", "--state", "resolved")
    shown = asked("handoffs", "show", found["id"])
    assert "Question: Can I talk to a human being, please?" in shown and "Why:" in shown
    assert data("handoffs", "show", found["id"])["handoff"]["id"] == found["id"]
    assert "There is no state 'lost' of a hand-off." in asked("handoffs", "--state", "lost", status=2)
    assert "There is no hand-off 'hnd_none'." in asked("handoffs", "show", "hnd_none", status=2)
