"""People of every role at the doors: which pages they see, how they come in, what ends, what is noted."""

import re
from contextlib import ExitStack

import httpx
import pytest
from argon2 import PasswordHasher

from openbook import Desk
from openbook.models import HashEmbedder
from openbook.server import create_app
from openbook.server.attempts import PER_ADDRESS
from openbook.server.owner_pages import MENU, landing, own_place
from openbook.stores import access
from openbook.types.people import ROLES, may
from server.running import page_of, running
from server.shop import PASSWORD

HOSTILE = "<script>window.hacked = 1</script>"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PAGES = [(entry.place, entry.action) for entry in MENU] + [
    ("/owner/articles/{open}", "read_knowledge"),
    ("/owner/articles/{open}/versions/1", "read_knowledge"),
    ("/owner/articles/{open}/remove", "manage_knowledge"),
    ("/owner/sources/under-way", "manage_knowledge"),
]
FORMS = {
    "manage_knowledge": "sources sources/src_1/sync sources/src_1/stop sources/src_1/remove waiting/doc_1/approve "
    "articles/doc_1/revert articles/doc_1/remove preview",
    "invite_operators": "people people/per_1/invite",
    "manage_people": "people/per_1/role people/per_1/deactivate people/per_1/activate people/keys "
    "people/keys/key_1/revoke",
}


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    """A desk with an article for everybody and one for dealers alone."""
    folder = tmp_path_factory.mktemp("firm") / "desk"
    with Desk.open(folder, must_hold=True, embedder=HashEmbedder()) as opened:
        opened.put_document("open.md", "# Opening hours\n\nThe shop opens at nine.\n")
        opened.put_document("dealers.md", "---\naudience: dealers\n---\n# Dealers pay half\n\nDealers pay half.\n")
        yield opened


@pytest.fixture(scope="module")
def place(firm):
    with running(create_app(firm, turns=1)) as address:
        yield address


@pytest.fixture(scope="module")
def known(firm):
    """The articles' ids by path."""
    return {document.path: document.id for document in firm.documents()}


def join(firm, email, role):
    """Somebody with a password whose form is cheap to check."""
    person, hashed = firm.add_person(email, role=role), CHEAP.hash(PASSWORD)
    firm.parts.database.write(lambda connection: access.set_password_hash(connection, "main", person.id, hashed))
    return person


@pytest.fixture(scope="module")
def sessions(firm):
    """A session of somebody of every role."""
    for role in ROLES:
        join(firm, f"{role}@staff.example", role)
    return {role: firm.doorkeeper.sign_in(PASSWORD, email=f"{role}@staff.example") for role in ROLES}


@pytest.fixture
def client(place):
    """Makes browsers, each with cookies of its own, or programs with a key."""
    with ExitStack() as closing:

        def make(session="", *, key="", address="127.0.0.1"):
            cookies = {"openbook_session": session} if session else {}
            headers = {"Authorization": f"Bearer {key}"} if key else {"Origin": place}
            transport = httpx.HTTPTransport(local_address=address)
            made = httpx.Client(base_url=place, cookies=cookies, headers=headers, transport=transport, timeout=30)
            return closing.enter_context(made)

        yield make


@pytest.fixture
def staff(client, sessions):
    """Makes the browser of somebody of a role."""
    return lambda role: client(sessions[role])


def token_of(page):
    return re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)[1]


def submit(browser, path, page, **fields):
    return browser.post(path, data={"form_token": token_of(page), **fields})


def sign_in(browser, email, password=PASSWORD, **fields):
    fields |= {"email": email, "password": password}
    return submit(browser, "/owner/sign-in", browser.get("/owner"), **fields)


