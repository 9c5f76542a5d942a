"""Which version of the confidence counts for a tenant, read once and kept until another takes its place."""

from threading import Lock

from openbook.answer.confidence import SHIPPED
from openbook.errors import NotFound
from openbook.stores import Database
from openbook.stores.calibrations import active_calibration, list_calibrations, put_calibration, withdraw_calibration
from openbook.types import Calibration

BROUGHT_ALONG = Calibration("", 0, SHIPPED, method="public questions")
"""What counts until a team calibrates on its own labels."""


class Calibrations:
    """A desk's calibrations; every change goes through here, so that turns see it at once.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, Calibration] = {}
        self._lock = Lock()  # or what was read before a change could be remembered after it

    def active(self, tenant: str) -> Calibration:
        """The one that counts."""
        if tenant not in self._known:
            with self._lock, self._database.read() as connection:
                self._known[tenant] = active_calibration(connection, tenant) or BROUGHT_ALONG
        return self._known[tenant]

    def every(self, tenant: str) -> tuple[Calibration, ...]:
        """Every version, the newest first; what Openbook brings along is the last."""
        with self._database.read() as connection:
            return (*list_calibrations(connection, tenant), BROUGHT_ALONG)

    def find(self, tenant: str, calibration_id: str) -> Calibration:
        """One version by its id.

        Raises:
            NotFound: There is none of that id.
        """
        for calibration in (self.active(tenant), *self.every(tenant)):
            if calibration.id == calibration_id:
                return calibration
        raise NotFound(
            f"There is no calibration {calibration_id!r}.", fix="`openbook calibrate --history` lists every version."
        )

    def activate(self, tenant: str, calibration: Calibration) -> Calibration:
        """Keeps a version as the one that counts from now on."""
        with self._lock:
            kept = self._database.write(lambda connection: put_calibration(connection, tenant, calibration))
            self._known[tenant] = kept
        return kept

    def withdraw(self, tenant: str, calibration: Calibration, *, reason: str) -> Calibration:
        """Takes a promise back; returns the version that counts then."""
        with self._lock:
            counting = self._database.write(
                lambda connection: withdraw_calibration(connection, tenant, calibration.id, reason=reason)
            )
            self._known[tenant] = counting or BROUGHT_ALONG
        return self._known[tenant]
