"""Policies (being written)."""

from openbook.types import Behaviour, Ruling, Signals


def judge(message: str, behaviour: Behaviour, signals: Signals) -> Ruling | None:
    """Nothing yet."""
    return None


def gives_up(behaviour: Behaviour, signals: Signals) -> Ruling | None:
    """Nothing yet."""
    return None


def is_angry(message: str) -> bool:
    """Nothing yet."""
    return False


RULES: dict[str, str] = {}


def wording_of(rule: str) -> str:
    """Nothing yet."""
    return "wish" if rule == "wants_person" else "hand_off"
