"""People, roles, invitations, keys: who may do what, what ends when, and what is noted of it."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from openbook import Desk
from openbook.desk import line
from openbook.desk.people import PEOPLE_VERBS, add_person, audit_log, invite_person
from openbook.errors import NotAllowed, NotFound, UserError
from openbook.stores import access, schema
from openbook.stores.access import CONSOLE, Caller
from openbook.types.people import KEY_ROLES, RIGHTS, ROLES, Person, may, may_invite, only_reads

PASSWORD = "seven quiet lanterns"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A desk for the whole module, since opening one takes a second; each test has people of its own."""
    with Desk.open(tmp_path_factory.mktemp("people") / "desk", settings={"encoder.path": "/nowhere/at/all"}) as desk:
        yield desk


@pytest.fixture
def desk(opened):
    """The desk with nobody in it."""

    def empty(connection):
        for table in (schema.people, schema.logins, schema.keys, schema.audit, schema.counters):
            connection.execute(table.delete())

    opened.parts.database.write(empty)
    return opened


@pytest.fixture
def keeper(desk):
    return desk.doorkeeper


def join(desk, email, role="operator"):
    """Adds somebody with a password whose form is cheap to check; returns the person."""
    person = desk.add_person(email, role=role)
    hashed = CHEAP.hash(PASSWORD)
    desk.parts.database.write(lambda connection: access.set_password_hash(connection, "main", person.id, hashed))
    return person


def as_caller(person):
    return Caller(person_id=person.id, role=person.role)


def actions(desk):
    return [entry.action for entry in reversed(desk.audit_log(100))]


def test_the_whole_table_of_who_may_do_what():
    everybody, inbox = set(ROLES), {"owner", "operator", "lead"}
    assert {action: set(roles) for action, roles in RIGHTS.items()} == {
        "see_overview": everybody,
        "read_knowledge": everybody,
        "manage_knowledge": {"owner", "content"},
        "correct": {"owner", "operator", "lead"},
        "read_inbox": inbox | {"auditor"},
        "work_inbox": inbox,
        "take_over": {"owner", "lead"},
        "manage_macros": {"owner", "lead"},
        "read_receipts": everybody - {"operator"},
        "read_stats": everybody - {"operator"},
        "read_inbox_audit": {"owner", "lead", "auditor"},
        "read_audit": {"owner", "auditor"},
        "see_behaviour": {"owner", "lead", "auditor"},
        "change_behaviour": {"owner", "lead"},
        "invite_operators": {"owner", "lead"},
        "manage_people": {"owner"},
        "export": {"owner", "lead", "auditor"},
    }


def test_the_owner_may_do_everything_an_auditor_only_read_and_anybody_else_nothing():
    assert all(may("owner", action) for action in RIGHTS)
    assert all(only_reads(action) or action == "export" for action in RIGHTS if may("auditor", action))
    assert not any(may(role, action) for role in ("anonymous", "console", "") for action in RIGHTS)
    with pytest.raises(KeyError):
        may("owner", "an action that is in no table")


def test_a_lead_invites_operators_and_the_owner_everybody():
    assert [role for role in ROLES if may_invite("owner", role)] == list(ROLES)
    assert [role for role in ROLES if may_invite("lead", role)] == ["operator"]
    assert not any(may_invite(who, role) for who in ("content", "operator", "auditor") for role in ROLES)


def test_somebody_is_added_in_small_letters_and_sees_what_is_internal(desk):
    person = desk.add_person(" Ann.Lee@Example.COM ", "  Ann   Lee ", "content")
    assert (person.email, person.name, person.role) == ("ann.lee@example.com", "Ann Lee", "content")
    assert (person.audiences, person.active, person.has_password) == (("public", "internal"), True, False)
    assert desk.people() == (person,)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        "@x.example",
        "ann@",
        "a@b@c",
        "a b@x.example",
        "a@x\n.example",
        "a@\x00x",
        "a" * 250 + "@x.io",
        "\ud800@x",
    ],
)
def test_what_is_no_address_is_refused(desk, email):
    with pytest.raises(UserError, match="is no e-mail address"):
        desk.add_person(email)
    assert desk.people() == ()


def test_an_address_belongs_to_one_person_whatever_its_capitals(desk):
    desk.add_person("ann@x.example")
    with pytest.raises(UserError, match=r"'ann@x\.example' belongs to somebody already"):
        desk.add_person("ANN@X.example")


