"""A request's headers by name, with duplicates, because a duplicate can be an attack."""

from collections.abc import Iterable
from typing import Final

_NONE: Final[tuple[bytes, ...]] = ()
RawHeaders = Iterable[tuple[bytes, bytes]]


class HeaderMap:
    """Headers as ASGI gives them: lower-case names, values in order of arrival."""

    __slots__ = ("_values",)

    def __init__(self, raw: RawHeaders) -> None:
        values: dict[bytes, tuple[bytes, ...]] = {}
        for name, value in raw:
            values[name] = (*values[name], value) if name in values else (value,)
        self._values = values

    def all(self, name: bytes) -> tuple[bytes, ...]:
        """Every value of this name."""
        return self._values.get(name, _NONE)

    def only(self, name: bytes) -> bytes | None:
        """The value, when there is exactly one."""
        values = self._values.get(name, _NONE)
        return values[0] if len(values) == 1 else None

    def put(self, name: bytes, value: bytes) -> None:
        """Have this value alone, or none at all when it is empty."""
        self._values[name] = (value,) if value else _NONE
