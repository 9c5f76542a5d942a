"""What would have happened on past tickets: counts, shares, what agrees, what to look at first."""

import json
import math
from dataclasses import replace

import pytest

from evals.backtests import ELSE, TOLD, rehearsal, ticket
from openbook.errors import UserError
from openbook.evals.backtest import backtest
from openbook.evals.ticket_outcome import outcome_of, reason_kind
from openbook.models import HashEmbedder
from openbook.types import Decision

PAIRS = [
    (ticket(1), rehearsal(0.9)),
    (ticket(2, told=ELSE), rehearsal(0.8)),
    (ticket(3, told=""), rehearsal(0.95)),
    (ticket(4), rehearsal(0.65, said=ELSE, title="Kettles")),
    (ticket(15, queue="kettles"), rehearsal(0.2)),
    (ticket(16), rehearsal(0.99, sendable=False, reason="The customer asked for a person.")),
]


def run(pairs=PAIRS, **options):
    by_id = {ticket.id: made for ticket, made in pairs}
    given = {"embed": HashEmbedder().embed, "threshold": 0.7, **options}
    tickets = [ticket for ticket, _ in pairs]
    return backtest(tickets, rehearse=lambda asked: (by_id[each.id] for each in asked), **given)


def test_shares_reasons_sources_and_groups_count_every_ticket():
    result = run()
    assert (result.tickets, result.now.answered.value, result.decisions) == (6, 0.5, {"hand_off": 3, "send": 3})
    assert result.kinds == {"answered": 3, "confidence below the threshold": 2, "asked for a person": 1}
    assert result.sources == {"Boxes": 3}
    assert [(month.name, month.tickets) for month in result.months] == [("2025-01", 4), ("2025-02", 2)]
    assert [(queue.name, queue.tickets) for queue in result.queues] == [("boxes", 5), ("kettles", 1)]
    assert sum(result.kinds.values()) == sum(result.decisions.values()) == result.tickets
    json.dumps(result.to_dict())


def test_other_thresholds_never_send_what_a_rule_keeps_back():
    at = {each.threshold: each for each in run().thresholds}
    assert [round(6 * at[limit].answered.value) for limit in (0.3, 0.6, 0.7, 0.8, 0.9)] == [4, 4, 3, 3, 2]
    assert at[0.7] == run().now


def test_agreement_counts_only_where_a_reply_can_be_compared():
    result = run()
    assert (result.now.agreeing.cases, result.now.agreeing.value, result.now.differing.value) == (2, 0.5, 0.5)
    assert [each.agrees for each in result.outcomes[:3]] == ["agrees", "differs", "cannot say"]
    assert result.outcomes[2].agreement is None
    assert math.isnan(next(each for each in run(PAIRS[4:]).thresholds).agreeing.value)


def test_the_surest_that_differ_come_first_and_what_a_rule_keeps_back_is_no_example():
    examples = run().examples
    assert (examples.differing, examples.agreeing, examples.withheld) == (("2",), ("1",), ("4", "15"))


def test_the_same_run_gives_the_same():
    first, again = run(), run()
    assert json.dumps({**again.to_dict(), "seconds": 0}) == json.dumps({**first.to_dict(), "seconds": 0})


def test_topics_stand_in_where_neither_queue_nor_tag_says_it():
    asked = [replace(ticket(number, queue=""), tags=()) for number in range(3)]
    result = run([(each, rehearsal(0.9)) for each in asked])
    [group] = result.queues
    assert (group.tickets, set(group.name.split(", "))) == (3, {"box", "open", "red"})


def test_tickets_that_ask_nothing_are_left_out_and_counted():
    silent = ticket(9, asked=" ")
    result = run([*PAIRS, (silent, rehearsal(0.9))], left_out={"no time": 2})
    assert (result.tickets, result.left_out) == (6, {"no time": 2, "ask nothing": 1})
    with pytest.raises(UserError, match="None of 1 tickets asks anything"):
        run([(silent, rehearsal(0.9))])


@pytest.mark.parametrize(
    ("decision", "reason", "kind"),
    [
        (Decision.SEND, "Confidence 0.80 reaches the threshold 0.70.", "answered"),
        (Decision.CLARIFY, "The question fits 2 places about equally well: A; B.", "asked back"),
        (Decision.HAND_OFF, "“E-21” stands nowhere in the knowledge.", "names a code that is not in the knowledge"),
        (Decision.HAND_OFF, "Confidence 0.10 for the part of 2 that is answered worst is below the threshold 0.70: x.",
         "confidence below the threshold"),
        (Decision.ABSTAIN, "Nothing was found in the knowledge.", "not in the knowledge"),
        (Decision.HAND_OFF, "A rule of tomorrow.", "another rule"),
    ],
)  # fmt: skip
def test_reasons_fall_into_few_kinds(decision, reason, kind):
    assert reason_kind(decision, reason) == kind


def test_an_answer_that_a_rule_keeps_back_is_no_text_to_compare():
    assert outcome_of(*PAIRS[5]).text == ""
    assert outcome_of(*PAIRS[3]).text == ELSE
    assert outcome_of(*PAIRS[0]).reply == TOLD