@pytest.mark.parametrize(("path", "action"), PAGES)
def test_every_page_is_for_the_roles_of_the_table_and_for_no_other(staff, client, known, path, action):
    path = path.format(open=known["open.md"])
    shown = staff("owner").get(path)
    if shown.status_code == 404 or "This link was used already" in shown.text:
        pytest.skip(f"{path} is not served by this application")
    for role in ROLES:
        page = staff(role).get(path)
        assert page.status_code == (200 if may(role, action) else 403), (role, path)
        if page.status_code == 403:
            assert f"Your role, {role}, may not" in page.text
    assert client().get(path).status_code == (200 if path == "/owner" else 303)


@pytest.mark.parametrize(
    ("path", "action"), [(f"/owner/{path}", action) for action, paths in FORMS.items() for path in paths.split()]
)
def test_every_form_is_done_for_the_roles_of_the_table_and_for_no_other(staff, client, path, action):
    for role in ROLES:
        browser = staff(role)
        token = token_of(browser.get("/owner"))
        if not may(role, action):
            refused = browser.post(path, data={"form_token": token})
            assert (refused.status_code, f"Your role, {role}, may not" in refused.text) == (403, True)
        assert browser.post(path, data={"form_token": "0" * 64}).status_code == 403
    assert client().post(path, data={}).headers["location"] == "/owner"


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_shows_what_the_role_may_see(staff, role):
    shown = page_of(staff(role).get("/owner")).xpath("//nav[@aria-label='Owner']/a/@href")
    assert shown == [entry.place for entry in MENU if may(role, entry.action)]


def test_pages_of_people_are_labelled_and_free_of_scripts_of_their_own(staff):
    for path in ("/owner/people", "/owner/audit"):
        page = page_of(staff("owner").get(path))
        identifiers = page.xpath("//@id")
        assert len(identifiers) == len(set(identifiers)) and len(page.findall(".//h1")) == 1
        for field in page.xpath("//select | //input[@type != 'hidden'] | //input[not(@type)]"):
            assert page.xpath(f"//label[@for='{field.get('id')}']"), (path, field.get("id"))
        assert not page.xpath("//@style | //@onclick | //script[not(@src)]")


@pytest.mark.parametrize("role", ROLES)
def test_somebody_signs_in_with_address_and_password_and_lands_where_the_work_is(client, role, sessions):
    browser = client()
    entered = sign_in(browser, f"{role.upper()}@staff.example")
    assert (entered.status_code, entered.headers["location"]) == (303, "/inbox" if role == "operator" else "/owner")
    assert "What this desk knows" in browser.get("/owner").text
    assert submit(browser, "/owner/sign-out", browser.get("/owner")).status_code == 303
    assert "Password" in browser.get("/owner").text


def test_after_signing_in_the_way_goes_on_to_a_page_of_ours(client, sessions):
    browser = client()
    page = browser.get("/owner", params={"next": "/owner/articles?q=nine"})
    hidden = page_of(page).xpath("//input[@name='next']/@value")
    assert hidden == ["/owner/articles?q=nine"]
    fields = {"email": "content@staff.example", "password": PASSWORD, "next": hidden[0]}
    assert submit(browser, "/owner/sign-in", page, **fields).headers["location"] == "/owner/articles?q=nine"
    assert browser.get("/owner?next=/owner/articles").headers["location"] == "/owner/articles"
    assert sign_in(client(), "content@staff.example", next="https://evil.example").headers["location"] == "/owner"


ELSEWHERE = ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:alert(1)"]
NO_PAGES = [
    "/owner/a-one-time-link",
    "/inbox/../owner/x",
    "/owner/sign-out",
    "/inbox\r\nX: y",
    "/v1/documents",
    "x",
    "",
]


@pytest.mark.parametrize("wanted", ELSEWHERE + NO_PAGES)
def test_no_other_place_is_gone_on_to(wanted):
    assert own_place(wanted) == ""
    assert landing("operator", wanted) == "/inbox"


