"""How long one warm question takes on 2,809 pages, every stage shown, and against the floor.

The floor is what no design can avoid: one pass of the encoder and one hybrid query of the engine,
each measured alone, in turns with whole questions. Every question is recorded durably.
"""

import json
import sys

from measure import aws_desk, data_folder, heading, parser, row, seconds, shown
from openbook import Desk
from openbook.stores.index import Scope


def main() -> None:
    """Asks every question several times and prints the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--rounds", type=int, default=6, help="how often each question is asked")
    rounds = arguments.parse_args().rounds
    lines = (data_folder() / "aws-docs" / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [_question(json.loads(line)) for line in lines if line.strip()]
    with Desk.open(aws_desk(), must_hold=True) as desk:
        parts = desk.parts
        assert parts.embedder is not None
        for question in questions[:20]:
            desk.ask(question)
        stages: dict[str, list[float]] = {}
        encode, engine = [], []
        for _ in range(rounds):
            for question in questions:
                for name, value in desk.ask(question).timings_ms.items():
                    stages.setdefault(name, []).append(value)
                vector = parts.embedder.embed_query(question)
                encode.append(1e3 * seconds(lambda text=question: parts.embedder.embed_query(text)))
                engine.append(
                    1e3
                    * seconds(
                        lambda text=question, numbers=vector: parts.index.search(
                            "main", vector=numbers, words=text, scope=Scope(("public",), covers_all=True), limit=24
                        )
                    )
                )
        chunks = len(parts.index.ids("main"))
    heading(f"Warm ask, {len(questions)} questions x {rounds}, {chunks} chunks")
    row("ask p50", "<= 15 ms", shown(stages["total"], unit="ms"))
    row("ask p95", "<= 30 ms", shown(stages["total"], 0.95, unit="ms"))
    floor = [first + second for first, second in zip(encode, engine, strict=True)]
    ratios = [whole / least for whole, least in zip(stages["total"], floor, strict=True)]
    row("ratio to the floor, median of pairs", "<= 4", shown(ratios))
    row("floor: encoder + engine p50", "-", shown(floor, unit="ms"))
    row("encoder alone p50", "-", shown(encode, unit="ms"))
    row("engine alone p50", "-", shown(engine, unit="ms"))
    for name in ("understand", "search", "answer", "decide", "record"):
        row(f"stage {name} p50", "-", shown(stages[name], unit="ms"))


def _question(record: dict[str, str]) -> str:
    return next(str(record[name]) for name in ("question", "Question") if name in record)


if __name__ == "__main__":
    sys.exit(main())
