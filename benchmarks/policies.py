"""Policies: of labelled messages, which are handed over by which rule, and which ordinary questions are caught.

`--tune` looks only at the messages that the rules were developed on; without it, those that judge them come
first. Each rule's misses and false hand-offs have Wilson intervals. `--ordinary` asks the headings of the sample
shop's articles and the questions of its first hundred tickets, none of which should be caught. `--list` names them.
"""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from openbook.answer.policies import RULES, judge
from openbook.evals.metrics.wilson import wilson
from openbook.types import USUAL_BEHAVIOUR, Signals

SHOP = Path(__file__).parents[1] / "examples" / "shop"
_HEADING = re.compile(r"^#+ (.+)$|^title: (.+)$|<h[1-3][^>]*>(.*?)</h[1-3]>", re.MULTILINE)
_NONE = "none"
_TICKETS = 100
_JUDGED = [rule for rule in RULES if rule not in ("never", "failures")]


@dataclass(frozen=True, slots=True)
class Message:
    """A message with the rule that should hand it over, or "none"."""

    id: str
    text: str
    rule: str


def labelled(path: Path) -> list[Message]:
    """The messages of a labelled file."""
    lines = path.read_text("utf-8").splitlines()
    return [Message(row["id"], row["text"], row["rule"]) for row in map(json.loads, lines)]


def ruled(text: str) -> str:
    """The rule that hands a message over, or "none"."""
    ruling = judge(text, USUAL_BEHAVIOUR, Signals())
    return ruling.rule if ruling else _NONE


def share(count: int, total: int) -> str:
    """A count of a total, with its 95 % Wilson interval."""
    if not total:
        return "0 of 0"
    interval = wilson(count, total)
    return f"{count} of {total} ({interval.low:.2f} to {interval.high:.2f})"


def report(title: str, messages: Sequence[Message], *, names: bool) -> None:
    """Prints misses, false hand-offs and right rules of some messages."""
    got = {message.id: ruled(message.text) for message in messages}
    print(f"\n{title}: {len(messages)} messages")
    for rule in _JUDGED:
        meant = [message for message in messages if message.rule == rule]
        missed = [message for message in meant if got[message.id] == _NONE]
        false = [message for message in messages if message.rule == _NONE and got[message.id] == rule]
        print(f"  {rule:16} missed {share(len(missed), len(meant)):28} falsely {len(false)}")
    meant = [message for message in messages if message.rule != _NONE]
    others = [message for message in messages if message.rule == _NONE]
    missed = [message for message in meant if got[message.id] == _NONE]
    false = [message for message in others if got[message.id] != _NONE]
    right = [message for message in meant if got[message.id] == message.rule]
    print(f"  missed in all    {share(len(missed), len(meant))}")
    print(f"  falsely in all   {share(len(false), len(others))}")
    print(f"  right rule       {share(len(right), len(meant))}")
    if names:
        for message in messages:
            if got[message.id] != message.rule:
                print(f"    {message.id} {message.rule} -> {got[message.id]}: {message.text}")


def ordinary() -> Iterator[Message]:
    """Headings of the articles, and the questions of the first tickets."""
    for path in sorted((SHOP / "articles").rglob("*")):
        if path.suffix in (".md", ".html", ".txt"):
            for place, found in enumerate(_HEADING.finditer(path.read_text("utf-8", "replace"))):
                yield Message(
                    f"{path.name}:{place}", re.sub("<[^>]+>", "", "".join(filter(None, found.groups()))), _NONE
                )
    lines = (SHOP / "tickets" / "labels-2025.jsonl").read_text("utf-8").splitlines()[:_TICKETS]
    for row in map(json.loads, lines):
        yield Message(row["id"], row["question"], _NONE)


def main() -> None:
    """Prints the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tune", action="store_true", help="only the messages the rules were developed on")
    options.add_argument("--ordinary", action="store_true", help="also ordinary headings and questions")
    options.add_argument("--list", action="store_true", help="name what was judged wrongly of the tuning messages")
    chosen = options.parse_args()
    if not chosen.tune:
        report("policies.jsonl, judging", labelled(SHOP / "eval" / "policies.jsonl"), names=False)
    report("policies-tune.jsonl, developed on", labelled(SHOP / "eval" / "policies-tune.jsonl"), names=chosen.list)
    if chosen.ordinary:
        asked = list(ordinary())
        caught = [(message, rule) for message in asked if (rule := ruled(message.text)) != _NONE]
        print(f"\nordinary headings and questions caught: {share(len(caught), len(asked))}")
        for message, rule in caught:
            print(f"    {message.id} {rule}: {' '.join(message.text.split())[:160]}")


if __name__ == "__main__":
    main()
