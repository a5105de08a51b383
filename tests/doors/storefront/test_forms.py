"""What a checkout form makes of what was typed."""

from __future__ import annotations

import pytest
from django import forms as django_forms
from django.http import QueryDict
from django.utils import translation

from zhanggui.doors.storefront import fields
from zhanggui.doors.storefront.forms import PARTS, CheckoutForm, PlaceForm
from zhanggui.doors.storefront.templatetags import counter

SENT = {
    **{"recipient": " 王小明 ", "phone": "138 0013 8000", "country": "CN", "region": "浙江", "city": "杭州"},
    **{"street": "文三路 1 号", "option": "standard", "provider": "sandbox", "cart_version": "3"},
    **{"total_minor": "12900", "currency": "CNY", "key": "5f0c7a52-8c39-4f57-9a2e-6d3b4b8f1a11"},
}


class _AsDjangoDoes(CheckoutForm):
    _clean_fields = django_forms.Form._clean_fields


class _PlaceAsDjangoDoes(PlaceForm):
    _clean_fields = django_forms.Form._clean_fields


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"wallet": "on", "note": "leave it\nat the door", "gift_card": " A-1 "},
        {"country": "XX", "currency": "yuan", "key": "no key"},
        {"cart_version": "-1", "total_minor": "many", "recipient": "x" * 255},
        {"street": "a\x00b", "note": "n" * 501},
    ],
    ids=["plain", "all of it", "not to be chosen", "out of bounds", "not to be kept"],
)
def test_a_form_says_what_djangos_own_would_say(typed: dict[str, str]) -> None:
    sent = QueryDict(mutable=True)
    sent.update(SENT | typed)

    ours, theirs = CheckoutForm(sent), _AsDjangoDoes(sent)

    assert (ours.is_valid(), ours.cleaned_data) == (theirs.is_valid(), theirs.cleaned_data)
    assert ours.errors.get_json_data() == theirs.errors.get_json_data()


def test_a_further_place_is_read_from_its_own_fields() -> None:
    sent = QueryDict(mutable=True)
    sent.update(SENT | {"p2-city": "成都", "p2-country": "CN", "p2-street": "s" * 255})

    ours, theirs = PlaceForm(sent, prefix="p2"), _PlaceAsDjangoDoes(sent, prefix="p2")

    assert (ours.is_valid(), ours.cleaned_data) == (theirs.is_valid(), theirs.cleaned_data)
    assert ours.cleaned_data["city"] == "成都"
    assert ours.errors.get_json_data() == theirs.errors.get_json_data()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "known",
    [
        {},
        {"country": "CN", "recipient": "王小明", "phone": "13800138000", "street": "文三路 1 号"},
        {"country": "DE", "recipient": "<b> \"&' </b>", "city": "\ue000", "postcode": " "},
        {"country": "XX", "street": "&lt;"},
    ],
    ids=["nothing", "an address", "signs of HTML", "no country"],
)
def test_what_is_known_stands_in_its_fields_as_the_widgets_write_it(known: dict[str, str], language: str) -> None:
    with translation.override(language):
        for name in PARTS:
            form = CheckoutForm(initial=known)
            label = f'<label for="id_{name}">{form[name].label}</label>'
            for _ in range(2):  # made, then kept
                assert fields.block(form, name, "is-half") == f'<div class="field is-half">{label}{form[name]}</div>'


def test_two_shoppers_are_each_shown_their_own_address() -> None:
    with translation.override("zh-hans"):
        first = counter.address_typed(CheckoutForm(initial={"city": "杭州", "country": "CN"}))
        second = counter.address_typed(CheckoutForm(initial={"city": "Berlin", "country": "DE"}))
        nobody = counter.address_typed(CheckoutForm())
    assert 'value="杭州"' in first
    assert 'value="CN" selected' in first
    assert 'value="Berlin"' in second
    assert 'value="DE" selected' in second
    assert "杭州" not in second + nobody
    assert "Berlin" not in nobody
