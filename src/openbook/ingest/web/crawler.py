"""Goes through a site: what is asked for next, what each answer means, when the round is over.

Fetching happens on a few threads, everything else on the thread that asks for pages: only there
the frontier is touched. A page counts as done when its user says so, with `done`. Whatever ends
the process before that, the next round takes up where this one was.

It knows nothing about documents or storage.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.web.addresses import Gate, Resolver, look_up
from openbook.ingest.web.fetcher import Fetcher
from openbook.ingest.web.frontier import Entry, Frontier, MemoryFrontier, Priority, Progress
from openbook.ingest.web.links import Scope, normalise
from openbook.ingest.web.network import Stopped, Watch
from openbook.ingest.web.pace import Pace
from openbook.ingest.web.page import Outcome, Page
from openbook.ingest.web.plan import Mode, Plan
from openbook.ingest.web.robots import Robots
from openbook.ingest.web.settling import Settler, remembered_texts
from openbook.ingest.web.survey import Survey, ghosts
from openbook.ingest.web.tally import Tally
from openbook.ingest.web.traps import Traps
from openbook.ingest.web.visit import Visit, Visitor
from openbook.types.record import utc_now

_THREADS = 4
_PATIENCE_SECONDS = 0.1
_FAILURES_LIMIT = 10


class Crawler:
    """One round over a site.

    Args:
        plan: What the crawl is to do.
        frontier: What earlier rounds left, and where this one keeps its state; in memory unless given.
        stop: Set it to end the round where it stands; the next one goes on from there.
        resolver: Looks up host names.
        trust: The TLS context that certificates are checked with; the system's unless given.

    Attributes:
        left_alone: How many addresses were seen and not asked for, by reason.
        ending: Why the round ended before everything was looked at, in words; empty if it did not.

    Raises:
        ReadError: The plan's start is no web address.
    """

    def __init__(
        self,
        plan: Plan,
        frontier: Frontier | None = None,
        *,
        stop: threading.Event | None = None,
        resolver: Resolver = look_up,
        trust: Any = None,
    ) -> None:
        start = normalise(plan.start)
        if not start:
            raise ReadError(
                f"{plan.start[:200]!r} is no web address.", fix="Give an address such as https://help.example.com/."
            )
        self.left_alone = Tally()
        self.ending = ""
        self._plan = plan
        self._frontier: Frontier = MemoryFrontier() if frontier is None else frontier
        self._stop = stop or threading.Event()
        self._is_over = threading.Event()
        self._scope = Scope(start, whole_site=plan.whole_site)
        self._pace = Pace(plan.delay_seconds, self._wait)
        gate = Gate(plan.allow_private, resolver)
        self._fetcher = Fetcher(
            gate=gate, pace=self._pace, watch=Watch(self._is_stopped), limits=plan.limits, trust=trust
        )
        robots = Robots(self._fetcher.follow)
        self._visitor = Visitor(self._fetcher, robots, self._pace, self._scope, is_in_full=plan.in_full)
        self._traps = Traps(plan.traps)
        self._survey = Survey(self._frontier, self._visitor, self._traps, self.left_alone)
        self._settler = Settler(self._scope)
        self._handed_out: dict[str, Entry] = {}
        self._second_looks: list[Entry] = []
        self._failures = 0

    @property
    def progress(self) -> Progress:
        """How far the round is; the total grows as links are found."""
        return self._frontier.progress()

    def pages(self) -> Iterator[Page]:
        """Every address of the round as it was found, each once; call `done` for each.

        Ends early, with the reason in `ending`, when the stop event is set or the site does not answer.
        """
        try:
            if self._open():
                yield from self._walk()
            elif self.ending:
                yield Page(self._scope.start, self._scope.start, Outcome.FAILED, self.ending)
        except Stopped:
            self.ending = "stopped"
        finally:
            self._is_over.set()
            self._fetcher.close()

    def done(self, page: Page) -> None:
        """Says that a page was put to use: only now is it not looked at again in this round."""
        entry = self._handed_out.pop(page.address, None)
        if entry is not None:
            self._frontier.put([entry])

    def _open(self) -> bool:
        """Opens or takes up the round; false if the site cannot be asked what it allows."""
        is_single = self._plan.mode is Mode.SINGLE
        rules = self._visitor.robots.rules(self._scope.start)
        self.ending = rules.problem
        if self.ending:
            return False
        self._pace.slow_down(self._scope.host, rules.delay_seconds)
        self._settler.texts = remembered_texts(self._frontier.entries())
        self._survey.open_round(self._scope, mode=self._plan.mode)
        if not is_single:
            self._settler.ghosts = ghosts(self._fetcher, self._scope)
            self._survey.read_sitemaps(self._fetcher, rules, self._scope)
        if self._plan.mode is Mode.SITEMAP and not self.progress.total:
            self.ending = "no sitemap was found that lists pages under the start address"
        return not self.ending

    def _walk(self) -> Iterator[Page]:
        under_way: dict[Future[Visit], Entry] = {}
        pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="crawl")
        try:
            while not self._is_stopped():
                while len(under_way) < _THREADS and (entry := self._next(is_idle=not under_way)) is not None:
                    under_way[pool.submit(self._visitor.visit, entry)] = entry
                if not under_way:
                    return
                finished, _ = wait(under_way, timeout=_PATIENCE_SECONDS, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield from self._settle(under_way.pop(future), future.result())
            raise Stopped
        finally:
            self._is_over.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _next(self, *, is_idle: bool) -> Entry | None:
        """What to look at now; second looks only when everything else is through."""
        if self._failures >= _FAILURES_LIMIT:
            self.ending = f"the site did not answer {_FAILURES_LIMIT} times in a row"
            return None
        while (entry := self._frontier.take()) is not None:
            if entry.priority is Priority.SECOND_LOOK:
                self._second_looks.append(entry)
            elif self._is_wanted(entry):
                return entry
        if is_idle and self._second_looks:
            entry = self._second_looks.pop(0)
            self._wait_for_second_look(entry)
            return entry
        return None

    def _is_wanted(self, entry: Entry) -> bool:
        """Whether a new address is still worth a look, now that others like it were seen."""
        reason = "" if _is_vouched(entry) or entry.depth == 0 else self._traps.closed(entry.address)
        if reason:
            self.left_alone.add(entry.address, reason)
            self._frontier.put([replace(entry, is_waiting=False, reason=reason)])
        return not reason

    def _settle(self, entry: Entry, visit: Visit) -> Iterator[Page]:
        self._failures = self._failures + 1 if visit.reply.may_heal else 0
        settled = self._settler.settle(entry, visit, now=utc_now())
        if visit.judgement and visit.judgement.fingerprint and not _is_vouched(entry):
            self._traps.saw(entry.address, visit.judgement.fingerprint)
        if self._plan.mode is Mode.CRAWL:
            self._survey.admit(settled.found)
        else:
            self._survey.admit(each for each in settled.found if each.asked)
        if settled.page is None:
            self._frontier.put([settled.entry])
            return
        self._handed_out[settled.page.address] = settled.entry
        yield settled.page

    def _wait_for_second_look(self, entry: Entry) -> None:
        if entry.missing_since is not None:
            passed = (utc_now() - (entry.checked_at or entry.missing_since)).total_seconds()
            if self._wait(max(0.0, self._plan.second_look_seconds - passed)):
                raise Stopped

    def _is_stopped(self) -> bool:
        return self._stop.is_set() or self._is_over.is_set()

    def _wait(self, seconds: float) -> bool:
        """Waits, but not longer than until the crawl is to stop; true if it is."""
        end = time.monotonic() + seconds
        while not self._is_stopped() and (left := end - time.monotonic()) > 0:
            self._stop.wait(min(left, _PATIENCE_SECONDS))
        return self._is_stopped()


def _is_vouched(entry: Entry) -> bool:
    """Whether an earlier round or a sitemap speaks for an address."""
    return entry.is_listed or entry.outcome is not None