@pytest.mark.parametrize("name", ["x" * 201, "bell\x07", "turned\u202earound"])
def test_a_name_that_cannot_be_shown_is_refused(desk, name):
    with pytest.raises(UserError, match="is no name"):
        desk.add_person("ann@x.example", name)


def test_a_role_that_is_none_is_refused_with_those_there_are(desk):
    with pytest.raises(UserError, match="There is no role 'agent'") as refused:
        desk.add_person("ann@x.example", role="agent")
    assert all(role in refused.value.fix for role in ROLES)


def test_nobody_is_a_person_to_change(desk):
    for who in ("", "per_nobody", "nobody@x.example"):
        with pytest.raises(NotFound, match="There is nobody called"):
            desk.deactivate(who)


def test_the_last_owner_stays_owner_and_active(desk):
    first = desk.add_person("ann@x.example", role="owner")
    with pytest.raises(UserError, match="is the last owner and cannot be deactivated") as refused:
        desk.deactivate(first.id)
    assert "Make somebody else owner first" in refused.value.fix
    with pytest.raises(UserError, match="is the last owner and cannot have another role"):
        desk.change_role("ann@x.example", "auditor")
    second = desk.add_person("bob@x.example", role="owner")
    assert desk.deactivate(first.id).active is False
    with pytest.raises(UserError, match="last owner"):
        desk.change_role(second.id, "lead")


def test_an_address_and_its_password_let_in_and_nothing_else_does(desk, keeper):
    person, caller = join(desk, "ann@x.example", "lead"), None
    join(desk, "bob@x.example")
    caller = keeper.session_caller(keeper.sign_in(PASSWORD, email="ANN@x.example "))
    assert (caller.person_id, caller.role, caller.name) == (person.id, "lead", "ann@x.example")
    assert caller.audiences == ("public", "internal")
    for email in ("nobody@x.example", "ann@x", "no address", "x" * 999, "ann@x.example\x00"):
        assert keeper.sign_in(PASSWORD, email=email) is None
    assert keeper.sign_in(PASSWORD + "!", email="ann@x.example") is None
    assert keeper.sign_in(PASSWORD) is None  # there is no owner


def test_who_has_no_password_or_is_not_active_does_not_come_in(desk, keeper):
    desk.add_person("new@x.example")
    assert keeper.sign_in("", email="new@x.example") is None
    join(desk, "gone@x.example")
    desk.deactivate("gone@x.example")
    assert keeper.sign_in(PASSWORD, email="gone@x.example") is None
    desk.activate("gone@x.example")
    assert keeper.sign_in(PASSWORD, email="gone@x.example")


def test_an_unknown_address_costs_as_much_checking_as_a_known_one(desk, keeper, monkeypatch):
    checked, verify = [], PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher, "verify", lambda self, stored, word: checked.append(word) or verify(self, stored, word)
    )
    join(desk, "ann@x.example")
    desk.add_person("new@x.example")
    for email in ("ann@x.example", "new@x.example", "nobody@x.example", "no address"):
        assert keeper.sign_in("wrong", email=email) is None
    assert checked == ["wrong"] * 4


def test_a_password_is_hashed_again_when_the_parameters_grew_and_sessions_last(desk, keeper):
    person = join(desk, "ann@x.example")
    session = keeper.sign_in(PASSWORD, email=person.email)
    with desk.parts.database.read() as connection:
        renewed = access.password_hash(connection, "main", person.id)
    assert not PasswordHasher().check_needs_rehash(renewed)
    assert keeper.session_caller(session) and keeper.sign_in(PASSWORD, email=person.email)


@pytest.mark.parametrize(
    "change",
    [
        lambda desk, person: desk.change_role(person.id, "content"),
        lambda desk, person: (desk.deactivate(person.id), desk.activate(person.id)),
        lambda desk, person: desk.doorkeeper.accept_invitation(
            desk.invite(person.id).token, name="", password=PASSWORD + "!"
        ),
    ],
    ids=["another role", "deactivated", "another password"],
)
def test_sessions_and_invitations_end_with_role_password_and_deactivation(desk, keeper, change):
    person, other = join(desk, "ann@x.example"), join(desk, "bob@x.example")
    session, kept = keeper.sign_in(PASSWORD, email=person.email), keeper.sign_in(PASSWORD, email=other.email)
    invitation = desk.invite(person.id)
    change(desk, person)
    assert keeper.session_caller(session) is None
    assert keeper.invited(invitation.token) is None
    assert keeper.session_caller(kept) is not None


