"""The look a person chose."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from zhanggui.base.look import themes


@pytest.mark.parametrize(("kept", "theme"), [("dark", "dark"), ("light", "light"), ("auto", ""), ('"><script>', "")])
def test_only_light_and_dark_are_themes(kept: str, theme: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = kept

    assert themes.look(request) == {"theme": theme}


def test_a_choice_is_kept_for_a_year() -> None:
    response = HttpResponse()

    themes.remember(response, theme="dark", is_secure=True)

    cookie = response.cookies["theme"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["secure"]) == ("dark", 31536000, "Lax", True)


def test_as_the_device_says_forgets_the_choice() -> None:
    response = HttpResponse()

    themes.remember(response, theme="auto", is_secure=False)

    assert response.cookies["theme"]["max-age"] == 0
