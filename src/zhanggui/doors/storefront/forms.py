"""The checkout form: what a shopper types, turned into values, and what is wrong with it put into words."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final
from uuid import uuid4

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhanggui.base.errors import Refused
from zhanggui.doors.storefront import words
from zhanggui.shop.customers.rules import Address, Contact, Known

_LONGEST: Final = 254
_NOT_A_COUNTRY: Final = frozenset(("ZZ", "EU", "EZ", "UN", "QO", "XA", "XB", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"))

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
    return forms.CharField(label=label, required=False, max_length=_LONGEST, widget=forms.TextInput(attributes))


class CheckoutForm(forms.Form):
    """Where, how to pay, and what the shopper saw when the button was pressed."""

    recipient = _text(_("Full name"), "name")
    phone = _text(_("Phone"), "tel", type="tel", inputmode="tel")
    email = _text(_("Email (optional)"), "email", needed=False, type="email", inputmode="email")
    country = forms.ChoiceField(
        label=_("Country or region"), required=False, widget=forms.Select({"autocomplete": "country"})
    )
    region = _text(_("Province or state"), "address-level1", needed=False, list="provinces")
    city = _text(_("City"), "address-level2")
    district = _text(_("District or county"), "address-level3", needed=False)
    street = _text(_("Street, house number, door"), "street-address")
    postcode = _text(_("Postcode"), "postal-code", needed=False)
    provider = forms.CharField(required=False, max_length=40)
    cart_version = forms.IntegerField(min_value=0, max_value=2**31, widget=forms.HiddenInput)
    total_minor = forms.IntegerField(min_value=0, max_value=2**53, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 -- for the type checker; declared above
        country.choices = countries(get_language() or "en")

    @property
    def contact(self) -> Contact:
        """Whom to tell about the order: whoever receives the parcel."""
        said = self.cleaned_data
        return Contact(name=said["recipient"], phone=said["phone"], email=said["email"])

    @property
    def address(self) -> Address:
        """Where the parcel goes."""
        said = self.cleaned_data
        parts = ("recipient", "phone", "country", "region", "city", "district", "street", "postcode")
        return Address(**{part: said.get(part, "") for part in parts})

    def add_faults(self, names: tuple[str, ...]) -> None:
        """Say what is wrong with the parts of that name; a contact's name is the address's recipient."""
        for name in dict.fromkeys("recipient" if name == "name" else name for name in names):
            self.add_error(name, FAULTS[name])

    def add_refusal(self, refused: Refused) -> None:
        """Say why the shop refused the whole order."""
        self.add_error(None, words.refusal(refused))


def blank(*, known: Known | None, providers: tuple[str, ...], language: str) -> dict[str, str]:
    """What the form says before anybody typed: what we know of a returning shopper, else the likeliest choice."""
    said = {"provider": providers[0] if providers else "", "country": "CN" if language.startswith("zh") else ""}
    if known is None:
        return said
    said |= {"recipient": known.contact.name, "phone": known.contact.phone, "email": known.contact.email}
    if known.address:
        parts = ("recipient", "phone", "country", "region", "city", "district", "street", "postcode")
        said |= {part: getattr(known.address, part) for part in parts}
    return said


def fresh_key() -> str:
    """What makes one showing of the form at most one order."""
    return str(uuid4())


@lru_cache(maxsize=4)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Codes and names of the countries, China first, then as the language sorts them; source: Unicode CLDR."""
    names = Locale.parse("zh_Hans_CN" if language.startswith("zh") else "en").territories
    known = {
        code: name for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NOT_A_COUNTRY
    }
    rest = sorted((code for code in known if code != "CN"), key=lambda code: known[code])
    return (("", "—"), ("CN", known["CN"]), *((code, known[code]) for code in rest))
