"""Addresses of the shop; the same ones in both languages."""

from __future__ import annotations

from django.urls import path, re_path

from zhanggui.doors.storefront.pages import cart, checkout, choices, goods, orders

app_name = "storefront"
urlpatterns = [
    path("", goods.home, name="home"),
    path("c/", goods.categories, name="categories"),
    path("c/<str:key>/", goods.category, name="category"),
    path("p/<str:sku>/", goods.product, name="product"),
    re_path(r"^pictures/(?P<sku>[^/]+)\.(?P<version>[0-9a-f]{1,64})\.svg$", goods.picture, name="picture"),
    path("search/", goods.search, name="search"),
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.add, name="add"),
    path("cart/change/", cart.change, name="change"),
    path("cart/remove/", cart.remove, name="remove"),
    path("checkout/", checkout.checkout_page, name="checkout"),
    path("pay/<slug:provider>/<str:number>/back/", checkout.came_back, name="came_back"),
    path("pay/<slug:provider>/notify/", checkout.notified, name="notified"),
    path("orders/", orders.all_orders, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/pay/", orders.pay, name="pay"),
    path("orders/<str:number>/cancel/", orders.cancel, name="cancel"),
    path("language/", choices.language, name="language"),
    path("theme/", choices.theme, name="theme"),
]
