"""Hand-offs: every step of the machine, what the customer hears, and that none is ever lost."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import update

from conversation.handoff_story import ANNA, BEN, OVER, QUESTION, WISH, explore
from openbook import AskRequest, Desk
from openbook.errors import NotFound, UserError
from openbook.models import HashEmbedder
from openbook.stores.facts import facts_of
from openbook.stores.schema import handoffs
from openbook.types import Decision, HandoffEvent, HandoffState, utc_now
from openbook.types.handoff import TRANSITIONS, after


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handoffs") / "desk"
    with Desk.open(folder, must_hold=True, embedder=HashEmbedder(), settings={"threshold": 0.3}) as opened:
        opened.put_document("returns.md", "# Returns\n\nYou can return a jacket within 45 days of delivery.")
        yield opened


@pytest.fixture
def waiting(desk):
    """A conversation that asked for a person."""
    answer = desk.ask(WISH)
    return desk.handoff(answer.handoff.id)


def authors(desk, detail):
    return [message.author for message in desk.conversation(detail.conversation_id).messages]


def says(desk, detail, text, **options):
    return desk.ask(text, conversation_id=detail.conversation_id, **options)


# ------------------------------------------------------------------ the machine


def test_every_state_can_be_reached_and_left():
    reached = set(TRANSITIONS.values())
    assert reached | {HandoffState.WAITING} == set(HandoffState)
    assert {state for state, _ in TRANSITIONS} == set(HandoffState)


def test_what_nobody_has_answered_never_ends_by_itself():
    for state in HandoffState:
        allowed = after(state, HandoffEvent.EXPIRE) is not None
        assert allowed == (state is HandoffState.REPLIED), state


def test_a_customer_can_always_write_while_it_is_open():
    for state in HandoffState:
        assert (after(state, HandoffEvent.WRITE) is not None) == state.is_open, state


def test_whatever_is_over_can_be_reopened_and_nothing_else():
    for state in HandoffState:
        assert (after(state, HandoffEvent.REOPEN) is not None) == (state in OVER), state


@pytest.mark.parametrize(
    ("state", "event"), [pair for pair in product(HandoffState, HandoffEvent) if pair not in TRANSITIONS]
)
def test_a_step_that_is_not_written_down_is_refused(state, event):
    assert after(state, event) is None


# ---------------------------------------------------------------- one by one


def test_a_hand_off_is_acknowledged_to_the_customer(desk, waiting):
    assert authors(desk, waiting) == ["customer", "bot", "notice"]
    assert "10 minutes" in desk.conversation(waiting.conversation_id).messages[-1].text


def test_the_bot_is_silent_while_a_person_has_the_conversation(desk, waiting):
    desk.claim(waiting.id, person_id=ANNA)
    answer = says(desk, waiting, QUESTION)
    assert (answer.decision, answer.handoff.state) == (Decision.HAND_OFF, "claimed")
    assert "45 days" not in answer.text
    assert authors(desk, waiting)[-1] == "customer"
    with pytest.raises(NotFound):
        desk.receipt(answer.id)


def test_the_bot_answers_while_nobody_has_it_and_the_hand_off_stays(desk, waiting):
    assert says(desk, waiting, QUESTION).decision is Decision.SEND
    assert desk.handoff(waiting.id).state is HandoffState.WAITING


def test_a_second_need_while_waiting_opens_no_second_hand_off(desk, waiting):
    again = says(desk, waiting, "Please connect me with a human")
    assert again.handoff.id == waiting.id
    assert authors(desk, waiting).count("notice") == 1


def test_a_returned_conversation_is_the_bot_s_again(desk, waiting):
    desk.claim(waiting.id, person_id=ANNA)
    desk.return_to_bot(waiting.id, person_id=ANNA)
    assert says(desk, waiting, QUESTION).decision is Decision.SEND


def test_a_need_that_comes_back_soon_reopens_its_hand_off(desk, waiting):
    desk.reply(waiting.id, "Hello!", person_id=ANNA)
    desk.resolve(waiting.id, person_id=ANNA)
    again = says(desk, waiting, WISH)
    detail = desk.handoff(waiting.id)
    assert (again.handoff.id, detail.state, detail.claimed_by) == (waiting.id, HandoffState.REOPENED, "")
    assert detail.answer_id == again.id


def test_two_operators_do_not_collide(desk, waiting):
    desk.claim(waiting.id, person_id=ANNA)
    for act in (desk.claim, desk.resolve, desk.return_to_bot, desk.release):
        with pytest.raises(UserError, match="Somebody else has this conversation"):
            act(waiting.id, person_id=BEN)
    with pytest.raises(UserError, match="Somebody else"):
        desk.reply(waiting.id, "Me too", person_id=BEN)
    assert desk.claim(waiting.id, person_id=BEN, take_over=True).claimed_by == BEN


def test_a_second_click_on_claim_changes_nothing(desk, waiting):
    desk.claim(waiting.id, person_id=ANNA)
    steps = desk.handoff(waiting.id).steps
    desk.claim(waiting.id, person_id=ANNA)
    assert desk.handoff(waiting.id).steps == steps


def test_a_reply_that_is_sent_twice_is_said_once(desk, waiting):
    first = desk.reply(waiting.id, "Hello!", person_id=ANNA, idempotency_key=f"r-{waiting.id}")
    assert desk.reply(waiting.id, "Hello!", person_id=ANNA, idempotency_key=f"r-{waiting.id}") == first
    assert authors(desk, waiting).count("operator") == 1


def test_a_message_that_is_sent_twice_to_a_person_is_kept_once(desk, waiting):
    desk.claim(waiting.id, person_id=ANNA)
    request = AskRequest("Are you there?", waiting.conversation_id, idempotency_key=f"m-{waiting.id}")
    first = desk.ask(request)
    desk.return_to_bot(waiting.id, person_id=ANNA)
    assert desk.ask(request).id == first.id
    assert authors(desk, waiting).count("customer") == 2


def test_notes_are_for_operators_alone(desk, waiting):
    desk.note(waiting.id, "Knows the boss", person_id=BEN)
    shown = desk.conversation(waiting.conversation_id, with_notes=False)
    assert "note" not in [message.author for message in shown.messages]
    assert desk.packet(waiting.id).messages[-1].text == "Knows the boss"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_reply_is_refused(desk, waiting, text):
    with pytest.raises(UserError, match="empty"):
        desk.reply(waiting.id, text, person_id=ANNA)


def test_an_unknown_hand_off_is_said_to_be(desk):
    with pytest.raises(NotFound, match="hnd_nowhere"):
        desk.claim("hnd_nowhere", person_id=ANNA)


def test_a_weightier_message_sharpens_a_hand_off_that_waits(desk):
    unsure = desk.ask("Is the jacket with tags fit for a wedding in delivery?")
    assert desk.handoff(unsure.handoff.id).rule == ""
    worse = desk.ask("I am going to kill myself", conversation_id=unsure.conversation_id)
    detail = desk.handoff(unsure.handoff.id)
    assert (worse.handoff.id, detail.rule, detail.queue) == (unsure.handoff.id, "self_harm", "safety")
    assert desk.packet(detail.id).question == "I am going to kill myself"


def test_the_button_is_a_wish_too_and_is_not_talked_away(desk):
    unsure = desk.ask("jacket tags wedding")
    if unsure.handoff is None:
        pytest.skip(f"it was decided {unsure.decision}")
    desk.fetch_person(unsure.conversation_id)
    desk.ask(QUESTION, conversation_id=unsure.conversation_id)
    detail = desk.handoff(unsure.handoff.id)
    assert (detail.rule, detail.state) == ("wants_person", HandoffState.WAITING)


def test_no_second_person_comes_in_by_an_old_hand_off(desk, waiting):
    desk.reply(waiting.id, "Hello!", person_id=ANNA)
    desk.resolve(waiting.id, person_id=ANNA)
    long_ago = utc_now() - timedelta(days=9)
    desk.parts.database.write(
        lambda connection: connection.execute(
            update(handoffs).where(handoffs.c.id == waiting.id).values(updated_at=long_ago)
        )
    )
    newer = says(desk, waiting, WISH).handoff.id
    assert newer != waiting.id
    with pytest.raises(UserError, match="a newer hand-off"):
        desk.reply(waiting.id, "Me again", person_id=ANNA)


def test_an_answer_that_reopened_a_hand_off_replays(desk, waiting):
    desk.resolve(waiting.id, person_id=ANNA)
    again = says(desk, waiting, WISH)
    replay = desk.replay(again.id)
    assert (replay.identical, replay.differences) == (True, ())


def test_no_word_of_a_customer_stands_in_the_log(desk):
    answer = desk.ask("What does error code XQ-99317 of the jacket mean?")
    detail = desk.handoff(answer.handoff.id)
    assert "XQ-99317" in answer.reason
    assert "99317" not in repr(detail)
    assert "XQ-99317" in desk.packet(detail.id).handoff.reason


# ---------------------------------------------------------------------- clock


def test_an_alarm_is_raised_once_it_is_due_and_again_after_that(desk, waiting):
    raise_alarms = desk.parts.handoffs.raise_alarms
    assert desk.handoff(waiting.id).alarms == 0
    raise_alarms("main", waiting.due_at)
    raise_alarms("main", waiting.due_at)
    assert desk.handoff(waiting.id).alarms == 1
    raise_alarms("main", waiting.due_at + timedelta(minutes=10))
    assert desk.handoff(waiting.id).alarms == 2
    assert authors(desk, waiting).count("notice") == 2


def test_no_alarm_is_raised_for_what_somebody_has(desk, waiting):
    desk.claim(waiting.id, person_id=ANNA)
    desk.parts.handoffs.raise_alarms("main", utc_now() + timedelta(days=1))
    assert desk.handoff(waiting.id).alarms == 0


def test_a_claim_without_a_reply_is_taken_back_however_much_the_customer_writes(desk, waiting):
    desk.claim(waiting.id, person_id=ANNA)
    desk.parts.database.write(
        lambda connection: connection.execute(
            update(handoffs).where(handoffs.c.id == waiting.id).values(updated_at=utc_now() - timedelta(minutes=31))
        )
    )
    says(desk, waiting, "Is anybody there?")
    desk.parts.handoffs.release_forgotten("main", utc_now())
    assert desk.handoff(waiting.id).state is HandoffState.WAITING


def test_a_claim_without_a_reply_is_taken_back(desk, waiting):
    desk.claim(waiting.id, person_id=ANNA)
    desk.parts.handoffs.release_forgotten("main", utc_now() + timedelta(minutes=31))
    detail = desk.handoff(waiting.id)
    assert (detail.state, detail.claimed_by) == (HandoffState.WAITING, "")
    assert detail.due_at is not None


def test_a_hand_off_with_a_reply_ends_in_silence_and_one_without_does_not(desk, waiting):
    other = desk.handoff(desk.ask(WISH).handoff.id)
    desk.reply(waiting.id, "Hello!", person_id=ANNA)
    desk.parts.handoffs.expire_silent("main", utc_now() + timedelta(days=30))
    assert desk.handoff(waiting.id).state is HandoffState.EXPIRED
    assert desk.handoff(other.id).state is HandoffState.WAITING


# ------------------------------------------------------------------- failures


class Broken:
    """A searcher that fails."""

    def search(self, query):
        raise RuntimeError("the index is on fire")


def test_an_answer_that_fails_ends_with_a_person(desk):
    parts = desk.parts
    desk._parts = replace(parts, turn=replace(parts.turn, searcher=Broken()))
    try:
        answer = desk.ask(QUESTION)
    finally:
        desk._parts = parts
    assert (answer.decision, answer.reason) == (Decision.HAND_OFF, "The answer failed: RuntimeError.")
    assert desk.handoff(answer.handoff.id).rule == "failed"
    assert desk.packet(answer.handoff.id).question == QUESTION
    with pytest.raises(UserError, match="could not be made"):
        desk.replay(answer.id)


def test_a_late_answer_finds_what_was_rescued(desk):
    request = AskRequest(QUESTION, idempotency_key="late")
    rescued = desk.rescue(request, why="slow")
    assert desk.ask(request).id == rescued.id
    assert [message.author for message in desk.conversation(rescued.conversation_id).messages] == [
        "customer",
        "bot",
        "notice",
    ]


# ------------------------------------------------------------------ exploring


def test_whatever_customer_operators_and_clock_do_nothing_is_lost(desk):
    walked = explore(desk, stories=12, steps=20)
    assert len(walked) > len(TRANSITIONS) / 2


def test_what_happened_is_kept_as_facts(desk, waiting):
    desk.reply(waiting.id, "Hello!", person_id=ANNA)
    desk.resolve(waiting.id, person_id=ANNA)
    with desk.parts.database.read() as connection:
        kinds = [fact.kind.value for fact in facts_of(connection, "main", waiting.conversation_id)]
    assert kinds == ["handed_over", "replied", "resolved"]