@pytest.mark.parametrize("wanted", ["/inbox", "/inbox/hof_1?x=1", "/owner/people#per_1", "/dashboard", "/owner"])
def test_our_own_places_are_gone_on_to(wanted):
    assert landing("operator", wanted) == wanted


def test_guessing_at_an_account_is_slowed_down_from_wherever_it_comes(firm, client):
    join(firm, "victim@staff.example", "content")
    for attempt in range(PER_ADDRESS):
        guesser = client(address=f"127.0.1.{attempt}")
        assert sign_in(guesser, "Victim@staff.example", "a wrong guess").status_code == 403
    elsewhere = client(address="127.0.2.1")
    stopped = sign_in(elsewhere, "victim@staff.example")
    assert stopped.status_code == 429 and int(stopped.headers["retry-after"]) > 0
    assert sign_in(elsewhere, "somebody@staff.example", "a wrong guess").status_code == 403


def test_an_unknown_address_reads_like_a_wrong_password(client, sessions):
    told = [
        page_of(sign_in(client(address="127.0.3.1"), email, "a wrong guess")).xpath("string(//*[@role='alert'])")
        for email in ("lead@staff.example", "nobody@staff.example")
    ]
    assert told == ["E-mail address and password do not fit together."] * 2


def invite(staff, email, role="operator", *, name="", by="owner"):
    """Adds somebody by the page; returns the path of the invitation."""
    browser = staff(by)
    page = submit(browser, "/owner/people", browser.get("/owner/people"), email=email, name=name, role=role)
    assert page.status_code == 200, page_of(page).xpath("string(//*[@role='alert'])")
    [link] = page_of(page).xpath("//input[@id='invitation-link']/@value")
    assert link.startswith(str(browser.base_url).rstrip("/"))
    assert link not in browser.get("/owner/people").text
    return httpx.URL(link).path


def test_an_invitation_is_opened_as_often_as_one_likes_and_accepted_once(staff, client):
    path, guest = invite(staff, "ann@staff.example"), client(address="127.0.4.1")
    scanner = client(address="127.0.4.2")
    assert [scanner.get(path).status_code for _ in range(3)] == [200] * 3
    page = guest.get(path)
    assert "ann@staff.example" in page.text
    short = submit(guest, path, page, name="Ann", password="short")
    assert short.status_code == 400 and "The password has 5 characters" in short.text
    assert page_of(short).xpath("//input[@id='name']/@value") == ["Ann"]
    entered = submit(guest, path, page, name="Ann Lee", password=PASSWORD)
    assert (entered.status_code, entered.headers["location"]) == (303, "/inbox")
    assert guest.get("/owner").status_code == 200
    assert submit(guest, path, page, name="Eve", password=PASSWORD).status_code == 403
    assert "This invitation is over" in scanner.get(path).text
    assert "Ann Lee" in staff("owner").get("/owner/people").text


