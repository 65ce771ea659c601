"""Addresses of the organisation."""

from __future__ import annotations

from django.urls import path, register_converter

from luoshi.org.views import exchange, groups, people, posts, units

__all__ = ["app_name", "urlpatterns"]


class CodeConverter:
    """A code of a unit or group in an address: anything but a slash, so that Chinese codes work too."""

    regex = r"[^/?#]{1,40}"

    def to_python(self, value: str) -> str:
        """Return the code."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code; Django quotes it."""
        return value


register_converter(CodeConverter, "orgcode")

app_name = "org"

urlpatterns = [
    path("", units.tree, name="tree"),
    path("vacancies/", units.vacancies, name="vacancies"),
    path("new-unit/", units.new_unit, name="new_unit"),
    path("units/<orgcode:code>/", units.unit, name="unit"),
    path("units/<orgcode:code>/change/", units.change_unit, name="change_unit"),
    path("units/<orgcode:code>/move/", units.move_unit, name="move_unit"),
    path("units/<orgcode:code>/merge/", units.merge_unit, name="merge_unit"),
    path("units/<orgcode:code>/close/", units.close_unit, name="close_unit"),
    path("units/<orgcode:code>/reopen/", units.reopen_unit, name="reopen_unit"),
    path("people/", people.people, name="people"),
    path("new-person/", people.new_person, name="new_person"),
    path("people/<uuid:uid>/", people.person, name="person"),
    path("people/<uuid:uid>/change/", people.change_person, name="change_person"),
    path("people/<uuid:uid>/left/", people.person_left, name="person_left"),
    path("people/<uuid:uid>/returned/", people.person_returned, name="person_returned"),
    path("people/<uuid:uid>/propose/", posts.propose, name="propose"),
    path("posts/", posts.waiting, name="waiting"),
    path("posts/confirm/", posts.confirm, name="confirm"),
    path("posts/<int:pk>/refuse/", posts.refuse, name="refuse"),
    path("posts/<int:pk>/end/", posts.end, name="end_post"),
    path("posts/<int:pk>/deputy/", posts.new_deputy, name="new_deputy"),
    path("deputies/", posts.deputies, name="deputies"),
    path("deputies/<int:pk>/end/", posts.end_deputy, name="end_deputy"),
    path("groups/", groups.groups, name="groups"),
    path("new-group/", groups.new_group, name="new_group"),
    path("groups/<orgcode:code>/", groups.group, name="group"),
    path("groups/<orgcode:code>/change/", groups.change_group, name="change_group"),
    path("groups/<orgcode:code>/close/", groups.close_group, name="close_group"),
    path("groups/<orgcode:code>/add/", groups.add_members, name="add_members"),
    path("groups/<orgcode:code>/remove/<orgcode:unit>/", groups.remove_member, name="remove_member"),
    path("import/", exchange.upload, name="import"),
    path("import/template/", exchange.template, name="template"),
    path("import/<uuid:token>/", exchange.plan, name="plan"),
    path("import/<uuid:token>/apply/", exchange.apply, name="apply"),
    path("import/<uuid:token>/discard/", exchange.discard, name="discard"),
    path("export/", exchange.export, name="export"),
    path("export/<str:kind>.csv", exchange.export_csv, name="export_csv"),
]
