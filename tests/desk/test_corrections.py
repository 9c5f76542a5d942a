"""Corrections, ready-made replies and the list of the inbox, as verbs of a desk."""

import json

import pytest

from openbook import Desk
from openbook.errors import NotFound, UserError
from openbook.evals.dataset import read_dataset
from openbook.models import HashEmbedder
from openbook.stores.texts import erase_owners
from openbook.types import HandoffState
from openbook.types.correction import CorrectionKind

ARTICLE = "# Gift cards\n\nA gift card is valid for 24 months from the day of purchase.\n"
KNOWN = "For how many months is a gift card valid?"
UNKNOWN = "Do you polish marble floors in Lisbon?"
RIGHT = "We polish floors of stone in all of Portugal."


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corrections") / "desk"
    with Desk.open(folder, must_hold=True, settings={"threshold": 0.3}, embedder=HashEmbedder()) as opened:
        opened.put_document("gift.md", ARTICLE)
        yield opened


@pytest.fixture(scope="module")
def ana(desk):
    return desk.add_person("ana@shop.example", name="Ana", role="operator").id


@pytest.fixture
def handed_over(desk):
    """Makes a conversation whose second question a person answered; returns its last answer and the hand-off."""

    def make(question=UNKNOWN, name=""):
        first = desk.ask(KNOWN, channel="web")
        if name:
            desk.leave_contact(first.conversation_id, name=name)
        answer = desk.ask(question, conversation_id=first.conversation_id, channel="web")
        detail = desk.fetch_person(first.conversation_id)
        return answer, detail

    return make


def test_a_correction_is_kept_once_for_each_kind(desk, ana, handed_over):
    answer, _ = handed_over()
    kept = desk.correct(answer.id, "evaluation", RIGHT, person_id=ana)
    assert kept.fresh and (kept.question, kept.reply) == (UNKNOWN, RIGHT)
    again = desk.correct(answer.id, "evaluation", "Something else", person_id=ana)
    assert not again.fresh and (again.id, again.reply, again.name) == (kept.id, RIGHT, "Ana")
    assert desk.correct(answer.id, "training", RIGHT, person_id=ana).fresh
    kinds = [one.kind for one in desk.corrections(conversation_id=answer.conversation_id)]
    assert sorted(kinds) == [CorrectionKind.EVALUATION, CorrectionKind.TRAINING]


def test_a_correction_is_noted_as_a_fact_and_in_the_audit_log(desk, ana, handed_over):
    answer, _ = handed_over()
    desk.correct(answer.id, "training", RIGHT, person_id=ana)
    entry = desk.audit_log(action="inbox.corrected")[0]
    assert (entry.person_id, entry.object, entry.detail["kind"]) == (ana, answer.id, "training")
    assert RIGHT not in json.dumps(entry.to_dict())


@pytest.mark.parametrize(
    ("kind", "reply", "said"),
    [
        ("poem", RIGHT, "There is no kind of correction 'poem'."),
        ("training", " \n ", "What should have been answered is empty."),
        ("training", "x" * 20_001, "What should have been answered has 20,001 characters."),
    ],
)
def test_what_cannot_be_kept_is_said(desk, ana, handed_over, kind, reply, said):
    answer, _ = handed_over()
    with pytest.raises(UserError) as caught:
        desk.correct(answer.id, kind, reply, person_id=ana)
    assert caught.value.message == said
    with pytest.raises(NotFound, match="There is no answer 'ans_none' to correct"):
        desk.correct("ans_none", "training", RIGHT, person_id=ana)


def test_cases_can_be_evaluated_and_name_no_customer(desk, ana, handed_over, tmp_path):
    answer, _ = handed_over(f"I am Berta Lindqvist, berta@mail.example. {UNKNOWN}", name="Berta Lindqvist")
    desk.correct(answer.id, "evaluation", f"Hello Berta Lindqvist, {RIGHT}", person_id=ana)
    line = next(line for line in desk.export_corrections("evaluation") if answer.id in line)
    assert "Berta" not in line and "berta@" not in line and "Lisbon" in line
    file = tmp_path / "cases.jsonl"
    file.write_text(line, "utf-8")
    [case] = read_dataset(file)
    assert case.answerable and RIGHT in case.answer and case.audience == "public"
    assert case.history[0] == {"from": "customer", "text": KNOWN} and case.history[1]["from"] == "bot"


def test_examples_hold_the_conversation_up_to_the_question_and_no_note(desk, ana, handed_over):
    answer, detail = handed_over()
    desk.note(detail.id, "A secret among colleagues", person_id=ana)
    desk.correct(answer.id, "training", RIGHT, person_id=ana)
    line = next(line for line in desk.export_corrections("training") if answer.id in line)
    example = json.loads(line)
    assert "secret" not in line
    assert [said["role"] for said in example["messages"]] == ["user", "assistant", "user", "assistant"]
    assert [said["content"] for said in example["messages"]][2:] == [UNKNOWN, RIGHT]
    assert example["provenance"]["answer_id"] == answer.id and example["provenance"]["person_id"] == ana
    with pytest.raises(UserError, match="Drafts of articles are no dataset"):
        desk.export_corrections("article")


