"""What the owner does with sources: adds and removes them, for the routes and the pages alike."""

import time

from openbook.errors import Busy
from openbook.server.bodies import SourceBody
from openbook.server.door import Door
from openbook.server.guests import Guest
from openbook.server.readings import StepListener, unseen
from openbook.server.upkeep import source_for
from openbook.types import DeletionReceipt, SyncReport

_PATIENCE_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.05


def add_source(door: Door, guest: Guest, body: SourceBody, *, tell: StepListener = unseen) -> SyncReport:
    """Registers a place and reads it. To be run on a worker of `long`.

    Raises:
        UserError: There is nothing to be read at that place.
        Busy: It is being read already, or the server stops.
    """
    return door.readings.add(
        guest.tenant,
        body.location,
        tell=tell,
        audience=",".join(guest.narrowed(body.audience)) if body.audience.strip() else "",
        locale=body.locale,
        product=body.product,
        title=body.title,
        options=body.options,
    )


def remove_source(door: Door, guest: Guest, source_id: str, *, erase: bool) -> DeletionReceipt:
    """Stops the reading of a source, and then withdraws it with everything that came from it.

    Raises:
        NotFound: There is none.
        Busy: Its reading does not end.
    """
    source = source_for(door.desk, guest, source_id)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while door.desk.stop(source.id, tenant=guest.tenant):
        if time.monotonic() > deadline:
            raise Busy(f"{source.location} is still being read.", fix="Remove it when that has stopped.")
        time.sleep(_LOOK_AGAIN_SECONDS)
    receipt = door.desk.remove(source.id, tenant=guest.tenant, erase=erase)
    door.readings.forget(guest.tenant)
    return receipt
