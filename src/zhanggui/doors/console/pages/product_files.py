"""Bringing a product file in: send it, see what it would do and what is wrong in it, then say yes."""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.home import shelf
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import ports, product_words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.shop.catalogue import actions
from zhanggui.shop.catalogue.actions import Tally
from zhanggui.shop.catalogue.rules import exchange
from zhanggui.shop.catalogue.rules.exchange import Form, Row
from zhanggui.spine.log.rules import Trail

# More than this takes longer than a page may: the command takes it in without a limit.
MOST_BYTES: Final = 4_000_000
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


@page(Right.RUN_SHOP)
def product_import(request: ConsoleRequest) -> HttpResponse:
    """A file is sent: it is tried without writing. It is said again with its name: it is taken in."""
    if request.method != "POST":
        return show(request, "console/products/import.html", most_bytes=MOST_BYTES)
    name = request.POST.get("name", "")
    is_sure = bool(_NAME.fullmatch(name)) and (shelf("imports") / name).exists()
    upload = request.FILES.get("file")
    if not is_sure and (upload is None or (upload.size or 0) > MOST_BYTES):
        why = _("Choose a file.") if upload is None else product_words.fault("size")
        return show(request, "console/products/import.html", status=422, wrong=why, most_bytes=MOST_BYTES)
    if not is_sure and upload is not None:
        name = _keep(upload)
    try:
        tally, form = _bring_in(request, shelf("imports") / name, dry_run=not is_sure)
    except (Refused, UnicodeDecodeError, ValueError) as wrong:
        why = _("This is no product file of ours, Shopify's or WooCommerce's: the names of its columns say nothing.")
        where = getattr(wrong, "line", None)
        said = f"{why} ({where})" if where else why
        return show(request, "console/products/import.html", status=422, wrong=said, most_bytes=MOST_BYTES)
    if is_sure:
        (shelf("imports") / name).unlink(missing_ok=True)
        n = tally.products
        messages.success(request, ngettext("%(n)s product taken in.", "%(n)s products taken in.", n) % {"n": n})
        if not tally.refused:
            return redirect(f"{reverse('console:products')}?{request.scope.query()}&sort=-listed")
    return show(
        request,
        "console/products/import.html",
        tally=tally,
        form=form,
        name=name,
        is_done=is_sure,
        faults=[(fault, product_words.fault(fault.code)) for fault in tally.faults],
        most_bytes=MOST_BYTES,
    )


def _keep(upload: UploadedFile[bytes]) -> str:
    content = upload.read()
    name = hashlib.blake2b(content, digest_size=16).hexdigest()
    (shelf("imports") / name).write_bytes(content)
    return name


def _bring_in(request: ConsoleRequest, path: Path, *, dry_run: bool) -> tuple[Tally, Form]:
    with _opened(path) as (form, rows):
        tally = actions.bring_in(
            rows=rows,
            form=form,
            trail=Trail(shop=request.scope.shop.code),
            by=operator(str(request.operator.pk)),
            dry_run=dry_run,
        )
    return tally, form


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Form, Iterator[Row]]]:
    """The rows of a file: a workbook through whoever reads workbooks, a text in the encoding that fits."""
    with tempfile.TemporaryDirectory() as scratch:
        content = path.read_bytes()
        if content.startswith(b"PK\x03\x04"):
            content = ports.sheet_readers[0](path, Path(scratch)).read_bytes()
        encoding = next((one for one in _ENCODINGS if _reads(content, one)), _ENCODINGS[0])
        yield exchange.table_of(io.StringIO(content.decode(encoding), newline=""))


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
