"""Writes what nobody expected into the log, under a reference that the caller is told."""

import logging
import secrets

from openbook.server.problems import Problem, fault

logger = logging.getLogger("openbook.server")


def noted(what: str) -> Problem:
    """Logs the exception at hand with its trace; the problem carries only the reference.

    Args:
        what: What failed, without anything that customers wrote.
    """
    reference = f"err_{secrets.token_hex(6)}"
    logger.exception("%s: %s failed", reference, what)
    return fault(reference)
