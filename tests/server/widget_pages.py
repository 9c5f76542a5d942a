"""A shop on another origin than its desk, with the widget on its pages, and what visitors do there."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from openbook.stores.leads import list_leads
from server.shop import ARTICLES, CARDS, QUESTION
from server.test_browser import CONTRAST
from server.visiting import SECRET, site

INSIDE = "[...document.querySelector('openbook-chat').shadowRoot.querySelectorAll('*')]"
PATIENCE_MILLISECONDS = 15_000
REACHABLE = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: "open" }); };
"""
"""Tests look into the widget, whose inside is closed to pages."""

BLOCKED_STORAGE = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
"""

STAGES = """() => { window.stages = [];
new MutationObserver((changes) => stages.push(...changes.flatMap(({ addedNodes: [node] }) => node?.textContent ?? [])))
  .observe(document.querySelector("openbook-chat").shadowRoot.querySelector(".stage"), { childList: true }); }"""
"""Notes what the widget says that it is doing."""


class HostPage(BaseHTTPRequestHandler):
    """A page of a shop; its query gives the attributes of the widget's tag, and `lang`."""

    desk_address = ""

    def do_GET(self):
        query = dict(parse_qsl(urlsplit(self.path).query))
        lang = query.pop("lang", "en")
        attributes = " ".join(f'{name}="{value}"' for name, value in query.items())
        tag = f'<script src="{self.desk_address}/widget.js" data-desk="shop" {attributes} async></script>'
        head = '<meta name="viewport" content="width=device-width"><title>Shop</title>'
        body = f'<!doctype html><html lang="{lang}">{head}{tag}<h1>Shop</h1><button>Buy</button></html>'
        policy = f"default-src 'none'; script-src {self.desk_address}; connect-src {self.desk_address}"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


@contextmanager
def host_pages():
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Shop", (HostPage,), {}))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def address_of(server):
    return f"http://127.0.0.1:{server.server_address[1]}"


@contextmanager
def shop_with_widget(folder):
    """Pages of a shop that may use the widget, and pages of one that may not, beside the desk."""
    with host_pages() as listed, host_pages() as stranger:
        settings = {
            "widget__origins": (address_of(listed),),
            "leads__fields": ("name", "email*"),
            "leads__consent": "You may write to me.",
            "widget__identity_secret": SECRET,
            "handoff__hours": "Mon 03:00-03:01",
            "threshold": 0.35,
        }
        with site(folder, **settings) as place:
            for name, text in {**ARTICLES, **CARDS}.items():
                place.desk.put_document(name, text)
            for server in (listed, stranger):
                server.RequestHandlerClass.desk_address = place.address
            yield Shop(place, address_of(listed), address_of(stranger))


class Shop:
    """A desk with an operator, the pages of a shop that is listed there, and those of one that is not."""

    def __init__(self, place, address, stranger):
        self.desk, self.app, self.desk_address = place.desk, place.app, place.address
        self.address, self.stranger = address, stranger
        self._operator = place.desk.add_person("anna@shop.example", name="Anna").id

    def reply(self, text):
        """Lets the operator write into the hand-off that came last."""
        waiting = self.desk.handoffs(states=["waiting", "reopened"])
        self.desk.reply(waiting[-1].id, text, person_id=self._operator)

    def said(self, conversation):
        return [message.author for message in self.desk.conversation(conversation).messages]

    def leads(self):
        with self.desk.parts.database.read() as connection:
            return len(list_leads(connection, "main", limit=100))


def open_chat(page):
    page.get_by_role("button", name="Open the chat").click()
    return page.get_by_role("dialog", name="Help")


def ask(page, question=QUESTION):
    before = page.locator(".said.bot").count()
    page.get_by_label("Your message").fill(question)
    page.keyboard.press("Enter")
    page.locator(".said.bot").nth(before).wait_for()


def focused(page):
    """What a screen reader calls the element with the focus."""
    script = "document.querySelector('openbook-chat').shadowRoot.activeElement"
    return page.evaluate(f"{script}.getAttribute('aria-label') ?? {script}.textContent")


def kept(page):
    return page.evaluate("JSON.parse(localStorage.getItem(Object.keys(localStorage)[0] ?? '') ?? 'null')")


def change_kept(page, name, value):
    change = f"{{...JSON.parse(Object.values(localStorage)[0]), {name}: '{value}'}}"
    page.evaluate(f"localStorage.setItem(Object.keys(localStorage)[0], JSON.stringify({change}))")


def losing_first_answer(page):
    """Lets the next message arrive and loses what it came to; gives the keys of all messages."""
    keys = []

    def pass_on(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/messages", pass_on)
    return keys


def faint(page):
    """The words of the widget that do not stand out from their ground."""
    return page.evaluate(CONTRAST.replace('document.querySelectorAll("body *")', INSIDE))


@contextmanager
def visits(browser, shop):
    """Opens a page of the shop in a browser of its own that complains of nothing until the test ends."""
    contexts, complaints = [], []

    def opened(*, path="/", script="", address="", **options):
        options = {"viewport": {"width": 1200, "height": 900}, "reduced_motion": "reduce"} | options
        context = browser.new_context(base_url=address or shop.address, **options)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.add_init_script(REACHABLE + script)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        contexts.append(context)
        page.goto(path)
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
