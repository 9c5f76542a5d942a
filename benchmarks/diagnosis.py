"""Whether the rules of a diagnosis say what a person says: 60 failures labelled by hand.

`benchmarks/data/failure_labels.jsonl` holds the causes that somebody gave who saw question, gold answer,
draft and hits, but neither the rules nor what they said: 30 failures of the shop's tickets and 30 of
Login.gov, both of the halves that may be tuned on, drawn by chance. A case that fails no longer, since
search or answers changed, is counted apart.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from measure import CACHE, ROOT, heading, parser, row
from openbook import AskRequest, Desk
from openbook.conversation import rehearse
from openbook.desk.lookup import DeskLookup
from openbook.evals import Case, read_dataset
from openbook.evals.dataset import history_of
from openbook.evals.diagnose import diagnose
from openbook.evals.metrics import wilson
from openbook.evals.outcome import judge
from openbook.types import MAIN_TENANT
from questions import desk_of, questions

_LABELS = ROOT / "benchmarks" / "data" / "failure_labels.jsonl"
_SHOP = ROOT / "examples" / "shop"


def main() -> None:
    """Diagnoses the labelled failures and prints the agreement."""
    parser(__doc__ or "").parse_args()
    labels = {item["id"]: item for item in map(json.loads, _LABELS.read_text("utf-8").splitlines())}
    found = _shop(labels) | _logingov(labels)
    same = [name for name, cause in found.items() if cause == labels[name]["cause"]]
    near = [name for name, cause in found.items() if cause in (labels[name]["cause"], labels[name]["second"])]
    heading(f"Causes of {len(labels)} failures, by rules and by hand")
    row("failures that are no longer any", "-", str(len(labels) - len(found)))
    row("the rules say the same", "-", _share(len(same), len(found)))
    row("the same, or the second cause named by hand", "-", _share(len(near), len(found)))
    row("kappa (Cohen, 1960)", "-", f"{_kappa([(cause, labels[name]['cause']) for name, cause in found.items()]):.2f}")
    for (rule, hand), count in Counter((found[name], labels[name]["cause"]) for name in found).most_common():
        if rule != hand:
            sys.stdout.write(f"{count} × {rule} by rule, {hand} by hand\n")


def _shop(labels: Mapping[str, object]) -> dict[str, str]:
    with Desk.open(CACHE / "shop-desk") as desk:
        if not desk.documents():
            desk.add(_SHOP / "articles")
            desk.add(_SHOP / "internal", audience="internal")
        cases = [case for case in read_dataset(_SHOP / "tickets" / "labels-2025.jsonl") if case.id in labels]
        return _causes(desk, cases)


def _logingov(labels: Mapping[str, object]) -> dict[str, str]:
    cases = [
        Case(
            id=f"lg {item.id}",
            question=item.text,
            documents=item.pages,
            quotes=item.quotes,
            answerable=item.expected == "send",
            decision=item.expected,
        )
        for item in questions("logingov")
        if f"lg {item.id}" in labels
    ]
    with Desk.open(desk_of("logingov")) as desk:
        return _causes(desk, cases)


def _causes(desk: Desk, cases: Sequence[Case]) -> dict[str, str]:
    """The cause of each failure by its id."""
    turn = desk.parts.turn
    asked = [AskRequest(case.question, channel="evaluation", history=history_of(case)) for case in cases]
    outcomes = [judge(case, rehearse(turn, request)) for case, request in zip(cases, asked, strict=True)]
    found = diagnose(cases, outcomes, lookup=DeskLookup(desk, desk.search, MAIN_TENANT))
    return {failure.id: failure.cause.value for failure in found.failures if not failure.minor}


def _share(count: int, cases: int) -> str:
    ends = wilson(count, cases)
    return f"{count / cases:.3f} [{ends.low:.3f}, {ends.high:.3f}], {cases}"


def _kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Agreement beyond chance."""
    agreed = sum(one == other for one, other in pairs) / len(pairs)
    rules, hands = (Counter(pair[place] for pair in pairs) for place in (0, 1))
    chance = sum(rules[name] * hands[name] for name in rules) / len(pairs) ** 2
    return (agreed - chance) / (1 - chance)


if __name__ == "__main__":
    main()
