"""Keeps what people say of sent answers, and withdraws a promise that the world no longer keeps."""

from openbook.desk.parts import Parts
from openbook.errors import NotFound, UserError
from openbook.evals.drift import Watch, watch
from openbook.stores.calibrations import put_review, reviews_under
from openbook.stores.history import get_receipt
from openbook.types import Calibration, Decision, Review


def keep_review(parts: Parts, tenant: str, answer_id: str, *, right: bool) -> Review:
    """Keeps one review and looks at all of them.

    Raises:
        NotFound: There is no such answer.
        UserError: It was not sent, so nobody can have been told something wrong.
    """
    with parts.database.read() as connection:
        receipt = get_receipt(connection, tenant, answer_id)
    if receipt is None:
        raise NotFound(f"There is no answer {answer_id!r}.", fix="Use the `id` of an answer, ans_….")
    if receipt.decision is not Decision.SEND:
        raise UserError(
            f"The answer {answer_id} was not sent ({receipt.decision.value}).", fix="Review an answer that was sent."
        )
    parts.database.write(lambda connection: put_review(connection, tenant, answer_id, right=right))
    calibration = parts.turn.calibrations.active(tenant)
    same = {item.id for item in parts.turn.calibrations.every(tenant) if item.certificate == calibration.certificate}
    counted = same if calibration.certificate else {calibration.id}
    with parts.database.read() as connection:
        wrong = [not was_right for was_right in reviews_under(connection, tenant, counted)]
    seen = _watched(calibration, wrong)
    if seen is not None and seen.withdrawn and calibration.state == "active":
        reason = f"{sum(wrong)} of {len(wrong)} reviewed answers were wrong, more than was promised."
        calibration = parts.turn.calibrations.withdraw(tenant, calibration, reason=reason)
    return Review(answer_id, right, len(wrong), sum(wrong), calibration, round(seen.peak, 3) if seen else 0.0)


def _watched(calibration: Calibration, wrong: list[bool]) -> Watch | None:
    """The sequential test over the reviews; None where nothing is promised."""
    promised = calibration.certificate
    if promised is None:
        return None
    return watch(wrong, max_error=promised["max_error"], certainty=promised["certainty"])
