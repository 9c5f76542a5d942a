"""A model of a support desk: whatever customer, operators and clock do, nothing is lost.

Used by the tests, briefly, and by `benchmarks/handoffs.py`, at length.
"""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from openbook import AskRequest, Desk
from openbook.errors import UserError
from openbook.types import Decision, HandoffEvent, HandoffState, utc_now
from openbook.types.handoff import after

WISH = "I want to speak to a human please"
QUESTION = "Within how many days can I return a jacket?"
ANNA, BEN = "per_anna", "per_ben"
OVER = (HandoffState.RETURNED, HandoffState.RESOLVED, HandoffState.EXPIRED)


def explore(desk, *, stories, steps):
    """Lets hypothesis tell stories over a desk; returns how often each step of the machine was walked."""

    class OverThisDesk(Story):
        pass

    OverThisDesk.desk, OverThisDesk.walked = desk, Counter()
    health = list(HealthCheck)
    usual = settings(max_examples=stories, stateful_step_count=steps, deadline=None, suppress_health_check=health)
    run_state_machine_as_test(OverThisDesk, settings=usual)
    return OverThisDesk.walked


class Story(RuleBasedStateMachine):
    """A customer, two operators and a clock, who do whatever comes to them; nothing may be lost."""

    desk: Desk
    walked: Counter

    @initialize()
    def begin(self):
        self.sent, self.replied, self.seen = [], [], 0
        first = self.desk.ask(WISH)
        self.conversation, self.handoff = first.conversation_id, first.handoff.id
        self.sent.append(WISH)

    def state(self):
        return self.desk.handoff(self.handoff).state

    def may(self, act, *arguments, **options):
        try:
            return act(*arguments, **options)
        except UserError:
            return None

    @rule(
        text=st.sampled_from([WISH, QUESTION, "🙂", "hello", "xkqz vvv", "<b>you idiots</b>"]), number=st.integers(0, 3)
    )
    def write(self, text, number):
        muted = self.state().mutes
        before = len(self.desk.conversation(self.conversation).messages)
        answer = self.desk.ask(AskRequest(f"{text} {number}", self.conversation))
        self.sent.append(f"{text} {number}")
        added = [message.author for message in self.desk.conversation(self.conversation).messages[before:]]
        assert added[0] == "customer"
        assert ("bot" in added) == (not muted)
        assert answer.text or answer.decision is Decision.HAND_OFF

    @rule(person=st.sampled_from([ANNA, BEN]), take_over=st.booleans())
    def claim(self, person, take_over):
        changed = self.may(self.desk.claim, self.handoff, person_id=person, take_over=take_over)
        assert changed is None or changed.claimed_by == person

    @rule(person=st.sampled_from([ANNA, BEN]), again=st.booleans())
    def reply(self, person, again):
        key = f"{self.handoff}-{len(self.replied)}"
        said = self.may(self.desk.reply, self.handoff, f"Reply {key}", person_id=person, idempotency_key=key)
        if said is not None:
            self.replied.append(said.id)
            if again:
                assert self.desk.reply(self.handoff, "x", person_id=person, idempotency_key=key).id == said.id

    @rule(person=st.sampled_from([ANNA, BEN]), act=st.sampled_from(["release", "return_to_bot", "resolve"]))
    def end(self, person, act):
        self.may(getattr(self.desk, act), self.handoff, person_id=person)

    @rule(hours=st.sampled_from([0, 1, 100]))
    def time_passes(self, hours):
        state, now = self.state(), utc_now() + timedelta(hours=hours)
        for act in ("raise_alarms", "release_forgotten", "expire_silent"):
            getattr(self.desk.parts.handoffs, act)("main", now)
        if state.waits:
            assert self.state().waits

    @precondition(lambda self: self.state() in OVER)
    @rule()
    def need_again(self):
        answer = self.desk.ask(WISH, conversation_id=self.conversation)
        self.sent.append(WISH)
        assert answer.handoff.id == self.handoff
        assert self.state() is HandoffState.REOPENED

    @invariant()
    def nothing_is_lost(self):
        said = self.desk.conversation(self.conversation).messages
        assert [message.text for message in said if message.author == "customer"] == self.sent
        assert [message.id for message in said if message.author == "operator"] == self.replied
        assert [message.ordinal for message in said] == list(range(len(said)))

    @invariant()
    def the_log_is_a_walk_through_the_machine(self):
        steps = self.desk.handoff(self.handoff).steps
        self.walked.update((before.state, step.event) for before, step in pairwise(steps[self.seen :]))
        self.seen = len(steps) - 1
        assert steps[0].event is HandoffEvent.OPEN
        for before, step in pairwise(steps):
            assert after(before.state, step.event) is step.state

    @invariant()
    def there_is_at_most_one_hand_off_and_its_holder_is_known(self):
        detail = self.desk.handoff(self.handoff)
        mine = [one for one in self.desk.handoffs(limit=10_000) if one.conversation_id == self.conversation]
        assert [one.id for one in mine] == ([self.handoff] if detail.state.is_open else [])
        assert bool(detail.claimed_by) >= detail.state.mutes
        assert not (detail.state.waits and detail.claimed_by)
        assert detail.due_at is not None or not detail.state.waits
