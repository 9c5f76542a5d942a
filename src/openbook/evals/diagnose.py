"""Says why each failure of an evaluation failed: exactly one cause, by rules in order over its trace.

No model and no chance take part, so the same evaluation on the same knowledge gives the same diagnosis.
The causes follow the seven failure points of Barnett et al., "Seven Failure Points When Engineering a
Retrieval Augmented Generation System" (2024), arXiv:2401.05856; to them come those of deciding whether to
answer at all.

It knows only what the dataset names as right: an answer from another sentence that says the same counts as
wrong, and is diagnosed like one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openbook.answer.draft import FROM_HITS
from openbook.errors import UserError
from openbook.evals.dataset import Case
from openbook.evals.failure_groups import Cause, Failure, FailureGroup, Remedy, grouped
from openbook.evals.outcome import Outcome
from openbook.evals.trace import DEEP, Lookup, Trace, shown
from openbook.types import Decision, Record

_FRAGMENT_WORDS = 3
_EQUAL_LEAD = 1 / 3
_STEP = re.compile(r"\s*\d+[.)] ")
_WITHOUT = "tone:without "
_BY_CONFIDENCE = ("Confidence ", "The question fits ")
_CUT_OFF = "breaks off before a condition"
_NO_SUCH_CODE = "stands nowhere in the knowledge"
_MORE_THAN_A_QUESTION = ("asks more things than are answered at once", "asked for a person")


@dataclass(frozen=True, slots=True)
class Diagnosis(Record):
    """Every failure of an evaluation with its cause, and what to mend first.

    Attributes:
        cases: How many questions were asked.
        causes: How many failures have which cause, all ten in their order; they add up to the failures.
        groups: The largest gain first; their sizes add up to the failures.
    """

    cases: int
    causes: dict[str, int]
    failures: tuple[Failure, ...]
    groups: tuple[FailureGroup, ...]

    @property
    def summary(self) -> str:
        """One line: how many failed, and of what, the commonest cause first."""
        if not self.failures:
            return f"No failure among {self.cases} questions."
        commonest = sorted(filter(self.causes.get, self.causes), key=lambda name: -self.causes[name])
        told = ", ".join(f"{self.causes[name]} {Cause(name).words}" for name in commonest)
        return f"{len(self.failures)} of {self.cases} questions failed: {told}."


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: the cause, what mends it, and the evidence in words."""

    cause: Cause
    remedy: Remedy
    evidence: str


Rule = Callable[[Trace], Finding | None]


def diagnose(
    cases: Sequence[Case], outcomes: Sequence[Outcome], *, lookup: Lookup, hits_used: int = FROM_HITS
) -> Diagnosis:
    """Every failure with its one cause, and the groups to mend.

    Args:
        cases: The dataset; it may have more questions than were asked.
        outcomes: What became of them.
        lookup: What the desk knows.
        hits_used: From how many of the best hits for each part of the question an answer is drawn.

    Raises:
        UserError: An outcome's question is not in the dataset.
    """
    known = {case.id: case for case in cases}
    unknown = next((outcome.id for outcome in outcomes if outcome.id not in known), None)
    if unknown is not None:
        raise UserError(
            f"The question {unknown!r} of the evaluation is not in the dataset.",
            fix="Name the dataset that was evaluated.",
        )
    traces = [Trace(known[outcome.id], outcome, lookup, hits_used) for outcome in outcomes]
    failures = tuple(_failure(trace) for trace in traces if _fails(trace))
    return Diagnosis(
        cases=len(outcomes),
        causes={cause.value: sum(failure.cause is cause for failure in failures) for cause in Cause},
        failures=failures,
        groups=grouped(failures, outcomes),
    )


def _fails(trace: Trace) -> bool:
    """Whether what was done is wrong, or differs from what was expected in a way that matters.

    A right answer is as good as asking back, and a person may get a question that nobody can answer.
    """
    expected, outcome = trace.expected, trace.outcome
    if expected is Decision.SEND:
        return not outcome.right or _wrong_form(trace) is not None
    if outcome.sent:
        return not (expected is Decision.CLARIFY and trace.case.answerable and outcome.right)
    return outcome.decision != expected and (expected, outcome.decision) != (Decision.ABSTAIN, Decision.HAND_OFF)