def test_the_same_role_again_ends_nothing(desk, keeper):
    person = join(desk, "ann@x.example")
    session = keeper.sign_in(PASSWORD, email=person.email)
    desk.change_role(person.id, person.role)
    assert keeper.session_caller(session) is not None


def test_an_invitation_sets_name_and_password_once(desk, keeper):
    person = desk.add_person("ann@x.example", "A")
    invitation = desk.invite("ann@x.example")
    assert invitation.path == f"/owner/invitation/{invitation.token}"
    assert invitation.expires_at - person.created_at > timedelta(days=6)
    assert keeper.invited(invitation.token).id == keeper.invited(invitation.token).id == person.id
    with pytest.raises(UserError, match="The password has 5 characters"):
        keeper.accept_invitation(invitation.token, name="Ann", password="short")
    session = keeper.accept_invitation(invitation.token, name=" Ann  Lee ", password=PASSWORD)
    assert keeper.session_caller(session).name == "Ann Lee"
    assert keeper.accept_invitation(invitation.token, name="Eve", password=PASSWORD) is None
    assert keeper.invited(invitation.token) is None
    assert keeper.sign_in(PASSWORD, email="ann@x.example")


def test_only_the_newest_invitation_counts_and_none_is_a_link_or_a_session(desk, keeper):
    desk.add_person("ann@x.example")
    older, newer = desk.invite("ann@x.example"), desk.invite("ann@x.example")
    assert keeper.invited(older.token) is None and keeper.invited(newer.token) is not None
    assert keeper.spend_link(newer.token) is None
    assert keeper.session_caller(newer.token) is None
    assert keeper.invited(keeper.new_link()) is None


def test_an_invitation_that_is_too_old_lets_nobody_in(desk, keeper):
    person = desk.add_person("ann@x.example")
    lasts = timedelta(seconds=-1)
    desk.parts.database.write(
        lambda connection: access.add_login(connection, "main", person.id, "token", kind=access.INVITATION, lasts=lasts)
    )
    assert keeper.invited("token") is None
    assert keeper.accept_invitation("token", name="", password=PASSWORD) is None


def test_who_is_not_active_is_not_invited(desk):
    desk.add_person("ann@x.example")
    desk.deactivate("ann@x.example")
    with pytest.raises(UserError, match="is not active and cannot be invited"):
        desk.invite("ann@x.example")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_others_than_the_owner_change_nothing_about_people(desk, role):
    person, by = desk.add_person("ann@x.example", role="content"), Caller(person_id="per_x", role=role)
    attempts = (
        lambda: desk.add_person("eve@x.example", role="owner", by=by),
        lambda: desk.change_role(person.id, "owner", by=by),
        lambda: desk.deactivate(person.id, by=by),
        lambda: desk.activate(person.id, by=by),
        lambda: desk.invite(person.id, by=by),
        lambda: desk.add_key("site", by=by),
        lambda: desk.revoke_key("site", by=by),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed, match=f"Your role, {role}, may not"):
            attempt()
    assert desk.people() == (person,) and desk.keys() == ()


def test_a_lead_adds_and_invites_operators(desk):
    lead = as_caller(desk.add_person("lead@x.example", role="lead"))
    person = desk.add_person("ann@x.example", by=lead)
    assert desk.invite(person.id, by=lead).person.id == person.id
    assert [entry.person_id for entry in desk.audit_log(2)] == [lead.person_id] * 2


def test_a_key_lets_in_with_its_role_until_it_is_revoked(desk, keeper):
    made = desk.add_key(" web  site ", "operator", ("public", "dealers", "public"))
    assert (made.key.name, made.key.role, made.key.audiences) == ("web site", "operator", ("public", "dealers"))
    caller = keeper.key_caller(made.secret)
    assert (caller.person_id, caller.role, caller.name) == (made.key.id, "operator", "web site")
    assert desk.keys() == (made.key,)
    assert desk.revoke_key("web site").revoked_at is not None
    assert keeper.key_caller(made.secret) is None
    assert desk.revoke_key(made.key.id).revoked_at == desk.keys()[0].revoked_at


