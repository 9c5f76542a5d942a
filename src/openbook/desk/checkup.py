"""Looks at every part and says how it is, and the mend for each fault."""

from openbook.desk.parts import Parts, machinery_of
from openbook.stores import library
from openbook.stores.jobs import JobState, count_jobs, failed_jobs
from openbook.stores.tenants import list_tenants
from openbook.types import Check, Health
from openbook.version import VERSION

_REBUILD = "openbook rebuild-index"


def checkup(parts: Parts) -> Health:
    """The health of a desk that is open."""
    checks = [
        Check("openbook", "ok", f"version {VERSION}"),
        Check("folder", "ok", str(parts.folder.path)),
        _database(parts),
        _encoder(parts),
        *(_index(parts, tenant) for tenant in list_tenants(parts.database)),
        *(_calibration(parts, tenant) for tenant in list_tenants(parts.database)),
        *(_deliveries(parts, tenant) for tenant in list_tenants(parts.database)),
    ]
    if parts.mended:
        checks.append(Check("recovery", "warning", parts.mended))
    return Health(tuple(checks), parts.settings.views())


def _database(parts: Parts) -> Check:
    with parts.database.read() as connection:
        if connection.dialect.name != "sqlite":
            return Check("database", "ok", connection.dialect.name)
        verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if verdict == "ok":
        return Check("database", "ok", f"{parts.folder.database.name}, checked page by page")
    return Check("database", "fault", f"damaged: {verdict}", "Put back the latest copy of openbook.db.")


def _encoder(parts: Parts) -> Check:
    if parts.embedder is None:
        return Check("encoder", "warning", f"keyword search only: {parts.keyword_only}", "openbook fetch-encoder")
    if parts.keyword_only:
        return Check("encoder", "warning", f"keyword search only: {parts.keyword_only}", _REBUILD)
    return Check("encoder", "ok", parts.embedder.fingerprint)


def _index(parts: Parts, tenant: str) -> Check:
    with parts.database.read() as connection:
        pairs = library.versions_in(connection, tenant, "live")
        wanted = set(library.chunk_ids(connection, tenant, pairs))
    here = parts.index.ids(tenant)
    name = f"index of {tenant}"
    if here == wanted:
        empty = "" if wanted else "; nothing is added yet: openbook add FOLDER"
        return Check(name, "ok", f"{len(pairs)} documents, {len(wanted)} chunks, equal to the tables{empty}")
    missing, strange = len(wanted - here), len(here - wanted)
    return Check(name, "fault", f"{missing} chunks are missing from the index, {strange} do not belong there", _REBUILD)


def _deliveries(parts: Parts, tenant: str) -> Check:
    """Whether everybody outside was told what is to be told."""
    name = f"deliveries of {tenant}"
    with parts.database.read() as connection:
        counts = count_jobs(connection, tenant)
        last = failed_jobs(connection, tenant, limit=1)
    waiting = f"{counts[JobState.PENDING] + counts[JobState.LEASED]} wait"
    if last:
        failed = f"{counts[JobState.FAILED]} failed for good, {waiting}; the last: {last[0].error}"
        return Check(name, "warning", failed, "openbook handoffs retry")
    return Check(name, "ok", waiting)


def _calibration(parts: Parts, tenant: str) -> Check:
    """Which confidence counts, and whether anything is promised of it."""
    calibration = parts.turn.calibrations.active(tenant)
    name, version = f"calibration of {tenant}", f"version {calibration.number}"
    if calibration.state == "withdrawn":
        return Check(name, "warning", f"{version}, withdrawn: {calibration.reason}", "openbook calibrate LABELS")
    if calibration.certificate is None:
        usual = "what Openbook brings along" if not calibration.id else version
        return Check(name, "ok", f"{usual}, without a certificate")
    promised = calibration.certificate
    if calibration.made_with != machinery_of(parts):
        detail = f"{version}, certified with another encoder, other settings or another version of Openbook"
        return Check(name, "warning", detail, "openbook calibrate LABELS")
    limits = f"at most {promised['max_error']:.4g} of the sent answers wrong, certainty {promised['certainty']:.4g}"
    return Check(name, "ok", f"{version}, certified: {limits}")
