"""How well follow-up questions are understood: the sample shop's conversations, with what was said before and without.

The set judges (`examples/shop/eval/conversations.jsonl`): nothing is tuned on it, and single cases of it are never
printed. A case is the last message of a conversation with what both sides said before. On a desk with the shop's
public articles each is searched for twice: alone, and with the customer's earlier messages. The right passage
is a hit in one of the case's documents whose text holds a gold quote, lies within one, or shares at least half
of one in a row, so that a quote over the border of two chunks counts for one of them. Given are the shares of
answerable cases with the right passage among the first 1, 3 and 5 hits, by kind (the case's first tag), and the
paired difference that the earlier messages make, with its bootstrap interval over cases.

Then each is answered, of which nothing is kept: what is decided, how many of the sent answers are right (see
`openbook.evals.right`), and how many of the unanswerable are not sent; again alone and with what was said before.

Goals: with what was said before, no kind finds less than alone; the rest is reported.

    python benchmarks/followups.py
    python benchmarks/followups.py --tune FILE --cases      # another file of the same form, case by case
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from measure import heading, parser, row
from openbook import AskRequest, Desk
from openbook.conversation import rehearse
from openbook.evals.dataset import Case
from openbook.evals.metrics import Metric, bootstrapped_mean, paired_difference
from openbook.evals.outcome import is_gold
from openbook.evals.right import ENOUGH, is_right, normalised
from openbook.types import Answer, Decision, Hit, TicketMessage
from visiting import SHOP, shop_desk

JUDGING = SHOP / "eval" / "conversations.jsonl"
FIRST = (1, 3, 5)
_ALONE, _CONTINUED = "alone", "with what was said before"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One case.

    Attributes:
        kind: The first of its tags.
        history: What was said before, oldest first.
    """

    case: Case
    kind: str
    history: tuple[TicketMessage, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """The customer's earlier messages."""
        return tuple(message.text for message in self.history if message.author == "customer")


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a case, alone or with what was said before.

    Attributes:
        rank: Of the first right passage; None where there is none, or where the case has none.
    """

    rank: int | None
    answer: Answer
    right: bool

    @property
    def sent(self) -> bool:
        """Whether a customer would have got an answer."""
        return self.answer.decision is Decision.SEND


Pair = tuple[Seen, Seen]
"""A case alone, and with what was said before."""


# ------------------------------------------------------------------- asking


def read(path: Path) -> list[FollowUp]:
    """The cases of a file."""
    return [_follow_up(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _follow_up(record: dict[str, Any]) -> FollowUp:
    case = Case(
        id=str(record["id"]),
        question=record["question"],
        documents=tuple(record.get("documents") or ()),
        quotes=tuple(record.get("quotes") or ()),
        answerable=record["answerable"],
        decision=record.get("decision") or "",
    )
    history = tuple(TicketMessage(said["author"], said["text"]) for said in record["history"])
    return FollowUp(case, next(iter(record.get("tags") or ()), "-"), history)


def look(desk: Desk, one: FollowUp, *, remembers: bool) -> Seen:
    """Searches for a case and answers it; nothing is kept."""
    request = AskRequest(one.case.question, history=one.history if remembers else ())
    rehearsal = rehearse(desk.parts.turn, request)  # searched for as the turn does, with a yes or a half completed
    answer, hits = rehearsal.answer, rehearsal.hits
    rank = next((place for place, hit in enumerate(hits, start=1) if is_right_passage(one.case, hit)), None)
    return Seen(rank, answer, is_right(one.case, answer))


def is_right_passage(case: Case, hit: Hit) -> bool:
    """Whether a hit is in a document that answers and holds or overlaps a gold quote."""
    text = normalised(f"{hit.header_text} {hit.text}")
    return is_gold(case, hit.path, hit.url) and any(_overlap(normalised(quote), text) for quote in case.quotes)


def _overlap(quote: str, text: str) -> bool:
    if not quote or not text:
        return False
    if quote in text or text in quote:
        return True
    shared = SequenceMatcher(None, quote, text, autojunk=False).find_longest_match()
    return shared.size >= ENOUGH * len(quote)


# ---------------------------------------------------------------- reporting


def main() -> None:
    """Asks every case in both ways and prints the tables."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--tune", type=Path, help="a file of the same form to look at instead")
    arguments.add_argument("--cases", action="store_true", help="print every case; only with --tune")
    given = arguments.parse_args()
    if given.cases and (given.tune is None or given.tune.resolve() == JUDGING.resolve()):
        arguments.error("the cases of a set that judges are not printed: --cases needs --tune with another file")
    every = read(given.tune or JUDGING)
    with Desk.open(shop_desk(), must_hold=True) as desk:
        seen = [(look(desk, one, remembers=False), look(desk, one, remembers=True)) for one in every]
    if given.cases:
        _print_cases(every, seen)
    _print_found(every, seen)
    _print_answers(every, seen)


