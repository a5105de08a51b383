"""Puts the compiled translations into the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledTranslations(BuildHookInterface):
    """Compiles each catalogue beside its source just before files are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and take the results along although git ignores them."""
        for po in sorted(Path(self.root, "src/zhanggui/locale").rglob("LC_MESSAGES/*.po")):
            with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source))
        build_data["artifacts"].append("src/zhanggui/locale/**/*.mo")
