# ruff: noqa: F401, F811 - fixtures are imported
"""The inbox in a real browser: two operators at once, live messages, keys, drafts that survive, small screens."""

import re
from contextlib import ExitStack, contextmanager

import pytest

from server.inbox_desk import (
    HOSTILE,
    KNOWN,
    UNSURE,
    people,
    session_of,
    support,
    support_address,
    waits,
)
from server.test_browser import CONTRAST, browser, pytestmark


@contextmanager
def shown(browser, address, **options):
    """A page that complains of nothing until it is closed, but of what the server refuses."""
    context = browser.new_context(base_url=address, **({"viewport": {"width": 1200, "height": 900}} | options))
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert [words for words in complaints if "responded with a status of 4" not in words] == []


@pytest.fixture
def page_of(browser, support_address, session_of):
    """Opens the inbox for one of the staff, in a browser of their own."""
    with ExitStack() as closing:

        def make(name, place="/inbox", session="", **options):
            page = closing.enter_context(shown(browser, support_address, **options))
            sign_in(page, session or session_of(name), support_address)
            with page.expect_response("**/inbox/events"):
                page.goto(place)
            return page

        yield make


def sign_in(page, session, address):
    page.context.add_cookies([{"name": "openbook_session", "value": session, "url": address}])


def toast(page, words):
    page.locator("#toasts .toast", has_text=words).first.wait_for()


def said(support, handoff, author):
    messages = support.conversation(handoff.conversation_id).messages
    return [message.text for message in messages if message.author == author]


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_two_operators_see_who_has_it_and_never_collide(support, page_of, waits):
    handoff = waits(name="Berta")
    ana, ben = page_of("Ana", f"/inbox/{handoff.id}"), page_of("Lea", f"/inbox/{handoff.id}")
    ben.get_by_label("Reply to the customer").fill("My words")
    ana.get_by_role("button", name="Claim").click()
    toast(ana, "You have it now.")
    ana.get_by_text("You have it", exact=True).wait_for()
    ben.get_by_text("Ana has this conversation.").wait_for()
    assert ben.get_by_role("button", name="Claim").count() == 0
    assert ben.get_by_label("Reply to the customer").input_value() == "My words"
    with ben.expect_response("**/reply") as refused:
        ben.evaluate("document.querySelector('form[data-write=reply]').requestSubmit()")
    assert refused.value.status == 409
    notice = ben.get_by_role("alert")
    notice.wait_for()
    assert "Already claimed: Ana has this conversation." in notice.inner_text()
    assert ben.get_by_label("Reply to the customer").input_value() == "My words"
    ben.get_by_role("button", name="Take over").click()
    ana.get_by_text("Lea has this conversation.").wait_for()
    assert support.handoff(handoff.id).state == "claimed"


def test_a_customer_s_words_arrive_while_a_reply_is_being_written(support, page_of, people, waits):
    handoff = waits(name="Berta")
    support.claim(handoff.id, person_id=people["Ana"])
    page = page_of("Ana", f"/inbox/{handoff.id}")
    reply = page.get_by_label("Reply to the customer")
    reply.click()
    page.keyboard.type("I am just loo")
    support.ask(f"One more thing {HOSTILE}", conversation_id=handoff.conversation_id, channel="web")
    toast(page, "New message from Berta")
    assert f"One more thing {HOSTILE}" in page.locator("#log > li").last.inner_text()
    page.keyboard.type("king")
    assert (reply.input_value(), focused(page)) == ("I am just looking", "reply")
    waiting = waits(name="Carl")
    page.locator("#others-waiting", has_text=" waiting").wait_for()
    assert re.match(r"\(\d+\) Berta", page.title())
    assert page.evaluate("window.hacked") is None
    support.claim(waiting.id, person_id=people["Ben"])


