# ruff: noqa: F401, F811 - fixtures are imported
"""The pages of the inbox as a browser without scripts gets them: what they show, and what their forms do."""

import json
import re
from datetime import timedelta

import httpx
import pytest

from openbook.server.inbox_view import lasting, parts_in_words
from openbook.stores.texts import erase_owners
from openbook.types import utc_now
from server.inbox_desk import (
    HOSTILE,
    KNOWN,
    UNSURE,
    client_of,
    people,
    session_of,
    sessions,
    submit,
    support,
    support_address,
    waits,
)
from server.running import events_of, page_of

PLACES = ["/inbox", "/inbox?show=mine", "/inbox?show=done", "/inbox?q=zzz", "/inbox/macros", "/inbox/corrections"]


def words_of(page, path):
    return " ".join(page.xpath(f"string({path})").split())


def answers_of(support, handoff):
    """The ids of the bot's answers in a conversation."""
    return [said.answer_id for said in support.conversation(handoff.conversation_id).messages if said.answer_id]


def test_every_page_is_named_labelled_and_free_of_scripts_of_its_own(client_of, support, people, waits):
    handoff, lea = waits(name="Berta"), client_of("Lea")
    support.put_macro("Named", "Hello {name}", person_id=people["Lea"])
    support.correct(answers_of(support, handoff)[0], "training", "Better", person_id=people["Lea"])
    for place in (*PLACES, f"/inbox/{handoff.id}"):
        page = page_of(lea.get(place))
        assert page.findtext("head/title").endswith("– Openbook") and len(page.findall(".//h1")) == 1
        identifiers = page.xpath("//@id")
        assert len(identifiers) == len(set(identifiers)), place
        for field in page.xpath("//textarea | //select | //input[@type != 'hidden'] | //input[not(@type)]"):
            assert field.get("aria-label") or page.xpath(f"//label[@for='{field.get('id')}']"), (place, field.get("id"))
        for form in page.xpath("//form[@method='post']"):
            assert form.xpath(".//input[@name='form_token']")
        assert not page.xpath("//@style | //@onclick | //script[not(@src)]")


def test_the_list_says_who_waits_why_and_for_how_long(client_of, waits):
    handoff = waits(KNOWN, name="Berta")
    page = page_of(client_of("Ana").get("/inbox"))
    row = words_of(page, f"//li[@id='row-{handoff.id}']")
    for words in ("Berta", KNOWN, "Waits less than a minute", "asked for a person"):
        assert words in row
    assert re.match(r"\(\d+\) Inbox", page.findtext("head/title"))
    assert "Visitor" in words_of(page_of(client_of("Ana").get(f"/inbox?q={waits().id}")), "//ol[@class='handoffs']")


def test_the_list_is_narrowed_to_mine_to_done_and_to_words(client_of, support, people, waits):
    handoff, ana = waits("Is the okapi asleep?"), client_of("Ana")

    def listed(place):
        return f"row-{handoff.id}" in ana.get(place).text

    assert listed("/inbox?show=waiting") and listed("/inbox") and not listed("/inbox?show=mine")
    support.claim(handoff.id, person_id=people["Ana"])
    assert listed("/inbox?show=mine") and listed("/inbox?show=open") and not listed("/inbox?show=waiting")
    assert "You have it" in ana.get("/inbox?show=mine").text
    assert "Ana" in words_of(page_of(client_of("Ben").get("/inbox?q=okapi")), "//ol[@class='handoffs']")
    support.resolve(handoff.id, person_id=people["Ana"])
    assert listed("/inbox?show=done") and not listed("/inbox") and listed("/inbox?q=okapi")
    assert not listed("/inbox?q=okapi&show=waiting")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/inbox?q=xylophone%25", "No hand-off has these words"),
        ("/inbox?show=waiting&queue=nothing", "Nobody waits"),
        ("/inbox?show=mine", "You have no conversation"),
        ("/inbox?show=done&queue=nothing", "Nothing is done yet"),
    ],
)
def test_an_empty_list_says_what_to_do(client_of, place, said):
    page = page_of(client_of("Lea").get(place))
    assert words_of(page, "//div[@class='empty']/h2") == said
    assert page.xpath("//div[@class='empty']//a")


