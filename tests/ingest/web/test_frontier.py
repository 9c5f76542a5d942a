from datetime import UTC, datetime

import pytest

from ingest.web.frontiers import *  # noqa: F403
from openbook.ingest.web import MemoryFrontier


@pytest.fixture
def now():
    return datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def frontier():
    return MemoryFrontier()
