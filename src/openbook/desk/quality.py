"""The verbs that measure: evaluate, diagnose, backtest, calibrate, review."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from openbook.desk import verbs
from openbook.desk.knowledge import KnowledgeVerbs, names_in
from openbook.desk.lookup import DeskLookup
from openbook.errors import NotFound, UserError
from openbook.evals import CalibrationReport, Case, Report, calibrate, read_dataset
from openbook.evals.backtest import Backtest
from openbook.evals.dataset import history_of
from openbook.evals.diagnose import Diagnosis, diagnose
from openbook.evals.evaluate import outcomes
from openbook.evals.outcome import names
from openbook.evals.report import report
from openbook.evals.run import Entry, RunHead, dataset_hash, interrupted, is_run, read_whole_run, written
from openbook.search.intake import quiet
from openbook.types import (
    MAIN_TENANT,
    AskRequest,
    Calibration,
    ConfidenceModel,
    Document,
    ProgressListener,
    Rehearsal,
    Review,
)
from openbook.version import VERSION

MAX_ERROR = 0.02
CERTAINTY = 0.95
GROUPINGS = ("group", "intent", "audience")


class QualityVerbs(KnowledgeVerbs, Protocol):
    """One method a verb; `Desk` says where each is done."""

    def evaluate(
        self,
        dataset: Path | str,
        *,
        run: Path | str | None = None,
        tenant: str = MAIN_TENANT,
        progress: ProgressListener = quiet,
    ) -> Report:
        """Asks every question of a dataset, keeps nothing of it, and reports metrics with their intervals.

        Args:
            dataset: JSON Lines or CSV.
            run: A file to write what becomes of each case to; an interrupted run in it is gone on from.
            tenant: Whose knowledge.
            progress: Told how many questions are done.

        Raises:
            UserError: The dataset cannot be read, names the line; or the file holds another run.
        """
        cases = read_dataset(Path(dataset))
        entries = self._entries(cases, Path(run) if run else None, tenant=tenant, progress=progress)
        return report([entry.outcome for entry in entries])

    def diagnose(
        self, dataset: Path | str, *, tenant: str = MAIN_TENANT, progress: ProgressListener = quiet
    ) -> Diagnosis:
        """Why each failure failed, and the lightest fix for each group of failures.

        Args:
            dataset: A dataset, which is asked anew, or a run that `evaluate` wrote.
            tenant: Whose knowledge.
            progress: Told how many questions are done.
        """
        path = Path(dataset)
        if is_run(path):
            head, known = read_whole_run(path)
            if head.state != self._do(verbs.state, tenant=tenant):
                raise UserError(
                    f"The run {path} is of knowledge or settings that changed since.",
                    fix="Evaluate once more with --run and another file, or diagnose the dataset itself.",
                )
            entries = list(known)
        else:
            entries = self._entries(read_dataset(path), None, tenant=tenant, progress=progress)
        lookup = DeskLookup(self, lambda query: self._do(verbs.search, query=query), tenant)
        return diagnose([item.case for item in entries], [item.outcome for item in entries], lookup=lookup)

    def calibrate(
        self,
        dataset: Path | str,
        *,
        max_error: float = MAX_ERROR,
        certainty: float = CERTAINTY,
        by: str = "",
        keep: bool = True,
        tenant: str = MAIN_TENANT,
        progress: ProgressListener = quiet,
    ) -> CalibrationReport:
        """Fits the confidence to labels and derives the threshold that keeps a promise.

        What Openbook brings along is fitted anew each time, never an earlier fit: that may have seen labels which
        are there to certify now.

        Args:
            dataset: The labels: questions with what is right.
            max_error: The share of sent answers that may be wrong.
            certainty: Of the promise.
            by: `group`, `intent` or `audience`: says beside what could be promised of each; empty for none.
            keep: Whether the new version counts from now on. One without a certificate never takes the place of
                one whose promise stands, nor counts where the labels that certify say it is worse than before.
            tenant: Whose knowledge.
            progress: Told how many labels were asked.

        Raises:
            UserError: The labels contradict each other, leak, or rest on documents that are not live.
        """
        if by not in ("", *GROUPINGS):
            raise UserError(f"Labels cannot be grouped by {by!r}.", fix=f"Choose one of {', '.join(GROUPINGS)}.")
        cases = read_dataset(Path(dataset))
        every = self.calibrations(tenant=tenant)
        documents = self.documents(tenant=tenant)
        found = calibrate(
            cases,
            rehearse=lambda case, model: self._rehearsed(case, tenant, model),
            present=every[-1].model,
            max_error=max_error,
            certainty=certainty,
            group_of=lambda case: getattr(case, by) if by else "",
            missing=lambda case: _missing(case, documents),
            progress=progress,
        )
        found = found.on(
            dataset_hash(cases), withdrawn=[item.certificate for item in every if item.state == "withdrawn"]
        )
        stands = every[0].certificate is not None and every[0].state == "active"
        if not keep or (not found.certificate.granted and (stands or found.is_worse)):
            return found
        return replace(found, calibration=self._do(verbs.activate, tenant=tenant, calibration=found.calibration))

    def backtest(
        self,
        tickets: Path | str | None = None,
        *,
        by_time: bool = False,
        tenant: str = MAIN_TENANT,
        progress: ProgressListener = quiet,
    ) -> Backtest:
        """What would have happened on past tickets; nothing of it is kept.

        Args:
            tickets: JSON Lines of tickets or a help-desk export; None: the tickets that were imported.
            by_time: Answer each from the tickets solved before it, instead of from the articles of today.
            tenant: Whose knowledge.
            progress: Told how many tickets are done.

        Raises:
            UserError: The file cannot be read, or there is no ticket.
        """
        path = str(Path(tickets).absolute()) if tickets else ""
        return self._do(verbs.backtest, tenant=tenant, path=path, by_time=by_time, progress=progress)

    def calibrations(self, *, tenant: str = MAIN_TENANT) -> tuple[Calibration, ...]:
        """Every version of the confidence, the newest first; number 0 is what Openbook brings along."""
        return self._do(verbs.calibrations, tenant=tenant)

    def use_calibration(self, number: int, *, tenant: str = MAIN_TENANT) -> Calibration:
        """Makes an older version count again, as a new one; a withdrawn promise does not come back with it.

        Raises:
            NotFound: There is no version of that number.
        """
        every = self.calibrations(tenant=tenant)
        broken = [item.certificate for item in every if item.state == "withdrawn"]
        for item in every:
            if item.number == number:
                return self._do(verbs.activate, tenant=tenant, calibration=item.reused(without=broken))
        raise NotFound(f"There is no calibration {number}.", fix="`openbook calibrate --history` lists every version.")

    def review(self, answer_id: str, *, right: bool, tenant: str = MAIN_TENANT) -> Review:
        """Says whether an answer that was sent was right; too many wrong ones withdraw a promise.

        Raises:
            NotFound: There is no such answer.
            UserError: It was not sent.
        """
        return self._do(verbs.review, tenant=tenant, answer_id=answer_id, right=right)

    def _entries(
        self, cases: tuple[Case, ...], run: Path | None, *, tenant: str, progress: ProgressListener
    ) -> list[Entry]:
        """What becomes of every case, by way of a file where one is named."""

        def fresh(known: tuple[Entry, ...]) -> Iterator[Entry]:
            done = {entry.case.id: entry.outcome for entry in known}
            asked = outcomes(cases, rehearse=lambda case: self._rehearsed(case, tenant), known=done, progress=progress)
            return (Entry(case, outcome) for case, outcome in zip(cases, asked, strict=True))

        if run is None:
            return list(fresh(()))
        head = RunHead(dataset_hash(cases), len(cases), self._do(verbs.state, tenant=tenant), VERSION)
        known = interrupted(run, head)
        return list(written(run, head, known, fresh(known)))

    def _rehearsed(self, case: Case, tenant: str, model: ConfidenceModel | None = None) -> Rehearsal:
        request = AskRequest(
            case.question,
            tenant=tenant,
            audiences=names_in(case.audience),
            channel="evaluation",
            history=history_of(case),
        )
        return self._do(verbs.rehearse, request=request, model=model)


def _missing(case: Case, documents: Sequence[Document]) -> tuple[str, ...]:
    """The gold documents of a case that are not live for its audience."""
    seen = [item for item in documents if set(item.audiences).intersection(names_in(case.audience))]
    return tuple(name for name in case.documents if not any(names(name, item.path, item.url) for item in seen))
