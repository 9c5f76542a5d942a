"""Personal data: what customers tell about themselves is replaced before a text becomes knowledge."""

from openbook.ingest.privacy.found import KINDS, Found
from openbook.ingest.privacy.masking import Masked, find_personal, mask

__all__ = ["KINDS", "Found", "Masked", "find_personal", "mask"]
