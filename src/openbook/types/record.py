"""What every value shares: its way into plain JSON, UTC times, the names of the default tenant and audiences."""

import math
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

MAIN_TENANT = "main"
PUBLIC = "public"
INTERNAL = "internal"


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def to_plain(value: Any) -> Any:
    """Turns a value of this module into plain JSON types: dicts, lists, strings, numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


class Record:
    """What every result shares: `to_dict()` gives the JSON of `docs/reference`."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """This value as plain JSON types, keys in field order; what is not a number is null."""
        plain: dict[str, Any] = _finite(to_plain(self))
        return plain


def _finite(plain: Any) -> Any:
    """Plain values without the numbers that JSON has no word for."""
    if isinstance(plain, dict):
        return {key: _finite(item) for key, item in plain.items()}
    if isinstance(plain, list):
        return [_finite(item) for item in plain]
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain
