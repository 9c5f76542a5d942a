"""Budgets: what a key may do in an hour, and whose address a request has."""

import pytest
from starlette.requests import Request

from openbook.server.budget import Budget, network_address, spend_all

HOUR = 3_600


@pytest.fixture
def clock():
    class Clock:
        now = 1_000.0

        def __call__(self):
            return self.now

    return Clock()


def test_a_budget_is_spent_and_comes_back_within_the_hour_after(clock):
    budget = Budget(2, clock=clock)
    budget.spend("a")
    clock.now += 1_800
    budget.spend("a")
    wait = budget.wait_seconds("a")
    assert HOUR - 1_800 <= wait <= HOUR - 1_800 + 300
    assert budget.wait_seconds("b") == 0
    clock.now += wait - 1
    assert budget.wait_seconds("a") == 1
    clock.now += 1
    assert budget.wait_seconds("a") == 0
    budget.spend("a")
    assert budget.wait_seconds("a") > 0


def test_no_hour_has_more_than_the_limit(clock):
    budget, spent = Budget(5, clock=clock), []
    for _ in range(600):
        clock.now += 37
        if not budget.wait_seconds("a"):
            budget.spend("a")
            spent.append(clock.now)
    assert max(sum(start <= moment < start + HOUR for moment in spent) for start in spent) == 5
    assert len(spent) > 5 * 5


def test_the_memory_of_a_budget_is_bounded_and_the_oldest_key_goes(clock):
    budget = Budget(1, most_keys=3, clock=clock)
    for key in "abcd":
        budget.spend(key)
    assert len(budget) == 3
    assert [budget.wait_seconds(key) > 0 for key in "abcd"] == [False, True, True, True]


def test_nothing_is_spent_where_one_of_two_budgets_is_empty(clock):
    first, second = Budget(1, clock=clock), Budget(1, clock=clock)
    second.spend("b")
    assert spend_all([(first, "a"), (second, "b")]) > 0
    assert first.wait_seconds("a") == 0
    assert spend_all([(first, "a")]) == 0


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, nonsense", "127.0.0.1"),
        ("203.0.113.1", "203.0.113.9", "203.0.113.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.1", "", "203.0.113.1"),
        ("", "203.0.113.9", "203.0.113.9"),
        ("a socket", "203.0.113.9", ""),
    ],
)
def test_a_forwarded_address_counts_only_where_a_proxy_on_this_machine_tells_it(peer, told, address):
    headers = [(b"x-forwarded-for", told.encode())] if told else []
    scope = {"type": "http", "headers": headers, "client": (peer, 1) if peer else None}
    assert network_address(Request(scope)) == address
