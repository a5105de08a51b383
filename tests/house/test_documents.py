"""What the documents name is there: every path, every function beside a path, every name of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.plan import ROOT, SOURCE

HOUSE = SOURCE / "zhanggui"
# A decision tells what was true on its day; the figures, facts and metrics are written by programs.
OF_THE_CODE = tuple(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "docs/tour.md", "docs/glossary.md"))
TOLD_NOW = (*OF_THE_CODE, *sorted((ROOT / "docs" / "howto").glob("*.md")))
EVERY = (*TOLD_NOW, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs" / "decisions").glob("*.md")))

_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SPOKEN = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"(?:[\w.<>-]+/)*[\w<>-]+\.(?:py|md|js)")
_FOLDER = re.compile(r"(?:[\w-]+/)+[\w-]*")
# Names that only code has: with an underscore, a point or an inner capital.
_NAME = re.compile(r"(?<!\w)(?:[A-Za-z]\w*(?:\.[A-Za-z_]\w*)+|[a-z]\w*_\w+|[A-Z][a-z]+[A-Z]\w+)")
_WORD = re.compile(r"\w+")


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", EVERY, ids=_short)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text()) if not link.startswith(("http:", "https:", "mailto:"))]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", TOLD_NOW, ids=_short)
def test_every_path_is_there_and_holds_what_is_named_beside_it(page: Path) -> None:
    is_of_code = page in OF_THE_CODE
    assert [fault for section in _sections(page) for fault in _wrong_paths(section, is_of_code=is_of_code)] == []


@pytest.mark.parametrize("page", OF_THE_CODE, ids=_short)
def test_every_name_of_the_code_is_one(page: Path) -> None:
    known = _words_of_the_code()
    spoken = [said for section in _sections(page) for said in _SPOKEN.findall(section)]
    names = {name for said in spoken for name in _NAME.findall(_FILE.sub(" ", said))}
    assert sorted(name for name in names if not known.issuperset(name.split("."))) == []


def test_what_is_gone_is_found() -> None:
    said = "`shop/cart/actions.py: add`, then `actions.py: sell`, `queries.py` and `shop/cart/acts.py`"
    assert list(_wrong_paths(said)) == ["actions.py: sell", "shop/cart/acts.py"]
    assert {"held_units", "StockReceived"} < _words_of_the_code()
    assert "hold_no" + "_units" not in _words_of_the_code()


def _sections(page: Path) -> list[str]:
    """A page by its headings. A fenced block is what somebody types or sees, and no place of ours."""
    return re.split(r"^#+ ", _FENCED.sub("", page.read_text()), flags=re.MULTILINE)


def _wrong_paths(section: str, *, is_of_code: bool = True) -> Iterator[str]:
    """What stands nowhere: from the root or the package on, in a shelf that was named before, or alone of its name.

    is_of_code  whether folders are places of ours; elsewhere `text/plain` is none
    """
    shelves: list[str] = []
    for said in _SPOKEN.findall(section):
        path, _, name = said.partition(": ")
        if not (_FILE.fullmatch(path) or (is_of_code and _FOLDER.fullmatch(path))):
            continue
        found = _found(path.rstrip("/"), shelves)
        shelves += [_shelf(one) for one in found]
        if not found or (name and not any(name in _held(one) for one in found)):
            yield said


def _found(path: str, shelves: list[str]) -> list[Path]:
    pattern = re.sub(r"<\w+>", "*", path)
    whole = [one for top in (ROOT, HOUSE) for one in top.glob(pattern)]
    alike = [one for one in _files() if one.match(f"*/{pattern}")]
    return whole or [one for one in alike if len(alike) == 1 or _shelf(one) in shelves]


def _shelf(path: Path) -> str:
    """The shelf of a path, of its tests as of itself: `growth/promotions`."""
    top = next((top for top in (HOUSE, ROOT / "tests", ROOT) if path.is_relative_to(top)), ROOT)
    return "/".join(path.relative_to(top).parts[:2])


@cache
def _files() -> tuple[Path, ...]:
    """Every module, package and script of the house and of its tests."""
    modules = [path for top in (HOUSE, ROOT / "tests") for path in sorted(top.rglob("*.py"))]
    return (*modules, *(path.parent for path in modules if path.name == "__init__.py"), *HOUSE.rglob("*.js"))


@cache
def _held(path: Path) -> frozenset[str]:
    """What a module holds, or the modules of a package: functions, classes and what these hold, and names set."""
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return frozenset(name for file in files for name in _names(ast.parse(file.read_text())))


def _names(tree: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for name in _names(node))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


@cache
def _words_of_the_code() -> frozenset[str]:
    return frozenset(word for path in _files() if path.suffix == ".py" for word in _WORD.findall(path.read_text()))
