"""What the house looks like, read off its files and models."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import ForeignObject, Model

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PUBLIC_DRAWERS = frozenset({"rules", "errors", "queries", "actions"})
# The ground floor and the spine are not shelves with drawers throughout; these of their modules are for everyone.
PUBLIC_MODULES = (
    "zhanggui.base.money",
    "zhanggui.base.chinese",
    "zhanggui.base.clock",
    "zhanggui.base.ids",
    "zhanggui.base.kept",
    "zhanggui.base.errors",
    "zhanggui.base.home",
    "zhanggui.base.health",
    "zhanggui.base.database",
    "zhanggui.base.accounts.sessions",
    "zhanggui.base.look",
    "zhanggui.base.pictures",
    "zhanggui.base.spreadsheets",
    "zhanggui.base.spreadsheets",
    "zhanggui.spine.envelope",
    "zhanggui.spine.facts",
    "zhanggui.spine.sightings",
    "zhanggui.spine.relay.loop",
    "zhanggui.spine.relay.ports",
)
# Django hands the operator who asks to every page of the console, as a row; its type must be sayable.
OPERATOR = "zhanggui.base.accounts.models.Operator"
# The top floor plugs in what stands elsewhere: it alone may name handlers and ports.
PLUGGING = "zhanggui.config"
ENTRY = "zhanggui.__main__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the tests ask of a file of the package.

    imports     modules and names, as dotted paths
    functions   name, first line and last
    swallowing  the lines of handlers that take every error and do not raise it again
    """

    imports: tuple[str, ...]
    functions: tuple[tuple[str, int, int], ...]
    swallowing: tuple[int, ...]


@cache
def read(path: Path) -> Read:
    """A file, taken apart once for all who ask."""
    every = list(_statements(ast.parse(path.read_text())))
    return Read(
        imports=tuple(name for node in every for name in _imported(node)),
        functions=tuple(
            (node.name, node.lineno, node.end_lineno or 0)
            for node in every
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ),
        swallowing=tuple(node.lineno for node in every if isinstance(node, ast.ExceptHandler) and _swallows(node)),
    )


def imports() -> Iterator[tuple[str, str]]:
    """Every (importing module, imported module or name) of the package, as dotted paths."""
    for path in sorted(SOURCE.rglob("*.py")):
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        yield from ((module, name) for name in read(path).imports)


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """The statements of a file and what holds some; the twelve times as many nodes within them hold none."""
    todo: list[ast.AST] = [tree]
    while todo:
        yield (node := todo.pop())
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            todo += getattr(node, part, ())


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _swallows(handler: ast.ExceptHandler) -> bool:
    kind, last = handler.type, handler.body[-1]
    is_broad = kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))
    return is_broad and not (isinstance(last, ast.Raise) and last.exc is None)


def shelf_of(module: str) -> str:
    """The shelf a module stands on: its first three parts."""
    return ".".join(module.split(".")[:3])


def room_of(module: str) -> str:
    """The room a module stands in: its first two parts."""
    return ".".join(module.split(".")[:2])


def closed_drawers_opened(found: Iterable[tuple[str, str]]) -> list[str]:
    """Imports that reach into another shelf past its public drawers."""
    return [
        f"{importer} reaches into {imported}"
        for importer, imported in found
        if imported.startswith("zhanggui.")
        and shelf_of(importer) != shelf_of(imported)
        and not importer.startswith((PLUGGING, ENTRY))
        and not _is_public(imported)
    ]


def foreign_keys_out_of_their_room(models: Iterable[type[Model]]) -> list[str]:
    """Relations between tables of two rooms."""
    return [
        f"{model.__module__}.{model.__name__}.{field.name} points to {field.related_model.__module__}"
        for model in models
        if model.__module__.startswith("zhanggui.")
        for field in model._meta.get_fields()
        if isinstance(field, ForeignObject) and room_of(field.related_model.__module__) != room_of(model.__module__)
    ]


def _is_public(imported: str) -> bool:
    parts = imported.split(".")
    if parts[1] == "doors":
        return False
    if imported == OPERATOR:
        return True
    if imported in ("zhanggui.base", "zhanggui.spine", "zhanggui.__version__") or imported.startswith(PUBLIC_MODULES):
        return True
    return len(parts) > 3 and parts[3] in PUBLIC_DRAWERS
