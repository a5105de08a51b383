"""What is wrong with a line, as SQL that says it in the language of the person who imports."""

from __future__ import annotations

from zhanggui.doors.imports.stage import literal


def faults(*checks: tuple[str, str]) -> str:
    """SQL for all that is wrong with a line, joined by semicolons; null if nothing is.

    checks  a condition and the words for it, both as SQL; see `words`
    """
    cases = ", ".join(f"case when {condition} then {said} end" for condition, said in checks)
    return f"nullif(concat_ws('; ', {cases}), '')"


def words(text: str, **cells: str) -> str:
    """SQL for a text; a `{name}` in it stands for the SQL of that name."""
    said = literal(text)
    for name, sql in cells.items():
        said = f"replace({said}, '{{{name}}}', {sql})"
    return said
