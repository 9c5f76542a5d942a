"""The crawler: a web site becomes pages, politely, safely, and in rounds that a crash does not undo."""

from openbook.ingest.web.crawler import Crawler
from openbook.ingest.web.fetcher import USER_AGENT, Limits
from openbook.ingest.web.frontier import Entry, Frontier, MemoryFrontier, Priority, Progress
from openbook.ingest.web.page import Outcome, Page
from openbook.ingest.web.plan import Mode, Plan
from openbook.ingest.web.tally import Tally
from openbook.ingest.web.traps import TrapLimits

__all__ = [
    "USER_AGENT",
    "Crawler",
    "Entry",
    "Frontier",
    "Limits",
    "MemoryFrontier",
    "Mode",
    "Outcome",
    "Page",
    "Plan",
    "Priority",
    "Progress",
    "Tally",
    "TrapLimits",
]