def test_the_packet_is_on_one_screen(client_of, support, people, waits):
    handoff = waits(KNOWN, name="Berta", contact="berta@mail.example")
    answer = answers_of(support, handoff)[1]
    support.claim(handoff.id, person_id=people["Ana"])
    support.note(handoff.id, "She called before", person_id=people["Ben"])
    support.reply(handoff.id, "Hello, I am looking.", person_id=people["Ana"])
    page = page_of(client_of("Ana").get(f"/inbox/{handoff.id}"))
    shown = words_of(page, "//main")
    for words in (
        "Berta",
        "berta@mail.example",
        "The customer asked for a person.",
        "asked for a person",
        "You have it",
    ):
        assert words in shown
    log = page.xpath("//ol[@id='log']/li")
    authors = [item.get("data-author") for item in log]
    assert authors[:4] == ["customer", "bot", "customer", "bot"] and authors[-2:] == ["note", "operator"]
    assert "Note, not for the customer" in log[-2].text_content() and "Ben" in log[-2].text_content()
    assert "Ana" in log[-1].text_content()
    assert log[1].xpath(".//a[@class='cite']/@href")[0].startswith("/source/doc_")
    assert answer in page.xpath("//input[@name='answer_id']/@value")
    assert [item.text_content() for item in page.xpath("//ol[@class='steps']/li/strong")] == [
        "Handed over",
        "Claimed",
        "Replied",
    ]


def test_a_packet_of_an_unsure_answer_tells_sources_parts_and_a_suggestion(client_of, support):
    handoff = support.ask(UNSURE).handoff
    page = page_of(client_of("Ana").get(f"/inbox/{handoff.id}"))
    sources = page.xpath("//ol[@class='tried']/li")
    assert sources and sources[0].xpath("./a/@href")[0].startswith("/source/doc_")
    assert words_of(page, "//ol[@class='tried']/li[1]/p")
    rows = [words_of(row, ".") for row in page.xpath("//table[contains(@class, 'parts')]/tbody/tr")]
    assert rows and all("right answers" in row and "%" in row for row in rows)
    assert "to send" in words_of(page, "//section[@aria-labelledby='confidence-title']")
    suggestion = words_of(page, "//blockquote[@id='suggestion']")
    assert "3 kilograms" in suggestion
    used = page_of(client_of("Ana").get(f"/inbox/{handoff.id}?use=suggestion"))
    assert "3 kilograms" in used.xpath("string(//textarea[@id='reply'])")


def test_the_source_that_was_tried_opens_for_an_operator(client_of, support):
    handoff = support.ask(UNSURE).handoff
    ana = client_of("Ana")
    page = page_of(ana.get(f"/inbox/{handoff.id}"))
    for link in page.xpath("//ol[@class='tried']/li/a/@href"):
        assert ana.get(link).status_code == 200


def test_a_conversation_is_claimed_answered_noted_and_resolved_by_forms(client_of, support, waits):
    handoff, ana = waits(), client_of("Ana")
    place = f"/inbox/{handoff.id}"
    page = submit(ana, f"{place}/claim", ana.get(place))
    assert "You have it" in page.text
    page = submit(ana, f"{place}/reply", page, text="Hello, yes we do.", key="k1")
    submit(ana, f"{place}/reply", page, text="Hello, yes we do.", key="k1")
    page = submit(ana, f"{place}/note", page, text="Regular customer", key="k2")
    said = [message.text for message in support.conversation(handoff.conversation_id).messages]
    assert said.count("Hello, yes we do.") == said.count("Regular customer") == 1
    page = submit(ana, f"{place}/release", page)
    assert "A hand-off that is replied cannot be changed by release" in page.text
    assert "Resolved" in submit(ana, f"{place}/resolve", page).text
    assert support.handoff(handoff.id).state == "resolved"


def test_a_refused_reply_keeps_its_words_and_names_the_holder(client_of, waits):
    handoff, ana, ben = waits(), client_of("Ana"), client_of("Ben")
    place = f"/inbox/{handoff.id}"
    before = ben.get(place)
    submit(ana, f"{place}/claim", ana.get(place))
    refused = submit(ben, f"{place}/reply", before, text="My long words", key="k")
    assert refused.status_code == 409
    page = page_of(refused)
    assert "Already claimed: Ana has this conversation." in words_of(page, "//*[@role='alert']")
    assert page.xpath("string(//textarea[@id='reply'])") == "My long words"
    assert not page.xpath("//form[@data-act='take_over']")
    assert page_of(client_of("Lea").get(place)).xpath("//form[@data-act='take_over']")
    taken = submit(client_of("Lea"), f"{place}/take_over", client_of("Lea").get(place))
    assert "You have it" in taken.text


def test_the_bot_answers_again_when_it_gets_the_conversation_back(client_of, support, waits):
    handoff, ana = waits(), client_of("Ana")
    place = f"/inbox/{handoff.id}"
    page = submit(ana, f"{place}/claim", ana.get(place))
    assert support.ask(KNOWN, conversation_id=handoff.conversation_id).id.startswith("msg_")
    submit(ana, f"{place}/return", page)
    assert support.ask(KNOWN, conversation_id=handoff.conversation_id).decision == "send"


