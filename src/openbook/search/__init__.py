"""Writes chunks into the index and finds hits."""

from openbook.search.fusion import fuse
from openbook.search.intake import Batch, Intake
from openbook.search.publisher import Publisher
from openbook.search.searcher import Searcher
from openbook.search.sync import Sync

__all__ = ["Batch", "Intake", "Publisher", "Searcher", "Sync", "fuse"]
