"""The audit log: in order, without gaps, together with what it is about, and without what must not be in it."""

import pytest

from openbook.stores import access, audit, people
from openbook.stores.access import Caller
from openbook.stores.schema import audit as table

BOSS = Caller(person_id="per_boss", role="owner")


def note(database, *said, tenant="main", **detail):
    return database.write(lambda connection: audit.note(connection, tenant, *said, **detail))


def entries(database, *, tenant="main", limit=100, **options):
    with database.read() as connection:
        return audit.list_entries(connection, tenant, limit=limit, **options)


def test_entries_come_newest_first_and_are_numbered_without_gaps(database):
    for number in range(12):
        note(database, BOSS, "", "people.added", f"per_{number}", role="operator")
    found = entries(database)
    assert [entry.object for entry in found] == [f"per_{number}" for number in reversed(range(12))]
    assert [entry.id for entry in found] == [f"aud_{number:012d}" for number in range(12, 0, -1)]
    assert (found[0].person_id, found[0].role, found[0].detail) == ("per_boss", "owner", {"role": "operator"})


def test_a_page_goes_on_where_the_one_before_it_ended(database):
    for number in range(5):
        note(database, BOSS, "", "people.added", str(number))
    first = entries(database, limit=2)
    second = entries(database, limit=2, before=first[-1].id)
    assert [entry.object for entry in (*first, *second)] == ["4", "3", "2", "1"]


def test_an_entry_lives_and_dies_with_the_change_it_is_about(database):
    def fail(connection):
        audit.note(connection, "main", BOSS, "", "people.added", "per_1")
        raise RuntimeError("the change did not work")

    with pytest.raises(RuntimeError):
        database.write(fail)
    note(database, BOSS, "", "people.added", "per_2")
    assert [(entry.id, entry.object) for entry in entries(database)] == [("aud_000000000001", "per_2")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"person_id": "key_1"}, ["b"]),
        ({"action": "inbox.claimed"}, ["c"]),
        ({"action": "inbox"}, ["d", "c"]),
        ({"action": "inb"}, []),
        ({"action": "%"}, []),
        ({"person_id": "per_boss", "action": "inbox"}, ["c"]),
    ],
)
def test_entries_are_narrowed_by_person_action_and_area(database, options, expected):
    note(database, BOSS, "", "people.added", "a")
    note(database, "key_1", "content", "articles.removed", "b")
    note(database, BOSS, "", "inbox.claimed", "c")
    note(database, "per_2", "operator", "inbox.replied", "d")
    assert [entry.object for entry in entries(database, **options)] == expected


def test_another_tenant_sees_nothing_and_counts_for_itself(database):
    note(database, BOSS, "", "people.added", "a")
    assert note(database, BOSS, "", "people.added", "b", tenant="other") == "aud_000000000001"
    assert [entry.object for entry in entries(database)] == ["a"]
    with database.read() as connection:
        assert audit.list_actions(connection, "nobody") == []


def test_who_did_it_is_called_as_today_and_in_the_role_of_then(database):
    person = database.write(
        lambda connection: people.add_person(connection, "main", email="ann@x.example", name="", role="operator")
    )
    key = database.write(lambda connection: access.add_key(connection, "main", "site", "secret", audiences=()))
    for who in (person, key, "per_gone", ""):
        note(database, who, "operator", "inbox.claimed")
    database.write(lambda connection: people.change_person(connection, "main", person, name="Ann", role="lead"))
    assert [entry.name for entry in entries(database)] == ["", "", "site", "Ann"]
    assert {entry.role for entry in entries(database)} == {"operator"}


def test_every_action_is_listed_once_and_by_area(database):
    for action in ("people.added", "inbox.claimed", "people.added"):
        note(database, BOSS, "", action)
    with database.read() as connection:
        assert audit.list_actions(connection, "main") == ["inbox.claimed", "people.added"]
        assert audit.list_actions(connection, "main", area="people") == ["people.added"]


def test_long_texts_are_cut(database):
    note(database, BOSS, "", "sources.added", "x" * 5_000, place="y" * 5_000, number=7, kept=True)
    [entry] = entries(database)
    assert (len(entry.object), len(entry.detail["place"])) == (200, 200)
    assert (entry.detail["number"], entry.detail["kept"]) == (7, True)


def test_a_network_address_is_told_apart_and_not_named(database):
    def mark(address, tenant="main"):
        return database.write(lambda connection: audit.mark_of(connection, tenant, address))

    marks = [mark("192.0.2.1"), mark("192.0.2.1"), mark("192.0.2.2"), mark("192.0.2.1", "other")]
    assert marks[0] == marks[1] and len(set(marks)) == 3
    assert all(len(each) == 16 and "192" not in each for each in marks[:1])


def test_the_table_has_no_column_for_words_of_customers():
    assert set(table.columns.keys()) == {
        "tenant", "id", "person_id", "role", "action", "object", "detail", "created_at",
    }  # fmt: skip
