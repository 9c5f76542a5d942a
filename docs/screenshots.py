"""Takes a picture of every page, light and dark, of a desk with the sample shop: `docs/images/pages/`.

Needs Chromium and the dev extra. The conversations in the pictures are made here.

    python docs/screenshots.py
"""

import os
import secrets
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from openbook import Desk  # noqa: E402 - the tests' folder comes first
from openbook.server import create_app  # noqa: E402
from openbook.stores import access  # noqa: E402
from server.running import running  # noqa: E402
from server.test_browser import FLAGS  # noqa: E402
from server.widget_pages import REACHABLE, address_of, host_pages, open_chat  # noqa: E402

IMAGES = ROOT / "docs" / "images" / "pages"
SHOP = ROOT / "examples" / "shop" / "articles"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ASKED = "How long is a gift card valid?"
UNSURE = "Can I return a tent that my neighbour bought for me in another country?"
WINDOW, PHONE = {"width": 1200, "height": 820}, {"width": 390, "height": 780}
PAGES = {
    "ask": "/",
    "search": "/search?q=return",
    "sign-in": "",
    "overview": "/owner",
    "sources": "/owner/sources",
    "waiting": "/owner/waiting",
    "articles": "/owner/articles",
    "contradictions": "/owner/contradictions",
    "preview": "/owner/preview",
    "behaviour": "/owner/behaviour",
    "people": "/owner/people",
    "audit": "/owner/audit",
    "inbox": "/inbox",
    "macros": "/inbox/macros",
    "corrections": "/inbox/corrections",
    "numbers": "/dashboard",
    "widget-demo": "/widget-demo",
}


def main() -> None:
    """Takes them all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, host_pages() as shop, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        settings = {"widget.origins": (address_of(shop),), "threshold": 0.5}
        with Desk.open(Path(folder) / "desk", must_hold=True, settings=settings) as desk:
            handoff = filled(desk)
            with running(create_app(desk, turns=4)) as address:
                shop.RequestHandlerClass.desk_address = address
                for scheme in ("light", "dark"):
                    staff_pages(browser, desk, address, handoff, scheme)
                    for name, size in (("widget", WINDOW), ("widget-phone", PHONE)):
                        widget(browser, address_of(shop), name, size, scheme)
        browser.close()


def filled(desk: Desk) -> str:
    """Gives the desk articles, people and a few conversations; returns a hand-off that somebody has."""
    desk.add(SHOP)
    olga = desk.add_person("olga@shop.example", name="Olga", role="operator").id
    desk.put_macro("Greeting", "Hello {name}, thank you for writing.", person_id=olga)
    for question in (ASKED, "Where is my parcel?", "Do you price match?", "I want to speak to a human please"):
        desk.ask(question, channel="web")
    first = desk.ask(ASKED, channel="web")
    desk.ask(UNSURE, conversation_id=first.conversation_id, channel="web")
    detail = desk.fetch_person(first.conversation_id)
    desk.leave_contact(first.conversation_id, name="Ada", contact="ada@example.com")
    desk.claim(detail.id, person_id=olga)
    desk.reply(detail.id, "Hello Ada, let me look that up for you.", person_id=olga)
    desk.note(detail.id, "Asked the returns team.", person_id=olga)
    return detail.id


def staff_pages(browser, desk, address, handoff, scheme):
    """The pages that staff see, and those that anybody sees."""
    owner = desk.parts.database.write(lambda connection: access.ensure_owner(connection, "main"))
    context = browser.new_context(base_url=address, viewport=WINDOW, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/owner")
    take(page, "sign-in", scheme)
    token, lasts = secrets.token_urlsafe(24), timedelta(hours=1)
    desk.parts.database.write(
        lambda connection: access.add_login(connection, "main", owner, token, kind=access.SESSION, lasts=lasts)
    )
    context.add_cookies([{"name": "openbook_session", "value": token, "url": address}])
    document = desk.documents()[0].id
    more = {"answer": f"/?q={ASKED}", "conversation": f"/inbox/{handoff}", "article": f"/owner/articles/{document}"}
    for name, path in (PAGES | more).items():
        if path:
            page.goto(path)
            take(page, name, scheme)
    context.close()


def widget(browser, shop, name, size, scheme):
    """The widget on a shop's page with a cited answer in it."""
    context = browser.new_context(base_url=shop, viewport=size, color_scheme=scheme, reduced_motion="reduce")
    context.add_init_script(REACHABLE)
    page = context.new_page()
    page.goto("/")
    open_chat(page)
    page.get_by_label("Your message").fill(ASKED)
    page.keyboard.press("Enter")
    source = page.locator(".said.bot").get_by_role("button", name="Source 1")
    source.wait_for()
    source.click()
    take(page, name, scheme)
    context.close()


def take(page, name, scheme):
    """One picture, small enough to be kept."""
    page.screenshot(path=IMAGES / f"{name}-{scheme}.jpg", type="jpeg", quality=60)


if __name__ == "__main__":
    main()
