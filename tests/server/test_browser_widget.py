"""The chat widget in a real browser, on a page of another site with the strictest policy that lets it in."""

import pytest

from server.shop import HOSTILE, LOST, QUESTION, READINGS
from server.test_browser import browser, pytestmark  # noqa: F401 - the browser is a fixture
from server.visiting import claims, signed
from server.widget_pages import (
    BLOCKED_STORAGE,
    STAGES,
    ask,
    change_kept,
    faint,
    focused,
    kept,
    losing_first_answer,
    open_chat,
    shop_with_widget,
    visits,
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with shop_with_widget(tmp_path_factory.mktemp("widget")) as pages:
        yield pages


@pytest.fixture
def visit(browser, shop):  # noqa: F811
    with visits(browser, shop) as opened:
        yield opened


def test_the_visitor_reads_what_is_being_done(visit):
    page = visit()
    open_chat(page)
    page.evaluate(STAGES)
    ask(page)
    page.locator(".stage:empty").wait_for(state="attached")
    said = page.evaluate("stages")
    assert list(dict.fromkeys(said)) == ["Looking it up …", "Reading what was found …", "Checking the answer …"]


def test_a_question_is_answered_with_a_passage_and_can_be_judged(visit):
    page = visit()
    dialog = open_chat(page)
    assert dialog.get_by_role("log", name="Conversation").get_attribute("aria-live") == "polite"
    assert page.get_by_role("button", name="Open the chat").get_attribute("aria-expanded") == "true"
    ask(page)
    answer = dialog.locator(".said.bot").last
    assert "45 days" in answer.inner_text()
    cite = answer.get_by_role("button", name="Source 1: Returning a jacket")
    cite.click()
    passage = page.locator(".passage")
    assert "as of 11 March 2026" in passage.inner_text()
    assert "45 days" in passage.locator("mark").inner_text()
    assert (
        passage.get_by_role("link", name="Open the article").get_attribute("href")
        == "https://help.shop.example/returns"
    )
    passage.get_by_text("have its tags").wait_for()
    cite.click()
    assert passage.count() == 0
    answer.get_by_role("button", name="Helpful", exact=True).click()
    answer.get_by_role("button", name="Not helpful").click()
    assert answer.get_by_role("button", name="Not helpful").get_attribute("aria-pressed") == "true"
    assert answer.get_by_role("button", name="Helpful", exact=True).get_attribute("aria-pressed") == "false"


def test_the_keyboard_alone_is_enough(visit):
    page = visit()
    page.get_by_role("button", name="Open the chat").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "Your message"
    page.keyboard.type("Within how many days")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("can I return a jacket?")
    page.keyboard.press("Enter")
    page.locator(".said.bot").nth(1).wait_for()
    assert page.locator(".said.customer .words").inner_text() == "Within how many days\ncan I return a jacket?"
    for name in ("Not helpful", "Helpful", "Source 1: Returning a jacket"):
        page.keyboard.press("Shift+Tab")
        assert focused(page) == name
    page.keyboard.press("Enter")
    assert page.locator(".passage").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".passage").count() == 0
    assert focused(page) == "Source 1: Returning a jacket"
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    assert focused(page) == "Open the chat"


def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus(visit):
    page = visit(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    dialog = open_chat(page)
    assert dialog.get_attribute("aria-modal") == "true"
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 780}
    box = dialog.get_by_label("Your message")
    assert box.evaluate("element => getComputedStyle(element).fontSize") == "16px"
    ask(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    dialog.get_by_role("button", name="Send").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Talk to a person"
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "Send"


def test_arabic_reads_from_right_to_left(visit):
    page = visit(path="/?data-locale=ar&data-open=true")
    dialog = page.get_by_role("dialog", name="المساعدة")
    dialog.wait_for()
    assert dialog.bounding_box()["x"] < 100
    assert dialog.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert page.locator(".said.bot .words").evaluate("element => element.matches(':dir(rtl)')")
    page.get_by_label("رسالتك").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".said.bot").nth(1).wait_for()
    assert (
        page.locator(".sentence").first.evaluate("element => getComputedStyle(element.parentElement).direction")
        == "ltr"
    )


def test_a_conversation_goes_on_after_a_reload_and_in_another_tab_without_cookies(visit):
    page = visit()
    open_chat(page)
    page.get_by_label("Your message").fill("not sent")
    assert kept(page) is None
    ask(page)
    page.get_by_label("Your message").fill("a draft")
    page.get_by_role("button", name="Helpful", exact=True).click()
    page.reload()
    open_chat(page)
    page.get_by_role("button", name="Source 1: Returning a jacket").wait_for()
    assert page.get_by_label("Your message").input_value() == "a draft"
    assert page.get_by_role("button", name="Helpful", exact=True).get_attribute("aria-pressed") == "true"
    assert page.locator(".said.customer").count() == 1
    other = page.context.new_page()
    other.goto("/")
    open_chat(other)
    other.locator(".said.customer").wait_for()
    assert page.context.cookies() == []
    assert "45 days" not in str(kept(page))
    other.get_by_role("button", name="More").click()
    other.get_by_role("button", name="Start a new conversation").click()
    assert kept(other) is None
    page.locator(".said.customer").wait_for(state="detached")


