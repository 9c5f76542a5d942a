"""The commands that measure quality, promise it, and say what to do about it."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from openbook.cli import display, quality_display
from openbook.cli.program import DeskOption, JsonOption, TenantOption, app, opened, say
from openbook.desk.quality import CERTAINTY, MAX_ERROR
from openbook.errors import UserError
from openbook.evals import CalibrationReport, read_dataset
from openbook.evals.comparing import compare_outcomes
from openbook.evals.gates import missed_gates
from openbook.evals.pages.backtest_page import backtest_page
from openbook.evals.pages.evaluation_page import evaluation_page
from openbook.evals.report import report as report_of
from openbook.evals.run import read_whole_run
from openbook.types import MAIN_TENANT, utc_now

DatasetArgument = Annotated[Path, typer.Argument(help="Questions as JSON Lines or CSV.")]
ReportOption = Annotated[
    Path | None, typer.Option("--report", help="Write a page with curves, tables and cases into this file.")
]


@app.command()
def evaluate(
    dataset: DatasetArgument,
    report: ReportOption = None,
    run: Annotated[
        Path | None, typer.Option("--run", help="Keep every case in this file; go on from it if it was interrupted.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Compare with the run in this file, case by case.")
    ] = None,
    wrong: Annotated[bool, typer.Option("--wrong", help="List every case that is not right.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure quality on a dataset, with confidence intervals; exit 1 when a gate of the settings is missed.

    Nothing is recorded: no receipts, no hand-offs. Right means that the citations of a sent answer
    cover at least half of a gold quote; for a question without an answer, that nothing was sent.
    """
    check_page(report)
    earlier = [entry.outcome for entry in read_whole_run(against)[1]] if against else []
    with opened(desk) as here, display.progress_bar() as progress:
        found = here.evaluate(dataset, run=run, tenant=tenant, progress=progress)
        values = here.settings.values
        threshold = here.calibrations(tenant=tenant)[0].threshold_or(values.threshold)
    gates = values.gates.model_dump()
    found = replace(found, comparisons=compare_outcomes(earlier, found.outcomes) if against else ())
    say(found, lambda result: quality_display.show_report(result, gates, wrong=wrong), as_json=as_json)
    if report:
        page = evaluation_page(
            found,
            name=dataset.name,
            gates=gates,
            made_at=utc_now(),
            threshold=threshold,
            cases=read_dataset(dataset),
        )
        write_page(report, page)
    if missed_gates(found, gates):
        raise typer.Exit(1)


@app.command()
def calibrate(
    dataset: Annotated[Path | None, typer.Argument(help="Labelled questions as JSON Lines or CSV.")] = None,
    max_error: Annotated[float, typer.Option("--max-error", help="The share of sent answers that may be wrong.")] = (
        MAX_ERROR
    ),
    certainty: Annotated[float, typer.Option("--certainty", help="How certain the promise is to hold.")] = CERTAINTY,
    by: Annotated[
        str, typer.Option("--by", help="Say beside what could be promised by group, intent or audience.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be, and change nothing.")] = False,
    history: Annotated[bool, typer.Option("--history", help="List every version, and change nothing.")] = False,
    use: Annotated[
        int | None, typer.Option("--use", help="Go back to the version of this number; 0 is what comes along.")
    ] = None,
    report: ReportOption = None,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit the confidence to your own labels, and derive the threshold that keeps a promise.

    One part of the labels fits; the other, which had no say in it, certifies: with this certainty at
    most this share of the answers sent from now on is wrong, as long as questions stay of the kind that
    was labelled. Where the labels cannot carry the promise, it says how many are missing, keeps the
    threshold that counts, and exits with 1.
    """
    if (dataset is not None) + history + (use is not None) != 1 or (dry_run and use is not None):
        raise UserError(
            "Calibrating takes either labels, or --history, or --use.",
            fix="openbook calibrate LABELS.jsonl, or with --dry-run; or --history; or --use 0.",
        )
    check_page(report)
    with opened(desk) as here, display.progress_bar() as progress:
        if use is not None:
            say(here.use_calibration(use, tenant=tenant), quality_display.show_calibration, as_json=as_json)
            return
        if dataset is None:
            say(here.calibrations(tenant=tenant), quality_display.show_calibrations, as_json=as_json)
            return
        found = here.calibrate(
            dataset,
            max_error=max_error,
            certainty=certainty,
            by=by,
            keep=not dry_run,
            tenant=tenant,
            progress=progress,
        )
    say(found, quality_display.show_calibrated, as_json=as_json)
    if report:
        write_page(report, _calibration_page(found, dataset))
    if not found.certificate.granted:
        raise typer.Exit(1)


def _calibration_page(found: CalibrationReport, dataset: Path) -> str:
    """The certificate, and what became of the labels that it rests on."""
    return evaluation_page(
        report_of(found.outcomes),
        name=f"the calibration on {dataset.name}",
        gates={},
        made_at=utc_now(),
        certificate=found.certificate,
        cases=read_dataset(dataset),
    )


@app.command()
def diagnose(
    dataset: Annotated[Path, typer.Argument(help="Questions, or a run that `evaluate --run` wrote.")],
    every: Annotated[bool, typer.Option("--all", help="List every failure, not only examples.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why each failure failed, and the lightest fix for each group of failures."""
    with opened(desk) as here, display.progress_bar() as progress:
        found = here.diagnose(dataset, tenant=tenant, progress=progress)
    say(found, lambda result: quality_display.show_diagnosis(result, every=every), as_json=as_json)


@app.command()
def backtest(
    tickets: Annotated[
        Path | None, typer.Argument(help="Tickets as JSON Lines, or a help-desk export; default: those imported.")
    ] = None,
    by_time: Annotated[
        bool,
        typer.Option("--by-time", help="Answer each from the tickets solved before it, not from articles."),
    ] = False,
    report: ReportOption = None,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what would have happened on past tickets: answered or not, how surely, from where, and beside the replies.

    Nothing is kept. Whether an answer agrees with the reply of the past is a hint, not a label: read
    the examples that differ first.
    """
    check_page(report)
    with opened(desk) as here, display.progress_bar() as progress:
        found = here.backtest(tickets, by_time=by_time, tenant=tenant, progress=progress)
    if report:
        name = tickets.name if tickets else "imported tickets"
        write_page(report, backtest_page(found, name=name, made_at=utc_now()))
    say(found, quality_display.show_backtest, as_json=as_json)


@app.command()
def review(
    answer: Annotated[str, typer.Argument(help="The id of an answer that was sent, ans_….")],
    right: Annotated[bool, typer.Option("--right/--wrong", help="Whether the answer was right.")],
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether a sent answer was right; too many wrong ones withdraw a certificate by themselves."""
    with opened(desk) as here:
        found = here.review(answer, right=right, tenant=tenant)
    say(found, quality_display.show_review, as_json=as_json)


def check_page(path: Path | None) -> None:
    """Makes sure that a page can be written later, before long work is begun for it.

    Raises:
        UserError: It cannot.
    """
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise UserError(f"The page {path} cannot be written there.", fix="Name a file in a folder that exists.")


def write_page(path: Path, page: str) -> None:
    """Writes a page, whole or not at all.

    Raises:
        UserError: The file cannot be written.
    """
    unfinished = path.parent / f".{path.name}.unfinished"
    try:
        unfinished.write_text(page, "utf-8")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise UserError(f"The page {path} cannot be written: {error.strerror}.", fix="Name another file.") from error
    display.err.print(f"Written: {path}", markup=False, soft_wrap=True)
