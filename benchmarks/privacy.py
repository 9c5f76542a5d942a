"""How much personal data the masking finds, how much else it masks, and how fast it is.

- Found: 1,500 synthetic sentences with marked personal data (`presidio-pii`). Rules were tuned on the half of them
  whose `int(sha1(text).hexdigest(), 16)` is even; the other half is reported. A marked span is found if at least
  80 % of its characters are masked; a masked span is right if it overlaps any marked one of a type that we claim.
- Names are reported twice: as a text alone shows them, and with the names of the sentence given, as the fields of a
  ticket export give them.
- Masked in vain: pages of a public help centre, where nobody's personal data stands (`logingov-help`).
- Speed: the same pages and the sentences, each repeated to a megabyte.

    OPENBOOK_DATA=... python benchmarks/privacy.py [--half even] [--misses TYPE] [--phonenumbers]
"""

import argparse
import hashlib
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from measure import data_folder
from openbook.ingest.privacy import Found, find_personal, mask

CLAIMED = (
    "EMAIL_ADDRESS",
    "PHONE_NUMBER",
    "CREDIT_CARD",
    "IBAN_CODE",
    "US_SSN",
    "US_DRIVER_LICENSE",
    "IP_ADDRESS",
    "STREET_ADDRESS",
    "ZIP_CODE",
    "PERSON",
)
KINDS = {
    "email": "EMAIL_ADDRESS",
    "phone": "PHONE_NUMBER",
    "card": "CREDIT_CARD",
    "iban": "IBAN_CODE",
    "identity": "US_SSN",
    "serial": "US_DRIVER_LICENSE",
    "ip": "IP_ADDRESS",
    "address": "STREET_ADDRESS",
    "name": "PERSON",
}
SHARE_FOUND = 0.8
SAMPLES = 1_000


@dataclass(frozen=True)
class Sentence:
    """A sentence with what is marked in it: `(start, end, type)`."""

    text: str
    spans: tuple[tuple[int, int, str], ...]

    @property
    def even(self) -> bool:
        """Whether rules may be tuned on it."""
        return int(hashlib.sha1(self.text.encode()).hexdigest(), 16) % 2 == 0

    @property
    def persons(self) -> tuple[str, ...]:
        """The names in it, as the fields of an export would give them."""
        return tuple(self.text[start:end] for start, end, kind in self.spans if kind == "PERSON")


@dataclass
class Tally:
    """For each type, one pair (right, all) a sentence, for recall and for precision."""

    recall: dict[str, list[tuple[int, int]]]
    precision: dict[str, list[tuple[int, int]]]


def sentences(half: str) -> list[Sentence]:
    """The sentences of one half."""
    records = json.loads((data_folder() / "presidio-pii" / "data" / "synth_dataset_v2.json").read_text("utf-8"))
    everything = (
        Sentence(
            record["full_text"],
            tuple((each["start_position"], each["end_position"], each["entity_type"]) for each in record["spans"]),
        )
        for record in records
    )
    return [sentence for sentence in everything if sentence.even == (half == "even")]


def judge(texts: Iterable[Sentence], find: Callable[[Sentence], Sequence[Found]]) -> Tally:
    """Compares what is found with what is marked, sentence by sentence."""
    tally = Tally(defaultdict(list), defaultdict(list))
    for sentence in texts:
        found = find(sentence)
        covered = {place for each in found for place in range(each.start, each.end)}
        recall: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for start, end, kind in sentence.spans:
            hit = len(covered & set(range(start, end))) >= SHARE_FOUND * (end - start)
            recall[kind] = [recall[kind][0] + hit, recall[kind][1] + 1]
        precision: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for each in found:
            right = is_right(each, sentence)
            for name in (KINDS.get(each.kind, each.kind), "all"):
                precision[name] = [precision[name][0] + right, precision[name][1] + 1]
        for kind, (hits, total) in recall.items():
            tally.recall[kind].append((hits, total))
            if kind in CLAIMED:
                tally.recall["all"].append((hits, total))
        for kind, (hits, total) in precision.items():
            tally.precision[kind].append((hits, total))
    return tally


def is_right(found: Found, sentence: Sentence) -> bool:
    """Whether something personal is marked there; a date is personal only where it is masked as one of birth."""
    personal = (*CLAIMED, "DATE_TIME") if found.kind == "birthdate" else CLAIMED
    return any(start < found.end and found.start < end and kind in personal for start, end, kind in sentence.spans)


def share(pairs: Sequence[tuple[int, int]]) -> str:
    """The share with its 95 % bootstrap interval over sentences, and the counts."""
    if not pairs:
        return "-"
    drawn = random.Random(1)
    shares = sorted(ratio(drawn.choices(pairs, k=len(pairs))) for _ in range(SAMPLES))
    low, high = shares[int(0.025 * SAMPLES)], shares[int(0.975 * SAMPLES) - 1]
    hits, total = (sum(column) for column in zip(*pairs, strict=True))
    return f"{hits / total:.3f} [{low:.3f}, {high:.3f}] {hits}/{total}"


def ratio(pairs: Sequence[tuple[int, int]]) -> float:
    """Right ones over all."""
    return sum(hits for hits, _ in pairs) / sum(total for _, total in pairs)