def test_the_list_is_live_and_keeps_the_focus(support, page_of, people, waits):
    first = waits(name="Dora")
    page = page_of("Ana", "/inbox")
    page.locator(f"#open-{first.id}").focus()
    second = waits(f"Is this {HOSTILE}?", name=f"Emil {HOSTILE}")
    toast(page, "A conversation waits: Emil")
    page.locator(f"#row-{second.id}").wait_for()
    assert focused(page) == f"open-{first.id}"
    assert HOSTILE in page.locator(f"#row-{second.id}").inner_text() and page.evaluate("window.hacked") is None
    before = int(page.title()[1:].partition(")")[0])
    support.claim(second.id, person_id=people["Ben"])
    page.locator(f"#row-{second.id}", has_text="Ben has it").wait_for()
    assert int(page.title()[1:].partition(")")[0]) == before - 1


def test_a_reply_survives_being_signed_out_and_is_sent_once(support, support_address, page_of, session_of, waits):
    handoff, session = waits(), session_of("Ana")
    page = page_of("Ana", f"/inbox/{handoff.id}", session=session)
    reply = page.get_by_label("Reply to the customer")
    reply.fill("Half an hour of work")
    support.doorkeeper.sign_out(session)
    page.get_by_role("button", name="Send").click()
    notice = page.get_by_role("alert")
    notice.wait_for()
    assert "You are signed out. What you wrote is kept here." in notice.inner_text()
    link = notice.get_by_role("link", name="Sign in again")
    assert (link.get_attribute("href"), link.get_attribute("target")) == ("/owner", "_blank")
    assert reply.input_value() == "Half an hour of work"
    assert said(support, handoff, "operator") == []
    sign_in(page, session_of("Ana"), support_address)
    page.get_by_role("button", name="Send").click()
    toast(page, "Sent.")
    page.locator(".said-operator", has_text="Half an hour of work").wait_for()
    assert said(support, handoff, "operator") == ["Half an hour of work"]
    assert reply.input_value() == "" and page.get_by_role("alert").count() == 0


def test_a_draft_survives_a_reload_and_belongs_to_its_hand_off(page_of, waits):
    one, other = waits(), waits()
    page = page_of("Ana", f"/inbox/{one.id}")
    page.get_by_label("Reply to the customer").fill("Not yet finished")
    page.get_by_text("Write a note for colleagues").click()
    page.get_by_label("Note, which no customer sees").fill("Not yet noted")
    page.reload()
    assert page.get_by_label("Reply to the customer").input_value() == "Not yet finished"
    assert page.get_by_label("Note, which no customer sees").input_value() == "Not yet noted"
    page.goto(f"/inbox/{other.id}")
    assert page.get_by_label("Reply to the customer").input_value() == ""


def test_everything_is_done_by_keys(support, page_of, people, waits):
    handoff = waits(name="Frida the Keyed")
    page = page_of("Ana", "/inbox?q=Keyed")
    press = page.keyboard.press
    press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    press("j")
    press("Escape")
    assert page.get_by_role("dialog").count() == 0
    press("/")
    assert focused(page) == "words"
    page.keyboard.type("jc")
    assert page.locator("#words").input_value() == "jc"
    press("Escape")
    press("j")
    assert focused(page) == f"open-{handoff.id}"
    with page.expect_response("**/inbox/events"):
        press("Enter")
    press("c")
    toast(page, "You have it now.")
    press("r")
    page.keyboard.type("Yes, each day: by ferry")
    press("Control+Enter")
    toast(page, "Sent.")
    press("Escape")
    press("n")
    page.keyboard.type("Asked twice")
    press("Control+Enter")
    toast(page, "The note is kept.")
    assert said(support, handoff, "operator") == ["Yes, each day: by ferry"]
    assert said(support, handoff, "note") == ["Asked twice"]
    press("Escape")
    page.get_by_text("Replied", exact=True).first.wait_for()
    press("b")
    toast(page, "The bot answers again.")
    assert support.handoff(handoff.id).state == "returned"
    press("u")
    page.wait_for_url("**/inbox")


