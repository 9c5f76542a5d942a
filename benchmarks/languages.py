"""A help centre in four languages: is the right page among the first five hits, in each of them?

Login.gov's help, 40 questions for each language written blind (`benchmarks/data`), 160 in all. The
page in the customer's language counts. Asked twice: with the customer's language known, as a page
tells it, and without. Tuned on even ids, reported on all and on the odd ones.
"""

import hashlib
import json
from pathlib import Path

from measure import CACHE, data_folder, heading, parser, row, seconds
from openbook import Desk
from openbook.evals.metrics import bootstrapped, mean

LOCALES = ("en", "es", "fr", "zh")
_QUESTIONS = Path(__file__).parent / "data" / "logingov_languages.jsonl"
_DEPTH = 5


def main() -> None:
    """Fills the desk once, asks and prints the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--even", action="store_true", help="only the questions that may be tuned on")
    arguments.add_argument("--fresh", action="store_true", help="read the help centre anew")
    options = arguments.parse_args()
    content = data_folder() / "logingov-help" / "content"
    cases = [json.loads(line) for line in _QUESTIONS.read_text("utf-8").splitlines()]
    cases = [case for case in cases if not options.even or _is_even(case)]
    heading(f"{len(cases)} questions about one help centre in four languages")
    folder = CACHE / "languages-desk"
    with Desk.open(folder, settings={"locales": LOCALES}) as desk:
        if options.fresh or not desk.documents():
            spent = seconds(lambda: desk.add(content))
            row("reading it", "-", f"{len(desk.documents())} pages in {spent:.0f} s")
        for named in (True, False):
            ranks = [(case, _rank(desk, case, named=named)) for case in cases]
            for locale in LOCALES:
                _show(locale, ranks, named=named)


def _is_even(case: dict) -> bool:
    return int(hashlib.sha1(case["id"].encode()).hexdigest(), 16) % 2 == 0


def _rank(desk: Desk, case: dict, *, named: bool) -> int:
    """The rank of the first gold page among the hits' pages; 0 if it is not among the first."""
    hits = desk.search(case["question"], locale=case["locale"] if named else "", limit=_DEPTH * 3).hits
    pages = list(dict.fromkeys(hit.path for hit in hits))[:_DEPTH]
    return next((rank for rank, page in enumerate(pages, start=1) if page in case["documents"]), 0)


def _show(locale: str, ranks: list[tuple[dict, int]], *, named: bool) -> None:
    mine = [(case, rank) for case, rank in ranks if case["locale"] == locale]
    odd = [(case, rank) for case, rank in mine if not _is_even(case)]
    known = "language known" if named else "language not known"
    for name, some in (("all", mine), ("odd ids", odd)):
        if some:
            found = [float(rank > 0) for _, rank in some]
            metric = bootstrapped("", len(found), lambda chosen, found=found: mean([found[item] for item in chosen]))
            first = mean([float(rank == 1) for _, rank in some])
            interval = f"[{metric.low:.2f}, {metric.high:.2f}]"
            row(f"{locale}, {known}, {name}: R@5", "-", f"{metric.value:.2f} {interval}, R@1 {first:.2f}, {len(some)}")


if __name__ == "__main__":
    main()
