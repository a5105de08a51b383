"""Addresses of the door `carriers`."""

from __future__ import annotations

from django.urls import path

from zhanggui.doors.carriers import views

app_name = "carriers"
urlpatterns = [
    path("v1/<slug:verb>", views.interface, name="interface"),
    path("labels/<str:code>", views.label, name="label"),
    path("<slug:tracking>", views.page, name="page"),
]
