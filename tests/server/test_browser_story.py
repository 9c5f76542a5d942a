"""The whole story in real browsers: asked, unknown, handed over, replied, written down, known by the next customer."""

import secrets
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from openbook.stores import access
from server.shop import ARTICLES, QUESTION
from server.test_browser import browser, pytestmark  # noqa: F401 - the browser is a fixture
from server.visiting import site
from server.widget_pages import PATIENCE_MILLISECONDS, REACHABLE, address_of, host_pages, open_chat

UNKNOWN = "Does the summer tent have a mosquito net?"
ARTICLE = "The summer tent has a mosquito net at both doors."
SERIOUS = ("serious", "critical")
PAGES = (
    "/",
    "/search?q=jacket",
    "/owner",
    "/owner/articles",
    "/owner/behaviour",
    "/owner/people",
    "/owner/audit",
    "/inbox",
    "/inbox/macros",
    "/inbox/corrections",
    "/dashboard",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A desk with a shop's page on another origin, an operator and the owner."""
    with host_pages() as shop:
        settings = {"widget__origins": (address_of(shop),), "threshold": 0.45}
        with site(tmp_path_factory.mktemp("story"), **settings) as found:
            for name, text in ARTICLES.items():
                found.desk.put_document(name, text)
            shop.RequestHandlerClass.desk_address = found.address
            yield found, address_of(shop)


@pytest.fixture
def window(browser, place):  # noqa: F811
    """Opens windows that complain of nothing: a customer's on the shop's page, or staff's on the desk."""
    found, shop = place
    contexts, complaints = [], []

    def opened(person_id="", **options):
        base = found.address if person_id else shop
        context = browser.new_context(base_url=base, **({"viewport": {"width": 1200, "height": 900}} | options))
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.add_init_script(REACHABLE)
        if person_id:
            cookie = {"name": "openbook_session", "value": session(found.desk, person_id), "url": base}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        contexts.append(context)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def session(desk, person_id):
    token = secrets.token_urlsafe(24)
    desk.parts.database.write(
        lambda connection: access.add_login(
            connection, "main", person_id, token, kind=access.SESSION, lasts=timedelta(hours=1)
        )
    )
    return token


def ask(page, question):
    page.get_by_label("Your message").fill(question)
    page.keyboard.press("Enter")
    page.locator(".said.customer").filter(has_text=question).wait_for()


def faults_of(page, scheme):
    """What axe finds that is serious, in a line each; of the dark scheme only its colours differ."""
    rules = {"type": "rule", "values": ["color-contrast"]} if scheme == "dark" else None
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:150]}" for fault in found if fault["impact"] in SERIOUS]


def test_what_nobody_knew_is_known_to_the_next_customer(window, place):
    desk = place[0].desk
    operator = desk.add_person("olga@shop.example", name="Olga", role="operator").id
    customer = window()
    customer.goto("/")
    open_chat(customer)
    ask(customer, QUESTION)
    customer.locator(".said.bot", has_text="45 days").get_by_role("button", name="Source 1").wait_for()
    ask(customer, UNKNOWN)
    customer.get_by_role("button", name="Talk to a person").click()
    customer.get_by_text("within 10 minutes").wait_for()

    inbox = window(operator)
    inbox.goto("/inbox")
    inbox.locator("a", has_text=UNKNOWN).first.click()
    inbox.get_by_role("button", name="Claim").click()
    customer.get_by_text("Olga").first.wait_for()
    inbox.locator("#reply").fill("Yes, at both doors.")
    inbox.keyboard.press("Control+Enter")
    customer.get_by_text("Yes, at both doors.").wait_for()
    ask(customer, "Thank you!")
    inbox.locator("#log").get_by_text("Thank you!").wait_for()
    assert customer.locator(".said.bot", has_text="both doors").count() == 0

    better = inbox.locator("details.better").last
    better.locator("summary").click()
    better.get_by_label("What should have been answered").fill(ARTICLE)
    better.get_by_label("Title, for an article").fill("The summer tent")
    better.get_by_role("button", name="Article draft").click()
    inbox.get_by_text("Kept as").first.wait_for()
    inbox.get_by_role("button", name="Resolve").click()
    inbox.get_by_text("Resolved").first.wait_for()

    owner = window(place[0].owner_id())
    owner.goto("/owner/waiting")
    owner.get_by_role("button", name="Approve").click()
    owner.get_by_text("serves now, as version 1").wait_for()

    other = window(viewport={"width": 390, "height": 780}, is_mobile=True, has_touch=True)
    other.goto("/")
    open_chat(other)
    ask(other, "Has the summer tent a mosquito net at both doors?")
    answer = other.locator(".said.bot", has_text="mosquito net at both doors")
    answer.get_by_role("button", name="Source 1: The summer tent").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_any_page(window, place, scheme):
    found = place[0]
    staff = window(found.owner_id(), color_scheme=scheme, reduced_motion="reduce")
    handoff = found.desk.ask("I want to speak to a human please").handoff.id
    faults = {}
    for path in (*PAGES, f"/inbox/{handoff}"):
        staff.goto(path)
        faults[path] = faults_of(staff, scheme)
    customer = window(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 390, "height": 780})
    customer.goto("/")
    open_chat(customer)
    ask(customer, QUESTION)
    customer.locator(".said.bot", has_text="45 days").get_by_role("button", name="Source 1").click()
    faults["widget"] = faults_of(customer, scheme)
    assert {path: every for path, every in faults.items() if every} == {}
