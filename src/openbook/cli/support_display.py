"""Numbers and hand-offs as text for people. Knows no command and changes nothing."""

from collections.abc import Sequence

from rich.markup import escape

from openbook.cli.display import day_of, out, table_of
from openbook.types import HandoffDetail, Packet, utc_now
from openbook.types.stats import FEW, LABELS, OUTCOMES, TOO_FEW, HandoffNumbers, Spread, Stats, Tally, in_words


def show_stats(stats: Stats, *, meaning: bool = False) -> None:
    """What became of the conversations, then hand-offs, times and days; what each number means where that is wanted."""
    total = stats.total
    days = f"{day_of(stats.since)} to {stats.by_day[-1].name}"
    out.print(
        f"[bold]{total.conversations:,} conversation{'s' * (total.conversations != 1)}[/bold] began from {days}.",
        soft_wrap=True,
    )
    if total.young:
        out.print(f"{total.young:,} of them are less than 24 hours old; they are in no share.", soft_wrap=True)
    if not total.conversations:
        out.print("Ask for other days with --days or --since, or let customers ask: openbook serve", soft_wrap=True)
    elif total.closed < FEW:
        out.print(f"Of fewer than {FEW} no share is shown.", soft_wrap=True)
    _show_outcomes(stats)
    _show_handoffs(stats.handoffs, stats.answer_time)
    _show_days(stats.by_day)
    besides = f"{stats.leads} contact forms, {stats.corrections} corrected answers"
    thumbs = f"thumbs {stats.thumbs['up']} up, {stats.thumbs['down']} down"
    sent = f"{stats.answers['sent']} answers sent, {stats.answers['asked_back']} times asked back"
    out.print(f"\n{sent}, {stats.answers['abstained']} times nothing to say; {thumbs}; {besides}.", soft_wrap=True)
    if meaning:
        _show_meaning(stats)


def show_handoffs(found: Sequence[HandoffDetail]) -> None:
    """Hand-offs, a row each."""
    if not found:
        out.print("There is no such hand-off: nobody waits like that.")
        return
    table = table_of("id", "state", "for", "why", "rule", "held by", "alarms", right=("alarms",))
    now = utc_now()
    for one in found:
        begun = in_words(max(0.0, (now - one.created_at).total_seconds()))
        why, rule = escape(one.reason) or "-", escape(one.rule) or "unsure"
        table.add_row(one.id, one.state.value, begun, why, rule, escape(one.claimed_by) or "-", str(one.alarms))
    table.columns[0].no_wrap = True  # to be copied whole
    out.print(table)


def show_packet(packet: Packet) -> None:
    """One hand-off: who asked what, what was understood and tried, what was said, what could be replied."""
    one = packet.handoff
    holder = f", held by {escape(one.claimed_by)}" if one.claimed_by else ""
    out.print(f"[bold]{one.id}[/bold] {one.state.value}{holder}, since {one.created_at:%Y-%m-%d %H:%M} UTC")
    out.print(f"Question: {_or_erased(packet.question)}", soft_wrap=True)
    customer = " ".join(filter(None, (packet.name, packet.contact))) or "not known"
    out.print(f"Customer: {escape(customer)}{f', writes {one.language}' if one.language else ''}", soft_wrap=True)
    out.print(f"Why: {escape(one.reason)}", soft_wrap=True)
    out.print(f"Confidence {packet.confidence:.2f}, threshold {packet.threshold:.2f}")
    if packet.understood:
        out.print(f"Understood as: {escape(' | '.join(packet.understood))}", soft_wrap=True)
    for source in packet.sources:
        out.print(f"  tried {escape(source.title)}: {escape(source.why_not)}", style="dim", soft_wrap=True)
    for promise in packet.promises:
        out.print(f"  [yellow]promised[/yellow] {escape(promise)}", soft_wrap=True)
    for said in packet.messages:
        out.print(f"\n[bold]{said.author}[/bold] {said.created_at:%Y-%m-%d %H:%M}")
        out.print(_or_erased(said.text), soft_wrap=True)
    if packet.suggestion:
        out.print("\n[bold]could be replied[/bold]")
        out.print(escape(packet.suggestion.text), soft_wrap=True)


def _show_outcomes(stats: Stats) -> None:
    table = table_of("outcome", "conversations", "share (95 % interval)", right=("conversations",))
    for name in (*OUTCOMES, "answered"):
        found = stats.rates[name]
        label = LABELS[name] if name != "answered" else f"{LABELS[name]}, of all these"
        table.add_row(label, f"{found.count:,}", found.in_words)
    out.print(table)


def _show_handoffs(numbers: HandoffNumbers, answer_time: Spread) -> None:
    now = f"{numbers.waiting_now} wait now, {numbers.claimed_now} are taken, {numbers.replied_now} replied to"
    counted = f"{numbers.opened} hand-offs, {numbers.reopened} times one came back, {numbers.alarms} alarms"
    out.print(f"\n{counted}; {now}.", soft_wrap=True)
    for reason, count in numbers.reasons.items():
        out.print(f"{count:6,}  {escape(reason) or 'not noted'}", soft_wrap=True)
    table = table_of("time", "median", "most within", "cases", "without", right=("cases", "without"))
    for name in ("until_claimed", "until_replied", "until_resolved"):
        table.add_row(*_timed(name, getattr(numbers, name)))
    table.add_row(*_timed("answer_time", answer_time))
    out.print(table)


def _timed(name: str, spread: Spread) -> tuple[str, ...]:
    high = in_words(spread.high_seconds)
    most = high if spread.high_seconds is None else f"{high} ({spread.percentile} %)"
    cases = f"{spread.cases:,}" if spread.firm or not spread.cases else f"{spread.cases:,}, {TOO_FEW}"
    return LABELS[name], in_words(spread.median_seconds), most, cases, f"{spread.without:,}"


def _show_days(days: Sequence[Tally]) -> None:
    busy = [day for day in days if day.conversations]
    if not busy:
        return
    headings = ("conversations", *(LABELS[name].lower() for name in OUTCOMES), "young")
    table = table_of("day, in UTC", *headings, right=headings)
    for day in busy:
        counts = (day.conversations, *(getattr(day, name) for name in OUTCOMES), day.young)
        table.add_row(day.name, *(f"{count:,}" for count in counts))
    out.print()
    out.print(table)


def _show_meaning(stats: Stats) -> None:
    out.print()
    for name, words in stats.meaning.items():
        out.print(f"[bold]{name}[/bold]  {escape(words)}", soft_wrap=True)


def _or_erased(text: str | None) -> str:
    return "(erased)" if text is None else escape(text)
