"""Terms as they are written down: field by field, and nothing that nobody asked for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from zhanggui.growth.promotions.errors import TermsNotAllowed

MYRIAD: Final = 10_000
_MOST: Final = 10**12


class Fields:
    """The fields of a JSON object; every reading refuses TermsNotAllowed with the name of the field.

    `end()` refuses a field that nobody has read: a misspelt one must not be passed over in silence.
    """

    def __init__(self, said: object, *, kind: str, inside: str = "") -> None:
        self.kind, self.inside = kind, inside
        if not isinstance(said, Mapping):
            raise TermsNotAllowed(kind=kind, field=inside.rstrip("."))
        self._said: Mapping[str, Any] = said
        self._read: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether a field is given at all."""
        return self._said.get(name) is not None

    def units(self, name: str, *, least: int = 1, default: int | None = None) -> int:
        """A whole number; also that of minor units."""
        value = self._take(name, default)
        if type(value) is not int or not least <= value <= _MOST:
            raise self.refused(name)
        return value

    def rate(self, name: str, *, default: str | None = None) -> int:
        """What is taken off, written as a decimal: "0.1" is 10 %, 1,000 parts of 10,000; above 0, at most all."""
        value = self._take(name, default)
        try:
            parts = Decimal(value) * MYRIAD if isinstance(value, str) else Decimal("NaN")
        except InvalidOperation:
            raise self.refused(name) from None
        if not parts.is_finite() or parts != int(parts) or not 0 < parts <= MYRIAD:
            raise self.refused(name)
        return int(parts)

    def word(self, name: str, *, default: str | None = None) -> str:
        """A word, such as a SKU."""
        value = self._take(name, default)
        if not isinstance(value, str) or (not value and default is None):
            raise self.refused(name)
        return value

    def currency(self) -> str:
        """The currency of all amounts."""
        value = self.word("currency")
        if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
            raise self.refused("currency")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Yes or no."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self.refused(name)
        return value

    def each(self, name: str) -> list[Fields]:
        """A list of objects, at least one."""
        value = self._take(name, None)
        if not isinstance(value, list) or not value:
            raise self.refused(name)
        inside = f"{self.inside}{name}."
        return [Fields(one, kind=self.kind, inside=f"{inside}{n}.") for n, one in enumerate(value)]

    def end(self) -> None:
        """All fields are read."""
        for name in sorted(map(str, self._said.keys() - self._read)):
            raise self.refused(name)

    def refused(self, name: str) -> TermsNotAllowed:
        """That a field cannot be right."""
        return TermsNotAllowed(kind=self.kind, field=self.inside + name)

    def _take(self, name: str, default: Any) -> Any:
        self._read.add(name)
        value = self._said.get(name)
        return default if value is None else value


def rate_json(per_myriad: int) -> str:
    """A rate as it is written down: 1,000 parts of 10,000 are "0.1"."""
    return format((Decimal(per_myriad) / MYRIAD).normalize(), "f")