def report(texts: Sequence[Sentence]) -> None:
    """Prints recall and precision for each claimed type, and recall alone for the others."""
    alone = judge(texts, lambda sentence: find_personal(sentence.text))
    hinted = judge(texts, lambda sentence: find_personal(sentence.text, names=sentence.persons))
    print(f"\n{len(texts)} sentences\n{'type':26}{'recall':34}precision of what is masked as this")
    for kind in (*CLAIMED, "all"):
        print(f"{kind:26}{share(alone.recall[kind]):34}{share(alone.precision[kind])}")
    for kind in ("PERSON", "all"):
        print(f"{kind + ', names given':26}{share(hinted.recall[kind]):34}{share(hinted.precision[kind])}")
    for kind in sorted(set(alone.precision) - {*CLAIMED, "all"}):
        print(f"{kind + ' (no such gold)':26}{'':34}{share(alone.precision[kind])}")
    others = {kind: ratio(pairs) for kind, pairs in sorted(alone.recall.items()) if kind not in (*CLAIMED, "all")}
    print("not claimed, share masked:", ", ".join(f"{kind} {value:.2f}" for kind, value in others.items()))


def show_misses(texts: Iterable[Sentence], kind: str) -> None:
    """Prints what is marked as `kind` and not found, or masked so and not marked."""
    for sentence in texts:
        found = find_personal(sentence.text)
        covered = {place for each in found for place in range(each.start, each.end)}
        for start, end, marked in sentence.spans:
            if marked == kind and len(covered & set(range(start, end))) < SHARE_FOUND * (end - start):
                print(
                    "missed:", repr(sentence.text[start:end]), "in", repr(sentence.text[max(0, start - 50) : end + 30])
                )
        for each in found:
            if not is_right(each, sentence) and KINDS.get(each.kind, each.kind) == kind:
                print("wrong: ", repr(sentence.text[each.start : each.end]), "in", repr(sentence.text[:200]))


def help_pages() -> list[str]:
    """The English pages of the help centre."""
    pages = sorted((data_folder() / "logingov-help" / "content").rglob("*_en.md"))
    return [page.read_text("utf-8") for page in pages]


def report_over_masking(pages: Sequence[str]) -> None:
    """Prints what is masked where nothing should be."""
    words = sum(len(page.split()) for page in pages)
    counts: Counter[str] = Counter()
    examples: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for page in pages:
        for each in find_personal(page):
            counts[each.kind] += 1
            examples[each.kind][page[each.start : each.end]] += 1
    print(f"\n{len(pages)} help pages, {words} words: {1000 * counts.total() / words:.2f} masked spans per 1,000 words")
    for kind, count in counts.most_common():
        print(f"  {kind:10} {count:4}  {', '.join(repr(text) for text, _ in examples[kind].most_common(8))}")


def phone_matcher(region: str) -> Callable[[Sentence], Sequence[Found]]:
    """The phone numbers that the library `phonenumbers` finds; installed with the `dev` tools or by hand."""
    # deferred: only this comparison needs it
    import phonenumbers

    def find(sentence: Sentence) -> Sequence[Found]:
        return [Found(m.start, m.end, "phone") for m in phonenumbers.PhoneNumberMatcher(sentence.text, region)]

    return find


def report_phone_library(texts: Sequence[Sentence]) -> None:
    """Prints what `phonenumbers` would find in place of our rule, by the region that it is told."""
    print("\nphonenumbers.PhoneNumberMatcher")
    for region in ("US", "GB", "DE"):
        begin = time.perf_counter()
        tally = judge(texts, phone_matcher(region))
        seconds = time.perf_counter() - begin
        megabytes = sum(len(sentence.text.encode()) for sentence in texts) / 1e6
        recall, precision = share(tally.recall["PHONE_NUMBER"]), share(tally.precision["PHONE_NUMBER"])
        print(f"  {region}: recall {recall}  precision {precision}  {megabytes / seconds:.2f} MB/s")


def report_speed(pages: Sequence[str], texts: Sequence[Sentence]) -> None:
    """Prints megabytes a second of one core: over text with nothing to find, over pages, over sentences."""
    plain = ["".join(c for c in page if not c.isdigit() and c not in "@[(") for page in pages]
    bodies = {"no digits, no @": plain, "help pages": pages, "sentences": [sentence.text for sentence in texts]}
    print()
    for name, parts in bodies.items():
        size = sum(len(part.encode()) for part in parts)
        rounds = max(1, 1_000_000 // size)
        fastest = min(_seconds(parts, rounds) for _ in range(3))
        speed = size * rounds / fastest / 1e6
        print(f"speed, {name:16} {speed:6.2f} MB/s ({len(parts)} texts of {size // len(parts)} bytes)")


def _seconds(parts: Sequence[str], rounds: int) -> float:
    begin = time.process_time()
    for _ in range(rounds):
        for part in parts:
            mask(part)
    return time.process_time() - begin


def main() -> None:
    """Runs the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("odd", "even"), default="odd")
    parser.add_argument("--misses", default="", help="print the errors of this type, of the even half only")
    parser.add_argument("--phonenumbers", action="store_true", help="compare with that library, if it is installed")
    chosen = parser.parse_args()
    if chosen.misses:
        show_misses(sentences("even"), chosen.misses)
        return
    texts, pages = sentences(chosen.half), help_pages()
    report(texts)
    report_over_masking(pages)
    if chosen.phonenumbers:
        report_phone_library(texts)
    report_speed(pages, texts)


if __name__ == "__main__":
    main()
