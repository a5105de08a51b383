"""Addresses of the door `sandbox`."""

from __future__ import annotations

from django.urls import path

from zhanggui.doors.sandbox import views

app_name = "sandbox"
urlpatterns = [
    path("open", views.enter, name="open"),
    path("pay/<str:token>", views.pay, name="pay"),
]
