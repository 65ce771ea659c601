"""Addresses of evidence."""

from __future__ import annotations

from django.urls import path

from luoshi.work.evidence import views

app_name = "evidence"
urlpatterns = [
    path("<int:number>/", views.download, name="download"),
    path("<int:number>/large/", views.large, name="large"),
    path("<int:number>/thumb/", views.thumb, name="thumb"),
]