def _failure(trace: Trace) -> Failure:
    case, outcome = trace.case, trace.outcome
    rules = TO_BE_SENT if trace.expected is Decision.SEND else NOT_TO_BE_SENT
    finding = next(finding for rule in rules if (finding := rule(trace)) is not None)
    return Failure(
        id=case.id,
        question=case.question,
        group=case.group,
        cause=finding.cause,
        remedy=finding.remedy,
        evidence=finding.evidence,
        confidence=outcome.confidence,
        decision=outcome.decision,
        expected=trace.expected.value,
        place=next(iter(trace.right_places or trace.cited_places), case.intent),
        minor=outcome.right,
    )


def _not_asked_back(trace: Trace) -> Finding | None:
    """A question with several meanings was not asked back about."""
    if trace.expected is not Decision.CLARIFY:
        return None
    evidence = f"It should have been asked back about; it has {len(trace.telling)} telling words."
    return Finding(Cause.AMBIGUOUS, Remedy.WORDING, f"{evidence} {trace.outcome.reason}")


def _asked_back_in_vain(trace: Trace) -> Finding | None:
    """A question that no article answers was asked back about."""
    if trace.outcome.decision != Decision.CLARIFY:
        return None
    return Finding(Cause.AMBIGUOUS, Remedy.WORDING, f"No article answers it in any meaning. {trace.outcome.reason}")


def _turned_away(trace: Trace) -> Finding | None:
    """A question for a person was taken for one about something else."""
    if trace.outcome.decision != Decision.ABSTAIN:
        return None
    evidence = f"A person should have got it, but it was turned away. {trace.outcome.reason}"
    return Finding(Cause.OUT_OF_SCOPE, Remedy.ARTICLE, evidence)


def _answered_out_of_scope(trace: Trace) -> Finding | None:
    """A question that is none of ours, or a person's matter whatever the articles say, was answered."""
    if trace.expected is not Decision.ABSTAIN and not trace.case.answerable:
        return None
    evidence = f"Not to be answered (expected: {trace.expected}), but it was, {trace.source_in_words}."
    return Finding(Cause.OUT_OF_SCOPE, Remedy.SETTING, evidence)


def _contradicted(trace: Trace) -> Finding | None:
    """Two documents say different things of the same matter, and are of different age or known to be disputed."""
    if trace.clash is None or not (trace.strays if trace.quoted_in else len(trace.cited_places) > 1):
        return None
    places = tuple(dict.fromkeys((*trace.cited_places, *trace.right_places)))
    ages = {path: trace.lookup.age_days(path) for path in places}
    if len({age for age in ages.values() if age is not None}) < 2 and not trace.lookup.disputed(places):
        return None
    one, other = trace.clash
    aged = ", ".join(path if age is None else f"{path} ({age} days old)" for path, age in ages.items())
    return Finding(Cause.STALE, Remedy.CLEANING, f"“{shown(one)}” against “{shown(other)}”: {aged}.")


def _answered_another_case(trace: Trace) -> Finding | None:
    """The question names a number or code that nothing cited has: what was sent answers another case."""
    if not trace.unknown_names:
        return None
    evidence = f"It asks about “{trace.unknown_names[0]}”, which nothing cited has; answered {trace.source_in_words}."
    return Finding(Cause.CONDITION, Remedy.CLEANING, evidence)


def _answered_without_knowledge(trace: Trace) -> Finding | None:
    """No article answers it, and it was answered from one on something near."""
    evidence = f"No article answers it, but it was answered {trace.source_in_words}."
    return Finding(Cause.KNOWLEDGE_MISSING, Remedy.ARTICLE, evidence)


