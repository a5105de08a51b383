"""A tiny shop page for the browser script, served beside the door under a strict policy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

VIEW = "0193b0a8-1111-7abc-8def-0123456789ab"
BEFORE = "0193b0a8-0000-7abc-8def-0123456789ab"

PAGE = f"""<!doctype html><title>Tea</title><script src="/static/storefront/sight.js" defer></script>
<body data-shop="tea" data-view="{VIEW}" data-visitor="v-1" data-session="s-1" data-cause="{BEFORE}" data-page="product"
  data-channel="paid_search" data-campaign="spring">
<main data-sight='{{"event":"Product Viewed","properties":{{"sku":"S-7","price":18.90,"currency":"CNY"}}}}'>
<p data-sight="not json">broken</p>
<form method="post" action="/next" data-sight='{{"event":"Product Added","sku":"S-7"}}' data-sight-on="submit">
<input name="quantity" value="3"><button>Add</button></form>
<a id="offer" data-sight='{{"event":"Promotion Clicked"}}' data-sight-on="click"><b>offer</b></a>
<details id="step" data-sight='{{"event":"Checkout Step Completed","step":1}}' data-sight-on="done"></details>
</main>"""


def page(_: HttpRequest) -> HttpResponse:
    """The page."""
    policy = "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'"
    return HttpResponse(PAGE, headers={"Content-Security-Policy": policy})


@csrf_exempt
def following(_: HttpRequest) -> HttpResponse:
    """Where a form leads."""
    return HttpResponse("<!doctype html><title>Next</title>")


app_name = "tiny"
urlpatterns = [
    path("tiny", page),
    path("next", following),
    path("", include("zhanggui.doors.ingest.urls")),
]
