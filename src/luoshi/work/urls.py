"""Addresses of matters."""

from __future__ import annotations

from django.urls import path

from luoshi.work.views import acting, bulk, finding, intake, listing, matter, opening, taking_out

app_name = "work"
urlpatterns = [
    path("matters/", listing.matters, name="matters"),
    path("matters/export/", taking_out.take_out, name="export"),
    path("matters/bulk/<slug:name>/", bulk.bulk, name="bulk"),
    path("matters/<int:number>/", matter.matter, name="matter"),
    path("matters/<int:number>/split/", opening.split, name="split"),
    path("matters/<int:number>/<slug:name>/", acting.act, name="act"),
    path("registers/", listing.overview, name="registers"),
    path("registers/<slug:code>/", listing.register, name="register"),
    path("registers/<slug:code>/open/", opening.open_, name="open"),
    path("registers/<slug:code>/import/", intake.upload, name="intake"),
    path("registers/<slug:code>/import/apply/", intake.apply, name="intake_apply"),
    path("registers/<slug:code>/import/template/", intake.template, name="intake_template"),
    path("registers/<slug:code>/export/", taking_out.take_out, name="export"),
    path("views/save/", listing.save, name="save_view"),
    path("views/<int:number>/drop/", listing.drop, name="drop_view"),
    path("search/", finding.search, name="search"),
    path("pick/unit/", finding.pick_unit, name="pick_unit"),
    path("pick/person/", finding.pick_person, name="pick_person"),
]