def _wrong_form(trace: Trace) -> Finding | None:
    """A right answer breaks a tag: `form:steps`, `form:list` or `tone:without WORDS`; other tags ask for nothing.

    The extractive writer has the form of the articles, so this is rare.
    """
    broken = (tag for tag in map(str, trace.case.tags) if not _keeps(trace.outcome.text, tag))
    tag = next(broken, None) if trace.outcome.right else None
    if tag is None:
        return None
    return Finding(Cause.FORM, Remedy.CLEANING, f"The answer is right, but not as its tag “{tag}” asks.")


def _keeps(text: str, tag: str) -> bool:
    """Whether a text has the form that a tag asks for."""
    lines = text.splitlines()
    if tag == "form:steps":
        return sum(bool(_STEP.match(line)) for line in lines) > 1
    if tag == "form:list":
        return len(lines) > 1
    return not (tag.startswith(_WITHOUT) and tag.removeprefix(_WITHOUT).casefold() in text.casefold())


def _over_cautious(trace: Trace) -> Finding | None:
    """The draft is right and only the confidence kept it back."""
    if trace.outcome.sent or not trace.outcome.would_be_right:
        return None
    return Finding(Cause.OVER_CAUTION, Remedy.SETTING, f"The draft was right. {trace.outcome.reason}")


def _article_missing(trace: Trace) -> Finding | None:
    """No document that answers is live for the audience."""
    case = trace.case
    if not case.documents or trace.quoted_in or trace.lookup.holds_document(case):
        return None
    named = ", ".join(case.documents)
    evidence = f"{named}: absent, waiting, out of date, or not for the audience “{case.audience}”."
    return Finding(Cause.KNOWLEDGE_MISSING, Remedy.ARTICLE, evidence)


def _sentence_missing(trace: Trace) -> Finding | None:
    """The sentence that answers stands in no live document."""
    if not trace.case.quotes or trace.quoted_in:
        return None
    evidence = f"“{shown(trace.case.quotes[0])}” stands in nothing live: it was changed, is written otherwise or gone."
    return Finding(Cause.KNOWLEDGE_MISSING, Remedy.DATASET, evidence)


def _not_found(trace: Trace) -> Finding | None:
    """What answers is known, but not among the best fifty hits."""
    if not trace.names_answer or trace.was_used or (trace.rank or trace.deep_rank):
        return None
    page = trace.outcome.page_rank if trace.case.quotes else None
    beside = f"; another passage of its article was hit {page}" if page else ""
    evidence = f"{trace.answer_in_words} is not among {DEEP} hits{beside}. {trace.shared_in_words}"
    return Finding(Cause.NOT_RETRIEVED, _lifted_by(trace), evidence)


def _found_too_low(trace: Trace) -> Finding | None:
    """What answers was found, but below the hits that an answer is drawn from."""
    if not trace.names_answer or trace.was_used:
        return None
    rank = trace.rank or trace.deep_rank
    if rank is not None and rank <= trace.drawn_from:
        evidence = (
            f"{trace.answer_in_words} would be hit {rank} of {DEEP}, but is none of the fewer that were asked for."
        )
        return Finding(Cause.RANKED_LOW, Remedy.SETTING, evidence)
    drawn = f"an answer is drawn from the first {trace.drawn_from}"
    evidence = f"{trace.answer_in_words} was hit {rank}; {drawn}. {trace.shared_in_words}"
    return Finding(Cause.RANKED_LOW, _lifted_by(trace), evidence)


def _lifted_by(trace: Trace) -> Remedy:
    """What helps a passage up: the customers' words where it lacks most of them, else the search."""
    return Remedy.WORDING if trace.shared < len(trace.telling) / 2 else Remedy.SEARCH


def _taken_for_strange(trace: Trace) -> Finding | None:
    """What answers was found, but the question was taken for one about something else."""
    if trace.outcome.decision != Decision.ABSTAIN:
        return None
    return Finding(Cause.OUT_OF_SCOPE, Remedy.WORDING, f"{trace.answer_in_words} was found. {trace.outcome.reason}")