def test_an_invitation_is_not_accepted_by_the_page_of_another_site(staff, client):
    path, guest = invite(staff, "bob@staff.example"), client(address="127.0.4.3")
    token = token_of(guest.get(path))
    fields = {"form_token": token, "name": "Eve", "password": PASSWORD}
    assert guest.post(path, data=fields, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client(address="127.0.4.3").post(path, data=fields).status_code == 403
    assert guest.post(path, data=fields).status_code == 303


def test_guessing_at_invitations_is_slowed_down(client):
    guesser = client(address="127.0.4.4")
    found = [guesser.get(f"/owner/invitation/guess-{number}").status_code for number in range(PER_ADDRESS + 1)]
    assert found == [403] * PER_ADDRESS + [429]


def test_a_lead_invites_operators_and_nobody_else(staff):
    assert invite(staff, "cy@staff.example", by="lead")
    browser = staff("lead")
    page = browser.get("/owner/people")
    assert page_of(page).xpath("//select[@id='role']/option/@value") == ["operator"]
    assert "API keys" not in page.text and "Change role" not in page.text
    refused = submit(browser, "/owner/people", page, email="dee@staff.example", role="owner")
    assert refused.status_code == 403 and "may not add or invite somebody of the role owner" in refused.text
    assert "dee@staff.example" in page_of(refused).xpath("//input[@id='email']/@value")


def test_what_people_call_themselves_is_shown_as_text(staff, firm):
    invite(staff, '"><b>@staff.example', name=HOSTILE)
    firm.add_key(HOSTILE)
    for path in ("/owner/people", "/owner/audit"):
        page = staff("owner").get(path)
        assert HOSTILE not in page.text and "<b>@" not in page.text
        assert HOSTILE in page_of(page).text_content()


def test_a_form_that_does_not_fit_is_shown_again_with_the_reason(staff):
    browser = staff("owner")
    page = browser.get("/owner/people")
    refused = submit(browser, "/owner/people", page, email="no address", name="Kim", role="lead")
    shown = page_of(refused)
    assert refused.status_code == 400
    assert "'no address' is no e-mail address" in shown.xpath("string(//*[@role='alert'])")
    assert shown.xpath("//input[@id='name']/@value") == ["Kim"]
    assert shown.xpath("//select[@id='role']/option[@selected]/@value") == ["lead"]


def test_who_is_deactivated_or_changed_is_out_at_once(staff, client, firm):
    person = join(firm, "eli@staff.example", "content")
    browser, boss = client(), staff("owner")
    sign_in(browser, "eli@staff.example")
    assert browser.get("/owner/articles").status_code == 200
    page = boss.get("/owner/people")
    assert submit(boss, f"/owner/people/{person.id}/role", page, role="lead").status_code == 303
    assert browser.get("/owner/articles").status_code == 303
    sign_in(browser, "eli@staff.example")
    assert browser.get("/owner/sources").status_code == 403
    submit(boss, f"/owner/people/{person.id}/deactivate", page)
    assert browser.get("/owner/articles").status_code == 303
    assert sign_in(client(address="127.0.5.1"), "eli@staff.example").status_code == 403
    submit(boss, f"/owner/people/{person.id}/activate", page)
    assert sign_in(client(address="127.0.5.1"), "eli@staff.example").status_code == 303


def test_an_invited_person_gets_another_link_and_the_last_owner_stays(staff, firm):
    boss = staff("owner")
    page = boss.get("/owner/people")
    [owner] = [person for person in firm.people() if person.role == "owner"]
    for act, fields in (("deactivate", {}), ("role", {"role": "auditor"})):
        refused = submit(boss, f"/owner/people/{owner.id}/{act}", page, **fields)
        assert refused.status_code == 400 and "is the last owner and cannot" in refused.text
    person = firm.add_person("flo@staff.example")
    again = submit(boss, f"/owner/people/{person.id}/invite", page)
    assert "/owner/invitation/" in page_of(again).xpath("//input[@id='invitation-link']/@value")[0]


def test_a_key_is_made_shown_once_and_revoked(staff, client):
    boss = staff("owner")
    page = boss.get("/owner/people")
    made = submit(boss, "/owner/people/keys", page, name="shop window", role="content", audience="public, internal")
    [secret] = page_of(made).xpath("//input[@id='key-secret']/@value")
    again = boss.get("/owner/people")
    assert secret not in again.text and "public, internal" in again.text
    assert (program := client(key=secret)).get("/v1/documents").status_code == 200
    [path] = [path for path in page_of(made).xpath("//form/@action") if path.endswith("/revoke") and "key_" in path][:1]
    refused = submit(boss, "/owner/people/keys", page, name="shop window")
    assert "There is a key 'shop window' already" in page_of(refused).text_content()
    assert submit(boss, path, page).status_code == 303
    assert program.get("/v1/documents").status_code == 401


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_a_key_may_do_over_http_what_its_role_may(firm, client, known, role):
    program = client(key=firm.add_key(f"program {role}", role).secret)
    assert program.get("/v1/documents").status_code == 200
    sent = program.post("/v1/documents", json={"path": f"{role}.md", "text": "# Kites\n\nA kite flies."})
    assert (sent.status_code == 201) is may(role, "manage_knowledge")
    deleted = program.delete(f"/v1/documents/{known['open.md']}x")
    assert deleted.status_code == (404 if may(role, "manage_knowledge") else 403)
    assert (program.get("/v1/receipts/ans_1").status_code == 404) is may(role, "read_receipts")
    assert program.get("/owner/articles").status_code == 303


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_staff_see_no_article_of_an_audience_they_are_not_in(staff, known, role):
    browser, hidden = staff(role), known["dealers.md"]
    for path in ("/owner/articles", "/owner/articles?q=pay", "/owner/waiting", "/owner/preview"):
        assert "Dealers pay half" not in browser.get(path).text
    for path in ("", "/versions/1", "/remove"):
        assert browser.get(f"/owner/articles/{hidden}{path}").status_code in (403, 404)
    assert "Dealers pay half" in staff("owner").get("/owner/articles").text


def test_who_may_not_change_articles_is_shown_no_button_for_it(staff, known):
    path = f"/owner/articles/{known['open.md']}"
    for role in ROLES:
        assert ("Remove …" in staff(role).get(path).text) is may(role, "manage_knowledge")


@pytest.mark.parametrize("fields", [{"location": "/etc"}, {"location": "http://127.0.0.1/", "private": "on"}])
def test_only_the_owner_has_the_servers_own_disk_and_network_read(staff, fields):
    browser = staff("content")
    refused = submit(browser, "/owner/sources", browser.get("/owner/sources"), **fields)
    assert refused.status_code == 403 and "Only the owner may have files of this server" in refused.text


def test_what_a_page_changes_is_noted_with_who_did_it(staff, firm, known):
    boss = staff("content")
    extra = firm.put_document("extra.md", "# Extra\n\nExtra costs 3.\n").document_id
    path = f"/owner/articles/{extra}/remove"
    assert submit(boss, path, boss.get(path)).status_code == 200
    newest, *_ = firm.audit_log(1)
    assert (newest.action, newest.object, newest.name) == ("articles.removed", extra, "content@staff.example")
    assert newest.detail == {"erased": False}


def test_the_audit_log_is_narrowed_and_paged(staff, firm):
    for number in range(60):
        firm.add_person(f"many{number}@staff.example")
    boss = staff("auditor")
    first = page_of(boss.get("/owner/audit?action=people.added"))
    assert len(first.xpath("//tbody/tr")) == 50 and "the command line" in first.text_content()
    [older] = first.xpath("//a[@rel='next']/@href")
    second = page_of(boss.get(f"/owner/audit{older}"))
    assert {"people.added"} == {text.strip() for text in second.xpath("//tbody/tr/th/text()") if text.strip()}
    assert not {*first.xpath("//tbody//span/text()")} & {*second.xpath("//tbody//span/text()")}
    lead = next(person for person in firm.people() if person.email == "lead@staff.example")
    own = page_of(boss.get("/owner/audit", params={"person": lead.id}))
    assert {row.findtext("td[3]") for row in own.xpath("//tbody/tr")} <= {"lead"}
    assert "No entry is like that" in boss.get("/owner/audit?person=nobody&before=x").text


def test_a_lead_reads_the_inboxs_part_of_the_log_alone(staff, firm):
    firm.doorkeeper.note(access.Caller(person_id="per_1", role="operator"), "inbox.claimed", "hof_1")
    browser = staff("lead")
    for query in ("", "?action=people.added", "?action=people", "?action=inbox.claimed"):
        rows = page_of(browser.get(f"/owner/audit{query}")).xpath("//tbody/tr/th/text()")
        assert {text.strip() for text in rows if text.strip()} == {"inbox.claimed"}
