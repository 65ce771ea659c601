"""Every address of the product."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from luoshi.org.gate import public

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public(lambda _request: HttpResponse("")), name="home"),
    path("account/", include("allauth.account.urls")),
]
