"""What every operation says in the document besides its own: the answers it may give, the header it wants."""

from __future__ import annotations

from typing import Any, Final

from zhanggui.base.pictures import KINDS
from zhanggui.doors.api.once import HEADER
from zhanggui.doors.api.shapes.common import Problem

# A read may be answered with these, a write with all of them.
_READ: Final = (401, 403, 404, 422, 429)
_WRITE: Final = (400, 401, 403, 404, 409, 413, 422, 429, 503)
# The document's name of the header, in every operation that changes something.
_KEY: Final[dict[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "The same key with the same body gives the same answer for a day, and happens once.",
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]+$", "minLength": 1, "maxLength": 200},
    "example": "8f14e45f-ceea-467f-a0e6-52b8f0c8a1b2",
}
KEYED: Final[dict[str, Any]] = {"parameters": [_KEY]}
# An answer that is a picture.
PICTURE: Final[dict[str, Any]] = {
    "responses": {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS}}}
}


def reading(answer: Any) -> dict[int, Any]:
    """The answers of an operation that changes nothing."""
    return {200: answer} | dict.fromkeys(_READ, Problem)


def writing(answer: Any, *, status: int = 200) -> dict[int, Any]:
    """The answers of an operation that changes something."""
    return {status: answer} | dict.fromkeys(_WRITE, Problem)