@pytest.mark.parametrize("name", ["Ada", "Cem", ""])
def test_nobody_else_does_anything(support_address, client_of, support, people, waits, name):
    handoff = waits()
    places = [f"/inbox/{handoff.id}/{what}" for what in ("claim", "take_over", "reply", "note", "corrections")]
    places += ["/inbox/macros", "/inbox/macros/mac_1/remove"]
    with httpx.Client(base_url=support_address) as anonymous:
        client = client_of(name) if name else anonymous
        for place in places:
            assert client.post(place, data={"form_token": "0" * 64, "text": "x"}).status_code == (403 if name else 303)
        reading = {"Ada": 200, "Cem": 403, "": 303}[name]
        for place in ("/inbox", f"/inbox/{handoff.id}", "/inbox/macros", "/inbox/corrections"):
            assert client.get(place).status_code == reading, place
        if name == "Ada":
            page = page_of(client.get(f"/inbox/{handoff.id}"))
            assert not page.xpath("//main//form[not(@action='/owner/sign-out')][@method='post']")
    assert support.handoff(handoff.id).state == "waiting"


def test_a_form_needs_its_token_and_the_right_role(client_of, waits):
    handoff, ben = waits(), client_of("Ben")
    for fields in ({}, {"form_token": "0" * 64}):
        assert ben.post(f"/inbox/{handoff.id}/claim", data=fields).status_code == 403
    page = ben.get(f"/inbox/{handoff.id}")
    assert submit(ben, f"/inbox/{handoff.id}/take_over", page).status_code == 403
    assert submit(ben, f"/inbox/{handoff.id}/dance", page).status_code == 404
    assert submit(ben, "/inbox/macros", page, name="Mine", body="Text").status_code == 403
    assert ben.get("/inbox/hnd_none").status_code == 404


def test_hostile_words_are_words(client_of, support, people, waits):
    handoff = waits(f"Is it {HOSTILE} asleep?", name=f"Mallory {HOSTILE}")
    support.put_macro(f"Macro {HOSTILE}", f"Text {HOSTILE}", person_id=people["Lea"])
    support.claim(handoff.id, person_id=people["Ana"])
    support.reply(handoff.id, f"Reply {HOSTILE}", person_id=people["Ana"])
    support.note(handoff.id, f"Note {HOSTILE}", person_id=people["Ana"])
    support.correct(answers_of(support, handoff)[1], "training", f"Better {HOSTILE}", person_id=people["Ana"])
    ana = client_of("Ana")
    for place in ("/inbox", f"/inbox?q={HOSTILE}", f"/inbox/{handoff.id}", "/inbox/macros", "/inbox/corrections"):
        text = ana.get(place).text
        assert HOSTILE not in text and "<img" not in text.replace('<img src="/static/icon.svg"', ""), place


def test_a_ready_made_reply_is_kept_changed_and_removed(client_of, support):
    lea = client_of("Lea")
    page = submit(lea, "/inbox/macros", lea.get("/inbox/macros"), name="Return label", body="Hello {name}!")
    assert "“Return label” is kept." in words_of(page_of(page), "//*[@role='status']")
    kept = next(macro for macro in support.macros() if macro.name == "Return label")
    twice = submit(lea, "/inbox/macros", page, name="Return label", body="My other words")
    assert twice.status_code == 400 and "There is a ready-made reply" in twice.text
    assert page_of(twice).xpath("string(//textarea[@id='body-new'])") == "My other words"
    submit(lea, "/inbox/macros", page, macro_id=kept.id, name="Return label", body="Hi {name}")
    assert next(macro.body for macro in support.macros() if macro.id == kept.id) == "Hi {name}"
    submit(lea, f"/inbox/macros/{kept.id}/remove", page)
    assert all(macro.id != kept.id for macro in support.macros())


@pytest.mark.parametrize(("name", "filled"), [("Berta", "Hello Berta, and bye Berta."), ("", "Hello, and bye.")])
def test_a_ready_made_reply_has_the_customer_s_name(client_of, support, people, waits, name, filled):
    macro = support.put_macro(f"For {name}", "Hello {name}, and bye {name}.", person_id=people["Lea"])
    handoff, ana = waits(name=name), client_of("Ana")
    page = page_of(ana.get(f"/inbox/{handoff.id}?use={macro.id}"))
    assert page.xpath("string(//textarea[@id='reply'])") == filled
    assert filled in page.xpath("//datalist[@id='macros']/option/@data-body")


