"""Can a hand-off be lost? Stories of a customer, two operators and a clock, told by hypothesis over a real desk.

After every step: no message is lost or doubled, the log is a walk through the machine that is written down, at
most one hand-off is open, the bot is silent while a person has the conversation, and what nobody answered waits.
Goal: no story breaks; every step of the machine is walked.

    python benchmarks/handoffs.py
"""

import sys
import tempfile
from pathlib import Path

from measure import ROOT, machine, parser
from openbook import Desk
from openbook.models import HashEmbedder
from openbook.types.handoff import TRANSITIONS

sys.path.insert(0, str(ROOT / "tests"))
from conversation.handoff_story import explore


def main() -> None:
    """Prints how much of the machine was walked, and how often."""
    options = parser(__doc__ or "")
    options.add_argument("--stories", type=int, default=300)
    options.add_argument("--steps", type=int, default=60)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = {"threshold": 0.3}
        with Desk.open(Path(folder), must_hold=True, embedder=HashEmbedder(), settings=settings) as desk:
            desk.put_document("returns.md", "# Returns\n\nYou can return a jacket within 45 days of delivery.")
            walked = explore(desk, stories=chosen.stories, steps=chosen.steps)
    states = {state for state, _ in walked} | {TRANSITIONS[step] for step in walked}
    missing = sorted(f"{state} {event}" for state, event in set(TRANSITIONS) - set(walked))
    print(machine())
    print(f"{chosen.stories} stories of up to {chosen.steps} steps; {sum(walked.values()):,} steps of hand-offs walked")
    print(f"states reached: {len(states)} of {len({state for state, _ in TRANSITIONS})}")
    print(
        f"steps of the machine walked: {len(walked)} of {len(TRANSITIONS)}; not walked: {', '.join(missing) or 'none'}"
    )


if __name__ == "__main__":
    main()
