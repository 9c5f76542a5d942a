"""Promises (being written)."""


def promises_in(text: str) -> tuple[str, ...]:
    """Nothing yet."""
    return ()


def unbacked(text: str, claims: object) -> tuple[str, ...]:
    """Nothing yet."""
    return ()