def test_nothing_is_kept_before_the_visitor_agrees_where_the_page_asks_for_that(visit):
    page = visit(path="/?data-consent=ask")
    open_chat(page)
    ask(page)
    assert kept(page) is None
    page.get_by_role("button", name="Yes, remember it").click()
    assert kept(page)["conversation"].startswith("con_")


def test_it_works_where_storage_is_blocked(visit):
    page = visit(script=BLOCKED_STORAGE)
    open_chat(page)
    ask(page)
    assert "45 days" in page.locator(".said.bot").last.inner_text()


def test_another_person_on_the_same_browser_finds_nothing(visit):
    page = visit()
    open_chat(page)
    ask(page)
    change_kept(page, "subject", "somebody")
    page.reload()
    open_chat(page)
    assert kept(page) is None
    assert page.locator(".said.customer").count() == 0


def test_a_customer_who_is_signed_in_goes_on_in_another_browser(visit):
    page = visit(path=f"/?data-identity={signed(claims(sub='customer-8'))}")
    open_chat(page)
    ask(page)
    other = visit(path=f"/?data-identity={signed(claims(sub='customer-8'))}")
    open_chat(other)
    other.get_by_role("button", name="Source 1: Returning a jacket").wait_for()
    other.evaluate("document.querySelector('openbook-chat').identify('')")
    assert other.locator(".said.customer").count() == 0


def test_hostile_words_run_nothing(visit, shop):
    page = visit()
    open_chat(page)
    ask(page, HOSTILE)
    page.locator(".cite").first.click()
    page.wait_for_selector(".passage[aria-busy=false]")
    assert "<script>" in page.locator(".passage").inner_text()
    assert page.locator(".passage a").count() == 0
    page.get_by_role("button", name="Talk to a person").click()
    page.get_by_text("Nobody is here right now").first.wait_for()
    shop.reply("<img src=x onerror='window.hacked=1'> javascript:alert(1) https://shop.example/<b>")
    message = page.locator(".said.operator .words")
    message.wait_for()
    assert "<img src=x" in message.inner_text()
    assert [a.get_attribute("href") for a in message.locator("a").all()] == ["https://shop.example/"]
    assert page.evaluate("window.hacked") is None


def test_the_page_cannot_look_inside(browser, shop):  # noqa: F811
    context = browser.new_context(base_url=shop.address)
    page = context.new_page()
    page.goto("/")
    page.wait_for_selector("openbook-chat", state="attached")
    assert page.evaluate("document.querySelector('openbook-chat').shadowRoot") is None
    context.close()


def test_a_question_back_is_answered_with_a_click(visit):
    page = visit()
    open_chat(page)
    ask(page, LOST)
    assert page.locator(".option").all_inner_texts() == READINGS
    page.get_by_role("button", name=READINGS[1]).dblclick()
    page.locator(".said.bot").nth(2).wait_for()
    assert "replaced in the app" in page.locator(".said.bot").last.inner_text()
    assert page.locator(".said.customer").count() == 2
    assert page.locator(".option").count() == 0


def test_without_a_connection_a_message_waits_and_is_sent_once(visit, shop):
    page = visit()
    open_chat(page)
    page.context.set_offline(True)
    page.get_by_label("Your message").fill(QUESTION)
    page.get_by_role("button", name="Send").dblclick()
    page.get_by_text("Not sent yet; trying again.").wait_for()
    page.context.set_offline(False)
    page.locator(".said.bot").nth(1).wait_for()
    assert page.get_by_text("Not sent yet").count() == 0
    assert shop.said(kept(page)["conversation"]) == ["customer", "bot"]
    visit.complaints.clear()


def test_an_answer_that_got_lost_on_its_way_is_fetched_without_asking_twice(visit, shop):
    page = visit()
    open_chat(page)
    lost = losing_first_answer(page)
    ask(page)
    assert len(lost) == 2 and lost[0] == lost[1]
    assert shop.said(kept(page)["conversation"]) == ["customer", "bot"]
    visit.complaints.clear()


def test_messages_that_were_not_sent_are_sent_once_after_a_reload(visit, shop):
    page = visit()
    open_chat(page)
    page.route("**/messages", lambda route: route.abort())
    page.get_by_label("Your message").fill(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_text("Not sent yet").wait_for()
    page.unroute("**/messages")
    page.reload()
    open_chat(page)
    page.locator(".said.bot").nth(1).wait_for()
    losing_first_answer(page)
    page.get_by_label("Your message").fill("Thank you!")
    page.keyboard.press("Enter")
    page.get_by_text("Not sent yet").wait_for()
    page.reload()
    open_chat(page)
    page.locator(".said.bot").nth(2).wait_for()
    page.locator(".stage:empty").wait_for(state="attached")
    assert page.locator(".said.customer").count() == 2
    assert shop.said(kept(page)["conversation"]).count("customer") == 2
    visit.complaints.clear()


def test_refusals_are_said_in_plain_words_and_nothing_is_lost(visit):
    page = visit()
    open_chat(page)
    box, note = page.get_by_label("Your message"), page.locator(".note").last
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After", "Retry-After": "120"}
    statuses = []
    page.route("**/messages", lambda route: route.fulfill(status=statuses[-1], headers=headers, json={}))
    for status, said in ((403, "cannot be used on this page"), (413, "too long"), (429, "sent in about 2 min")):
        statuses.append(status)
        box.fill(QUESTION)
        page.keyboard.press("Enter")
        note.get_by_text(said).wait_for()
        if status != 429:
            note.get_by_role("button", name="Edit").click()
            assert box.input_value() == QUESTION
    visit.complaints.clear()  # the browser itself complains of the status


def test_a_token_that_counts_no_more_is_replaced(visit):
    page = visit()
    open_chat(page)
    ask(page)
    change_kept(page, "token", "v1.x.y")
    page.get_by_label("Your message").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".said.bot").nth(2).wait_for()
    assert kept(page)["token"].startswith("v1.ey")
    assert "45 days" in page.locator(".said").last.inner_text()
    visit.complaints.clear()


