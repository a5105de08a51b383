"""Addresses of the console; what a page is about stands in the query part (see `scope`)."""

from __future__ import annotations

from django.urls import path

from zhanggui.doors.console.pages import choices, cockpit, numbers, orders, search, shops, sign_in, system

app_name = "console"
urlpatterns = [
    path("", cockpit.cockpit, name="cockpit"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("language/", choices.language, name="language"),
    path("theme/", choices.theme, name="theme"),
    path("search/", search.search, name="search"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/<slug:key>/", numbers.number, name="number"),
    path("orders/", orders.orders, name="orders"),
    path("orders.csv", orders.orders_csv, name="orders_csv"),
    path("orders/<path:number>/", orders.order, name="order"),
    path("facts/<uuid:id>/", orders.fact, name="fact"),
    path("shops/", shops.shops, name="shops"),
    path("imports/", shops.imports, name="imports"),
    path("imports/<slug:id>/refused.csv", shops.refused, name="refused"),
    path("system/", system.system, name="system"),
    path("system/readers/<str:name>/on/", system.read_on, name="read_on"),
    path("system/jobs/<int:id>/again/", system.run_again, name="run_again"),
    path("system/jobs/<int:id>/drop/", system.drop, name="drop"),
]
