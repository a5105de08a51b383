"""What the import says when it refuses, in words for a person: what happened, then what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.shops.errors import ShopDiffers, ZoneUnknown
from zhanggui.doors.imports import errors
from zhanggui.insight.lake.errors import LakeUnwritable
from zhanggui.insight.sources.errors import ImportMoved, ShopBusy

EXIT_REFUSED = 1
EXIT_NO_DATABASE = 4
EXIT_NO_ROOM = 6
EXIT_LINES_WAIT = 8

# The fates of lines, and the tables they stand in; what a visitor did has its own name.
NAMES = {
    "sold": pgettext_lazy("import", "sold"),
    "postage": pgettext_lazy("import", "postage"),
    "given_free": pgettext_lazy("import", "given free"),
    "returned": pgettext_lazy("import", "returned"),
    "credited": pgettext_lazy("import", "credited"),
    "stock": pgettext_lazy("import", "stock"),
    "correction": pgettext_lazy("import", "correction"),
    "bad_debt": pgettext_lazy("import", "bad debt"),
    "repeated": pgettext_lazy("import", "repeated"),
    "known": pgettext_lazy("import", "known"),
    "differs": pgettext_lazy("import", "differs"),
    "refused": pgettext_lazy("import", "refused"),
    "unpaid": pgettext_lazy("import", "unpaid"),
    "cancelled": pgettext_lazy("import", "cancelled"),
    "empty": pgettext_lazy("import", "empty"),
    "equal": pgettext_lazy("import", "equal"),
    "unequal": pgettext_lazy("import", "unequal"),
    "goods_unknown": pgettext_lazy("import", "goods unknown"),
    "no_payment": pgettext_lazy("import", "no payment"),
    "without_order": pgettext_lazy("import", "without order"),
    "settled": pgettext_lazy("import", "settled"),
    "open": pgettext_lazy("import", "open"),
    "published": pgettext_lazy("import", "published"),
    "used": pgettext_lazy("import", "used"),
    "unused": pgettext_lazy("import", "unused"),
    "lines": pgettext_lazy("import", "lines"),
    "orders": pgettext_lazy("import", "orders"),
    "items": pgettext_lazy("import", "items"),
    "payments": pgettext_lazy("import", "payments"),
    "reviews": pgettext_lazy("import", "reviews"),
    "customers": pgettext_lazy("import", "customers"),
    "products": pgettext_lazy("import", "products"),
    "categories": pgettext_lazy("import", "categories"),
    "events": pgettext_lazy("import", "events"),
}


def name_of(bucket: str) -> str:
    """A bucket or a part in words."""
    return str(NAMES.get(bucket, bucket))


def complaint(error: Refused | Unreachable) -> str:
    """A refusal in words."""
    words = _WORDS.get(type(error))
    return words(error.data) if words else str(error)


def exit_code(error: Refused | Unreachable) -> int:
    """1: refused, 4: no database, 6: no room on the disk."""
    codes = {errors.DatabaseGone: EXIT_NO_DATABASE, errors.NoRoom: EXIT_NO_ROOM, LakeUnwritable: EXIT_NO_ROOM}
    return codes.get(type(error), EXIT_REFUSED)


def _broken(data: Mapping[str, Any]) -> str:
    reason: str = data["reason"]
    said = {
        "empty": _("{path} is empty."),
        "header only": _("{path} has a header and no lines below it."),
        "binary": _("{path} is no table: it holds bytes that no text has."),
    }.get(reason, _("{path} is damaged: {reason}"))
    if reason.startswith("quote:"):
        line = reason.removeprefix("quote:")
        said = _("{path}: a quote that opens in line {line} is never closed.").replace("{line}", line)
    do = _("Nothing of it was taken in. Mend the file, or fetch it again.")
    return f"{said.format(**data)}\n{do}"


def _form(data: Mapping[str, Any]) -> str:
    said = _("{path} is in the old Excel form ({found}).").format(**data)
    do = _("Save it as .xlsx or .csv and import that.")
    return f"{said}\n{do}"


def _columns(data: Mapping[str, Any]) -> str:
    lines = [
        _("{path} lacks columns that the mapping names: {missing}").format(
            path=data["path"], missing=", ".join(data["missing"])
        ),
        _("It has: {present}").format(present=", ".join(data["present"])),
    ]
    if data["guess"]:
        lines.append(_("Perhaps: --map {guess}").format(guess=f'"{data["guess"]}"'))
    return "\n".join(lines)


def _unknown(data: Mapping[str, Any]) -> str:
    lines = [
        _("{path} is none of the files that are known by their columns: {known}").format(
            path=data["path"], known=", ".join(data["known"])
        ),
        _("It has: {present}").format(present=", ".join(data["present"])),
    ]
    said = f'"{data["guess"]}"' if data["guess"] else "…"
    lines.append(_("Say what its columns mean: zhanggui import orders-csv … --map {guess}").format(guess=said))
    return "\n".join(lines)


def _unclear(said: Callable[[], str], do: Callable[[], str]) -> Callable[[Mapping[str, Any]], str]:
    def words(data: Mapping[str, Any]) -> str:
        plain = {key: ", ".join(value) if isinstance(value, tuple) else value for key, value in data.items()}
        return f"{said().format(**plain)}\n{do().format(**plain)}"

    return words


_WORDS: Mapping[type[Refused | Unreachable], Callable[[Mapping[str, Any]], str]] = {
    errors.FileMissing: _unclear(
        lambda: _("{path} cannot be read: {reason}"), lambda: _("Look at the name and who may read it.")
    ),
    errors.FileBroken: _broken,
    errors.FormNotAccepted: _form,
    errors.EncodingUnclear: _unclear(
        lambda: _("{path}, line {line}: the text is neither UTF-8 nor Chinese GB 18030."),
        lambda: _("Say which encoding it is, such as --encoding cp1252 for Western Europe."),
    ),
    errors.TableMissing: _unclear(
        lambda: _("The folder {path} lacks {wanted}."),
        lambda: _("Put all tables into one folder, as CSV or Parquet under their published names."),
    ),
    errors.MapUnclear: _unclear(lambda: _('"{said}" cannot be understood.'), lambda: _("It can be: {reason}")),
    errors.ColumnsMissing: _columns,
    errors.FormatUnknown: _unknown,
    errors.DatesUnclear: _unclear(
        lambda: _("{path}: in {column}, day and month could be either way round: {examples}"),
        lambda: _("Say it: --dates dmy (31/12/2026) or --dates mdy (12/31/2026)."),
    ),
    errors.DecimalsUnclear: _unclear(
        lambda: _("{path}: in {column}, a comma or point could be the decimal sign or part thousands: {examples}"),
        lambda: _("Say it: --decimal . (1,234.50) or --decimal , (1.234,50)."),
    ),
    errors.CurrencyDiffers: _unclear(
        lambda: _("{path} has amounts in {found}; the books of this shop are in {wanted}."),
        lambda: _("Import it into a shop of its own: --shop and --currency."),
    ),
    errors.ShopUnknown: _unclear(
        lambda: _("The shop {shop} does not stand yet."),
        lambda: _("Say its time zone and currency, such as --zone Asia/Shanghai --currency CNY."),
    ),
    errors.ShopIsOwn: _unclear(
        lambda: _("{shop} is our own shop; orders of other systems do not go into its books."),
        lambda: _("Choose another code with --shop."),
    ),
    errors.NoRoom: _unclear(
        lambda: _("The disk is full ({path}). What was taken in so far stays."),
        lambda: _("Make room and give the same command again: it goes on where it stopped."),
    ),
    errors.DatabaseGone: _unclear(
        lambda: _("The database does not answer: {reason}"),
        lambda: _("Nothing is lost. Start it (zhanggui run) and give the same command again: it goes on."),
    ),
    ShopDiffers: _unclear(
        lambda: _("The shop {code} stands with time zone {zone} and currency {currency}."),
        lambda: _("Leave --zone and --currency out, or choose another code with --shop."),
    ),
    ZoneUnknown: _unclear(
        lambda: _("{zone} is not the name of a time zone."),
        lambda: _("Use one such as Asia/Shanghai or Europe/London."),
    ),
    ShopBusy: _unclear(
        lambda: _("Another import into the shop {shop} is running."),
        lambda: _("Wait until it is done; two at once could count an order twice."),
    ),
    ImportMoved: _unclear(
        lambda: _("Another process has gone on with this import."),
        lambda: _("Nothing is counted twice. Give the same command again."),
    ),
}
