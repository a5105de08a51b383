"""The language of every door."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.test import RequestFactory
from django.utils import translation

from zhanggui.base.look.languages import LanguageMiddleware, vary_by


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(translation.get_language())


@pytest.mark.parametrize("cookie", ["", "en", "zh-hans", "zh", "fr", "rubbish!"])
@pytest.mark.parametrize("accepts", ["", "en-GB,en;q=0.9", "zh-CN,zh;q=0.9,en;q=0.8", "fr", "fr,en;q=0.5", "*", ";;"])
def test_it_speaks_as_djangos_own(cookie: str, accepts: str) -> None:
    said = []
    for middleware in (LanguageMiddleware(answer), LocaleMiddleware(answer)):
        request = RequestFactory().get("/console/", headers={"Accept-Language": accepts})
        request.COOKIES["django_language"] = cookie
        with translation.override("en"):
            response = middleware(request)
        said.append((request.LANGUAGE_CODE, response.content, response["Vary"], response["Content-Language"]))

    assert said[0] == said[1]


def test_an_answer_may_depend_on_several_headers_each_named_once() -> None:
    response = HttpResponse()

    for header in ("Cookie", "Accept-Language", "Cookie"):
        vary_by(response, header)

    assert response["Vary"] == "Cookie, Accept-Language"
