"""The answer page in a real browser: streaming, keyboard, small screens, hostile words."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from openbook import Desk
from openbook.server import create_app
from server.running import running
from server.shop import HOSTILE, LOST, QUESTION, READINGS

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STEPS = "How do I reset my password?"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs the dev extra: pip install -e '.[dev]'")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def opened(browser, address):
    """A page that complains of nothing until it is closed."""
    context = browser.new_context(base_url=address, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def page(browser, address):
    with opened(browser, address) as shown:
        yield shown


@pytest.fixture
def cards_page(browser, cards_address):
    with opened(browser, cards_address) as shown:
        yield shown


def ask(page, question):
    page.goto("/")
    page.get_by_label("What would you like to know?").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer")


def test_an_answer_streams_in_with_its_passage_beside_it(page):
    ask(page, QUESTION)
    assert "45 days" in page.locator("#answer-text").inner_text()
    assert page.locator("mark.current").count() == 1
    assert page.locator("#sources h3").first.inner_text() == "Returning a jacket"
    assert page.get_by_role("meter", name="Confidence in this answer").count() == 1
    assert page.locator("#stage").is_hidden()
    assert page.url.endswith("/")


def test_script_and_server_show_the_same_answer(page):
    ask(page, STEPS)
    streamed = page.locator("#answer-text").inner_text(), page.locator("#sources").inner_text()
    page.goto(f"/?q={STEPS}")
    assert (page.locator("#answer-text").inner_text(), page.locator("#sources").inner_text()) == streamed


def test_the_passages_are_reached_with_the_keyboard_alone(page):
    ask(page, STEPS)
    cites = page.locator(".cite")
    assert cites.count() >= 2
    page.keyboard.press("Tab")
    assert cites.nth(0).evaluate("element => element === document.activeElement")
    page.keyboard.press("ArrowRight")
    assert cites.nth(1).evaluate("element => element === document.activeElement")
    assert page.locator("mark.current").get_attribute("data-number") == cites.nth(1).inner_text()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert cites.last.evaluate("element => element === document.activeElement")
    page.keyboard.press("Enter")
    assert page.locator("mark.current").get_attribute("data-number") == cites.last.inner_text()


def test_a_click_on_a_sentence_shows_its_passage(page):
    ask(page, STEPS)
    last = page.locator(".claim[data-numbers]").last
    last.click()
    assert page.locator("mark.current").get_attribute("data-number") in last.get_attribute("data-numbers").split()


def test_the_card_leads_to_the_marked_passage_of_the_article(page):
    ask(page, QUESTION)
    quote = page.locator("mark.current").inner_text()
    page.locator("#sources h3 a").first.click()
    page.wait_for_selector("mark#passage")
    assert page.locator("mark#passage").inner_text() == quote


def test_a_wish_for_a_person_is_shown_as_that(page):
    ask(page, "I want to speak to a human")
    assert page.locator("#answer-title").inner_text() == "Passed to a person"
    assert page.locator("#sources").count() == 0
    assert page.locator("meter").count() == 0


def test_a_click_on_a_reading_answers_the_question_that_was_asked_back_about(cards_page):
    ask(cards_page, LOST)
    assert cards_page.locator("#answer-title").inner_text() == "One more detail, please"
    assert cards_page.locator(".options button").all_inner_texts() == READINGS
    assert cards_page.locator("#conversation").input_value().startswith("con_")
    cards_page.get_by_role("button", name=READINGS[1]).click()
    cards_page.wait_for_selector(".decision-send")
    assert "A lost membership card is replaced in the app." in cards_page.locator("#answer-text").inner_text()
    assert cards_page.locator(".options").count() == 0
    assert cards_page.locator("#sources h3").first.inner_text() == READINGS[1]
    assert cards_page.locator("#conversation").input_value() == ""


def test_a_reply_may_be_typed_instead_and_the_keyboard_reaches_the_readings(cards_page):
    ask(cards_page, LOST)
    cards_page.get_by_label("What would you like to know?").fill("It is the membership one")
    cards_page.keyboard.press("Enter")
    cards_page.wait_for_selector(".decision-send")
    assert "membership card is replaced" in cards_page.locator("#answer-text").inner_text()
    ask(cards_page, LOST)
    cards_page.keyboard.press("Tab")
    cards_page.keyboard.press("Enter")
    cards_page.wait_for_selector(".decision-send")
    assert "gift card is blocked" in cards_page.locator("#answer-text").inner_text()


def test_hostile_words_run_nothing(page):
    ask(page, HOSTILE)
    page.goto(f"/search?q={HOSTILE}")
    page.locator(".hit a").first.click()
    page.wait_for_selector("article.source")
    assert page.evaluate("window.hacked") is None


def test_an_unreachable_server_is_said_with_the_mend(browser, desk):
    with running(create_app(desk, turns=1)) as place:
        page = browser.new_page(base_url=place)
        page.goto("/")
    page.get_by_label("What would you like to know?").fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice")
    assert "could not be reached" in page.locator(".notice").inner_text()
    assert "try again" in page.locator(".notice").inner_text()
    page.close()


def test_without_scripts_the_form_still_answers(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("What would you like to know?").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    page.wait_for_selector("#answer")
    assert "45 days" in page.locator("#answer-text").inner_text()
    page.locator(".cite").first.click()
    assert page.locator("mark:target").count() == 1
    context.close()


def test_without_scripts_a_reading_is_a_button_too(browser, cards_address):
    context = browser.new_context(base_url=cards_address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/?q={LOST}")
    page.get_by_role("button", name=READINGS[0]).click()
    page.wait_for_selector(".decision-send")
    assert "gift card is blocked" in page.locator("#answer-text").inner_text()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_back_fits_a_small_screen_and_stands_out(browser, cards_address, scheme):
    viewport = {"width": 360, "height": 700}
    context = browser.new_context(
        base_url=cards_address, viewport=viewport, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"/?q={LOST}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(CONTRAST) == []
    assert all(
        box["height"] >= 24 for box in (button.bounding_box() for button in page.locator(".options button").all())
    )
    context.close()


@pytest.mark.parametrize("path", ["/", f"/?q={QUESTION}", f"/?q={STEPS}", "/search?q=jacket", "/owner", "/nothing"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_small_screen(browser, address, path, scheme):
    context = browser.new_context(base_url=address, viewport={"width": 360, "height": 700}, color_scheme=scheme)
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


CONTRAST = """() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = numbers(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const pair = [light(numbers(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 4.5) found.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return found;
}"""


@pytest.mark.parametrize("path", ["/", f"/?q={STEPS}", "/?q=human please", "/search?q=jacket", "/owner", "/nothing"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_ground(browser, address, path, scheme):
    context = browser.new_context(base_url=address, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(path)
    page.wait_for_load_state("load")
    assert page.evaluate(CONTRAST) == []
    context.close()


def test_the_owner_signs_in_and_out(browser, tmp_path):
    with Desk.open(tmp_path / "desk", must_hold=True) as desk, running(create_app(desk, turns=1)) as place:
        page = browser.new_page(base_url=place)
        page.goto(f"/owner/{desk.doorkeeper.new_link()}")
        assert page.get_by_role("heading", name="What this desk knows").is_visible()
        page.get_by_role("button", name="Sign out").click()
        desk.doorkeeper.set_password("a long enough password")
        page.goto("/owner")
        page.get_by_label("Password").fill("a long enough password")
        page.get_by_role("button", name="Sign in").click()
        assert page.get_by_role("heading", name="What this desk knows").is_visible()
        page.close()