def test_a_key_is_never_the_owner_and_its_name_is_its_own(desk, keeper):
    assert "owner" not in KEY_ROLES
    with pytest.raises(UserError, match="There is no role 'owner'"):
        desk.add_key("site", "owner")
    with pytest.raises(UserError, match="The key has no name"):
        desk.add_key("  ")
    desk.add_key("site")
    with pytest.raises(UserError, match="There is a key 'site' already"):
        desk.add_key("site")
    with pytest.raises(NotFound, match="There is no key 'other'"):
        desk.revoke_key("other")
    keeper.new_key("site", audiences=("public",))
    with pytest.raises(UserError, match="2 keys are called 'site'"):
        desk.revoke_key("site")


def test_the_password_alone_is_the_first_owners_and_leaves_with_that_owner(desk, keeper):
    keeper.set_password(PASSWORD)
    other = join(desk, "bob@x.example", "owner")
    assert keeper.session_caller(keeper.sign_in(PASSWORD)).name == "Owner"
    first = next(person for person in desk.people() if not person.email)
    link = keeper.new_link()
    desk.deactivate(first.id)
    assert keeper.spend_link(link) is None
    assert keeper.session_caller(keeper.sign_in(PASSWORD)).person_id == other.id


def test_every_change_and_every_way_in_and_out_is_noted(desk, keeper):
    person = desk.add_person("ann@x.example")
    invitation = desk.invite(person.id)
    session = keeper.accept_invitation(invitation.token, name="Ann", password=PASSWORD, address="192.0.2.1")
    keeper.sign_out(session)
    keeper.sign_out(session)
    keeper.sign_in(PASSWORD, email=person.email)
    keeper.sign_in("wrong", email=person.email, address="192.0.2.1")
    keeper.sign_in("wrong", email="nobody@x.example", address="192.0.2.1")
    desk.change_role(person.id, "lead")
    desk.deactivate(person.id)
    desk.activate(person.id)
    desk.revoke_key(desk.add_key("site").key.id)
    assert actions(desk) == [
        "people.added", "people.invited", "people.password_set", "session.started", "session.ended",
        "session.started", "session.failed", "session.failed", "people.role_changed", "people.deactivated",
        "people.activated", "keys.added", "keys.revoked",
    ]  # fmt: skip
    known, unknown = reversed(desk.audit_log(100, action="session.failed"))
    assert (known.object, unknown.object) == (person.id, "")
    assert known.detail["address"] == unknown.detail["address"] != "192.0.2.1"
    own = desk.audit_log(100, person_id=person.id)
    assert {(entry.name, entry.role) for entry in own} == {("Ann", "operator")}
    assert desk.audit_actions(area="keys") == ("keys.added", "keys.revoked")


def test_no_secret_and_no_address_stands_in_the_log(desk, keeper):
    person = join(desk, "ann@x.example")
    secrets = [desk.invite(person.id).token, desk.add_key("site").secret, keeper.sign_in(PASSWORD, email=person.email)]
    keeper.sign_in("my other secret", email="eve@x.example", address="192.0.2.1")
    keeper.spend_link("a guessed link", address="192.0.2.1")
    log = str([entry.to_dict() for entry in desk.audit_log(100)])
    for hidden in (*secrets, PASSWORD, "my other secret", "a guessed link", "192.0.2.1", "eve@x.example"):
        assert hidden not in log


def test_the_log_is_read_in_pages_of_a_sensible_size(desk):
    for number in range(3):
        desk.add_person(f"p{number}@x.example")
    newest, *_ = desk.audit_log(1)
    assert [entry.id for entry in desk.audit_log(9, newest.id)] == ["aud_000000000002", "aud_000000000001"]
    for limit in (0, -1, 1_001):
        with pytest.raises(UserError, match=f"{limit} entries cannot be asked for"):
            desk.audit_log(limit)


def test_every_verb_can_be_called_from_another_process(opened, desk):
    socket = desk.path / "data" / "openbook.sock"
    common = {"tenant": "main", "by": CONSOLE}
    person = line.call(socket, add_person, {**common, "email": "ann@x.example", "name": "", "role": "lead"})
    assert isinstance(person, Person) and desk.people() == (person,)
    invitation = line.call(socket, invite_person, {**common, "who": person.id})
    assert desk.doorkeeper.invited(invitation.token).id == person.id
    found = line.call(socket, audit_log, {"tenant": "main", "limit": 9, "before": "", "person_id": "", "action": ""})
    assert found == desk.audit_log(9)
    assert len({verb.__name__ for verb in PEOPLE_VERBS}) == len(PEOPLE_VERBS)
