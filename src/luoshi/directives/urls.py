"""Addresses of documents."""

from __future__ import annotations

from django.urls import URLPattern

from luoshi.directives.views import (
    adopting,
    clauses,
    confirming,
    document,
    intake,
    notices,
    past_days,
    programmes,
    review,
    waiting,
)

app_name = "directives"
urlpatterns: list[URLPattern] = [
    *intake.urlpatterns,
    *waiting.urlpatterns,
    *document.urlpatterns,
    *programmes.urlpatterns,
    *review.urlpatterns,
    *clauses.urlpatterns,
    *confirming.urlpatterns,
    *past_days.urlpatterns,
    *notices.urlpatterns,
    *adopting.urlpatterns,
]
