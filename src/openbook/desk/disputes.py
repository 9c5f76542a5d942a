"""Contradictions between live documents, with the past questions that met both."""

from openbook.desk.parts import Parts
from openbook.types import Dispute, ProgressListener


def list_disputes(parts: Parts, tenant: str, *, limit: int, progress: ProgressListener) -> tuple[Dispute, ...]:
    return ()
