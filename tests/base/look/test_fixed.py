"""Tags that are worked out once say what Django's own say, in each language and under each prefix."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.template import Context, engines
from django.templatetags.static import static
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation


@pytest.fixture(autouse=True)
def _prefix() -> Iterator[None]:
    before = get_script_prefix()
    yield
    set_script_prefix(before)


def said(template: str, **context: str) -> str:
    return str(engines["django"].engine.from_string(template).render(Context(context)))


def test_words_are_said_in_the_language_of_the_page() -> None:
    template = engines["django"].engine.from_string('{% translate "Cart" %}')
    heard = []
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            heard.append(template.render(Context()))
    assert heard == ["购物车", "Cart", "购物车"]


def test_an_address_stands_under_the_prefix_of_the_page() -> None:
    template = engines["django"].engine.from_string('{% url "storefront:cart" %}')
    heard = []
    for prefix in ("/", "/en/", "/"):
        set_script_prefix(prefix)
        heard.append(template.render(Context()))
    assert heard == ["/cart/", "/en/cart/", "/cart/"]


def test_a_file_is_found_and_a_variable_is_not_kept() -> None:
    assert said('{% static "look/base.css" %}') == static("look/base.css")
    with translation.override("en"):
        template = engines["django"].engine.from_string("{% translate word %}{% url page %}")
        assert template.render(Context({"word": "Cart", "page": "storefront:cart"})) == "Cart/cart/"
        assert template.render(Context({"word": "Sum", "page": "storefront:home"})) == "Sum/"
    assert said('{% translate "Cart" as word %}[{{ word }}]').startswith("[")
