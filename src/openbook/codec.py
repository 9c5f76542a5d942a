"""Values of `openbook.types` to plain JSON and back, by their own type hints.

`to_plain` is the way out; `decode` is the way back and checks every field. Knows no particular type.
"""

from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")


@lru_cache(maxsize=256)
def _adapter(kind: Any) -> Any:
    # deferred: pydantic costs a tenth of a second, and printing help needs none of it
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def decode(kind: type[T], plain: Any) -> T:
    """The value of type `kind` that `to_plain` made `plain` of.

    Raises:
        ValueError: A field is missing or does not fit.
    """
    value: T = _adapter(kind).validate_python(plain)  # type: ignore[arg-type]
    return value
