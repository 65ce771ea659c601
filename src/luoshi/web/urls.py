"""Every address of the product."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from luoshi.web import demo, operators, records, views
from luoshi.work.views.home import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("records/", records.records, name="records"),
    path("health/", operators.health, name="health"),
    path("alive/", operators.alive, name="alive"),
    path("language/", views.set_language, name="set_language"),
    *demo.urlpatterns,
    path("", include("luoshi.work.urls")),
    path("evidence/", include("luoshi.work.evidence.urls")),
    path("directives/", include("luoshi.directives.urls")),
    path("org/", include("luoshi.org.urls")),
    path("accounts/", include("luoshi.org.account_urls")),
    path("account/", include("luoshi.accounts.urls")),
]

handler400 = views.bad_request
handler403 = views.refused
handler404 = views.not_found
handler500 = views.broken
