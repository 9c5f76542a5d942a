"""What a desk knows of its own parts and settings."""

from dataclasses import dataclass
from typing import Literal

from openbook.types.record import Record


@dataclass(frozen=True, slots=True)
class Check(Record):
    """One part's health: `ok`, `warning` or `fault`, what was seen, and the mend."""

    name: str
    state: Literal["ok", "warning", "fault"]
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class SettingView(Record):
    """One setting's value and where it came from; secrets are masked."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Health(Record):
    """What `openbook doctor` knows."""

    checks: tuple[Check, ...]
    settings: tuple[SettingView, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is at fault."""
        return all(check.state != "fault" for check in self.checks)