def test_a_draft_waits_and_answers_once_it_is_approved(desk, ana, handed_over):
    answer, _ = handed_over()
    kept = desk.correct(answer.id, "article", RIGHT, person_id=ana, title='Marble: "floors"\n---\naudience: internal')
    document = next(item for item in desk.documents() if item.id == kept.document_id)
    assert (document.status, document.audiences) == ("draft", ("public",))
    assert document.path == f"corrections/{answer.id}.md" and document.title.startswith('Marble: "floors"')
    assert RIGHT not in desk.ask("Do you polish floors of stone in Portugal?").text
    desk.approve(document.id)
    found = desk.ask("Do you polish floors of stone in Portugal?")
    assert RIGHT in found.text and found.citations[0].document_id == document.id
    assert not desk.correct(answer.id, "article", "Changed", person_id=ana).fresh
    assert RIGHT in desk.version(document.id, document.version, audiences=("public",)).source_text


def test_the_title_of_a_draft_is_the_question_without_the_customer(desk, ana, handed_over):
    answer, _ = handed_over("I am Berta Lindqvist: do you sell tents?", name="Berta Lindqvist")
    kept = desk.correct(answer.id, "article", "We sell tents.", person_id=ana)
    document = next(item for item in desk.documents() if item.id == kept.document_id)
    assert "tents" in document.title and "Berta" not in document.title


def test_erased_words_are_gone_from_corrections_too(desk, ana, handed_over):
    answer, detail = handed_over()
    desk.correct(answer.id, "training", RIGHT, person_id=ana)
    desk.parts.database.write(lambda connection: erase_owners(connection, "main", [detail.conversation_id, answer.id]))
    [kept] = desk.corrections(conversation_id=detail.conversation_id)
    assert (kept.question, kept.reply) == (None, None)
    assert not any(answer.id in line for line in desk.export_corrections("training"))
    with pytest.raises(UserError, match="The question of this answer was erased"):
        desk.correct(answer.id, "evaluation", RIGHT, person_id=ana)


def test_a_ready_made_reply_is_kept_under_one_name(desk, ana):
    kept = desk.put_macro("  Return   label ", "Hello {name}, here it is.", person_id=ana)
    assert kept.name == "Return label"
    with pytest.raises(UserError, match="There is a ready-made reply 'Return label' already"):
        desk.put_macro("Return label", "Another", person_id=ana)
    changed = desk.put_macro("Return label", "Hi {name}!", person_id=ana, macro_id=kept.id)
    assert (changed.id, changed.body) == (kept.id, "Hi {name}!")
    assert desk.audit_log(action="inbox.macro_saved")[0].object == kept.id
    assert desk.remove_macro(kept.id, person_id=ana).id == kept.id
    with pytest.raises(NotFound, match="There is no ready-made reply"):
        desk.remove_macro(kept.id, person_id=ana)
    with pytest.raises(NotFound):
        desk.put_macro("Never kept", "Text", person_id=ana, macro_id="mac_none")
    with pytest.raises(UserError, match="The name of a ready-made reply is empty"):
        desk.put_macro(" ", "Text", person_id=ana)


def test_who_waits_longest_comes_first_and_what_somebody_has_behind(desk, ana, handed_over):
    details = [handed_over()[1] for _ in range(3)]
    desk.claim(details[0].id, person_id=ana)
    mine = {detail.id for detail in details}
    found = desk.inbox(states=("waiting", "claimed"), limit=500)
    assert [row.handoff.id for row in found.rows if row.handoff.id in mine] == [
        details[1].id,
        details[2].id,
        details[0].id,
    ]
    held = next(row for row in found.rows if row.handoff.id == details[0].id)
    assert (held.holder, held.handoff.state) == ("Ana", HandoffState.CLAIMED)
    assert held.question == UNKNOWN and found.waiting >= 2
    assert [row.handoff.id for row in desk.inbox(holder=ana, states=("claimed",)).rows] == [details[0].id]


def test_a_list_that_is_cut_keeps_who_waits_longest(desk, handed_over):
    details = [handed_over()[1] for _ in range(3)]
    cut = desk.inbox(states=("waiting",), limit=1)
    assert cut.more and cut.rows[0].handoff.created_at <= details[0].created_at


@pytest.mark.parametrize("words", ["quokka", "QUOKKA enclosure", "Bärbel", "bärbel", "b@rbel.example", "100%_sure"])
def test_words_names_addresses_are_found(desk, handed_over, words):
    _, detail = handed_over("Is the quokka enclosure open? I am 100%_sure it was.", name="Bärbel")
    desk.leave_contact(detail.conversation_id, contact="b@rbel.example")
    assert detail.id in {row.handoff.id for row in desk.inbox(words=words, limit=500).rows}


def test_what_is_looked_for_is_taken_as_it_is(desk, handed_over):
    answer, detail = handed_over("Is the wombat enclosure open?")
    for words in ("%", "_", "\\", "wombat%", "quokka wombat", "' or 1=1 --"):
        assert detail.id not in {row.handoff.id for row in desk.inbox(words=words).rows}, words
    for identifier in (detail.id, detail.conversation_id, answer.id):
        found = desk.inbox(words=identifier).rows
        assert {row.handoff.conversation_id for row in found} <= {detail.conversation_id}
    assert [row.handoff.id for row in desk.inbox(words=detail.conversation_id).rows] == [detail.id]


def test_a_list_that_cannot_be_made_is_said(desk):
    with pytest.raises(UserError, match="There is no state 'sleeping' of a hand-off"):
        desk.inbox(states=("sleeping",))
    with pytest.raises(UserError, match="501 hand-offs cannot be asked for"):
        desk.inbox(limit=501)
