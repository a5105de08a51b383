"""The two kinds of failure that the house knows. Anything else is a bug and must be loud.

    class OutOfStock(Refused):
        \"\"\"Fewer pieces are free than were asked for.\"\"\"

        sku: str
        asked_units: int

The first line of the docstring is what a log says; a door turns the class and its data into words for a person.
"""

from __future__ import annotations

import inspect
from typing import Any, dataclass_transform


@dataclass_transform(kw_only_default=True)
class _Carrying(Exception):
    """An exception whose annotated names are the data it carries, all of them required."""

    def __init__(self, **data: Any) -> None:
        wanted = {name for part in type(self).__mro__ for name in inspect.get_annotations(part)}
        if data.keys() != wanted:
            raise TypeError(f"{type(self).__name__} carries {sorted(wanted)}, not {sorted(data)}")
        super().__init__(data)
        self.__dict__.update(data)

    @property
    def data(self) -> dict[str, Any]:
        """What the failure carries, by name."""
        carried: dict[str, Any] = self.args[0]
        return carried

    def __str__(self) -> str:
        said = (type(self).__doc__ or type(self).__name__).strip().splitlines()[0]
        return f"{said} ({', '.join(f'{k}={v}' for k, v in self.data.items())})" if self.data else said

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.data)


def _again(kind: type[_Carrying], data: dict[str, Any]) -> _Carrying:
    return kind(**data)


class Refused(_Carrying):
    """The business says no."""


class Unreachable(_Carrying):
    """The world failed; the same call may work later, so a job tries again."""
