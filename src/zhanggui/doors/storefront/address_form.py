"""The form of one address, Chinese or foreign."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from zhanggui.doors.storefront.fields import Countries, CountryField, Line
from zhanggui.doors.storefront.forms import FAULTS
from zhanggui.shop.customers.rules import LONGEST_LABEL, Address, Entry

PARTS: Final = ("recipient", "phone", "country", "region", "city", "district", "street", "postcode")
_LONGEST: Final = 254


def _text(label: Any, autocomplete: str, **attributes: str) -> forms.CharField:
    widget = Line({"autocomplete": autocomplete, "maxlength": "120", **attributes})
    # The room of customers decides what is missing; a field by itself is never wrong here, only bounded.
    return forms.CharField(label=label, required=False, max_length=_LONGEST, widget=widget)


class AddressForm(forms.Form):
    """Where parcels go."""

    recipient = _text(_("Full name"), "name")
    phone = _text(_("Phone"), "tel", type="tel", inputmode="tel")
    country = CountryField(label=_("Country or region"), required=False, widget=Countries({"autocomplete": "country"}))
    region = _text(_("Province or state"), "address-level1", list="provinces")
    city = _text(_("City"), "address-level2")
    district = _text(_("District or county"), "address-level3")
    street = _text(_("Street, house number, door"), "street-address")
    postcode = _text(_("Postcode"), "postal-code")
    label = _text(_("Label (optional)"), "off", maxlength=str(LONGEST_LABEL), list="labels")
    is_default = forms.BooleanField(label=_("Use for the next order"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    @property
    def address(self) -> Address:
        """What was typed."""
        return Address(**{part: self.cleaned_data.get(part, "") for part in PARTS})

    def add_faults(self, names: tuple[str, ...]) -> None:
        """Say what is wrong with the parts of that name."""
        for name in names:
            if name not in self.errors:
                self.add_error(name, FAULTS[name])


def said_of(entry: Entry) -> dict[str, Any]:
    """What the form says about an entry of the book."""
    parts = {part: getattr(entry.address, part) for part in PARTS}
    return {**parts, "label": entry.label, "is_default": entry.is_default}
