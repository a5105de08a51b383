"""`zhanggui messages`: the catalogue of translations, gathered from the code and checked for holes.

English stands in the code, Chinese in one catalogue; gathered by Babel, so that no other tool has to be installed.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2]
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = r"""# What the pages and commands of Zhanggui say, in Chinese. `make fix` brings new messages in.
msgid ""
msgstr ""
"Language: zh_Hans\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
# Braces that may hold words; only such a file is read a second time.
_IN_BRACES: Final = re.compile(rb"\{[^{}]*(?:gettext|\b_)\(")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "N_", "lazy", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
# Six files of seven say nothing; to cut them into words would be most of the work.
_SAYS: Final = re.compile(rb"\b(?:%s)\s*\(" % "|".join(KEYWORDS).encode())


@click.command()
@click.option("--write", "is_writing", is_flag=True, help="Bring the catalogue up to date and compile it.")
@click.option("--check", "is_checking", is_flag=True, help="Say what is missing; fails if anything is.")
def command(is_writing: bool, is_checking: bool) -> None:
    """Gather, check and compile the translations; without an option, compile only."""
    if is_writing:
        write()
    faults = list(problems()) if is_checking else []
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        click.echo(f"{len(faults)} translations are not in order; `make fix` gathers new ones, the words are yours.")
        sys.exit(1)
    compile_catalogue()


def write() -> None:
    """Bring the catalogue up to date: new messages come in empty, those that the code no longer says go."""
    catalogue = _kept()
    catalogue.update(gathered(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, width=118, no_location=True, omit_header=True, sort_output=True)


def problems() -> Iterator[str]:
    """What is wrong with the catalogue, one line each: untranslated, no longer said, other names to fill in."""
    kept, said = _kept(), gathered()
    for message in said:
        if not message.id:
            continue
        found = kept.get(message.id, message.context)
        if found is None:
            yield f"not in the catalogue: {message.id!r}"
        elif not _is_whole(found):
            yield f"not translated: {message.id!r}"
        else:
            yield from (f"{error}: {message.id!r}" for error in found.check(kept))
    for message in kept:
        if message.id and said.get(message.id, message.context) is None:
            yield f"no longer said by the code: {message.id!r}"


def gathered() -> Catalog:
    """All that the code and the templates say, as an empty catalogue."""
    catalogue = Catalog(locale="zh_Hans", charset="utf-8")
    methods: list[tuple[str, Any]] = [
        ("**/templates/**.html", _from_template),
        ("**/templates/**.txt", _from_template),
        ("**.py", from_python),
    ]
    found = extract_from_dir(PACKAGE, method_map=methods, keywords=KEYWORDS, comment_tags=("Translators:",))
    for file, line, ids, comments, context in found:
        catalogue.add(ids, locations=[(file, line)], auto_comments=comments, context=context)
    return catalogue


def from_python(file: BinaryIO, keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """What a file of code says, line by line, as Babel's extractors give it; Babel itself looks into no f-string."""
    code = file.read()
    if not _SAYS.search(code):
        return
    yield from extract_python(io.BytesIO(code), keywords, tags, options)
    if not _IN_BRACES.search(code):
        return
    for told in ast.walk(ast.parse(code)):
        if isinstance(told, ast.FormattedValue):
            inside = io.BytesIO(ast.unparse(told.value).encode())
            for _line, *said in extract_python(inside, keywords, tags, options):
                yield told.lineno, *said


def compile_catalogue() -> None:
    """Write the form that gettext reads, if the catalogue is newer."""
    compiled = CATALOGUE.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= CATALOGUE.stat().st_mtime:
        return
    with compiled.open("wb") as file:
        write_mo(file, _kept())


def _kept() -> Catalog:
    if not CATALOGUE.exists():
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        return Catalog(locale="zh_Hans", charset="utf-8", project="Zhanggui", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _is_whole(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return not message.fuzzy and bool(strings) and all(strings)


def _from_template(file: BinaryIO, keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    code = templatize(file.read().decode())
    flat = "\n".join(line.strip() for line in code.splitlines())
    return extract_python(io.BytesIO(flat.encode()), keywords, tags, options)
