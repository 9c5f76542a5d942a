"""Ready-made replies in their table."""

import pytest

from openbook.stores import macros

TENANT = "main"


@pytest.fixture
def keep(database):
    return lambda name, body: database.write(
        lambda connection: macros.add_macro(connection, TENANT, name, body, person_id="per_1")
    )


def test_replies_are_listed_by_name_whatever_their_letters(database, keep):
    for name in ("return label", "Äpfel", "Greeting", "apology"):
        keep(name, "Hello {name}")
    with database.read() as connection:
        assert [one.name for one in macros.list_macros(connection, TENANT)] == [
            "apology",
            "Greeting",
            "return label",
            "Äpfel",
        ]
        assert macros.count_macros(connection, TENANT) == 4


def test_a_reply_is_found_by_its_name_changed_and_removed(database, keep):
    kept = keep("Greeting", "Hello")
    database.write(
        lambda connection: macros.change_macro(connection, TENANT, kept.id, "Hi", "Hi there", person_id="per_2")
    )
    with database.read() as connection:
        found = macros.find_macro(connection, TENANT, "Hi")
        assert (found.id, found.body, found.person_id) == (kept.id, "Hi there", "per_2")
        assert macros.find_macro(connection, TENANT, "Greeting") is None
    assert database.write(lambda connection: macros.remove_macro(connection, TENANT, kept.id))
    assert not database.write(lambda connection: macros.remove_macro(connection, TENANT, kept.id))


def test_the_replies_of_another_tenant_are_not_seen(database, keep):
    kept = keep("Greeting", "Hello")
    with database.read() as connection:
        assert macros.list_macros(connection, "other") == ()
        assert macros.get_macro(connection, "other", kept.id) is None
    assert not database.write(lambda connection: macros.remove_macro(connection, "other", kept.id))


def test_half_a_character_is_kept_as_a_question_mark(database, keep):
    assert keep("odd \ud800 name", "odd \udfff body").body == "odd ? body"
    with database.read() as connection:
        assert macros.find_macro(connection, TENANT, "odd \ud800 name").name == "odd ? name"