def test_a_person_takes_over_and_is_seen_while_the_chat_is_closed(visit, shop):
    page = visit()
    dialog = open_chat(page)
    ask(page)
    dialog.get_by_role("button", name="Talk to a person").dblclick()
    dialog.get_by_text("Waiting for a person").wait_for()
    form = dialog.locator(".card")
    form.get_by_label("E-mail address").fill("ada@nowhere")
    form.get_by_role("button", name="Send").click()
    assert form.get_by_text("Please check this e-mail address.").is_visible()
    assert focused(page) is not None
    form.get_by_label("E-mail address").fill("ada@example.com")
    form.get_by_role("button", name="Send").dblclick()
    dialog.get_by_text("We will write to ada@example.com.").wait_for()
    assert shop.desk.conversation(kept(page)["conversation"]).contact == "ada@example.com"
    dialog.get_by_role("button", name="Close the chat").click()
    shop.reply("Hello, how can I help?")
    page.get_by_role("button", name="Open the chat. New messages: 1").click()
    assert "Anna" in dialog.locator(".said.operator .who").inner_text()
    assert dialog.get_by_text("Anna is with you.").is_visible()
    page.get_by_label("Your message").fill("About my parcel")
    page.keyboard.press("Enter")
    page.locator(".stage:empty").wait_for(state="attached")
    assert dialog.locator(".said.customer").count() == 2
    assert dialog.locator(".said.bot").count() == 2
    assert page.get_by_role("button", name="Open the chat", exact=True).count() == 1


def test_details_are_left_once_and_faults_are_said_at_their_fields(visit, shop):
    page = visit()
    dialog = open_chat(page)
    dialog.get_by_role("button", name="More").click()
    dialog.get_by_role("button", name="Leave your details").click()
    dialog.get_by_role("button", name="Send").click()
    email = dialog.get_by_label("E-mail address (required)")
    assert email.get_attribute("aria-invalid") == "true"
    assert dialog.get_by_text("Please tick this box first.").is_visible()
    email.fill("ada@example.com")
    dialog.get_by_label("You may write to me.").check()
    before = shop.leads()
    dialog.get_by_role("button", name="Send").dblclick()
    dialog.get_by_text("We have your details.").wait_for()
    assert shop.leads() == before + 1
    page.keyboard.press("Escape")
    assert focused(page) == "Your message"


def test_a_site_that_is_not_listed_is_told_so_in_the_console_and_shows_nothing(visit, shop):
    page = visit(address=shop.stranger)
    with page.expect_console_message(lambda message: "widget.origins" in message.text) as told:
        page.reload()
    assert f'widget.origins = ["{shop.stranger}"]' in told.value.text
    assert page.locator("openbook-chat").count() == 0
    assert page.get_by_role("button", name="Buy").is_visible()
    visit.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_any_colour(visit, scheme):
    page = visit(path="/?data-colour=navy&data-open=true", color_scheme=scheme)
    page.get_by_role("dialog").wait_for()
    ask(page)
    page.locator(".cite").click()
    assert faint(page) == []
    for colour in ("#ffd400", "#777777", "white"):
        page.evaluate(f"document.querySelector('openbook-chat').style.setProperty('--openbook-colour', '{colour}')")
        page.evaluate("document.querySelector('openbook-chat').open()")
        assert faint(page) == []


def test_the_page_hears_what_happens_and_may_set_the_colour(visit):
    page = visit()
    page.evaluate(
        """() => { window.heard = [];
        for (const name of ["open", "message", "close"])
          document.addEventListener(`openbook:${name}`, (event) => heard.push([name, event.detail.author ?? ""])); }"""
    )
    open_chat(page)
    ask(page)
    page.evaluate("document.querySelector('openbook-chat').close()")
    assert page.evaluate("heard") == [["open", ""], ["message", "bot"], ["close", ""]]


def test_the_page_of_our_own_shows_the_widget_and_its_tag(visit, shop):
    page = visit(address=shop.desk_address, path="/widget-demo")
    open_chat(page)
    ask(page)
    assert f'src="{shop.desk_address}/widget.js"' in page.locator("main pre").inner_text()
