"""Adding everything up again."""

from __future__ import annotations

from collections.abc import Iterator

from zhanggui.base.audit.ports import audits


def audited() -> tuple[str, ...]:
    """The names of all books that are audited."""
    return tuple(audits)


def disagreements() -> Iterator[tuple[str, object]]:
    """All that the audits find, as the name of the books and what disagrees; nothing if all is right."""
    for name, audit in audits.items():
        for found in audit():
            yield name, found