def test_a_correction_becomes_a_draft_that_waits_with_the_owner(client_of, support, waits):
    handoff, ana = waits("Do you polish granite in Porto?"), client_of("Ana")
    answer, place = answers_of(support, handoff)[1], f"/inbox/{handoff.id}"
    fields = {"answer_id": answer, "kind": "article", "reply": "We polish granite.", "title": "Granite"}
    page = submit(ana, f"{place}/corrections", ana.get(place), **fields)
    assert "Kept as the draft of an article by Ana" in words_of(page_of(page), f"//div[@id='kept-{answer}']")
    waiting = client_of("Cem").get("/owner/waiting").text
    assert "Granite" in waiting and f"corrections/{answer}.md" in waiting
    again = ana.post(
        f"{place}/corrections",
        data={"form_token": re.search(r'name="form_token" value="(\w+)"', page.text)[1], **fields},
        headers={"Accept": "application/json"},
    ).json()
    assert (again["said"], again["fresh"]) == ("It is there already: the draft of an article, kept by Ana.", False)


def test_corrections_are_listed_and_downloaded(client_of, support, people, waits):
    handoff, ana, lea = waits("Do you polish slate in Faro?"), client_of("Ana"), client_of("Lea")
    for kind in ("evaluation", "training"):
        support.correct(answers_of(support, handoff)[1], kind, "We polish slate.", person_id=people["Ana"])
        assert ana.get(f"/inbox/corrections/{kind}.jsonl").status_code == 403
        response = lea.get(f"/inbox/corrections/{kind}.jsonl")
        assert "attachment" in response.headers["content-disposition"]
        assert any("We polish slate." in json.dumps(json.loads(line)) for line in response.text.splitlines())
    assert "We polish slate." in ana.get("/inbox/corrections").text
    assert lea.get("/inbox/corrections/article.jsonl").status_code == 404
    assert support.audit_log(action="inbox.corrections_exported")[0].person_id == people["Lea"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kind": "poem"}, 400),
        ({"reply": " "}, 400),
        ({"answer_id": "ans_none"}, 404),
        ({"answer_id": ""}, 404),
    ],
)
def test_a_correction_that_cannot_be_kept_is_said(client_of, support, waits, fields, status):
    handoff, ana = waits(), client_of("Ana")
    usual = {"answer_id": answers_of(support, handoff)[1], "kind": "training", "reply": "Better"}
    place = f"/inbox/{handoff.id}"
    assert submit(ana, f"{place}/corrections", ana.get(place), **usual | fields).status_code == status


def test_an_answer_of_another_conversation_is_not_corrected_here(client_of, support, waits):
    here, other, ana = waits(), waits(), client_of("Ana")
    fields = {"answer_id": answers_of(support, other)[0], "kind": "training", "reply": "Better"}
    assert submit(ana, f"/inbox/{here.id}/corrections", ana.get(f"/inbox/{here.id}"), **fields).status_code == 404


def test_the_stream_tells_that_something_happened_and_no_words(client_of, support, people, waits):
    handoff = waits()
    with client_of("Ana").stream("GET", "/inbox/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        told = response.iter_text()
        assert events_of(next(told)) == [("changed", '{"conversation_id": "", "what": "begin"}')]
        support.reply(handoff.id, "Hello there", person_id=people["Ana"])
        [(name, data)] = events_of(next(told))
    assert (name, json.loads(data)["conversation_id"]) == ("changed", handoff.conversation_id)
    assert "Hello there" not in data


def test_the_stream_of_nobody_ends_at_once(support_address, client_of):
    with httpx.Client(base_url=support_address) as anonymous:
        for client in (anonymous, client_of("Cem")):
            assert client.get("/inbox/events").status_code == 204


def test_what_is_late_is_marked(client_of, support, waits):
    handoff = waits("Is the gnu late?")
    support.parts.handoffs.raise_alarms("main", handoff.due_at)
    row = page_of(client_of("Ana").get("/inbox?q=gnu")).xpath(f"//li[@id='row-{handoff.id}']")[0]
    assert "alarmed" in row.get("class") and "Late" in row.text_content()


def test_erased_words_read_as_erased(client_of, support, waits):
    handoff = waits("Is the emu erased?")
    owners = [handoff.conversation_id, *answers_of(support, handoff)]
    support.parts.database.write(lambda connection: erase_owners(connection, "main", owners))
    shown = client_of("Ana").get(f"/inbox/{handoff.id}")
    assert shown.status_code == 200 and "(erased)" in shown.text and "emu" not in shown.text
    assert f"row-{handoff.id}" not in client_of("Ana").get("/inbox?q=emu").text


def test_times_and_parts_are_said_in_words():
    now = utc_now()
    lengths = [lasting(now - timedelta(seconds=seconds), now) for seconds in (0, 61, 7_200, 200_000)]
    assert lengths == ["less than a minute", "1 minute", "2 hours", "2 days"]
    parts = parts_in_words({"similarity": 0.7, "known_words": 0.2, "made_up": 0.5})
    assert [part.verdict for part in parts] == [
        "much lower than in right answers",
        "as in right answers",
        "as in right answers",
    ]
    assert parts[0].words == "The question's words stand in what was found" and parts[0].percent == 20
