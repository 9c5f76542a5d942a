"""Writes chunks into the index and finds hits."""

from openbook.search.approval import Approval
from openbook.search.drafting import Batch
from openbook.search.fusion import fuse
from openbook.search.intake import Intake
from openbook.search.publisher import Publisher
from openbook.search.removal import Removal
from openbook.search.searcher import Searcher
from openbook.search.sync import Sync

__all__ = ["Approval", "Batch", "Intake", "Publisher", "Removal", "Searcher", "Sync", "fuse"]