def _print_found(every: Sequence[FollowUp], seen: Sequence[Pair]) -> None:
    answerable = [place for place, one in enumerate(every) if one.case.answerable]
    heading(f"Follow-ups: the right passage of {len(answerable)} answerable cases")
    kinds = Counter(every[place].kind for place in answerable)
    for kind in ("", *sorted(kinds)):
        chosen = [seen[place] for place in answerable if kind in ("", every[place].kind)]
        for first in FIRST:
            alone, continued = ([_found(pair[side], first) for pair in chosen] for side in (0, 1))
            change = paired_difference(alone, continued)
            words = f"{_ALONE} {_mean(alone)}, {_CONTINUED} {_mean(continued)}"
            gain = f"difference {change.difference:+.3f} [{change.low:+.3f}, {change.high:+.3f}]"
            name = f"{kind or 'all'} ({len(chosen)}): among the first {first}"
            row(name, "difference >= 0", f"{words}; {gain}")


def _print_answers(every: Sequence[FollowUp], seen: Sequence[Pair]) -> None:
    heading(f"Follow-ups: what is decided, {len(every)} cases")
    for side, name in ((0, _ALONE), (1, _CONTINUED)):
        _print_side(name, every, [pair[side] for pair in seen])
    for kind in sorted({one.kind for one in every}):
        mine = [pair[1] for one, pair in zip(every, seen, strict=True) if one.kind == kind]
        sent = [each.right for each in mine if each.sent]
        row(f"{kind}, {_CONTINUED}", "-", f"{_decisions(mine)}; right {sum(sent)} of {len(sent)} sent")


def _print_side(name: str, every: Sequence[FollowUp], seen: Sequence[Seen]) -> None:
    both = list(zip(every, seen, strict=True))
    row(f"decisions, {name}", "-", _decisions(seen))
    row(f"answerable and sent, {name}", "-", _mean([float(each.sent) for one, each in both if one.case.answerable]))
    row(f"right among sent, {name}", "-", _mean([float(each.right) for each in seen if each.sent]))
    refused = [float(not each.sent) for one, each in both if not one.case.answerable]
    row(f"not sent of unanswerable, {name}", "-", _mean(refused))


def _print_cases(every: Sequence[FollowUp], seen: Sequence[Pair]) -> None:
    for one, (alone, continued) in zip(every, seen, strict=True):
        ways = (f"rank {each.rank or '-'}, {each.answer.decision}, right {each.right}" for each in (alone, continued))
        sys.stdout.write(f"{one.case.id} ({one.kind}): {' | '.join(ways)}\n")


def _decisions(seen: Sequence[Seen]) -> str:
    return ", ".join(f"{name} {times}" for name, times in Counter(each.answer.decision.value for each in seen).items())


def _found(seen: Seen, first: int) -> float:
    return float(seen.rank is not None and seen.rank <= first)


def _mean(values: Sequence[float]) -> str:
    found: Metric = bootstrapped_mean("", values)
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}], {len(values)}" if values else "none"


if __name__ == "__main__":
    main()
