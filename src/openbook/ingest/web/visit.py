"""Looks at one address: asks robots.txt, fetches, judges. Runs on several threads; touches no frontier."""

from dataclasses import dataclass

from openbook.ingest.web.addresses import parse
from openbook.ingest.web.fetcher import Fetcher, Reply
from openbook.ingest.web.frontier import Entry
from openbook.ingest.web.judge import Judgement, judge
from openbook.ingest.web.links import Scope
from openbook.ingest.web.pace import Pace
from openbook.ingest.web.robots import Robots


@dataclass(frozen=True, slots=True)
class Visit:
    """What looking at an address brought.

    Attributes:
        reply: The answer.
        judgement: What the page is, if there is one.
        refusal: Why it was not even asked for, in words.
    """

    reply: Reply
    judgement: Judgement | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Looks at addresses.

    Attributes:
        is_in_full: Whether to ask for pages that have not changed, too.
    """

    fetcher: Fetcher
    robots: Robots
    pace: Pace
    scope: Scope
    is_in_full: bool = False

    def refusal(self, address: str) -> str:
        """Why an address may not be asked for, in words; empty if it may.

        Raises:
            Stopped: The crawl is to stop.
        """
        outside = self.scope.refusal(address)
        if outside:
            return outside
        rules = self.robots.rules(address)
        return "" if rules.problem or rules.allows(address) else "robots.txt does not allow it"

    def visit(self, entry: Entry) -> Visit:
        """Looks at an address.

        Raises:
            Stopped: The crawl is to stop.
        """
        refusal = self.refusal(entry.address)
        if refusal:
            return Visit(Reply(entry.address), refusal=refusal)
        rules = self.robots.rules(entry.address)
        if rules.problem:
            return Visit(Reply(entry.address, problem=rules.problem, may_heal=True))
        self.pace.slow_down(parse(entry.address).host, rules.delay_seconds)
        validators = {} if self.is_in_full else {"etag": entry.etag, "last_modified": entry.last_modified}
        reply = self.fetcher.get(entry.address, **validators)
        if reply.status not in (200, 203) or reply.problem:
            return Visit(reply)
        return Visit(reply, judge(reply.data, address=entry.address, headers=reply.headers))
