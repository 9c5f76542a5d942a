"""Who may come in: a link once, a session while it lasts, a key with what it was given and never more."""

from datetime import timedelta

import pytest

from openbook.hashing import hash_text
from openbook.stores import access
from openbook.stores.schema import logins

HOUR = timedelta(hours=1)


@pytest.fixture
def owner(database):
    """The owner's id."""
    return database.write(lambda connection: access.ensure_owner(connection, "main"))


def _login(database, person_id, token, *, kind, lasts=HOUR, tenant="main"):
    database.write(lambda connection: access.add_login(connection, tenant, person_id, token, kind=kind, lasts=lasts))


def _spend(database, token, *, tenant="main"):
    return database.write(lambda connection: access.spend_link(connection, tenant, token))


def _caller(database, token):
    with database.read() as connection:
        return access.session_caller(connection, token)


def test_there_is_one_owner(database, owner):
    assert database.write(lambda connection: access.ensure_owner(connection, "main")) == owner
    with database.read() as connection:
        assert access.owner_id(connection, "main") == owner
        assert access.owner_id(connection, "other") is None


def test_a_link_lets_in_once(database, owner):
    _login(database, owner, "token", kind=access.LINK)
    assert [_spend(database, "token") for _ in range(3)] == [owner, None, None]


def test_a_link_that_is_too_old_or_unknown_or_anothers_lets_nobody_in(database, owner):
    _login(database, owner, "old", kind=access.LINK, lasts=-HOUR)
    _login(database, owner, "good", kind=access.LINK)
    assert _spend(database, "old") is None
    assert _spend(database, "unknown") is None
    assert _spend(database, "good", tenant="other") is None
    assert _spend(database, "good") == owner


def test_a_session_lasts_until_it_ends_or_is_too_old(database, owner):
    _login(database, owner, "session", kind=access.SESSION)
    _login(database, owner, "old", kind=access.SESSION, lasts=-HOUR)
    caller = _caller(database, "session")
    assert (caller.tenant, caller.person_id, caller.role, caller.staff) == ("main", owner, access.OWNER, True)
    assert caller.audiences == ("public", "internal")
    assert _caller(database, "old") is None
    assert _caller(database, "unknown") is None
    database.write(lambda connection: access.end_session(connection, "main", "session"))
    assert _caller(database, "session") is None


def test_a_link_is_no_session_and_a_session_is_no_link(database, owner):
    _login(database, owner, "link", kind=access.LINK)
    _login(database, owner, "session", kind=access.SESSION)
    assert _caller(database, "link") is None
    assert _spend(database, "session") is None
    assert _caller(database, "session") is not None


def test_a_spent_link_is_not_renewed_by_adding_it_again(database, owner):
    _login(database, owner, "token", kind=access.LINK)
    _spend(database, "token")
    _login(database, owner, "token", kind=access.LINK)
    assert _spend(database, "token") is None


def test_a_new_password_ends_every_session_and_link_of_the_person(database, owner):
    _login(database, owner, "session", kind=access.SESSION)
    _login(database, owner, "link", kind=access.LINK)
    database.write(lambda connection: access.set_password_hash(connection, "main", owner, "argon2"))
    assert _caller(database, "session") is None
    assert _spend(database, "link") is None
    with database.read() as connection:
        assert access.password_hash(connection, "main", owner) == "argon2"


def test_a_key_has_the_audiences_it_was_given_and_is_never_the_owner(database, owner):
    identifier = database.write(
        lambda connection: access.add_key(connection, "main", "site", "secret", audiences=("public", "partner"))
    )
    with database.read() as connection:
        caller = access.key_caller(connection, "secret")
        assert access.key_caller(connection, "guess") is None
    assert caller.person_id == identifier != owner
    assert caller.audiences == ("public", "partner")
    assert caller.role != access.OWNER


def test_tokens_are_kept_as_hashes_alone(database, owner, tmp_path):
    _login(database, owner, "a-very-secret-token", kind=access.SESSION)
    database.write(lambda connection: access.add_key(connection, "main", "site", "a-very-secret-key", audiences=()))
    kept = b"".join(place.read_bytes() for place in tmp_path.glob("openbook.db*"))
    assert b"a-very-secret" not in kept
    assert hash_text("a-very-secret-token").encode() in kept


def test_who_is_not_known_is_anonymous_and_sees_what_is_public():
    assert (access.ANONYMOUS.staff, access.ANONYMOUS.audiences) == (False, ("public",))


def test_a_token_hash_is_unique_within_its_tenant():
    assert logins.primary_key.columns.keys() == ["tenant", "token_hash"]