def _cut_off(trace: Trace) -> Finding | None:
    """The passage ends right before a condition, so that nothing of it may be sent.

    Where the confidence decided and yet the draft is not to be sent at any, nothing else can be the reason.
    """
    outcome = trace.outcome
    if outcome.sendable or not (_CUT_OFF in outcome.reason or outcome.reason.startswith(_BY_CONFIDENCE)):
        return None
    evidence = f"{trace.answer_in_words} was found, but what was drafted breaks off right before a condition."
    return Finding(Cause.CONDITION, Remedy.CLEANING, evidence)


def _more_than_a_question(trace: Trace) -> Finding | None:
    """The message asks for a person, or for too much at once."""
    if not any(words in trace.outcome.reason for words in _MORE_THAN_A_QUESTION):
        return None
    return Finding(Cause.AMBIGUOUS, Remedy.DATASET, f"{trace.answer_in_words} was found. {trace.outcome.reason}")


def _unknown_code(trace: Trace) -> Finding | None:
    """The question names a code that the articles do not."""
    if trace.outcome.sendable or _NO_SUCH_CODE not in trace.outcome.reason:
        return None
    return Finding(Cause.CONDITION, Remedy.CLEANING, f"{trace.answer_in_words} was found. {trace.outcome.reason}")


def _several_readings(trace: Trace) -> Finding | None:
    """A fragment of a question that fits several places alike: it was asked back about, or another one was taken."""
    outcome, words = trace.outcome, len(trace.telling)
    if outcome.decision == Decision.CLARIFY:
        return Finding(Cause.AMBIGUOUS, Remedy.WORDING, f"It was asked back about. {outcome.reason}")
    if words > _FRAGMENT_WORDS or outcome.parts.get("retrieval_margin", 1.0) > _EQUAL_LEAD or not trace.strays:
        return None
    evidence = f"It has {words} telling words; others score about as well as {trace.cited_places[0]}, which was taken."
    return Finding(Cause.AMBIGUOUS, Remedy.WORDING, evidence)


def _condition_left_out(trace: Trace) -> Finding | None:
    """Cited from beside the sentence that answers, without a condition of it."""
    if not trace.cited_places or trace.strays or not trace.left_out or not trace.is_beside:
        return None
    evidence = f"Cited is what stands beside “{shown(trace.nearest_quote)}”, without its “{trace.left_out[0]}”"
    return Finding(Cause.CONDITION, Remedy.CLEANING, f"{evidence} (in {', '.join(trace.right_places)}).")


def _not_extracted(trace: Trace) -> Finding | None:
    """What answers was at hand and other sentences were chosen, or the dataset names nothing to look for."""
    if not trace.names_answer:
        evidence = (
            "The dataset names neither an article nor a sentence that answers, and the draft says something else."
        )
        return Finding(Cause.NOT_EXTRACTED, Remedy.DATASET, evidence)
    rank = f"was hit {trace.rank}" if trace.rank else "was found in part"
    covered = f"the draft has {trace.outcome.cover:.0%} of it" if trace.case.quotes else "the draft does not say it"
    evidence = f"{trace.answer_in_words} {rank}, but {covered}; it was drawn {trace.source_in_words}."
    return Finding(Cause.NOT_EXTRACTED, Remedy.WORDING, evidence)


NOT_TO_BE_SENT: tuple[Rule, ...] = (
    _not_asked_back,
    _asked_back_in_vain,
    _turned_away,
    _answered_out_of_scope,
    _contradicted,
    _answered_another_case,
    _answered_without_knowledge,
)
"""The rules for questions that should not have been answered, in order; the last one fits always."""

TO_BE_SENT: tuple[Rule, ...] = (
    _wrong_form,
    _over_cautious,
    _article_missing,
    _sentence_missing,
    _contradicted,
    _not_found,
    _found_too_low,
    _taken_for_strange,
    _cut_off,
    _more_than_a_question,
    _unknown_code,
    _several_readings,
    _condition_left_out,
    _not_extracted,
)
"""The rules for questions that should have been answered, in order; the last one fits always."""