def test_a_row_is_claimed_and_a_hand_off_resolved_by_keys(support, page_of, people, waits):
    handoff = waits(name="Gerda the Claimed")
    page = page_of("Ana", "/inbox?q=Gerda")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_url(f"**/inbox/{handoff.id}")
    page.get_by_text("You have it", exact=True).wait_for()
    page.keyboard.press("e")
    toast(page, "Resolved.")
    page.get_by_role("button", name="Resolve").wait_for(state="detached")
    assert support.handoff(handoff.id).state == "resolved"


def test_the_tab_key_reaches_what_there_is_to_do(page_of, waits):
    page = page_of("Ana", f"/inbox/{waits().id}")
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    for wanted in ("back", "act-claim", "act-return", "act-resolve", "log", "reply", "Send"):
        assert wanted in reached, reached


def test_ready_made_replies_and_the_suggestion_are_put_into_the_reply(support, page_of, people):
    answer = support.ask(UNSURE, channel="web")
    support.leave_contact(answer.conversation_id, name="Hilda")
    support.put_macro("Greeting in full", f"Hello {{name}}, {HOSTILE}", person_id=people["Lea"])
    page = page_of("Ana", f"/inbox/{answer.handoff.id}")
    page.keyboard.press("m")
    assert focused(page) == "macro"
    page.keyboard.type("in fu")
    page.keyboard.press("Enter")
    reply = page.get_by_label("Reply to the customer")
    assert reply.input_value() == f"Hello Hilda, {HOSTILE}" and focused(page) == "reply"
    page.get_by_role("link", name="Use this").click()
    assert reply.input_value().startswith(f"Hello Hilda, {HOSTILE}\n\nA tent for two people")
    assert page.locator("#macro").input_value() == "" and page.evaluate("window.hacked") is None


def test_an_answer_is_corrected_where_it_stands(support, page_of, people, waits):
    handoff = waits()
    support.reply(handoff.id, "We polish marble on Mondays.", person_id=people["Ana"])
    page = page_of("Ana", f"/inbox/{handoff.id}")
    answer = page.locator(".said-bot").last
    answer.get_by_text("This answer was wrong or could be better").click()
    assert answer.get_by_label("What should have been answered").input_value() == "We polish marble on Mondays."
    for word, what in (("Evaluation case", "an evaluation case"), ("Article draft", "the draft of an article")):
        answer.get_by_role("button", name=word).click()
        toast(page, f"Kept as {what}")
        answer.get_by_text(f"Kept as {what} by Ana").wait_for()
        answer.get_by_role("button", name=word).click()
        toast(page, f"It is there already: {what}, kept by Ana.")
    assert {one.kind for one in support.corrections(conversation_id=handoff.conversation_id)} == {
        "evaluation",
        "article",
    }


def test_every_page_fits_a_phone_and_stands_out_from_its_ground(support, page_of, people, waits):
    handoff = waits(f"Wide{'e' * 80} {HOSTILE}", name=f"Ida {'i' * 60}", contact="ida@mail.example")
    support.reply(handoff.id, "A reply", person_id=people["Ana"])
    support.note(handoff.id, "A note", person_id=people["Ben"])
    support.correct(support.ask(KNOWN).id, "training", "Better", person_id=people["Ana"])
    support.put_macro(f"Wide{'e' * 70}", "Text", person_id=people["Lea"])
    support.parts.handoffs.raise_alarms("main", waits(name="Late").due_at)
    unsure = support.ask(UNSURE).handoff
    page = page_of("Lea", "/inbox", viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    for place in ("/inbox", f"/inbox/{handoff.id}", f"/inbox/{unsure.id}", "/inbox/macros", "/inbox/corrections"):
        page.goto(place)
        page.evaluate("document.querySelectorAll('details').forEach((element) => (element.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert page.evaluate(CONTRAST) == [], (place, scheme)
