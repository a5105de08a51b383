"""The checkout form: what a shopper types, turned into values, and what is wrong with it put into words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from zhanggui.base.errors import Refused
from zhanggui.doors.storefront import words
from zhanggui.doors.storefront.fields import Countries, CountryField, Line, Lines, Read, Shared, countries
from zhanggui.shop.checkout.queries import Place
from zhanggui.shop.customers.rules import Address, Contact, Known

_LONGEST: Final = 254
PARTS: Final = ("recipient", "phone", "country", "region", "city", "district", "street", "postcode")

# As people type them, without the word for province; only a help for typing, other words are taken too.
PROVINCES: Final = (
    *("北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西"),
    *("山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古"),
    *("广西", "西藏", "宁夏", "新疆", "香港", "澳门"),
)

FAULTS: Final = {
    "recipient": _("Please tell us who receives the parcel."),
    "phone": _("Please give a phone number the courier can call, such as 138 0000 0000 or +44 20 7946 0000."),
    "email": _("That does not look like an email address."),
    "country": _("Please choose a country."),
    "region": _("Please give the province."),
    "city": _("Please give the city."),
    "district": _("Please give the district or county."),
    "street": _("Please give street, house number and door."),
    "postcode": _("Please give the postcode."),
    "provider": _("Please choose how to pay."),
}


def _text(label: Any, autocomplete: str, *, needed: bool = True, **attrs: str) -> forms.CharField:
    attributes = {"autocomplete": autocomplete, "maxlength": "120", **attrs}
    if needed:
        attributes["required"] = "required"
    # The room of customers decides what is missing; a field by itself is never wrong here, only bounded.
    return forms.CharField(label=label, required=False, max_length=_LONGEST, widget=Line(attributes))


class AddressForm(Read):
    """Where a parcel goes."""

    recipient = _text(_("Full name"), "name")
    phone = _text(_("Phone"), "tel", type="tel", inputmode="tel")
    country = CountryField(
        label=_("Country or region"), required=False, widget=Countries({"autocomplete": "country", "data-look": ""})
    )
    region = _text(_("Province or state"), "address-level1", needed=False, **{"list": "provinces", "data-look": ""})
    city = _text(_("City"), "address-level2")
    district = _text(_("District or county"), "address-level3", needed=False)
    street = _text(_("Street, house number, door"), "street-address")
    postcode = _text(_("Postcode"), "postal-code", needed=False)
    option = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    @property
    def address(self) -> Address:
        """Where the parcel goes."""
        return Address(**{part: self.cleaned_data.get(part, "") for part in PARTS})

    @property
    def place(self) -> Place:
        """Where it goes as far as it was typed, for a sum that is only looked at."""
        said = {part: str(self[part].value() or "").strip() for part in ("country", "region", "option")}
        known = said["country"] if said["country"] in dict(countries("en")) else ""
        return Place(country=known, region=said["region"], option=said["option"][:40])

    def add_faults(self, names: tuple[str, ...]) -> None:
        """Say what is wrong with the parts of that name; a contact's name is the address's recipient."""
        for name in dict.fromkeys("recipient" if name == "name" else name for name in names):
            self.add_error(name, FAULTS[name])


class PlaceForm(AddressForm):
    """A further place of an order: `p2-city`, and how many pieces of each article go there: `p2-units-CUP`."""

    def units(self, skus: Iterable[str]) -> dict[str, int]:
        """Pieces by SKU that go to this place; what is not a number counts as none."""
        said = {sku: str(self.data.get(f"{self.prefix}-units-{sku}", "")).strip() for sku in skus}
        return {sku: int(n) for sku, n in said.items() if n.isascii() and n.isdigit() and len(n) < 4 and int(n)}


class CheckoutForm(AddressForm):
    """Where, how to pay, and what the shopper saw when the button was pressed."""

    email = _text(_("Email (optional)"), "email", needed=False, type="email", inputmode="email")
    known = forms.CharField(required=False, max_length=40)
    provider = forms.CharField(required=False, max_length=40)
    wallet = forms.BooleanField(required=False)
    gift_card = forms.CharField(
        label=_("Gift card code"),
        required=False,
        max_length=60,
        widget=Line({"autocomplete": "off", "maxlength": "60", "spellcheck": "false"}),
    )
    note = forms.CharField(
        label=_("Anything we should know? (optional)"),
        required=False,
        max_length=500,
        widget=Lines({"rows": "2", "maxlength": "500"}),
    )
    cart_version = forms.IntegerField(min_value=0, max_value=2**31, widget=forms.HiddenInput)
    total_minor = forms.IntegerField(min_value=0, max_value=2**53, widget=forms.HiddenInput)
    currency = forms.RegexField("^[A-Z]{3}$", required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    @property
    def contact(self) -> Contact:
        """Whom to tell about the order: whoever receives the parcel."""
        said = self.cleaned_data
        return Contact(name=said["recipient"], phone=said["phone"], email=said["email"])

    def add_refusal(self, refused: Refused) -> None:
        """Say why the shop refused the whole order."""
        self.add_error(None, words.refusal(refused))


for _form in (PlaceForm, CheckoutForm):
    _form.base_fields = Shared(_form.base_fields)


class NowForm(forms.Form):
    """What the one-click button says: one article, as the page showed it."""

    sku = forms.CharField(max_length=60)
    quantity = forms.IntegerField(min_value=1, max_value=99)
    provider = forms.CharField(max_length=40)
    total_minor = forms.IntegerField(min_value=0, max_value=2**53)
    currency = forms.RegexField("^[A-Z]{3}$")
    key = forms.UUIDField()


def blank(*, known: Known | None, providers: tuple[str, ...], language: str) -> dict[str, str]:
    """What the form says before anybody typed: what we know of a returning shopper, else the likeliest choice."""
    said = {"provider": providers[0] if providers else "", "country": "CN" if language.startswith("zh") else ""}
    if known is None:
        return said
    said |= {"recipient": known.contact.name, "phone": known.contact.phone, "email": known.contact.email}
    if known.address:
        said |= {part: getattr(known.address, part) for part in PARTS}
    return said


def fresh_key() -> str:
    """What makes one showing of the form at most one order."""
    return str(uuid4())
