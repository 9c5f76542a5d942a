"""Looks at labels before anything is fitted to or promised on them: contradictions, leaks, lost documents.

A label is a case of a dataset. Two labels are about the same if the same is asked, apart from case,
spacing and punctuation, after the same history and by the same audience.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, compress
from operator import not_

from openbook.errors import UserError
from openbook.evals.dataset import Case
from openbook.evals.right import normalised
from openbook.hashing import canonical_json, hash_text
from openbook.types import Decision, to_plain

TUNING = frozenset({"tune", "tuning", "train", "dev", "fit"})
CERTIFYING = frozenset({"test", "certify", "calibration", "holdout"})
TUNING_SHARE = 0.4
_SHOWN = 3


def check_labels(cases: Sequence[Case], *, missing: Callable[[Case], Sequence[str]] = lambda _: ()) -> None:
    """Refuses labels that cannot be trusted.

    Args:
        cases: The labels.
        missing: The gold documents of a case that are not live.

    Raises:
        UserError: Labels contradict each other or do not say what is right, a question stands in both splits,
            or documents are not live.
    """
    _check_agreement(cases)
    _check_splits(cases)
    _check_sayings(cases)
    lost = {case.id: names for case in cases if (names := missing(case))}
    if lost:
        named = _listed([f"{case_id}: {', '.join(names)}" for case_id, names in lost.items()])
        raise UserError(
            f"{len(lost)} of {len(cases)} labels rest on documents that are not live ({named}).",
            fix="Add these documents again, correct the labels, or take them out: nothing can be promised on them.",
        )


def parted(cases: Sequence[Case]) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    """The labels to fit and plan with, and those to certify with: by their `split`, else by a hash of what is asked.

    All questions of one conversation come to the same side, and of those without one all that ask the same.

    Raises:
        UserError: There is none on one side.
    """
    if any(case.split for case in cases):
        tunes = [case.split in TUNING for case in cases]
    else:
        tunes = [int(hash_text(name), 16) % 100 < 100 * TUNING_SHARE for name in map(_key, cases)]
    if len(set(tunes)) < 2:
        raise UserError(
            f"All of the {len(cases)} labels are there to {'fit' if any(tunes) else 'certify'} with.",
            fix="Label more questions; with a `split`, give some of them tune and the others test.",
        )
    return tuple(compress(cases, tunes)), tuple(compress(cases, map(not_, tunes)))


def independent(cases: Sequence[Case]) -> tuple[Case, ...]:
    """One question of each conversation, drawn by a hash: the others of it say little new.

    What several customers asked in the same words counts as often as they asked it.
    """
    chosen: dict[str, Case] = {}
    for case in sorted(cases, key=lambda case: hash_text(case.id)):
        chosen.setdefault(_conversation(case), case)
    kept = {case.id for case in chosen.values()}
    return tuple(case for case in cases if case.id in kept)


def _conversation(case: Case) -> str:
    """Whose word a label is: its conversation, or the label alone."""
    return f"conversation {case.conversation}" if case.conversation else f"label {case.id}"


def subject(case: Case) -> str:
    """What is asked, by whom, after what: equal for labels that are about the same."""
    return canonical_json([normalised(case.question), to_plain(case.history), case.audience])


def _check_agreement(cases: Sequence[Case]) -> None:
    by_subject: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_subject[subject(case)].append(case)
    apart = [
        f"{first.id} and {other.id}"
        for same in by_subject.values()
        for first, other in combinations(_unlike(same), 2)
        if _contradict(first, other)
    ]
    if apart:
        raise UserError(
            f"{len(apart)} pairs of labels ask the same and contradict each other ({_listed(apart)}).",
            fix="Decide for each pair which label is right, and keep that one.",
        )


def _unlike(same: Sequence[Case]) -> Iterable[Case]:
    """The first case of each kind of label: many that say the same are looked at once."""
    kinds: dict[tuple[object, ...], Case] = {}
    for case in same:
        kinds.setdefault((case.answerable, case.decision, case.documents), case)
    return kinds.values()


def _contradict(one: Case, other: Case) -> bool:
    if one.answerable != other.answerable or (one.decision and other.decision and one.decision != other.decision):
        return True
    return bool(one.documents and other.documents) and set(one.documents).isdisjoint(other.documents)


def _check_sayings(cases: Sequence[Case]) -> None:
    sends = ("", Decision.SEND)
    silent = [
        case.id
        for case in cases
        if case.answerable and case.decision in sends and not any(map(normalised, (*case.quotes, case.answer)))
    ]
    if silent:
        raise UserError(
            f"{len(silent)} labels have neither `quotes` nor an `answer` ({_listed(silent)}).",
            fix="Give the sentence that answers each, or `answerable` = false: else any answer would count as wrong.",
        )


def _check_splits(cases: Sequence[Case]) -> None:
    unknown = sorted({case.split for case in cases} - TUNING - CERTIFYING - {""})
    if unknown:
        raise UserError(
            f"`split` = {unknown[0]!r} is not known.",
            fix=f"Write one of {', '.join(sorted(TUNING))} or one of {', '.join(sorted(CERTIFYING))}, or leave it out.",
        )
    if any(case.split for case in cases) and not all(case.split for case in cases):
        raise UserError("Some labels have a `split` and others none.", fix="Give all of them one, or none.")
    tuning = {_key(case) for case in cases if case.split in TUNING}
    leaked = [case.id for case in cases if case.split in CERTIFYING and _key(case) in tuning]
    if leaked:
        raise UserError(
            f"{len(leaked)} labels to certify with are also there to fit with ({_listed(leaked)}).",
            fix="Keep a conversation on one side; where several customers asked the same, give each its own.",
        )


def _key(case: Case) -> str:
    """What must not stand on both sides: a conversation, or where none is named, what is asked."""
    return f"conversation {case.conversation}" if case.conversation else subject(case)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{'; '.join(names[:_SHOWN])}{more}"
