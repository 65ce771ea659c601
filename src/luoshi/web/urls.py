"""Every address of the product."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from luoshi.web import operators, records, views
from luoshi.work.views.home import home


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


_ROOMS = (
    ("", "luoshi.work.urls"),
    ("org/", "luoshi.org.urls"),
    ("accounts/", "luoshi.org.account_urls"),
    ("evidence/", "luoshi.work.evidence.urls"),
    ("account/", "luoshi.accounts.urls" if _exists("luoshi.accounts.urls") else "allauth.account.urls"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("records/", records.records, name="records"),
    path("health/", operators.health, name="health"),
    path("alive/", operators.alive, name="alive"),
    path("language/", views.set_language, name="set_language"),
    *(path(prefix, include(module)) for prefix, module in _ROOMS if _exists(module)),
]

handler400 = views.bad_request
handler403 = views.refused
handler404 = views.not_found
handler500 = views.broken
