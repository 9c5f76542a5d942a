"""How many planted orders to a model are found, how many harmless texts are held up, and how fast.

Orders: BIPIA's attack texts (Yi et al. 2023, arxiv.org/abs/2312.14197), each planted at the start, in
the middle and at the end of contexts: its e-mails and English pages of a public help centre. One is
caught if a suspicion overlaps it. Most of BIPIA's first five kinds are plain questions and tasks
that look like any other text; they are here to show what rules cannot do.

Harmless: NotInject (Li et al. 2024, arxiv.org/abs/2410.22770), alone and in the same contexts; the contexts
themselves; every page of the help centre in all its languages and of the product guides.

Reported on records whose sha1 is odd; the wordings were tuned on the even ones, but written after
reading all of these attacks, so their shares flatter: attacks of other kinds are caught less often.
"""

import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha1
from pathlib import Path

from measure import data_folder, heading, parser, row, shown
from openbook.errors import ReadError
from openbook.evals.metrics import bootstrapped, mean
from openbook.ingest import read
from openbook.ingest.sanitation import Suspicion, inspect
from openbook.types import Extract

_PLACES = ("start", "middle", "end")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
_ROUNDS = 5
_CONTEXTS = 8
"""Contexts of each kind that every text is planted in."""


def main() -> None:
    """Prints the three tables and, with --list, every page that is held up."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--list", action="store_true", help="show each page that is held up, and why")
    options = arguments.parse_args()
    contexts = [*_emails()[:_CONTEXTS], *_help_texts()[:_CONTEXTS]]
    _report_attacks(contexts)
    _report_harmless(contexts)
    _report_pages(show=options.list)


def _report_attacks(contexts: Sequence[str]) -> None:
    heading("Planted orders that are caught, odd half of BIPIA")
    for name in ("text", "code"):
        everything: list[float] = []
        for kind, attacks in _attacks(name).items():
            shares = [mean([_is_caught(context, attack) for context in contexts]) for attack in attacks]
            everything += shares
            row(f"{name}: {kind} ({len(attacks)})", "-", _share(shares))
        row(f"{name}: all", "-", _share(everything))


def _report_harmless(contexts: Sequence[str]) -> None:
    prompts = [prompt for prompt in _harmless() if _is_odd(prompt)]
    clean = [text for text in (*_emails(), *_help_texts()) if _is_odd(text)]
    heading("Harmless texts that are held up, odd halves")
    row(f"NotInject alone ({len(prompts)})", "<= 5 %", _share([_is_suspect(prompt) for prompt in prompts]))
    planted = [mean([_is_caught(context, prompt) for context in contexts]) for prompt in prompts]
    row("NotInject in contexts", "<= 5 %", _share(planted))
    row(f"contexts ({len(clean)})", "-", _share([_is_suspect(text) for text in clean]))


def _report_pages(*, show: bool) -> None:
    heading("Real pages that are held up, odd half, and speed")
    everything: list[Extract] = []
    for name, folder in (("help centre", "logingov-help"), ("product guides", "aws-docs/documents")):
        pages = [(path, page) for path, page in _pages(data_folder() / folder) if _is_odd(path)]
        everything += [page for _, page in pages]
        found = {path: inspect(page) for path, page in pages}
        row(f"{name}: pages ({len(pages)})", "< 0.5 %", _share([bool(each) for each in found.values()]))
        reasons = Counter(suspicion.kind for each in found.values() for suspicion in each)
        row(f"{name}: kinds", "-", ", ".join(f"{kind} {count}" for kind, count in reasons.most_common()) or "none")
        if show:
            _show(pages, found)
    size = sum(len(page.text.encode()) for page in everything) / 1e6
    row(
        "megabytes of text in a second of one core",
        "several",
        shown([size / _spent(everything) for _ in range(_ROUNDS)]),
    )


def _spent(pages: Sequence[Extract]) -> float:
    """Seconds of processor time that inspecting takes; other work on the machine does not count."""
    started = time.process_time()
    for page in pages:
        inspect(page)
    return time.process_time() - started


def _show(pages: Sequence[tuple[str, Extract]], found: dict[str, tuple[Suspicion, ...]]) -> None:
    for path, page in pages:
        for suspicion in found[path]:
            sys.stdout.write(f"{path}: {suspicion.reason} “{suspicion.span.of(page.text)}”\n")


def _is_caught(context: str, planted: str) -> float:
    """The share of places in a context at which a planted text is suspected."""
    caught = 0
    for place in _PLACES:
        text, start = _plant(context, planted, place)
        spans = [suspicion.span for suspicion in inspect(Extract(text, ()))]
        caught += any(span.start < start + len(planted) and span.end > start for span in spans)
    return caught / len(_PLACES)


def _plant(context: str, planted: str, place: str) -> tuple[str, int]:
    """A context with a text in it, on a line of its own or between two sentences; where it starts."""
    if place == "start":
        return f"{planted}\n{context}", 0
    if place == "end":
        return f"{context}\n{planted}", len(context) + 1
    ends = [found.end() for found in _SENTENCE_END.finditer(context)] or [0]
    cut = min(ends, key=lambda end: abs(end - len(context) // 2))
    return f"{context[:cut]} {planted} {context[cut:]}", cut + 1


def _is_suspect(text: str) -> bool:
    return bool(inspect(Extract(text, ())))


def _attacks(name: str) -> dict[str, list[str]]:
    """The odd half of BIPIA's attacks of one file, by kind; kinds without any are left out."""
    path = data_folder() / "bipia" / "benchmark" / f"{name}_attack_train.json"
    odd: dict[str, list[str]] = defaultdict(list)
    for kind, attacks in json.loads(path.read_text("utf-8")).items():
        for attack in filter(_is_odd, attacks):
            odd[kind].append(attack)
    return odd


def _harmless() -> list[str]:
    path = data_folder() / "piguard-notinject" / "datasets" / "NotInject_one.json"
    return [record["prompt"] for record in json.loads(path.read_text("utf-8"))]


def _emails() -> list[str]:
    path = data_folder() / "bipia" / "benchmark" / "email" / "train.jsonl"
    return [json.loads(line)["context"] for line in path.read_text("utf-8").splitlines()]


def _help_texts() -> list[str]:
    """The English pages of the help centre."""
    return [page.text for path, page in _pages(data_folder() / "logingov-help") if path.endswith("_en.md")]


def _pages(folder: Path) -> Iterator[tuple[str, Extract]]:
    """Every page of a folder that can be read, with its path there."""
    for path in sorted(folder.rglob("*.md")):
        try:
            yield path.relative_to(folder).as_posix(), read(path.read_bytes(), path=path.name)
        except ReadError as unread:
            sys.stderr.write(f"{path.name}: {unread.message}\n")


def _is_odd(text: str) -> bool:
    return int(sha1(text.encode()).hexdigest(), 16) % 2 == 1


def _share(values: Sequence[float]) -> str:
    """A mean as per cent with its 95 % bootstrap interval.

    Of what was never seen the upper bound is three in as many (Hanley & Lippman-Hand, JAMA 1983).
    """
    found = bootstrapped("", len(values), lambda chosen: mean([values[index] for index in chosen]))
    high = found.high if any(values) else min(1.0, 3 / len(values))
    return f"{found.value:.1%} [{found.low:.1%}, {high:.1%}]"


if __name__ == "__main__":
    main()
