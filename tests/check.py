"""`make check` and `make fix`: everything that a program can say about the tree without running the shop."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STRICT = ("src/zhanggui/base", "src/zhanggui/spine", "src/zhanggui/insight")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A command that says whether something is in order, and perhaps one that mends it."""

    name: str
    command: tuple[str, ...]
    mend: tuple[str, ...] = ()


def _tool(name: str, *words: str) -> tuple[str, ...]:
    return (str(BIN / name), *words)


def _rules() -> list[str]:
    found = [*ROOT.glob("src/zhanggui/*/*/rules.py"), *ROOT.glob("src/zhanggui/*/*/rules/__init__.py")]
    paths = [path.parent if path.name == "__init__.py" else path for path in found]
    return sorted(str(path.relative_to(ROOT)) for path in paths if not str(path.relative_to(ROOT)).startswith(STRICT))


# Two at a time: what lasts as long as all others together begins.
CHECKS = (
    Check(name="types", command=_tool("mypy", *STRICT, *_rules())),
    Check(name="style", command=_tool("ruff", "check", "."), mend=_tool("ruff", "check", "--fix", ".")),
    Check(name="format", command=_tool("ruff", "format", "--check", "."), mend=_tool("ruff", "format", ".")),
    Check(name="architecture", command=_tool("lint-imports", "--no-logo")),
    Check(name="migrations", command=_tool("zhanggui", "django", "makemigrations", "--check", "--dry-run")),
    Check(
        name="generated docs",
        command=_tool("zhanggui", "docs", "--check"),
        mend=_tool("zhanggui", "docs", "--write"),
    ),
    Check(
        name="translations",
        command=_tool("zhanggui", "messages", "--check"),
        mend=_tool("zhanggui", "messages", "--write"),
    ),
)


def main() -> int:
    """Run all checks, mending first if asked to; 0 if all is in order."""
    if "--fix" in sys.argv:
        for check in CHECKS:
            if check.mend:
                subprocess.run(check.mend, cwd=ROOT, env=_environment(), check=False)
    with ThreadPoolExecutor(2) as pool:
        fine = pool.map(_is_fine, CHECKS)
    broken = [check.name for check, is_fine in zip(CHECKS, fine, strict=True) if not is_fine]
    if broken:
        print(f"\nNot in order: {', '.join(broken)}. `make fix` mends what a program can mend.", file=sys.stderr)
    return 1 if broken else 0


def _is_fine(check: Check) -> bool:
    began = time.monotonic()
    result = subprocess.run(check.command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    said = f"{'ok ' if result.returncode == 0 else 'BAD'}  {check.name}  {time.monotonic() - began:.1f} s"
    print(said if result.returncode == 0 else f"{said}\n{result.stdout}{result.stderr}", flush=True)
    return result.returncode == 0


def _environment() -> dict[str, str]:
    # No check needs a server: an address that nobody answers makes sure of it.
    return os.environ | {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "ZHANGGUI_HOME": str(ROOT / ".zhanggui"),
    }


if __name__ == "__main__":
    sys.exit(main())
